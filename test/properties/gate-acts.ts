/** What people do around a gate, and what somebody tries who wants to get past one. */
import fc from "fast-check";
import { kinds } from "./rig/files.ts";
import { type Ownership, ownerships } from "./rig/ownership.ts";

export type GateAct =
  | { readonly do: "approve"; readonly issue: number; readonly by: string; readonly how: (typeof ways)[number]; readonly gates: string }
  | { readonly do: "look back"; readonly issue: number; readonly by: string }
  | { readonly do: "dismiss of"; readonly issue: number; readonly by: string; readonly of: string }
  | { readonly do: "push"; readonly issue: number; readonly by: string; readonly author: string; readonly path: string }
  | { readonly do: "own"; readonly by: string; readonly as: Ownership }
  | { readonly do: "team"; readonly of: string }
  | { readonly do: "role"; readonly of: string; readonly role: "write" | "read" }
  | { readonly do: "retarget"; readonly issue: number; readonly by: string; readonly base: "main" | "release" | "halfway" }
  | { readonly do: "beside"; readonly issue: number; readonly by: string; readonly base: "main" | "release" }
  | { readonly do: "close beside"; readonly issue: number; readonly by: string }
  | { readonly do: "check"; readonly issue: number; readonly by: string; readonly conclusion: "success" | "failure" | null };

/** A review, words under the pull request, a press of the check's button; and the same of a head that was before. */
const ways = ["review", "review", "review", "words", "press", "words on the one before", "press on the first"] as const;

const issue = fc.nat({ max: 2 });
/** Owners, writers who own nothing, those who may not write, machines, and the Rig itself. */
const anybody = fc.constantFrom("jonas", "maria", "paula", "tom", "rita", "renovate[bot]", "rig[bot]", "review-e[bot]");
const owner = fc.constantFrom("maria", "maria", "paula", "jonas");
const gates = fc.oneof({ weight: 4, arbitrary: fc.constant("") }, fc.constantFrom("schema", "auth", "dependencies", "deletion"));
const path = fc.constantFrom(...kinds.map((kind) => kind.path));
const is = <const T extends string>(name: T) => ({ do: fc.constant(name) });

export const approval = fc.record({ ...is("approve"), issue, by: owner, how: fc.constantFrom(...ways), gates });

export const gateAct: fc.Arbitrary<GateAct> = fc.oneof(
  { weight: 8, arbitrary: approval },
  { weight: 2, arbitrary: fc.record({ ...is("approve"), issue, by: anybody, how: fc.constantFrom(...ways), gates }) },
  { weight: 3, arbitrary: fc.record({ ...is("look back"), issue, by: owner }) },
  { weight: 1, arbitrary: fc.record({ ...is("dismiss of"), issue, by: anybody, of: anybody }) },
  { weight: 2, arbitrary: fc.record({ ...is("push"), issue, by: anybody, author: anybody, path }) },
  { weight: 1, arbitrary: fc.record({ ...is("own"), by: owner, as: fc.constantFrom(...(Object.keys(ownerships) as Ownership[])) }) },
  { weight: 1, arbitrary: fc.record({ ...is("team"), of: owner }) },
  { weight: 1, arbitrary: fc.record({ ...is("role"), of: owner, role: fc.constantFrom("write", "read") }) },
  {
    weight: 1,
    arbitrary: fc.record({ ...is("retarget"), issue, by: anybody, base: fc.constantFrom("main", "main", "release", "halfway") }),
  },
  { weight: 1, arbitrary: fc.record({ ...is("beside"), issue, by: owner, base: fc.constantFrom("main", "release") }) },
  { weight: 1, arbitrary: fc.record({ ...is("close beside"), issue, by: owner }) },
  { weight: 1, arbitrary: fc.record({ ...is("check"), issue, by: anybody, conclusion: fc.constantFrom("success", "failure", null) }) },
);
