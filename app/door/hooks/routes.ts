import { Hono } from "hono";
import { alertmanager } from "./alertmanager.ts";
import { flux } from "./flux.ts";
import type { HookBindings, HookDeps } from "./hook.ts";

/** Where monitoring tells what it sees. */
export const hookRoutes = (deps: HookDeps): Hono<HookBindings> =>
  new Hono<HookBindings>().route("/", alertmanager(deps)).route("/", flux(deps));
