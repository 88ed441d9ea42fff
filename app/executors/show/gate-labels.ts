import type { Rendering } from "../../domain/commands.ts";
import { statusOf } from "../../observe/github.ts";
import { type Hands, repositoryOf } from "../executor.ts";

type GateLabels = Extract<Rendering, { readonly surface: "gate-labels" }>;

/** Of the labels that begin with the prefix exactly these are there. The labels of people are never touched. */
export async function showGateLabels({ number, names, prefix }: GateLabels, { octokit, subject }: Hands): Promise<void> {
  const issue = { ...repositoryOf(subject), issue_number: number };
  const { data } = await octokit.rest.issues.listLabelsOnIssue({ ...issue, per_page: 100 });
  const present = data.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  const wanted = names.map((name) => `${prefix}${name}`);
  const missing = wanted.filter((name) => !present.includes(name));
  if (missing.length > 0) await octokit.rest.issues.addLabels({ ...issue, labels: missing });
  for (const name of present.filter((label) => !wanted.includes(label))) {
    try {
      await octokit.rest.issues.removeLabel({ ...issue, name });
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }
}
