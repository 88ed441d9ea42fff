/** What a delivery's headers have to be before its body is read (R4). */

export interface DeliveryHeaders {
  readonly guid: string;
  readonly event: string;
  readonly signature: string;
  /** The rest that is worth keeping: `x-github-*` and the content type. */
  readonly kept: Readonly<Record<string, string>>;
}

/** Why a request is turned away. `message` is what the sender reads. */
export interface Refusal {
  readonly status: 400 | 401 | 405 | 413 | 415 | 503;
  readonly message: string;
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const EVENT = /^[a-z0-9_]{1,100}$/;
const JSON_TYPE = /^application\/json\s*(;\s*charset=utf-8\s*)?$/i;

/** Reads Node's raw header list, where a repeated header still shows. */
export function deliveryHeaders(rawHeaders: readonly string[], appIds: readonly number[]): DeliveryHeaders | Refusal {
  const headers = all(rawHeaders);
  const only = (name: string) => (headers.get(name)?.length === 1 ? headers.get(name)?.[0] : undefined);

  if (!JSON_TYPE.test(only("content-type") ?? "")) return { status: 415, message: "Send application/json." };
  if (headers.has("content-encoding")) return { status: 415, message: "Send the body without a Content-Encoding." };

  const guid = only("x-github-delivery");
  const event = only("x-github-event");
  const signature = only("x-hub-signature-256");
  if (!guid || !GUID.test(guid)) return { status: 400, message: "Send exactly one X-GitHub-Delivery, a UUID." };
  if (!event || !EVENT.test(event)) return { status: 400, message: "Send exactly one X-GitHub-Event." };
  if (!signature) return { status: 400, message: "Send exactly one X-Hub-Signature-256." };
  if (!appIds.includes(Number(only("x-github-hook-installation-target-id")))) {
    return { status: 400, message: "X-GitHub-Hook-Installation-Target-ID is not this App's id." };
  }
  return { guid: guid.toLowerCase(), event, signature, kept: kept(headers) };
}

export const isRefusal = (read: DeliveryHeaders | Refusal): read is Refusal => "status" in read;

function all(rawHeaders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[at + 1] ?? ""]);
  }
  return headers;
}

function kept(headers: ReadonlyMap<string, readonly string[]>): Readonly<Record<string, string>> {
  const worth = [...headers].filter(([name]) => name.startsWith("x-github-") || name === "content-type");
  return Object.fromEntries(worth.map(([name, values]) => [name, values.join(", ")]));
}
