import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { otherUser } from "../../agents/runtime/sandbox/other-user.ts";
import { openSandbox, type Sandbox } from "../../agents/runtime/sandbox/sandbox.ts";
import { appears } from "./support/appears.ts";
import { available } from "./support/backends.ts";
import { temporary, write } from "./support/repository.ts";

const here = await available();
const hiding = here.filter((backend) => backend !== otherUser);

// R8 and R24, for each way in that this machine allows.
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

  test("what is to be shown is shown, also where it lies below the machine's own /tmp", async () => {
    const tools = temporary();
    write(tools, { "b.txt": "beta\n" });
    chmodSync(tools, 0o755);
    const shown = await openSandbox({ workspace, readable: [tools], among: [backend] });
    const command = `cat '${tools}/b.txt'; echo more >> '${tools}/b.txt'`;
    const { output } = await shown.run({ script: command, timeoutMs: 10_000 });
    await shown.close();
    expect(output).toMatch(/^beta\n/);
    expect(readFileSync(path.join(tools, "b.txt"), "utf8")).toBe("beta\n");
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

  test("the runtime's process can be neither looked into nor signalled", async () => {
    const { output } = await run(
      `cd /proc/${process.pid} 2>/dev/null || exit 0; cat mem maps environ; ls fd map_files; readlink cwd exe root; kill -0 ${process.pid}`,
    );
    expect(output.split("\n").filter((line) => line !== "" && !/Permission denied|not permitted|No such/.test(line))).toEqual([]);
    expect((await run(`kill -KILL ${process.pid}`)).exitCode).not.toBe(0);
  });

  test("no link leads a command out of the workspace, a dangling one neither", async () => {
    symlinkSync(path.join(outside, "b.txt"), path.join(workspace, "link"));
    symlinkSync(path.join(outside, "new.txt"), path.join(workspace, "dangling"));
    expect((await run("cat link; echo x > link; echo x > dangling; rm -f link dangling")).output).not.toContain("beta");
    expect(readFileSync(path.join(outside, "b.txt"), "utf8")).toBe("beta\n");
    expect(existsSync(path.join(outside, "new.txt"))).toBe(false);
  });

  test("a folder that holds a runner's credentials cannot be read", async () => {
    write(outside, { ".runner": "{}", ".credentials": "canary-of-the-runner" });
    expect((await run(`cat ${outside}/.credentials ${outside}/.runner`)).output).not.toContain("canary-of-the-runner");
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

  test("a command that is ended while it begins leaves nothing behind", async () => {
    const unique = `sleep 1000.${process.pid}`;
    for (let early = 0; early < 12; early += 1) await run(`setsid ${unique} & ${unique}`, early);
    const lines = readdirSync("/proc").map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    });
    expect(lines.filter((line) => line.includes(unique))).toEqual([]);
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

  test("processes, files, memory and time have bounds, and nothing raises them", async () => {
    expect((await run("ulimit -u; ulimit -c; ulimit -f; ulimit -n; ulimit -t; ulimit -d")).output).toBe(
      "1024\n0\n2097152\n8192\n3600\n6291456\n",
    );
    expect((await run("ulimit -u 2048")).exitCode).not.toBe(0);
    expect((await run("truncate -s 3G large")).exitCode).not.toBe(0);
  });

  test("a program lives on beside the commands and is talked to", async () => {
    const { stdin, stdout, kill, exited } = sandbox.start("read name; echo hello $name; pwd; sleep 1000");
    stdin.write("Ada\n");
    let said = "";
    for await (const chunk of stdout) {
      said += chunk;
      if (said.endsWith(`${workspace}\n`)) break;
    }
    expect(said).toBe(`hello Ada\n${workspace}\n`);
    await run("true");
    kill();
    expect(await exited).toBeNull();
  });

  test("closing ends what still runs, in whatever session", async () => {
    const other = await openSandbox({ workspace, among: [backend] });
    const { exited } = other.start("setsid sh -c 'while :; do echo x >> beats; sleep 0.02; done' & wait");
    await appears(path.join(workspace, "beats"), exited);
    await other.close();
    const beats = statSync(path.join(workspace, "beats")).size;
    // Five beats' time: what still lived would have been heard.
    await run("sleep 0.1");
    expect(statSync(path.join(workspace, "beats")).size).toBe(beats);
  });

  test("a program that could not be started is told", async () => {
    const { exited, stderr } = sandbox.start("exec no-such-program");
    let said = "";
    for await (const chunk of stderr) said += chunk;
    expect([await exited, said]).toEqual([127, expect.stringContaining("no-such-program")]);
  });
});

test.each(hiding)("$kind shows neither homes nor other folders nor processes", async (backend) => {
  const workspace = temporary();
  const sandbox = await openSandbox({ workspace, among: [backend] });
  const hidden = ["/home", "/root", "/var", "/srv", "/run", path.dirname(import.meta.dirname)];
  const { output } = await sandbox.run({
    script: `for folder in ${hidden.join(" ")}; do ls -A $folder 2> /dev/null | sed "s|^|$folder/|"; done; ls /; ls /proc | grep -c '^[0-9]'`,
    timeoutMs: 10_000,
  });
  await sandbox.close();
  const lines = output.trim().split("\n");
  // The runtime's own Node is shown, and the way to it leads through whatever folder this checkout lies in.
  const node = realpathSync(process.execPath);
  expect(lines.filter((line) => hidden.some((folder) => line.startsWith(`${folder}/`)) && !node.startsWith(`${line}/`))).toEqual([]);
  expect(lines).toContain("usr");
  expect(Number(lines.at(-1))).toBeLessThan(10);
});

test.each(hiding)("$kind takes a workspace under a folder only its owner may enter", async (backend) => {
  const workspace = path.join(temporary(), "closed", "workspace");
  mkdirSync(workspace, { recursive: true, mode: 0o700 });
  const sandbox = await openSandbox({ workspace, among: [backend] });
  expect(await sandbox.run({ script: 'pwd > here; node --version && stat "$PWD" && git init --quiet .', timeoutMs: 10_000 })).toMatchObject(
    { exitCode: 0 },
  );
  await sandbox.close();
  expect(readFileSync(path.join(workspace, "here"), "utf8")).toBe(`${workspace}\n`);
});

test("no link in the workspace makes root give something away", async () => {
  const workspace = temporary();
  const outside = temporary();
  symlinkSync(outside, path.join(workspace, "link"));
  const sandbox = await openSandbox({ workspace });
  await sandbox.close();
  expect(statSync(outside).uid).toBe(process.getuid?.());
});
