/** Bundles the actions. GitHub runs what is committed under dist, so a build of the same source must give the same bytes. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, type Plugin } from "esbuild";

/** Each a folder here with main.ts and action.yml. */
export const actions = ["run-agent", "publish"] as const;

/** Some libraries in the bundle still call `require`. */
const banner = 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);';

/** Fifty languages of messages nobody asks for: 300 KB of each bundle. */
const noLocales: Plugin = {
  name: "no-locales",
  setup: ({ onLoad }) => onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export {};" })),
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
        plugins: [noLocales],
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
