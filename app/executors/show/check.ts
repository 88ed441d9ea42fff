import type { CheckRun } from "../../domain/commands.ts";
import { cut } from "../../domain/escape.ts";
import { type Hands, repositoryOf } from "../executor.ts";

/** GitHub refuses more than 65,535 characters. */
const MOST = 60_000;

/** One check run for each head; a later picture of the same head edits it. */
export async function showCheck(check: CheckRun, hands: Hands): Promise<string> {
  const { octokit, subject, redact } = hands;
  const shown = {
    ...repositoryOf(subject),
    status: check.status,
    ...(check.conclusion ? { conclusion: check.conclusion } : {}),
    output: {
      title: redact(check.title),
      summary: cut(redact(check.summary), MOST),
      ...(check.text ? { text: cut(redact(check.text), MOST) } : {}),
    },
  };
  const [head, id] = hands.attempt.externalId?.split("/") ?? [];
  const known = head === check.headSha ? Number(id) : await findOurs(check, hands);
  if (known) await octokit.rest.checks.update({ ...shown, check_run_id: known });
  const created = known
    ? undefined
    : await octokit.rest.checks.create({ ...shown, name: check.name, head_sha: check.headSha, external_id: subject.stream });
  return `${check.headSha}/${known ?? created?.data.id}`;
}

async function findOurs({ name, headSha }: CheckRun, { octokit, subject, identities }: Hands): Promise<number | undefined> {
  const { data } = await octokit.rest.checks.listForRef({
    ...repositoryOf(subject),
    ref: headSha,
    check_name: name,
    app_id: identities.rigAppId,
  });
  return data.check_runs[0]?.id;
}
