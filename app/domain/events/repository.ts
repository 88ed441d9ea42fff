import { z } from "zod";
import { IssueNumber, RunId, Sha } from "../ids.ts";
import { Count, Lesson, Login, Text } from "./words.ts";

/** The repository itself: a stream of its own. */
export const repositoryEvents = {
  REPOSITORY_PAUSED: z
    .object({ cause: z.enum(["public", "archived", "deleted", "uninstalled", "suspended", "permissions"]), reason: Text })
    .describe("The Rig may not or should not work in the repository; nothing starts, runs are ended, history is kept."),
  REPOSITORY_RESUMED: z
    .object({ by: Login, reason: Text })
    .describe("What paused the repository is gone, or a person said that work goes on."),
  REPOSITORY_RENAMED: z
    .object({ from: Text, to: Text })
    .describe("The repository has another name or owner; its number and its streams stay."),
  SETTINGS_DRIFTED: z
    .object({ findings: z.array(z.object({ name: Text, detail: Text })) })
    .describe("The protection of the default branch is not what the Rig relies on (R16); said once per change of findings."),
  SETTINGS_RESTORED: z.object({}).describe("The protection of the default branch is what the Rig relies on, for the first time or again."),
  MILESTONE_COMPLETE: z.object({ milestone: Text, issueCount: Count }).describe("Every issue of the milestone is done."),
  LESSON_LEARNED: z
    .object({ id: z.string(), ...Lesson.shape, runId: RunId, agent: z.string(), issue: IssueNumber })
    .describe("A run's change was merged, and what it noted of the repository with it: later runs there are told."),
  LESSON_FORGOTTEN: z
    .object({ id: z.string(), by: Login.optional() })
    .describe("A person took a lesson away: said to an issue, and then of the repository. Without `by` it made room for newer ones."),
  CONFIG_CHANGED: z.object({ sha: Sha }).describe("The default branch carries a new valid configuration."),
  CONFIG_INVALID: z
    .object({
      sha: Sha,
      errors: z.array(z.object({ line: z.number().int(), message: z.string() })),
      /** The file that fits an agent to the repository; absent: `.github/rig.yml`. */
      path: z.string().optional(),
    })
    .describe(
      "The default branch's configuration cannot be read; the last good one stays in force. `path` names the file where it is not `.github/rig.yml` but one that fits an agent to the repository: the agent works without it.",
    ),
} as const;
