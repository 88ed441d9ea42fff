import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpBindings } from "@hono/node-server";
import { expect, test } from "@jest/globals";
import { Hono } from "hono";
import { createLog } from "../../app/log.ts";
import { appId, deliver, secret } from "./delivery.ts";
import { startStand } from "./stand.ts";

test("a door that drains says so and still serves; then it closes", async () => {
  const stand = await startStand();
  const ready = async () => {
    const response = await fetch(`${stand.url}/readyz`);
    return [response.status, await response.json()];
  };
  expect(await ready()).toEqual([200, { status: "ready", database: "ok", migrations: "ok", worker: "ok", draining: false }]);
  stand.door.drain();
  expect(await ready()).toEqual([503, { status: "unready", database: "ok", migrations: "ok", worker: "ok", draining: true }]);
  expect(await deliver(stand.url, "{}")).toMatchObject({ status: 202 });
  await stand.close();
  await expect(fetch(`${stand.url}/healthz`)).rejects.toThrow("fetch failed");
});

test("a delivery under way is still stored and answered while the door closes", async () => {
  const { promise: storing, resolve: stored } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const store = async () => {
    begin();
    await storing;
    return "stored" as const;
  };
  const stand = await startStand({ deps: { webhooks: { secrets: [secret], appIds: [appId], store } } });
  const delivering = deliver(stand.url, "{}");
  await begun;
  const closing = stand.close();
  stored();
  expect(await delivering).toMatchObject({ status: 202, answer: { result: "stored" } });
  await closing;
});

test("an answer that never ends does not hold the door open", async () => {
  const endless = new Hono<{ Bindings: HttpBindings }>().get("/endless", (context) =>
    context.body(new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from("a")) })),
  );
  const stand = await startStand({ more: () => [endless] });
  const reader = ((await fetch(`${stand.url}/endless`)).body ?? new ReadableStream()).getReader();
  await reader.read();
  await stand.close();
  await expect(reader.read()).rejects.toThrow("terminated");
});

test("a taken metrics port costs a warning that says what to do, and no more", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const stand = await startStand({ deps: { metricsPort: port } });
  expect(stand.door.metricsUrl).toBeUndefined();
  expect(stand.lines.join("")).toContain(`port ${port} cannot be used`);
  expect(await deliver(stand.url, "{}")).toMatchObject({ status: 202 });
  await stand.close();
  await new Promise((resolve) => other.close(resolve));
});

test("a taken port is an error for whoever starts the app", async () => {
  const stand = await startStand();
  const { port } = new URL(stand.url);
  await expect(startStand({ deps: { port: Number(port) } })).rejects.toThrow("EADDRINUSE");
  await stand.close();
});

test("what goes wrong inside stays inside", async () => {
  const stand = await startStand({
    desk: {
      verifyOidc: async () => {
        throw new Error("connect ECONNREFUSED 10.1.2.3:5432");
      },
    },
  });
  const response = await fetch(`${stand.url}/api/runs`, { method: "POST", headers: { authorization: "Bearer x" } });
  expect([response.status, response.headers.get("content-type")]).toEqual([500, "application/problem+json"]);
  expect(await response.text()).not.toContain("10.1.2.3");
  expect(stand.lines.join("")).toContain("10.1.2.3");
  expect(await (await fetch(`${stand.url}/nowhere`)).json()).toMatchObject({ status: 404, detail: "There is nothing at /nowhere." });
  await stand.close();
});

test("no line of the log holds a secret, in whatever field it stands", () => {
  const lines: string[] = [];
  const log = createLog({
    level: "info",
    redact: (text) => text.replaceAll("tea-secret", "***"),
    to: { write: (line: string) => void lines.push(line) },
  });
  log.info({ err: new Error("tea-secret in an error"), deep: { list: ["tea-secret"] } }, "tea-secret");
  const [line = ""] = lines;
  expect(line).not.toContain("tea-secret");
  expect(JSON.parse(line)).toMatchObject({ level: "info", msg: "***", deep: { list: ["***"] } });
});
