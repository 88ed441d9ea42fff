/** Not now: the command is as good as new, and this was no attempt at it. */
export class PutOff extends Error {
  readonly retryMs: number;
  /** 429: nothing was done. 504: nobody knows. */
  readonly status: 429 | 504;

  constructor(message: string, retryMs: number, status: 429 | 504 = 429) {
    super(message);
    this.retryMs = retryMs;
    this.status = status;
  }
}
