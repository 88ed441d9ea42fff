import type { Escalation } from "./issue-parts.ts";

const ways: Readonly<Record<string, string>> = {
  retry: "`/rig resolve retry` tries again with all counters at zero",
  reassign: "`/rig resolve reassign` starts afresh with another instance",
  override: "`/rig resolve override` goes on from where it stands",
  close: "`/rig resolve close` closes the issue",
  overrule: "`/rig resolve overrule` takes the review of this head as passed",
  uphold: "`/rig resolve uphold` has the finding answered with a change",
  rollback: "`/rig rollback <sha>` takes production back",
  approve: "an approving review of the head, or `/rig approve <sha>`, opens the gate",
  reject: "`/rig reject <reason>` sends it back",
};

/** The one text of an escalation: the issue, the check and Discord say the same. */
export const escalationText = ({ reason, acknowledgedBy }: Pick<Escalation, "reason" | "acknowledgedBy">): string =>
  `A person has to decide. ${reason.replace(/[.\s]*$/, ".")}${acknowledgedBy ? ` ${acknowledgedBy} has seen it.` : " Nobody has acknowledged it yet."}`;

/** What may be decided, and how it is said. */
export const choices = (options: readonly string[]): readonly string[] => options.map((option) => ways[option] ?? option);
