import { mkdir } from "node:fs/promises";
import { resolve as absolute } from "node:path";
import { type Machine, processEnvironment } from "./machine.ts";
import { runProcess } from "./processes.ts";
import type { StandIn, StandInCall } from "./stand-ins.ts";
import { StepFailed } from "./step.ts";

const HONOURED = ["repository", "ref", "token", "path", "fetch-depth", "persist-credentials", "clean", "fetch-tags"];

/** `actions/checkout`: real git over smart HTTP with the job's token. */
export const checkout: StandIn = async (call) => {
  const { machine, inputs } = call;
  const unknown = Object.keys(inputs).filter((name) => !HONOURED.includes(name));
  if (unknown.length > 0) throw new StepFailed(`The stand-in of actions/checkout knows ${HONOURED.join(", ")}, not ${unknown.join(", ")}.`);
  const repository = inputs.repository ?? String(machine.github.repository);
  const folder = absolute(machine.workspace, inputs.path ?? ".");
  if (folder !== machine.workspace && !folder.startsWith(`${machine.workspace}/`))
    throw new StepFailed(`Repository path '${folder}' is not under '${machine.workspace}'`);
  const wanted = refsOf(machine, repository === machine.github.repository ? (inputs.ref ?? "") : (inputs.ref ?? "HEAD"));
  const depth = Number(inputs["fetch-depth"] ?? "1");
  const server = machine.services.store.serverUrl;
  const header = `http.${server}/.extraheader`;
  const credentials = Buffer.from(`x-access-token:${inputs.token ?? machine.token}`).toString("base64");
  machine.job.log.mask(credentials);
  const everything = depth === 0 ? ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"] : [];
  const shallow = depth > 0 ? ["--no-tags", `--depth=${depth}`] : ["--prune"];
  const forget = ["git", "config", "--local", "--unset-all", header];
  const keeps = inputs["persist-credentials"] !== "false";

  await mkdir(folder, { recursive: true });
  await runAll(call, folder, [
    ["git", "init", "--quiet", "--initial-branch=main"],
    ["git", "remote", "add", "origin", `${server}/${repository}`],
    ["git", "config", "--local", header, `AUTHORIZATION: basic ${credentials}`],
    // Of one fetch no two parts may move the same ref, so what is wanted lands apart.
    ["git", "fetch", "--quiet", ...shallow, "origin", ...everything, `+${wanted.fetch}:refs/fetched`],
    ["git", "update-ref", wanted.local, "refs/fetched"],
    ["git", "update-ref", "-d", "refs/fetched"],
    ["git", "checkout", "--quiet", "--force", ...(wanted.branch ? ["-B", wanted.branch] : ["--detach"]), wanted.local],
    ...(keeps ? [] : [forget]),
  ]);
  if (keeps)
    machine.posts.push({ name: "Post Run actions/checkout", condition: "always()", perform: () => runAll(call, folder, [forget]) });
  return { ref: inputs.ref ?? String(machine.github.ref) };
};

/** What to fetch, where it lands, and the branch to stand on, if it is one. */
function refsOf({ github }: Machine, ref: string): { readonly fetch: string; readonly local: string; readonly branch?: string } {
  const sha = String(github.sha);
  const full = ref === "" ? String(github.ref) : ref;
  const fetch = (name: string) => (ref === "" ? sha : name);
  if (/^[0-9a-f]{40}$/.test(full)) return { fetch: full, local: "refs/remotes/origin/checked-out" };
  if (full === "HEAD") return { fetch: full, local: "refs/remotes/origin/HEAD-of-remote" };
  if (full.startsWith("refs/pull/")) return { fetch: fetch(full), local: full.replace("refs/", "refs/remotes/") };
  if (full.startsWith("refs/tags/")) return { fetch: fetch(full), local: full };
  const branch = full.replace("refs/heads/", "");
  return { fetch: fetch(`refs/heads/${branch}`), local: `refs/remotes/origin/${branch}`, branch };
}

/** Commands one after the other until one fails. From one small shell: a process as large as ours takes 20 ms to start another. */
async function runAll({ machine, cancelled }: StandInCall, cwd: string, commands: readonly (readonly string[])[]): Promise<void> {
  const env = { ...processEnvironment(machine, {}, {}), GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1" };
  const script = commands.map((words) => words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ")).join(" && ");
  const code = await runProcess("bash", ["-c", script], {
    cwd,
    env,
    printed: machine.job.log.note,
    cancelled,
    dead: machine.run.dead.signal,
  });
  if (code !== 0) throw new StepFailed(`The process git failed with exit code ${code}`);
}
