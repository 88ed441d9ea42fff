/** What is left of an issue's text without what a template put there. */

/** A line that stands in templates, and says nothing of this issue. */
const boilerplate: readonly RegExp[] = [
  /^#{1,6}(\s|$)/,
  /^(\*\*|__)[^*_]+(\*\*|__):?$/,
  /^[-=_*\s]+$/,
  /^>?\s*([-*+]|\d+[.)])?\s*$/,
  /^[_*]?no response[_*]?$/i,
  /^(n\/?a|none|nothing|tbd|todo|wip|see title|as (in|per) (the )?title|\.{2,}|…|\?+)\.?$/i,
  /^[-*+] \[[ xX]\].*\b(i (have|agree|confirm|searched|read|am|would)|i['’]ve|existing issues?|duplicates?|code of conduct|contributing|bug fix|new feature|breaking change|documentation|latest version)\b/i,
  /^(describe the (bug|solution|issue)|to reproduce|steps to reproduce( the behaviou?r)?|expected behaviou?r|actual behaviou?r|current behaviou?r|screenshots|additional context|environment|version|os|browser)\b[^a-z0-9]*$/i,
  /^(a clear and concise description of|if applicable, add screenshots|add any other (context|information)|please (describe|provide|fill)|describe alternatives you|is your feature request related)/i,
  /^\d?[.)]?\s*(go to|click on|scroll down to)\s*['"‘“]\.{2,}['"’”]/i,
  /^\d?[.)]?\s*see error$/i,
  /^[-*+]?\s*(os|browser|version|device|desktop|smartphone)\b.*(\[e\.g\.|:?\s*$)/i,
  /\[e\.g\.[^\]]*\]\s*$/i,
];

const COMMENT = /<!--[\s\S]*?(-->|$)/g;
const PICTURE = /!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>/gi;
const LINK = /\[([^\]]*)\]\(https?:[^)]*\)|<?\bhttps?:\/\/\S+/gi;

/** A person's own words, and how many links and pictures stood between them. */
export function leftOf(body: string): { readonly text: string; readonly links: number } {
  let links = 0;
  const own = body
    .replace(COMMENT, "")
    .replace(PICTURE, () => {
      links += 1;
      return "";
    })
    .replace(LINK, (_, words: string | undefined) => {
      links += 1;
      return words ?? "";
    })
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !boilerplate.some((pattern) => pattern.test(line)));
  return { text: own.join("\n"), links };
}

/** Whether something stands there, only not by a person. */
export const isHollow = (body: string): boolean => body.replace(COMMENT, "").trim() !== "";
