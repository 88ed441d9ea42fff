import { isJson, type Json } from "./json.ts";

/** Events a timeline can hold here. The description's own list has 33 shapes and takes 0.3 s to compile. */
const timelineShapes = [
  "labeled-issue-event",
  "unlabeled-issue-event",
  "renamed-issue-event",
  "review-requested-issue-event",
  "review-dismissed-issue-event",
  "timeline-comment-event",
  "timeline-cross-referenced-event",
  "timeline-committed-event",
  "timeline-reviewed-event",
  "timeline-assigned-issue-event",
  "milestoned-issue-event",
  "demilestoned-issue-event",
  "locked-issue-event",
  "blocked-by-added-issue-event",
  "blocked-by-removed-issue-event",
  "blocking-added-issue-event",
  "blocking-removed-issue-event",
  "state-change-issue-event",
];

const dig = (from: unknown, ...path: string[]): Json => {
  let found: unknown = from;
  for (const name of path) found = isJson(found) ? found[name] : undefined;
  if (!isJson(found)) throw new Error(`GitHub's description has no ${path.join(".")} any more: look at this correction again.`);
  return found;
};

function everywhere(schema: object, name: string, change: (found: Json) => void): void {
  for (const [key, part] of Object.entries(schema)) {
    if (typeof part !== "object" || part === null) continue;
    if (key === name && isJson(part)) change(part);
    everywhere(part, name, change);
  }
}

/** Where the description is wrong about what GitHub really sends. Each line says how one knows. */
export function correct(description: Json): void {
  const schemas = dig(description, "components", "schemas");
  dig(schemas, "timeline-issue-events").anyOf = timelineShapes.map((name) => ({ $ref: `#/components/schemas/${name}` }));

  // Asks that an account be a user and an enterprise at once; the same installation looked at alone may be either.
  const installations = dig(description, "paths", "/app/installations", "get", "responses", "200", "content", "application/json", "schema");
  installations.items = { $ref: "#/components/schemas/installation" };

  // Which events an App can subscribe to is listed 19 times, collected from samples: no two lists agree, and none has workflow_job.
  for (const name of ["performed_via_github_app", "app"]) {
    everywhere(schemas, name, ({ properties }) => {
      const items = isJson(properties) && isJson(properties.events) ? properties.events.items : undefined;
      if (isJson(items)) delete items.enum;
    });
  }

  // A deployment whose environment has reviewers shows `waiting`, and is told of by a webhook with that state; the description leaves it out.
  const deploymentState = dig(schemas, "deployment-status", "properties", "state");
  if (Array.isArray(deploymentState.enum)) deploymentState.enum = [...deploymentState.enum, "waiting"];

  // A label without a description answers null everywhere else in the description, and at GitHub.
  dig(schemas, "pull-request-simple", "properties", "labels", "items", "properties", "description").nullable = true;
}
