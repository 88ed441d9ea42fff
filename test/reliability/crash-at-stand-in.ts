/** The same deaths against the stand-in GitHub, over HTTP and through the real client: from the label to the run that waits for its machine. */
import pg from "pg";
import type { Conductor } from "../../app/conductor.ts";
import type { Config } from "../../app/config.ts";
import { connectGitHub, type GitHub } from "../../app/github.ts";
import { lookAt, subjectFor } from "../../app/hear.ts";
import { openDatabase } from "../../app/store/database.ts";
import { createStore } from "../../app/store/store.ts";
import { createGitHub } from "../properties/github/state.ts";
import { conductorOf, discordOf, quiet } from "../properties/rig/conductor.ts";
import { createTestDatabase } from "../support/postgres.ts";
import { startWorld } from "../world/world.ts";
import { openBusyRepository } from "./busy-repository.ts";
import type { Life } from "./crash.ts";
import { createDriver, type Driver } from "./crash-driver.ts";
import { outcomeOf } from "./outcome.ts";

type Tried = ReturnType<Driver["told"]> & { readonly outcome: unknown; readonly messages: number };

/** Hands issues over, one after the other, each time with another death. */
export async function openStandIn() {
  const opened = new AsyncDisposableStack();
  const { url, close } = await createTestDatabase();
  opened.defer(close);
  const world = await startWorld();
  opened.defer(() => world.close());
  const repository = await openBusyRepository(world);
  const database = await openDatabase({ databaseUrl: url, poolSize: 4 });
  opened.defer(() => database.close());
  const store = createStore(database.pool);
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  opened.defer(() => owner.end());

  const { rig, review } = world.apps;
  const config = { app: rig, reviewApp: review, webhookSecrets: [rig.webhookSecret], githubApiUrl: world.github.apiUrl };
  const connection = connectGitHub(config as unknown as Config, quiet);
  const { data } = await (await connection.app()).rest.apps.getRepoInstallation({ owner: "acme", repo: "busy" });
  const of = { id: repository.id, owner: "acme", name: "busy", installationId: data.id, defaultBranch: "main", private: true };
  await store.upsertRepository(of);

  return {
    violations: world.violations,
    async play(title: string, nth?: number): Promise<Tried> {
      await owner.query("delete from graphile_worker._private_jobs");
      const { number } = await repository.handOver(title);
      const subject = await subjectFor(store, repository.id, number);
      if (!subject) throw new Error(`#${number} is not to be found.`);
      const discord = discordOf(createGitHub(() => new Date()));
      const begin = ({ around, wrapped }: Life): Conductor => ({
        ...conductorOf({
          store: wrapped(store, "store"),
          octokit: undefined as never,
          discord: wrapped(discord, "discord"),
          now: () => new Date(),
        }),
        github: fragileConnection(connection, around),
      });
      const driver = createDriver(owner, begin, nth === undefined ? undefined : { nth });
      await store.addJobs([lookAt(subject, "test")]);
      while (await driver.step(new Date()));
      const [outcome] = await outcomeOf({ events: (stream) => store.readStream(stream) }, repository, [number]);
      const { labels } = (await repository.jonas.rest.issues.get({ ...repository.place, issue_number: number })).data;
      const names = labels.map((label) => (typeof label === "string" ? label : label.name));
      return { ...driver.told(), outcome: { ...outcome, labels: names.toSorted() }, messages: discord.messages.size };
    },
    close: () => opened.disposeAsync(),
  };
}

/** Each request may be the last; what is known of our own accounts is known. */
const fragileConnection = (connection: GitHub, around: Life["around"]): GitHub => ({
  ...connection,
  async installation(id) {
    const octokit = await connection.installation(id);
    octokit.hook.wrap("request", (request, options) => around(`${options.method} ${options.url}`, async () => request(options)));
    return octokit;
  },
});
