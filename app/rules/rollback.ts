import { nothing, type Rule, say } from "./rule.ts";

/** P13: nothing here asks for a way back; it only says when the one that a person asked for was taken. */
export const rollback: Rule = ({ issue, seen }) => {
  if (!issue.rollback || !seen.rolledBack) return nothing;
  const { by, fromSha, toSha } = issue.rollback;
  return say({ type: "ROLLED_BACK", data: { by, fromSha, toSha } });
};
