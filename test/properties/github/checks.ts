import { missing } from "./errors.ts";
import { type Check, type GitHub, nextId, note, RIG_APP, stamp } from "./state.ts";

interface Shown {
  readonly status: Check["status"];
  readonly conclusion?: string;
  readonly output: { readonly title: string };
}

interface Named {
  readonly name: string;
  readonly head_sha: string;
  readonly external_id: string;
}

export function checksApi(github: GitHub) {
  const shown = ({ id, name, head, appId, status, conclusion, at, about }: Check) => ({
    id,
    head_sha: head,
    external_id: about ?? "",
    name,
    app: { id: appId },
    status,
    conclusion,
    completed_at: at.toISOString(),
    html_url: `https://github.example/checks/${id}`,
    output: { title: name, summary: `${name} concluded ${conclusion}` },
  });
  return {
    listForRef: async ({ ref, check_name, app_id }: { readonly ref: string; readonly check_name?: string; readonly app_id?: number }) => ({
      data: {
        check_runs: github.checks
          .filter(({ head, name, appId }) => head === ref && (check_name ?? name) === name && (app_id ?? appId) === appId)
          .map(shown),
      },
    }),
    listAnnotations: async ({ check_run_id }: { readonly check_run_id: number }) => ({
      data: github.runs.some(({ id, superseded }) => id === check_run_id && superseded)
        ? [{ message: "Canceling since a higher priority waiting request exists" }]
        : [],
    }),
    get: async ({ check_run_id }: { readonly check_run_id: number }) => ({
      data: shown(github.checks.find(({ id }) => id === check_run_id) ?? missing(`check ${check_run_id}`)),
    }),
    create: async ({ name, head_sha, external_id, status, conclusion = "", output }: Shown & Named) => {
      const made: Check = {
        ...{ id: nextId(github), name, head: head_sha, about: external_id, appId: RIG_APP },
        ...{ status, conclusion, at: stamp(github) },
      };
      github.checks.push(made);
      note(github, "createCheck", { head: head_sha, conclusion, title: output.title });
      return { data: shown(made) };
    },
    update: async ({ check_run_id, status, conclusion = "", output }: Shown & { readonly check_run_id: number }) => {
      const known = github.checks.find(({ id }) => id === check_run_id) ?? missing(`check ${check_run_id}`);
      Object.assign(known, { status, conclusion });
      note(github, "updateCheck", { head: known.head, conclusion, title: output.title });
      return { data: shown(known) };
    },
  };
}
