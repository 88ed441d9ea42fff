import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { actions, buildActions } from "../../actions/build.ts";

test("what is committed under dist is what the source builds, byte for byte", async () => {
  for (const { file, text } of await buildActions()) {
    expect(`${path.relative(process.cwd(), file)}: ${readFileSync(file, "utf8") === text ? "current" : "stale; npm run build"}`).toMatch(
      /current$/,
    );
    expect(text.length).toBeLessThan(1.5 * 1024 * 1024);
  }
});

test.each([...actions])("%s declares Node 24, its bundle, and every input it reads", (name) => {
  const folder = path.join(import.meta.dirname, "../../actions", name);
  const declared = parse(readFileSync(path.join(folder, "action.yml"), "utf8"));
  expect(declared.runs).toEqual({ using: "node24", main: "dist/index.js" });
  const source = readFileSync(path.join(folder, "main.ts"), "utf8");
  const read = new Set(Array.from(source.matchAll(/getInput\("([^"]+)"/g), ([, input]) => input));
  const written = new Set(Array.from(source.matchAll(/setOutput\("([^"]+)"/g), ([, output]) => output));
  expect([...read].sort()).toEqual(Object.keys(declared.inputs).sort());
  expect([...written].sort()).toEqual(Object.keys(declared.outputs).sort());
});
