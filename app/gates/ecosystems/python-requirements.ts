import { type Format, type Package, publicUrl, registry, registryEntry } from "./format.ts";
import { requirement } from "./python-requirement.ts";

const NAME = /^(requirements?|constraints?|reqs?)([-_.].*)?\.(txt|in|pip|lock)$|[-_.](requirements?|constraints?)\.(txt|in)$/;
const INDEX = /^(?:-i|--index-url|--extra-index-url|-f|--find-links)(?:[ \t=]+|$)/;
const INCLUDED = /^(?:-r|-c|--requirement|--constraint)(?:[ \t=]+|$)/;
const EDITABLE = /^(?:-e|--editable)(?:[ \t=]+|$)/;
const OPTIONS = /(?<![ \t])[ \t]+--(?:hash|config-settings?|global-option|install-option)[ \t=].*$/s;

const isRequirements = (path: string, name: string): boolean =>
  NAME.test(name) || /(^|\/)(requirements|constraints)\/[^/]+\.(txt|in|pip)$/.test(path);

/** What is included is read as a file of its own, where its name tells what it is. Otherwise a person has to see it. */
export function include(path: string, manifest: string): readonly Package[] {
  const folded = (path.includes("://") ? path : `${manifest.slice(0, manifest.lastIndexOf("/") + 1)}${path}`)
    .normalize("NFC")
    .toLowerCase();
  if (!folded.includes("://") && isRequirements(folded, folded.slice(folded.lastIndexOf("/") + 1))) return [];
  const because = `takes requirements from ${publicUrl(path)}, which is not read as a requirements file`;
  return [{ ecosystem: "python", name: `included ${path}`, source: registry, written: path, because }];
}

/** https://pip.pypa.io/en/stable/reference/requirements-file-format */
export const requirements: Format = {
  what: "a Python requirements file",
  is: isRequirements,
  read: (text, path) =>
    text
      .replace(/^\uFEFF/, "")
      .replace(/\\\r?\n/g, "")
      .split(/\r?\n/)
      .map((line) => line.replace(/(^|[ \t])#.*$/, "").trim())
      .flatMap((line) => {
        const url = INDEX.test(line) ? line.replace(INDEX, "").trim() : undefined;
        if (url !== undefined) return [registryEntry("python", url)];
        if (INCLUDED.test(line)) return include(line.replace(INCLUDED, "").trim(), path);
        const spec = line.replace(EDITABLE, "");
        if (spec === "" || spec.startsWith("-")) return [];
        const found = requirement(spec.replace(OPTIONS, ""), path);
        if (!found) throw new Error("a line is no requirement");
        return [found];
      }),
};
