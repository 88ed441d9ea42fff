/** Everything the doctor looks at, from the environment to the last repository. */
import { redactor } from "../../../agents/runtime/redact.ts";
import type { Config } from "../../config.ts";
import { checkApp, checkReviewer, readManifest } from "./apps.ts";
import type { Check } from "./check.ts";
import { clientsOf } from "./clients.ts";
import { checkDiscord } from "./discord.ts";
import { checkDatabase, checkEnvironment } from "./environment.ts";
import { checkPeople } from "./people.ts";
import { checkRepositories, type RepositoryChecks } from "./repositories.ts";
import { type Ruleset, rulesetFor } from "./ruleset.ts";

export interface Looked extends RepositoryChecks {
  /** What locks the branches that are not; absent where there are none. */
  readonly ruleset?: Ruleset;
}

/** `only`: one repository, as `owner/name`. What GitHub and Discord answer is told without a secret in it (R20). */
export async function look(only: string | undefined): Promise<Looked> {
  const { config, checks: environment } = checkEnvironment();
  const database = await checkDatabase();
  if (!config) return { checks: [...environment, database], unlocked: [] };
  const discord = await checkDiscord(config);
  const { checks: seen, unlocked } = await checkGitHub(config, only);
  const redact = redactor(config.secrets);
  const checks: readonly Check[] = [...environment, database, ...discord, ...seen].map((check) => ({ ...check, says: redact(check.says) }));
  return { checks, unlocked, ...(unlocked.length > 0 ? { ruleset: rulesetFor(config.app.id) } : {}) };
}

/** What can be asked of GitHub only as the App. Where the App may not speak, the rest is not looked at. */
async function checkGitHub(config: Config, only: string | undefined): Promise<RepositoryChecks> {
  const manifest = await readManifest();
  const apps = clientsOf(config, config.app);
  const reviewer = await checkReviewer(config, config.reviewApp && clientsOf(config, config.reviewApp));
  const own = await checkApp(config, apps, manifest);
  if (own.length === 1) return { checks: [...own, ...reviewer], unlocked: [] };
  const people = await checkPeople(config, apps);
  const { checks, unlocked } = await checkRepositories(config, apps, manifest.default_permissions, only);
  return { checks: [...own, ...reviewer, ...people, ...checks], unlocked };
}
