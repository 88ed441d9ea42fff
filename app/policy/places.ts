/** Where something stands in a text of YAML or JSON. */
import { type Document, isMap, isNode, isSeq, LineCounter, type Node, parseDocument } from "yaml";

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Placed {
  readonly document: Document.Parsed;
  readonly at: (offset: number) => Place;
  /** Where a path begins; the nearest parent where the path itself is not there. */
  readonly of: (path: readonly PropertyKey[]) => Place;
}

export function placesIn(text: string): Placed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  return { document, at, of: (path) => at(offsetOf(document.contents, path)) };
}

function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    if (isSeq(node) && typeof key === "number") {
      node = node.items[key];
      offset = isNode(node) ? (node.range?.[0] ?? offset) : offset;
      continue;
    }
    if (!isMap(node)) break;
    const pair = node.items.find(({ key: name }) => String(name) === String(key));
    if (!pair) break;
    offset = (pair.key as Node).range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}
