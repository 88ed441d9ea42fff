import type { JobRequest } from "./store/jobs.ts";

/** Takes over what an issue has for its repository to remember, or to forget. */
export const lessonsJob = (repositoryId: number, stream: string): JobRequest => ({
  task: "lessons",
  payload: { repositoryId, stream },
  key: `lessons:${stream}`,
});
