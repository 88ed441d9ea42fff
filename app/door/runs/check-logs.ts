import type { Finding } from "../../domain/events.ts";
import type { Subject } from "../../domain/ids.ts";
import { within } from "../within.ts";
import type { Desk } from "./desk.ts";
import type { RunRequest } from "./task.ts";

/** A claim is answered within the time that a run waits for one answer, whatever GitHub does. */
const MOST_MS = 8_000;

/** A failed check with what its log says, and its annotations behind it. Read at the claim and kept nowhere: it is a stranger's text, and long. */
export async function withLogs(desk: Desk, subject: Subject, { kind, baseSha, findings }: RunRequest): Promise<readonly Finding[]> {
  if (kind !== "fix-ci" || !desk.failures) return findings;
  const checks = findings.map(({ by }) => by);
  try {
    const failures = await within(MOST_MS, desk.failures(subject, baseSha, checks, AbortSignal.timeout(MOST_MS)));
    return findings.flatMap((finding) => {
      const own = failures.filter(({ name }) => name === finding.by);
      const text = [finding.text, ...own.map((failure) => failure.text)].filter((part) => part !== "").join("\n\n");
      return [{ ...finding, text }, ...own.flatMap(({ annotations }) => annotations.map((one) => ({ by: finding.by, ...one })))];
    });
  } catch (error) {
    desk.log.warn({ err: error, issue: subject.stream }, "The logs of failed checks could not be read");
    return findings.map((finding) => ({ ...finding, text: `${finding.text}\n\nIts log could not be read.` }));
  }
}
