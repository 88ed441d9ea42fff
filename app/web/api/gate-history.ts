/** What became of a pull request's gates, one act after the other: who opened what, when, and on which evidence. */
import { z } from "@hono/zod-openapi";
import type { Recorded } from "../../domain/envelope.ts";
import { Actor } from "../../domain/envelope.ts";
import type { EventData } from "../../domain/events.ts";
import { Ref, Time } from "./shapes.ts";

export const Evidence = z
  .object({
    path: z.string(),
    line: z.int().optional().describe("Of the head, or of the base where it was removed. Absent: the whole file is meant."),
    removed: z.literal(true).optional().describe("The line, or the file, is gone in the head."),
    because: z.string(),
  })
  .openapi("Evidence");

export const GateEvent = z
  .object({
    issue: Ref,
    version: z.int().describe("Of the event in that history."),
    at: Time,
    gate: z.string(),
    what: z.enum(["raised", "reminded", "approved", "rejected", "voided"]),
    headSha: z.string().nullable(),
    by: z.string().nullable().describe("The person who decided."),
    together: z.array(z.string()).describe("Everyone whose approval it took, where that is more than one."),
    evidence: z.array(Evidence).describe("What the gate stood on, the first of it where it is much."),
    evidenceCount: z.int().nullable(),
    evidenceHash: z.string().nullable().describe("Of all of it."),
    approvers: z.array(z.string()).describe("Who could decide when it was raised."),
    waitedMinutes: z.number().nullable().describe("Since it was raised."),
    via: z.enum(["review", "command"]).nullable(),
    reviewId: z.int().nullable(),
    alsoRequested: z.boolean().describe("Who approved it had asked for the change too, and nobody else could have."),
    reason: z.string().nullable(),
    actor: Actor,
  })
  .openapi("GateEvent");
type GateEvent = z.infer<typeof GateEvent>;

type Raised = Recorded<"HUMAN_GATE_TRIGGERED">;

const MINUTE = 60_000;

export function gateHistory(issue: string, events: readonly Recorded[], pr: number): readonly GateEvent[] {
  const raised = new Map<string, Raised>();
  return events.flatMap((event) => {
    if (event.type === "HUMAN_GATE_TRIGGERED" && event.data.prNumber === pr) raised.set(event.data.gate, event);
    const act = actOf(event);
    if (!act || act.prNumber !== pr) return [];
    const { prNumber: _, ...told } = act;
    const ground = raised.get(act.gate);
    return [
      { ...standingOn(ground, event), ...told, issue, version: event.version, at: event.occurredAt.toISOString(), actor: event.actor },
    ];
  });
}

/** What a gate stood on at that moment. */
const standingOn = (ground: Raised | undefined, { occurredAt }: Recorded) => ({
  headSha: ground?.data.headSha ?? null,
  evidence: [...(ground?.data.evidence ?? [])],
  evidenceCount: ground ? (ground.data.evidenceCount ?? ground.data.evidence.length) : null,
  evidenceHash: ground?.data.evidenceHash ?? null,
  approvers: [...(ground?.data.approvers ?? [])],
  waitedMinutes: ground ? Math.floor((occurredAt.getTime() - ground.occurredAt.getTime()) / MINUTE) : null,
  ...{ by: null, together: [], via: null, reviewId: null, alsoRequested: false, reason: null },
});

type Act = Pick<GateEvent, "gate" | "what"> & Partial<GateEvent> & { readonly prNumber: number };

/** An event of a gate as an act upon it; undefined for every other event. */
function actOf(event: Recorded): Act | undefined {
  switch (event.type) {
    case "HUMAN_GATE_TRIGGERED":
      return { ...of(event.data), what: "raised", waitedMinutes: null };
    case "HUMAN_GATE_REMINDER":
      return { ...of(event.data), what: "reminded", waitedMinutes: event.data.waitedMinutes };
    case "HUMAN_GATE_APPROVED":
      return { ...of(event.data), what: "approved", headSha: event.data.headSha, ...approval(event.data) };
    case "HUMAN_GATE_REJECTED":
      return {
        ...of(event.data),
        what: "rejected",
        headSha: event.data.headSha,
        by: event.data.by,
        reason: event.data.reason,
        ...waited(event.data),
      };
    case "HUMAN_GATE_VOIDED":
      return { ...of(event.data), what: "voided", headSha: event.data.headSha, reason: event.data.reason };
    default:
      return undefined;
  }
}

const of = ({ prNumber, gate }: { readonly prNumber: number; readonly gate: string }) => ({ prNumber, gate });

const waited = ({ waitedMinutes }: { readonly waitedMinutes?: number | undefined }) =>
  waitedMinutes === undefined ? {} : { waitedMinutes };

const approval = (data: EventData<"HUMAN_GATE_APPROVED">): Partial<GateEvent> => ({
  ...{ by: data.by, reviewId: data.reviewId, together: [...(data.together ?? [])] },
  ...{ via: data.via ?? null, alsoRequested: data.alsoRequested ?? false },
  ...(data.evidenceHash === undefined ? {} : { evidenceHash: data.evidenceHash }),
  ...waited(data),
});
