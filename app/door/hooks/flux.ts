import { createHmac, timingSafeEqual } from "node:crypto";
import { lookAt } from "../../hear.ts";
import { FluxEvent, fluxSignals, isNamedBy, reportOf } from "../../monitor/flux.ts";
import { heardWith } from "../../monitor/heard-text.ts";
import type { JobRequest } from "../../store/jobs.ts";
import { Problem } from "../problem.ts";
import { bodyAs, type HookDeps, hook, stored } from "./hook.ts";

/** `POST /hooks/flux`: notifications of a provider of type generic-hmac. */
export const flux = (deps: HookDeps) =>
  hook(
    "/hooks/flux",
    async (_, next) => {
      if (deps.fluxSecret === undefined) {
        deps.log.warn("Flux told something, and FLUX_HOOK_SECRET is not set: set it to the token of Flux's provider.");
        throw new Problem(404, "Flux is not heard here: FLUX_HOOK_SECRET is not set.");
      }
      await next();
    },
    async (context) => {
      const bytes = Buffer.from(await context.req.arrayBuffer());
      if (!isSigned(bytes, context.req.header("x-signature") ?? "", deps.fluxSecret ?? "")) {
        throw new Problem(401, "The signature is not right: send X-Signature: sha256=<HMAC of the body with FLUX_HOOK_SECRET>.");
      }
      const kept = await stored(deps, keep(deps, bodyAs(FluxEvent, bytes)));
      return context.json({ result: kept ? "stored" : "known" }, 202);
    },
  );

/** Over the raw bytes. A header that came twice is joined with a comma, and then no signature at all. */
function isSigned(bytes: Buffer, signature: string, secret: string): boolean {
  if (secret === "") return false;
  const given = Buffer.from(signature);
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function keep({ store, redact, now }: HookDeps, event: Parameters<typeof reportOf>[0]): Promise<boolean> {
  const heard = heardWith(redact);
  const told = reportOf(event, heard, now());
  const { report, progress } = told;
  const cause = `hook:flux:${report.at.toISOString()}`;
  const repositories = (await store.repositories()).filter((repository) => repository.readable && isNamedBy(repository, report.object));
  const jobs: JobRequest[] = [];
  for (const { id } of repositories) {
    jobs.push(...(await store.issuesInState(id, ["deploying", "failed"])).map((subject) => lookAt(subject, cause)));
  }
  return store.saveFluxReport({ ...report, progress }, fluxSignals(told, repositories, heard), { cause, jobs });
}
