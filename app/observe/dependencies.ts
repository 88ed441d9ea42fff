/** What has to be done before an issue: what its text names, and GitHub's own "blocked by" links. */
import { dependenciesIn } from "../domain/dependencies.ts";
import type { SeenDependency, SeenIssue } from "../domain/seen.ts";
import { gone, type Reader } from "./github.ts";

interface Node {
  readonly ref: string;
  readonly state: SeenDependency["state"];
  /** Asked only when the way through it matters. */
  readonly next: () => Promise<readonly Node[]>;
}

/** Rings longer than this are found when one of their issues closes. */
const MOST_STEPS = 40;
const MOST_LINKS = 50;

/** The dependencies of the approved text and of GitHub's links, and the ring they form, if they do. */
export async function observeDependencies(
  reader: Reader,
  number: number,
  named: readonly string[],
): Promise<Pick<SeenIssue, "dependencies" | "cycle">> {
  const self = `${reader.owner}/${reader.repo}#${number}`;
  const first = await nodesOf(reader, self, named);
  const dependencies = first.map(({ ref, state }) => ({ ref, state }));
  const cycle = await ringThrough(self, first);
  return cycle ? { dependencies, cycle } : { dependencies };
}

/** Breadth first through what is open: a closed issue keeps nobody waiting, whatever it names. */
async function ringThrough(self: string, first: readonly Node[]): Promise<readonly string[] | undefined> {
  let ways = first.filter(({ state }) => state === "open").map((node) => ({ node, path: [self, node.ref] }));
  const seen = new Set(ways.map(({ node }) => node.ref.toLowerCase()));
  for (let steps = 0; ways.length > 0 && steps < MOST_STEPS; steps += ways.length) {
    const further: typeof ways = [];
    for (const { node, path } of ways) {
      for (const next of await node.next()) {
        if (same(next.ref, self)) return [...path, self];
        if (next.state !== "open" || seen.has(next.ref.toLowerCase())) continue;
        seen.add(next.ref.toLowerCase());
        further.push({ node: next, path: [...path, next.ref] });
      }
    }
    ways = further;
  }
  return undefined;
}

async function nodesOf(reader: Reader, ref: string, named: readonly string[]): Promise<readonly Node[]> {
  const links = await blockersOf(reader, ref);
  const known = new Map(links.map((node) => [node.ref.toLowerCase(), node]));
  const written = await Promise.all(named.filter((one) => !known.has(one.toLowerCase())).map((one) => nodeOf(reader, one)));
  return [...written, ...links].filter((node) => !same(node.ref, ref));
}

/** GitHub's own links. Where an installation may not see them, or GitHub has none of them yet, there are none. */
async function blockersOf(reader: Reader, ref: string): Promise<readonly Node[]> {
  try {
    const { data } = await reader.octokit.rest.issues.listDependenciesBlockedBy({ ...placeOf(ref), per_page: MOST_LINKS });
    return data.map(({ repository_url, number, state, body }) => {
      const [owner, repo] = repository_url.split("/").slice(-2);
      return open(reader, `${owner}/${repo}#${number}`, state, body ?? "");
    });
  } catch (error) {
    if (gone(error)) return [];
    throw error;
  }
}

async function nodeOf(reader: Reader, ref: string): Promise<Node> {
  try {
    const { data } = await reader.octokit.rest.issues.get(placeOf(ref));
    return open(reader, ref, data.state, data.body ?? "");
  } catch (error) {
    if (gone(error)) return { ref, state: "unknown", next: async () => [] };
    throw error;
  }
}

const open = (reader: Reader, ref: string, state: string, body: string): Node => {
  const { owner, repo, issue_number: number } = placeOf(ref);
  return {
    ref,
    state: state === "open" ? "open" : "closed",
    next: () => nodesOf(reader, ref, dependenciesIn(body, { owner, repo, number })),
  };
};

function placeOf(ref: string) {
  const [, owner = "", repo = "", number = "0"] = /^([^/]+)\/([^#]+)#(\d+)$/.exec(ref) ?? [];
  return { owner, repo, issue_number: Number(number) };
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
