import { Alerts, hearAlerts } from "../../monitor/alerts.ts";
import { heardWith } from "../../monitor/heard-text.ts";
import { speakerOf } from "../bearer.ts";
import { bodyAs, type HookDeps, hook, stored } from "./hook.ts";

/** Signals that go into one transaction, each batch with its jobs. */
const BATCH = 500;

/** `POST /hooks/alertmanager`: alerts of Alertmanager and of Grafana. */
export const alertmanager = (deps: HookDeps) =>
  hook(
    "/hooks/alertmanager",
    async (context, next) => {
      speakerOf(context, deps.tokens);
      await next();
    },
    async (context) => {
      const by = speakerOf(context, deps.tokens);
      const body = bodyAs(Alerts, Buffer.from(await context.req.arrayBuffer()));
      const { accepted, unmatched } = await stored(deps, keep(deps, body, `hook:alertmanager:${by}`));
      return context.json({ accepted, unmatched }, 202);
    },
  );

/** Sent again after half of it, the first half changes nothing. */
async function keep({ store, redact }: HookDeps, body: Parameters<typeof hearAlerts>[0], cause: string) {
  const [repositories, firing] = await Promise.all([store.repositories(), store.firingSignals()]);
  const heard = hearAlerts(body, repositories, firing, heardWith(redact));
  for (let at = 0; at < heard.signals.length; at += BATCH) await store.saveSignals(heard.signals.slice(at, at + BATCH), cause);
  return heard;
}
