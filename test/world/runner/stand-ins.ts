import { downloadArtifact, uploadArtifact } from "./artifacts.ts";
import { checkout } from "./checkout.ts";
import type { Machine } from "./machine.ts";

/** A third-party action, called. */
export interface StandInCall {
  readonly machine: Machine;
  readonly inputs: Readonly<Record<string, string>>;
  readonly cancelled: AbortSignal;
}

export type StandIn = (call: StandInCall) => Promise<Readonly<Record<string, string>>>;

/** The third-party actions this runner has of its own. */
export const standIns: Readonly<Record<string, StandIn>> = {
  "actions/checkout": checkout,
  "actions/upload-artifact": uploadArtifact,
  "actions/download-artifact": downloadArtifact,
  "actions/setup-node": async () => ({ "node-version": process.version }),
};
