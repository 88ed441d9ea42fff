import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { bodyOf } from "../../app/executors/discord/body.ts";
import { type BoardPicture, discordBoard } from "../../app/views/discord-board.ts";
import { at, folded, pr, said, sha, toOpen } from "../rules/stage.ts";
import { carelessCalls, problemsOf } from "../world/discord-limits.ts";

const publicUrl = "https://rig.example";
const named = (number: number, title = "Round prices") => ({ owner: "acme", repo: "shop", number, title });
const empty: BoardPicture = {
  queue: { first: [], total: 0 },
  working: { first: [], total: 0 },
  waiting: { first: [], total: 0 },
  incidents: [],
  conditions: [],
  cto: ["maria"],
  publicUrl,
  now: at(60),
};
const drawn = (picture: Partial<BoardPicture>) => {
  const rendering = discordBoard({ ...empty, ...picture });
  if (!("message" in rendering)) throw new Error("The board is no message.");
  return rendering.message;
};
const fieldsOf = (picture: Partial<BoardPicture>) => drawn(picture).fields.map(({ name, value }) => [name, value]);
const moment = (minutes: number) => `<t:${at(minutes).getTime() / 1_000}:R>`;

test("an empty board says that nothing is to be done", () => {
  expect(drawn({})).toMatchObject({ description: `0 wait for you, 0 in work, 0 queued. As of ${moment(60)}.`, fields: [], mentions: [] });
});

test("the queue tells position, class, age and reason of each issue", () => {
  const row = { ...named(12), position: 1, priority: "high", approvedAt: at(5), why: "It starts when an agent is free." };
  expect(fieldsOf({ queue: { first: [row], total: 3 } })).toEqual([
    [
      "Queue",
      `1. ${publicUrl}/issues/acme/shop/12 Round prices · high · approved ${moment(5)} · It starts when an agent is free.\nand 2 more`,
    ],
  ]);
});

test("who works on what is told with since when", () => {
  expect(fieldsOf({ working: { first: [{ ...named(12), agentId: "dev-e-1", since: at(9) }], total: 1 } })).toEqual([
    ["In work", `dev-e-1 · ${publicUrl}/issues/acme/shop/12 Round prices · since ${moment(9)}`],
  ]);
});

const gate = said("HUMAN_GATE_TRIGGERED", {
  prNumber: pr,
  headSha: sha("a"),
  gate: "schema",
  evidence: [],
  approvers: ["@jonas", "@acme/dba"],
});
const escalated = said("ESCALATED", { level: "cto", about: "strikes", reason: "It failed twice.", attempts: 2, options: ["retry"] });
const acknowledged = said("ESCALATION_ACKNOWLEDGED", { by: "maria" });

test.each([
  ["a gate and its owners", [[20, gate]], `the schema gate of #7 · @jonas, @acme/dba · since ${moment(20)}`],
  ["an escalation and the CTO", [[30, escalated]], `It failed twice. · maria · since ${moment(30)}`],
  [
    "an acknowledged escalation and who has seen it",
    [
      [30, escalated],
      [31, acknowledged],
    ],
    `It failed twice. · maria has seen it · since ${moment(30)}`,
  ],
  [
    "a question and who handed the issue over",
    [[25, said("ISSUE_WAITING", { for: "answer", reason: "Which currency?" })]],
    `answer: Which currency? · jonas · since ${moment(25)}`,
  ],
] as const)("%s stand under what waits for people", (_, more, line) => {
  const issue = folded([...toOpen, ...more]);
  const fields = fieldsOf({ waiting: { first: [{ ...named(12), issue }], total: 1 } });
  expect(fields).toEqual([["Waiting for you", `${publicUrl}/issues/acme/shop/12 ${line}`]]);
});

test("what is wrong with the Rig itself stands there, too", () => {
  const condition = { name: "discord", detail: "Discord answers 403 for 1002", since: at(1) };
  expect(fieldsOf({ conditions: [condition] })).toEqual([["The Rig itself", `discord: Discord answers 403 for 1002 · since ${moment(1)}`]]);
});

const incidentOf = (signal: string): BoardPicture["incidents"][number] => ({
  ...{ fingerprint: "0123456789abcdef", severity: "critical", service: signal, signal, source: "probe", summary: "", suspects: [] },
  ...{ nth: 1, open: true, startedAt: at(1), toldAt: at(1), flapping: false, called: true },
});

test("what is wrong in production stands there, too", () => {
  const incidents = ["front door", "till", "cellar"].map(incidentOf);
  expect(fieldsOf({ incidents })).toEqual([
    ["Incidents", `critical · front door: front door · since ${moment(1)}\ncritical · till: till · since ${moment(1)}\nand 1 more`],
  ]);
});

test("however much there is, the message keeps to Discord's limits, cuts no line and tells how much is left out", () => {
  const words = fc.string({ unit: fc.constantFrom("a", "*", "_", "-", "@", " "), minLength: 1, maxLength: 200 });
  const issue = folded([...toOpen, [20, gate]]);
  const owner = fc.constantFrom("acme", "a-rather-long-name-of-a-company");
  fc.assert(
    fc.property(fc.array(fc.tuple(words, words, owner), { maxLength: 20 }), fc.nat(100_000), (rows, more) => {
      const total = rows.length === 0 ? 0 : rows.length + more;
      const each = rows.map(([title, why, name], index) => ({ ...named(index + 1, title), owner: name, repo: "a-service_of.ours", why }));
      const message = drawn({
        queue: { first: each.map((row, index) => ({ ...row, position: index + 1, priority: "normal", approvedAt: at(1) })), total },
        working: { first: each.map((row) => ({ ...row, agentId: "dev-e-1", since: at(1) })), total },
        waiting: { first: each.map((row) => ({ ...row, issue })), total },
        incidents: each.map(({ title }) => incidentOf(title)),
        conditions: each.map(({ title, why }) => ({ name: title, detail: why, since: at(1) })),
      });
      const body = bodyOf(message, { redact: (text) => text, links: [publicUrl] });
      expect([...problemsOf(body), ...carelessCalls(body)]).toEqual([]);
      const shown = body.embeds[0]?.fields ?? [];
      expect(shown).toHaveLength(message.fields.length);
      expect(shown.map(({ value }) => value).filter((value) => value.endsWith("…"))).toEqual([]);
      const lines = shown.filter(({ value }) => value.includes("/issues/")).flatMap(({ value }) => value.split("\n"));
      const entries = lines.filter((line) => line.includes("/issues/")).length;
      const left = lines.flatMap((line) => /^and (\d+) more$/.exec(line)?.[1] ?? []).reduce((sum, count) => sum + Number(count), 0);
      expect(entries + left).toBe(3 * total);
    }),
    { numRuns: 50 },
  );
});
