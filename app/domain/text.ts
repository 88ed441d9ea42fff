/** How the Rig compares what people wrote. */
import { createHash } from "node:crypto";

/** What an approval binds: `sha256(NFC(title) ‖ 0x00 ‖ body)` as hex (R3). */
export const textHash = (title: string, body: string): string =>
  createHash("sha256")
    .update(`${title.normalize("NFC")}\u0000${body}`)
    .digest("hex");

/** Label names compare after NFC, case-insensitively (R1). */
export const sameLabel = (a: string, b: string): boolean => a.normalize("NFC").toLowerCase() === b.normalize("NFC").toLowerCase();

/** `{issue}`, `{slug}`, `{attempt}` filled in: the branch of an attempt. */
export function branchName(pattern: string, issue: number, title: string, attempt: number): string {
  const slug = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return pattern
    .replaceAll("{issue}", String(issue))
    .replaceAll("{slug}", slug || "work")
    .replaceAll("{attempt}", String(attempt));
}
