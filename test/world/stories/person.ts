/** Somebody at GitHub with a token of their own: what they do goes through the REST API like everybody's. */
import type { World } from "../world.ts";

/** A pull request at one commit. */
export interface Head {
  readonly number: number;
  readonly headSha: string;
}

type Answer = Readonly<Record<string, unknown>>;

export function personIn({ github, shop, people }: World, login: keyof World["people"]) {
  const { token } = people[login];
  async function ask(method: "GET" | "POST", path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${github.apiUrl}/repos/${shop.fullName}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json", "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as Answer;
    if (!response.ok) throw new Error(`GitHub refuses ${login} ${method} ${path} with ${response.status}: ${answer.message}`);
    return answer;
  }
  return {
    openIssue: async (issue: { readonly title: string; readonly body: string; readonly labels?: readonly string[] }): Promise<number> =>
      Number((await ask("POST", "/issues", issue)).number),
    label: async (issue: number, label: string): Promise<void> => void (await ask("POST", `/issues/${issue}/labels`, { labels: [label] })),
    /** Approves this head and no other. */
    approve: async ({ number, headSha }: Head, body: string): Promise<void> =>
      void (await ask("POST", `/pulls/${number}/reviews`, { event: "APPROVE", commit_id: headSha, body })),
    /** A check as the pull request shows it. */
    check: async ({ headSha }: Head, name: string): Promise<{ readonly conclusion: string | null } | undefined> => {
      const { check_runs } = await ask("GET", `/commits/${headSha}/check-runs?check_name=${encodeURIComponent(name)}`);
      return (check_runs as readonly { readonly conclusion: string | null }[])[0];
    },
    issue: async (number: number) => {
      const { state, labels } = await ask("GET", `/issues/${number}`);
      return { state: String(state), labels: (labels as readonly { readonly name: string }[]).map(({ name }) => name) };
    },
  };
}
