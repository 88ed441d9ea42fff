/** Gates look at a text only around the words of their patterns: a pattern that can match without one of them would never be asked. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { authPhrases, guards } from "../../app/gates/content/auth-phrases.ts";
import type { Pattern } from "../../app/gates/content/idea.ts";
import { paymentPhrases } from "../../app/gates/content/payment-phrases.ts";
import { wordFinder } from "../../app/gates/content/words.ts";
import { cascades, builders as drops } from "../../app/gates/deletion/cascades.ts";
import { files } from "../../app/gates/deletion/files.ts";
import { backup, softDeletion } from "../../app/gates/deletion/keepers.ts";
import { orm } from "../../app/gates/deletion/orm.ts";
import { retention } from "../../app/gates/deletion/retention.ts";
import { services } from "../../app/gates/deletion/services.ts";
import { sql } from "../../app/gates/deletion/sql.ts";
import { builders } from "../../app/gates/schema/builders.ts";
import { models } from "../../app/gates/schema/models.ts";
import { statements } from "../../app/gates/schema/statements.ts";

const SAMPLES = 400;
const CLASS = String.raw`\[(?:\\.|[^\]\\])*\]`;
/** A group that looks behind, or that must not follow, with groups within it. */
const LOOK = new RegExp(
  String.raw`\(\?(?:<[=!]|!)(?:\\.|${CLASS}|[^()[\]\\]|\((?:\\.|${CLASS}|[^()[\]\\]|\((?:\\.|${CLASS}|[^()[\]\\])*\))*\))*\)`,
  "g",
);

/** An expression for what a pattern takes, without what it looks at besides, and in short: from it strings can be made. */
const taken = ({ source }: RegExp): RegExp =>
  new RegExp(
    `^(?:${source
      .replace(LOOK, "")
      .replace(/\(\?=|\(\?<\w+>/g, "(?:")
      .replace(
        /(\\\\)|\\[bB]|(?<![[\\])[\^$](?!\{)/g,
        (part, backslash?: string) => backslash ?? (part.startsWith("\\") || part.length === 1 ? "" : part),
      )
      .replaceAll("(?:)", "")
      .replaceAll(String.raw`\p{L}`, "a-z")
      .replaceAll(String.raw`[\s\S]`, ".")
      .replaceAll(String.raw`\s`, " ")
      .replace(/\{([01]),(\d+)\}/g, (_, least: string, most: string) => `{${least},${Math.min(Number(most), 2)}}`)})$`,
  );

const all: readonly Pattern[] = [
  ...[...statements, ...builders, ...models],
  ...[...sql, ...drops, ...cascades, ...orm, ...files, ...services, ...retention, softDeletion, backup],
  ...[...authPhrases, guards, ...paymentPhrases],
];

test.each(all.map((one) => [one.pattern.source.slice(0, 60), one] as const))("each match of /%s has a word", (_, { pattern, words }) => {
  const find = wordFinder(words);
  const samples = fc.sample(fc.stringMatching(taken(pattern)), { numRuns: SAMPLES, seed: 7 });
  expect(samples.filter((sample) => find(sample).size === 0)).toEqual([]);
});
