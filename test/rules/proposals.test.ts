/** Which of what Architect-E wants to propose becomes an issue, and what people make of it. */
import { expect, test } from "@jest/globals";
import type { EffectOutcome } from "../../app/domain/commands.ts";
import type { EventData, Proposal } from "../../app/domain/events.ts";
import type { StandingProposal } from "../../app/domain/proposals.ts";
import { fingerprintOf, isAlike } from "../../app/rules/repository/alike.ts";
import { decideProposals, type ProposalScene } from "../../app/rules/repository/proposals.ts";
import { decideStandings, type SeenProposal } from "../../app/rules/repository/standing.ts";
import { at, runId } from "./stage.ts";

test.each([
  ["Cache the price list", "cache  price-lists!"],
  ["Add a test for the cart's rounding", "Test the rounding of the cart"],
  ["Retry failed webhook deliveries", "Webhook deliveries that failed are retried"],
  ["Fix the flaky login test", "Make the flaky login test stable"],
  ["Cache prices", "Caching the price"],
  ["Wrap an order as a gift", "Wrapping of orders as gifts"],
  ["Schlüssel rotieren", "schlussel ROTIEREN"],
  ["!!!", "???"],
])("“%s” and “%s” ask for the same", (one, other) => {
  expect([isAlike(one, other), isAlike(other, one)]).toEqual([true, true]);
});

test.each([
  ["Add a test for the cart", "Add a test for the checkout"],
  ["Fix the flaky login test", "Fix the flaky logout test"],
  ["Retry failed webhook deliveries", "Retry failed email deliveries"],
  ["Show the total price in the cart header", "Show the total price in the order header"],
  ["Raise the timeout of checks to 30 minutes", "Raise the timeout of checks to 60 minutes"],
  ["Remove the login", "Add a login page for staff"],
  ["Fix it", "Add tests"],
  ["Document the API", "Document the API's errors, limits, tokens and paging for the people who write clients"],
  ["Price list", ""],
])("“%s” and “%s” do not", (one, other) => {
  expect([isAlike(one, other), isAlike(other, one)]).toEqual([false, false]);
});

test("a fingerprint looks through case, endings and idle words, and tells different work apart", () => {
  expect(fingerprintOf("Cache the price list")).toMatch(/^[0-9a-f]{16}$/);
  expect(fingerprintOf("Cache the price list")).toBe(fingerprintOf("CACHE price lists."));
  expect(fingerprintOf("Cache the price list")).not.toBe(fingerprintOf("Cache the order list"));
});

const proposal = (title: string): Proposal => ({
  ...{ kind: "fix", title, what: "Do it.", rationale: "It is slow.", evidence: ["#3"], complexity: "small" },
});
const round = (n: number, ...titles: readonly string[]) => ({ eventId: `event-${n}`, runId: runId(n), proposals: titles.map(proposal) });
const standing = (
  issueNumber: number,
  title: string,
  now: StandingProposal["standing"],
  more: Partial<StandingProposal> = {},
): StandingProposal => ({
  ...{ issueNumber: issueNumber as StandingProposal["issueNumber"], runId: runId(90 + issueNumber), fingerprint: fingerprintOf(title) },
  ...{ kind: "fix", title, complexity: "small", at: at(0), standing: now, ...more },
});
const keyOf = (n: number, title: string) => `event-${n}:FILE_ISSUE:${fingerprintOf(title)}`;
const filing = (n: number, title: string, more: Partial<EffectOutcome>): EffectOutcome => ({
  ...{ key: keyOf(n, title), kind: "FILE_ISSUE", state: "planned", data: {}, response: null, ...more },
});
const decide = (more: Partial<ProposalScene>) =>
  decideProposals({
    ...{ state: { proposals: [], skipped: [] }, rounds: [], filings: [], most: 3, done: [], openIssues: [] },
    issueOf: ({ proposal: { title }, runId: id, fingerprint }) => ({ title, body: "b", labels: [], marker: `${id} ${fingerprint}` }),
    ...more,
  });
