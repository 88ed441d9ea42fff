/** F2: what GitHub could not deliver, or delivered to somebody who forgot it, is asked for once more. */
import type { Conductor } from "../conductor.ts";

const DAY_MS = 86_400_000;
/** GitHub delivers again what is younger than this. */
const YOUNG_MS = 3 * DAY_MS;
/** An attempt may appear in GitHub's record a little after a later one. */
const OVERLAP_MS = 60_000;
/** Whether GitHub heard a question that was never answered shows in its record by then. */
const ASK_AGAIN_MS = 60_000;
const MOST_PAGES = 50;
const MOST_A_PASS = 200;

/** One attempt to deliver, as GitHub recorded it. */
export interface Attempt {
  readonly id: number;
  readonly guid: string;
  readonly at: Date;
  readonly ok: boolean;
  readonly redelivery: boolean;
}

/**
 * Of each delivery that the Rig does not have, one attempt. Who begins has nothing that was delivered before: then only what failed
 * counts, for another may have had the rest. What was sent again already is not asked for a second time.
 */
export function lost(
  attempts: readonly Attempt[],
  { known, begins, now }: { readonly known: ReadonlySet<string>; readonly begins: boolean; readonly now: Date },
): readonly Attempt[] {
  const byGuid = Map.groupBy(attempts, ({ guid }) => guid);
  return [...byGuid].flatMap(([guid, tries]) => {
    const [first] = tries.toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.id - b.id);
    if (!first || known.has(guid) || tries.some(({ redelivery }) => redelivery)) return [];
    if (begins && tries.some(({ ok }) => ok)) return [];
    return now.getTime() - first.at.getTime() < YOUNG_MS ? [first] : [];
  });
}

/** Answers how many deliveries were asked for again. */
export async function redeliver(conductor: Conductor): Promise<number> {
  const { store, config, now } = conductor;
  if (config.paused) return 0;
  const until = await store.deliveriesConfirmedUntil();
  const attempts = await attemptsSince(conductor, new Date(Math.max(until?.getTime() ?? 0, now().getTime() - YOUNG_MS)));
  const known = await store.knownDeliveries([...new Set(attempts.map(({ guid }) => guid))]);
  const wanted = lost(attempts, { known, begins: until === undefined, now: now() });
  const outcomes: Outcome[] = [];
  for (const attempt of wanted.slice(0, MOST_A_PASS)) outcomes.push(await askAgain(conductor, attempt));
  const newest = Math.max(...attempts.map(({ at }) => at.getTime()));
  // Until every question is known to be heard, the same stretch is gone through again.
  if (attempts.length > 0 && wanted.length <= MOST_A_PASS && !outcomes.includes("open"))
    await store.confirmDeliveriesUntil(new Date(newest - OVERLAP_MS));
  return outcomes.filter((outcome) => outcome === "asked").length;
}

/** `open`: nobody knows yet whether GitHub heard the question. */
type Outcome = "asked" | "answered" | "open";

/** R-Q2: the question is written down first. Who finds it written down and not answered has looked for its effect in the record before. */
async function askAgain({ store, github, log }: Conductor, { id, guid }: Attempt): Promise<Outcome> {
  const may = await store.askRedelivery(guid, ASK_AGAIN_MS);
  if (may !== "ask") return may;
  const app = await github.app();
  try {
    await app.rest.apps.redeliverWebhookDelivery({ delivery_id: id });
  } catch (error) {
    log.warn({ err: error, delivery: guid }, "GitHub did not send a delivery again");
    // An answer below 500 is one: GitHub will not. After anything else nobody knows.
    if (!(error instanceof Error && "status" in error && Number(error.status) < 500)) return "open";
  }
  await store.redeliveryAnswered(guid);
  log.info({ delivery: guid }, "A lost delivery was asked for again");
  return "asked";
}

/** Newest first, as GitHub lists them, back to what was gone through already. */
async function attemptsSince({ github, log }: Conductor, since: Date): Promise<readonly Attempt[]> {
  const app = await github.app();
  const found: Attempt[] = [];
  let pages = 0;
  for await (const { data } of app.paginate.iterator(app.rest.apps.listWebhookDeliveries, { per_page: 100 })) {
    found.push(...data.map(asAttempt));
    pages += 1;
    const oldest = data.at(-1);
    if (!oldest || new Date(oldest.delivered_at) < since) break;
    if (pages === MOST_PAGES) {
      log.warn(
        { pages },
        "GitHub made more deliveries than one coordination goes through; what was lost among the older ones is found by looking",
      );
      break;
    }
  }
  return found.filter(({ at }) => at >= since);
}

interface Shown {
  readonly id: number;
  readonly guid: string;
  readonly delivered_at: string;
  readonly redelivery: boolean;
  readonly status_code: number;
}

const asAttempt = ({ id, guid, delivered_at, redelivery, status_code }: Shown): Attempt => ({
  id,
  guid,
  at: new Date(delivered_at),
  ok: status_code >= 200 && status_code < 300,
  redelivery,
});
