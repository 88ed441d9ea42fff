/** Every job the worker knows, and when the clock itself asks for one. */
import type { TaskList } from "graphile-worker";
import { z } from "zod";
import { syncProposals } from "./architect/proposals.ts";
import { architect } from "./architect/schedule.ts";
import { assign } from "./assign.ts";
import { board } from "./board.ts";
import type { Conductor } from "./conductor.ts";
import { coordinate } from "./coordinate.ts";
import { syncMilestone } from "./coordination/milestones.ts";
import { syncInstallation } from "./coordination/repositories.ts";
import { deliver, subjectFor } from "./hear.ts";
import { syncIncident } from "./incidents.ts";
import { syncLessons } from "./lessons.ts";
import { watch, watchAll } from "./monitor/watch.ts";
import { perform } from "./perform.ts";
import { hearPress } from "./pressed.ts";
import { syncRepository } from "./repository.ts";
import { roundOver } from "./rounds/over.ts";
import { requestRound } from "./rounds.ts";
import { hearComment } from "./spoken.ts";
import { sync } from "./sync.ts";

const Delivery = z.object({ guid: z.string() });
const Look = z.object({
  stream: z.string(),
  cause: z.string(),
  repositoryId: z.number().optional(),
  number: z.number().optional(),
  kind: z.literal("pull_request").optional(),
});
const Effect = z.object({ key: z.string() });
const Assign = z.object({ repositoryId: z.number() });
const OfRepository = z.object({ repositoryId: z.number(), cause: z.string() });
const Repository = z.object({ repositoryId: z.number() });
const OfInstallation = z.object({ installationId: z.number(), cause: z.string() });
const Milestone = z.object({ repositoryId: z.number(), milestone: z.string() });
const OfIncident = z.object({ fingerprint: z.string(), cause: z.string() });
const Lessons = z.object({ repositoryId: z.number(), stream: z.string() });
const Press = z.object({ repositoryId: z.number(), checkRunId: z.number(), action: z.string(), by: z.number(), guid: z.string() });
const Watch = z.object({ repositoryId: z.number().optional() });
const Round = z.object({
  repositoryId: z.number(),
  agent: z.string(),
  kind: z.enum(["diagnose", "propose"]),
  key: z.string(),
  incident: z.string().optional(),
  by: z.string(),
});
const OfRound = z.object({ stream: z.string() });
const Comment = z.object({ repositoryId: z.number(), commentId: z.number() });

export const tasks = (conductor: Conductor): TaskList => ({
  delivery: async (payload) => deliver(conductor, Delivery.parse(payload).guid),
  sync: async (payload, { job }) => {
    const { stream, cause, repositoryId, number, kind } = Look.parse(payload);
    const known = await conductor.store.issueByStream(stream);
    const named = known ?? (repositoryId && number ? await subjectFor(conductor.store, repositoryId, number) : undefined);
    const subject = named && kind ? { ...named, kind } : named;
    if (!subject) throw new Error(`${stream} is not known.`);
    // F32: what GitHub does not show is held unseen, and looked at again once it can be.
    if ((await conductor.store.repository(subject.repositoryId))?.readable === false) return;
    await sync(conductor, subject, cause === "timer" ? `timer:${job.id}` : cause);
  },
  command: async (payload) => {
    const { repositoryId, commentId } = Comment.parse(payload);
    await hearComment(conductor, repositoryId, commentId);
  },
  press: async (payload) => hearPress(conductor, Press.parse(payload)),
  effect: async (payload) => perform(conductor, Effect.parse(payload).key),
  assign: async (payload) => assign(conductor, Assign.parse(payload).repositoryId),
  repository: async (payload) => {
    const { repositoryId, cause } = OfRepository.parse(payload);
    await syncRepository(conductor, repositoryId, cause);
  },
  installation: async (payload) => {
    const { installationId, cause } = OfInstallation.parse(payload);
    await syncInstallation(conductor, installationId, cause);
  },
  milestone: async (payload, { job }) => {
    const { repositoryId, milestone } = Milestone.parse(payload);
    await syncMilestone(conductor, repositoryId, milestone, `job:${job.id}`);
  },
  incident: async (payload, { job }) => {
    const { fingerprint, cause } = OfIncident.parse(payload);
    await syncIncident(conductor, fingerprint, cause === "timer" ? `timer:${job.id}` : cause);
  },
  lessons: async (payload, { job }) => {
    const { repositoryId, stream } = Lessons.parse(payload);
    await syncLessons(conductor, repositoryId, stream, `job:${job.id}`);
  },
  round: async (payload, { job }) => {
    await requestRound(conductor, Round.parse(payload), `job:${job.id}`);
  },
  "round-over": async (payload, { job }) => roundOver(conductor, OfRound.parse(payload).stream, `job:${job.id}`),
  architect: async (payload) => architect(conductor, Repository.parse(payload).repositoryId),
  proposals: async (payload, { job }) => syncProposals(conductor, Repository.parse(payload).repositoryId, `job:${job.id}`),
  monitor: async (payload, { job, abortSignal }) => {
    const { repositoryId } = Watch.parse(payload);
    await (repositoryId === undefined ? watchAll(conductor) : watch(conductor, repositoryId, `job:${job.id}`, abortSignal));
  },
  coordinate: async () => coordinate(conductor),
  board: async () => board(conductor),
  seal: async () => void (await conductor.store.seal()),
});

/** Once across all replicas. */
export const crontab = ["*/5 * * * * coordinate", "* * * * * seal", "* * * * * monitor"].join("\n");
