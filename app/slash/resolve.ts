import { disputedIn } from "../domain/disputes.ts";
import type { Said } from "../domain/envelope.ts";
import { choices } from "../domain/escalation-text.ts";
import { Decision } from "../domain/events/words.ts";
import { byPerson, type Hearing, type Verb } from "./verb.ts";

type Decided = (typeof Decision.options)[number];

export const resolve: Verb = {
  name: "resolve",
  usage: Decision.options.join("|"),
  description:
    "Decides an escalation, by what it offers: try again, give it to another instance, close the issue, go on although a bound is reached; of a dispute, overrule the reviewer or uphold its finding.",
  where: "both",
  who: "maintain",
  takes: new RegExp(`^(${Decision.options.join("|")})$`),
  speak: (args, hearing) => {
    const { issue, by } = hearing;
    const decision = Decision.parse(args);
    // R12: nobody resolves a gate away.
    if (issue.escalation?.about === "gate" && decision !== "close")
      return { unable: "A gate waits for its owners: `/rig approve <sha>` or `/rig reject <reason>` decides it." };
    const offered = issue.escalation ? offeredBy(issue.escalation) : Decision.options;
    if (!offered.includes(decision)) return { unable: `This escalation offers: ${choices(offered).join("; ")}.` };
    const resolved = byPerson(hearing, { type: "ESCALATION_RESOLVED", data: { by, decision } });
    return { events: [resolved, ...consequences(decision, hearing)] };
  },
};

/** A dispute is decided by what it offers; of all else the general ways are open, and those of a dispute are not. */
function offeredBy({ about, options }: NonNullable<Hearing["issue"]["escalation"]>): readonly Decided[] {
  if (about === "review") return options.flatMap((option) => Decision.options.filter((one) => one === option));
  return Decision.options.filter((one) => one !== "overrule" && one !== "uphold");
}

function consequences(decision: Decided, hearing: Hearing): readonly Said[] {
  const { issue, by } = hearing;
  const { review, pullRequest } = issue;
  if (decision === "close") return [byPerson(hearing, { type: "ISSUE_WITHDRAWN", data: { by, reason: `${by} decided to close it.` } })];
  if (!review || !pullRequest) return [];
  const onHead = { prNumber: pullRequest.number, headSha: review.headSha };
  if (decision === "overrule")
    return [byPerson(hearing, { type: "REVIEW_OVERRULED", data: { ...onHead, by, why: issue.escalation?.reason ?? "" } })];
  if (decision !== "uphold") return [];
  const findings = disputedIn(issue).flatMap(({ id }) => (id === undefined ? [] : [id]));
  return [byPerson(hearing, { type: "REVIEW_UPHELD", data: { ...onHead, by, findings } })];
}
