import { nodeId } from "../shapes/node-id.ts";
import { showUser } from "../shapes/people.ts";
import { type Endpoint, ok, onRepository } from "./endpoint.ts";
import { unsupported } from "./unsupported.ts";

const DEFAULT_SIZE = 30;

export const activityEndpoints: readonly Endpoint[] = [
  onRepository("repos/list-activities", { app: { contents: "read" }, person: "read" }, ({ world, repository, query }) => {
    unsupported(query, "before", "after", "time_period");
    const found = repository.activities
      .filter(({ ref }) => query.ref === undefined || [ref, ref.slice("refs/heads/".length)].includes(query.ref))
      .filter(({ actor }) => query.actor === undefined || actor.login.toLowerCase() === query.actor.toLowerCase())
      .filter(({ type }) => query.activity_type === undefined || type === query.activity_type);
    const ordered = query.direction === "asc" ? found : found.toReversed();
    return ok(
      ordered.slice(0, query.per_page ?? DEFAULT_SIZE).map(({ id, ref, before, after, at, type, actor }) => ({
        id,
        node_id: nodeId("Activity", id),
        before,
        after,
        ref,
        timestamp: at,
        activity_type: type,
        actor: showUser(world, actor),
      })),
    );
  }),
];
