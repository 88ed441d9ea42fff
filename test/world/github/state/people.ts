import type { KeyObject } from "node:crypto";

export interface User {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Bot" | "Organization";
  readonly createdAt: string;
}

export type Level = "read" | "write";
/** `{issues: "write"}`, by GitHub's names with underscores. */
export type Permissions = Readonly<Record<string, Level>>;

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly owner: User;
  readonly bot: User;
  permissions: Permissions;
  readonly events: readonly string[];
  readonly publicKey?: KeyObject;
  readonly createdAt: string;
  webhookUrl?: string;
  webhookSecret?: string;
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: User;
  readonly repositoryIds: Set<number>;
  permissions: Permissions;
  readonly createdAt: string;
  suspendedAt?: string;
}

/** Who did something, and through which App if not with their own hands. */
export interface Author {
  readonly user: User;
  readonly app?: App;
  /** Acts of a job's GITHUB_TOKEN start no workflows. */
  readonly byJob?: boolean;
}
