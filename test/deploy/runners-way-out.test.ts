/** The runner's variables lead what runs there through the proxy, without a name being resolved. */
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { x } from "tinyexec";
import { ofKind } from "./manifest.ts";
import { podsOf } from "./pods.ts";
import { render } from "./render.ts";

const asked: string[] = [];
let proxy: Server;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  proxy = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (request) => {
      asked.push(String(request).split("\r\n", 1)[0] ?? "");
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    });
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, "127.0.0.1", resolve);
  });
  const address = proxy.address();
  const here = `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
  const variables = ofKind(await render("deploy/apps/ha"), "HelmRelease")
    .flatMap(podsOf)
    .flatMap(({ containers }) => containers.flatMap((container) => container.env));
  const given = variables.map(({ name, value }) => [name, name.toLowerCase() === "https_proxy" ? here : (value ?? "")] as const);
  env = { PATH: process.env.PATH ?? "", ...Object.fromEntries(given) };
});
afterAll(() => {
  proxy.close();
});

test.each([
  ["Node's fetch", "node", ["-e", 'fetch("https://rig.invalid/api/runs").catch(() => {})'], "rig.invalid:443"],
  ["git", "git", ["ls-remote", "https://code.invalid/acme/shop.git"], "code.invalid:443"],
  ["curl", "curl", ["--silent", "https://web.invalid/"], "web.invalid:443"],
])("%s asks the proxy", async (_, command, args, host) => {
  await x(command, args, { nodeOptions: { env } });
  expect(asked).toContainEqual(expect.stringMatching(`^CONNECT ${host} HTTP/1.1`));
});
