import type { App, Author, Installation, Permissions, User } from "../state/people.ts";

interface InstallationIdentity {
  readonly kind: "installation";
  readonly app: App;
  readonly installation: Installation;
  /** `undefined`: whatever the installation covers. */
  readonly repositoryIds?: ReadonlySet<number>;
  readonly permissions: Permissions;
  readonly expiresAt: number;
}

interface JobIdentity {
  readonly kind: "job";
  readonly app: App;
  readonly repositoryId: number;
  readonly runId: number;
  readonly permissions: Permissions;
  readonly expiresAt: number;
}

/** Who is calling, by the token they showed. */
export type Identity =
  | { readonly kind: "anonymous" }
  | { readonly kind: "person"; readonly user: User }
  | { readonly kind: "app"; readonly app: App }
  | InstallationIdentity
  | JobIdentity;

/** As whom the content is written. */
export function authorOf(identity: Identity): Author {
  switch (identity.kind) {
    case "person":
      return { user: identity.user };
    case "app":
    case "installation":
      return { user: identity.app.bot, app: identity.app };
    case "job":
      return { user: identity.app.bot, app: identity.app, byJob: true };
    case "anonymous":
      throw new Error("Nobody signed in, and yet something is to be written in their name: the endpoint lacks a permission.");
  }
}

export const appOf = (identity: Identity): App | undefined => ("app" in identity ? identity.app : undefined);
export const loginOf = (identity: Identity): string => (identity.kind === "anonymous" ? "" : authorOf(identity).user.login);
