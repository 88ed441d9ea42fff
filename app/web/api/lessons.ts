import { createRoute, z } from "@hono/zod-openapi";
import { eventData } from "../../domain/events.ts";
import { OfRepository, repositoryStates } from "./of-repository.ts";
import { type ApiDeps, answersFor, part } from "./route.ts";
import { RepoName, Time } from "./shapes.ts";

const { id, kind, text, evidence, agent } = eventData.LESSON_LEARNED.shape;

const Lesson = z
  .object({
    id: id.describe("By which `/rig forget` takes it away."),
    repo: RepoName,
    kind,
    text,
    evidence: evidence.describe("What showed it, in the agent's words."),
    agent: agent.describe("The instance that noted it."),
    runId: z.uuid(),
    issueNumber: z.int().describe("The issue whose merged change it came with."),
    learnedAt: Time,
  })
  .openapi("Lesson");

const list = createRoute({
  method: "get",
  path: "/lessons",
  operationId: "listLessons",
  summary: "What runs noted of a repository, and later runs there are told",
  description: "A lesson stands here once the change that it came with is merged. LESSON_FORGOTTEN, said to its issue, takes it away.",
  request: {
    query: z.strictObject({ repo: OfRepository }),
  },
  responses: answersFor(z.array(Lesson), "By repository, the oldest first."),
});

export const lessons = ({ store }: ApiDeps) =>
  part().openapi(list, async (context) => {
    const found = (await repositoryStates(store, context.req.valid("query").repo)).map(({ repo, state }) =>
      state.lessons.map(({ at, issue: issueNumber, ...lesson }) => ({ ...lesson, repo, issueNumber, learnedAt: at.toISOString() })),
    );
    return context.json(found.flat(), 200);
  });
