/** R21: what people and models wrote, as Discord shows it: it can neither format, mention nor link, and keeps to its length. */
import { inDiscord } from "../../domain/escape.ts";

export interface TextRules {
  /** R20 */
  readonly redact: (text: string) => string;
  /** Addresses that may be linked: a link goes to one of these or below. */
  readonly links: readonly string[];
}

/** A moment as Discord tells it in the reader's words: `<t:1763802000:R>` is "3 hours ago". */
const TIME = String.raw`<t:\d{1,12}:[Rf]>`;

/** Control, bidirectional and zero-width characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;

/** `rich`: links of ours and moments are shown as such, as the body of an embed may hold them. */
export function discordText(words: string, most: number, { redact, links }: TextRules, rich = true): string {
  // Before the redaction: what is hidden in a secret must not hide the secret.
  const clean = redact(words.toWellFormed().replace(INVISIBLE, (char) => (char === "\n" || char === "\t" ? char : "")));
  const pieces = rich ? clean.split(specials(links)) : [clean];
  const tokens = pieces.flatMap((piece, index) => (index % 2 === 1 ? special(piece, links) : plain(piece)));
  let text = "";
  for (const token of tokens) {
    if (text.length + token.length >= most) return `${text}…`;
    text += token;
  }
  // Discord refuses an empty text.
  return text.trim() === "" ? "\u200b" : text;
}

/** Whether an address is one of `links` or below, without a way out. */
export const isOurs = (url: string, links: readonly string[]): boolean =>
  URL.canParse(url) && new URL(url).href === url && links.some((link) => url.startsWith(`${link}/`));

const specials = (links: readonly string[]) =>
  new RegExp(`(${[TIME, ...links.map((link) => `${RegExp.escape(link)}/[\\w./-]*\\w`)].join("|")})`);

function special(piece: string, links: readonly string[]): readonly string[] {
  if (piece.startsWith("<t:")) return [piece];
  return isOurs(piece, links) ? [`[${inDiscord(labelOf(piece))}](${piece})`] : plain(piece);
}

/** An escaped character, and what keeps it from calling or linking, is never cut in two. */
const plain = (piece: string): readonly string[] =>
  inDiscord(piece)
    .replaceAll("://", ":\u200b//")
    .match(/(?:\\[\s\S]|[\s\S])\u200b*/gu) ?? [];

/** `acme/shop#12` for an issue or a pull request, at GitHub as on the dashboard; else the path. */
function labelOf(url: string): string {
  const path = new URL(url).pathname.slice(1);
  const [, atGitHub, onDashboard, number] = /(?:([\w.-]+\/[\w.-]+)\/(?:issues|pull)|issues\/([\w.-]+\/[\w.-]+))\/(\d+)$/.exec(path) ?? [];
  const repository = onDashboard ?? atGitHub;
  return repository ? `${repository}#${number}` : path;
}
