import type { JobRequest } from "../store/jobs.ts";

/** Asks for a round of Architect-E where its schedule has come to one. */
export const architectJob = (repositoryId: number): JobRequest => ({
  task: "architect",
  payload: { repositoryId },
  key: `architect:${repositoryId}`,
});

/** Takes over what finished rounds propose, and what people made of what was proposed. */
export const proposalsJob = (repositoryId: number): JobRequest => ({
  task: "proposals",
  payload: { repositoryId },
  key: `proposals:${repositoryId}`,
  keepRunAt: true,
});
