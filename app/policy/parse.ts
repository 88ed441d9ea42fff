import { isMap, LineCounter, type Node, parseDocument } from "yaml";
import { z } from "zod";
import { Policy } from "../domain/policy.ts";

export interface PolicyError {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `source` is what the file said, as data: stored in place of the policy, so that a newer Rig reads its own defaults into it. */
export type Parsed = { readonly policy: Policy; readonly source: unknown } | { readonly errors: readonly PolicyError[] };

/** Reads the text of `.github/rig.yml`. Every fault has its line and column and says what is allowed. */
export function parsePolicy(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0)
    return { errors: document.errors.map(({ pos, message }) => ({ ...place(pos[0]), message: message.split("\n")[0] ?? message })) };
  const source: unknown = document.toJS() ?? {};
  const checked = Policy.safeParse(source);
  if (checked.success) return { policy: checked.data, source };
  const at = (path: readonly PropertyKey[]) => place(offsetOf(document.contents, path));
  return { errors: checked.error.issues.flatMap((issue) => explained(issue).map(({ path, message }) => ({ ...at(path), message }))) };
}

/** The old `.rig-agent.yaml`: how a repository is tested and built, and nothing else. */
export function parseOldPolicy(text: string): Parsed {
  const Old = z.looseObject({ testCommand: z.string().optional(), buildCommand: z.string().optional() });
  const old = Old.safeParse(parseDocument(text).toJS() ?? {});
  if (!old.success) return { errors: [{ line: 1, column: 1, message: ".rig-agent.yaml: testCommand and buildCommand are texts" }] };
  const { testCommand, buildCommand } = old.data;
  const source = { stack: { ...(testCommand ? { test: testCommand } : {}), ...(buildCommand ? { build: buildCommand } : {}) } };
  return { policy: Policy.parse(source), source };
}

function explained(issue: z.core.$ZodIssue): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  const name = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: `${name || "the file"}: ${issue.message}` }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: `${[...issue.path, key].join(".")} is not a key of rig.yml` }));
}

/** Where a path begins in the text; the nearest parent where the path itself is not there. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = node.items.find(({ key: name }) => String(name) === String(key));
    if (!pair) break;
    offset = (pair.key as Node).range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}
