/** The check run `rig/gates`: one for each commit, written with the workflow's token. */
import type { Annotation } from "../../app/domain/commands.ts";
import { cut } from "../../app/domain/escape.ts";
import type { Octokit } from "../../app/observe/github.ts";

export interface Desk {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
  readonly redact: (text: string) => string;
}

export interface Shown {
  readonly conclusion: "success" | "action_required" | "failure";
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
  readonly annotations?: readonly Annotation[];
}

const NAME = "rig/gates";
/** GitHub refuses more than 65,535 characters, and more than 50 remarks at once. */
const MOST = 60_000;
const MOST_AT_ONCE = 50;

/**
 * Opens the check of a commit, or takes back what it said: until it is judged, nothing is green (R12c). Answers its id.
 * A write that failed may have happened: the check is looked for again before it is written once more.
 */
export const openCheck = (desk: Desk, headSha: string): Promise<number> => open(desk, headSha).catch(() => open(desk, headSha));

/** Concludes a check. Remarks stay where they are once made, so only new ones are sent. */
export const concludeCheck = (desk: Desk, id: number, shown: Shown): Promise<void> =>
  conclude(desk, id, shown).catch(() => conclude(desk, id, shown));

async function open({ octokit, owner, repo }: Desk, head_sha: string): Promise<number> {
  const known = await ownCheck({ octokit, owner, repo }, head_sha);
  const output = { title: "The gates are being judged.", summary: "What GitHub shows now is being read." };
  const { data } = known
    ? await octokit.rest.checks.update({ owner, repo, check_run_id: known, status: "in_progress", output })
    : await octokit.rest.checks.create({ owner, repo, name: NAME, head_sha, external_id: NAME, status: "in_progress", output });
  return data.id;
}

/** Jobs are check runs of the same App: those do not carry our id. */
async function ownCheck({ octokit, owner, repo }: Omit<Desk, "redact">, ref: string): Promise<number | undefined> {
  const asked = { owner, repo, ref, check_name: NAME, filter: "all", per_page: 100 } as const;
  const runs = await octokit.paginate(octokit.rest.checks.listForRef, asked);
  const ours = runs.filter(({ app, external_id }) => app?.slug === "github-actions" && external_id === NAME);
  return ours.length > 0 ? Math.max(...ours.map(({ id }) => id)) : undefined;
}

async function conclude({ octokit, owner, repo, redact }: Desk, check_run_id: number, shown: Shown): Promise<void> {
  const output = {
    title: redact(shown.title),
    summary: cut(redact(shown.summary), MOST),
    ...(shown.text ? { text: cut(redact(shown.text), MOST) } : {}),
  };
  const before = await octokit.paginate(octokit.rest.checks.listAnnotations, { owner, repo, check_run_id, per_page: 100 });
  const made = new Set(before.map(keyOf));
  const fresh = (shown.annotations ?? []).map((one) => sent(one, redact)).filter((one) => !made.has(keyOf(one)));
  const concluded = { owner, repo, check_run_id, status: "completed", conclusion: shown.conclusion } as const;
  for (let at = 0; at === 0 || at < fresh.length; at += MOST_AT_ONCE) {
    const annotations = fresh.slice(at, at + MOST_AT_ONCE);
    await octokit.rest.checks.update({ ...concluded, output: { ...output, ...(annotations.length > 0 ? { annotations } : {}) } });
  }
}

const sent = ({ path, line, level, title, message }: Annotation, redact: Desk["redact"]) => ({
  ...{ path, start_line: line, end_line: line, annotation_level: level },
  ...{ title: redact(title), message: redact(message) },
});

const keyOf = ({ path, start_line, title, message }: { path: string; start_line: number; title?: string | null; message: string | null }) =>
  JSON.stringify([path, start_line, title, message]);
