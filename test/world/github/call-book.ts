import type { Identity } from "./auth/identity.ts";

const HOUR_S = 3600;
const PER_HOUR = 5000;
const PER_HOUR_FOR_NOBODY = 60;

export type Resource = "core" | "graphql";

/** What a caller has left of the hour. */
export interface Quota {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Seconds since 1970. */
  readonly reset: number;
  readonly resource: Resource;
}

/** What GitHub counts against each caller's hour. An answer 304 is not counted. */
export interface CallBook {
  count(identity: Identity, resource: Resource): void;
  quota(identity: Identity, resource: Resource): Quota;
  /** Calls counted since the last reset: of one installation, or of everybody. */
  total(installationId?: number, resource?: Resource): number;
  /** Starts counting anew, and everybody's hour with it. */
  reset(): void;
}

/** Whose hour it is: tokens of one installation share theirs. */
function callerOf(identity: Identity): string {
  switch (identity.kind) {
    case "installation":
      return `installation ${identity.installation.id}`;
    case "app":
      return `app ${identity.app.id}`;
    case "person":
      return `person ${identity.user.id}`;
    case "job":
      return `repository ${identity.repositoryId}`;
    case "anonymous":
      return "nobody";
  }
}

export function openCallBook(now: () => Date): CallBook {
  const hours = new Map<string, { used: number; reset: number }>();
  const totals = new Map<string, number>();
  const keyOf = (identity: Identity, resource: Resource) => `${callerOf(identity)} ${resource}`;
  const seconds = () => Math.floor(now().getTime() / 1000);
  const hourOf = (key: string) => {
    const hour = hours.get(key);
    return hour && hour.reset > seconds() ? hour : { used: 0, reset: seconds() + HOUR_S };
  };
  return {
    count: (identity, resource) => {
      const key = keyOf(identity, resource);
      const { used, reset } = hourOf(key);
      hours.set(key, { used: used + 1, reset });
      totals.set(key, (totals.get(key) ?? 0) + 1);
    },
    quota: (identity, resource) => {
      const limit = identity.kind === "anonymous" ? PER_HOUR_FOR_NOBODY : PER_HOUR;
      const { used, reset } = hourOf(keyOf(identity, resource));
      // Never 0: clients read that as refused for the rest of the hour, and nobody is refused here.
      return { limit, used, remaining: Math.max(limit - used, 1), reset, resource };
    },
    total: (installationId, resource = "core") => {
      const wanted = (key: string) =>
        installationId === undefined ? key.endsWith(` ${resource}`) : key === `installation ${installationId} ${resource}`;
      return [...totals].reduce((sum, [key, count]) => sum + (wanted(key) ? count : 0), 0);
    },
    reset: () => {
      hours.clear();
      totals.clear();
    },
  };
}
