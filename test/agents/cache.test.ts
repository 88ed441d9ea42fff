import { expect, test } from "@jest/globals";
import { files, longRun } from "./support/long-run.ts";
import { openPromptCache } from "./support/prompt-cache.ts";
import { temporary, write } from "./support/repository.ts";

test("of forty turns' input at least 85 % is read from the cache, answers with many calls among them", async () => {
  const workspace = temporary();
  write(workspace, files);
  const { marked, lastBlockOnly } = await longRun(workspace);
  expect(marked.turns).toBe(40);
  expect(marked.ratio).toBeGreaterThanOrEqual(0.85);
  // What one mark would have lost shows that the stand-in does count.
  expect(lastBlockOnly.ratio).toBeLessThan(marked.ratio - 0.05);
});

const request = (words: readonly string[], marked: readonly number[]) => ({
  tools: [],
  system: [],
  messages: [{ role: "user", content: words.map((text, n) => ({ text, ...(marked.includes(n) ? { cache_control: {} } : {}) })) }],
});
const words = (count: number) => Array.from({ length: count }, (_, n) => `word ${n}`);

test.each([
  ["the same beginning", words(3), [2], [2], true],
  ["a beginning with other words", ["other", "word 1", "word 2"], [2], [2], false],
  ["twenty blocks after it", words(22), [21], [2], true],
  ["more than that after it", words(23), [22], [2], false],
  ["more than that, marked", words(23), [2, 22], [2], true],
])("the stand-in's cache finds %s as the provider would", (_, text, marks, before, found) => {
  const { usageOf } = openPromptCache();
  usageOf(request(words(3), before));
  expect(usageOf(request(text, marks)).cache_read_input_tokens > 0).toBe(found);
});

test("the stand-in refuses a fifth mark", () => {
  expect(() => openPromptCache().usageOf(request(words(5), [0, 1, 2, 3, 4]))).toThrow("5 marks");
});
