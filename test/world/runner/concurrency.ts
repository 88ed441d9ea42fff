import { type Scope, text } from "./expressions.ts";
import { resolve, type Template } from "./template.ts";

/** Somebody who wants to be alone in a group. */
export interface Candidate {
  readonly run: { readonly id: number; readonly repositoryId: number };
  /** A newer one takes its place; why, in GitHub's words. */
  readonly cancel: (why: string) => void;
  /** Told when it has to wait, and when that is over. */
  readonly waits: (waiting: boolean) => void;
  /** Gives up waiting. */
  readonly signal: AbortSignal;
}

interface Member {
  readonly candidate: Candidate;
  readonly enter: () => void;
}

export interface ConcurrencySetting {
  readonly group: string;
  readonly cancelInProgress: boolean;
  /** `queue: max`: everybody waits; otherwise only the newest does. */
  readonly everybodyWaits: boolean;
}

/** Reads `concurrency:`; nothing where it was not written. */
export function readConcurrency(template: Template | undefined, scope: Scope): ConcurrencySetting | undefined {
  const value = resolve(template, scope);
  if (value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) return { group: text(value), cancelInProgress: false, everybodyWaits: false };
  const { group, "cancel-in-progress": cancel, queue } = value as Record<string, unknown>;
  return { group: text(group), cancelInProgress: text(cancel) === "true", everybodyWaits: queue === "max" };
}

/** The concurrency groups of all repositories. */
export function concurrencyGroups() {
  const groups = new Map<string, { inside: Member; waiting: Member[] }>();

  function leave(key: string, member: Member): void {
    const group = groups.get(key);
    if (!group) return;
    group.waiting = group.waiting.filter((other) => other !== member);
    if (group.inside !== member) return;
    const next = group.waiting.shift();
    if (!next) groups.delete(key);
    else {
      group.inside = next;
      next.enter();
    }
  }

  return {
    /** Resolves when it is this one's turn, or it gave up, with the way out. */
    async enter(setting: ConcurrencySetting, candidate: Candidate): Promise<() => void> {
      const { run, signal } = candidate;
      const key = `${run.repositoryId} ${setting.group.toLowerCase()}`;
      const { promise, resolve: entered } = Promise.withResolvers<void>();
      let waiting = false;
      const enter = () => {
        if (waiting) candidate.waits(false);
        waiting = false;
        entered();
      };
      const member: Member = { candidate, enter };
      const group = groups.get(key);
      if (!group) {
        groups.set(key, { inside: member, waiting: [] });
        return () => leave(key, member);
      }
      if (group.inside.candidate.run.id === run.id)
        throw new Error(`Canceling since a deadlock for concurrency group '${setting.group}' was detected`);
      const superseded = setting.everybodyWaits ? [] : group.waiting.splice(0);
      group.waiting.push(member);
      const why = `Canceling since a higher priority waiting request for '${setting.group}' exists`;
      for (const older of superseded) older.candidate.cancel(why);
      if (setting.cancelInProgress) group.inside.candidate.cancel(why);
      waiting = true;
      candidate.waits(true);
      signal.addEventListener("abort", enter);
      if (signal.aborted) enter();
      await promise;
      signal.removeEventListener("abort", enter);
      return () => leave(key, member);
    },
  };
}
