import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { cut, fenced, inDiscord, inMarkdown } from "../../app/domain/escape.ts";

const nasty = fc.string({
  unit: fc.constantFrom(
    "@",
    "`",
    "<",
    "#",
    "\u202e",
    "\u200b",
    "a",
    "\n",
    "[",
    "]",
    "(",
    ")",
    "!",
    "h",
    "t",
    "p",
    "s",
    ":",
    "/",
    "~",
    "|",
    "\u0000",
    "\ud800",
  ),
  maxLength: 60,
});

test("R21: text in Markdown can neither mention, format, link, nor hide", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const shown = inMarkdown(text).replace(/&#\d+;/g, "");
      expect(shown).not.toMatch(/[@`<>[\]!|~#*_\\]|https?:\/\/|[\u200b-\u200f\u202a-\u202e]/);
      expect(shown.isWellFormed()).toBe(true);
    }),
  );
});

test.each(["Closes #12", "@maria", "GH-12", "https://evil.example/x", "www.evil.example", "<img src=x>", "$x^2$"])(
  "R21: %s is only words",
  (text) => {
    const shown = inMarkdown(text);
    expect(shown).not.toContain(text);
  },
);

test("R21: a fence is longer than any run of backticks inside it", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const [first = "", ...rest] = fenced(text).split("\n");
      const fence = first.replace(/text$/, "");
      expect(rest.at(-1)).toBe(fence);
      expect(rest.slice(0, -1).some((line) => line.includes(fence))).toBe(false);
    }),
  );
});

test("R21: text in Discord pings nobody and links nowhere", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(inDiscord(text)).not.toMatch(/@(?!\u200b)|<[@#:&]|https?:\/\//i);
    }),
  );
});

test("a cut text keeps to its length and stays well-formed", () => {
  expect(cut("abc", 3)).toBe("abc");
  expect(cut("ab😀cd", 4)).toHaveLength(4);
  expect(cut("ab😀cd", 4).isWellFormed()).toBe(true);
});
