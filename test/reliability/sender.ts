/** Sends deliveries over connections of its own, and remembers every answer: a sender that knows what it was promised. */
import { Agent } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Outgoing } from "../world/github/webhooks/delivery.ts";
import { hookHeaders, post } from "../world/github/webhooks/post.ts";

/** One try to deliver. */
export interface Attempt {
  readonly guid: string;
  /** 0: there was no answer, and whether it was stored is not known. */
  readonly status: number;
  /** What the answer said: `stored` or `duplicate`. */
  readonly result: string | undefined;
}

const TRY_AGAIN_MS = 300;

export const isAcknowledged = ({ status }: Attempt) => status >= 200 && status < 300;

export function openSender() {
  const over = new AbortController();
  const attempts: Attempt[] = [];
  const agents: Agent[] = [];
  return {
    /** Ends what still waits for something once the sender is closed. */
    over: over.signal,
    /** Every try so far, in the order of the answers. */
    attempts: attempts as readonly Attempt[],
    /** A kept-alive connection of its own. */
    connect() {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      agents.push(agent);
      const send = async (delivery: Outgoing): Promise<Attempt> => {
        over.signal.throwIfAborted();
        const { statusCode, response } = await post(delivery, hookHeaders(delivery), agent);
        const attempt = { guid: delivery.guid, status: statusCode, result: /"result":"(\w+)"/.exec(response)?.[1] };
        attempts.push(attempt);
        return attempt;
      };
      return {
        /** Tries once. */
        send,
        /** Tries until it is acknowledged. */
        async deliver(delivery: Outgoing): Promise<void> {
          while (!isAcknowledged(await send(delivery))) await pause(TRY_AGAIN_MS);
        },
      };
    },
    close() {
      over.abort();
      for (const agent of agents) agent.destroy();
    },
  };
}

/** The same fact, told as another delivery. */
export const underAnotherGuid = (delivery: Outgoing): Outgoing => ({ ...delivery, guid: crypto.randomUUID() });

/** These deliveries, and as many of them again under other GUIDs as make `wanted` in all. */
export const toldAgain = (deliveries: readonly Outgoing[], wanted: number): readonly Outgoing[] =>
  Array.from({ length: Math.ceil(wanted / deliveries.length) }, (_, round) => (round ? deliveries.map(underAnotherGuid) : deliveries))
    .flat()
    .slice(0, wanted);
