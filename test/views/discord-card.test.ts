import { expect, test } from "@jest/globals";
import { discordCard } from "../../app/views/discord-card.ts";
import { approved, at, folded, type History, pr, said, scene, seenIssue, sha, toOpen } from "../rules/stage.ts";

const moment = (minutes: number) => `<t:${at(minutes).getTime() / 1_000}:R>`;
const cardOf = (history: History) => {
  const { subject, policy } = scene({});
  const rendering = discordCard({
    ...{ subject, policy, issue: folded(history), why: "Something moves it.", cto: ["maria"], publicUrl: "https://rig.example" },
    seen: { issue: seenIssue, defaultBranch: { name: "main", sha: sha("0") } },
  });
  return rendering && "message" in rendering ? rendering.message : undefined;
};
const fieldsOf = (history: History) => Object.fromEntries(cardOf(history)?.fields.map(({ name, value }) => [name, value]) ?? []);

test("an issue nobody handed over has no card", () => {
  expect(cardOf([])).toBeUndefined();
});

test("a card says what, how it stands, why, and where to look", () => {
  expect(cardOf([[0, approved]])).toMatchObject({
    title: "acme/shop#12 Round prices half up",
    url: "https://rig.example/issues/acme/shop/12",
    description: "Something moves it.",
    mentions: [],
  });
});

test("before there is a pull request a card names the branch, then the pull request", () => {
  const begun = toOpen.slice(0, 3);
  expect(fieldsOf(begun)).toMatchObject({ Branch: "rig/12-round-prices-half-up-1", Agent: "dev-e-1, attempt 1" });
  expect(fieldsOf(toOpen)).toMatchObject({ State: "in review", Priority: "normal", Budget: "$0.10 of $15" });
  expect(fieldsOf(toOpen)["Pull request"]).toMatch(/^https:\/\/[\w.]+\/acme\/shop\/pull\/7$/);
  expect(fieldsOf(toOpen)).not.toHaveProperty("Branch");
});

test("a card tells whom an issue waits for, and since when", () => {
  const gate = said("HUMAN_GATE_TRIGGERED", { prNumber: pr, headSha: sha("a"), gate: "schema", evidence: [], approvers: ["@jonas"] });
  expect(fieldsOf([...toOpen, [20, gate]])).toMatchObject({ "Waits for @jonas": `the schema gate of #7 · since ${moment(20)}` });
});

test("a card tells whether somebody has seen an escalation", () => {
  const escalated = said("ESCALATED", { level: "cto", about: "strikes", reason: "It failed twice.", attempts: 2, options: ["retry"] });
  const history: History = [
    [0, approved],
    [30, escalated],
  ];
  expect(fieldsOf(history)).toMatchObject({ "Waits for maria": `It failed twice. · since ${moment(30)}` });
  const seen = said("ESCALATION_ACKNOWLEDGED", { by: "maria" });
  expect(fieldsOf([...history, [31, seen]])).toMatchObject({
    "Waits for a decision": `It failed twice. · since ${moment(30)} · maria has seen it`,
  });
});
