import type { Executor } from "./executor.ts";

/** Discord only notifies: without it everything else works. The new message is there before the one it replaces goes. */
export const notify: Executor<"NOTIFY"> = async ({ channel, message }, { discord, attempt, subject }) => {
  if (!discord) return { response: { skipped: "Discord is not configured" } };
  const { externalId: _, predecessor, ...afresh } = attempt;
  const messageId = await discord.show(channel, message, { attempt: afresh, subject });
  if (!messageId) return { response: { skipped: `no Discord channel is configured for ${channel}` } };
  if (predecessor && predecessor !== messageId) await discord.remove(predecessor);
  return { response: { channel, messageId } };
};
