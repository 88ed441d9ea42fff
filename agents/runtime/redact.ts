/** Takes secrets out of text before it leaves the process (R20): those we know, in the usual encodings, and what looks like one. */

const MASK = "***";

/** No piece of a known secret this long survives, so a cut-off token does not either. */
const WINDOW = 12;

/** No word boundary before them: written as JSON a line break before a token ends with a letter. */
const patterns: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: "GitHub token", pattern: /gh[pousr]_[A-Za-z0-9._-]{36,}/g },
  { name: "GitHub fine-grained token", pattern: /github_pat_[A-Za-z0-9_]{22,}/g },
  { name: "Anthropic key", pattern: /sk-ant-[A-Za-z0-9_-]{16,}/g },
  { name: "AWS access key", pattern: /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { name: "AWS secret key", pattern: /aws_secret_access_key\b["']?\s*[:=]\s*["']?[A-Za-z0-9/+]{40}/gi },
  { name: "Slack token", pattern: /xox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { name: "Slack webhook", pattern: /https:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/_-]{20,}/g },
  { name: "Discord webhook", pattern: /https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/[A-Za-z0-9_-]{20,}/g },
  { name: "JSON Web Token", pattern: /eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g },
  { name: "private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g },
  { name: "database password", pattern: /(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqp):\/\/[^\s:/@]*:[^\s/@]+@/g },
];

/** The kinds of secret a text seems to hold, by pattern alone. */
export function secretsIn(text: string): readonly string[] {
  return patterns.filter(({ pattern }) => text.search(pattern) >= 0).map(({ name }) => name);
}

/** Whether a text holds a piece of one of these values, in the usual encodings, also where it is broken up into lines or string literals. */
export function pieceFinder(secrets: readonly string[]): (text: string) => boolean {
  const pieces = piecesOf(secrets.filter((secret) => secret.length > 0).flatMap(encodings));
  const holds = (text: string) => pieces.size > 0 && maskPieces(text, pieces) !== text;
  return (text) => holds(text) || holds(text.replace(/[\s"'`+,\\]/g, ""));
}

const piecesOf = (known: readonly string[]): ReadonlySet<string> =>
  new Set(
    known.flatMap((secret) => Array.from({ length: Math.max(0, secret.length - WINDOW + 1) }, (_, at) => secret.slice(at, at + WINDOW))),
  );

export type Redact = (text: string) => string;

/** The same data with every text in it redacted, names too: what was masked before it became JSON is still JSON. */
export function redactedIn(data: unknown, redact: Redact): unknown {
  if (typeof data === "string") return redact(data);
  if (Array.isArray(data)) return data.map((one) => redactedIn(one, redact));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [redact(name), redactedIn(value, redact)]));
}

/** A redactor that knows these values. Shorter ones than twelve characters are masked only whole. */
export function redactor(secrets: readonly string[]): Redact {
  const known = [...new Set(secrets.filter((secret) => secret.length > 0).flatMap(encodings))];
  const short = known.filter((secret) => secret.length < WINDOW);
  const pieces = piecesOf(known);
  return (text) => {
    let clean = pieces.size > 0 ? maskPieces(text, pieces) : text;
    for (const secret of short) clean = clean.replaceAll(secret, MASK);
    for (const { pattern } of patterns) clean = clean.replace(pattern, MASK);
    return clean;
  };
}

/** Raw, URL-encoded, JSON-escaped, hexadecimal, and base64 at each of its three alignments. */
function encodings(secret: string): readonly string[] {
  const base64 = [0, 1, 2].flatMap((skip) => {
    const bytes = Buffer.from(secret).subarray(skip);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    return [whole.toString("base64"), whole.toString("base64url")];
  });
  const encoded = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString("hex"), ...base64];
  return encoded.filter((form) => form === secret || form.length >= WINDOW);
}

function maskPieces(text: string, pieces: ReadonlySet<string>): string {
  let clean = "";
  let kept = 0;
  for (let at = 0; at + WINDOW <= text.length; at++) {
    if (!pieces.has(text.slice(at, at + WINDOW))) continue;
    let end = at + WINDOW;
    while (end < text.length && pieces.has(text.slice(end - WINDOW + 1, end + 1))) end++;
    clean += text.slice(kept, at) + MASK;
    kept = end;
    at = end - 1;
  }
  return clean + text.slice(kept);
}
