import { type DestinationStream, type Logger, pino } from "pino";

export type Log = Logger;

/** JSON lines on standard output. `redact` sees each whole line last, so no field, message or stack passes by it (R20). */
export function createLog({
  level,
  redact,
  to = process.stdout,
}: {
  level: string;
  redact: (text: string) => string;
  to?: DestinationStream;
}): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    { write: (line) => to.write(`${redact(line).trimEnd()}\n`) },
  );
}
