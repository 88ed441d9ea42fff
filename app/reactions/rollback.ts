import type { Command } from "../domain/commands.ts";
import { inMarkdown } from "../domain/escape.ts";
import type { EventData } from "../domain/events.ts";
import { admin } from "./people.ts";
import type { Context, Reaction } from "./reaction.ts";

const MOST_LISTED = 20;
const short = (sha: string): string => sha.slice(0, 7);

/** P13: the only way back: the workflow that the repository names for it, else a pull request that a person merges. */
export const rollBack: Reaction<"ROLLBACK_REQUESTED"> = (wanted, context) => {
  const { by, toSha } = wanted;
  const { policy, defaultBranch, subject } = context;
  const workflow = policy.deploy.rollback?.workflow;
  const title = `Take production back to ${short(toSha)}`;
  const way: Command = workflow
    ? { kind: "DEPLOY", data: { environment: "production", workflow, ref: defaultBranch, sha: toSha } }
    : {
        kind: "OPEN_REVERT",
        data: {
          ...{ toSha, by, title, base: defaultBranch },
          branch: `rig/rollback-${subject.number}-${short(toSha)}`,
          body: bodyOf(wanted, context),
        },
      };
  const how = workflow ? `${workflow} is started for it` : "a pull request for it is being opened, and a person merges that";
  return [way, ...said(context, [], `${by} takes production back to ${short(toSha)}`, `${by} asked for ${toSha}: ${how}.`)];
};

/** Whoever may merge it has to act. */
export const announceProposal: Reaction<"ROLLBACK_PROPOSED"> = ({ by, toSha, prNumber }, context) =>
  said(
    context,
    context.cto,
    `pull request #${prNumber} takes production back to ${short(toSha)}`,
    `${by} asked for ${toSha}: pull request #${prNumber} is open. A person merges it, and its gates hold.`,
    `#${prNumber}`,
  );

/** What a person merged goes out as every merge does: by the workflow that deploys, where the Conductor starts it. */
export const deployRevert: Reaction<"ROLLBACK_MERGED"> = ({ mergeSha }, { policy, defaultBranch }) => {
  const workflow = policy.deploy.production?.workflow;
  return workflow ? [{ kind: "DEPLOY", data: { environment: "production", workflow, ref: defaultBranch, sha: mergeSha } }] : [];
};

export const announceRolledBack: Reaction<"ROLLED_BACK"> = ({ by, fromSha, toSha }, context) =>
  said(
    context,
    [],
    `production was taken back to ${short(toSha)}`,
    `Production shows ${toSha} again, as ${by} asked. ${short(fromSha)} is not in it.`,
  );

/** One matter in #admin, and a comment on the issue each time. `link` is the only thing in it that GitHub may link. */
function said(context: Context, ask: readonly string[], title: string, text: string, link?: string): readonly Command[] {
  const plain = inMarkdown(text);
  const body = link ? plain.replace(inMarkdown(link), link) : plain;
  return [
    ...admin(context, { about: "rollback", ask, urgent: true, title, description: text, fields: [] }),
    { kind: "COMMENT", data: { number: context.subject.number, body } },
  ];
}

/** Commit messages are strangers' text: they neither link nor close anything here. */
function bodyOf(
  { by, fromSha, toSha, takesBack = [], commits = takesBack.length }: EventData<"ROLLBACK_REQUESTED">,
  { subject }: Context,
): string {
  const listed = takesBack.slice(0, MOST_LISTED);
  const more = commits - listed.length;
  return [
    `${inMarkdown(by)} asked on #${subject.number} to take production back to ${toSha}, from ${fromSha}. This pull request brings the files of that commit back, and merges nothing by itself: a person merges it, and its gates hold as for every change.`,
    ...(listed.length > 0
      ? [
          [
            `It takes back ${commits} ${commits === 1 ? "commit" : "commits"}:`,
            "",
            ...listed.map(({ sha, title }) => `- ${short(sha)} ${inMarkdown(title)}`),
            ...(more > 0 ? [`- and ${more} more`] : []),
          ].join("\n"),
        ]
      : []),
    "What is merged into the default branch after this was opened stays.",
  ].join("\n\n");
}
