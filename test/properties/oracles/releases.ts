/** P13: nothing goes back, and nothing else than the merge goes out, unless a person says so. */
import { at, type Oracle } from "./oracle.ts";

export const nothingGoesBack: Oracle = ({ journal, github }) => {
  const merges = new Map([...github.pulls.values()].map(({ issue, mergeSha }) => [issue, mergeSha]));
  return journal.entries.flatMap(({ events, commands, number, stream, at: when }) => [
    ...events.filter(({ type }) => type.startsWith("ROLL")).map(({ type }) => `${at(when)} ${stream}: ${type}, and nobody asked for it.`),
    ...commands
      .filter((command) => command.kind === "DEPLOY" && command.data.sha !== merges.get(number))
      .map(() => `${at(when)} ${stream}: something else than its merge is deployed.`),
  ]);
};
