import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { redactedIn, redactor, secretsIn } from "../../agents/runtime/redact.ts";

const secret = 'cap_"Zk3vQ8s/Yt1+Lw Pq7RmXe2';
const redact = redactor([secret]);
const survives = (text: string) =>
  Array.from({ length: secret.length - 11 }, (_, at) => secret.slice(at, at + 12)).some((piece) => text.includes(piece));

test.each([
  ["as it is", secret],
  ["URL-encoded", encodeURIComponent(secret)],
  ["JSON-escaped", JSON.stringify({ secret })],
  ["hexadecimal", Buffer.from(secret).toString("hex")],
  ["without its first seven characters", secret.slice(7)],
  ["without its end", secret.slice(0, 14)],
])("a known secret does not leave %s", (_, form) => {
  const clean = redact(`before ${form} after`);
  expect(clean).toMatch(/^before .*\*\*\*.* after$/);
  expect(survives(clean)).toBe(false);
});

test.each([0, 1, 2])("nor in base64 after %i other bytes", (bytes) => {
  const encoded = Buffer.from(`${"x".repeat(bytes)}${secret}${"y".repeat(5)}`).toString("base64");
  const clean = redact(encoded);
  expect(survives(Buffer.from(clean.replaceAll("***", ""), "base64").toString("latin1"))).toBe(false);
  expect(clean).toContain("***");
});

test("no twelve characters of a secret survive, wherever it stands, and masking twice changes nothing", () => {
  const chunk = fc.oneof(
    fc.string(),
    fc.constant(secret),
    fc.nat(20).map((at) => secret.slice(at)),
    fc.nat(20).map((at) => secret.slice(0, -at)),
  );
  fc.assert(
    fc.property(fc.array(chunk), (chunks) => {
      const clean = redact(chunks.join(""));
      expect(survives(clean)).toBe(false);
      expect(redact(clean)).toBe(clean);
    }),
  );
});

test.each([
  ["GitHub token", `ghs_${"a1".repeat(20)}`],
  ["GitHub token", `ghs_${"a1.B-".repeat(100)}x`],
  ["GitHub fine-grained token", `github_pat_${"a1".repeat(20)}`],
  ["Anthropic key", `sk-ant-api03-${"a1".repeat(20)}`],
  ["AWS access key", "AKIAIOSFODNN7EXAMPLE"],
  ["Slack token", `xoxb-${"12345-".repeat(4)}`],
  ["Discord webhook", `https://discord.com/api/webhooks/1234/${"a1".repeat(20)}`],
  ["JSON Web Token", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${"a1".repeat(20)}`],
  ["private key", `-----BEGIN OPENSSH PRIVATE KEY-----\n${"a1\n".repeat(9)}-----END OPENSSH PRIVATE KEY-----`],
  ["private key", `-----BEGIN RSA PRIVATE KEY-----\n${"a1\n".repeat(9)}`],
  ["database password", "postgres://rig:hunter2@db:5432/rig"],
])("a %s is known by its looks", (name, text) => {
  expect(secretsIn(`x = "${text}"`)).toContain(name);
  expect(redactor([])(`x = "${text}"`)).not.toContain(text);
});

test.each(["ghs_short", "a commit 9f2c1d8e7b6a5f4e3d2c1b0a9f8e7d6c5b4a3f2e", "postgres://localhost/rig", "see eyJ and friends"])(
  "%j is no secret",
  (text) => {
    expect(secretsIn(text)).toEqual([]);
    expect(redact(text)).toBe(text);
  },
);

test("data is redacted as it is and stays data: a secret after a line break, one in a name, a key without an end", () => {
  const token = `ghp_${"a1".repeat(20)}`;
  const data = { [secret]: [`first\n${token}`, 7, null, { key: "-----BEGIN RSA PRIVATE KEY-----\na1" }] };
  expect(redactedIn(data, redact)).toEqual({ "***": ["first\n***", 7, null, { key: "***" }] });
  expect(redact(JSON.stringify(`first\n${token}`))).not.toContain(token);
});
