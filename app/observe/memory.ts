/** What cannot change once it is read (a commit, a diff between two commits) is read once. What was asked for longest ago is forgotten first. */
import { LRUCache } from "lru-cache";

export interface Kept<T> {
  /** Whether an answer may be kept; every one is, unless told. */
  readonly worth?: (answer: T) => boolean;
  /** How many characters it holds, about. */
  readonly size?: (answer: T) => number;
}

export interface Memory {
  readonly recall: <T>(key: string, read: () => Promise<T>, kept?: Kept<T>) => Promise<T>;
}

const MOST = 500;
/** Whole texts of changed files are most of it. */
const MOST_CHARACTERS = 64 * 1024 * 1024;

export function createMemory(most = MOST, mostCharacters = MOST_CHARACTERS): Memory {
  const known = new LRUCache<string, { readonly answer: unknown }>({ max: most, maxSize: mostCharacters });
  const reading = new Map<string, Promise<unknown>>();
  return {
    recall: <T>(key: string, read: () => Promise<T>, { worth = () => true, size = () => 1 }: Kept<T> = {}): Promise<T> => {
      const before = known.get(key);
      if (before) return Promise.resolve(before.answer as T);
      // Whoever asks meanwhile waits for the same answer.
      const asked = reading.get(key);
      if (asked) return asked as Promise<T>;
      const answering = read()
        .then((answer) => {
          if (worth(answer)) known.set(key, { answer }, { size: Math.max(1, size(answer)) });
          return answer;
        })
        .finally(() => reading.delete(key));
      reading.set(key, answering);
      return answering;
    },
  };
}
