import type { Executor } from "../executor.ts";
import { showCheck } from "./check.ts";
import { showComment } from "./comment.ts";
import { showGateLabels } from "./gate-labels.ts";
import { showLabels } from "./labels.ts";

/** Brings one surface to what it is to show. */
export const show: Executor<"SHOW"> = async ({ hash, rendering }, hands) => {
  const shown = async (): Promise<string | undefined> => {
    switch (rendering.surface) {
      case "issue-comment":
      case "pr-comment":
        return showComment(rendering, hands);
      case "labels":
        await showLabels(rendering, hands);
        return undefined;
      case "gate-labels":
        await showGateLabels(rendering, hands);
        return undefined;
      case "gates-check":
      case "merge-group-check":
      case "config-check":
        return showCheck(rendering.check, hands);
      case "discord-card":
      case "discord-board":
        return hands.discord?.show("conductor-e", rendering.message, hands);
      case "incident-card":
        return hands.discord?.show("admin", rendering.message, hands);
      default:
        return rendering satisfies never;
    }
  };
  const externalId = await shown();
  return {
    response: externalId ? { externalId } : {},
    surface: { surface: rendering.surface, hash, ...(externalId ? { externalId } : {}) },
  };
};
