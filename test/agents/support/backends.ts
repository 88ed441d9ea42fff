import { bubblewrap } from "../../../agents/runtime/sandbox/bubblewrap.ts";
import { namespaces } from "../../../agents/runtime/sandbox/namespaces.ts";
import type { Network } from "../../../agents/runtime/sandbox/network.ts";
import { otherUser } from "../../../agents/runtime/sandbox/other-user.ts";
import { type Backend, openSandbox } from "../../../agents/runtime/sandbox/sandbox.ts";
import { temporary } from "./repository.ts";

/** The ways in that this machine allows, found by trying each. There is always one. */
export async function available(network: Network = "host"): Promise<readonly Backend[]> {
  const found: Backend[] = [];
  for (const backend of [bubblewrap, namespaces, otherUser]) {
    const opened = await openSandbox({ workspace: temporary(), among: [backend], network }).catch(() => undefined);
    await opened?.close();
    if (opened) found.push(backend);
  }
  if (found.length === 0 && network === "host") throw new Error("No sandbox works on this machine, so nothing of it can be tested.");
  return found;
}
