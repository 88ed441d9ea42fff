/** Every job the worker knows, and when the clock itself asks for one. */
import type { TaskList } from "graphile-worker";
import { z } from "zod";
import { assign } from "./assign.ts";
import type { Conductor } from "./conductor.ts";
import { coordinate } from "./coordinate.ts";
import { deliver, subjectFor } from "./hear.ts";
import { perform } from "./perform.ts";
import { sync } from "./sync.ts";

const Delivery = z.object({ guid: z.string() });
const Look = z.object({ stream: z.string(), cause: z.string(), repositoryId: z.number().optional(), number: z.number().optional() });
const Effect = z.object({ key: z.string() });
const Assign = z.object({ repositoryId: z.number() });

export const tasks = (conductor: Conductor): TaskList => ({
  delivery: async (payload) => deliver(conductor, Delivery.parse(payload).guid),
  sync: async (payload, { job }) => {
    const { stream, cause, repositoryId, number } = Look.parse(payload);
    const known = await conductor.store.issueByStream(stream);
    const subject = known ?? (repositoryId && number ? await subjectFor(conductor.store, repositoryId, number) : undefined);
    if (!subject) throw new Error(`${stream} is not known.`);
    await sync(conductor, subject, cause === "timer" ? `timer:${job.id}` : cause);
  },
  effect: async (payload) => perform(conductor, Effect.parse(payload).key),
  assign: async (payload) => assign(conductor, Assign.parse(payload).repositoryId),
  coordinate: async () => coordinate(conductor),
  seal: async () => void (await conductor.store.seal()),
});

/** Once across all replicas. */
export const crontab = ["*/5 * * * * coordinate", "* * * * * seal"].join("\n");
