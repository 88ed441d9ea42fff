import { createSign } from "node:crypto";
import { asUser } from "../world/github/as-user.ts";
import { type GitHubOptions, startGitHub } from "../world/github/github.ts";
import type { NewRepository } from "../world/github/repositories/create.ts";
import { startReceiver } from "./receiver.ts";

export const till = { owner: "ann", repo: "till" };

export const allPermissions = {
  actions: "write",
  checks: "write",
  contents: "write",
  deployments: "write",
  issues: "write",
  pull_requests: "write",
  statuses: "write",
} as const;

export const allEvents = [
  "check_run",
  "check_suite",
  "create",
  "delete",
  "deployment",
  "deployment_status",
  "issue_comment",
  "issue_dependencies",
  "issues",
  "milestone",
  "pull_request",
  "pull_request_review",
  "push",
  "repository",
  "status",
  "workflow_job",
  "workflow_run",
] as const;

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A JWT as an App signs it, with claims of one's own for the wrong ones. */
export function appJwt(app: { readonly id: number; readonly privateKey: string }, claims: object = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const text = `${base64({ alg: "RS256", typ: "JWT" })}.${base64({ iat: now - 60, exp: now + 300, iss: String(app.id), ...claims })}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(app.privateKey, "base64url")}`;
}

const workflow = "name: CI\non: [push, workflow_dispatch]\njobs:\n  test:\n    runs-on: self-hosted\n    steps:\n      - run: make\n";

/** Ann's repository `till`, Bob who may write, Tia who may triage, Rob who may read, and the App `rig`, which hears everything. */
export async function smallWorld(options: GitHubOptions = {}, repository: Partial<NewRepository> = {}) {
  const github = await startGitHub(options);
  const receiver = await startReceiver();
  const [ann, bob, tia, rob, eve] = ["ann", "bob", "tia", "rob", "eve"].map((login) => github.createUser(login)) as [
    Person,
    Person,
    Person,
    Person,
    Person,
  ];
  const secret = "a-secret-of-at-least-thirty-two-bytes";
  const app = github.createApp({
    slug: "rig",
    name: "Rig",
    permissions: allPermissions,
    events: allEvents,
    webhookUrl: receiver.url,
    webhookSecret: secret,
  });
  const created = await github.createRepository({
    owner: "ann",
    name: "till",
    files: { "README.md": "# Till\n", "src/sum.ts": "one\ntwo\nthree\n", ".github/workflows/ci.yml": workflow },
    collaborators: { bob: "write", tia: "triage", rob: "read" },
    labels: ["agent-ready", "critical"],
    ...repository,
  });
  const { installationId } = github.install(app.id, "ann", ["till"]);
  const jwt = asUser(github, appJwt(app));
  const mint = async (narrowed: object = {}) =>
    (await jwt.request("POST /app/installations/{installation_id}/access_tokens", { installation_id: installationId, ...narrowed })).data
      .token;
  return {
    github,
    receiver,
    secret,
    app,
    jwt,
    mint,
    created,
    installationId,
    people: { ann, bob, tia, rob, eve },
    ann: asUser(github, ann.token),
    bob: asUser(github, bob.token),
    tia: asUser(github, tia.token),
    rob: asUser(github, rob.token),
    eve: asUser(github, eve.token),
    /** An Octokit of the App's installation. */
    asApp: async (narrowed: object = {}) => asUser(github, await mint(narrowed)),
    /** Bob pushes a branch that changes one file. */
    push: (branch: string, files: Record<string, string | null> = { "src/sum.ts": `one\ntwo\n${branch}\n` }, more: object = {}) =>
      github.pushFiles({ repository: "ann/till", branch, files, message: `Change on ${branch}`, author: "bob", ...more }),
    close: async () => {
      await github.close();
      await receiver.close();
    },
  };
}

export type Person = { readonly login: string; readonly id: number; readonly token: string };
export type SmallWorld = Awaited<ReturnType<typeof smallWorld>>;

/** The status that a call was refused with. */
export async function statusOf(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return 200;
  } catch (error) {
    if (error instanceof Error && "status" in error && typeof error.status === "number") return error.status;
    throw error;
  }
}
