import type { Answer } from "./endpoint.ts";

interface Paged {
  readonly url: URL;
  readonly query: unknown;
}

const DEFAULT_SIZE = 30;
const LARGEST_SIZE = 100;

function slice<T>({ url, query }: Paged, items: readonly T[]): { readonly items: readonly T[]; readonly headers: Record<string, string> } {
  const asked = query as { readonly per_page?: number; readonly page?: number };
  const size = Math.min(Math.max(asked.per_page ?? DEFAULT_SIZE, 1), LARGEST_SIZE);
  const page = Math.max(asked.page ?? 1, 1);
  const last = Math.max(Math.ceil(items.length / size), 1);
  const link = (number: number, rel: string) => {
    const target = new URL(url);
    target.searchParams.set("page", String(number));
    return `<${target}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, "prev")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
    ...(page > 1 ? [link(1, "first")] : []),
  ];
  return { items: items.slice((page - 1) * size, page * size), headers: links.length ? { link: links.join(", ") } : {} };
}

/** A page of a list; only the items of that page are drawn. */
export async function listed<T>(paged: Paged, all: readonly T[], show: (item: T) => unknown): Promise<Answer> {
  const { items, headers } = slice(paged, all);
  return { status: 200, body: await Promise.all(items.map(show)), headers };
}

/** A page of a list inside an object: `{total_count, check_runs: […]}`. */
export async function counted<T>(
  paged: Paged,
  name: string,
  all: readonly T[],
  show: (item: T) => unknown,
  more: object = {},
): Promise<Answer> {
  const { items, headers } = slice(paged, all);
  return { status: 200, body: { total_count: all.length, ...more, [name]: await Promise.all(items.map(show)) }, headers };
}
