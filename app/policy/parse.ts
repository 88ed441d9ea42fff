import { parseDocument } from "yaml";
import { z } from "zod";
import { Policy } from "../domain/policy.ts";
import { globFault, patternFault } from "../gates/patterns.ts";
import { type Place, placesIn } from "./places.ts";

export interface PolicyError extends Place {
  readonly message: string;
}

/** `source` is what the file said, as data: stored in place of the policy, so that a newer Rig reads its own defaults into it. */
export type Parsed = { readonly policy: Policy; readonly source: unknown } | { readonly errors: readonly PolicyError[] };

/** Reads the text of `.github/rig.yml`. Every fault has its line and column and says what is allowed. */
export function parsePolicy(text: string): Parsed {
  const { document, at, of } = placesIn(text);
  if (document.errors.length > 0)
    return { errors: document.errors.map(({ pos, message }) => ({ ...at(pos[0]), message: message.split("\n")[0] ?? message })) };
  const source: unknown = document.toJS() ?? {};
  const checked = Policy.safeParse(source);
  const faults = checked.success ? unusable(checked.data) : checked.error.issues.flatMap(explained);
  if (checked.success && faults.length === 0) return { policy: checked.data, source };
  return { errors: faults.map(({ path, message }) => ({ ...of(path), message })) };
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

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Globs and expressions of gates that cannot be used. */
const unusable = ({ gates }: Policy): readonly Fault[] =>
  Object.entries(gates).flatMap(([name, { paths = [], content = [] }]) => [
    ...paths.flatMap((glob, index) => said(["gates", name, "paths", index], glob, globFault(glob))),
    ...content.flatMap((pattern, index) => said(["gates", name, "content", index], pattern, patternFault(pattern))),
  ]);

const said = (path: readonly PropertyKey[], text: string, fault: string | undefined): readonly Fault[] =>
  fault ? [{ path, message: `${path.join(".")}: "${text.slice(0, 80)}" ${fault}` }] : [];

function explained(issue: z.core.$ZodIssue): readonly Fault[] {
  const name = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: `${name || "the file"}: ${issue.message}` }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: `${[...issue.path, key].join(".")} is not a key of rig.yml` }));
}
