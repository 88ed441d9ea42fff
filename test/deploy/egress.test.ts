/** The proxy's rules, in the order in which it asks them. */
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const folder = "deploy/apps/base/egress";
const lines = (file: string) =>
  readFileSync(`${folder}/${file}`, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
const conf = lines("squid.conf");

test("what is not listed is refused, and a listed name leads to no private address", () => {
  expect(conf.filter((line) => line.startsWith("http_access"))).toEqual([
    "http_access deny !connect",
    "http_access deny !tls",
    "http_access allow yours",
    "http_access deny private",
    "http_access allow github",
    "http_access allow pattern",
    "http_access deny all",
  ]);
});

test("hosts are known by their names alone, never by what somebody's DNS calls an address", () => {
  const named = conf.filter((line) => /^acl \S+ dstdom/.test(line));
  expect(named).toHaveLength(3);
  expect(named.filter((line) => !/ dst\w+ -n "/.test(line))).toEqual([]);
});

test("metadata, Tailscale and private networks are private", () => {
  const [addresses = ""] = conf.filter((line) => line.startsWith("acl private dst "));
  for (const network of ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"])
    expect(addresses.split(" ")).toContain(network);
});

test.each(["productionresultssa0.blob.core.windows.net", "productionresultssa19.blob.core.windows.net"])("%s matches", (host) => {
  expect(lines("patterns.txt").some((pattern) => new RegExp(pattern).test(host))).toBe(true);
});

test.each([
  "evil.blob.core.windows.net",
  "productionresultssa1.blob.core.windows.net.evil.example",
  "xproductionresultssa1.blob.core.windows.net",
])("%s matches nothing", (host) => {
  expect(lines("patterns.txt").some((pattern) => new RegExp(pattern).test(host))).toBe(false);
});

test("no whole top-level domain or cloud is listed", () => {
  expect(lines("github.txt").filter((host) => !/(^|\.)(github\.com|githubusercontent\.com)$/.test(host))).toEqual([]);
});
