/** R16: the ruleset that locks a default branch as the Rig asks, as GitHub imports it. */

export interface Ruleset {
  readonly name: string;
  readonly target: "branch";
  readonly enforcement: "active";
  readonly conditions: { readonly ref_name: { readonly include: readonly string[]; readonly exclude: readonly string[] } };
  readonly bypass_actors: readonly never[];
  readonly rules: readonly { readonly type: string; readonly parameters?: Readonly<Record<string, unknown>> }[];
}

/** `appId` is the Rig's own App: `rig/gates` counts from it and from nobody else. */
export const rulesetFor = (appId: number): Ruleset => ({
  name: "Engineering Rig: default branch",
  target: "branch",
  enforcement: "active",
  conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
  bypass_actors: [],
  rules: [
    { type: "deletion" },
    { type: "non_fast_forward" },
    {
      type: "pull_request",
      parameters: {
        required_approving_review_count: 1,
        dismiss_stale_reviews_on_push: true,
        require_code_owner_review: true,
        require_last_push_approval: true,
        required_review_thread_resolution: false,
      },
    },
    {
      type: "required_status_checks",
      parameters: {
        // Checks of a base that has moved on are the Conductor's business: it evaluates again before it merges.
        strict_required_status_checks_policy: false,
        required_status_checks: [{ context: "rig/gates", integration_id: appId }],
      },
    },
  ],
});

/** Where to bring it. */
export const importWords = (repository: string): string =>
  `import the ruleset below (Settings → Rules → Rulesets → Import a ruleset), or \`npx rig doctor --ruleset | gh api repos/${repository}/rulesets --input -\``;