const filed = (more: Partial<ProposalScene>) => decide(more).commands.map(({ data }) => (data as { readonly title: string }).title);
const reasons = (more: Partial<ProposalScene>) =>
  decide(more).events.flatMap(({ type, data }) => (type === "PROPOSAL_SKIPPED" ? [`${data.title}: ${data.because}`] : []));

test("what nobody knows is filed, each under a key that follows from the round", () => {
  const { events, commands } = decide({ rounds: [round(1, "Cache prices", "Test the cart")] });
  expect(events).toEqual([]);
  expect(commands.map(({ key }) => key)).toEqual([keyOf(1, "Cache prices"), keyOf(1, "Test the cart")]);
});

test("a round proposes no more than the repository wants; the rest is skipped and said why", () => {
  const rounds = [round(1, "Cache prices", "Test the cart", "Document the API"), round(2, "Rotate the keys")];
  expect(filed({ rounds, most: 2 })).toEqual(["Cache prices", "Test the cart", "Rotate the keys"]);
  expect(reasons({ rounds, most: 2 })).toEqual(["Document the API: It is one too many: architect.maxProposals is 2."]);
  expect(filed({ rounds, most: 0 })).toEqual([]);
});

test("what counts against that number is what was filed, before or now", () => {
  const created = { ...standing(9, "Cache prices", "rejected", { by: "maria" }), runId: runId(1) };
  const scene = {
    rounds: [round(1, "Cache prices", "Test the cart", "Document the API")],
    state: { proposals: [created], skipped: [] },
    most: 2,
  };
  expect(filed(scene)).toEqual(["Test the cart"]);
  expect(filed({ ...scene, filings: [filing(1, "Test the cart", {})] })).toEqual([]);
});

test.each([
  ["waits", standing(7, "Cache the price list", "open"), "It is like the proposal #7, which waits for a person."],
  ["was rejected", standing(7, "Cache the price list", "rejected", { by: "maria" }), "It is like the proposal #7, which maria rejected."],
  [
    "is being done",
    standing(7, "Cache the price list", "approved", { by: "maria" }),
    "It is like the proposal #7, which a person approved.",
  ],
])("what %s is not proposed again, in whatever words", (_, known, because) => {
  const scene = { rounds: [round(1, "Caching of price lists")], state: { proposals: [known], skipped: [] } };
  expect(filed(scene)).toEqual([]);
  expect(reasons(scene)).toEqual([`Caching of price lists: ${because}`]);
});

test("what is done, and what nobody decided about, may be proposed again", () => {
  const rounds = [round(1, "Cache price lists")];
  const state = (now: StandingProposal["standing"]) => ({ proposals: [standing(7, "Cache the price list", now)], skipped: [] });
  expect(filed({ rounds, state: state("approved"), done: [7] })).toEqual(["Cache price lists"]);
  expect(filed({ rounds, state: state("lapsed") })).toEqual(["Cache price lists"]);
});

test("what an open issue asks for already is not proposed, nor is the same thing twice in a round or in the next", () => {
  const rounds = [round(1, "Cache prices", "Caching prices", "Test the cart"), round(2, "Testing of the cart")];
  const openIssues = [{ number: 4, title: "Please cache the prices" }];
  expect(reasons({ rounds, openIssues })).toEqual([
    "Cache prices: It is like #4, which is open.",
    "Testing of the cart: It is like another one that was proposed just before.",
  ]);
  expect(filed({ rounds, openIssues })).toEqual(["Test the cart"]);
});

test("it is said to be created when GitHub has numbered it, and nothing is filed or said twice", () => {
  const rounds = [round(1, "Cache prices")];
  expect(decide({ rounds, filings: [filing(1, "Cache prices", { state: "sent" })] })).toEqual({ events: [], commands: [] });
  const confirmed = filing(1, "Cache prices", { state: "confirmed", response: { number: 12, url: "https://github.example/12" } });
  const { events, commands } = decide({ rounds, filings: [confirmed] });
  expect(commands).toEqual([]);
  const named = { issueNumber: 12, url: "https://github.example/12", runId: runId(1), fingerprint: fingerprintOf("Cache prices") };
  expect(events).toMatchObject([{ type: "PROPOSAL_CREATED", data: { ...named, ...proposal("Cache prices") } }]);
  const known = { ...standing(12, "Cache prices", "open"), runId: runId(1) };
  expect(decide({ rounds, filings: [confirmed], state: { proposals: [known], skipped: [] } })).toEqual({ events: [], commands: [] });
});

