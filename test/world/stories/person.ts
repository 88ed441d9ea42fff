/** Somebody at GitHub with a token of their own: what they do goes through the REST API like everybody's. */
import type { World } from "../world.ts";
import type { Stage } from "./story.ts";

/** Maria at Discord, as the rig.yml knows her. */
export const MARIA = "<@180000000000000001>";

/** A pull request at one commit. */
export interface Head {
  readonly number: number;
  readonly headSha: string;
}

/** Whole files that a commit leaves behind. */
interface Pushed {
  readonly branch: string;
  readonly files: Readonly<Record<string, string>>;
  readonly message: string;
}

type Answer = Readonly<Record<string, unknown>>;

export function personIn({ world: { github, people }, shop }: Pick<Stage, "world" | "shop">, login: keyof World["people"]) {
  const { token } = people[login];
  async function ask(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${github.apiUrl}/repos/${shop.fullName}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json", "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as Answer;
    if (!response.ok) throw new Error(`GitHub refuses ${login} ${method} ${path} with ${response.status}: ${answer.message}`);
    return answer;
  }
  const one = async (...request: Parameters<typeof ask>) => (await ask(...request)) as Answer;
  const list = async (path: string) => (await ask("GET", path)) as readonly Answer[];
  const issueAt = (number: number) => one("GET", `/issues/${number}`);
  return {
    openIssue: async (issue: { readonly title: string; readonly body: string; readonly labels?: readonly string[] }): Promise<number> =>
      Number((await one("POST", "/issues", issue)).number),
    /** Writes the issue's text anew. */
    rewrite: async (issue: number, body: string): Promise<void> => void (await one("PATCH", `/issues/${issue}`, { body })),
    close: async (issue: number): Promise<void> => void (await one("PATCH", `/issues/${issue}`, { state: "closed" })),
    label: async (issue: number, label: string): Promise<void> => void (await ask("POST", `/issues/${issue}/labels`, { labels: [label] })),
    takeLabel: async (issue: number, label: string): Promise<void> => void (await ask("DELETE", `/issues/${issue}/labels/${label}`)),
    /** Says that GitHub shall show an issue as blocked by another. */
    block: async (issue: number, by: number): Promise<void> =>
      void (await one("POST", `/issues/${issue}/dependencies/blocked_by`, { issue_id: (await issueAt(by)).id })),
    /** Comments; answers the comment's id. */
    say: async (issue: number, body: string): Promise<number> => Number((await one("POST", `/issues/${issue}/comments`, { body })).id),
    /** What stands below an issue, oldest first. */
    comments: async (issue: number): Promise<readonly string[]> =>
      (await list(`/issues/${issue}/comments?per_page=100`)).map(({ body }) => String(body)),
    reactions: async (comment: number): Promise<readonly string[]> =>
      (await list(`/issues/comments/${comment}/reactions`)).map(({ content }) => String(content)),
    /** Approves this head and no other. */
    approve: async ({ number, headSha }: Head, body: string): Promise<void> =>
      void (await one("POST", `/pulls/${number}/reviews`, { event: "APPROVE", commit_id: headSha, body })),
    /** Commits on a branch and pushes, with git; answers the commit. */
    push: (pushed: Pushed): Promise<string> => github.pushFiles({ ...pushed, repository: shop.fullName, author: login }),
    /** A check as the pull request shows it. */
    check: async ({ headSha }: Head, name: string): Promise<{ readonly conclusion: string | null } | undefined> => {
      const { check_runs } = await one("GET", `/commits/${headSha}/check-runs?check_name=${encodeURIComponent(name)}`);
      return (check_runs as readonly { readonly conclusion: string | null }[])[0];
    },
    issue: async (number: number) => {
      const { state, labels } = await issueAt(number);
      return { state: String(state), labels: (labels as readonly { readonly name: string }[]).map(({ name }) => name) };
    },
  };
}
