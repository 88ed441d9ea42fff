import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { MOST_CHECKPOINT } from "../../../agents/runtime/task.ts";
import { Problem } from "../problem.ts";
import { giveCheckpoint, takeCheckpoint } from "./checkpoint.ts";
import { claim } from "./claim.ts";
import type { Desk } from "./desk.ts";
import { events } from "./events.ts";
import { publishToken } from "./publish-token.ts";
import { start } from "./start.ts";
import { takeTranscript } from "./transcript.ts";

const LARGEST = 256 * 1024;
const LARGEST_TRANSCRIPT = 2 * 1024 * 1024;

/** The run protocol. */
export const runRoutes = (desk: Desk, redact: (text: string) => string): Hono =>
  new Hono()
    // Before the limit of all the others: what is answered here goes no further.
    .post("/:run/checkpoint", atMost(MOST_CHECKPOINT, "The checkpoint is larger than 50 MiB."), takeCheckpoint(desk))
    .get("/:run/checkpoint", giveCheckpoint(desk))
    .post(
      "/:run/transcript",
      atMost(LARGEST_TRANSCRIPT, "The notes are larger than 2 MiB: send fewer at once."),
      takeTranscript(desk, redact),
    )
    .use(atMost(LARGEST, "The body is larger than 256 KiB."))
    .post("/", start(desk))
    .post("/:run/claim", claim(desk))
    .post("/:run/events", events(desk, redact))
    .post("/:run/publish-token", publishToken(desk));

const atMost = (maxSize: number, otherwise: string) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new Problem(413, otherwise);
    },
  });
