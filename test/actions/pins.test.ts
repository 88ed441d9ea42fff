import { expect, test } from "@jest/globals";
import { holdsTheActions, pins } from "../../actions/pin.ts";

test("R23: the workflows name a commit that holds the actions as they are committed (npm run pin writes it)", async () => {
  expect(pins().length).toBeGreaterThan(0);
  for (const { file, commit } of pins())
    expect({ file, commit, holds: await holdsTheActions(commit) }).toEqual({ file, commit, holds: true });
});
