import type { Characters } from "./characters.ts";
import type { Config } from "./config.ts";
import type { Discord } from "./executors/discord.ts";
import type { GitHub } from "./github.ts";
import type { Log } from "./log.ts";
import type { Memory } from "./observe/memory.ts";
import type { Store } from "./store/store.ts";

/** What the corridor needs of the world. The clock is a function, so that tests own the time. */
export interface Conductor {
  readonly store: Store;
  readonly github: GitHub;
  readonly memory: Memory;
  readonly discord: Discord | undefined;
  /** The agents that this server has; absent: it has none to compare with. */
  readonly characters?: Characters;
  readonly config: Pick<Config, "paused" | "cto" | "githubWrites"> & Partial<Pick<Config, "prometheus">>;
  /** Where people and runners reach the app, without a trailing slash; known once the door is open. */
  readonly publicUrl: () => string;
  readonly redact: (text: string) => string;
  readonly log: Log;
  readonly now: () => Date;
}
