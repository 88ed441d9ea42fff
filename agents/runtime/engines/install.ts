/** `npm run engine:claude-code`: installs the optional engine's package without saving it, and tries it against the stand-in model. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { PACKAGE } from "./claude-code/sdk.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const run = (program: string, ...args: readonly string[]) => execFileSync(program, args, { cwd: root, stdio: "inherit" });

run("npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE);
run(
  process.execPath,
  "--experimental-vm-modules",
  "--disable-warning=ExperimentalWarning",
  "node_modules/jest/bin/jest.js",
  "--testMatch=**/test/agents/engines/claude-code.installed.ts",
);
