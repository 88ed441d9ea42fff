import { describe, expect, test } from "@jest/globals";
import { at, decided, detected, filed, filing, flapping, gone, kinds, policy, resolved, signal, start, types } from "./stage.ts";

describe("an incident begins", () => {
  test("when its signal fires, with what was said of it", () => {
    const { events } = decided({ signal: signal({ url: "https://grafana.example/d/1" }) });
    expect(events).toMatchObject([
      {
        type: "INCIDENT_DETECTED",
        data: {
          severity: "critical",
          service: "shop",
          signal: "front page",
          startedAt: start.toISOString(),
          nth: 1,
          url: "https://grafana.example/d/1",
        },
      },
    ]);
  });

  test("once, however often the signal is heard", () => {
    const decision = decided({ history: [[0, detected()]], signal: signal() });
    expect(types(decision)).toEqual([]);
    expect(kinds(decision)).toEqual([]);
  });

  test("not where the signal does not fire, or nobody ever heard of it", () => {
    expect(types(decided({ signal: gone(1) }))).toEqual([]);
    expect(types(decided({}))).toEqual([]);
  });

  test("again after it was over, as the next one of its stream", () => {
    const again = decided({
      history: [
        [0, detected()],
        [20, resolved],
      ],
      signal: signal({ since: at(60) }),
      now: at(61),
    });
    expect(again.events).toMatchObject([{ type: "INCIDENT_DETECTED", data: { nth: 2, startedAt: at(60).toISOString() } }]);
  });

  test("with an address only where it is one of the web", () => {
    expect(decided({ signal: signal({ url: "javascript:alert(1)" }) }).events[0]?.data).not.toHaveProperty("url");
  });

  test("with words no longer than its events hold, however long an alert is", () => {
    const { events } = decided({ signal: signal({ summary: "x".repeat(50_000), name: "y".repeat(50_000), service: "z".repeat(50_000) }) });
    const lengths = Object.fromEntries(Object.entries(events[0]?.data ?? {}).map(([key, value]) => [key, String(value).length]));
    expect(lengths).toMatchObject({ summary: 2_000, signal: 200, service: 200 });
  });
});

describe("what is told while it is open", () => {
  const open = [[0, detected({ severity: "warning" })]] as const;

  test("is at once that it became worse", () => {
    expect(types(decided({ history: open, signal: signal({ severity: "critical" }), now: at(1) }))).toEqual(["INCIDENT_CHANGED"]);
  });

  test.each([
    ["that it became milder", { severity: "info" as const }],
    ["that its words changed", { severity: "warning" as const, summary: "It answers 502." }],
  ])("is after ten minutes %s", (_, more) => {
    const soon = decided({ history: open, signal: signal(more), now: at(1) });
    expect([types(soon), soon.wakeAt]).toEqual([[], at(10)]);
    expect(types(decided({ history: open, signal: signal(more), now: at(10) }))).toEqual(["INCIDENT_CHANGED"]);
  });
});

describe("an incident is over", () => {
  const open = [[0, detected()]] as const;

  test("when the signal has been gone for as long as the repository asks, and not before", () => {
    const soon = decided({ history: open, signal: gone(10), now: at(11) });
    expect([types(soon), soon.wakeAt]).toEqual([[], at(12)]);
    expect(decided({ history: open, signal: gone(10), now: at(12) }).events).toMatchObject([
      { type: "INCIDENT_RESOLVED", data: { durationMinutes: 10 } },
    ]);
  });

  test("not where the signal came back meanwhile", () => {
    expect(types(decided({ history: open, signal: signal({ since: at(11), changes: [start, at(10), at(11)] }), now: at(30) }))).toEqual([]);
  });

  test("by its own policy", () => {
    expect(types(decided({ history: open, signal: gone(10), now: at(12), policy: policy({ quietFor: "5m" }) }))).toEqual([]);
  });
});

