import { expect, test } from "@jest/globals";
import { textHash } from "../../app/domain/text.ts";
import { unclear } from "../../app/rules/clarity.ts";
import { settle } from "../../app/rules/index.ts";
import { why } from "../../app/rules/why.ts";
import { stories } from "../world/stories/index.ts";
import { approved, at, concluded, type History, person, said, scene, seenIssue } from "./stage.ts";

const bugTemplate = (described = "") => `### Describe the bug

<!-- A clear and concise description of what the bug is. -->
${described}

### To Reproduce
Steps to reproduce the behavior:
1. Go to '...'
2. Click on '....'
3. Scroll down to '....'
4. See error

### Expected behavior

_No response_

**Desktop:**
 - OS: [e.g. iOS]
 - Browser [e.g. chrome, safari]

- [x] I have searched the existing issues
- [ ] I agree to follow the Code of Conduct
`;

const emptyForm = `### What shall be done?

_No response_

### Why?

_No response_`;

test.each([
  ["Bug", ""],
  ["Fix login", ""],
  ["Login broken", ""],
  ["It doesn't work", ""],
  ["Help!!!", "It does not work. Please fix this asap!"],
  ["Improve performance", ""],
  ["Make it faster", "The app is really slow. It should be better."],
  ["Dark mode", ""],
  ["Add dark mode", "n/a"],
  ["Update docs", "TBD"],
  ["Refactor", "The code is ugly, clean it up."],
  ["Problem with the website", "Something is broken, everything fails, nothing works any more. Please look at it."],
  ["See this", "https://example.com/threads/8812"],
  ["Check link", "[here](https://example.com/a)"],
  ["Fix this", "![screenshot](https://user-images.example.com/1.png)"],
  ["Bug report", bugTemplate()],
  ["[Bug]: ", bugTemplate()],
  ["Feature request", emptyForm],
  ["Error", "> \n\n>\n"],
  ["Todo", "- [ ] \n- [ ] "],
  ["Crash", "It crashed again today."],
  ["Fix `list`", ""],
  ["Fix 404", ""],
  ["Tests fail", "see title"],
  ["something is wrong", "I tried it and it did not work, I don't know why. Can someone help?"],
])("nobody can begin with “%s”", (title, body) => {
  expect(unclear(title, body)).toMatch(/\?$/);
});

test.each([
  ["Add a --json flag to `list`", ""],
  ["Typo in README: recieve", ""],
  ["Upgrade to Node 24", ""],
  ["Bump lodash to 4.17.21", ""],
  ["Remove unused dependencies", ""],
  ["Sort products by name", ""],
  ["Rename getUser to findUser", ""],
  ["Show the total in the cart header", ""],
  ["Login returns 500 after a password reset", ""],
  ["TypeError in parseDate for leap years", ""],
  ["Support dark theme on the settings page", ""],
  ["Round prices half up", "A price of 2.345 becomes 2.34."],
  ["Fix login", "After five minutes the session is lost and the form shows no message."],
  ["Bug", "`rig why 12` prints nothing for a closed issue."],
  ["Crash", "TypeError: Cannot read properties of undefined (reading 'price') at src/cart.mjs:12"],
  ["Broken link", "docs/install.md points at a page that is gone."],
  ["Dark mode", "Follow prefers-color-scheme on every page; the logo has to stay readable."],
  ["Bug: dates", bugTemplate("Dates before 1970 are shown as 1970-01-01.")],
  ["Bug report", bugTemplate("The export button does nothing in Firefox.")],
  ["Cleanup", "- [ ] remove the legacy importer\n- [ ] delete its fixtures"],
  ["Sell Darjeeling", "It came today: Darjeeling, 100 g, for 14.20."],
  ["Decide how we spell Rooibos", "Or is it Redbush?"],
  ["Rabatt wird doppelt abgezogen", ""],
  ["购物车的总价没有包含运费", ""],
  ["Cart total ignores the discount", "https://example.com/screencast"],
  ["Search is slow", "Searching for a customer takes 9 seconds with 40,000 customers."],
])("“%s” says enough", (title, body) => {
  expect(unclear(title, body)).toBeUndefined();
});

test("every issue of the stories that is worked on at once says enough", () => {
  const begun = stories.map((story) => story()).flatMap(({ parts }) => parts.filter(({ history }) => history[1] !== "QUESTION_ASKED"));
  expect(begun.flatMap(({ issue: { title, body } }) => unclear(title, body) ?? [])).toEqual([]);
});

const vague = (title: string, actId = "5001") =>
  said("ISSUE_APPROVED", { ...approved.data, title, body: "", bodyHash: textHash(title, ""), actId } as never);
const seen = (title: string, more: object = {}) => ({ issue: { ...seenIssue, title, body: "", bodyHash: textHash(title, ""), ...more } });
const asking: History = [
  [0, vague("Fix login")],
  [0, said("QUESTION_ASKED", { text: "What happens?", by: "rig" })],
];

test("an issue that says nothing is asked about when it is approved, and before anything is spent", () => {
  const { events, scene: after } = settle(scene({ seen: seen("Fix login") }));
  expect(events).toMatchObject([
    { type: "ISSUE_APPROVED" },
    { type: "QUESTION_ASKED", data: { by: "rig", text: expect.stringMatching(/which page, command or file\?$/) } },
  ]);
  expect(events[1]?.data).not.toHaveProperty("runId");
  expect(why(after)).toMatch(/\/rig answer/);
});

test("an observed repository is not asked", () => {
  expect(concluded({ seen: seen("Fix login"), policy: { mode: "observe" } })).toEqual(["ISSUE_APPROVED"]);
});

test("an answer of any kind lets it go on, and it is not asked again", () => {
  const answered: History = [...asking, [5, said("QUESTION_ANSWERED", { text: "Just do it.", by: "maria" })]];
  const { events, scene: after } = settle(scene({ history: answered, minute: 6, seen: seen("Fix login") }));
  expect(events).toEqual([]);
  expect(after.issue).toMatchObject({ asked: [{ by: "rig", answer: { text: "Just do it.", by: "maria" } }] });
  expect(after.issue.waiting).toBeUndefined();
});

test("who takes the label off and sets it again insists: the same text is not asked about twice", () => {
  const again = { trigger: { ...person, id: "5002", at: at(5) } };
  const { events, scene: after } = settle(scene({ history: asking, minute: 6, seen: seen("Fix login", again) }));
  expect(events).toMatchObject([{ type: "ISSUE_APPROVED", data: { actId: "5002" } }]);
  expect(after.issue.waiting).toBeUndefined();
});

test("another text that says as little is asked about again", () => {
  const history: History = [...asking, [5, said("APPROVAL_STALE", { changedBy: "jonas", newHash: textHash("Fix page", "") })]];
  const again = { trigger: { ...person, id: "5002", at: at(6) } };
  expect(concluded({ history, minute: 7, seen: seen("Fix page", again) })).toEqual(["ISSUE_APPROVED", "QUESTION_ASKED"]);
});

test("the label that was there before the question is no second approval", () => {
  expect(concluded({ history: asking, minute: 6, seen: seen("Fix login", { trigger: { ...person, id: "4999" } }) })).toEqual([]);
});
