/** P2, R3: who is sent to work was let by a person who may write, on exactly the text that this person saw. */
import type { Deed, Entry, Journal } from "../rig/journal.ts";
import { at, type Oracle } from "./oracle.ts";

const writers: ReadonlySet<string> = new Set(["write", "maintain", "admin"]);

const AUTO_READY = "rig:monitor.autoReady";

type Text = NonNullable<ReturnType<typeof sentText>>;

const handsOver = ({ what }: Deed): boolean => what === "label agent-ready" || what === "start";

export const onlyWhatWasApproved: Oracle = ({ journal }) =>
  journal.entries.flatMap((entry) =>
    entry.commands
      .filter(({ kind }) => kind === "DISPATCH_RUN")
      .flatMap(() => missing(journal, entry).map((what) => `${at(entry.at)} ${entry.stream}: a run is dispatched and ${what}.`)),
  );

/** What an approval of the issue lacks at this moment. */
function missing({ entries, deeds }: Journal, { nth, stream, number, facts }: Entry): readonly string[] {
  const text = sentText(entries, stream, nth);
  if (!text || !facts) return ["nothing was approved"];
  if (facts.gone || !facts.open) return ["the issue is closed or gone"];
  if (text.title !== facts.title || text.body !== facts.body) return ["its text is not the approved one any more"];
  if (text.approvedBy === AUTO_READY) return missingOfFiled(entries, text, { stream, nth, facts });
  const acts = deeds.filter((deed) => deed.nth < nth && deed.issue === number && deed.person && handsOver(deed));
  const lawful = acts.filter(({ by, nth: when }) => rolesFrom(entries, when, nth, by).some((role) => writers.has(role)));
  if (lawful.length === 0) return ["no person with write permission approved it"];
  return lawful.some(({ title, body }) => title === text.title && body === text.body) ? [] : ["nobody approved this text"];
}

/** R1's exception: what the Rig wrote itself for an incident, once. */
function missingOfFiled(entries: readonly Entry[], text: Text, { stream, nth, facts }: Pick<Entry, "stream" | "nth" | "facts">) {
  const { filed } = facts ?? {};
  if (!filed) return ["it is no incident's, and no person approved it"];
  if (filed.title !== text.title || filed.body !== text.body) return ["nobody approved this text, and the Rig did not write it"];
  const own = entries
    .filter((entry) => entry.stream === stream && entry.nth <= nth)
    .flatMap(({ events }) => events)
    .filter((event) => event.type === "ISSUE_APPROVED" && event.data.approvedBy === AUTO_READY);
  return own.length === 1 ? [] : [`the Rig handed it over ${own.length} times`];
}

/** The text that the run is given. */
function sentText(entries: readonly Entry[], stream: string, before: number) {
  const said = entries.filter((entry) => entry.stream === stream && entry.nth <= before).flatMap(({ events }) => events);
  const approval = said.findLast(({ type }) => type === "ISSUE_APPROVED");
  return approval?.type === "ISSUE_APPROVED" ? approval.data : undefined;
}

/** What somebody was allowed whenever the Rig looked between the act and the dispatch. */
const rolesFrom = (entries: readonly Entry[], from: number, to: number, login: string): readonly string[] =>
  entries.filter(({ nth }) => nth > from && nth <= to).map(({ facts }) => facts?.roles.get(login) ?? "none");
