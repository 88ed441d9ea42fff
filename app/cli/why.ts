import { z } from "zod";
import { Refused, readApi } from "./api.ts";
import { plain, spoken } from "./text.ts";
import { Usage, type Verb } from "./verb.ts";

const Why = z.looseObject({ id: z.string(), state: z.string(), why: z.string() });

/** Only a person moves an issue out of these. */
const awaitsPerson: ReadonlySet<string> = new Set(["waiting", "held", "failed"]);

export const why: Verb = {
  name: "why",
  says: "Why nothing happens on an issue now, and what would move it.",
  words: [["<owner/repo#number>", "the issue"]],
  options: [],
  finding: "the issue waits for a person, or the Rig does not know it",
  needs: "app",
  run: async ({ config, words: [ref = ""], say }) => {
    const [, owner, repo, number] = /^([\w.-]+)\/([\w.-]+)#([1-9]\d*)$/.exec(ref) ?? [];
    if (!owner || !repo) throw new Usage(`${plain(ref)} is not an issue: write it as owner/repo#12, in quotes where # begins a comment.`);
    try {
      const found = await readApi(config, `/why/${owner}/${repo}/${number}`, Why);
      say({ json: found, lines: [`${plain(found.id)} is ${spoken(found.state)}. ${plain(found.why)}`] });
      return awaitsPerson.has(found.state);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
      say({ json: { id: ref, state: null, why: error.message }, lines: [plain(error.message)] });
      return true;
    }
  },
};
