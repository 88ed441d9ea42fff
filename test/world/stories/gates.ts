/** Gates as stories see them: at GitHub, in Discord, and in what was written down. */
import type { Recorded } from "../../../app/domain/envelope.ts";
import type { Sha, StreamId } from "../../../app/domain/ids.ts";
import { type Head, personIn } from "./person.ts";
import { type Stage, sees, until } from "./story.ts";

/** Waits until a gate is raised for the how-manieth time and asks at GitHub; answers the head that raised it. */
export async function raised(stage: Stage, stream: StreamId, nth = 1): Promise<Head> {
  const { data } = await until(stage, stream, "HUMAN_GATE_TRIGGERED", { nth });
  const head = { number: data.prNumber, headSha: data.headSha };
  const shut = async () => (await personIn(stage, "maria").check(head, "rig/gates"))?.conclusion === "action_required";
  await sees("rig/gates to ask for an action", shut);
  return head;
}

/** What became of the gates, in sentences that number the heads from 1. Reminders come as often as it takes. */
export function gatesIn(events: readonly Recorded[]): string {
  const heads = events.flatMap((event) => (event.type === "PR_CREATED" || event.type === "PR_UPDATED" ? [event.data.headSha] : []));
  const at = (sha: Sha) => `head ${heads.indexOf(sha) + 1}`;
  const sentences = events.flatMap((event) => {
    switch (event.type) {
      case "HUMAN_GATE_TRIGGERED":
        return [`${event.data.gate} asks ${event.data.approvers.join(" ")} about ${at(event.data.headSha)}`];
      case "HUMAN_GATE_APPROVED":
        return [`${event.data.by} opens ${event.data.gate} for ${at(event.data.headSha)} by ${event.data.via}`];
      case "HUMAN_GATE_REJECTED":
        return [`${event.data.by} refuses ${at(event.data.headSha)}`];
      case "HUMAN_GATE_VOIDED":
        return [`${event.data.gate} is over for ${at(event.data.headSha)}`];
      case "MERGED":
        return [`${at(event.data.headSha)} is merged`];
      default:
        return [];
    }
  });
  return sentences.join(", ");
}
