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
    ...(check.actions ? { actions: check.actions } : {}),
    ...(check.conclusion ? { conclusion: check.conclusion } : {}),
    output: {
      title: redact(check.title),
      summary: cut(redact(check.summary), MOST),
      ...(check.text ? { text: cut(redact(check.text), MOST) } : {}),
    },
  };
  const [head, id] = hands.attempt.externalId?.split("/") ?? [];
  const known = head === check.headSha ? Number(id) : await findOurs(check, hands);
  const remarks = await newRemarks(check, known, hands);
  const output = { ...shown.output, ...(remarks.length > 0 ? { annotations: remarks } : {}) };
  if (known) await octokit.rest.checks.update({ ...shown, output, check_run_id: known });
  const created = known
    ? undefined
    : await octokit.rest.checks.create({ ...shown, output, name: check.name, head_sha: check.headSha, external_id: subject.stream });
  return `${check.headSha}/${known ?? created?.data.id}`;
}

/** GitHub adds remarks to those it has, so only those it does not have yet are sent. */
async function newRemarks({ annotations = [] }: CheckRun, known: number | undefined, { octokit, subject, redact }: Hands) {
  if (annotations.length === 0) return [];
  const there = known
    ? await octokit.paginate(octokit.rest.checks.listAnnotations, { ...repositoryOf(subject), check_run_id: known, per_page: 100 })
    : [];
  const has = new Set(there.map(({ path, start_line, message }) => `${path}\n${start_line}\n${message}`));
  return annotations
    .map(({ path, line, level, title, message }) => ({
      ...{ path, start_line: line, end_line: line, annotation_level: level, title },
      message: redact(message),
    }))
    .filter(({ path, start_line, message }) => !has.has(`${path}\n${start_line}\n${message}`));
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
