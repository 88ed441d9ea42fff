/** The image: what its file says, and whether what it would hold starts. */
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { DockerfileParser } from "dockerfile-ast";
import { x } from "tinyexec";
import { z } from "zod";

const text = readFileSync("deploy/Dockerfile", "utf8");
const file = DockerfileParser.parse(text);
const instructions = file.getInstructions().map((one) => `${one.getKeyword()} ${one.getArgumentsContent() ?? ""}`);

const root = mkdtempSync(join(tmpdir(), "rig-image-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("every stage begins with the same image, by its digest", () => {
  const images = file.getFROMs().map((from) => from.getImage());
  expect(images).toHaveLength(2);
  expect(new Set(images)).toEqual(new Set([expect.stringMatching(/^node:24[.][^@]*@sha256:[0-9a-f]{64}$/)]));
});

test("it runs as a user by number, as process 1, and Kubernetes asks after its health", () => {
  expect(instructions.filter((one) => one.startsWith("USER"))).toEqual(["USER 1000:1000"]);
  expect(instructions.at(-1)).toBe('CMD ["node", "app/main.ts"]');
  expect(file.getENTRYPOINTs()).toEqual([]);
  expect(file.getHEALTHCHECKs()).toEqual([]);
});

test("nothing is fetched but from the lock file, and no package runs a script", () => {
  const runs = instructions.filter((one) => one.startsWith("RUN"));
  expect(runs).toEqual([expect.stringMatching(/^RUN npm ci .*--omit=dev --omit=optional .*--ignore-scripts/)]);
  expect(instructions.filter((one) => /^ADD|--privileged|--mount=type=secret/.test(one))).toEqual([]);
});

test("nothing is sent but what is copied", () => {
  const sent = readFileSync("deploy/Dockerfile.dockerignore", "utf8").split("\n");
  expect(sent.filter((line) => !line.startsWith("#"))[0]).toBe("*");
  const copied = copies().flatMap(({ from }) => from);
  const letIn = sent.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  expect(copied.filter((path) => !letIn.includes(path))).toEqual([]);
});

test("what it holds is enough to start: the program asks for its App", async () => {
  for (const { from, to } of copies())
    for (const path of from) cpSync(path, join(root, from.length > 1 ? join(to, path) : to), { recursive: true });
  for (const path of production()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(resolve(path), join(root, path));
  }
  // A linked package finds its neighbours here, and not where it lies among the packages for development.
  const { exitCode, stderr } = await x("node", ["--preserve-symlinks", "--preserve-symlinks-main", "app/main.ts"], {
    nodeOptions: { cwd: root, env: { PATH: process.env.PATH } },
  });
  expect(stderr).toMatch(/^APP_ID, PRIVATE_KEY and WEBHOOK_SECRET are not set/);
  expect(exitCode).toBe(1);
  // What it reads only later.
  const later = ["agents/dev-e/character.json", "agents/review-e/character.json", ...readBesides()];
  expect(later).toEqual(expect.arrayContaining(["app.yml", "db/migrations"]));
  expect(later.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** COPY instructions that take from the tree. */
function copies(): readonly { readonly from: readonly string[]; readonly to: string }[] {
  const [, image] = file.getFROMs();
  return file
    .getCOPYs()
    .filter((copy) => !copy.getFromFlag() && copy.getRange().start.line > Number(image?.getRange().start.line))
    .map((copy) => copy.getArguments().map((argument) => argument.getValue()))
    .map((paths) => ({ from: paths.slice(0, -1), to: paths.at(-1) ?? "" }));
}

/** The packages that `npm ci --omit=dev --omit=optional --omit=peer` installs at the top, as the lock file tells it. */
function production(): readonly string[] {
  const Kind = z.object({ dev: z.boolean(), optional: z.boolean(), peer: z.boolean(), devOptional: z.boolean() }).partial();
  const { packages } = z.object({ packages: z.record(z.string(), Kind) }).parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
  return Object.entries(packages)
    .filter(([, { dev, optional, peer, devOptional }]) => !dev && !optional && !peer && !devOptional)
    .map(([path]) => path)
    .filter((path) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path));
}

/** What the program reads by its place beside its own files, as the sources name it; `.rig` it makes itself. */
function readBesides(): readonly string[] {
  const sources = globSync("{app,agents/runtime}/**/*.ts");
  return sources.flatMap((source) =>
    [...readFileSync(source, "utf8").matchAll(/join\(import\.meta\.dirname, "([^"]+)"|new URL\("([^"]+)", import\.meta\.url\)/g)]
      .map(([, path, url]) => relative(".", join(dirname(source), path ?? url ?? "")))
      .filter((path) => path !== "" && !path.startsWith(".rig")),
  );
}
