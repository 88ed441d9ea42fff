/** P13: nothing goes back, and nothing else than a merge of its own goes out, unless a person of `RIG_CTO` says so. */
import { CTO } from "../rig/conductor.ts";
import { at, type Oracle } from "./oracle.ts";

/** What only a request for the way back may set in motion. */
const BACK = "rollback.yml";

export const nothingGoesBack: Oracle = ({ journal, github }) => {
  // An issue that is mended forward is merged more than once.
  const mergesOf = (issue: number) => [...github.pulls.values()].filter((pull) => pull.issue === issue).map(({ mergeSha }) => mergeSha);
  const asked = (toSha: string) => github.comments.some(({ by, body }) => by.login === CTO && body === `/rig rollback ${toSha}`);
  const wanted = new Set<string>();
  return journal.entries.flatMap(({ events, commands, number, stream, at: when }) => {
    const wrong = events.flatMap((event) => {
      if (!event.type.startsWith("ROLL")) return [];
      if (event.type !== "ROLLBACK_REQUESTED") return wanted.has(stream) ? [] : [`${event.type}, and nobody asked for it.`];
      wanted.add(stream);
      const { by, toSha } = event.data;
      const told = by === CTO && event.actor.login === CTO && event.actor.kind === "human" && asked(toSha);
      return told ? [] : [`${by} asks for ${toSha}, and ${CTO} did not.`];
    });
    const requested = new Set(events.flatMap(({ type, data }) => (type === "ROLLBACK_REQUESTED" ? [data.toSha as string] : [])));
    const backwards = commands.flatMap((command) => {
      if (command.kind !== "DEPLOY" && command.kind !== "OPEN_REVERT") return [];
      if (command.kind === "OPEN_REVERT") return requested.has(command.data.toSha) ? [] : ["a revert is opened, and nobody asked for it."];
      const forwards = command.data.workflow !== BACK && mergesOf(number).includes(command.data.sha);
      return forwards || requested.has(command.data.sha) ? [] : ["something else than its merge is deployed."];
    });
    return [...wrong, ...backwards].map((what) => `${at(when)} ${stream}: ${what}`);
  });
};
