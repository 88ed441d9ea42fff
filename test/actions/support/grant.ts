import type { PublishGrant } from "../../../agents/runtime/task.ts";
import { CAPABILITY } from "../../agents/support/task.ts";
import { TOKEN } from "./github.ts";

/** What a publish job of the usual small run is granted. */
export const grantOf = (more: Partial<PublishGrant> & Pick<PublishGrant, "baseSha">): PublishGrant => ({
  token: TOKEN,
  expiresAt: "2026-11-22T12:00:00Z",
  permissions: { contents: "write", pull_requests: "write", checks: "write" },
  capability: CAPABILITY,
  outcome: "patch",
  identity: { appId: 7, userId: 900 },
  repository: { owner: "acme", name: "shop", defaultBranch: "main" },
  issue: { number: 7, title: "Greet the world" },
  branch: "rig/7-greet-1",
  limits: { changedFiles: 5, changedLines: 100 },
  ...more,
});
