import { z } from "zod";
import { postApi, readApi } from "./api.ts";
import { moment, plain, table } from "./text.ts";
import { Usage, type Verb } from "./verb.ts";

const Lesson = z.looseObject({
  id: z.string(),
  repo: z.string(),
  kind: z.string(),
  text: z.string(),
  evidence: z.string(),
  issueNumber: z.number(),
  learnedAt: z.string(),
});
type Lesson = z.infer<typeof Lesson>;

const Said = z.looseObject({ result: z.string(), reason: z.string().optional() });

/** The app looks at the issue at GitHub before it writes. */
const ANSWER_MS = 60_000;

const row = ({ id, repo, kind, text, evidence, issueNumber, learnedAt }: Lesson) => [
  ...[id, kind, text, evidence],
  ...[`${repo}#${issueNumber}`, moment(learnedAt)],
];

export const lessons: Verb = {
  name: "lessons",
  says: "What runs noted of a repository, and later runs there are told; `rig lessons forget L3` takes one away.",
  words: [
    ["[forget]", "`forget`, to take one away; without, they are listed"],
    ["[lesson]", "its number, such as `L3`"],
  ],
  options: [["--repo <owner/name>", "only of this repository; to forget, the one it is of where several have that number"]],
  finding: "the lesson was not taken away",
  needs: "app",
  run: async ({ config, words: [act, wanted], options, say }) => {
    const query = typeof options.repo === "string" ? `?${new URLSearchParams({ repo: options.repo })}` : "";
    if (act !== undefined && (act !== "forget" || wanted === undefined))
      throw new Usage(`${plain(act)} is not what can be done with lessons: write rig lessons, or rig lessons forget L3.`);
    const found = await readApi(config, `/lessons${query}`, z.array(Lesson));
    if (wanted === undefined) {
      const head = ["Lesson", "Kind", "Text", "Shown by", "Learned with", "Time (UTC)"];
      say({ json: found, lines: found.length > 0 ? table(head, found.map(row)) : ["No run has noted anything that was merged."] });
      return false;
    }
    const [lesson, another] = found.filter(({ id }) => id.toLowerCase() === wanted.toLowerCase());
    if (!lesson) throw new Usage(`There is no lesson ${plain(wanted)}: rig lessons lists them.`);
    if (another) throw new Usage(`${lesson.repo} and ${another.repo} both have a lesson ${lesson.id}: say which with --repo.`);
    const { repo, issueNumber, id } = lesson;
    const said = await postApi(config, "/events", { type: "LESSON_FORGOTTEN", repo, issueNumber, id }, Said, ANSWER_MS);
    say({ json: said, lines: [said.reason ?? `${id} of ${repo} is forgotten: ${plain(lesson.text)}`] });
    return said.result !== "accepted";
  },
};
