import { type GitStore, once } from "./store.ts";

export interface GitPerson {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

export interface GitCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitPerson;
  readonly committer: GitPerson;
  readonly message: string;
}

/** The repository has no object of that kind and name. */
export class NoSuchObject extends Error {
  constructor(kind: string, name: string) {
    super(`There is no ${kind} ${name}.`);
    this.name = "NoSuchObject";
  }
}

const person = (line: string): GitPerson => {
  const [, name = "", email = "", seconds = "0"] = /^(.*) <(.*)> (\d+) [+-]\d+$/.exec(line) ?? [];
  return { name, email, date: new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z") };
};

function parse(sha: string, text: string): GitCommit {
  const end = text.indexOf("\n\n");
  const headers = text.slice(0, end).split("\n");
  const all = (name: string) => headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    sha,
    tree: all("tree")[0] ?? "",
    parents: all("parent"),
    author: person(all("author")[0] ?? ""),
    committer: person(all("committer")[0] ?? ""),
    message: text.slice(end + 2).replace(/\n$/, ""),
  };
}

export function readCommit(store: GitStore, sha: string): Promise<GitCommit> {
  return once(store, `commit ${sha}`, async () => {
    const object = await store.objects.read(sha);
    if (object?.type !== "commit" || !object.content) throw new NoSuchObject("commit", sha);
    return parse(sha, object.content.toString());
  });
}
