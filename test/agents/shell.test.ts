import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openSandbox, type Sandbox } from "../../agents/runtime/sandbox/sandbox.ts";
import { openShell, type Shell } from "../../agents/runtime/shell.ts";
import { tools } from "../../agents/runtime/tools/index.ts";
import { appears } from "./support/appears.ts";
import { available } from "./support/backends.ts";
import { temporary, write } from "./support/repository.ts";
import { toolboxOf } from "./support/toolbox.ts";

describe.each(await available())("a shell in $kind", (backend) => {
  let sandbox: Sandbox;
  let shell: Shell;
  let workspace = "";
  const run = (script: string, timeoutMs = 10_000, signal?: AbortSignal) => shell.run({ script, timeoutMs, ...(signal ? { signal } : {}) });

  beforeAll(async () => {
    workspace = temporary("rig-test-it's a workspace-");
    write(workspace, { "folder/a.txt": "alpha\n" });
    sandbox = await openSandbox({ workspace, among: [backend] });
    shell = openShell(sandbox);
  });
  afterAll(async () => {
    await shell.close();
    await sandbox.close();
  });

  test("folder, variables and functions last from call to call", async () => {
    await run("cd folder; name=Ada; export CITY=London; greet() { echo hello $1; }; declare -a ages=(35 36)");
    expect(await run("cat a.txt; greet $name; sh -c 'echo $CITY'; set -- $ages; echo $1")).toEqual({
      exitCode: 0,
      output: "alpha\nhello Ada\nLondon\n35\n",
      timedOut: false,
      shellEnded: false,
    });
    await run("cd -");
  });

  test("output and errors come as they were printed, with the exit code", async () => {
    expect(await run("echo one; echo two >&2; echo three; (exit 3)")).toMatchObject({ exitCode: 3, output: "one\ntwo\nthree\n" });
  });

  test.each([
    ["a quote that is not closed", 'echo "open', 2],
    ["a block that is not closed", "if true; then echo x", 2],
    ["a brace too much", "}", 2],
    ["a division by zero", "echo $((1/0))", 1],
  ])("%s is an error of that call alone", async (_, script, exitCode) => {
    expect(await run(script)).toMatchObject({
      exitCode,
      shellEnded: false,
      output: expect.stringMatching(/syntax error|unexpected EOF|division by 0/),
    });
    expect(await run("echo on")).toMatchObject({ exitCode: 0, output: "on\n" });
  });

  test.each([
    ["a here-document", "cat << 'EOF'\nit's $HOME\nEOF", "it's $HOME\n"],
    ["a here-document that is not closed", "cat << EOF\nwords", expect.stringMatching(/\nwords\n?$/)],
    ["a comment at the end", "echo a # b", "a\n"],
    [
      "a loop that breaks and a return that has nowhere to go",
      "for n in 1 2; do break; done; echo $n; break; continue",
      expect.stringMatching(/^1\n/),
    ],
    ["a program that reads its input", 'cat; read line; echo "[$line]"', "[]\n"],
    ["standard output of its own", "exec > /dev/null 2>&1; echo unheard", ""],
    ["its own use of low file numbers", "exec 3> /dev/null 4>&1; echo x >&3; echo y >&4; exec 3>&- 4>&-", "y\n"],
    ["an output without a last line end", "printf abc", "abc"],
    ["NUL and other bytes that are no text", "printf 'a\\000b\\377\\n'", "ab\ufffd\n"],
    ["what looks like an end", "printf '0end-0123456789abcdef0123456789abcdef'; echo 0 >&202; echo more", expect.stringMatching(/more\n$/)],
    ["a job that is started and waited for", "sleep 0.05 & wait; echo done", "done\n"],
  ])("%s harms no later call", async (_, script, output) => {
    expect(await run(script)).toMatchObject({ output, shellEnded: false });
    expect(await run("echo on")).toEqual({ exitCode: 0, output: "on\n", timedOut: false, shellEnded: false });
  });

  test("options hold for one call, and do not show in the next", async () => {
    await run("set -ux -o pipefail; true");
    expect(await run("echo $unset; false | true; echo $?")).toMatchObject({ exitCode: 0, output: "\n0\n" });
  });

  test.each([
    ["exit", "state=old; echo bye; exit 3", 3, "bye\n"],
    ["a failure after set -e", "state=old; set -e; echo bye; false; echo never", 1, "bye\n"],
    ["exec", "state=old; exec sh -c 'echo bye; exit 7'", 7, "bye\n"],
    ["its own kill", "state=old; echo bye; kill -KILL $$", 137, expect.stringMatching(/^bye\n/)],
  ])("%s ends the shell; the next call gets a new one that knows nothing of it", async (_, script, exitCode, output) => {
    const { exitCode: code, ...ended } = await run(script);
    expect(ended).toEqual({ output, timedOut: false, shellEnded: true });
    expect(code ?? 137).toBe(exitCode);
    expect(await run('echo "[$state]"; pwd')).toEqual({ exitCode: 0, output: `[]\n${workspace}\n`, timedOut: false, shellEnded: false });
  });

  test("a command that takes too long ends with all it started, and the shell with it", async () => {
    await run("sleep 1001 & state=old");
    expect(await run("echo begun; setsid sleep 1000 & sleep 1000", 400)).toEqual({
      exitCode: null,
      output: "begun\n",
      timedOut: true,
      shellEnded: true,
    });
    expect(await run('echo "[$state]"; pgrep -r R,S,D -u "$(id -u)" -x sleep')).toMatchObject({ output: "[]\n" });
  });

  test("a stop ends it at once", async () => {
    const stop = new AbortController();
    const running = run("echo on > on.txt; sleep 1000", 60_000, stop.signal);
    await appears(path.join(workspace, "on.txt"), running);
    stop.abort("told");
    expect(await running).toMatchObject({ exitCode: null, timedOut: false, shellEnded: true });
    await expect(run("echo never", 1_000, stop.signal)).rejects.toBe("told");
  });

  test("a program in the background holds up no call, lives on, and its output comes with a later one", async () => {
    const started = await run("(while [ ! -e go ]; do sleep 0.02; done; echo late; touch gone) & job=$!; echo started");
    expect(started).toMatchObject({ exitCode: 0, output: "started\n", shellEnded: false });
    expect((await run("kill -0 $job && echo 1; touch go; while [ ! -e gone ]; do sleep 0.02; done; echo end")).output).toBe(
      "1\nlate\nend\n",
    );
  });

  test("another command beside the shell does not end it", async () => {
    await run("sleep 1002 & job=$!");
    await sandbox.run({ script: "true", timeoutMs: 10_000 });
    expect((await run("kill -0 $job && kill $job && echo lives")).output).toBe("lives\n");
  });

  test("100 MB of output are read to the end, and kept at both ends", async () => {
    const { output, exitCode } = await run("echo first; head -c 100000000 /dev/zero | tr '\\0' x; echo; echo last", 60_000);
    expect(exitCode).toBe(0);
    expect(output.startsWith("first\nxxx")).toBe(true);
    expect(output.endsWith("x\nlast\n")).toBe(true);
    expect(output).toMatch(/\[… 9\d{7} bytes left out …\]/);
    expect(output.length).toBeLessThan(5.1 * 1024 * 1024);
  });

  test("calls at the same time wait for each other", async () => {
    const both = await Promise.all([run("sleep 0.1; order+=a; echo $order"), run("order+=b; echo $order")]);
    expect(both.map(({ output }) => output)).toEqual(["a\n", "ab\n"]);
  });

  test("a NUL in the script is refused, and nothing of it runs", async () => {
    await expect(run("touch made\0")).rejects.toThrow("NUL");
    expect((await run("ls made 2>&1")).exitCode).not.toBe(0);
  });
});

