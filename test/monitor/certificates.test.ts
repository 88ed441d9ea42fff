import { type AddressInfo, createServer as createPlain, type Server } from "node:net";
import { createServer } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { watch } from "../../app/monitor/watch.ts";
import { certificateUntil } from "./certificate.ts";
import { openGround, shop, type TestGround } from "./ground.ts";

let ground: TestGround;
const servers: Server[] = [];
beforeAll(async () => {
  ground = await openGround();
});
beforeEach(() => ground.clear());
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => ground.close());

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const inDays = (days: number) => new Date(Math.floor(Date.now() / 1000) * 1000 + days * 24 * 3_600_000);
const day = (until: Date) => until.toISOString().slice(0, 10);

async function seen(watched: object) {
  await ground.policy({ monitor: { certificates: [watched] } });
  await watch(ground.watcher(), shop, "job:1", new AbortController().signal);
  return ground.store.signalsOf(shop);
}

test.each([
  ["that is good for longer than is wanted is well", 15, false, "warning", "expires on"],
  ["that is good for less than is wanted fires at once", 13, true, "warning", "expires on"],
  ["that is over is critical, however mild the file has it", -1, true, "critical", "expired on"],
])("a certificate %s", async (_, days, firing, severity, says) => {
  const until = inDays(days);
  const port = await listening(createServer(certificateUntil(until)));
  const host = "localhost";
  expect(await seen({ host, port })).toMatchObject([
    { source: "certificate", name: host, severity, firing, summary: `The certificate of ${host}:${port} ${says} ${day(until)}.` },
  ]);
});

test("of a host with several certificates the one of its name is looked at", async () => {
  const [right, wrong] = [certificateUntil(inDays(5), "localhost"), certificateUntil(inDays(80), "elsewhere")];
  const server = createServer(wrong);
  server.addContext("localhost", right);
  const port = await listening(server);
  expect(await seen({ host: "localhost", port })).toMatchObject([{ firing: true }]);
});

test("a host given as an address is asked without a name", async () => {
  const port = await listening(createServer(certificateUntil(inDays(5))));
  expect(await seen({ host: "127.0.0.1", port })).toMatchObject([{ firing: true }]);
});

test("a host that cannot be reached, or speaks no TLS, is told in the log and is no signal", async () => {
  const closed = await listening(createPlain());
  servers.pop()?.close();
  expect(await seen({ host: "localhost", port: closed })).toEqual([]);
  const plain = await listening(createPlain((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
  expect(await seen({ host: "localhost", port: plain })).toEqual([]);
  expect(ground.lines.filter((line) => line.includes("A certificate could not be looked at"))).toHaveLength(2);
});

test("a certificate that was renewed is well again", async () => {
  const server = createServer(certificateUntil(inDays(2)));
  const port = await listening(server);
  expect(await seen({ host: "localhost", port })).toMatchObject([{ firing: true }]);
  server.setSecureContext(certificateUntil(inDays(60)));
  expect(await seen({ host: "localhost", port })).toMatchObject([{ firing: false }]);
});
