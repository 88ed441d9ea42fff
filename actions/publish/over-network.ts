import { messageOf } from "../../agents/runtime/errors.ts";
import { type GitAnswer, type GitOptions, git } from "../../agents/runtime/git.ts";
import { withPatience } from "../../agents/runtime/patience.ts";

/** git against GitHub, tried again while GitHub is away. Fetching or pushing the same once more changes nothing. */
export function overNetwork(args: readonly string[], repository: GitOptions): Promise<GitAnswer> {
  const isTransient = (error: unknown) =>
    /returned error: (?:429|5\d\d)|HTTP (?:429|5\d\d)|timed out|reset|early EOF|hung up|too slow/i.test(messageOf(error));
  return withPatience(() => git(args, repository), { forMs: 60_000, isTransient });
}
