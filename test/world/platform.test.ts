import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startPlatform } from "./platform.ts";

let platform: Awaited<ReturnType<typeof startPlatform>>;
beforeEach(async () => {
  platform = await startPlatform();
});
afterEach(() => platform.close());

const SERVER = `
import { createServer } from "node:http";
createServer((request, response) => response.end(request.url === "/pid" ? String(process.pid) : process.env.RELEASE_SHA)).listen(process.env.PORT, "127.0.0.1");
`;

function archiveOf(server: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "release-"));
  writeFileSync(join(folder, "server.mjs"), server);
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  execFileSync("git", ["add", "."], { cwd: folder });
  const tree = execFileSync("git", ["write-tree"], { cwd: folder, encoding: "utf8" }).trim();
  const archive = execFileSync("git", ["archive", "--format=tar", tree], { cwd: folder });
  rmSync(folder, { recursive: true });
  return archive;
}

const deploy = (name: string, sha: string, server = SERVER) =>
  fetch(`${platform.url}/environments/${name}`, {
    method: "PUT",
    headers: { "x-release-sha": sha },
    body: new Uint8Array(archiveOf(server)),
  });
const read = async (path: string) => (await fetch(`${platform.environment("staging")?.url}${path}`)).text();
const sha = (digit: string) => digit.repeat(40);

test("an environment keeps its address through several releases, and the old process is ended", async () => {
  expect((await fetch(`${platform.environment("staging")?.url}/version`)).status).toBe(503);
  expect(await (await deploy("staging", sha("a"))).json()).toEqual({ url: platform.environment("staging")?.url, sha: sha("a") });
  const first = Number(await read("/pid"));
  for (const digit of ["b", "c"]) {
    expect((await deploy("staging", sha(digit))).status).toBe(200);
    expect(await read("/version")).toBe(sha(digit));
  }
  expect(platform.environment("staging")).toMatchObject({ sha: sha("c") });
  expect(() => process.kill(first, 0)).toThrow("ESRCH");
});

test("a second customer has environments of their own", async () => {
  await deploy("staging", sha("a"));
  const answer = await fetch(`${platform.url}/kiosk/environments/staging`, {
    method: "PUT",
    headers: { "x-release-sha": sha("b") },
    body: new Uint8Array(archiveOf(SERVER)),
  });
  expect(await answer.json()).toEqual({ url: platform.environment("kiosk/staging")?.url, sha: sha("b") });
  expect(await read("/version")).toBe(sha("a"));
});

test("a release that does not start is refused with what it said, and the one before stays", async () => {
  await deploy("staging", sha("a"));
  const refused = await deploy("staging", sha("b"), "throw new Error('no database');");
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain("no database");
  expect(await read("/version")).toBe(sha("a"));
});

test("closing ends every release", async () => {
  await deploy("staging", sha("a"));
  const pid = Number(await read("/pid"));
  await platform.close();
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  platform = await startPlatform([]);
});
