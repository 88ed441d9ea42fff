import type { Executor } from "./executor.ts";

/** Discord only notifies: without it everything else works. */
export const notify: Executor<"NOTIFY"> = async ({ channel, message }, { discord, attempt }) => {
  if (!discord) return { response: { skipped: "Discord is not configured" } };
  const { externalId: _, ...afresh } = attempt;
  const messageId = await discord.show(channel, message, afresh);
  return { response: messageId ? { channel, messageId } : { skipped: `no Discord channel is configured for ${channel}` } };
};
