import { messageOf } from "../../../agents/runtime/errors.ts";
import { type CliConfig, type Config, ConfigError, readCliConfig, readConfig } from "../../config.ts";
import { missingMigrations } from "../../store/migrated.ts";
import { withDatabase } from "../place.ts";
import { count } from "../text.ts";
import { Unreachable } from "../verb.ts";
import { type Check, finding, fine } from "./check.ts";

/** What a reader of the environment answers, or its own sentence about what is wrong. */
function asked<T>(read: () => T): { readonly value?: T; readonly wrong?: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { wrong: error.message };
  }
}

/** The environment as the app would read it here. Without it nothing can be asked of GitHub. */
export function checkEnvironment(): { readonly config?: Config; readonly checks: readonly Check[] } {
  const { value: config, wrong } = asked(() => readConfig());
  if (!config) return { checks: [finding("environment", wrong ?? "", "Set the environment here as the app has it, and ask again.")] };
  return { config, checks: [fine("environment", "Every variable reads as it has to."), ...lacking(config)] };
}

/** What the app starts without, and agents or people then miss. */
const lacking = ({ anthropic, publicUrl, cto }: Config): readonly Check[] => [
  ...(anthropic.apiKey || anthropic.authToken
    ? []
    : [
        finding(
          "model",
          "Neither ANTHROPIC_API_KEY nor ANTHROPIC_AUTH_TOKEN is set: no agent can call its model.",
          "Set one of them for the app.",
        ),
      ]),
  ...(publicUrl
    ? []
    : [
        finding(
          "public address",
          "RIG_PUBLIC_URL is not set: runners and people elsewhere get an address that only this machine reaches.",
          "Set it to where runners reach the app, such as https://rig.example.com.",
        ),
      ]),
  ...(cto.length > 0
    ? []
    : [
        finding(
          "RIG_CTO",
          "It names nobody: escalations address nobody, and nobody may roll back.",
          "Set RIG_CTO to GitHub logins, with commas between.",
        ),
      ]),
];

/** Whether the database answers and has this version's schema. It is read only. */
export async function checkDatabase(): Promise<Check> {
  const { value: config, wrong } = asked(() => readCliConfig());
  return config ? looked(config) : finding("database", wrong ?? "", "Correct DATABASE_URL, or leave it out for the embedded Postgres.");
}

async function looked(config: CliConfig): Promise<Check> {
  try {
    const missing = await withDatabase(config, ({ url }) => missingMigrations(url));
    if (missing.length === 0) return fine("database", "It answers, and every migration is in it.");
    return finding(
      "database",
      `It lacks ${count(missing.length, "migration")}, the first of them ${missing[0]}.`,
      "Start the app of this version once: it brings the schema up to date.",
    );
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return finding("database", messageOf(error), "Start the database, or correct DATABASE_URL.");
  }
}
