/** F15, F31, F32 against the whole app: told by a webhook, or found by the coordination when the webhook was lost. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { issueStream, repositoryStream } from "../../app/domain/ids.ts";
import { createTestDatabase, type TestDatabase } from "../support/postgres.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import { asUser } from "../world/github/as-user.ts";
import { startWorld, type World } from "../world/world.ts";
import { manifest } from "./in-process.ts";

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

let folder: string;
let testDatabase: TestDatabase;
let world: World;
let rig: Conductor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-life-"));
  testDatabase = await createTestDatabase();
  world = await startWorld();
  world.runner.pauseLabel("rig");
  rig = await startConductor(world, { databaseUrl: testDatabase.url, logFile: join(folder, "app.log") });
}, 180_000);
afterAll(async () => {
  await rig?.close();
  await world?.close();
  await testDatabase?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => world.github.deliveries.undisturbed());

/** An account of its own with one repository, and an issue there that an agent works on. */
async function settle(owner: string) {
  const { github, people, apps } = world;
  const place = { owner, repo: "shop" };
  github.createOrganization(owner);
  const { id } = await github.createRepository({
    ...{ owner, name: place.repo, private: true, labels: ["agent-ready"], collaborators: { maria: "admin", jonas: "write" } },
    files: { ".github/workflows/dev-e.yml": devE, "README.md": "Shop.\n" },
  });
  const { installationId } = github.install(apps.rig.id, owner, [place.repo]);
  const maria = asUser(github, people.maria.token);
  const { number } = (await maria.rest.issues.create({ ...place, title: "Mend the rounding of prices", labels: ["agent-ready"] })).data;
  const stream = issueStream(owner, place.repo, number);
  const here = {
    ...{ id, installationId, fullName: `${owner}/${place.repo}`, place, maria, number, stream, home: repositoryStream(owner, place.repo) },
    types: async (of: string = stream) => (await rig.store.readStream(of)).map(({ type }) => type),
    count: async (type: string, of: string = stream) => (await here.types(of)).filter((one) => one === type).length,
    state: async () => (await rig.store.issueByStream(stream))?.state,
    repository: async () => {
      const found = await rig.store.repository(id);
      if (!found) throw new Error(`The Rig does not know ${owner}/${place.repo}.`);
      return found;
    },
    /** Runs of agents under way at GitHub, under the name the repository has now. */
    running: async () => {
      const { owner: now, name } = await here.repository();
      const { data } = await maria.rest.actions.listWorkflowRunsForRepo({ owner: now, repo: name, per_page: 100 });
      return data.workflow_runs.filter(({ status }) => status !== "completed").length;
    },
    comments: async () => {
      const { owner: now, name } = await here.repository();
      const { data } = await maria.rest.issues.listComments({ owner: now, repo: name, issue_number: number, per_page: 100 });
      return data.filter(({ user }) => user?.login === apps.rig.botLogin);
    },
  };
  await eventually(async () => expect(await here.running()).toBe(1));
  await eventually(async () => expect(await here.comments()).toHaveLength(1));
  return here;
}

type Here = Awaited<ReturnType<typeof settle>>;

/** Told by a webhook, or lost and found. */
async function happens(how: "told" | "found", act: () => void): Promise<void> {
  if (how === "found") world.github.deliveries.drop(() => true, Number.POSITIVE_INFINITY);
  act();
  await world.github.deliveries.settled();
  if (how === "found") await rig.coordinate();
}

async function rests(here: Here, because: string): Promise<void> {
  await eventually(async () => {
    expect((await here.repository()).pausedBecause).toContain(because);
    expect(await here.state()).toBe("held");
  });
  const held = (await rig.store.readStream(here.stream)).filter(({ type }) => type === "ISSUE_HELD");
  expect(held).toHaveLength(1);
  expect(held[0]).toMatchObject({ data: { by: "github", reason: expect.stringContaining(because) } });
  const runs = await rig.store.liveRuns();
  expect(runs.filter(({ stream }) => stream === here.stream)).toEqual([]);
}

async function goesOn(here: Here): Promise<void> {
  await eventually(async () => {
    expect((await here.repository()).pausedBecause).toBeNull();
    expect(await here.running()).toBe(1);
    expect(await here.state()).not.toBe("held");
  });
  expect(await here.count("ISSUE_RELEASED")).toBe(1);
  expect(await here.count("REPOSITORY_PAUSED", here.home)).toBe(1);
  expect(await here.count("REPOSITORY_RESUMED", here.home)).toBe(1);
  expect(await here.comments()).toHaveLength(1);
}

