import { parser } from "@prometheus-io/lezer-promql";

/** The metrics that an expression of PromQL names. Throws where it is none. */
export function metricsOf(expression: string): readonly string[] {
  const found: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) throw new Error(`Not PromQL at ${from}: ${expression}`);
      if (type.name === "VectorSelector") found.push(/^[\w:]*/.exec(expression.slice(from, to))?.[0] ?? "");
    },
  });
  return found;
}
