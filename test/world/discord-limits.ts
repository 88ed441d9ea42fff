import { z } from "zod";

const Field = z.object({ name: z.string().min(1).max(256), value: z.string().min(1).max(1024) });
const Embed = z.object({
  title: z.string().max(256).optional(),
  description: z.string().max(4096).optional(),
  fields: z.array(Field).max(25).optional(),
  footer: z.object({ text: z.string().max(2048) }).optional(),
  author: z.object({ name: z.string().max(256) }).optional(),
});
const Payload = z.object({
  content: z.string().max(2000).nullish(),
  embeds: z.array(Embed).max(10).optional(),
  nonce: z.union([z.string().max(25), z.number().int()]).optional(),
  allowed_mentions: z
    .object({
      parse: z.array(z.enum(["roles", "users", "everyone"])).optional(),
      users: z.array(z.string().regex(/^\d+$/)).max(100).optional(),
    })
    .refine(({ parse, users }) => !(parse?.includes("users") && users?.length), "parse: users, and a list of users")
    .optional(),
});

const MOST_IN_ALL_EMBEDS = 6_000;

/** What of Discord's limits a message breaks. https://discord.com/developers/docs/resources/message */
export function problemsOf(body: unknown): readonly string[] {
  const { success, data, error } = Payload.safeParse(body);
  if (!success) return error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  const { embeds = [] } = data;
  const length = embeds.reduce((sum, embed) => sum + textsIn(embed).join("").length, 0);
  return length > MOST_IN_ALL_EMBEDS ? [`embeds: ${length} characters in all, ${MOST_IN_ALL_EMBEDS} at most`] : [];
}

const textsIn = ({ title = "", description = "", fields = [], footer, author }: z.infer<typeof Embed>) => [
  title,
  description,
  footer?.text ?? "",
  author?.name ?? "",
  ...fields.flatMap(({ name, value }) => [name, value]),
];

const Mentions = z.object({
  content: z.string().nullish(),
  allowed_mentions: z.object({ parse: z.array(z.string()).prefault([]), users: z.array(z.string()).prefault([]) }).optional(),
});

/** Whom a message calls, or could, without anybody having named them. Discord itself would take it. */
export function carelessCalls(body: unknown): readonly string[] {
  const { allowed_mentions: allowed, content } = Mentions.parse(body);
  if (!allowed) return ["leaves allowed_mentions out: everybody it names would be called"];
  const named = [...(content ?? "").matchAll(/<@!?(\d+)>/g)].map(([, id]) => id ?? "");
  return [
    ...allowed.parse.map((kind) => `lets the text call ${kind}`),
    ...named.filter((id) => !allowed.users.includes(id)).map((id) => `names ${id}, who is not called`),
  ];
}
