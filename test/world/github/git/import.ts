import { git } from "./run.ts";

/** Path → content; `null` deletes. */
export type Files = Readonly<Record<string, string | Buffer | null>>;

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface NewCommit {
  readonly ref: string;
  readonly parent?: string;
  readonly files: Files;
  readonly message: string;
  readonly author: Person;
  readonly at: Date;
}

const quoted = (path: string) => (/[\n"\\]/.test(path) ? `"${path.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"` : path);
const isScript = (content: Buffer) => content.subarray(0, 2).toString() === "#!";

/** Writes one commit with `git fast-import`: one process whatever the number of files. */
export async function importCommit(gitDir: string, { ref, parent, files, message, author, at }: NewCommit): Promise<void> {
  const parts: (string | Buffer)[] = [];
  const data = (content: Buffer) => parts.push(`data ${content.length}\n`, content, "\n");
  const stamp = `${author.name} <${author.email}> ${Math.floor(at.getTime() / 1000)} +0000\n`;
  parts.push(`commit ${ref}\nauthor ${stamp}committer ${stamp}`);
  data(Buffer.from(message));
  if (parent) parts.push(`from ${parent}\n`);
  for (const [path, content] of Object.entries(files)) {
    if (content === null) parts.push(`D ${quoted(path)}\n`);
    else {
      const bytes = Buffer.from(content);
      parts.push(`M ${isScript(bytes) ? "100755" : "100644"} inline ${quoted(path)}\n`);
      data(bytes);
    }
  }
  await git(gitDir, ["fast-import", "--quiet", "--done"], { stdin: Buffer.concat([...parts, "done\n"].map((part) => Buffer.from(part))) });
}
