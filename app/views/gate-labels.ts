import type { Rendering } from "../domain/commands.ts";
import type { Picture } from "./picture.ts";

const PREFIX = "gate:";

/** A label for each gate that the present head raises, open or not; nothing where none ever was. */
export function gateLabels({ issue, seen }: Picture): Rendering | undefined {
  const { pullRequest: pr } = seen;
  if (!issue.pullRequest || !pr || pr.state !== "open") return undefined;
  const names = issue.gates.filter(({ headSha }) => headSha === pr.headSha).map(({ name }) => name);
  if (names.length === 0 && Object.keys(issue.voided).length === 0) return undefined;
  return { surface: "gate-labels", number: pr.number, names: names.toSorted(), prefix: PREFIX };
}
