/** Pages of a list. A cursor names the last row of a page by values that do not move; it is opaque to whoever hands it back. */
import { z } from "@hono/zod-openapi";
import { Problem } from "../../door/problem.ts";
import type { WebContext } from "../auth.ts";

const MOST = 500;
const wrong = `must be a whole number from 1 to ${MOST}`;

export const limit = z.coerce.number(wrong).int(wrong).min(1, wrong).max(MOST, wrong).default(100).describe("Rows of a page.");

export const after = z.string().optional().describe("The cursor of a `Link` to the next page.");

/** Where a page of numbered things goes on. */
export const afterNumber = (what: string) =>
  z.coerce.number("must be a whole number").int("must be a whole number").min(0, "must not be below zero").default(0).describe(what);

export const cursorOf = (key: object): string => Buffer.from(JSON.stringify(key)).toString("base64url");

/** The key in a cursor; undefined where there is none. */
export function keyOf<S extends z.ZodType>(cursor: string | undefined, Key: S): z.infer<S> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return Key.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    throw new Problem(
      400,
      "The parameter after is not a cursor of this list: take it from the Link header of the page before, or leave it out.",
    );
  }
}

/** One row more than the page has was asked for: where it is there, there is a next page, and `Link` says where. */
export function paged<T>(context: WebContext, found: readonly T[], most: number, cursor: (last: T) => string): readonly T[] {
  const page = found.slice(0, most);
  const last = page.at(-1);
  if (last !== undefined && found.length > most) {
    const next = new URL(context.req.url);
    next.searchParams.set("after", cursor(last));
    context.header("link", `<${next.pathname}${next.search}>; rel="next"`);
  }
  return page;
}
