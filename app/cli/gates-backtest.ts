import { z } from "zod";
import { postApi, Refused } from "./api.ts";
import { namedText } from "./policy-text.ts";
import { count, moment, plain, table } from "./text.ts";
import { Usage, type Verb } from "./verb.ts";

/** Five hundred pull requests are some thousand calls to GitHub. After five minutes the client itself gives up. */
const ANSWER_MS = 290_000;

const Gate = z.looseObject({
  gate: z.string(),
  evidence: z.looseObject({ path: z.string(), line: z.number().optional(), because: z.string() }),
  evidenceCount: z.number(),
});
const Backtest = z.looseObject({
  since: z.string(),
  inAll: z.number(),
  replayed: z.number(),
  cut: z.boolean(),
  gates: z.array(z.looseObject({ gate: z.string(), before: z.number(), after: z.number() })),
  differences: z.array(
    z.looseObject({ repository: z.string(), pullRequest: z.number(), title: z.string(), added: z.array(Gate), removed: z.array(Gate) }),
  ),
  unreadable: z.array(z.looseObject({ repository: z.string(), pullRequest: z.number(), because: z.string() })),
});
type Backtest = z.infer<typeof Backtest>;

export const gatesBacktest: Verb = {
  name: "gates backtest",
  says: "What another rig.yml would have asked of people: the stored pull requests under the gates in force, and under its own.",
  words: [],
  options: [
    ["--policy <file>", "the other rig.yml"],
    ["--since <duration>", "how far back; `90d` unless told"],
    ["--repo <owner/name>", "only this repository; all of them unless told"],
  ],
  finding: "other gates would be raised",
  needs: "app",
  run: async ({ config, options, say }) => {
    if (typeof options.policy !== "string") throw new Usage("--policy is missing: name the rig.yml to try, such as --policy new-rig.yml.");
    const asked = {
      policy: await namedText(options.policy),
      ...(typeof options.since === "string" ? { since: options.since } : {}),
      ...(typeof options.repo === "string" ? { repository: options.repo } : {}),
    };
    try {
      const found = await postApi(config, "/gates/backtest", asked, Backtest, ANSWER_MS);
      say({ json: found, lines: linesOf(found) });
      return found.differences.length > 0;
    } catch (error) {
      if (error instanceof Refused && error.status !== 429) throw new Usage(plain(error.message));
      throw error;
    }
  },
};

function linesOf(found: Backtest): readonly string[] {
  const { differences, unreadable, replayed, inAll, cut, since, gates } = found;
  const gated = differences.filter(({ added }) => added.length > 0).length;
  const freed = differences.filter(({ removed }) => removed.length > 0).length;
  return [
    `Of ${count(replayed, "pull request")} since ${moment(since)}, ${gated} would be newly gated and ${freed} freed.`,
    ...(cut ? [`There are ${inAll}: only the newest were replayed.`] : []),
    ...(gates.length === 0
      ? []
      : [
          "",
          ...table(
            ["Gate", "Raised now", "Raised then"],
            gates.map(({ gate, before, after }) => [gate, before, after]),
          ),
        ]),
    ...(differences.length === 0 ? [] : ["", ...table(["Pull request", "Change", "Gate", "Because"], differences.flatMap(rowsOf))]),
    ...(unreadable.length === 0
      ? []
      : [
          "",
          `${count(unreadable.length, "pull request")} can no longer be read, and nothing is known of them:`,
          ...table(
            ["Pull request", "Because"],
            unreadable.map(({ repository, pullRequest, because }) => [`${repository}#${pullRequest}`, because]),
          ),
        ]),
  ];
}

const rowsOf = ({ repository, pullRequest, added, removed }: Backtest["differences"][number]): readonly (readonly string[])[] =>
  (
    [
      ["gated", added],
      ["freed", removed],
    ] as const
  ).flatMap(([change, gates]) =>
    gates.map(({ gate, evidence, evidenceCount }) => [
      `${repository}#${pullRequest}`,
      change,
      gate,
      `${evidence.path}${evidence.line === undefined ? "" : `:${evidence.line}`} ${evidence.because}${evidenceCount > 1 ? ` (and ${evidenceCount - 1} more)` : ""}`,
    ]),
  );
