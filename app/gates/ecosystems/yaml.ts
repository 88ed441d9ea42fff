import { parseSyml } from "@yarnpkg/parsers";
import { parse } from "yaml";
import { mapping } from "./shape.ts";

const LARGEST = 500_000;

/** YAML that people write. Repeated keys and aliases that multiply are refused. */
export function readYaml(text: string): object {
  if (text.length > LARGEST) throw new Error("it is too large");
  return mapping(parse(text, { maxAliasCount: 100, merge: true, logLevel: "error" }) ?? {});
}

/** YAML that a package manager writes: twice as fast, and everything stays text. */
export const readLock = (text: string): object => mapping(parseSyml(text));
