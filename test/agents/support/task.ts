import type { Task } from "../../../agents/runtime/task.ts";

export const RUN = "6b1f3f0a-52b6-4a53-9d6e-0d9f5c1b7a11";
export const CAPABILITY = "cap_Zk3vQ8sYt1LwPq7RmXe2Ua9BdCfGhJ4";

/** A small task; what a test is about is given on top. */
export const taskOf = (more: Partial<Task> & Pick<Task, "baseSha" | "gateway">): Task => ({
  runId: RUN,
  agent: "dev-e",
  agentId: "dev-e-1",
  kind: "implement",
  attempt: 1,
  repository: { id: 1, owner: "acme", name: "shop", defaultBranch: "main" },
  issue: { number: 7, title: "Greet the world", text: "greeting.txt must say hello." },
  ...{ findings: [], answers: [], lessons: [], checks: [] },
  branch: "rig/7-greet-1",
  character: {
    name: "Dev",
    role: "developer",
    bio: "Develops.",
    personality: ["You are brief."],
    lore: [],
    style: [],
    mcpServers: {},
    memory: { lessons: 20, propose: true },
    prompts: { implement: "Do it.", rebase: "Resolve it.", review: "Judge it." },
    tools: ["bash", "read", "search", "edit", "finish", "report_stuck", "verdict"],
    llm: { engine: "anthropic", model: "claude-haiku-4-5", maxTokens: 4000, cache: "5m" },
    limits: { turns: 10, minutes: 5, usd: 1 },
  },
  limits: { turns: 10, minutes: 2, usd: 1 },
  stack: {},
  capability: CAPABILITY,
  expiresAt: "2026-11-22T12:00:00Z",
  ...more,
});
