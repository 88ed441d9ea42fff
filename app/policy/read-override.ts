import type { ResolvedCharacter } from "../../agents/runtime/character.ts";
import { orNothing, type Reader } from "../observe/github.ts";
import { MOST_OVERRIDE, type ParsedOverride, parseOverride } from "./override.ts";

const wrong = (message: string): ParsedOverride => ({ errors: [{ line: 1, column: 1, message }] });

/** R14: what the repository says of an agent, from this commit of its default branch and from nowhere else. Undefined: nothing. */
export async function readOverride(
  { octokit, owner, repo }: Reader,
  { path, sha, character }: { readonly path: string; readonly sha: string; readonly character: ResolvedCharacter },
): Promise<ParsedOverride | undefined> {
  const answer = await orNothing(octokit.rest.repos.getContent({ owner, repo, path, ref: sha }));
  if (!answer) return undefined;
  const { data } = answer;
  if (Array.isArray(data) || data.type !== "file" || !("content" in data)) return wrong("it is not a file");
  // What is larger is not even looked at.
  if (data.size > MOST_OVERRIDE) return wrong(`the file is larger than ${MOST_OVERRIDE / 1024} KiB`);
  return parseOverride(Buffer.from(data.content, "base64").toString("utf8"), character);
}