describe("a signal that comes and goes", () => {
  const changes = [0, 2, 4, 6, 8, 10].map(at);
  const open = [
    [0, detected()],
    [1, filed()],
  ] as const;

  test("is said to flap once it has changed as often as the policy says in that time", () => {
    const said = decided({ history: open, signal: gone(10, changes), now: at(10) });
    expect(said.events).toMatchObject([{ type: "INCIDENT_FLAPPING", data: { changes: 6 } }]);
    expect(kinds(said)).toEqual([]);
    expect(types(decided({ history: open, signal: gone(10, changes.slice(1)), now: at(10) }))).toEqual([]);
    expect(types(decided({ history: open, signal: gone(10, changes), now: at(31) }))).not.toContain("INCIDENT_FLAPPING");
  });

  test("says nothing more, however it changes, until it has been quiet that long", () => {
    const history = [...open, [10, flapping]] as const;
    expect(types(decided({ history, signal: signal({ severity: "warning", summary: "Other words.", changes }), now: at(25) }))).toEqual([]);
    const quiet = decided({ history, signal: gone(11, [...changes, at(11)]), now: at(20) });
    expect([types(quiet), quiet.wakeAt]).toEqual([[], at(41)]);
    expect(types(decided({ history, signal: gone(11, [...changes, at(11)]), now: at(41) }))).toEqual(["INCIDENT_RESOLVED"]);
  });

  test("calls nobody where it begins again as one that flaps", () => {
    const again = decided({
      history: [
        [0, detected()],
        [5, resolved],
      ],
      signal: signal({ since: at(10), changes }),
      now: at(11),
    });
    expect(types(again)).toEqual(["INCIDENT_DETECTED", "INCIDENT_FLAPPING"]);
    expect(kinds(again)).toEqual(["FILE_ISSUE"]);
  });
});

describe("the issue of an incident", () => {
  test.each([
    ["critical", ["rig:incident", "critical"]],
    ["warning", ["rig:incident"]],
  ] as const)("of a %s one has its labels, and nobody hands it over", (severity, labels) => {
    const decision = decided({ signal: signal({ severity }) });
    expect(decision.commands.find(({ kind }) => kind === "FILE_ISSUE")).toMatchObject({ data: { labels } });
  });

  test("is not opened where the policy wants none", () => {
    expect(kinds(decided({ signal: signal({ severity: "info" }) }))).toEqual([]);
    expect(kinds(decided({ signal: signal({ severity: "warning" }), policy: policy({ file: ["critical"] }) }))).toEqual([]);
  });

  test("is handed over where the repository says so", () => {
    const { commands } = decided({ signal: signal(), policy: policy({ autoReady: true }) });
    expect(commands.find(({ kind }) => kind === "FILE_ISSUE")).toMatchObject({
      data: { labels: ["rig:incident", "critical", "agent-ready"] },
    });
  });

  test("is written down once GitHub has it, with the hash of what the Rig wrote", () => {
    const { events } = decided({ history: [[0, detected()]], signal: signal(), effects: [filing("confirmed")] });
    expect(events).toMatchObject([{ type: "INCIDENT_FILED", data: { issueNumber: 7, bodyHash: "h" } }]);
  });

  test("of an earlier time is not the issue of this one", () => {
    const history = [
      [0, detected()],
      [9, resolved],
      [20, detected({ nth: 2 })],
    ] as const;
    expect(types(decided({ history, signal: signal(), effects: [filing("confirmed", 1)] }))).toEqual([]);
    expect(types(decided({ history, signal: signal(), effects: [filing("confirmed", 1), filing("confirmed", 2)] }))).toEqual([
      "INCIDENT_FILED",
    ]);
  });

  test("that is still open is used again, with a comment", () => {
    const history = [
      [0, detected()],
      [1, filed()],
      [20, resolved],
    ] as const;
    const again = decided({ history, signal: signal({ since: at(60) }), issueOpen: true, now: at(61) });
    expect(again.events).toMatchObject([{ data: { nth: 2, issueNumber: 7 } }]);
    expect(kinds(again)).toEqual(["NOTIFY", "COMMENT"]);
    expect(again.incident?.issue?.number).toBe(7);
    const anew = decided({ history, signal: signal({ since: at(60) }), issueOpen: false, now: at(61) });
    expect(kinds(anew)).toEqual(["NOTIFY", "FILE_ISSUE"]);
    expect(anew.incident).not.toHaveProperty("issue");
  });

  test("that GitHub refuses is told once in #admin, and asked for again when the signal changes", () => {
    const dead = filing("dead", 1, { error: "Issues are disabled" });
    const history = [[0, detected({ severity: "warning" })]] as const;
    const first = decided({ history, signal: signal({ severity: "warning" }), effects: [dead] });
    expect(first.commands).toContainEqual(expect.objectContaining({ kind: "NOTIFY", key: "filing-1:NOTIFY" }));
    const noticed = { key: "filing-1:NOTIFY", kind: "NOTIFY", state: "confirmed", data: {}, response: {} } as const;
    expect(kinds(decided({ history, signal: signal({ severity: "warning" }), effects: [dead, noticed] }))).toEqual([]);
    expect(kinds(decided({ history, signal: signal(), effects: [dead, noticed] }))).toContain("FILE_ISSUE");
    expect(kinds(decided({ history, signal: signal(), effects: [filing("sent")] }))).not.toContain("FILE_ISSUE");
  });

  test("is not opened where others have as many as there may be, nobody is called, and it is opened once there is room", () => {
    const crowded = decided({ signal: signal(), place: { crowded: true } });
    expect([types(crowded), crowded.commands.map(({ kind }) => kind)]).toEqual([["INCIDENT_DETECTED"], ["SHOW"]]);
    const history = [[0, detected({ severity: "warning" })]] as const;
    expect(kinds(decided({ history, signal: signal() }))).toContain("FILE_ISSUE");
  });

  test("is opened nowhere that the Rig only watches or rests in", () => {
    const watching = decided({ signal: signal(), place: { mayAct: false } });
    expect([types(watching), watching.commands.map(({ kind }) => kind)]).toEqual([["INCIDENT_DETECTED"], ["SHOW"]]);
  });
});

