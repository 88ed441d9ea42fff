import { randomUUID } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { resolve as absolute, dirname, isAbsolute, join, relative } from "node:path";
import { x } from "tinyexec";
import type { StandIn } from "./stand-ins.ts";
import { StepFailed } from "./step.ts";

/** `actions/upload-artifact`: a gzipped tar of the files; like the real one it leaves out hidden files and forgets modes. */
export const uploadArtifact: StandIn = async ({ machine, inputs }) => {
  const { store } = machine.services;
  const name = inputs.name ?? "artifact";
  const paths = (inputs.path ?? "").split("\n").flatMap((line) => (line.trim() === "" ? [] : [absolute(machine.workspace, line.trim())]));
  if (paths.length === 0 || paths.some((path) => /[*?[!]/.test(path)))
    throw new StepFailed("The stand-in of actions/upload-artifact takes paths without patterns.");
  const files = (await Promise.all(paths.map((path) => filesUnder(path, inputs["include-hidden-files"] === "true")))).flat();
  if (files.length === 0) {
    const message = `No files were found with the provided path: ${inputs.path}. No artifacts will be uploaded.`;
    if (inputs["if-no-files-found"] === "error") throw new StepFailed(message);
    machine.job.log.note(`##[warning]${message}`);
    return {};
  }
  if (store.artifact(machine.run.record.id, name) && inputs.overwrite !== "true")
    throw new StepFailed(`Failed to CreateArtifact: (409) Conflict: an artifact with this name already exists on the workflow run`);
  const root = await commonRoot(paths);
  const stage = await mkdtemp(join(machine.temp, "artifact-"));
  for (const file of files) {
    const copy = join(stage, relative(root, file));
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(file, copy);
    await chmod(copy, 0o644);
  }
  const archive = `${stage}.tgz`;
  await tar("-czf", archive, "-C", stage, ".");
  store.saveArtifact(machine.run.record.id, name, await readFile(archive));
  return {};
};

/** `actions/download-artifact` of one artifact of this run, by name. */
export const downloadArtifact: StandIn = async ({ machine, inputs }) => {
  const { name } = inputs;
  if (!name) throw new StepFailed("The stand-in of actions/download-artifact wants a name.");
  const content = machine.services.store.artifact(machine.run.record.id, name);
  if (!content) throw new StepFailed(`Unable to download artifact(s): Artifact not found for name: ${name}`);
  const folder = absolute(machine.workspace, inputs.path ?? ".");
  const archive = join(machine.temp, `${randomUUID()}.tgz`);
  await mkdir(folder, { recursive: true });
  await writeFile(archive, content);
  await tar("-xzf", archive, "-C", folder, "--no-same-owner");
  return { "download-path": folder };
};

async function filesUnder(path: string, hidden: boolean): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return [];
  if (found.isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const seen = entries.filter((entry) => hidden || !entry.name.startsWith("."));
  return (await Promise.all(seen.map((entry) => filesUnder(join(path, entry.name), hidden)))).flat();
}

/** Names in the artifact begin below this folder. */
async function commonRoot(paths: readonly string[]): Promise<string> {
  const folders = await Promise.all(
    paths.map(async (path) => ((await stat(path).catch(() => undefined))?.isDirectory() ? path : dirname(path))),
  );
  const above = (a: string, b: string): string => {
    const way = relative(a, b);
    return way.startsWith("..") || isAbsolute(way) ? above(dirname(a), b) : a;
  };
  return folders.reduce(above);
}

async function tar(...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await x("tar", [...args]);
  if (exitCode !== 0) throw new StepFailed(`tar failed: ${stderr}`);
}
