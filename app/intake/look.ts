/** What a delivery says: look at these subjects. Nothing in a payload is believed beyond that. */
export interface Look {
  readonly repositoryId: number;
  readonly at: Place;
}

export type Place =
  | { readonly issue: number }
  | { readonly pullRequest: number }
  | { readonly branch: string }
  | { readonly headSha: string }
  | { readonly workflowRunId: number }
  /** Every issue on its way to production. */
  | { readonly releases: true }
  /** Every open issue: policy, ownership or protection may have changed. */
  | { readonly everything: true };
