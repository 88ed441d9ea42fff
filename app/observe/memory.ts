/** What cannot change once it is read (a commit, a diff between two commits) is read once. The oldest is forgotten first. */
export interface Memory {
  /** `worth` says whether an answer may be kept; every one is, unless told. */
  readonly recall: <T>(key: string, read: () => Promise<T>, worth?: (answer: T) => boolean) => Promise<T>;
}

const MOST = 500;

export function createMemory(most = MOST): Memory {
  const known = new Map<string, Promise<unknown>>();
  return {
    recall: <T>(key: string, read: () => Promise<T>, worth: (answer: T) => boolean = () => true): Promise<T> => {
      const before = known.get(key);
      if (before) return before as Promise<T>;
      const reading = read().then(
        (answer) => {
          if (!worth(answer)) known.delete(key);
          return answer;
        },
        (error: unknown) => {
          known.delete(key);
          throw error;
        },
      );
      known.set(key, reading);
      const oldest = known.keys().next().value;
      if (known.size > most && oldest !== undefined) known.delete(oldest);
      return reading;
    },
  };
}
