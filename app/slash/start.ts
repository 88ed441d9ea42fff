import { dependenciesIn } from "../domain/dependencies.ts";
import { inMarkdown } from "../domain/escape.ts";
import type { Issue } from "../domain/issue.ts";
import { agentIn } from "../domain/producers.ts";
import { isAskedBack } from "../domain/state.ts";
import { obstacle } from "./obstacles.ts";
import { byPerson, nothing, type Verb } from "./verb.ts";

/** What an approval gives back: an issue in people's hands. A gate that waits is no reason to begin anew. */
const isStopped = ({ held, escalation }: Issue): boolean => held !== undefined || (escalation !== undefined && escalation.about !== "gate");

export const start: Verb = {
  name: "start",
  description: "Hands the issue over as it stands, as the label does.",
  where: "issue",
  who: "write",
  takes: nothing,
  speak: (_, hearing) => {
    const { subject, issue, seen, by, commentId, at, labelled, why } = hearing;
    const { title, body, bodyHash, labels, milestone, edited } = seen.issue;
    const against = obstacle(hearing);
    if (against) return { unable: against };
    const stopped = isStopped(issue);
    if (issue.merged && !stopped) return { unable: `It is merged already. ${inMarkdown(why)}` };
    if (issue.approval && !issue.approval.stale && !stopped && !isAskedBack(issue))
      return { unable: `It was handed over already. ${inMarkdown(why)}` };
    // R3: GitHub's times have whole seconds, so a change in the same second may be one that the person did not see.
    if (edited && edited.at >= at)
      return { unable: `${inMarkdown(edited.by)} changed the text after you said this: read it, and say it again.` };
    const approval = {
      ...{ title, body, bodyHash, approvedBy: by, actId: `comment:${commentId}` },
      priority: issue.approval ? issue.priority : labelled,
      dependsOn: [...dependenciesIn(body, subject)],
      ...(milestone ? { milestone } : {}),
      ...agentIn(labels),
    };
    return {
      events: [
        ...(stopped ? [byPerson(hearing, { type: "ISSUE_RELEASED", data: { by, reason: `${by} approved it again.` } })] : []),
        byPerson(hearing, { type: "ISSUE_APPROVED", data: approval }),
      ],
    };
  },
};
