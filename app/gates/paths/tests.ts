import type { Change } from "../gate.ts";

const CHECK = /\b(?:expect|assert|should|must|verify|refute|it|test|specify|scenario|def test|func Test|@Test)/gi;
const SKIPPED =
  /\.(?:skip|todo|only)\b|\b(?:xit|xtest|xdescribe|pending|fit|fdescribe)\b|@(?:pytest\.mark\.skip|unittest\.skip|Ignore|Disabled|Skip)|\[Ignore|#\[ignore|\bt\.Skip|Skip\s*=/;

const checksIn = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + (text.match(CHECK)?.length ?? 0), 0);

/** How a change makes a test check less; undefined where it does not. A test that moved is compared with what it became. */
export function weakened(change: Change, all: readonly Change[]): string | undefined {
  const after = change.mode === undefined ? all.find(({ previousPath }) => previousPath === change.path) : change;
  if (!after) return "is deleted";
  const unread = change.unreadable ?? after.unreadable;
  if (unread !== undefined) return `could not be read: ${unread}`;
  const added = after.added.map(({ text }) => text);
  const removed = change.removed.map(({ text }) => text);
  if (added.some((text) => SKIPPED.test(text)) && !removed.some((text) => SKIPPED.test(text))) return "is skipped";
  return checksIn(removed) > checksIn(added) ? "checks less" : undefined;
}
