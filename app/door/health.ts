import { Hono } from "hono";
import type { Log } from "../log.ts";
import { within } from "./within.ts";

const CHECK_DEADLINE = 1_000;

/** Each check resolves when all is well, and rejects with the reason. GitHub or Discord being down is not unready. */
export type ReadinessChecks = Readonly<Record<"database" | "migrations" | "worker", () => Promise<void>>>;

/** `/healthz`: the process answers. `/readyz`: send it work. The reasons go to the log, since anybody may ask. */
export function healthRoutes(checks: ReadinessChecks, isDraining: () => boolean, log: Log): Hono {
  const check = async (name: keyof ReadinessChecks): Promise<"ok" | "failing"> => {
    try {
      await within(CHECK_DEADLINE, checks[name]());
      return "ok";
    } catch (error) {
      log.warn({ err: error, check: name }, "a readiness check fails");
      return "failing";
    }
  };
  return new Hono()
    .get("/healthz", (context) => context.json({ status: "ok" }))
    .get("/readyz", async (context) => {
      const [database, migrations, worker] = await Promise.all([check("database"), check("migrations"), check("worker")]);
      const draining = isDraining();
      const ready = !draining && [database, migrations, worker].every((state) => state === "ok");
      return context.json({ status: ready ? "ready" : "unready", database, migrations, worker, draining }, ready ? 200 : 503);
    });
}
