import { messageOf } from "../../../agents/runtime/errors.ts";
import type { Config } from "../../config.ts";
import type { MissingPermission, SeenRepository, SettingsFinding } from "../../domain/repository.ts";
import type { Reader } from "../../observe/github.ts";
import { createMemory } from "../../observe/memory.ts";
import { observeDefaultBranch } from "../../observe/observe.ts";
import { observeOwners } from "../../observe/owners.ts";
import { type Apps, listInstallations, observeInstallation, type Permissions } from "../../observe/repository.ts";
import { observeSettings } from "../../observe/settings.ts";
import { readPolicy } from "../../policy/read.ts";
import { unmetDemands, visibilityFinding } from "../../rules/repository/settings.ts";
import { POLICY_PATH } from "../policy-text.ts";
import { plain } from "../text.ts";
import { type Check, finding, fine, note } from "./check.ts";
import { checkMonitoring } from "./monitoring.ts";
import { importWords } from "./ruleset.ts";

type Granted = Extract<SeenRepository, { readonly access: "granted" }>;

export interface RepositoryChecks {
  readonly checks: readonly Check[];
  /** Repositories whose default branch lacks what the ruleset brings. */
  readonly unlocked: readonly string[];
}

/** Every repository the App is installed on, or the one of that name. */
export async function checkRepositories(
  config: Config,
  apps: Apps,
  asked: Permissions,
  only: string | undefined,
): Promise<RepositoryChecks> {
  const installations = await listInstallations(apps);
  const checks: Check[] = installations.filter(({ suspended_at }) => suspended_at).map(suspended);
  const unlocked: string[] = [];
  let seen = 0;
  for (const installation of installations) {
    const { repositories } = await observeInstallation(apps, installation, asked);
    for (const repository of repositories.values()) {
      if (repository.access !== "granted") continue;
      const name = `${repository.owner}/${repository.name}`;
      if (only && name.toLowerCase() !== only.toLowerCase()) continue;
      seen += 1;
      const found = await checkRepository(config, apps, repository);
      checks.push(...found.checks.map((check) => ({ ...check, repository: name })));
      if (found.unlocked) unlocked.push(name);
    }
  }
  if (seen === 0) checks.push(nowhere(only));
  return { checks, unlocked };
}

const suspended = ({ account }: Awaited<ReturnType<typeof listInstallations>>[number]): Check => {
  const login = account && "login" in account ? account.login : "an enterprise";
  return finding("installation", `The App's installation for ${login} is suspended.`, "Unsuspend it in the account's settings.");
};

const nowhere = (only: string | undefined): Check =>
  finding(
    "installation",
    only ? `The App is not installed in ${plain(only)}.` : "The App is installed in no repository.",
    "Install it there: the App's settings → Install App.",
  );

async function checkRepository(config: Config, apps: Apps, repository: Granted): Promise<{ checks: readonly Check[]; unlocked: boolean }> {
  const { owner, name, installationId, archived, missing, defaultBranch } = repository;
  if (archived)
    return {
      checks: [note("archived", "It is archived, and the Rig rests there.", "Unarchive it where work is to go on.")],
      unlocked: false,
    };
  if (missing.length > 0) return { checks: [lackingPermissions(missing)], unlocked: false };
  const reader: Reader = { octokit: await apps.installation(installationId), owner, repo: name, memory: createMemory() };
  try {
    const { sha } = await observeDefaultBranch(reader, defaultBranch);
    const [policy, owners, lacking] = await Promise.all([
      checkPolicy(config, reader, sha),
      checkOwners(reader, sha),
      lackingRules(config, reader, defaultBranch),
    ]);
    const fullName = `${owner}/${name}`;
    const rules =
      lacking.length === 0
        ? [fine("branch rules", `${defaultBranch} is protected as the Rig asks.`)]
        : lacking.map((one) => finding(`branch rules: ${one.name}`, one.detail, wayOutOf(one, fullName)));
    const visibility = visibilityFinding(repository.private).map((one) =>
      finding(one.name, one.detail, "Make it private, or keep its agents on runners that hold nothing else."),
    );
    return { checks: [...policy, ...owners, ...rules, ...visibility], unlocked: lacking.some(({ name: which }) => which !== "bypass") };
  } catch (error) {
    return {
      checks: [finding("reading", `It could not be read (${messageOf(error)}).`, "Ask again; see that the App may read it.")],
      unlocked: false,
    };
  }
}

const lackingPermissions = (missing: readonly MissingPermission[]): Check =>
  finding(
    "permissions",
    `Its installation lacks ${missing.map(({ name, asked, granted }) => `${name}: ${asked} (it has ${granted})`).join(", ")}.`,
    "Accept them in the account's settings, under the App's installation.",
  );

async function checkPolicy(config: Config, reader: Reader, sha: string): Promise<readonly Check[]> {
  const parsed = await readPolicy(reader, sha);
  if ("policy" in parsed)
    return [fine("rig.yml", "It is valid, or there is none and the defaults hold."), ...checkMonitoring(config, parsed.policy)];
  return parsed.errors.map(({ line, column, message }) =>
    finding(
      "rig.yml",
      `${POLICY_PATH}:${line}:${column} ${message}`,
      "Correct it on the default branch: until then the last good file stays in force.",
    ),
  );
}

/** R12c: whether somebody can open a gate at all. */
async function checkOwners(reader: Reader, sha: string): Promise<readonly Check[]> {
  const { path, text, errors, unreadable } = await observeOwners(reader, sha);
  if (unreadable) return [finding("CODEOWNERS", `It does not count: ${unreadable}.`, "Make it a text file below 3 MB.")];
  if (text === undefined)
    return [
      finding(
        "CODEOWNERS",
        "There is none: nobody can open a gate.",
        "Add .github/CODEOWNERS with a line such as `* @owner` on the default branch.",
      ),
    ];
  if (errors.length === 0) return [fine("CODEOWNERS", `${path ?? "It"} is there, and GitHub finds no fault with it.`)];
  return errors.map(({ line, message }) =>
    finding(
      "CODEOWNERS",
      `${path}:${line} ${message}`,
      "Correct the line: GitHub passes it over, and gates over what it is about cannot be opened.",
    ),
  );
}

const lackingRules = async (config: Config, reader: Reader, defaultBranch: string): Promise<readonly SettingsFinding[]> =>
  unmetDemands(await observeSettings(reader, defaultBranch), {
    rigAppId: config.app.id,
    ...(config.reviewApp ? { reviewAppId: config.reviewApp.id } : {}),
  });

const wayOutOf = ({ name }: SettingsFinding, repository: string): string =>
  name === "bypass"
    ? "Take the Rig's Apps off the bypass lists (Settings → Rules → Rulesets)."
    : `To lock the branch, ${importWords(repository)}.`;
