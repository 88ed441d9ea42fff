import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Problem } from "../problem.ts";
import { claim } from "./claim.ts";
import type { Desk } from "./desk.ts";
import { events } from "./events.ts";
import { publishToken } from "./publish-token.ts";
import { start } from "./start.ts";

const LARGEST = 256 * 1024;

/** The run protocol. */
export const runRoutes = (desk: Desk): Hono =>
  new Hono()
    .use(
      bodyLimit({
        maxSize: LARGEST,
        onError: () => {
          throw new Problem(413, "The body is larger than 256 KiB.");
        },
      }),
    )
    .post("/", start(desk))
    .post("/:run/claim", claim(desk))
    .post("/:run/events", events(desk))
    .post("/:run/publish-token", publishToken(desk));
