import type { Conclusion, Status, Step } from "../../actions.ts";
import type { DeploymentReview, HeldDeployment } from "./environment.ts";
import type { User } from "./people.ts";

export interface Job {
  readonly id: number;
  readonly name: string;
  readonly labels: readonly string[];
  readonly createdAt: string;
  status: Status;
  conclusion: Conclusion | null;
  startedAt: string | null;
  completedAt: string | null;
  steps: readonly Step[];
  log: string;
}

export interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly content: Buffer;
  readonly createdAt: string;
}

export interface Run {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly event: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly displayTitle: string;
  readonly actor: User;
  readonly runNumber: number;
  readonly suiteId: number;
  readonly createdAt: string;
  readonly jobs: Job[];
  readonly artifacts: Artifact[];
  /** Deployments of it that wait for reviewers. */
  readonly held: HeldDeployment[];
  readonly reviews: DeploymentReview[];
  status: Status | "waiting";
  conclusion: Conclusion | null;
  updatedAt: string;
}
