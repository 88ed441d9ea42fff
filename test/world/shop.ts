/** The sample repository's files, with the addresses it has in this world; and the same shop under other policies. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";

export interface Addresses {
  readonly staging: string;
  readonly production: string;
  /** Somebody else's service, which the shop asks. */
  readonly supplier?: string;
  /** The commit of the Rig's own repository that the callers name. */
  readonly rigSha: string;
}

/** What a rig.yml says differently, by the key's path. `undefined` takes a key out. */
export type Differences = Readonly<Record<string, string | number | boolean | object | undefined>>;

/** None of them has a staging environment: what is merged goes to production at once. */
export const branches = {
  /** One agent, and so one issue at a time. It says often that it lives, and hears as often whether it has to make room. */
  kiosk: {
    "queue.maxConcurrent": 1,
    "agents.dev-e.maxConcurrent": 1,
    "timeouts.heartbeat": "24s",
    "deploy.staging": undefined,
  },
  /** An issue may cost a cent and a half. */
  stall: { "limits.usdPerIssue": 0.015, "deploy.staging": undefined },
  /** Whoever says nothing for a while is taken for dead. */
  depot: { "timeouts.heartbeat": "10s", "deploy.staging": undefined },
  /** Here Architect-E looks for work. */
  atelier: { "deploy.staging": undefined },
  /** A gate that waits is remembered soon, and often. */
  market: { "gateReminders.every": "4s", "deploy.staging": undefined },
  /** One agent, and production is watched: whatever is wrong there goes before everything else. */
  bazaar: {
    "queue.maxConcurrent": 1,
    "agents.dev-e.maxConcurrent": 1,
    "timeouts.heartbeat": "40s",
    "deploy.staging": undefined,
    monitor: {
      every: "2s",
      quietFor: "3s",
      autoReady: true,
      diagnose: false,
      probes: [{ name: "front door", url: "http://shop.example/health", contains: "ok", service: "shop", failures: 3 }],
    },
  },
  /** What fails out there is found out soon. */
  bakery: { "timeouts.deploy": "60s" },
  /** It asks a supplier, which is none of its code. */
  pharmacy: {
    "timeouts.deploy": "60s",
    "deploy.staging.smoke": [
      { url: "http://staging.shop.example/version", json: { sha: "{sha}" } },
      { name: "stock", url: "http://supplier.example/", contains: "ok", dependency: "the supplier's stock service" },
    ],
  },
  /** It has a workflow that takes production back. */
  gallery: { "deploy.staging": undefined, "deploy.rollback.workflow": "rollback.yml" },
} as const satisfies Readonly<Record<string, Differences>>;

export type Branch = keyof typeof branches;

/** Where the shop was open already when its people began with the Rig. */
export const openBefore: ReadonlySet<Branch> = new Set(["bazaar", "gallery"]);

const POLICY = ".github/rig.yml";
const folder = join(import.meta.dirname, "shop");

export async function shopFiles(
  { staging, production, supplier = "", rigSha }: Addresses,
  differences: Differences = {},
): Promise<Readonly<Record<string, string>>> {
  const told = (text: string) =>
    text
      .replaceAll("http://staging.shop.example", staging)
      .replaceAll("http://shop.example", production)
      .replaceAll("http://supplier.example", supplier)
      .replaceAll("0".repeat(40), rigSha);
  const files = await readFiles(folder, "", told);
  return { ...files, [POLICY]: told(withDifferences(files[POLICY] ?? "", differences)) };
}

function withDifferences(policy: string, differences: Differences): string {
  const document = parseDocument(policy);
  for (const [path, value] of Object.entries(differences)) {
    if (value === undefined) document.deleteIn(path.split("."));
    else document.setIn(path.split("."), document.createNode(value));
  }
  return String(document);
}

/** Every file below a folder, by its path from there. */
export async function readFiles(
  root: string,
  below: string,
  told: (text: string) => string = (text) => text,
): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(join(root, below), { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, told(await readFile(join(root, path), "utf8"))] as const)));
}
