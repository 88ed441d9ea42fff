/** What an audit reads of one run: plain data, as the API gives it to anybody. */
import { z } from "zod";

export const AuditedRun = z.looseObject({
  id: z.string(),
  issue: z.string(),
  agent: z.string(),
  agentId: z.string(),
  kind: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  outcome: z.string().nullable(),
  fenced: z.boolean(),
  tokens: z.object({ input: z.number(), output: z.number(), cacheRead: z.number(), cacheWrite: z.number() }),
  usd: z.number(),
});

export const AuditedEvent = z.looseObject({ type: z.string(), data: z.record(z.string(), z.unknown()), timestamp: z.string() });

export const AuditedNote = z.looseObject({ nth: z.number(), type: z.string() });

export interface Facts {
  readonly run: z.infer<typeof AuditedRun>;
  /** Of its issue; those that are about this run say so in `data.runId`. */
  readonly events: readonly z.infer<typeof AuditedEvent>[];
  /** Its transcript, oldest first. */
  readonly notes: readonly z.infer<typeof AuditedNote>[];
}

/** The events that name this run. */
export const own = ({ run, events }: Facts, type: string) => events.filter((event) => event.type === type && event.data.runId === run.id);

export const notesOf = ({ notes }: Facts, type: string) => notes.filter((note) => note.type === type);

const Call = z.looseObject({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.unknown() });
const Said = z.looseObject({ content: z.array(z.unknown()) });

export interface ToolCall {
  readonly nth: number;
  readonly id: string;
  readonly name: string;
  /** The input as JSON. */
  readonly input: string;
}

/** Every tool that the model called. */
export const callsOf = (facts: Facts): readonly ToolCall[] =>
  notesOf(facts, "assistant").flatMap((note) =>
    (Said.safeParse(note).data?.content ?? []).flatMap((block) => {
      const call = Call.safeParse(block).data;
      return call ? [{ nth: note.nth, id: call.id, name: call.name, input: JSON.stringify(call.input) ?? "" }] : [];
    }),
  );
