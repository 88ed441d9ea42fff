import { z } from "zod";
import { readApi } from "./api.ts";
import { moment, table } from "./text.ts";
import type { Verb } from "./verb.ts";

const Proposal = z.looseObject({
  repo: z.string(),
  issueNumber: z.number(),
  kind: z.string(),
  title: z.string(),
  complexity: z.string(),
  state: z.string(),
  by: z.string().nullable(),
  proposedAt: z.string(),
});
type Proposal = z.infer<typeof Proposal>;

const row = ({ repo, issueNumber, kind, title, complexity, state, by, proposedAt }: Proposal) => [
  ...[`${repo}#${issueNumber}`, by ? `${state} by ${by}` : state],
  ...[kind, complexity, title, moment(proposedAt)],
];

export const proposals: Verb = {
  name: "proposals",
  says: "What Architect-E has proposed, and what people made of it.",
  words: [],
  options: [
    ["--repo <owner/name>", "only of this repository"],
    ["--state <state>", "only those that are open, approved, rejected or lapsed"],
  ],
  needs: "app",
  run: async ({ config, options, say }) => {
    const asked = Object.entries({ repo: options.repo, state: options.state }).filter(
      (one): one is [string, string] => typeof one[1] === "string",
    );
    const query = asked.length > 0 ? `?${new URLSearchParams(asked)}` : "";
    const found = await readApi(config, `/proposals${query}`, z.array(Proposal));
    const head = ["Issue", "State", "Kind", "Complexity", "Title", "Proposed (UTC)"];
    say({ json: found, lines: found.length > 0 ? table(head, found.map(row)) : ["Nothing has been proposed."] });
    return false;
  },
};
