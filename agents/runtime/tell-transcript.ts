/** Hands a run's notes to the Conductor while it goes on, so that people can read along. The artifact has them in any case. */
import { ConductorError } from "./conductor.ts";
import type { Report } from "./report.ts";
import type { Transcript } from "./transcript.ts";

export interface Telling {
  /** Tells what is left, for a short while at most. */
  readonly finish: () => Promise<void>;
  readonly stop: () => void;
}

export interface TellingOptions {
  readonly report: Report;
  readonly transcript: Transcript;
  readonly everyMs: number;
}

/** Characters of one call. */
const AT_ONCE = 512 * 1024;

/** Nothing of a run depends on it, so nothing is thrown: what cannot be told now is told with the next notes. */
export function tellTranscript({ report, transcript, everyMs }: TellingOptions): Telling {
  let told = 0;
  let refused = false;
  let turn: Promise<void> = Promise.resolve();
  const tellAll = async () => {
    try {
      while (!refused && told < transcript.count()) told = await report.transcript(told, transcript.from(told, AT_ONCE));
    } catch (error) {
      // An older Conductor, a fenced run, a full transcript: it will not be heard later either.
      refused = error instanceof ConductorError && error.status !== undefined && error.status < 500;
    }
  };
  const tell = () => {
    turn = turn.then(tellAll);
    return turn;
  };
  const timer = setInterval(tell, everyMs);
  return { finish: tell, stop: () => clearInterval(timer) };
}
