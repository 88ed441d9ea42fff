import type { Incident } from "../domain/incident.ts";
import type { Condition } from "../store/conditions.ts";
import type { Store } from "../store/store.ts";

/** A condition whose beginning nobody noted has no `since`. */
export type ConditionNow = Omit<Condition, "since"> & { readonly since?: Date };

/** Everything that wants somebody's attention: what goes wrong in production, with the Rig itself, and what only the configuration knows. */
export async function conditionsNow(
  store: Pick<Store, "conditions" | "openIncidents" | "repositories">,
  paused: boolean,
): Promise<readonly ConditionNow[]> {
  const [found, incidents, repositories] = await Promise.all([store.conditions(), store.openIncidents(), store.repositories()]);
  const names = new Map(repositories.map(({ id, owner, name }) => [id, `${owner}/${name}`]));
  const inProduction = incidents.map((incident) => asCondition(incident, names.get(incident.repositoryId ?? (0 as never))));
  return [...(paused ? [resting] : []), ...inProduction, ...found];
}

const asCondition = ({ severity, service, signal, startedAt, issue, summary }: Incident, repo = ""): ConditionNow => ({
  name: `incident-${severity}`,
  since: startedAt,
  detail: `${service}: ${signal}. ${summary}`,
  wayOut: issue ? `Its issue is #${issue.number}.` : "No issue is filed for it: look at what the signal names.",
  subject: issue ? `${repo}#${issue.number}` : repo || null,
});

const resting: ConditionNow = {
  name: "rig-paused",
  detail: "RIG_PAUSED is 1: the Rig hears and shows, and dispatches and writes nothing.",
  wayOut: "Set RIG_PAUSED=0 and start the app again. What was planned meanwhile is then carried out.",
  subject: null,
};
