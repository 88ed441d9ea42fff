import type { Rendering } from "../../domain/commands.ts";
import { statusOf } from "../../observe/github.ts";
import { type Hands, repositoryOf } from "../executor.ts";

type Labels = Extract<Rendering, { readonly surface: "labels" }>;

/** Of a family of labels exactly one is on the issue. The labels of people are never touched. */
export async function showLabels({ number, add, family }: Labels, { octokit, subject }: Hands): Promise<void> {
  const issue = { ...repositoryOf(subject), issue_number: number };
  const { data } = await octokit.rest.issues.listLabelsOnIssue({ ...issue, per_page: 100 });
  const present = data.map(({ name }) => name);
  if (add && !present.includes(add)) await octokit.rest.issues.addLabels({ ...issue, labels: [add] });
  for (const name of family.split(",").filter((label) => label !== add && present.includes(label))) {
    try {
      await octokit.rest.issues.removeLabel({ ...issue, name });
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }
}
