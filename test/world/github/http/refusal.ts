export interface Detail {
  readonly resource?: string;
  readonly field?: string;
  readonly code?: string;
  readonly message?: string;
}

/** An answer that GitHub refuses with. Caught in one place: the server. */
export class Refusal extends Error {
  readonly status: number;
  readonly details: readonly (Detail | string)[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, details: readonly (Detail | string)[] = [], headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.details = details;
    this.headers = headers;
  }
}

export const notFound = () => new Refusal(404, "Not Found");

export const invalid = (...details: (Detail | string)[]) => new Refusal(422, "Validation Failed", details);

/** GitHub's form of an error. */
export function refusalBody(refusal: Refusal) {
  const errors = refusal.details.map((detail) => (typeof detail === "string" ? detail : { code: "custom", ...detail }));
  return {
    message: refusal.message,
    ...(errors.length ? { errors } : {}),
    ...(refusal.headers.location ? { url: refusal.headers.location } : {}),
    documentation_url: "https://docs.github.com/rest",
    status: String(refusal.status),
  };
}
