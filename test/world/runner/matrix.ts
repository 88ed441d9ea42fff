import type { Value } from "./template.ts";

export interface Leg {
  /** `matrix` of this leg. */
  readonly values: Readonly<Record<string, Value>>;
  /** ` (20, linux)`, or nothing without a matrix. */
  readonly suffix: string;
}

type Row = Readonly<Record<string, Value>>;
const isRow = (value: Value | undefined): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
const rows = (value: Value | undefined): readonly Row[] => (Array.isArray(value) ? value.filter(isRow) : []);

const listed = (value: Value): readonly Value[] => (Array.isArray(value) ? (value as readonly Value[]) : [value]);

/** The legs of a job's `strategy:`; one without a matrix. */
export function legsOf(strategy: Value): readonly Leg[] {
  const matrix = isRow(strategy) ? strategy.matrix : undefined;
  if (!isRow(matrix)) return [{ values: {}, suffix: "" }];
  const { include, exclude, ...axes } = matrix;
  const product = Object.entries(axes).reduce<readonly Row[]>(
    (sofar, [name, values]) => sofar.flatMap((row) => listed(values).map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
  const start = Object.keys(axes).length > 0 ? product : [];
  const kept = start.filter((row) => !rows(exclude).some((out) => fits(row, out)));
  const all = rows(include).reduce<readonly Row[]>((legs, extra) => withInclude(legs, extra, Object.keys(axes)), kept);
  return all.map((values) => ({ values, suffix: ` (${Object.values(values).map(label).join(", ")})` }));
}

/** An `include` adds to every leg it does not contradict, else it is a leg of its own. */
function withInclude(legs: readonly Row[], extra: Row, axes: readonly string[]): readonly Row[] {
  const own = Object.fromEntries(Object.entries(extra).filter(([key]) => axes.includes(key)));
  const joins = legs.some((row) => fits(row, own));
  return joins ? legs.map((row) => (fits(row, own) ? { ...row, ...extra } : row)) : [...legs, extra];
}

const fits = (row: Row, part: Row) => Object.entries(part).every(([key, value]) => JSON.stringify(row[key]) === JSON.stringify(value));
const label = (value: Value) => (typeof value === "object" ? JSON.stringify(value) : String(value));
