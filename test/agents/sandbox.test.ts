import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { namespaces } from "../../agents/runtime/sandbox/namespaces.ts";
import { otherUser } from "../../agents/runtime/sandbox/other-user.ts";
import { type Backend, openSandbox, type Sandbox } from "../../agents/runtime/sandbox/sandbox.ts";
import { tools } from "../../agents/runtime/tools/index.ts";
import { appears } from "./support/appears.ts";
import { makeOrigin, temporary, write } from "./support/repository.ts";
import { toolboxOf } from "./support/toolbox.ts";

const root = process.getuid?.() === 0;
const here: readonly Backend[] = root ? [namespaces, otherUser] : [namespaces];

describe.each(here)("$kind", (backend) => {
  let sandbox: Sandbox;
  let workspace = "";
  let outside = "";
  const run = (script: string, timeoutMs = 10_000, signal?: AbortSignal) =>
    sandbox.run({ script, timeoutMs, ...(signal ? { signal } : {}) });

  beforeAll(async () => {
    process.env.RIG_TEST_CANARY = "canary-in-the-environment";
    workspace = temporary("rig-test-it's a workspace-");
    outside = temporary();
    write(workspace, { "a.txt": "alpha\n" });
    write(outside, { "b.txt": "beta\n" });
    sandbox = await openSandbox({ workspace, among: [backend] });
  });
  afterAll(async () => {
    delete process.env.RIG_TEST_CANARY;
    await sandbox.close();
  });

  test("a command works in the workspace and answers output and exit code", async () => {
    expect(await run("cat a.txt; echo made > made.txt; echo oops >&2; exit 3")).toMatchObject({
      exitCode: 3,
      output: "alpha\noops\n",
      timedOut: false,
    });
    expect(readFileSync(path.join(workspace, "made.txt"), "utf8")).toBe("made\n");
  });

  test("the environment holds six names and nothing of the runtime's", async () => {
    const { output } = await run("env -0 | tr '\\0\\n' '\\n ' | cut -d= -f1 | sort");
    expect(output.split("\n").filter((name) => !["", "PWD", "OLDPWD", "SHLVL", "_"].includes(name))).toEqual([
      "CI",
      "HOME",
      "LANG",
      "PATH",
      "TERM",
      "TMPDIR",
    ]);
  });

  test("no process shows the runtime's environment", async () => {
    const { output } = await run(`cat /proc/[0-9]*/environ /proc/${process.pid}/environ /proc/self/environ 2>/dev/null | tr '\\0' '\\n'`);
    expect(output).toContain("TMPDIR=");
    expect(output).not.toContain("canary-in-the-environment");
  });

  test("nothing outside the workspace can be changed", async () => {
    const { output } = await run(
      `for file in ${outside}/b.txt /usr/local/rig-test /etc/rig-test /rig-test; do echo x > $file && echo wrote $file; done 2>/dev/null; true`,
    );
    expect(output).toBe("");
    expect(readFileSync(path.join(outside, "b.txt"), "utf8")).toBe("beta\n");
  });

  test("it has no capability, gains none, and cannot read what only root may", async () => {
    expect((await run("grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status")).output).toBe(
      "CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\n",
    );
    expect((await run("cat /etc/shadow")).exitCode).not.toBe(0);
  });

  test("a command that does not end is ended with all it started", async () => {
    expect(await run("setsid sleep 1000 & sleep 1000", 300)).toMatchObject({ timedOut: true, exitCode: null });
    expect((await run('pgrep -r R,S,D -u "$(id -u)" -x sleep')).output).toBe("");
  });

  test("what it leaves in the background ends with it", async () => {
    expect((await run("setsid sh -c 'sleep 1; echo late > late.txt' > /dev/null 2>&1 & echo gone")).output).toBe("gone\n");
    expect((await run("sleep 1.2; ls")).output).not.toContain("late.txt");
  });

  test("a stop ends it at once", async () => {
    const stop = new AbortController();
    const running = run("echo on > on.txt; sleep 1000", 60_000, stop.signal);
    await appears(path.join(workspace, "on.txt"), running);
    stop.abort("told");
    expect(await running).toMatchObject({ exitCode: null, timedOut: false });
  });

  test("/tmp lives from one command to the next", async () => {
    await run('echo kept > "$TMPDIR/kept"');
    expect((await run('cat "$TMPDIR/kept"')).output).toBe("kept\n");
  });

  test("much output is kept at both ends, and control characters are taken out", async () => {
    const { output } = await run("printf 'first\\033[31m red\\000\\n'; head -c 8000000 /dev/zero | tr '\\0' x; echo; echo last");
    expect(output.startsWith("first red\n")).toBe(true);
    expect(output.endsWith("last\n")).toBe(true);
    expect(output).toMatch(/\[… \d+ bytes left out …\]/);
    expect(output.length).toBeLessThan(5.5 * 1024 * 1024);
  });

  test("too many processes and too large files are refused", async () => {
    expect((await run("ulimit -u; ulimit -c; ulimit -f")).output).toBe("1024\n0\n2097152\n");
  });
});

