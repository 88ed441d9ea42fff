/** The death of a process at one awaited call, before it takes effect or after. */
export class Crash extends Error {}

/** Moments are counted over all calls: two a call, its beginning and its effect. The process dies at this one. */
export interface Moment {
  readonly nth: number;
}

type Around = <T>(name: string, call: () => Promise<T>) => Promise<T>;

export interface Life {
  readonly around: Around;
  /** The same functions, each call of which may be the last. */
  readonly wrapped: <T extends object>(functions: T, name: string) => T;
}

const reads =
  /^after (graphql|store\.(repository|readStream|effectsOf|run|issueByRun|issueByStream|issueByNumber|issuesBy\w+|issuesInState|issuesWaitingOn|openIssues|placeOf|surfacesOf|messageOf|assignmentsOf|nextReady|runsToday|\w*For|recordedAs)|[a-z]+\.(get|list|codeowners|compare)\w*)$/;
const isRead = (name: string): boolean => reads.test(name);

export function fragile(moment: Moment | undefined) {
  let moments = 0;
  let left = moment ? 1 : 0;
  const names: string[] = [];
  const distinct: number[] = [];
  let unlike = true;
  return {
    moments: () => moments,
    /** What each moment was, for saying where it died. */
    names,
    /**
     * Moments that leave behind what no other does: the first of each piece of work, and those just after something was written.
     * Who dies around a read dies in the state that the last write left.
     */
    distinct,
    /** The next moment belongs to another piece of work. */
    begun: (): void => {
      unlike = true;
    },
    begin(): Life {
      let dead = false;
      const die = (name: string): void => {
        if (dead) throw new Crash(`${name}: the process is dead.`);
        moments += 1;
        names.push(name);
        if (unlike || (name.startsWith("after ") && !isRead(name))) distinct.push(moments);
        unlike = false;
        if (left === 0 || moments !== moment?.nth) return;
        left = 0;
        dead = true;
        throw new Crash(name);
      };
      const around: Around = async (name, call) => {
        die(`before ${name}`);
        const answer = await call();
        die(`after ${name}`);
        return answer;
      };
      const wrapped = <T extends object>(functions: T, name: string): T =>
        new Proxy(functions, {
          get: (target, key) => {
            const one: unknown = Reflect.get(target, key);
            if (typeof one !== "function") return one;
            return (...args: readonly unknown[]) => around(`${name}.${String(key)}`, async () => one.apply(target, args));
          },
        });
      return { around, wrapped };
    },
  };
}