test("an open issue that is its own does not stand in its way", () => {
  const scene = { rounds: [round(1, "Cache prices")], openIssues: [{ number: 12, title: "Cache prices" }] };
  const confirmed = filing(1, "Cache prices", { state: "confirmed", response: { number: 12 } });
  expect(decide({ ...scene, filings: [confirmed] }).events.map(({ type }) => type)).toEqual(["PROPOSAL_CREATED"]);
});

test("what GitHub does not take is skipped with its reason, and not tried or said again", () => {
  const rounds = [round(1, "Cache prices")];
  const filings = [filing(1, "Cache prices", { state: "dead", error: "Issues are disabled for this repo" })];
  expect(reasons({ rounds, filings })).toEqual(["Cache prices: GitHub did not take the issue: Issues are disabled for this repo"]);
  const skipped: EventData<"PROPOSAL_SKIPPED">[] = [
    { runId: runId(1), fingerprint: fingerprintOf("Cache prices"), title: "Cache prices", because: "x" },
  ];
  expect(decide({ rounds, filings, state: { proposals: [], skipped } })).toEqual({ events: [], commands: [] });
});

const told = (now: StandingProposal, seen: Partial<SeenProposal>) =>
  decideStandings([now], [{ issueNumber: now.issueNumber, issue: "open", ...seen }]).map(({ type, data }) => ({ type, ...data }));
const open = standing(7, "Cache prices", "open");
const approved = standing(7, "Cache prices", "approved", { by: "maria" });
const rejected = standing(7, "Cache prices", "rejected", { by: "maria" });
const lapsed = standing(7, "Cache prices", "lapsed");

test.each([
  ["stays open while nobody decides", open, {}, []],
  ["is approved by who handed it over", open, { approvedBy: "maria" }, [{ type: "PROPOSAL_APPROVED", issueNumber: 7, by: "maria" }]],
  ["is approved once", approved, { approvedBy: "maria" }, []],
  ["stays approved when the merge closes it", approved, { approvedBy: "maria", issue: "closed" as const }, []],
  [
    "is rejected by who closed it",
    open,
    { issue: "closed" as const, closedBy: "jonas" },
    [{ type: "PROPOSAL_REJECTED", issueNumber: 7, by: "jonas" }],
  ],
  ["is rejected once", rejected, { issue: "closed" as const, closedBy: "jonas" }, []],
  [
    "is rejected also after it was approved",
    approved,
    { issue: "closed" as const, closedBy: "jonas" },
    [{ type: "PROPOSAL_REJECTED", issueNumber: 7, by: "jonas" }],
  ],
  ["waits again when the label is taken off", approved, {}, [{ type: "PROPOSAL_REOPENED", issueNumber: 7 }]],
  ["waits again when it is opened again", rejected, {}, [{ type: "PROPOSAL_REOPENED", issueNumber: 7 }]],
  [
    "may be approved after it was rejected",
    rejected,
    { approvedBy: "maria" },
    [{ type: "PROPOSAL_APPROVED", issueNumber: 7, by: "maria" }],
  ],
  [
    "lapses when no person closed it",
    open,
    { issue: "closed" as const },
    [{ type: "PROPOSAL_LAPSED", issueNumber: 7, because: "No person closed the issue." }],
  ],
  [
    "lapses when it is gone",
    open,
    { issue: "gone" as const },
    [{ type: "PROPOSAL_LAPSED", issueNumber: 7, because: "The issue was deleted or moved to another repository." }],
  ],
  ["lapses once", lapsed, { issue: "closed" as const }, []],
  ["waits again after it had lapsed", lapsed, {}, [{ type: "PROPOSAL_REOPENED", issueNumber: 7 }]],
])("a proposal %s", (_, now, seen, events) => {
  expect(told(now, seen)).toEqual(events);
});

test("what was not looked at is not decided about", () => {
  expect(decideStandings([open], [])).toEqual([]);
});
