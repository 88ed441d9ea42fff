/** The real corridor over a store, a GitHub and a Discord that the test holds in its hands. */
import type { Conductor } from "../../../app/conductor.ts";
import type { Discord } from "../../../app/executors/discord.ts";
import type { GitHub as Connection } from "../../../app/github.ts";
import { createLog } from "../../../app/log.ts";
import type { Octokit } from "../../../app/observe/github.ts";
import { createMemory } from "../../../app/observe/memory.ts";
import type { Store } from "../../../app/store/store.ts";
import { strict } from "../github/errors.ts";
import { type GitHub, nextId, note, RIG_APP, reviewBot, rigBot } from "../github/state.ts";

export const quiet = createLog({ level: "silent", redact: (text) => text });

export const CTO = "maria";

export interface Parts {
  readonly store: Store;
  readonly octokit: Octokit;
  readonly discord: Discord;
  readonly now: () => Date;
}

export function conductorOf({ store, octokit, discord, now }: Parts): Conductor {
  const github = strict("github", {
    installation: async () => octokit,
    identities: async () => ({ rig: rigBot.id, rigAppId: RIG_APP, review: reviewBot.id, reviewAppId: RIG_APP + 1 }),
    calls: { made: 0, counted: 0 },
  }) as unknown as Connection;
  return {
    ...{ store, github, discord, now, log: quiet, memory: createMemory() },
    config: { paused: false, cto: [CTO], githubWrites: { minute: 10_000, hour: 100_000 } },
    publicUrl: () => "https://rig.example",
    redact: (text) => text,
  };
}

/** Keeps messages; a message is written once for each command, as Discord's nonce makes sure. */
export function discordOf(github: GitHub): Discord & { readonly messages: Map<string, { readonly channel: string; title: string }> } {
  const messages = new Map<string, { readonly channel: string; title: string }>();
  const nonces = new Map<string, string>();
  return {
    messages,
    async show(channel, { title }, { attempt: { key, externalId } }) {
      const known = externalId ?? nonces.get(key);
      const id = known && messages.has(known) ? known : `${nextId(github)}@${channel}`;
      if (!nonces.has(key) || !messages.has(id)) note(github, "discord", { channel, title, id });
      messages.set(id, { channel, title });
      nonces.set(key, id);
      return id;
    },
    async remove(id) {
      messages.delete(id);
      note(github, "discord.remove", { id });
    },
    conditions: () => [],
  };
}
