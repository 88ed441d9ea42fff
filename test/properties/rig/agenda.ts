/** What will happen in the world by itself, and when. */
export interface Agenda {
  readonly at: (when: Date, act: () => Promise<void> | void) => void;
  readonly next: () => Date | undefined;
  /** Does what is due, in the order of its times. */
  readonly run: (now: Date) => Promise<void>;
}

export function createAgenda(): Agenda {
  let items: { readonly when: Date; readonly act: () => Promise<void> | void }[] = [];
  return {
    at: (when, act) => {
      items = [...items, { when, act }].toSorted((a, b) => a.when.getTime() - b.when.getTime());
    },
    next: () => items[0]?.when,
    async run(now) {
      for (let first = items[0]; first && first.when <= now; first = items[0]) {
        items = items.slice(1);
        await first.act();
      }
    },
  };
}
