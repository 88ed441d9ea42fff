/** `502-after-write`: does it and says 502. `stale`: a read answers what it answered the last time. `base-moved`: somebody pushed to the base of a merge just then. */
export type FaultKind = "502-after-write" | "502" | "503" | "hang" | "reset" | "secondary-limit" | "429" | "stale" | "base-moved";

export interface Fault {
  readonly method: string;
  readonly path: RegExp;
  readonly kind: FaultKind;
  /** How often; once unless told. */
  readonly times?: number;
}

export interface FaultBook {
  /** Does this to the next call that fits. */
  next(fault: Fault): void;
  /** Takes the fault for this call, if one is due. */
  take(method: string, path: string): FaultKind | undefined;
  /** Faults that nothing has met yet. */
  pending(): readonly Fault[];
  clear(): void;
}

export function openFaultBook(): FaultBook {
  let due: { readonly fault: Fault; left: number }[] = [];
  return {
    next: (fault) => {
      due.push({ fault, left: fault.times ?? 1 });
    },
    take: (method, path) => {
      const found = due.find(({ fault }) => fault.method.toUpperCase() === method && fault.path.test(path));
      if (!found) return undefined;
      found.left -= 1;
      due = due.filter(({ left }) => left > 0);
      return found.fault.kind;
    },
    pending: () => due.map(({ fault }) => fault),
    clear: () => {
      due = [];
    },
  };
}
