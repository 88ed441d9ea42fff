/** The page about the agents, with every field of a character and of what a repository may say of one. */
import { characterSchema, taskKinds } from "../agents/runtime/character.ts";
import { roundKinds } from "../agents/runtime/kinds.ts";
import { overrideSchema } from "../agents/runtime/override.ts";
import { toolNames } from "../agents/runtime/tools/index.ts";
import { keysOf } from "../app/cli/config-keys.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const table = (schema: Parameters<typeof keysOf>[0]): readonly string[] => [
  "| Field | Value | Default | Means |",
  "| --- | --- | --- | --- |",
  ...keysOf(schema)
    .filter(({ key }) => key !== "$schema")
    .map(({ key, type, fallback, says }) => {
      const shown = fallback === undefined ? "—" : `\`${JSON.stringify(fallback)}\``;
      return `| \`${key}\` | ${cell(type)} | ${shown} | ${cell(says)} |`;
    }),
];

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

export const agentsPage = (): string =>
  [
    "# Agents",
    "",
    "An agent is a folder: `character.json`, and the prompts that it names. There is no code of its own; all run on the same runtime. What an agent may do is the list of its tools and the capability that its run was given. This page is made from `agents/runtime/character.ts` and `agents/runtime/override.ts` by `npm run docs`.",
    "",
    "## character.json",
    "",
    'Begin it with `"$schema": "../character.schema.json"`, and an editor knows the fields. A mistake is told with the file, the place in it, what is allowed and what was probably meant, and the app does not start with one.',
    "",
    ...table(characterSchema()),
    "",
    `The kinds of work are ${code(taskKinds)}. An agent does the kinds that it has a prompt for; a run of \`review\` ends with the tool \`verdict\`, one of ${code(roundKinds)} with the tool of that name, every other with \`finish\`, so the character needs it. The tools are ${code(toolNames)}.`,
    "",
    "## Rounds",
    "",
    "Monitor-E looks for the cause of an incident, Architect-E proposes work. What they do is a round: a run without an issue, in a stream of its own (`agent/<agent>/<repository>/<key>`), on the head of the default branch. The Conductor writes its brief; what alerts, commits and people say stands there in blocks, as data. A round ends with words: nothing that it does in its workspace is bundled, kept or published, its workflow has no publish job, and no token that writes is ever given for it. Its budget, time-outs, transcript and audit are those of every run; its dollars count for the repository's day. A run that was lost is tried twice more; whatever else goes wrong ends the round, with the reason in the log and in `rig events <stream>`. It is never a strike, and nobody is escalated to.",
    "",
    "A round is asked for by the Conductor (an incident that got its issue, Architect-E's `schedule` in `rig.yml`), by a person who starts the agent's workflow (Monitor-E with the number of the incident's issue, Architect-E with nothing) and has the permission that `trigger.minPermission` names, or by that workflow's own `schedule` on the default branch. It is not asked for where the repository rests, its `mode` is not `active`, its dollars of the day are spent, or it has no workflow of the agent.",
    "",
    "## Tool servers",
    "",
    "`mcpServers` names programs that speak the Model Context Protocol over standard input and output. Each is started for the run in the same sandbox as the agent's commands: it sees the workspace and the system's programs, and no credential. Its tools are called `<server>__<tool>`; with `tools` only the named ones are offered. Only text comes back to the model, 64 KiB of it at most. A server that does not start, dies or does not answer ends no run: what is missing stands in the job's log, in the transcript and in the agent's first message, and a call that fails tells the agent why.",
    "",
    "## In one repository",
    "",
    "`.github/rig/<agent>.json`, or the file that `agents.<name>.character` of `rig.yml` names, fits an agent to the repository. It is read when a run claims its task, from the default branch and from nowhere else; `WORK_STARTED` names the file and the commit. It adds words and makes everything else less: the name, the role and the prompts are the server's. The tools that end a run stay, whatever the list says.",
    "",
    ...table(overrideSchema()),
    "",
    "A file that is not valid, or larger than 64 KiB, changes nothing: the agent works as the server has it, and `CONFIG_INVALID` tells the path and the line. The check `rig/config` tells it on the pull request, and `npx rig config validate` before that.",
    "",
    "## Another agent",
    "",
    "1. Put its folder, such as `ops-e/`, into a folder of your own, and set `RIG_AGENTS` to that folder. A folder with the name of a built-in agent is refused.",
    "2. Give the repository a workflow `ops-e.yml` on the default branch: a copy of the Rig's `.github/workflows/dev-e.yml` with `agent: ops-e`.",
    "3. Name it in `.github/rig.yml`: `agents: { ops-e: { maxConcurrent: 1 } }`. The workflow is `<name>.yml` unless told; the instances are `ops-e-1` and so on, and `queue.maxConcurrent` bounds those of all agents together.",
    "4. Put the label `agent:ops-e` on an issue before it is handed over, or start the agent's workflow with the issue's number. Whom the label asked for is frozen with the approval. An issue without such a label is the first agent's.",
    "",
    "An issue for an agent that the policy does not have waits and says so; it is never given to another. Reviews are `review-e`'s, whoever did the work.",
    "",
  ].join("\n");
