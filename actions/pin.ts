/**
 * The reusable workflows name the Rig's own actions by commit (R23), and that commit has to hold the actions as they are now.
 * `npm run pin` writes the last commit that changed them into the workflows; commit that afterwards.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { x } from "tinyexec";

const root = join(import.meta.dirname, "..");
const workflows = join(root, ".github", "workflows");
const OWN_ACTION = /(uses: engineering-rig\/engineering-rig\/actions\/[\w-]+@)([0-9a-f]{40})/g;

const git = async (...args: string[]): Promise<string> =>
  (await x("git", args, { throwOnError: true, nodeOptions: { cwd: root } })).stdout.trim();

/** The last commit that changed what runners execute. */
export const released = (): Promise<string> => git("log", "-1", "--format=%H", "--", "actions");

/** Every pin of an own action: file and commit. */
export const pins = (): readonly { readonly file: string; readonly commit: string }[] =>
  readdirSync(workflows).flatMap((file) =>
    [...readFileSync(join(workflows, file), "utf8").matchAll(OWN_ACTION)].map(([, , commit]) => ({ file, commit: commit ?? "" })),
  );

/** Whether a commit is in the history and holds the committed actions as they are. */
export async function holdsTheActions(commit: string): Promise<boolean> {
  const { exitCode } = await x("git", ["diff", "--quiet", commit, "HEAD", "--", "actions"], { nodeOptions: { cwd: root } });
  return exitCode === 0;
}

if (import.meta.main) {
  const commit = await released();
  for (const file of readdirSync(workflows)) {
    const path = join(workflows, file);
    const text = readFileSync(path, "utf8");
    const pinned = text.replace(OWN_ACTION, `$1${commit}`);
    if (pinned !== text) writeFileSync(path, pinned);
  }
  process.stdout.write(`The workflows name ${commit}.\n`);
}
