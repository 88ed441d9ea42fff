import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

/** Installed, uninstalled, suspended, given other permissions: GitHub tells every App of these without a subscription. */
export const installations = ({ payload }: EmitterWebhookEvent<"installation">): readonly Look[] => [
  { installationId: payload.installation.id },
];

/** Repositories came into the selection, or left it. */
export const selections = ({ payload }: EmitterWebhookEvent<"installation_repositories">): readonly Look[] => [
  { installationId: payload.installation.id },
];
