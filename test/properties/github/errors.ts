/** An answer of GitHub that is none. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const missing = (what: string): never => {
  throw new HttpError(404, `Not Found: ${what}`);
};

/** Reads nothing that is not there: a call this GitHub does not know is a mistake of the test, and is called one. */
export function strict<T extends object>(name: string, of: T): T {
  return new Proxy(of, {
    get(target, key) {
      if (key in target || typeof key === "symbol" || key === "then") return Reflect.get(target, key);
      throw new Error(`There is no ${name}.${key} here.`);
    },
  });
}
