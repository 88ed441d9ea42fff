import { type Package, registry } from "./format.ts";

const LONGEST = 1_000;

/** A container image without its tag and digest. What is left of a variable stays as it is written. */
export function image(reference: string, written: string, role?: string): readonly Package[] {
  if (reference.length > LONGEST) throw new Error("the name of an image is too long");
  const plain = reference
    .trim()
    .replace(/\$\{[A-Za-z_]\w*:?-([^{}]*)\}/g, "$1")
    .replace(/@[^/]*$/, "");
  const colon = plain.lastIndexOf(":");
  const name = (
    colon > plain.lastIndexOf("/") && !plain.slice(colon).includes("}") ? plain.slice(0, colon) : plain.replace(/:\$\{[^}/]*\}$/, "")
  ).toLowerCase();
  if (name === "" || name === "scratch") return [];
  return [{ ecosystem: "image", name, source: registry, ...(role ? { role } : {}), written }];
}
