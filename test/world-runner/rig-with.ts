import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A checkout of the Rig with its real workflows, and actions written for a test. */
export async function rigWith(actions: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), "rig-checkout-"));
  await cp(".github/workflows", join(root, ".github/workflows"), { recursive: true });
  for (const [name, code] of Object.entries(actions)) {
    const folder = join(root, "actions", name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "main.mjs"), code);
    await writeFile(join(folder, "action.yml"), actionFile(name));
  }
  return { root, remove: () => rm(root, { recursive: true }) };
}

const actionFile = (name: string) => `
name: ${name}
description: Written for a test
inputs: { run: { description: r }, issue: { description: i }, agent: { description: a }, conductor: { description: c }, output: { description: o }, artifact: { description: f } }
runs: { using: node24, main: main.mjs }
`;
