import { Agent } from "node:http";
import type { Delivery, Outgoing } from "./delivery.ts";
import { type Matches, openDisturbances } from "./disturbances.ts";
import { hookHeaders, post } from "./post.ts";

/** Every webhook this GitHub sends, and what a test may do to them. */
export interface Deliveries {
  send(outgoing: Outgoing): void;
  /** Nothing is settled before this work is. */
  during(work: Promise<unknown>): void;
  /** Loses what fits: nobody hears of it, GitHub's own list neither. */
  drop(matches: Matches, times?: number): void;
  /** Sends what fits twice, under the same GUID. */
  duplicate(matches: Matches, times?: number): void;
  delay(matches: Matches, milliseconds: number, times?: number): void;
  /** Holds the next `count` that fit, then sends them last first. */
  reorder(matches: Matches, count: number): void;
  /** Takes every disturbance back; what was held goes out. */
  undisturbed(): void;
  /** Keeps everything back until `resume`. */
  pause(): void;
  resume(): void;
  /** Oldest first. */
  all(): readonly Delivery[];
  /** None is on its way or waiting for its delay. What is paused or held does not count. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function openDeliveries(now: () => Date, newId: () => number): Deliveries {
  // A connection kept open could be closed at the other end just when it is used again, and the delivery would be lost.
  const agent = new Agent({ keepAlive: false });
  const disturbances = openDisturbances();
  const done: Delivery[] = [];
  const waiting: Outgoing[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const underway = new Set<Promise<unknown>>();
  let listeners: (() => void)[] = [];
  let paused = false;
  let closed = false;

  const tellSettled = () => {
    if (underway.size || timers.size) return;
    for (const listener of listeners) listener();
    listeners = [];
  };
  const deliver = async (outgoing: Outgoing) => {
    const headers = hookHeaders(outgoing);
    const deliveredAt = now();
    const started = performance.now();
    const { statusCode, status, headers: responseHeaders, response } = await post(outgoing, headers, agent);
    const seconds = Math.round(performance.now() - started) / 1000;
    done.push({
      ...outgoing,
      id: newId(),
      deliveredAt,
      seconds,
      statusCode,
      status,
      requestHeaders: headers,
      responseHeaders,
      response,
      lost: false,
    });
  };
  const during = (work: Promise<unknown>) => {
    const watched = work.finally(() => {
      underway.delete(watched);
      tellSettled();
    });
    underway.add(watched);
  };
  const start = (outgoing: Outgoing) => {
    if (!closed) during(deliver(outgoing));
  };
  /** One after the other: the order at the other end is this one. */
  const startInOrder = (list: readonly Outgoing[]) => {
    const deliverAll = async () => {
      for (const outgoing of list) await deliver(outgoing);
    };
    if (!closed && list.length) during(deliverAll());
  };
  const later = (outgoing: Outgoing, milliseconds: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      start(outgoing);
    }, milliseconds);
    timers.add(timer);
  };
  const lose = (outgoing: Outgoing) => {
    const nothing = { requestHeaders: {}, responseHeaders: {}, response: "", seconds: 0 };
    done.push({ ...outgoing, ...nothing, id: newId(), deliveredAt: now(), statusCode: 0, status: "lost", lost: true });
  };
  const release = () => {
    startInOrder(waiting.splice(0));
  };

  return {
    send: (outgoing) => {
      const { send, after, lost } = disturbances.meet(outgoing);
      if (lost) lose(outgoing);
      if (paused) waiting.push(...send);
      else if (after) for (const one of send) later(one, after);
      else startInOrder(send);
    },
    during,
    drop: (matches, times = 1) => disturbances.add("drop", matches, times),
    duplicate: (matches, times = 1) => disturbances.add("duplicate", matches, times),
    delay: (matches, milliseconds, times = 1) => disturbances.add("delay", matches, times, milliseconds),
    reorder: (matches, count) => disturbances.add("reorder", matches, count),
    undisturbed: () => {
      startInOrder(disturbances.clear());
    },
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      release();
    },
    all: () => done,
    settled: () =>
      new Promise((resolve) => {
        listeners.push(resolve);
        tellSettled();
      }),
    close: async () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      agent.destroy();
      await Promise.all(underway);
    },
  };
}