describe("people", () => {
  test("of RIG_CTO are called about what is critical, once", () => {
    const first = decided({ signal: signal() });
    expect(first.commands.filter(({ kind }) => kind === "NOTIFY")).toMatchObject([
      { data: { channel: "admin", message: { mentions: ["180000000000000001"] } } },
    ]);
    expect(kinds(decided({ signal: signal({ severity: "warning" }) }))).not.toContain("NOTIFY");
    const worse = decided({ history: [[0, detected({ severity: "warning" })]], signal: signal() });
    expect(kinds(worse)).toContain("NOTIFY");
    const mildAgain = [
      [0, detected()],
      [10, { type: "INCIDENT_CHANGED", data: { fingerprint: "0123456789abcdef", severity: "warning", summary: "x" } }],
    ] as const;
    expect(kinds(decided({ history: mildAgain, signal: signal(), now: at(30) }))).not.toContain("NOTIFY");
  });

  test("see one card, which is edited and calls nobody", () => {
    const shown = ({ commands }: ReturnType<typeof decided>) => commands.find(({ kind }) => kind === "SHOW");
    const first = shown(decided({ signal: signal() }));
    expect(first).toMatchObject({ lane: "incident/0123456789abcdef:incident-card", data: { rendering: { message: { mentions: [] } } } });
    const effects = [{ key: String(first?.key), kind: "SHOW" as const, state: "confirmed" as const, data: first?.data, response: {} }];
    expect(shown(decided({ history: [[5, detected()]], signal: signal(), effects }))).toBeUndefined();
    expect(shown(decided({ history: [[5, detected()]], signal: gone(6), now: at(8), effects }))).toMatchObject({
      key: "incident/0123456789abcdef:incident-card:2",
    });
  });
});

test("every command of a look has a key of its own", () => {
  const { commands } = decided({ signal: signal() });
  expect(new Set(commands.map(({ key }) => key)).size).toBe(commands.length);
  expect(decided({ signal: signal() }).commands.map(({ key }) => key)).toEqual(commands.map(({ key }) => key));
});
