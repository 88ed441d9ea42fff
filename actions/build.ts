/** Bundles the actions. GitHub runs what is committed under dist, so a build of the same source must give the same bytes. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

/** Each a folder here with main.ts and action.yml. */
export const actions = ["run-agent", "publish", "gate-check"] as const;

/** Some libraries in the bundle still call `require`. */
const banner = 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);';

/** Fifty languages of messages nobody asks for: 300 KB of each bundle. */
const noLocales: Plugin = {
  name: "no-locales",
  setup: ({ onLoad }) => onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export {};" })),
};

/**
 * The Actions adapter brings a Probot of its own and a log that prints whole payloads. What fetches packages (for Redis) and goes through
 * proxies (for workload identities) is not asked for.
 */
const lighter: Plugin = {
  name: "lighter",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^probot$/ }, () => ({ path: fileURLToPath(import.meta.resolve("probot")) }));
    onLoad({ filter: /pino-transport-github-actions\.js$/ }, () => ({ contents: "export const transport = { write() {} };" }));
    onLoad({ filter: /node_modules\/npx-import-light\// }, () => ({ contents: "export const npxImport = undefined;" }));
    onLoad({ filter: /node_modules\/undici\/index\.js$/ }, () => ({ contents: "export const ProxyAgent = undefined;" }));
  },
};

export interface BuiltAction {
  /** Absolute path of dist/index.js. */
  readonly file: string;
  readonly text: string;
}

export async function buildActions(): Promise<readonly BuiltAction[]> {
  return Promise.all(
    actions.map(async (name) => {
      const result = await build({
        entryPoints: [path.join(import.meta.dirname, name, "main.ts")],
        absWorkingDir: path.dirname(import.meta.dirname),
        bundle: true,
        write: false,
        platform: "node",
        target: "node24",
        format: "esm",
        banner: { js: banner },
        minify: true,
        legalComments: "eof",
        charset: "utf8",
        plugins: name === "gate-check" ? [noLocales, lighter] : [noLocales],
        logLevel: "silent",
      });
      return { file: path.join(import.meta.dirname, name, "dist", "index.js"), text: result.outputFiles[0]?.text ?? "" };
    }),
  );
}

if (import.meta.main) {
  for (const { file, text } of await buildActions()) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    process.stdout.write(`${path.relative(process.cwd(), file)}: ${Math.round(text.length / 1024)} KiB\n`);
  }
}
