/** Everything that gates look for in texts: one pass over a text finds the words of all of them. */
import { cascades, builders as drops } from "../deletion/cascades.ts";
import { files } from "../deletion/files.ts";
import { backup, softDeletion } from "../deletion/keepers.ts";
import { orm } from "../deletion/orm.ts";
import { retention } from "../deletion/retention.ts";
import { services } from "../deletion/services.ts";
import { sql } from "../deletion/sql.ts";
import { builders } from "../schema/builders.ts";
import { models } from "../schema/models.ts";
import { statements } from "../schema/statements.ts";
import { authPhrases, guards } from "./auth-phrases.ts";
import type { Stretch } from "./changed.ts";
import type { Pattern } from "./idea.ts";
import { onceFor } from "./once.ts";
import { paymentPhrases } from "./payment-phrases.ts";
import { type WordsIn, wordFinder } from "./words.ts";

const vocabulary: ReadonlySet<string> = new Set(
  [
    ...[statements, builders, models],
    ...[sql, drops, orm, cascades, files, services, retention, [softDeletion, backup]],
    ...[authPhrases, [guards], paymentPhrases],
  ]
    .flat()
    .flatMap(({ words }: Pattern) => words),
);

export const findWords: (text: string) => WordsIn = wordFinder([...vocabulary]);

/** Of a stretch as it is. Every gate asks for it, and the first waits. */
export const wordsIn: (stretch: Stretch) => WordsIn = onceFor(({ text }: Stretch) => findWords(text));

/** What picks the patterns that some words can belong to, in the order of `patterns`. */
export function pickerOf<P extends Pattern>(patterns: readonly P[]): (words: Iterable<string>) => readonly P[] {
  const strange = patterns.flatMap(({ words }) => words).find((word) => !vocabulary.has(word));
  if (strange !== undefined)
    throw new Error(`No gate finds the word "${strange}": add the list that has it to app/gates/content/vocabulary.ts.`);
  const byWord = new Map<string, P[]>();
  for (const pattern of patterns) for (const word of pattern.words) byWord.set(word, [...(byWord.get(word) ?? []), pattern]);
  return (words) => {
    const possible = new Set<P>();
    for (const word of words) for (const pattern of byWord.get(word) ?? []) possible.add(pattern);
    return possible.size > 0 ? patterns.filter((pattern) => possible.has(pattern)) : [];
  };
}
