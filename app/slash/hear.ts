/** A command as it is heard becomes history: what it says to the issue, and itself with its verdict. */
import { refused } from "../domain/accepts.ts";
import type { Said } from "../domain/envelope.ts";
import { cut, inMarkdown } from "../domain/escape.ts";
import { evolve } from "../domain/evolve.ts";
import { verbNamed } from "./index.ts";
import type { Spoken } from "./parse.ts";
import { byPerson, type Hearing, type Verb, written } from "./verb.ts";

const MOST_VERB = 50;
const MOST_ARGS = 1_000;

type Verdict = "accepted" | "refused" | "unknown";

/** The command comes before what follows from it. `maySpeak` is what the repository says of the person now. */
export function hear({ verb: name, args: line, text }: Spoken, maySpeak: boolean, hearing: Hearing): readonly Said[] {
  if (hearing.policy.mode === "disabled") return [];
  const verb = verbNamed(name);
  const args = verb?.freeText ? text : line;
  const received = (verdict: Verdict, reply?: string): Said => {
    const { by, commentId, on, press } = hearing;
    const data = {
      ...{ verb: cut(name, MOST_VERB), args: cut(args, MOST_ARGS), by, verdict, commentId, on },
      ...(press ? { pressed: true as const } : {}),
      ...(reply ? { reply } : {}),
    };
    // A comment speaks once, whichever look or delivery brings it, and so does a press.
    return { ...byPerson(hearing, { type: "COMMAND_RECEIVED", data }), dedupeKey: press ? `press:${press}` : `comment:${commentId}` };
  };
  if (!verb) return [received("unknown")];
  if (!maySpeak) return [received("refused")];
  const elsewhere = wrongPlace(verb, hearing);
  if (elsewhere) return [received("refused", elsewhere)];
  if (!verb.takes.test(args)) return [received("unknown", `It is written \`${written(verb)}\`. ${verb.description}`)];
  const answer = verb.speak(args, hearing);
  if ("unable" in answer) return [received("refused", answer.unable)];
  const reason = refusal(hearing, answer.events);
  if (reason) return [received("refused", `This cannot be done now: ${inMarkdown(reason)}.`)];
  return [received("accepted", answer.reply), ...answer.events];
}

function wrongPlace({ where, onPeoples }: Verb, { onPullRequest, subject, issue }: Hearing): string | undefined {
  if (where === "pr" && !onPullRequest) return "This is for pull requests: say it there.";
  if (issue.watched || subject.kind === "pull_request")
    return onPeoples
      ? undefined
      : "This is a person's pull request: the Rig holds its gates, has it read by `/rig review`, and does nothing else with it.";
  return where === "issue" && onPullRequest ? `This is for issues: say it on #${subject.number}.` : undefined;
}

/** Why the issue may not be told one of these now. */
function refusal({ issue, now }: Hearing, events: readonly Said[]): string | undefined {
  let before = issue;
  for (const event of events) {
    const reason = refused(before, event);
    if (reason) return reason;
    before = evolve(before, event, event.at ?? now);
  }
  return undefined;
}
