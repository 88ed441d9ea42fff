import { openNotebook } from "../../../agents/runtime/notebook.ts";
import type { Toolbox } from "../../../agents/runtime/tools/tool.ts";

/** A toolbox with nothing asked and nothing noted yet; what a test is about is given on top. */
export const toolboxOf = (more: Partial<Toolbox> & Pick<Toolbox, "workspace" | "sandbox">): Toolbox => ({
  signal: new AbortController().signal,
  // Where nothing else is said, each command is a fresh process.
  shell: {
    run: async (command) => ({ ...(await more.sandbox.run(command)), shellEnded: false }),
    folder: () => undefined,
    close: async () => undefined,
  },
  notebook: openNotebook(),
  asked: [],
  earlier: [],
  onBlocked: () => undefined,
  ...more,
});
