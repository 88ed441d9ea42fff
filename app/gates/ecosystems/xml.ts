import { XMLParser, XMLValidator } from "fast-xml-parser";
import { at, entriesOf, someOf, textOf } from "./shape.ts";

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  removeNSPrefix: true,
});

/** XML as nested data: an element is its children and attributes by name. Entities stay as they are written. */
export function readXml(text: string): object {
  const plain = text.replace(/^\uFEFF/, "").trimStart();
  if (XMLValidator.validate(plain, { allowBooleanAttributes: false }) !== true) throw new Error("it is not well formed");
  return parser.parse(plain);
}

/** Every element of these names, in lower case, however deep. */
export function elementsOf(root: unknown, names: ReadonlySet<string>): readonly Element[] {
  const found: Element[] = [];
  const inside: Element[] = [{ name: "", parent: "", value: root }];
  for (let element = inside.pop(); element; element = inside.pop()) {
    const { name: parent, value } = element;
    if (names.has(parent)) found.push(element);
    for (const [name, children] of entriesOf(value)) {
      for (const child of someOf(children)) inside.push({ name: name.toLowerCase(), parent, value: child });
    }
  }
  return found;
}

/** The text of an element. One that stands there twice is refused. */
export function innerText(value: unknown): string | undefined {
  if (Array.isArray(value)) throw new Error("an element stands there twice");
  return textOf(value) ?? textOf(at(value, "#text"));
}

export interface Element {
  /** In lower case, as its parent's is. */
  readonly name: string;
  readonly parent: string;
  readonly value: unknown;
}
