/** Whether an agent gets anywhere, told from what it called and from what came of it (F39). */

export interface Trail {
  /** The last calls, oldest first: the tool's name, then its input. */
  readonly calls: readonly string[];
  /** How often the last one was made in a row. */
  readonly sameCalls: number;
  /** How many of the last calls took turns: A B A B are four. */
  readonly pingPong: number;
  /** What would be other if something had come of it: the files, the runs of the tests. */
  readonly mark: string | undefined;
  /** Turns since it was other. */
  readonly idleTurns: number;
}

export const noTrail: Trail = { calls: [], sameCalls: 0, pingPong: 0, mark: undefined, idleTurns: 0 };

const SAME_CALLS = 3;
const PING_PONG = 6;
/** How many turns before the end it hears that it changed nothing. */
const LAST_IDLE_TURNS = 5;

export function called(trail: Trail, call: string): Trail {
  const isSame = call === trail.calls.at(-1);
  const isBack = call === trail.calls.at(-2) && !isSame;
  return {
    ...trail,
    calls: [...trail.calls.slice(-1), call],
    sameCalls: isSame ? trail.sameCalls + 1 : 1,
    pingPong: isBack ? Math.max(3, trail.pingPong + 1) : 1,
  };
}

export const turned = (trail: Trail, mark: string): Trail => ({
  ...trail,
  mark,
  idleTurns: mark === trail.mark ? trail.idleTurns + 1 : 0,
});

/** Of its turns or its money, after which it hears that the end is near. */
const NEARLY = 0.9;

export type Standstill = { readonly stuck: string } | { readonly nudge: string };

/** What to make of a call before it is done: it is one too many, or the model hears that the next one will be. */
export function goingRound({ calls, sameCalls, pingPong }: Trail): Standstill | undefined {
  const [one, other] = calls.map((call) => call.split(" ", 1)[0]);
  if (sameCalls >= SAME_CALLS) return { stuck: `It called ${other ?? one} ${SAME_CALLS} times in a row with the same input.` };
  if (pingPong >= PING_PONG) return { stuck: `It called ${one} and ${other} in turns, each ${PING_PONG / 2} times with the same input.` };
  if (sameCalls === SAME_CALLS - 1)
    return { nudge: "You made this very call just before. Once more, and the run ends as stuck: do something else." };
  if (pingPong === PING_PONG - 2)
    return { nudge: "You make the same two calls in turns. Go on like that, and the run ends as stuck: do something else." };
  return undefined;
}

/** What to make of a turn after which the files are as they were and no test ran. */
export function idle({ idleTurns }: Trail, most: number): Standstill | undefined {
  if (idleTurns >= most) return { stuck: `In ${most} turns it changed no file and ran no test.` };
  if (idleTurns !== Math.max(1, most - LAST_IDLE_TURNS)) return undefined;
  const left = most - idleTurns;
  return {
    nudge: `For ${idleTurns} turns you have changed no file and run no test. Begin with the change, or say that you are stuck: in ${left} more such turns the run ends.`,
  };
}

export const isStuck = (standstill: Standstill | undefined): standstill is { readonly stuck: string } =>
  standstill !== undefined && "stuck" in standstill;

interface Spending {
  readonly turns: number;
  readonly usd: number;
}

/** A word of warning when there is still time to hand over what there is. */
export function nearTheEnd({ turns, usd }: Spending, limits: Spending): string | undefined {
  const isNear = turns >= Math.min(limits.turns * NEARLY, limits.turns - 1) || usd >= limits.usd * NEARLY;
  if (!isNear || turns >= limits.turns) return undefined;
  const left = `${limits.turns - turns} turns and $${Math.max(0, limits.usd - usd).toFixed(2)} are left`;
  return `The end of this run is near: ${left}. Bring what you have into a state that can be handed over, and end with the tool that says so.`;
}

/** Whether a tool call runs this command, however it is spaced. */
export function runs({ name, input }: { readonly name: string; readonly input: unknown }, command: string | undefined): boolean {
  if (name !== "bash" || command === undefined) return false;
  const spaced = (text: string) => text.trim().replace(/\s+/g, " ");
  const script = typeof input === "object" && input !== null && "script" in input ? String(input.script) : "";
  return spaced(script).includes(spaced(command));
}
