import { createRoute, z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { isEventType } from "../../domain/events.ts";
import { IssueNumber, issueStream } from "../../domain/ids.ts";
import { speakerOf } from "../../door/bearer.ts";
import { Problem as Refusal } from "../../door/problem.ts";
import { sayableTypes } from "../../speak.ts";
import { type ApiDeps, misfit, part, problem, refusals } from "./route.ts";
import { Problem, Ref, Time } from "./shapes.ts";

const LARGEST = 64 * 1024;

const Words = z
  .looseObject({
    type: z.string("must name the event").refine(isEventType, { message: "must be an event of docs/events.md", params: { unknown: true } }),
    repo: z.string("must be a repository as owner/name").regex(/^[^/\s]+\/[^/\s]+$/, "must be a repository as owner/name"),
    issueNumber: z.int("must be a whole number above zero").positive("must be a whole number above zero"),
  })
  .describe(`\`{type, repo, issueNumber, …}\`: the other fields are the event's data. May be said: ${sayableTypes.join(", ")}.`);

const Answer = z
  .object({
    streamId: Ref,
    type: z.string(),
    timestamp: Time,
    result: z.enum(["accepted", "duplicate", "rejected"]),
    reason: z.string().optional().describe("Why it was rejected."),
  })
  .openapi("Answer");

const UnknownType = z.object({ error: z.string() }).openapi("UnknownType");

const unbearable: MiddlewareHandler = bodyLimit({
  maxSize: LARGEST,
  onError: () => {
    throw new Refusal(413, "The body is larger than 64 KiB: leave out what is not the event's.");
  },
});

const responses = {
  200: { description: "What became of it: never silence.", content: { "application/json": { schema: Answer } } },
  400: {
    description: "A field is missing or wrong; or, as JSON, the type is unknown.",
    content: { "application/problem+json": { schema: Problem }, "application/json": { schema: UnknownType } },
  },
  401: refusals[401],
  404: problem("The App is not installed in the repository."),
  413: problem("The body is larger than 64 KiB."),
  415: problem("The body is not sent as application/json."),
} as const;

const say = createRoute({
  method: "post",
  path: "/events",
  operationId: "say",
  summary: "Says something to an issue's history",
  middleware: unbearable,
  request: {
    headers: z.object({
      "idempotency-key": z
        .string()
        .min(1, "must not be empty")
        .max(200, "must have at most 200 characters")
        .optional()
        .describe("The same event under the same key counts once."),
    }),
    body: { required: true, content: { "application/json": { schema: Words } } },
  },
  responses,
});

export const speaking = ({ store, tokens, speak }: ApiDeps) =>
  part().openapi(
    say,
    async (context) => {
      const by = speakerOf(context, tokens);
      const { type, repo: fullName, issueNumber, ...data } = context.req.valid("json");
      const [owner = "", name = ""] = fullName.split("/");
      const repository = await store.repositoryByName(owner, name);
      if (!repository) throw new Refusal(404, `The App is not installed in ${fullName}: install it there, or correct the field repo.`);
      const number = IssueNumber.parse(issueNumber);
      const subject = (await store.issueByNumber(repository.id, number)) ?? {
        ...{ stream: issueStream(repository.owner, repository.name, number), number, repositoryId: repository.id },
        ...{ installationId: repository.installationId, owner: repository.owner, repo: repository.name },
      };
      const answer = await speak({ subject, type, data, by, key: context.req.valid("header")["idempotency-key"] });
      if ("misfit" in answer) throw lacking(type, answer.misfit);
      const { at, ...became } = answer;
      return context.json({ streamId: subject.stream, type, timestamp: at.toISOString(), ...became }, 200);
    },
    (result, context) => {
      if (result.success) return undefined;
      if (result.error.issues.some((issue) => issue.code === "custom" && issue.params?.unknown)) return unknownType(context);
      throw misfit(result.error, result.target === "header" ? "header" : "field");
    },
  );

function lacking(type: string, { issues: [first] }: z.ZodError): Refusal {
  return new Refusal(400, `The field ${first?.path.join(".")}: ${first?.message}. docs/events.md lists what ${type} has.`);
}

/** As the earlier system answered, to the letter. */
const unknownType = async (context: Context) => context.json({ error: `Unknown event type: ${(await context.req.json()).type}` }, 400);