describe.each(["told", "found"] as const)("%s", (how) => {
  test("a repository that is renamed keeps its streams, its run and its one status comment", async () => {
    const here = await settle(`renamed-${how}`);
    const [before] = await here.comments();
    await happens(how, () => world.github.renameRepository(here.fullName, "store", "maria"));
    await eventually(async () =>
      expect(await here.repository()).toMatchObject({ owner: `renamed-${how}`, name: "store", stream: here.home }),
    );
    expect(await rig.store.readStream(here.home)).toContainEqual(
      expect.objectContaining({ type: "REPOSITORY_RENAMED", data: { from: here.fullName, to: `renamed-${how}/store` } }),
    );
    world.github.deliveries.undisturbed();
    await here.maria.rest.issues.addLabels({ owner: `renamed-${how}`, repo: "store", issue_number: here.number, labels: ["rig:hold"] });
    await eventually(async () => expect(await here.state()).toBe("held"));
    await eventually(async () => expect((await here.comments())[0]?.body).not.toBe(before?.body));
    expect((await here.comments()).map(({ id }) => id)).toEqual([before?.id]);
    expect(await rig.store.readStream(issueStream(`renamed-${how}`, "store", here.number))).toEqual([]);
    expect(await here.count("ISSUE_APPROVED")).toBe(1);
  }, 180_000);

  test("an archived repository rests, and goes on when it is unarchived", async () => {
    const here = await settle(`archived-${how}`);
    await happens(how, () => world.github.archiveRepository(here.fullName, "maria"));
    await rests(here, "archived");
    await happens(how, () => world.github.unarchiveRepository(here.fullName, "maria"));
    await eventually(async () => expect(await here.state()).not.toBe("held"));
  }, 180_000);

  test("one that is made public rests, its run is ended, and it goes on when it is private again", async () => {
    const here = await settle(`public-${how}`);
    await happens(how, () => world.github.publicizeRepository(here.fullName, "maria"));
    await rests(here, "made public");
    await eventually(async () => expect(await here.running()).toBe(0));
    await happens(how, () => world.github.privatizeRepository(here.fullName, "maria"));
    await goesOn(here);
  }, 180_000);

  test("a suspended installation holds its issues without reading them, and gives them back", async () => {
    const here = await settle(`suspended-${how}`);
    await happens(how, () => world.github.suspend(here.installationId, true));
    await rests(here, "suspended");
    expect((await here.repository()).readable).toBe(false);
    await happens(how, () => world.github.suspend(here.installationId, false));
    await eventually(async () => expect(await here.state()).not.toBe("held"));
  }, 180_000);

  test("an uninstalled App holds what it may no longer see, and goes on in its next installation", async () => {
    const here = await settle(`uninstalled-${how}`);
    await happens(how, () => world.github.uninstall(here.installationId));
    await rests(here, "uninstalled");
    let next = 0;
    await happens(how, () => {
      next = world.github.install(world.apps.rig.id, `uninstalled-${how}`, ["shop"]).installationId;
    });
    await eventually(async () => expect(await here.state()).not.toBe("held"));
    expect(next).not.toBe(here.installationId);
    expect(await here.repository()).toMatchObject({ installationId: next, readable: true });
  }, 180_000);
});

test("permissions that are taken away rest the repository, by name, until they are given again", async () => {
  const here = await settle("reduced");
  const { deployments: _, ...fewer } = manifest.default_permissions;
  await happens("told", () => world.github.acceptPermissions(here.installationId, { ...fewer, contents: "read" }));
  await rests(here, "contents: write (it has read), deployments: read (it has none)");
  await happens("told", () => world.github.acceptPermissions(here.installationId, manifest.default_permissions));
  await goesOn(here);
}, 180_000);

test.each<[string, (here: Here) => void]>([
  ["deleted", ({ fullName }) => world.github.deleteRepository(fullName, "maria")],
  ["taken-out", ({ installationId, fullName }) => world.github.removeRepositories(installationId, [fullName])],
  ["moved-away", ({ fullName }) => world.github.transferRepository(fullName, "maria", "maria")],
])(
  "a repository that is %s is held, and the coordination leaves it alone",
  async (owner, act) => {
    const here = await settle(owner);
    await happens("found", () => act(here));
    await rests(here, "The App may no longer see it");
    const before = await here.types();
    await rig.coordinate();
    await rig.quiet();
    expect(await here.types()).toEqual(before);
    expect(await here.types(here.home)).toContain("REPOSITORY_PAUSED");
  },
  180_000,
);

test("a repository that is moved to another account with the App goes on there, under its number", async () => {
  const here = await settle("moved-from");
  world.github.createOrganization("moved-to");
  await world.github.createRepository({ owner: "moved-to", name: "other", files: { "README.md": "Other.\n" }, private: true });
  const { installationId } = world.github.install(world.apps.rig.id, "moved-to", ["other"]);
  await happens("found", () => {
    world.github.transferRepository(here.fullName, "moved-to", "maria");
    world.github.addRepositories(installationId, ["moved-to/shop"]);
  });
  await eventually(async () =>
    expect(await here.repository()).toMatchObject({ owner: "moved-to", name: "shop", installationId, pausedBecause: null }),
  );
  expect(await here.types(here.home)).toContain("REPOSITORY_RENAMED");
  expect(await here.count("REPOSITORY_PAUSED", here.home)).toBe(0);
}, 180_000);

/** Waits until an expectation holds; 25 seconds at most, and then it says what it would have been. */
async function eventually(expectation: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 25_000;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(50);
    }
  }
}
