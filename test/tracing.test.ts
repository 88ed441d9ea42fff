import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import type { JobHelpers } from "graphile-worker";
import { z } from "zod";
import { inSpan, startTracing, traced } from "../app/tracing.ts";

const Sent = z.object({
  resourceSpans: z.array(
    z.object({
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              name: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              attributes: z.array(z.object({ key: z.string() })),
              status: z.object({ code: z.number(), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** A collector that keeps what it is sent. */
async function collector() {
  const bodies: string[] = [];
  const paths: (string | undefined)[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    paths.push(request.url);
    bodies.push(Buffer.concat(chunks).toString());
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const spans = () =>
    bodies.flatMap((body) =>
      Sent.parse(JSON.parse(body)).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)),
    );
  return { url: `http://127.0.0.1:${port}`, spans, paths, bodies, close: () => new Promise((resolve) => server.close(resolve)) };
}

const helpers = {} as JobHelpers;

test("a job and its calls are spans, a failed one is told by its name, and nobody's words go out", async () => {
  const here = await collector();
  const { stop } = await startTracing(`${here.url}/`);
  const tasks = traced({
    sync: async () => inSpan("GitHub GET /repos/{owner}/{repo}", {}, async () => {}),
    assign: async () => Promise.reject(new TypeError("the words of a person")),
  });
  await tasks.sync?.({ stream: "acme/shop#1", cause: "c", body: "the words of a person" }, helpers);
  await expect(tasks.assign?.({ repositoryId: 7 }, helpers)).rejects.toThrow("the words of a person");
  await stop();
  await here.close();
  const [call, job, failed] = here.spans();
  expect(here.paths[0]).toBe("/v1/traces");
  expect([call?.name, job?.name, failed?.name]).toEqual(["GitHub GET /repos/{owner}/{repo}", "job sync", "job assign"]);
  expect(call?.parentSpanId).toBe(job?.spanId);
  expect(job?.attributes.map(({ key }) => key)).toEqual(["rig.stream"]);
  expect(failed?.status).toEqual({ code: 2, message: "TypeError" });
  expect(here.bodies.join()).not.toContain("the words of a person");
});

test("without a collector the work is done and nothing is sent", async () => {
  const { stop } = await startTracing(undefined);
  const done: string[] = [];
  await traced({
    sync: async () => {
      done.push("sync");
    },
  }).sync?.({}, helpers);
  await stop();
  expect(done).toEqual(["sync"]);
});

test("a collector that is away keeps nobody", async () => {
  const { stop } = await startTracing("http://127.0.0.1:9");
  await traced({ sync: async () => {} }).sync?.({}, helpers);
  await expect(stop()).resolves.toBeUndefined();
});