test("closing the sandbox ends the shell and what runs in it", async () => {
  const workspace = temporary();
  const sandbox = await openSandbox({ workspace });
  const shell = openShell(sandbox);
  const { output } = await shell.run({ script: "(while :; do echo x >> beats; sleep 0.02; done) & echo $!", timeoutMs: 10_000 });
  expect(output).toMatch(/^\d+\n$/);
  await appears(path.join(workspace, "beats"), new Promise(() => undefined));
  await sandbox.close();
  const beats = readFileSync(path.join(workspace, "beats"), "utf8");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(readFileSync(path.join(workspace, "beats"), "utf8")).toBe(beats);
});

test("the model is told the exit code, and when its shell is gone", async () => {
  const workspace = temporary();
  const sandbox = await openSandbox({ workspace });
  const toolbox = toolboxOf({ workspace, sandbox, shell: openShell(sandbox) });
  const bash = (script: string, timeoutSeconds = 10) => tools.bash.run({ script, timeoutSeconds }, toolbox);
  expect(await bash("echo hi")).toEqual({ text: "Exit code 0.\nhi\n" });
  expect(await bash("exit 4")).toEqual({ text: expect.stringMatching(/^Exit code 4\. The shell ended with it: .* gone/) });
  expect(await bash("sleep 100", 1)).toEqual({
    text: expect.stringMatching(/^Ended after 1 seconds: it was still running\. The shell ended/),
  });
  await sandbox.close();
});
