import { RunId, type Subject } from "../../domain/ids.ts";
import type { RunRow } from "../../store/runs.ts";
import { hashOf } from "../capability.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "./desk.ts";
import type { Place } from "./identity.ts";

/** The run that a URL names. */
export async function runNamed(desk: Desk, name: string | undefined): Promise<RunRow> {
  const runId = RunId.safeParse(name);
  const run = runId.success ? await desk.store.run(runId.data) : undefined;
  if (!run) throw new Problem(404, `There is no run ${String(name).slice(0, 40)}.`);
  return run;
}

/** The run whose bearer this is. The bearer ends when its time is over (401) and when something newer took the run's place (409). */
export async function runOfCapability(desk: Pick<Desk, "store">, capability: string): Promise<RunRow> {
  const run = await desk.store.runByCapability(hashOf(capability));
  if (!run) throw new Problem(401, "The bearer belongs to no run, or its time is over.", { "www-authenticate": "Bearer" });
  if (run.fenced) throw new Problem(409, `The run ${run.runId} is superseded: something newer took its place.`);
  return run;
}

export async function placeOf(desk: Desk, repositoryId: number): Promise<Place> {
  const repository = await desk.store.repository(repositoryId);
  if (!repository) throw new Problem(404, `The App is not installed in the repository ${repositoryId}.`);
  const { id, owner, name, defaultBranch } = repository;
  return { id, owner, name, defaultBranch };
}

export async function subjectOf(desk: Pick<Desk, "store">, runId: RunId): Promise<Subject> {
  const subject = await desk.store.issueByRun(runId);
  if (!subject) throw new Problem(404, `The run ${runId} belongs to no issue.`);
  return subject;
}
