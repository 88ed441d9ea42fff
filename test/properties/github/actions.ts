import { HttpError, missing } from "./errors.ts";
import { type GitHub, nextId, note, stamp, type WorkflowRun } from "./state.ts";

interface OnRun {
  readonly run_id: number;
}
interface Dispatch {
  readonly workflow_id: string;
  readonly inputs: Readonly<Record<string, string>>;
}

const page = (id: number) => `https://github.example/acme/shop/actions/runs/${id}`;

export function actionsApi(github: GitHub) {
  const of = (id: number): WorkflowRun => github.runs.find((run) => run.id === id) ?? missing(`workflow run ${id}`);
  return {
    getWorkflowRun: async ({ run_id }: OnRun) => {
      const { id, status, conclusion, createdAt } = of(run_id);
      const at = { created_at: createdAt.toISOString(), updated_at: stamp(github).toISOString() };
      return { data: { id, status, conclusion, html_url: page(id), head_sha: github.main.at(-1), ...at } };
    },
    getReviewsForRun: async (_: OnRun) => ({ data: [] }),
    listWorkflowRuns: async ({ workflow_id }: Dispatch) => ({
      data: {
        workflow_runs: github.runs
          .filter(({ workflow }) => workflow === workflow_id)
          .toReversed()
          .map(({ id, inputs, createdAt }) => ({
            id,
            display_title: `${workflow_id} ${Object.values(inputs).join(" ")}`,
            created_at: createdAt.toISOString(),
            html_url: page(id),
          })),
      },
    }),
    listJobsForWorkflowRun: async ({ run_id }: OnRun) => ({ data: { jobs: [{ id: run_id, conclusion: of(run_id).conclusion }] } }),
    cancelWorkflowRun: async ({ run_id }: OnRun) => {
      const run = of(run_id);
      if (run.status === "completed") throw new HttpError(409, "Cannot cancel a workflow run that is completed.");
      note(github, "cancel", { workflowRun: run_id, run: run.inputs.run });
      ended(github, run, "cancelled");
      return { data: {} };
    },
  };
}

/** A workflow begins to wait for its runner. */
export function dispatch(github: GitHub, { workflow_id, inputs }: Dispatch) {
  const run: WorkflowRun = {
    id: nextId(github),
    workflow: workflow_id,
    inputs,
    createdAt: stamp(github),
    status: "queued",
    conclusion: null,
    superseded: false,
  };
  github.runs.push(run);
  note(github, "dispatch", { workflow: workflow_id, workflowRun: run.id, ...inputs });
  return { data: { workflow_run_id: run.id, html_url: page(run.id) } };
}

export function ended(github: GitHub, run: WorkflowRun, conclusion: string): void {
  run.status = "completed";
  run.conclusion = conclusion;
  github.tell({ workflowRunId: run.id });
}
