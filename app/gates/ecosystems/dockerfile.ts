import { type Dockerfile, DockerfileParser } from "dockerfile-ast";
import type { Format, Package } from "./format.ts";
import { image } from "./image.ts";

const NAME = /^(.+\.)?(dockerfile|containerfile)$|^(dockerfile|containerfile)[._-].+$/;
/** Programs and pages about a Dockerfile. */
const OTHER =
  /\.(dockerignore|containerignore|[cm]?[jt]sx?|py|rb|go|rs|java|kt|cs|php|md|mdx|rst|adoc|txt|html?|json|ya?ml|toml|sh|snap|lock|svg|png|vim|lua|tmlanguage)$/;

const LARGEST = 500_000;

/** Images that a build begins with or copies from; stages of the file itself are none. */
export const dockerfile: Format = {
  what: "a Dockerfile",
  is: (_, name) => NAME.test(name) && !OTHER.test(name),
  read: (text) => {
    if (text.length > LARGEST) throw new Error("it is too large");
    const file = parsed(text);
    const given = new Map(
      file.getInitialARGs().flatMap((arg) => {
        const property = arg.getProperty();
        return property ? [[property.getName(), property.getValue() ?? undefined] as const] : [];
      }),
    );
    const stages = new Set<string>();
    const isStage = (name: string) => stages.has(name.toLowerCase()) || /^\d+$/.test(name);
    const found: Package[] = [];
    for (const instruction of file.getInstructions()) {
      const words = instruction.getArguments().map((word) => word.getValue());
      if (/^FROM$/i.test(instruction.getKeyword())) {
        const [name, as, stage] = words.filter((word) => !word.startsWith("--"));
        if (name && !isStage(name)) found.push(...image(filled(name, given), name));
        if (stage && as?.toLowerCase() === "as") stages.add(stage.toLowerCase());
        continue;
      }
      for (const from of froms(instruction.getKeyword(), joined(instruction.getTextContent(), file.getEscapeCharacter()))) {
        if (!isStage(from)) found.push(...image(filled(from, given), from));
      }
    }
    const [, syntax] = /^#[ \t]*syntax[ \t]*=[ \t]*(\S+)/im.exec(text.slice(0, 2_000)) ?? [];
    return [...found, ...(syntax ? image(syntax, syntax, "build syntax") : [])];
  },
};

const parsed = (text: string): Dockerfile => DockerfileParser.parse(text);

const joined = (text: string, atLineEnd: string): string => text.split(atLineEnd === "`" ? /`[ \t]*\r?\n/ : /\\[ \t]*\r?\n/).join("");

/** `COPY --from=image` and `RUN --mount=from=image`; ONBUILD may stand before both. */
function froms(keyword: string, text: string): readonly string[] {
  const copied = /^(COPY|ADD|ONBUILD)$/i.test(keyword) ? text.matchAll(/\s--from=([^\s,]+)/g) : [];
  const mounted = /^(RUN|ONBUILD)$/i.test(keyword) ? text.matchAll(/\s--mount=(?:\S*,)?from=([^\s,]+)/g) : [];
  return [...copied, ...mounted].map(([, from = ""]) => from);
}

/** Fills in what `ARG` gives before the first `FROM`; twice, as one may be made of another. */
function filled(text: string, given: ReadonlyMap<string, string | undefined>): string {
  const once = (value: string) =>
    value.replace(
      /\$(?:\{([A-Za-z_]\w*)(?::?-([^{}]*))?\}|([A-Za-z_]\w*))/g,
      (whole, braced: string | undefined, fallback: string | undefined, bare: string | undefined) => {
        const known = given.get(braced ?? bare ?? "");
        return known?.replace(/^["']|["']$/g, "") ?? fallback ?? whole;
      },
    );
  const first = once(text);
  if (first.length > 2_000) throw new Error("an argument is too long");
  return once(first);
}
