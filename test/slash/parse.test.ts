import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { verbs } from "../../app/slash/index.ts";
import { parse } from "../../app/slash/parse.ts";
import { written } from "../../app/slash/verb.ts";

test.each([
  ["a verb alone", "/rig help", { verb: "help", args: "", text: "" }],
  ["a verb with arguments", "/rig approve 0123abc schema", { verb: "approve", args: "0123abc schema", text: "0123abc schema" }],
  ["blank lines before it", "\n  \n\t\n/rig why", { verb: "why", args: "", text: "" }],
  ["space around it", "/rig \t retry  fresh \t", { verb: "retry", args: "fresh", text: "fresh" }],
  ["Windows' line ends", "/rig hold\r\nPlease.\r\n", { verb: "hold", args: "", text: "Please." }],
  ["a remark below", "/rig recheck\n\nI added the owner.", { verb: "recheck", args: "", text: "I added the owner." }],
  [
    "a text over several blocks",
    "/rig answer Half up.\n\n```js\nround()\n```",
    { verb: "answer", args: "Half up.", text: "Half up.\n\n```js\nround()\n```" },
  ],
  ["a text that begins on the next line", "/rig answer\nHalf up.", { verb: "answer", args: "", text: "Half up." }],
  ["a second command, which is text of the first", "/rig stop\n/rig start", { verb: "stop", args: "", text: "/rig start" }],
  ["a list right below", "/rig reject\n- no test", { verb: "reject", args: "", text: "- no test" }],
  ["hidden characters in its text", "/rig stop now\u202e\u200b!", { verb: "stop", args: "now!", text: "now!" }],
  ["half a character in its text", "/rig stop now\ud800", { verb: "stop", args: "now\ufffd", text: "now\ufffd" }],
  ["a verb that nobody knows", "/rig frobnicate", { verb: "frobnicate", args: "", text: "" }],
  ["a verb in capitals, which nobody knows", "/rig HELP", { verb: "HELP", args: "", text: "" }],
  ["a verb that JavaScript knows", "/rig constructor", { verb: "constructor", args: "", text: "" }],
  ["no verb at all", "/rig", { verb: "", args: "", text: "" }],
])("%s is one command", (_, comment, command) => {
  expect(parse(comment)).toEqual(command);
});

test.each([
  ["an empty comment", ""],
  ["a blank comment", " \n\t\n"],
  ["words before it on the line", "Please /rig start"],
  ["words on a line before it", "Please:\n/rig start"],
  ["a paragraph before it", "Please.\n\n/rig start"],
  ["a quotation", "> /rig start"],
  ["a quotation without a space", ">/rig start"],
  ["a fence", "```\n/rig start\n```"],
  ["a fence of tildes", "~~~\n/rig start\n~~~"],
  ["an open fence", "```\n/rig start"],
  ["indented code", "    /rig start"],
  ["code by a tab", "\t/rig start"],
  ["inline code", "`/rig start`"],
  ["an indented line", " /rig start"],
  ["a list", "- /rig start"],
  ["a numbered list", "1. /rig start"],
  ["a heading", "# /rig start"],
  ["an underlined heading", "/rig start\n==="],
  ["an underlined heading of two lines", "/rig stop\nnow\n---"],
  ["an underlined heading with a deep line", `/rig stop\n${" ".repeat(40)}now\n\t\t\tor later\n---`],
  ["an HTML comment before it", "<!-- -->\n/rig start"],
  ["an HTML comment around it", "<!--\n/rig start\n-->"],
  ["an HTML block", "<div>\n/rig start\n</div>"],
  ["a link definition before it", "[a]: https://example.org\n/rig start"],
  ["emphasis", "**/rig start**"],
  ["a link", "[/rig start](https://example.org)"],
  ["an escape", "\\/rig start"],
  ["an entity", "&#47;rig start"],
  ["an entity in the word", "/r&#105;g start"],
  ["capitals", "/RIG start"],
  ["a capital", "/Rig start"],
  ["another word", "/rigging start"],
  ["no space", "/rigstart"],
  ["a no-break space", "/rig\u00a0start"],
  ["a byte order mark", "\ufeff/rig start"],
  ["a zero-width space before it", "\u200b/rig start"],
  ["a zero-width space within", "/r\u200big start"],
  ["a zero-width space in the verb", "/rig st\u200bart"],
  ["a zero-width space behind the verb", "/rig start\u200b"],
  ["an override of direction", "\u202e/rig start"],
  ["a letter that looks like another", "/r\u0456g start"],
  ["a wide slash", "\uff0frig start"],
  ["NUL", "/rig\u0000 start"],
  ["a line separator before it", "\u2028/rig start"],
])("%s is no command", (_, comment) => {
  expect(parse(comment)).toBeUndefined();
});

const commands = fc
  .tuple(fc.constantFrom(...verbs), fc.string({ unit: "grapheme", maxLength: 30 }))
  .map(([verb, more]) => `${written(verb)} ${more.replace(/[\r\n`~]/g, "")}`);

const silencers: readonly ((text: string) => string)[] = [
  (text) => `> ${text}`,
  (text) => `> > ${text}`,
  (text) => `\`\`\`\n${text}\n\`\`\``,
  (text) => `~~~~ text\n${text}\n~~~~`,
  (text) => `    ${text}`,
  (text) => `\t${text}`,
  (text) => `\`${text}\``,
  (text) => `- ${text}`,
  (text) => `* ${text}`,
  (text) => `3. ${text}`,
  (text) => `## ${text}`,
  (text) => `${text}\n=====`,
  (text) => `<!-- ${text} -->`,
  (text) => `<!--\n${text}\n-->`,
  (text) => `<pre>\n${text}\n</pre>`,
  (text) => `As they said:\n${text}`,
  (text) => `\\${text}`,
];

test("a command that is quoted, shown as code or HTML, listed or a heading asks for nothing, however deep", () => {
  fc.assert(
    fc.property(commands, fc.array(fc.constantFrom(...silencers), { minLength: 1, maxLength: 4 }), (command, silence) => {
      expect(parse(command)).toBeDefined();
      expect(parse(silence.reduce((text, wrap) => wrap(text), command))).toBeUndefined();
    }),
  );
});

test("whatever a comment says is read without an error, and only what begins with /rig asks for something", () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      "/rig",
      "/rig start",
      " ",
      "\n",
      "\n\n",
      "\r\n",
      "```",
      ">",
      "- ",
      "#",
      "===",
      "<!--",
      "-->",
      "`",
      "\\",
      "&#47;",
      "\u200b",
      "\u202e",
      "\ud800",
    ),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      const comment = parts.join("");
      if (parse(comment)) expect(comment).toMatch(/^([ \t]*(\r\n|\n|\r))*\/rig([ \t]|\r|\n|$)/);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["nested quotations", `/rig stop\n${"> ".repeat(30_000)}`],
  ["lines of nested quotations", `/rig stop\n${`${"> ".repeat(50)}\n`.repeat(600)}`],
  ["emphasis that never ends", `/rig stop ${"a**b_".repeat(13_000)}`],
  ["lines of emphasis", `/rig stop\n${`${"a**b_".repeat(19)}\n`.repeat(650)}`],
  ["links that never end", `/rig stop ${"[a](".repeat(16_000)}`],
  ["lists in lists", `/rig stop\n${Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth * 2)}- a`).join("\n")}`],
])("the longest comment of %s is read in a moment", (_, comment) => {
  const began = performance.now();
  expect(parse(comment.slice(0, 65_536))?.verb).toBe("stop");
  expect(performance.now() - began).toBeLessThan(1_000);
});
