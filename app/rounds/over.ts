import { proposalsJob } from "../architect/jobs.ts";
import type { Conductor } from "../conductor.ts";
import { StreamId } from "../domain/ids.ts";
import { syncIncident } from "../incidents.ts";
import { folded } from "../sync.ts";

/** What came of a round goes to whoever asked for it. Twice is once. */
export async function roundOver(conductor: Conductor, stream: string, cause: string): Promise<void> {
  const { store, log } = conductor;
  const history = await store.readStream(StreamId.parse(stream));
  const { issue } = folded(history);
  const row = await store.issueByStream(stream);
  if (!issue.round || !row) return;
  const report = history.findLast((event) => event.type === "RUN_FINISHED" && event.data.outcome === "report");
  if (report?.type !== "RUN_FINISHED") {
    log.warn({ round: stream, why: row.why }, "A round came to nothing");
    return;
  }
  const { runId, diagnosis, proposals } = report.data;
  const { incident: fingerprint } = issue.round;
  if (diagnosis && fingerprint !== undefined)
    await syncIncident(conductor, fingerprint, cause, [
      {
        type: "INCIDENT_DIAGNOSED",
        data: { fingerprint, runId, diagnosis },
        ...{ actor: report.actor, dedupeKey: `diagnosed:${runId}` },
      },
    ]);
  if (proposals) await store.addJobs([proposalsJob(row.repositoryId)]);
}
