/** A repository where many agents may work at once, and no machine ever takes their jobs: runs are dispatched and wait. */
import { z } from "zod";
import { asUser } from "../world/github/as-user.ts";
import type { Outgoing } from "../world/github/webhooks/delivery.ts";
import type { World } from "../world/world.ts";

const rig = `queue:
  maxConcurrent: 400
agents:
  dev-e:
    maxConcurrent: 400
limits:
  runsPerDay: 1000
`;

const devE = `name: Dev-E
run-name: Dev-E \${{ inputs.run }}
on:
  workflow_dispatch:
    inputs: { run: { description: The run the Conductor planned, type: string, required: true } }
permissions: {}
jobs:
  work:
    runs-on: [self-hosted, rig]
    steps:
      - run: "true"
`;

/** What of a payload says whose doing it is, and on which issue. */
const Told = z.object({ issue: z.object({ number: z.number() }), sender: z.object({ login: z.string() }) });

export type BusyRepository = Awaited<ReturnType<typeof openBusyRepository>>;

/** From now on the world's GitHub tells nobody of anything by itself: the test sends what it would have sent. */
export async function openBusyRepository({ github, runner, people, apps }: World) {
  const place = { owner: "acme", repo: "busy" };
  const { id, fullName } = await github.createRepository({
    owner: place.owner,
    name: place.repo,
    files: { ".github/rig.yml": rig, ".github/workflows/dev-e.yml": devE, "README.md": "Busy.\n" },
    collaborators: { jonas: "write" },
    private: true,
    labels: ["agent-ready"],
  });
  runner.pauseLabel("rig");
  github.deliveries.drop(() => true, Number.POSITIVE_INFINITY);
  github.install(apps.rig.id, place.owner, [place.repo]);
  const jonas = asUser(github, people.jonas.token);
  return {
    id,
    fullName,
    jonas,
    place,
    /** Jonas opens an issue, says something and hands it over; answers its number and what GitHub tells of that. */
    async handOver(title: string): Promise<{ readonly number: number; readonly deliveries: readonly Outgoing[] }> {
      const { number } = (await jonas.rest.issues.create({ ...place, title, body: `${title}: the till rounds prices half up.` })).data;
      await jonas.rest.issues.createComment({ ...place, issue_number: number, body: "It is not urgent." });
      await jonas.rest.issues.addLabels({ ...place, issue_number: number, labels: ["agent-ready"] });
      await github.deliveries.settled();
      const deliveries = github.deliveries.all().filter(({ payload }) => {
        const { success, data } = Told.safeParse(payload);
        return success && data.issue.number === number && data.sender.login === "jonas";
      });
      return { number, deliveries };
    },
    /** Titles of the workflow runs there are: each names the run it was dispatched for. */
    async runTitles(): Promise<readonly string[]> {
      const runs = await jonas.paginate(jonas.rest.actions.listWorkflowRunsForRepo, { ...place, per_page: 100 });
      return runs.map(({ display_title }) => display_title);
    },
    /** How many comments the Rig has on an issue. */
    async statusComments(issue_number: number): Promise<number> {
      const { data } = await jonas.rest.issues.listComments({ ...place, issue_number, per_page: 100 });
      return data.filter(({ user }) => user?.login === apps.rig.botLogin).length;
    },
  };
}
