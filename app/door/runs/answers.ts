import type { Task } from "../../../agents/runtime/task.ts";
import type { Issue } from "../../domain/issue.ts";

/** What people answered about the approved text, as it was written down when they said it. It is part of the task, for whoever works and whoever reviews. */
export const answersOf = ({ asked }: Issue): Task["answers"] =>
  asked.flatMap(({ text, answer }) => (answer ? [{ question: text, by: answer.by, text: answer.text }] : []));
