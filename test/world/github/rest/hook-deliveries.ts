import type { Identity } from "../auth/identity.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import type { Delivery } from "../webhooks/delivery.ts";
import { iso, type World } from "../world.ts";
import { type Endpoint, general, ok } from "./endpoint.ts";

const THREE_DAYS = 3 * 86_400_000;

function deliveriesOf(world: World, identity: Identity): Delivery[] {
  if (identity.kind !== "app") throw new Refusal(401, "A JSON web token could not be decoded");
  const since = world.now().getTime() - THREE_DAYS;
  return world.deliveries
    .all()
    .filter(({ appId, lost, deliveredAt }) => appId === identity.app.id && !lost && deliveredAt.getTime() >= since);
}

const show = (delivery: Delivery) => ({
  id: delivery.id,
  guid: delivery.guid,
  delivered_at: iso(delivery.deliveredAt),
  redelivery: delivery.redelivery,
  duration: delivery.seconds,
  status: delivery.status,
  status_code: delivery.statusCode,
  event: delivery.event,
  action: delivery.action,
  installation_id: delivery.installationId,
  repository_id: delivery.repositoryId,
  throttled_at: null,
});

const find = (world: World, identity: Identity, id: number) => {
  const found = deliveriesOf(world, identity).find((delivery) => delivery.id === id);
  if (!found) throw notFound();
  return found;
};

export const hookDeliveryEndpoints: readonly Endpoint[] = [
  // Paged by cursor, newest first: the cursor is the id of the last delivery seen.
  general("apps/list-webhook-deliveries", "app", ({ world, identity, query, url }) => {
    const size = Math.min(Math.max(query.per_page ?? 30, 1), 100);
    const failed = (delivery: Delivery) => delivery.statusCode < 200 || delivery.statusCode >= 400;
    const all = deliveriesOf(world, identity)
      .filter((delivery) => (query.status === undefined ? true : failed(delivery) === (query.status === "failure")))
      .sort((one, other) => other.id - one.id);
    const from = query.cursor ? all.findIndex(({ id }) => id < Number(query.cursor)) : 0;
    const page = from < 0 ? [] : all.slice(from, from + size);
    const next = new URL(url);
    next.searchParams.set("cursor", String(page.at(-1)?.id));
    const more = from >= 0 && from + size < all.length;
    return { status: 200, body: page.map(show), headers: more ? { link: `<${next}>; rel="next"` } : {} };
  }),
  general("apps/get-webhook-delivery", "app", ({ world, identity, params }) => {
    const delivery = find(world, identity, params.delivery_id);
    return ok({
      ...show(delivery),
      url: delivery.url,
      request: { headers: delivery.requestHeaders, payload: delivery.payload },
      response: { headers: delivery.responseHeaders, payload: delivery.response },
    });
  }),
  general("apps/redeliver-webhook-delivery", "app", ({ world, identity, params }) => {
    const delivery = find(world, identity, params.delivery_id);
    const app = world.apps.get(delivery.appId);
    world.deliveries.send({ ...delivery, url: app?.webhookUrl ?? delivery.url, secret: app?.webhookSecret, redelivery: true });
    return { status: 202, body: {} };
  }),
];
