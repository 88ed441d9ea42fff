import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { configKeys, sentences } from "../../app/cli/config-keys.ts";
import { rig } from "./rig.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-config-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const validate = async (text: string, ...args: readonly string[]) => {
  const file = join(folder, "rig.yml");
  await writeFile(file, text);
  return { file, ...(await rig({}, "config", "validate", file, ...args)) };
};

test("a valid file is no finding", async () => {
  const { file, code, out } = await validate("merge:\n  method: rebase\n");
  expect({ code, out }).toEqual({ code: 0, out: `${file} is valid.\n` });
});

test("each fault is told with its line and column, as editors jump to it", async () => {
  const { file, code, out } = await validate("mode: activ\nmerge:\n  metod: squash\n");
  expect(code).toBe(1);
  const [mode, merge, sum] = out.split("\n");
  expect(mode).toMatch(/rig\.yml:1:1 mode: /);
  expect(merge).toBe(`${file}:3:3 merge.metod is not a key of rig.yml`);
  expect(sum).toMatch(/^2 faults: .*the last good file stays in force\.$/);
  const json = await validate("limit: 3\n", "--json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({ there: true, valid: false, errors: [{ line: 1, column: 1 }] });
});

test("a file that fits an agent to the repository is judged by what that agent has", async () => {
  const file = join(folder, "dev-e.json");
  await writeFile(file, '{\n  "limits": { "usd": 1000 }\n}\n');
  const { code, out } = await rig({}, "config", "validate", file);
  expect(code).toBe(1);
  expect(out).toMatch(
    /dev-e\.json:2:\d+ limits\.usd: 1000 is more than the agent has .*\n1 fault: .* the agents work as their server has them\.\n$/,
  );
});

test("a file that was named has to be there, and one that cannot be read says why", async () => {
  expect(await rig({}, "config", "validate", join(folder, "none.yml"))).toMatchObject({
    code: 2,
    err: expect.stringContaining("is not there"),
  });
  expect(await rig({}, "config", "validate", folder)).toMatchObject({ code: 2, err: expect.stringContaining("EISDIR") });
});

test("every key has a sentence, and every sentence a key", () => {
  const keys = configKeys();
  expect(keys.filter(({ says }) => !/^.{8,}[.]$/.test(says)).map(({ key }) => key)).toEqual([]);
  expect(keys.length).toBeGreaterThan(60);
  const known = new Set(keys.map(({ key }) => key));
  expect(Object.keys(sentences).filter((key) => !known.has(key))).toEqual([]);
});

test("one key is explained with its default, and all below a key with theirs; what is no key is a question of usage", async () => {
  const one = await rig({}, "config", "explain", "merge.method");
  expect(one).toMatchObject({ code: 0, out: 'merge.method: squash, merge, rebase, default "squash"\n  How the Conductor merges.\n' });
  const all = await rig({}, "config", "explain", "gates.auth", "--json");
  expect(JSON.parse(all.out).map(({ key }: { readonly key: string }) => key)).toEqual(
    ["paths", "content", "dependencies", "approvers", "enabled"].map((key) => `gates.<name>.${key}`),
  );
  expect(await rig({}, "config", "explain", "merge.metod")).toMatchObject({
    code: 2,
    err: expect.stringContaining("is not a key of rig.yml"),
  });
});
