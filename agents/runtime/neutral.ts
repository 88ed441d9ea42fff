/** A stranger's single line for a title or a commit: it mentions nobody, refers to no issue and hides nothing (R21). */
export function neutralLine(text: string, most = 72): string {
  const line = text
    .normalize("NFC")
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, "")
    .replace(/https?:\/\/\S+/gi, "(link)")
    .replace(/@(?=[\w-])/g, "")
    .replace(/\bGH-(?=\d)/gi, "no. ")
    .replace(/#(?=\d)/g, "no. ")
    .replace(/[<>]/g, "")
    .trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}