test("namespaces show neither homes nor other folders", async () => {
  const workspace = temporary();
  const sandbox = await openSandbox({ workspace, among: [namespaces] });
  const { output } = await sandbox.run({
    script: `ls / /home /root ${path.dirname(import.meta.dirname)} 2>&1; hostname; ls /proc | grep -c '^[0-9]'`,
    timeoutMs: 10_000,
  });
  await sandbox.close();
  expect(output).toContain("usr");
  expect(output).toMatch(/'\/home': No such file/);
  expect(output).toContain(`'${path.dirname(import.meta.dirname)}': No such file`);
});

test("a workspace under a folder only its owner may enter works too", async () => {
  const workspace = path.join(temporary(), "closed", "workspace");
  mkdirSync(workspace, { recursive: true, mode: 0o700 });
  const sandbox = await openSandbox({ workspace, among: [namespaces] });
  expect(await sandbox.run({ script: "pwd > here; node --version", timeoutMs: 10_000 })).toMatchObject({ exitCode: 0 });
  await sandbox.close();
  expect(readFileSync(path.join(workspace, "here"), "utf8")).toBe(`${workspace}\n`);
});

test("no link in the workspace makes root give something away", async () => {
  const workspace = temporary();
  const outside = temporary();
  symlinkSync(outside, path.join(workspace, "link"));
  const sandbox = await openSandbox({ workspace, among: [namespaces] });
  await sandbox.close();
  expect(statSync(outside).uid).toBe(process.getuid?.());
});

test("without any sandbox nothing runs, and the refusal says what was tried", async () => {
  const broken: Backend = { kind: "broken", wrap: () => ({ command: "false", args: [] }) };
  const missing: Backend = { kind: "missing", wrap: () => ({ command: "no-such-program", args: [] }) };
  await expect(openSandbox({ workspace: temporary(), among: [broken, missing] })).rejects.toThrow(
    /No sandbox works here.*broken: its trial ended with 1; missing: spawn no-such-program ENOENT.*Install bubblewrap/,
  );
});

test("a way in that confines nothing is refused", async () => {
  const open: Backend = { kind: "open", wrap: (script) => ({ command: "bash", args: ["-c", script] }) };
  await expect(openSandbox({ workspace: temporary(), among: [open] })).rejects.toThrow("No sandbox works here");
});

test("search finds in tracked and new files, and an agent's git configuration runs nothing outside", async () => {
  const { workspace } = makeOrigin({ "a.txt": "the needle\n" });
  const trap = path.join(temporary(), "trapped");
  write(workspace, { "new.txt": "a needle it's\n" });
  const sandbox = await openSandbox({ workspace, among: [namespaces] });
  const toolbox = toolboxOf({ workspace, sandbox });
  await sandbox.run({ script: `git config core.fsmonitor 'touch ${trap}; true'`, timeoutMs: 10_000 });
  expect(await tools.search.run({ pattern: "needle( it's)?$" }, toolbox)).toEqual({
    text: "a.txt:1:the needle\nnew.txt:1:a needle it's\n",
  });
  expect(await tools.search.run({ pattern: "haystack" }, toolbox)).toEqual({ text: "Nothing found." });
  await sandbox.close();
  expect(existsSync(trap)).toBe(false);
});
