import { afterAll, afterEach, beforeEach, expect, test } from "@jest/globals";
import nock from "nock";
import { textHash } from "../../app/domain/text.ts";
import { fileIssue } from "../../app/executors/file-issue.ts";
import { hands } from "./hands.ts";

const data = {
  title: "Incident: shop: hunter2hunter2",
  body: "It answers 500.",
  labels: ["rig:incident", "critical"],
  marker: "<!-- rig:incident 0 1 -->",
};
const written = { title: "Incident: shop: ***", body: "<!-- rig:incident 0 1 -->\nIt answers 500." };
const bodyHash = textHash(written.title, written.body);
const url = "https://github.example/acme/shop/issues/9";

beforeEach(() => nock.disableNetConnect());
afterAll(() => nock.restore());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});
const github = () => nock("https://api.github.com");

test("an issue is opened without secrets, and its text is answered as a hash of what was written (R3)", async () => {
  const call = github()
    .post("/repos/acme/shop/issues", { ...written, labels: data.labels })
    .reply(201, { number: 9, html_url: url });
  expect(await fileIssue(data, hands())).toEqual({ response: { number: 9, url, bodyHash } });
  expect(call.isDone()).toBe(true);
});

test("R-Q2: where nobody knows whether it was opened, our own issue with the marker is it, and a stranger's is not", async () => {
  const answers = [
    { number: 7, html_url: "x", user: { id: 5 }, body: written.body },
    { number: 8, html_url: "x", user: { id: 900 }, body: `Words before it. ${written.body}` },
    { number: 9, html_url: url, user: { id: 900 }, body: `${written.body} And what somebody added.` },
  ];
  const call = github()
    .get("/repos/acme/shop/issues")
    .query(({ labels, state }) => labels === "rig:incident" && state === "all")
    .reply(200, answers);
  // The hash is of what the Rig wrote, whatever stands there by now.
  expect(await fileIssue(data, hands({ unknown: true }))).toEqual({ response: { number: 9, url, bodyHash } });
  expect(call.isDone()).toBe(true);
});
