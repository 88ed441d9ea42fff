import type { Sandbox } from "../../../agents/runtime/sandbox/sandbox.ts";

const refused = () => new Error("No commands here.");

/** A sandbox that runs nothing; what a test is about is given on top. */
export const sandboxOf = (more: Partial<Sandbox> = {}): Sandbox => ({
  kind: "pretended",
  network: "host",
  run: () => Promise.reject(refused()),
  start: () => {
    throw refused();
  },
  close: async () => undefined,
  ...more,
});
