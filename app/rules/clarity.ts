/** Whether an issue says enough to begin with. It only stops what nobody could work on: when in doubt, the agent reads it and asks itself. */
import { RIG, stateOf } from "../domain/state.ts";
import { isHollow, leftOf } from "./clarity/text.ts";
import { hasAnchor, meaningful } from "./clarity/words.ts";
import { nothing, type Rule, say } from "./rule.ts";

/** Different words that tell something; fewer are needed beside something exact. */
const ENOUGH = 3;
const ENOUGH_BESIDE = 2;
/** Who writes so much has said something, in whatever words. */
const LONG = 40;

/** An issue that nobody could begin with is asked about before it costs anything; once for each text. */
export const clarity: Rule = ({ issue, policy }) => {
  const { approval, waiting, asked, runs } = issue;
  if (!approval || waiting || policy.mode !== "active" || stateOf(issue) !== "queued") return nothing;
  if (asked.some(({ by }) => by === RIG) || runs.some(({ requestedAt }) => requestedAt >= approval.at)) return nothing;
  const text = unclear(approval.title, approval.body);
  return text === undefined ? nothing : say({ type: "QUESTION_ASKED", data: { text, by: RIG } });
};

/** What a person has to say before anybody can begin, as a question; undefined where the text says enough. */
export function unclear(title: string, body: string): string | undefined {
  const { text, links } = leftOf(body);
  if (text.split(/\s+/).length >= LONG || tells(`${title}\n${text}`)) return undefined;
  if (links > 0 && meaningful(text).length < ENOUGH_BESIDE)
    return `The issue only shows a link or a picture, which agents do not open. ${WHAT}`;
  if (text !== "") return `The issue says that something is wanted, and not what. ${WHAT}`;
  return isHollow(body) ? `The issue's template is not filled in. ${WHAT}` : `The issue has a title and no text. ${WHAT}`;
}

function tells(text: string): boolean {
  const words = meaningful(text).length;
  return words >= ENOUGH || (words >= ENOUGH_BESIDE && hasAnchor(text));
}

const WHAT = "What happens now, what shall happen instead, and where: which page, command or file?";
