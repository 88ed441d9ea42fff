/** Every surface, drawn from the state. Only where a picture differs from what its surface was last told is there something to do. */
import { createHash } from "node:crypto";
import type { EffectOutcome, PlannedCommand, Rendering } from "../domain/commands.ts";
import { configCheck } from "./config-check.ts";
import { discordCard } from "./discord-card.ts";
import { gateLabels } from "./gate-labels.ts";
import { gatesCheck, mergeGroupCheck } from "./gates-check.ts";
import type { Picture } from "./picture.ts";
import { stateLabel } from "./state-label.ts";
import { issueComment, prComment } from "./status-comment.ts";

const views: readonly ((picture: Picture) => Rendering | undefined)[] = [
  issueComment,
  prComment,
  stateLabel,
  gateLabels,
  gatesCheck,
  mergeGroupCheck,
  configCheck,
  discordCard,
];

const hashOf = (rendering: Rendering): string => createHash("sha256").update(JSON.stringify(rendering)).digest("hex").slice(0, 32);

/** What GitHub refused for good may be possible later: a repository is unarchived, a right is given back. */
const AGAIN_MS = 600_000;

/** What each surface has to be told anew. `effects` are the commands of this issue so far, oldest first. */
export const differences = (picture: Picture, effects: readonly EffectOutcome[], now: Date): readonly PlannedCommand[] =>
  views.flatMap((view) => {
    // A round is shown nowhere: it has no issue.
    const rendering = picture.issue.round ? undefined : view(picture);
    return rendering ? difference(picture.subject.stream, rendering, effects, now) : [];
  });

/** What one surface of a stream has to be told anew. */
export function difference(stream: string, rendering: Rendering, effects: readonly EffectOutcome[], now: Date): readonly PlannedCommand[] {
  const lane = `${stream}:${rendering.surface}`;
  const told = effects.findLast(({ kind, key }) => kind === "SHOW" && key.startsWith(`${lane}:`));
  const hash = hashOf(rendering);
  const refused = told?.state === "dead" && told.settledAt && now.getTime() - told.settledAt.getTime() >= AGAIN_MS;
  if (told && !refused && (told.data as { readonly hash?: string }).hash === hash) return [];
  return [{ kind: "SHOW", data: { hash, rendering }, key: `${lane}:${nextNumber(told?.key)}`, lane }];
}

/** Pictures of a surface are numbered, so that showing an earlier one again is an effect of its own. */
const nextNumber = (lastKey: string | undefined): number => Number(lastKey?.split(":").at(-1) ?? 0) + 1;
