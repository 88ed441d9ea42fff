/** A press of a check's button becomes the decision that the same words in a comment would be. */
import type { Conductor } from "./conductor.ts";
import { orNothing } from "./observe/github.ts";
import { hear } from "./slash/hear.ts";
import { verbNamed } from "./slash/index.ts";
import { heardIn, maySpeak, ourIds } from "./spoken.ts";
import { sync } from "./sync.ts";
import { GATES_CHECK, gateButtons } from "./views/gates-check.ts";

export interface Press {
  readonly repositoryId: number;
  readonly checkRunId: number;
  /** The button's identifier. */
  readonly action: string;
  /** GitHub's id of the account that pressed. */
  readonly by: number;
  /** The delivery that brought it: a press counts once. */
  readonly guid: string;
}

/** Hears a press, once for ever. Who the account is and what it may do, and whether the check is ours, is asked of GitHub now (P17). */
export async function hearPress(conductor: Conductor, { repositoryId, checkRunId, action, by, guid }: Press): Promise<void> {
  const { store, github, config, memory } = conductor;
  const repository = await store.repository(repositoryId);
  const button = gateButtons.find(({ identifier }) => identifier === action);
  if (!repository || !button) return;
  const { owner, name: repo, installationId } = repository;
  const reader = { octokit: await github.installation(installationId), owner, repo, memory };
  const { rigAppId } = await github.identities();
  const [check, user] = await Promise.all([
    orNothing(reader.octokit.rest.checks.get({ owner, repo, check_run_id: checkRunId })),
    orNothing(reader.octokit.rest.users.getById({ account_id: by })),
  ]);
  if (check?.data.name !== GATES_CHECK || check.data.app?.id !== rigAppId) return;
  if (user?.data.type !== "User" || (await ourIds(conductor)).includes(by)) return;
  const subject = check.data.external_id ? await store.issueByStream(check.data.external_id) : undefined;
  const verb = verbNamed(button.identifier);
  if (subject?.repositoryId !== repositoryId || !subject.prNumber || !verb) return;

  const { login } = user.data;
  const allowed = await maySpeak(reader, verb, login, config.cto);
  const args = button.identifier === "approve" ? check.data.head_sha : "";
  const on = subject.prNumber;
  const { result, reason } = await sync(conductor, subject, `press:${guid}`, (scene) =>
    hear({ verb: verb.name, args, text: args }, allowed, {
      ...heardIn(scene),
      ...{ by: login, byId: by, commentId: checkRunId, press: guid, at: scene.now, on, onPullRequest: true },
    }),
  );
  if (result === "rejected") throw new Error(`The press of ${button.label} on ${subject.stream} could not be written: ${reason}.`);
}
