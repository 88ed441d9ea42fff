/** One thing the doctor looked at. */
export interface Check {
  /** The repository, as `owner/name`; absent: the Rig as a whole. */
  readonly repository?: string;
  readonly name: string;
  /** A note is how it is and may stay so. */
  readonly verdict: "ok" | "note" | "finding";
  readonly says: string;
  /** What to do about a finding. */
  readonly wayOut?: string;
}

export const fine = (name: string, says: string): Check => ({ name, verdict: "ok", says });
export const note = (name: string, says: string, wayOut: string): Check => ({ name, verdict: "note", says, wayOut });
export const finding = (name: string, says: string, wayOut: string): Check => ({ name, verdict: "finding", says, wayOut });

export const isFinding = ({ verdict }: Check): boolean => verdict === "finding";
