/** The probe that runs each night among the agents tells a closed network from an open one. */
import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { x } from "tinyexec";

const opened: Server[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

async function listening(server: Server): Promise<string> {
  opened.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" ? address?.port : address}`;
}

/** Answers CONNECT as the egress proxy does: 200 for one host, 403 for all others. */
const proxy = (allowed: RegExp) =>
  createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (request) => {
      socket.write(`HTTP/1.1 ${allowed.test(String(request)) ? "200 Connection established" : "403 Forbidden"}\r\n\r\n`);
      // curl has its answer; the tunnel leads nowhere here.
      socket.end();
    });
  });

async function closed(): Promise<string> {
  const server = createServer();
  const address = await listening(server);
  server.close();
  return address;
}

async function probe(allowed: RegExp, forbidden: readonly string[]) {
  const { exitCode, stdout } = await x("bash", ["deploy/apps/base/runners/network-probe.sh"], {
    nodeOptions: {
      env: {
        PATH: process.env.PATH,
        HTTPS_PROXY: `http://${await listening(proxy(allowed))}`,
        FORBIDDEN: forbidden.join(" "),
        ALLOWED: "https://api.github.com/",
        REFUSED: "https://example.com/",
      },
    },
  });
  return { exitCode, said: stdout.split("\n").filter((line) => line.startsWith("BROKEN")) };
}

test("a network that leads to the proxy alone is well", async () => {
  expect(await probe(/CONNECT api\.github\.com:443 /, [await closed()])).toEqual({ exitCode: 0, said: [] });
});

test("an address that must not answer and does is named", async () => {
  const open = await listening(createServer((socket) => socket.end()));
  expect(await probe(/api\.github\.com/, [await closed(), open])).toEqual({ exitCode: 1, said: [`BROKEN: ${open} answers`] });
});

test("a proxy that lets everything through is named", async () => {
  expect(await probe(/./, [])).toEqual({ exitCode: 1, said: ["BROKEN: https://example.com/ got 200 from the proxy"] });
});

test("a proxy that lets nothing through is named", async () => {
  expect(await probe(/^never$/, [])).toEqual({ exitCode: 1, said: ["BROKEN: https://api.github.com/ got 403 from the proxy"] });
});
