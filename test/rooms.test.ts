/** Imports go one way. What a room may import from the others stands here and nowhere else. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "@jest/globals";

const root = resolve(import.meta.dirname, "..");

/** Room → rooms whose files it may import. A room may always import its own files. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "app/domain": [],
  "app/gates": [],
  "app/rules": ["app/domain", "app/gates"],
  "app/reactions": ["app/domain", "app/gates"],
  "app/measures": ["app/domain"],
  "app/slash": ["app/domain", "app/gates"],
  "app/views": ["app/domain", "app/gates"],
  "app/intake": ["app/domain"],
  "app/observe": ["app/domain"],
  "app/policy": ["app/domain", "app/gates", "app/observe", "agents/runtime"],
  "app/executors": ["app/domain", "app/observe"],
  "app/store": ["app/domain"],
  "app/rounds": ["app/architect", "app/domain", "app/observe", "app/store", "app"],
  "app/coordination": ["app/domain", "app/observe", "app/rules", "app/slash", "app/store", "app"],
  "app/architect": ["app/domain", "app/observe", "app/rules", "app/store", "app/views", "app"],
  "app/audit": [],
  "app/cli": ["app/audit", "app/domain", "app/gates", "app/observe", "app/policy", "app/rules", "app/store", "app", "agents/runtime"],
  "app/config": ["app"],
  "app/web": ["app/domain", "app/measures", "app/store", "app/door", "app"],
  "app/door": ["app/domain", "app/store", "app/monitor", "app", "agents/runtime"],
  "app/monitor": ["app/domain", "app/observe", "app/store", "app"],
  "agents/runtime": [],
  // The same engine without the server: it reads and draws as the app does.
  "actions/gate-check": ["app/domain", "app/gates", "app/observe", "app/policy", "app/views", "app/slash", "agents/runtime"],
  actions: ["agents/runtime", "app/gates"],
};

/** Packages that only some rooms may use: the edges of the program. */
const packagesOnlyIn: Readonly<Record<string, readonly string[]>> = {
  pg: ["app/store"],
  "graphile-worker": ["app/store", "app"],
  probot: ["app", "app/observe", "app/executors", "actions/gate-check"],
  "discord.js": ["app/executors"],
  hono: ["app/door", "app/web"],
  "@anthropic-ai/sdk": ["agents/runtime", "app/door"],
  "@actions/core": ["actions", "actions/gate-check"],
};

const sources = ["app", "agents", "actions"].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("dist/") && !file.includes("node_modules"))
    .map((file) => join(top, file)),
);

const rooms = Object.keys(mayImport).toSorted((a, b) => b.length - a.length);
const roomOf = (file: string): string => rooms.find((room) => file.startsWith(`${room}/`)) ?? (file.split("/")[0] as string);

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, name]) => name as string);

const arrows = sources.flatMap((file) => importsOf(file).map((name) => ({ file, room: roomOf(file), name })));

test("every room imports only what stands below it", () => {
  const wrong = arrows
    .filter(({ name }) => name.startsWith("."))
    .map(({ file, room, name }) => ({ file, room, to: relative(root, resolve(root, dirname(file), name)) }))
    .filter(({ room, to }) => room in mayImport && roomOf(to) !== room && !mayImport[room]?.includes(roomOf(to)))
    .map(({ file, to }) => `${file} → ${to}`);
  expect(wrong).toEqual([]);
});

test("the edges of the program keep their packages to themselves", () => {
  const wrong = arrows
    .filter(({ name, room }) =>
      Object.entries(packagesOnlyIn).some(
        ([name_, allowed]) => (name === name_ || name.startsWith(`${name_}/`)) && !allowed.includes(room),
      ),
    )
    .map(({ file, name }) => `${file} → ${name}`);
  expect(wrong).toEqual([]);
});

test("only config.ts reads the environment, and pure rooms have neither clock nor chance", () => {
  const pure = ["app/domain", "app/measures", "app/gates", "app/rules", "app/reactions", "app/slash", "app/views", "app/intake"];
  const impure = /process\.env|Date\.now\(|new Date\(\)|Math\.random|randomUUID|\bfetch\(|node:(fs|net|http|child_process)/;
  const wrong = sources.filter((file) => {
    const text = readFileSync(join(root, file), "utf8");
    if (pure.includes(roomOf(file)) && impure.test(text)) return true;
    return file.startsWith("app/") && file !== "app/config.ts" && text.includes("process.env");
  });
  expect(wrong).toEqual([]);
});

test("every room that exists has a line here", () => {
  const found = new Set(
    sources.map((file) => file.split("/").slice(0, 2).join("/")).filter((room) => room.startsWith("app/") && !room.endsWith(".ts")),
  );
  expect([...found].filter((room) => !(room in mayImport))).toEqual([]);
});
