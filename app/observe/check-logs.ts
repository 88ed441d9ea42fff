/** What GitHub holds about failed checks: the log of a job of GitHub Actions, the output of any other check, and annotations. All of it is a stranger's text. */
import type { Octokit } from "./github.ts";
import { headAndTail, logExcerpt } from "./log-excerpt.ts";

/** GitHub's own App: a job of its Actions has the number of its check run. */
const ACTIONS = "github-actions";
/** Bytes of a log that are read; more is cut off. */
const MOST_LOG = 20 * 1024 * 1024;
const MOST_ANNOTATIONS = 20;
const MOST_MESSAGE = 2_000;
/** Characters of what one check says, and of all together. */
export const MOST_OF_ONE = 24 * 1024;
export const MOST_OF_ALL = 64 * 1024;

export interface Place {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
}

export interface CheckFailure {
  readonly name: string;
  /** An excerpt of its log or output, or why there is none; empty where there is nothing to tell. */
  readonly text: string;
  readonly annotations: readonly { readonly path: string; readonly line: number; readonly text: string }[];
}

/** What these checks of a head say of their failure. Whatever cannot be read is told instead of thrown. */
export async function checkFailures(
  place: Place,
  headSha: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly CheckFailure[]> {
  const { octokit, owner, repo } = place;
  const runs = await octokit.paginate(octokit.rest.checks.listForRef, {
    ...{ owner, repo, ref: headSha, filter: "latest", per_page: 100 },
    request: { signal },
  });
  const failed = runs.filter((run) => names.includes(run.name) && run.status === "completed" && !well.has(run.conclusion ?? ""));
  const most = Math.min(MOST_OF_ONE, Math.floor(MOST_OF_ALL / Math.max(1, failed.length)));
  return Promise.all(
    failed.map(async (run) => {
      const [text, annotations] = await Promise.all([
        textOf(place, run, most, signal),
        run.output.annotations_count > 0 ? annotationsOf(place, run.id, signal) : [],
      ]);
      return { name: run.name, text, annotations };
    }),
  );
}

const well: ReadonlySet<string> = new Set(["success", "neutral", "skipped"]);

interface CheckRun {
  readonly id: number;
  readonly app: { readonly slug?: string } | null;
  readonly output: { readonly text: string | null };
}

async function textOf(place: Place, { id, app, output }: CheckRun, most: number, signal: AbortSignal): Promise<string> {
  if (app?.slug !== ACTIONS) return headAndTail(output.text ?? "", most);
  try {
    return logExcerpt(await jobLog(place, id, signal), most);
  } catch (error) {
    return `Its log could not be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** GitHub answers with an address at another host, which is asked without our token. */
async function jobLog({ octokit, owner, repo }: Place, job_id: number, signal: AbortSignal): Promise<string> {
  const { headers } = await octokit.rest.actions.downloadJobLogsForWorkflowRun({
    owner,
    repo,
    job_id,
    request: { redirect: "manual", signal },
  });
  if (!headers.location) throw new Error("GitHub did not say where it is.");
  const response = await fetch(headers.location, { signal, redirect: "error" });
  if (!response.ok || !response.body) throw new Error(`where it lies, the answer is ${response.status}.`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    parts.push(part);
    size += part.length;
    // The end of the loop cancels the rest of the download.
    if (size >= MOST_LOG) break;
  }
  return Buffer.concat(parts).subarray(0, MOST_LOG).toString("utf8");
}

async function annotationsOf(
  { octokit, owner, repo }: Place,
  check_run_id: number,
  signal: AbortSignal,
): Promise<CheckFailure["annotations"]> {
  try {
    const { data } = await octokit.rest.checks.listAnnotations({ owner, repo, check_run_id, per_page: 50, request: { signal } });
    return (
      data
        // GitHub puts what belongs to no file at `.github`.
        .filter(({ annotation_level, path }) => annotation_level === "failure" && path !== ".github")
        .slice(0, MOST_ANNOTATIONS)
        .map(({ path, start_line, title, message }) => ({
          ...{ path, line: Math.max(1, start_line) },
          text: headAndTail([title, message].filter(Boolean).join("\n"), MOST_MESSAGE),
        }))
    );
  } catch {
    // They say nothing that the log or the check's summary does not.
    return [];
  }
}
