import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { stories } from "../world/stories/index.ts";
import { type Ended, playAll } from "../world/stories/play.ts";
import { type OpenStage, openStage } from "../world/stories/stage.ts";

/** Two cores play all of them at once, while other tests run. */
const ALL_OF_THEM = 900_000;

const folder = mkdtempSync(join(tmpdir(), "rig-journeys-"));
const cast = stories.map((story) => story());
let stage: OpenStage;
let plays: readonly Promise<Ended>[];

beforeAll(async () => {
  stage = await openStage(cast, { logFile: join(folder, "app.log") });
  plays = playAll(cast, stage);
}, 120_000);
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
}, 180_000);

test.each(cast.map(({ name, shows }, index) => [name, shows, index] as const))(
  "%s: %s",
  async (_name, _shows, index) => {
    const ended = await plays[index];
    expect(ended?.missing).toEqual([]);
  },
  ALL_OF_THEM,
);

test("no two stories are about issues of the same title, by which the model tells them apart", () => {
  const titles = cast.flatMap(({ parts }) => parts.map(({ issue }) => issue.title));
  expect(titles).toEqual([...new Set(titles)]);
});

test(
  "nobody asked for anything that GitHub, Discord or the model's provider would not take",
  async () => {
    await Promise.all(plays);
    expect(stage.world.violations()).toEqual([]);
  },
  ALL_OF_THEM,
);

test(
  "the runs of the agents cost a few cents, as the gateway counted them",
  async () => {
    await Promise.all(plays);
    // What nobody handed over costs nothing.
    const issues = (await stage.rig.store.allIssues()).filter(({ approvedAt, usd }) => approvedAt || usd > 0);
    expect(issues).toHaveLength(cast.flatMap(({ parts }) => parts).length);
    for (const { usd } of issues) {
      expect(usd).toBeGreaterThan(0.01);
      expect(usd).toBeLessThan(0.5);
    }
  },
  ALL_OF_THEM,
);
