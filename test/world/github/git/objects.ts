import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { gitEnvironment } from "./run.ts";

export interface GitObject {
  readonly sha: string;
  readonly type: string;
  readonly size: number;
  /** Absent where only the size was asked for. */
  readonly content?: Buffer;
}

/** One `git cat-file` that stays and answers: a process for each object would cost 5 ms each. */
export interface ObjectReader {
  /** `undefined`: there is no such object. */
  read(name: string): Promise<GitObject | undefined>;
  size(name: string): Promise<GitObject | undefined>;
  close(): void;
}

interface Question {
  readonly withContent: boolean;
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Takes one answer from the front of what git has said; `undefined` until it is there whole. */
function takeAnswer(said: Buffer, withContent: boolean): { readonly object: GitObject | undefined; readonly length: number } | undefined {
  const end = said.indexOf(10);
  if (end < 0) return undefined;
  const [sha = "", type = "", size] = said.subarray(0, end).toString().split(" ");
  if (size === undefined) return { object: undefined, length: end + 1 };
  const head = { sha, type, size: Number(size) };
  if (!withContent) return { object: head, length: end + 1 };
  const length = end + 1 + head.size + 1;
  return said.length < length ? undefined : { object: { ...head, content: Buffer.from(said.subarray(end + 1, length - 1)) }, length };
}

export function openObjectReader(dir: string): ObjectReader {
  const questions: Question[] = [];
  let child: ChildProcessWithoutNullStreams | undefined;
  let chunks: Buffer[] = [];

  const answer = () => {
    let said = Buffer.concat(chunks);
    for (let question = questions[0]; question; question = questions[0]) {
      const taken = takeAnswer(said, question.withContent);
      if (!taken) break;
      questions.shift();
      said = said.subarray(taken.length);
      question.resolve(taken.object);
    }
    chunks = [said];
  };
  const start = () => {
    const started = spawn("git", ["cat-file", "--batch-command"], { cwd: dir, env: gitEnvironment() });
    started.stdout.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      answer();
    });
    started.stderr.resume();
    started.on("close", () => {
      for (const { reject } of questions.splice(0)) reject(new Error(`git cat-file in ${dir} ended before it had answered.`));
    });
    started.unref();
    return started;
  };
  const ask = (command: "contents" | "info", name: string) =>
    new Promise<GitObject | undefined>((resolve, reject) => {
      child ??= start();
      questions.push({ withContent: command === "contents", resolve, reject });
      child.stdin.write(`${command} ${name}\n`);
    });
  return { read: (name) => ask("contents", name), size: (name) => ask("info", name), close: () => child?.stdin.end() };
}
