import { refused } from "./domain/accepts.ts";
import type { CommandKind, PlannedCommand } from "./domain/commands.ts";
import type { Said } from "./domain/envelope.ts";
import { evolve } from "./domain/evolve.ts";
import { eventId } from "./domain/ids.ts";
import type { Issue } from "./domain/issue.ts";
import type { Policy } from "./domain/policy.ts";
import { react, whileObserving } from "./reactions/index.ts";
import { evaluationOf } from "./rules/evaluation.ts";
import { settle } from "./rules/index.ts";
import type { Scene } from "./rules/rule.ts";
import { why } from "./rules/why.ts";
import { differences } from "./views/index.ts";

/** What one look at a subject comes to. */
export interface Decision {
  readonly events: readonly Said[];
  readonly commands: readonly PlannedCommand[];
  readonly issue: Issue;
  readonly why: string;
  readonly wakeAt?: Date;
}

/** An event from outside that the issue may not be told now. */
export interface Refusal {
  readonly refused: string;
}

/** History × what is seen × policy × time → events, commands and when to look again. Pure. */
export function decide(scene: Scene, said: readonly Said[], publicUrl: string): Decision | Refusal {
  let before = scene;
  for (const event of said) {
    const reason = refused(before.issue, event);
    if (reason) return { refused: reason };
    before = { ...before, issue: evolve(before.issue, event, event.at ?? before.now), version: before.version + 1 };
  }
  const settled = settle(before);
  const events = [...said, ...settled.events];
  const sentence = why(settled.scene);
  const pr = scene.seen.pullRequest;
  const picture = {
    subject: scene.subject,
    issue: settled.scene.issue,
    policy: scene.policy,
    seen: scene.seen,
    why: sentence,
    cto: scene.cto,
    publicUrl,
    ...(pr?.state === "open" ? { evaluation: evaluationOf(settled.scene, pr) } : {}),
    ...(scene.config ? { config: scene.config } : {}),
  };
  // R14: a repository that only observes is shown what is, and nothing is set in motion there.
  const commands = [
    ...reactionsTo(scene, events).filter(({ kind }) => mayFollow(scene.policy.mode, kind)),
    ...(scene.policy.mode === "disabled" ? [] : differences(picture, scene.effects, scene.now)),
  ];
  return { events, commands, issue: settled.scene.issue, why: sentence, ...(settled.wakeAt ? { wakeAt: settled.wakeAt } : {}) };
}

const mayFollow = (mode: Policy["mode"], kind: CommandKind): boolean =>
  mode === "active" || (mode !== "disabled" && whileObserving.has(kind));

function reactionsTo(scene: Scene, events: readonly Said[]): readonly PlannedCommand[] {
  const { subject, policy, seen, now } = scene;
  const notices = scene.effects.flatMap(({ kind, key, data }) => {
    const { about } = data as { readonly about?: string };
    return kind === "NOTIFY" && about !== undefined ? [{ key, about }] : [];
  });
  let before = scene.issue;
  return events.flatMap((event, index) => {
    const after = evolve(before, event, event.at ?? now);
    const commands = react(event, eventId(subject.stream, scene.version + index + 1), {
      subject,
      before,
      after,
      policy,
      defaultBranch: seen.defaultBranch.name,
      cto: scene.cto,
      notices,
    });
    before = after;
    return commands;
  });
}
