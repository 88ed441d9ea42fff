/** A rule of the apply step (R10, R20) stopped what a run left behind. */
export class GuardError extends Error {
  /** Short name of the rule, as GUARD_BLOCKED tells it. */
  readonly rule: string;
  constructor(rule: string, message: string) {
    super(message);
    this.name = "GuardError";
    this.rule = rule;
  }
}
