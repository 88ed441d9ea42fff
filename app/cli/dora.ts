import { z } from "zod";
import { readApi } from "./api.ts";
import { duration, plain, table } from "./text.ts";
import { Usage, type Verb } from "./verb.ts";

const Rate = z.looseObject({ rate: z.number().nullable(), count: z.number(), of: z.number() });
const Minutes = z.looseObject({ median: z.number().nullable(), p90: z.number().nullable(), count: z.number() });
const five = {
  deploymentFrequency: z.looseObject({ perDay: z.number().nullable(), deployments: z.number() }),
  leadTime: Minutes,
  changeFailRate: Rate,
  recoveryTime: Minutes.extend({ open: z.number() }),
  reworkRate: Rate,
};
const Five = z.looseObject(five);
type Five = z.infer<typeof Five>;
const split = { ...five, agent: Five, human: Five };
const Dora = z.looseObject({
  from: z.string(),
  to: z.string(),
  ...split,
  repositories: z.array(z.looseObject({ repo: z.string(), ...split })),
});

const percent = ({ rate, count, of }: z.infer<typeof Rate>): string =>
  rate === null ? "-" : `${Math.round(rate * 1000) / 10} % (${count} of ${of})`;
const lasting = (minutes: number | null): string => (minutes === null ? "-" : minutes < 1 ? "< 1 min" : duration(minutes));

const row = (of: string, by: string, { deploymentFrequency, leadTime, changeFailRate, recoveryTime, reworkRate }: Five) => [
  plain(of),
  by,
  deploymentFrequency.perDay === null ? "-" : `${deploymentFrequency.perDay} (${deploymentFrequency.deployments})`,
  lasting(leadTime.median),
  lasting(leadTime.p90),
  percent(changeFailRate),
  `${lasting(recoveryTime.median)}${recoveryTime.open > 0 ? ` (${recoveryTime.open} open)` : ""}`,
  percent(reworkRate),
];

const head = ["Of", "By", "Deploys a day", "Lead time", "90 % within", "Change fail rate", "Recovery", "Rework rate"];

export const dora: Verb = {
  name: "dora",
  says: "How software is delivered: DORA's five measures, over all and by repository, of agents' and of people's changes.",
  words: [],
  options: [
    ["--from <day>", "the first day, such as 2026-11-01; thirty days back unless told"],
    ["--to <day>", "the last day; today unless told"],
  ],
  needs: "app",
  run: async ({ config, options, say }) => {
    const query = new URLSearchParams();
    for (const name of ["from", "to"] as const) {
      const day = options[name];
      if (day === undefined) continue;
      if (!z.iso.date().safeParse(day).success) throw new Usage(`--${name} is not a day: write one such as 2026-11-22.`);
      query.set(name, String(day));
    }
    const found = await readApi(config, `/dora?${query}`, Dora);
    const { from, to, repositories } = found;
    const lines = [found, ...repositories].flatMap((one) => {
      const of = "repo" in one ? String(one.repo) : "everything";
      return [row(of, "all", one), row("", "agents", one.agent), row("", "people", one.human)];
    });
    say({ json: found, lines: [`Production from ${plain(from)} to ${plain(to)}, UTC.`, ...table(head, lines)] });
    return false;
  },
};
