import { Logger } from "graphile-worker";

/** What graphile-worker has to say, with the error where there is one. */
export type WorkerLog = (level: "error" | "warning" | "info" | "debug", message: string, error?: unknown) => void;

export const workerLogger = (log: WorkerLog): Logger => new Logger(() => (level, message, meta) => log(level, message, meta?.error));

export const quiet: Logger = workerLogger(() => {});
