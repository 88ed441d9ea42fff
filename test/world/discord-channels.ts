/** A message as Discord shows it: what was sent, and who and when. */
export interface Message {
  readonly id: string;
  readonly channel_id: string;
  readonly content: string;
  readonly embeds: readonly unknown[];
  readonly components: readonly unknown[];
  readonly author: { readonly id: string; readonly username: string; readonly bot: true };
  readonly timestamp: string;
  readonly edited_timestamp: string | null;
  readonly nonce?: string | number;
}

type Body = Readonly<Record<string, unknown>>;

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** "Checked for uniqueness in the past few minutes." https://discord.com/developers/docs/resources/message#create-message */
const NONCE_MS = 5 * 60_000;

/** The messages of all channels. */
export function channelMessages(now: () => number) {
  const channels = new Map<string, Message[]>();
  let last = 1_300_000_000_000_000_000n;
  const list = (channel: string): readonly Message[] => channels.get(channel) ?? [];
  const find = (channel: string, id: string) => list(channel).find((message) => message.id === id);

  return {
    list,
    find,
    /** With `enforce_nonce`, a message with the same nonce is for some minutes answered again instead of written twice. */
    create(channel: string, body: Body): Message {
      const { nonce } = body;
      const known = typeof nonce === "string" || typeof nonce === "number" ? nonce : undefined;
      const twin =
        body.enforce_nonce === true && known !== undefined
          ? list(channel).find(({ nonce: used, timestamp }) => used === known && now() - Date.parse(timestamp) < NONCE_MS)
          : undefined;
      if (twin) return twin;
      last += 1n;
      const message: Message = {
        id: String(last),
        channel_id: channel,
        content: String(body.content ?? ""),
        embeds: listIn(body.embeds),
        components: listIn(body.components),
        author: { id: "1", username: "rig", bot: true },
        timestamp: new Date(now()).toISOString(),
        edited_timestamp: null,
        ...(known === undefined ? {} : { nonce: known }),
      };
      channels.set(channel, [...list(channel), message]);
      return message;
    },
    edit(channel: string, id: string, body: Body): Message | undefined {
      const message = find(channel, id);
      if (!message) return undefined;
      const edited: Message = {
        ...message,
        ...(body.content === undefined ? {} : { content: String(body.content ?? "") }),
        ...(body.embeds === undefined ? {} : { embeds: listIn(body.embeds) }),
        ...(body.components === undefined ? {} : { components: listIn(body.components) }),
        edited_timestamp: new Date(now()).toISOString(),
      };
      channels.set(
        channel,
        list(channel).map((other) => (other.id === id ? edited : other)),
      );
      return edited;
    },
    remove(channel: string, id: string): boolean {
      const found = find(channel, id) !== undefined;
      channels.set(
        channel,
        list(channel).filter((message) => message.id !== id),
      );
      return found;
    },
  };
}
