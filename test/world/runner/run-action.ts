import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve as absolute, join } from "node:path";
import { type ActionFile, type JavaScriptAction, readAction } from "./action-file.ts";
import { text } from "./expressions.ts";
import type { Services } from "./run.ts";
import { runScript, runWithFiles } from "./run-script.ts";
import { standIns } from "./stand-ins.ts";
import { type Call, type Frame, type Perform, runSteps, StepFailed, scopeOf, textsOf } from "./step.ts";
import { resolve } from "./template.ts";

/** Performs any step. */
export const perform: Perform = async (call) => (call.step.uses === undefined ? runScript(call) : runAction(call, call.step.uses));

/** Why a step's `uses:` cannot be had here; nothing where it can. */
export function unavailable(uses: string, { rigRepository }: Pick<Services, "rigRepository">): string | undefined {
  const [name = "", ref] = uses.split("@");
  if (uses.startsWith("./")) return undefined;
  if (uses.startsWith("docker://")) return `${uses} is a container; this runner has none.`;
  if (!ref) return `Unable to resolve action ${uses}: it names no version.`;
  if (name in standIns || name.startsWith(`${rigRepository}/`)) return undefined;
  return `Unable to resolve action ${uses}: this runner has ${Object.keys(standIns).join(", ")} and ${rigRepository}'s own actions.`;
}

async function runAction(call: Call, uses: string): Promise<Readonly<Record<string, string>>> {
  const { machine } = call.frame;
  const inputs = textsOf(call.step.with, call.scope);
  const [name = "", ref = ""] = uses.split("@");
  const standIn = standIns[name];
  if (standIn) return standIn({ machine, inputs, cancelled: call.cancelled });
  const { rigRepository } = machine.services;
  const folder = uses.startsWith("./")
    ? absolute(machine.workspace, uses)
    : join(await machine.services.rigCopy(), name.slice(rigRepository.length + 1));
  const file = ["action.yml", "action.yaml"].map((file) => join(folder, file)).find((path) => existsSync(path));
  if (!file) throw new StepFailed(`Can't find 'action.yml' under '${folder}'.`);
  const action = readAction(file, await readFile(file, "utf8"));
  const given = withDefaults(action, inputs, call);
  const github = uses.startsWith("./")
    ? { action_path: folder }
    : { action_path: folder, action_repository: rigRepository, action_ref: ref };
  if (action.runs.using === "node24") return runJavaScript(call, action.runs, folder, given, github);
  const inner: Frame = { machine, inputs: given, env: call.env, runDefaults: {}, github, results: {} };
  await runComposite(inner, action.runs.steps);
  const scope = scopeOf(inner, call.env);
  return Object.fromEntries(Object.entries(action.outputs).map(([output, value]) => [output, text(resolve(value, scope))]));
}

function withDefaults(
  action: ActionFile,
  inputs: Readonly<Record<string, string>>,
  { frame, scope }: Call,
): Readonly<Record<string, string>> {
  const unexpected = Object.keys(inputs).filter((name) => !(name in action.inputs));
  if (unexpected.length > 0) frame.machine.job.log.note(`##[warning]Unexpected input(s) '${unexpected.join("', '")}'`);
  const defaults = Object.entries(action.inputs).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, text(resolve(value, scope))]],
  );
  return { ...Object.fromEntries(defaults), ...inputs };
}

async function runJavaScript(
  { frame: { machine }, step, env, cancelled }: Call,
  runs: JavaScriptAction,
  folder: string,
  inputs: Readonly<Record<string, string>>,
  github: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const own = {
    GITHUB_ACTION: step.id,
    ...Object.fromEntries(Object.entries(github).map(([key, value]) => [`GITHUB_${key.toUpperCase()}`, value])),
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value])),
  };
  let state: Readonly<Record<string, string>> = {};
  const keepState = (written: Readonly<Record<string, string>>) => {
    state = Object.fromEntries(Object.entries(written).map(([name, value]) => [`STATE_${name}`, value]));
  };
  const { post } = runs;
  if (post !== undefined) {
    machine.posts.push({
      name: `Post ${text(step.name ?? step.uses)}`,
      condition: runs.postCondition,
      perform: (stop) =>
        runWithFiles(machine, process.execPath, [join(folder, post)], {
          cwd: machine.workspace,
          env,
          own: { ...own, ...state },
          cancelled: stop,
        }),
    });
  }
  return runWithFiles(machine, process.execPath, [join(folder, runs.main)], { cwd: machine.workspace, env, own, cancelled, keepState });
}

async function runComposite(frame: Frame, steps: Parameters<typeof runSteps>[1]): Promise<void> {
  await runSteps(frame, steps, perform, () => undefined);
  const failed = Object.values(frame.results).some(({ conclusion }) => conclusion === "failure" || conclusion === "cancelled");
  if (failed) throw new StepFailed("A step of the action failed.");
}
