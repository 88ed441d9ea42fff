import type { User } from "./people.ts";

/** An environment whose deployments wait for one of its reviewers. */
export interface ProtectedEnvironment {
  readonly id: number;
  readonly name: string;
  readonly createdAt: string;
  readonly reviewers: readonly User[];
}

/** A deployment of a run that GitHub holds. */
export interface HeldDeployment {
  readonly environment: ProtectedEnvironment;
  readonly deploymentId: number;
  readonly decide: (approved: boolean) => void;
}

/** What a reviewer said of a held deployment. */
export interface DeploymentReview {
  readonly environment: ProtectedEnvironment;
  readonly state: "approved" | "rejected";
  readonly user: User;
  readonly comment: string;
}
