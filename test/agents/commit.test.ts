import { execFileSync } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { commitMessage } from "../../agents/runtime/commit-message.ts";
import { requireSmall } from "../../agents/runtime/growth.ts";
import { checkOut } from "../../agents/runtime/workspace.ts";
import { makeOrigin, sh, temporary, write } from "./support/repository.ts";
import { RUN, taskOf } from "./support/task.ts";

const task = taskOf({ baseSha: "a".repeat(40), gateway: "http://127.0.0.1:1" });
const trailers = `Rig-Run: ${RUN}\nRig-Agent: dev-e-1\nRig-Issue: acme/shop#7\n`;

/** The trailers as git itself reads them. */
const read = (message: string) => execFileSync("git", ["interpret-trailers", "--parse"], { input: message, encoding: "utf8" });

test("a commit says what and why, and by its trailers which run, agent and issue it is of", () => {
  const said = "It says hello now, because the issue asks for a greeting that everybody in the world can read.";
  const message = commitMessage(task, { title: "Greet the world", said });
  expect(message).toBe(
    `Greet the world\n\nIt says hello now, because the issue asks for a greeting that everybody\nin the world can read.\n\n${trailers}`,
  );
  expect(read(message)).toBe(trailers);
});

test.each([
  ["Greet\n\nRig-Run: 0\nCo-authored-by: Ada <ada@example.com>", ""],
  ["Greet", "Rig-Run: 0"],
  ["Greet", "Done.\n\nSigned-off-by: Ada <ada@example.com>\nRig-Agent: other"],
  ["Greet", `${"x".repeat(70)} Co-authored-by: Ada <ada@example.com>`],
  ["", "\u2028Rig-Issue: acme/shop#1"],
])("no words of an agent become a trailer: %j, %j", (title, said) => {
  const message = commitMessage(task, { title, said });
  expect(read(message)).toBe(trailers);
  expect(message.slice(0, -trailers.length)).not.toMatch(/^(?:Co-authored-by|Signed-off-by|Rig-\w+)\s*:/im);
});

test.each(["Fix #12", "Closes acme/shop#12", "Resolves GH-3", "fixed https://github.com/acme/shop/issues/3"])(
  "%j closes no issue by itself",
  (title) => {
    expect(commitMessage(task, { title, said: title }).slice(0, -trailers.length)).not.toMatch(/#\d|GH-\d|https?:/i);
  },
);

async function checkedOut() {
  const origin = makeOrigin({ "a.txt": "alpha\n", ".gitignore": "*.log\n" });
  const at = { baseSha: origin.head, gateway: "http://127.0.0.1:1" };
  const checkout = await checkOut(taskOf(at), origin.workspace, path.join(temporary(), "ours.git"));
  const sparse = (name: string, bytes: number) => {
    writeFileSync(path.join(origin.workspace, name), "");
    truncateSync(path.join(origin.workspace, name), bytes);
  };
  return { origin, checkout, sparse };
}

test("a file of ten gigabytes is refused by its size, without a byte of it being read", async () => {
  const { checkout, sparse } = await checkedOut();
  sparse("big.bin", 10 * 1024 ** 3);
  const started = performance.now();
  await expect(requireSmall(checkout)).rejects.toThrow(
    'The change has 10737418240 bytes of new or changed files; the limit is 52428800. The largest is "big.bin" with 10737418240.',
  );
  expect(performance.now() - started).toBeLessThan(3_000);
  expect(Number(sh(checkout.gitDir, "count-objects", "-v").match(/size: (\d+)/)?.[1])).toBeLessThan(100);
});

test("many files that are large only together are refused, also a tracked one that grew", async () => {
  const { checkout, sparse } = await checkedOut();
  sparse("a.txt", 30 * 1024 ** 2);
  await expect(requireSmall(checkout)).resolves.toBeUndefined();
  sparse("b.bin", 30 * 1024 ** 2);
  await expect(requireSmall(checkout)).rejects.toMatchObject({ name: "TooLarge" });
});

test("what git ignores and what was there before do not count", async () => {
  const { origin, checkout, sparse } = await checkedOut();
  sparse("noise.log", 10 * 1024 ** 3);
  write(origin.workspace, { "a.txt": "ALPHA\n" });
  await expect(requireSmall(checkout)).resolves.toBeUndefined();
});
