import { readFileSync } from "node:fs";

/** The environment is not as it has to be. The message is one sentence for the person who sets it. */
export class ConfigError extends Error {}

/** Variables that hold a secret; each may be given as a file instead: `NAME_FILE`. */
const secretNames = [
  "DATABASE_URL",
  "PRIVATE_KEY",
  "WEBHOOK_SECRET",
  "WEBHOOK_SECRET_PREVIOUS",
  "REVIEW_PRIVATE_KEY",
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "DISCORD_BOT_TOKEN",
  "DISCORD_WEBHOOK_URL",
  "PROMETHEUS_TOKEN",
  "FLUX_HOOK_SECRET",
  "RIG_API_TOKENS",
] as const;

/** An empty variable is an unset one, and `NAME_FILE` stands for `NAME`. */
export function withFiles(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[] = secretNames,
): Record<string, string> {
  const given = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
  for (const name of names) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) throw new ConfigError(`${name} and ${name}_FILE are both set: keep the one you mean.`);
    try {
      given[name] = readFileSync(file, "utf8").trimEnd();
    } catch (error) {
      throw new ConfigError(
        `${name}_FILE names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code}): name a file that this user can read.`,
      );
    }
    if (given[name] === "") throw new ConfigError(`${name}_FILE names ${file}, which is empty: put the value of ${name} into it.`);
  }
  return given;
}
