/** Asking Prometheus one number, as its HTTP API answers an instant query. */
import { z } from "zod";

export interface Prometheus {
  /** Where its API begins: `/api/v1` comes after it. */
  readonly url: string;
  readonly token?: string | undefined;
}

/** One series of the answer. Of what Prometheus calls NaN nothing can be said. */
export interface Value {
  readonly labels: string;
  readonly value: number;
}

const ANSWERS_WITHIN_MS = 15_000;
const MOST_BYTES = 1024 * 1024;

const Sample = z.tuple([z.number(), z.string()]);
const Answer = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("success"),
    data: z.discriminatedUnion("resultType", [
      z.object({ resultType: z.literal("scalar"), result: Sample }),
      z.object({
        resultType: z.literal("vector"),
        result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: Sample })),
      }),
      z.object({ resultType: z.enum(["matrix", "string"]) }),
    ]),
  }),
  z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() }),
]);

/** Every series that the query has now. Throws where there is no answer to it. */
export async function askPrometheus({ url, token }: Prometheus, query: string, signal: AbortSignal): Promise<readonly Value[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query, timeout: "10s" })}`, {
    headers: { accept: "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    // The token is for this address and no other.
    redirect: "error",
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWERS_WITHIN_MS)]),
  });
  const answer = Answer.safeParse(parsed(await textOf(response))).data;
  if (!answer) throw new Error(`It answers ${response.status}, and not as Prometheus does: see PROMETHEUS_URL and PROMETHEUS_TOKEN.`);
  if (answer.status === "error") throw new Error(`${answer.errorType}: ${answer.error}`);
  const { data } = answer;
  if (data.resultType === "scalar") return [{ labels: "", value: numberOf(data.result[1]) }];
  if (data.resultType === "vector")
    return data.result.map(({ metric, value }) => ({ labels: labelsOf(metric), value: numberOf(value[1]) }));
  throw new Error(`The query answers a ${data.resultType}: write one that answers a number, as with rate() or last_over_time().`);
}

const labelsOf = (metric: Readonly<Record<string, string>>): string =>
  Object.entries(metric)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");

/** `+Inf` and `-Inf` are numbers to compare with. */
const numberOf = (text: string): number => (/^[+-]?Inf$/.test(text) ? Number(`${text}inity`) : Number(text || "NaN"));

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error("It answers more than 1 MiB: write a query that answers one number, as with sum() or max().");
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
