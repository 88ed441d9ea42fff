import { spawnSync } from "node:child_process";
import { chownSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { bubblewrap } from "../../agents/runtime/sandbox/bubblewrap.ts";
import { backendsOf, confinementOf, sandboxChoices } from "../../agents/runtime/sandbox/choice.ts";
import { namespaces } from "../../agents/runtime/sandbox/namespaces.ts";
import { type Backend, openSandbox } from "../../agents/runtime/sandbox/sandbox.ts";
import { viewOf } from "../../agents/runtime/sandbox/view.ts";
import { available } from "./support/backends.ts";
import { temporary } from "./support/repository.ts";

const here = await available();
const withoutNetwork = await available("none");

const oneHost = async (backend: Backend, network: "host" | "none") => {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const sandbox = await openSandbox({ workspace: temporary(), among: [backend], network });
  const script = `(: < /dev/tcp/127.0.0.1/${port}) 2> /dev/null && echo reached; node -e '
    const server = require("net").createServer((socket) => socket.end("own\\n")).listen(0, "127.0.0.1", () =>
      require("net").connect(server.address().port, "127.0.0.1").on("data", (text) => { console.log(String(text).trim()); process.exit(); }))'
    grep -vE '^Inter|^ face' /proc/net/dev | cut -d: -f1 | tr -d ' '`;
  const { output } = await sandbox.run({ script, timeoutMs: 10_000 });
  await sandbox.close();
  await new Promise((resolve) => server.close(resolve));
  return { output, network: sandbox.network };
};

test.each(here)("$kind leaves the host's network where nothing else is said", async (backend) => {
  expect(await oneHost(backend, "host")).toMatchObject({ output: expect.stringMatching(/^reached\nown\n/), network: "host" });
});

test.each(withoutNetwork)("$kind leaves nothing but its own loopback where the operator says so", async (backend) => {
  expect(await oneHost(backend, "none")).toEqual({ output: "own\nlo\n", network: "none" });
});

test("another user alone cannot be kept from the network, and says so", async () => {
  await expect(openSandbox({ workspace: temporary(), choice: "other-user", network: "none" })).rejects.toThrow(
    process.getuid?.() === 0 ? "another user (setpriv): it cannot keep a command from the network" : "not on this machine",
  );
});

test("without confinement a command is the runtime's own user, but has its environment, group and bounds", async () => {
  process.env.RIG_TEST_CANARY = "canary-in-the-environment";
  const workspace = temporary();
  const { uid } = statSync(workspace);
  const sandbox = await openSandbox({ workspace, choice: "none" });
  expect(sandbox.kind).toContain("COMMANDS RUN UNCONFINED");
  const { output } = await sandbox.run({
    script: 'id -u; pwd; ulimit -u; env | cut -d= -f1 | sort; touch "$TMPDIR/x" && echo made',
    timeoutMs: 10_000,
  });
  expect(output.split("\n").filter((name) => !["", "PWD", "OLDPWD", "SHLVL", "_"].includes(name))).toEqual([
    ...[String(uid), workspace, "1024"],
    ...["CI", "HOME", "LANG", "PATH", "TERM", "TMPDIR", "made"],
  ]);
  expect(await sandbox.run({ script: "sleep 1000 & sleep 1000", timeoutMs: 200 })).toMatchObject({ timedOut: true });
  await sandbox.close();
  delete process.env.RIG_TEST_CANARY;
  expect(statSync(workspace).uid).toBe(uid);
});

test("no confinement is only ever taken by its name, and cannot promise a network apart", async () => {
  const unconfined = sandboxChoices.filter((choice) => backendsOf(choice).some(({ kind }) => kind.startsWith("none")));
  expect(unconfined).toEqual(["none"]);
  await expect(openSandbox({ workspace: temporary(), choice: "none", network: "none" })).rejects.toThrow(
    "nothing keeps a command from the network",
  );
});

test("an operator's words are taken as typed, and an unknown one is refused by name", () => {
  expect(confinementOf("", "")).toEqual({ choice: "auto", network: "host" });
  expect(confinementOf("other-user", "none")).toEqual({ choice: "other-user", network: "none" });
  expect(() => confinementOf("off", "")).toThrow(
    'The sandbox "off" is not known; choose one of auto, bubblewrap, namespaces, other-user, none.',
  );
  expect(() => confinementOf("", "proxy")).toThrow('The network "proxy" is not known; choose one of host, none.');
});

test.each([
  ["auto", "host"],
  ["auto", "none"],
  ["bubblewrap", "host"],
  ["bubblewrap", "none"],
  ["namespaces", "host"],
  ["namespaces", "none"],
])("a normal user's commands are confined too, or nothing runs (sandbox: %s, network: %s)", (choice, network) => {
  const workspace = temporary();
  if (process.getuid?.() === 0) chownSync(workspace, 65_534, 65_534);
  const script = "echo x > made && ls /var /root 2> /dev/null; grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status | tr -d '\\n'";
  const program = path.join(import.meta.dirname, "support", "as-normal-user.ts");
  const { stdout, stderr } = spawnSync(process.execPath, [program, workspace, choice, network, script], { cwd: "/", encoding: "utf8" });
  expect(stderr).toBe("");
  const said: Record<string, unknown> = JSON.parse(stdout);
  if (said.refused !== undefined) return expect(said.refused).toMatch(/No sandbox works here.*allow user namespaces/);
  expect(said).toMatchObject({ exitCode: 0, output: "CapEff:\t0000000000000000CapBnd:\t0000000000000000NoNewPrivs:\t1" });
  expect(readFileSync(path.join(workspace, "made"), "utf8")).toBe("x\n");
});

test("bubblewrap is told of every namespace, of the view and of nothing more", async () => {
  const workspace = temporary();
  const view = await viewOf({ workspace, readable: [], base: "/base", network: "none" });
  const wrapped = bubblewrap.wrap("echo hi", view);
  const args = wrapped?.args ?? [];
  expect(args).toEqual(expect.arrayContaining(["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net", "--die-with-parent"]));
  const bound = args.flatMap((arg, at) => (arg === "--bind" ? [args[at + 2]] : []));
  expect(bound).toEqual(["/tmp", view.workspace]);
  expect(args.join(" ")).toMatch(/ -- setpriv .*--no-new-privs --bounding-set=-all --inh-caps=-all prlimit .* bash -c echo hi$/);
  expect(bubblewrap.wrap("", { ...view, network: "host" })?.args).not.toContain("--unshare-net");
});

test("unshare is told to leave the network out only where the operator says so", async () => {
  const view = await viewOf({ workspace: temporary(), readable: [], base: "/base", network: "none" });
  expect(namespaces.wrap("", view)?.args).toContain("--net");
  expect(namespaces.wrap("", { ...view, network: "host" })?.args).not.toContain("--net");
});

test("a way in that leaves the network where it shall be none is refused", async () => {
  const leaking: Backend = { kind: "leaking", wrap: (script, view) => namespaces.wrap(script, { ...view, network: "host" }) };
  await expect(openSandbox({ workspace: temporary(), among: [leaking], network: "none" })).rejects.toThrow("No sandbox works here");
});

test("without any sandbox nothing runs, and the refusal says what was tried", async () => {
  const broken: Backend = { kind: "broken", wrap: () => ({ command: "false", args: [] }) };
  const missing: Backend = { kind: "missing", wrap: () => ({ command: "no-such-program", args: [] }) };
  await expect(openSandbox({ workspace: temporary(), among: [broken, missing] })).rejects.toThrow(
    /No sandbox works here.*broken: its trial ended with 1; missing: spawn no-such-program ENOENT.*Install bubblewrap.*"none" by name/,
  );
});

test("a way in that confines nothing is refused", async () => {
  const open: Backend = { kind: "open", wrap: (script) => ({ command: "bash", args: ["-c", script] }) };
  await expect(openSandbox({ workspace: temporary(), among: [open] })).rejects.toThrow("No sandbox works here");
});
