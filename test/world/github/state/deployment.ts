import type { Author } from "./people.ts";

export type DeploymentState = "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success" | "waiting";

export interface DeploymentStatus {
  readonly id: number;
  readonly author: Author;
  readonly state: DeploymentState;
  readonly description: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly at: string;
}

export interface Deployment {
  readonly id: number;
  readonly author: Author;
  readonly ref: string;
  readonly sha: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly description: string | null;
  readonly transient: boolean;
  readonly production: boolean;
  readonly createdAt: string;
  /** The run of a job that it belongs to. */
  readonly logUrl?: string;
  readonly statuses: DeploymentStatus[];
}
