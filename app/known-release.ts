import type { EffectOutcome } from "./domain/commands.ts";
import type { Environment } from "./domain/events.ts";
import type { Issue } from "./domain/issue.ts";
import type { Policy } from "./domain/policy.ts";
import { nextEnvironment } from "./domain/release-checks.ts";
import { heardWith } from "./monitor/heard-text.ts";
import type { KnownRelease } from "./observe/release.ts";
import type { Store } from "./store/store.ts";

/** What is known of a merge's way through the environment that is next, without asking GitHub. */
export async function knownRelease(
  { store, redact }: { readonly store: Pick<Store, "fluxReport">; readonly redact: (text: string) => string },
  issue: Issue,
  policy: Policy,
  effects: readonly EffectOutcome[],
): Promise<KnownRelease | undefined> {
  const { merged } = issue;
  const environment = nextEnvironment(issue, policy);
  if (!merged || !environment) return undefined;
  const object = policy.deploy[environment]?.flux;
  const runOf = (kind: "DEPLOY" | "SMOKE"): number | undefined => {
    const started = effects.findLast((effect) => effect.kind === kind && isFor(effect.data, environment, merged.mergeSha));
    const { workflowRunId } = (started?.response ?? {}) as { readonly workflowRunId?: unknown };
    return typeof workflowRunId === "number" ? workflowRunId : undefined;
  };
  const [flux, deployRun, checkRun] = [object && (await store.fluxReport(object)), runOf("DEPLOY"), runOf("SMOKE")];
  return { heard: heardWith(redact), ...(flux ? { flux } : {}), ...(deployRun ? { deployRun } : {}), ...(checkRun ? { checkRun } : {}) };
}

function isFor(data: unknown, environment: Environment, sha: string): boolean {
  const asked = data as { readonly environment?: string; readonly sha?: string };
  return asked.environment === environment && asked.sha === sha;
}
