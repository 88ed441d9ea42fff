/** A server that says it is a Postgres of some version, and knows nothing else: real ones are as new as they are. */
import { createServer, type Socket } from "node:net";

const message = (kind: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
};
const int32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer).reverse();
const int16 = (value: number) => Buffer.from(Uint16Array.of(value).buffer).reverse();
const text = (value: string) => Buffer.from(`${value}\0`);
const sized = (value: string) => Buffer.concat([int32(value.length), Buffer.from(value)]);

const INT4 = 23;
const TEXT = 25;
const column = (name: string, type: number) =>
  Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(type === INT4 ? 4 : 0xffff), int32(0xffffffff), int16(0)]);

const ready = message("Z", Buffer.from("I"));
const welcome = Buffer.concat([message("R", int32(0)), ready]);

/** https://www.postgresql.org/docs/current/protocol-flow.html: every query is answered with one row, version and setting. */
function speak(socket: Socket, version: number): void {
  let greeted = false;
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    if (!greeted) socket.write(welcome);
    else if (bytes[0] === "Q".charCodeAt(0)) socket.write(answer(version));
    else socket.end();
    greeted = true;
  });
}

const answer = (version: number) =>
  Buffer.concat([
    message("T", int16(2), column("version", INT4), column("commit", TEXT)),
    message("D", int16(2), sized(String(version)), sized("on")),
    message("C", text("SELECT 1")),
    ready,
  ]);

export async function startOldPostgres(version: number) {
  const server = createServer((socket) => speak(socket, version));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return {
    url: `postgres://rig:hunter2hunter2@127.0.0.1:${address.port}/rig`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
