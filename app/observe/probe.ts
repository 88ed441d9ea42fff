/** One HTTP request and what its answer shows: before a release counts as healthy, and over and over in production. */

import type { Probe } from "../domain/events.ts";
import { jsonPathFault, valuesAt } from "../domain/json-path.ts";
import type { ProbeSpec } from "../domain/policy.ts";
import { SHA } from "../domain/release-checks.ts";
import { type Heard, oneLine } from "./one-line.ts";

const ANSWERS_WITHIN_MS = 5_000;
/** So much longer than its bound is waited, to tell how late it was. */
const GRACE_MS = 2_000;
const MOST_BYTES = 256 * 1024;
const MOST_SHOWN = 60;
const MOST_DETAIL = 300;
const commit = /^[0-9a-f]{40}$/;

/** Whether a commit is the one that is wanted, or has it in it. */
export type IsLive = (sha: string) => Promise<boolean>;

/** Who says which commit is live, and what may be told of an answer. */
interface Judge {
  readonly isLive: IsLive;
  readonly heard: Heard;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly whole: boolean;
  readonly ms: number;
}

/** Whatever goes wrong with the request is an answer, not an exception. Without `isLive`, `{sha}` stands for any commit. */
export async function sendProbe(spec: ProbeSpec, isLive: IsLive = async (sha) => commit.test(sha), heard: Heard = oneLine): Promise<Probe> {
  const { url, name, dependency } = spec;
  const result = (ok: boolean, detail: string): Probe => ({
    ...{ url, ok, detail: oneLine(detail, MOST_DETAIL) },
    ...(name === undefined ? {} : { name }),
    ...(dependency === undefined ? {} : { dependency }),
  });
  const answer = await ask(spec);
  if (typeof answer === "string") return result(false, answer);
  const fault = await faultOf(answer, spec, { isLive, heard });
  return fault === undefined ? result(true, `answers ${answer.status} as expected`) : result(false, fault);
}

/** The answer, or why there is none. */
async function ask({ url, within }: ProbeSpec): Promise<Answer | string> {
  const patience = within === undefined ? ANSWERS_WITHIN_MS : within + GRACE_MS;
  const begun = performance.now();
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
      // A kept connection may lead to the release before this one, and so may a cache.
      headers: { "user-agent": "engineering-rig", connection: "close", "cache-control": "no-cache" },
    });
    const { text, whole } = await firstOf(response);
    return { status: response.status, headers: response.headers, text, whole, ms: Math.round(performance.now() - begun) };
  } catch (error) {
    return `does not answer (${reasonOf(error, patience)})`;
  }
}

/** Of an endless answer, its beginning. */
async function firstOf({ body }: Response): Promise<{ readonly text: string; readonly whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_BYTES) break;
  }
  return { text: Buffer.concat(chunks).subarray(0, MOST_BYTES).toString("utf8"), whole: size <= MOST_BYTES };
}

function reasonOf(error: unknown, patience: number): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return `not within ${patience} ms`;
  const { cause } = error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : error.name;
}

/** The first thing in an answer that is not as it should be: what was seen, and what was wanted. */
async function faultOf(answer: Answer, spec: ProbeSpec, judge: Judge): Promise<string | undefined> {
  const { status, headers, text, whole, ms } = answer;
  if (status !== spec.status) {
    const redirected = status >= 300 && status < 400 ? " (redirects are not followed)" : "";
    return `answers ${status}${redirected}, not ${spec.status}`;
  }
  if (spec.contains !== undefined && !text.includes(spec.contains)) return `does not contain ${shown(spec.contains)}`;
  for (const [header, wanted] of Object.entries(spec.headers ?? {})) {
    const fault = await differs(`header ${header}`, headers.get(header) ?? undefined, wanted, judge);
    if (fault) return fault;
  }
  for (const [place, wanted] of Object.entries(spec.json ?? {})) {
    if (!whole) return `answers more than ${MOST_BYTES / 1024} KiB, of which nothing is read as JSON`;
    const document = parsed(text);
    if (document === undefined) return "does not answer JSON";
    const values = jsonPathFault(place) === undefined ? valuesAt(document.value, place) : [];
    const fault = values.length > 1 ? `shows ${place} ${values.length} times` : await differs(place, values[0], wanted, judge);
    if (fault) return fault;
  }
  return spec.within !== undefined && ms > spec.within ? `answers in ${ms} ms, not within ${spec.within} ms` : undefined;
}

async function differs(what: string, value: string | undefined, wanted: string, { isLive, heard }: Judge): Promise<string | undefined> {
  const ok = wanted === SHA ? value !== undefined && (await isLive(value)) : value === wanted;
  if (ok) return undefined;
  const right = wanted === SHA ? "the merge" : shown(wanted);
  return value === undefined ? `does not show ${what}, which has to be ${right}` : `shows ${what} ${shown(value, heard)}, not ${right}`;
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** A stranger's word: short, on one line, and between quotation marks where it is no plain word. */
function shown(text: string, heard: Heard = oneLine): string {
  const short = heard(text, MOST_SHOWN);
  return /^[\w.:+-]+$/.test(short) ? short : `"${short}"`;
}
