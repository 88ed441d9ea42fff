/** What a delivery says: look at these subjects. Nothing in a payload is believed beyond that, and nothing that has another form. */
import { z } from "zod";

/** GitHub counts issues and pull requests in 32 bits, and so does the store. */
const Count = z.int32().positive();
const Id = z.int().positive();
const Name = z.string().refine((name) => !name.includes("\0"), "a name without NUL");

const Place = z.union([
  z.object({ issue: Count }),
  z.object({ pullRequest: Count }),
  z.object({ branch: Name }),
  z.object({ headSha: Name }),
  z.object({ workflowRunId: Id }),
  /** A comment that may speak a command. */
  z.object({ comment: Id }),
  /** A person pressed a button of a check. */
  z.object({ press: z.object({ checkRunId: Id, action: Name, by: Id }) }),
  /** The repository itself: its name, its visibility, whether it is there. */
  z.object({ itself: z.literal(true) }),
  /** What Architect-E has proposed. */
  z.object({ proposals: z.literal(true) }),
  /** Every issue on its way to production. */
  z.object({ releases: z.literal(true) }),
  /** Every open issue: policy, ownership or protection may have changed. */
  z.object({ everything: z.literal(true) }),
]);

const InRepository = z.object({ repositoryId: Id, at: Place });

/** Somewhere in a repository, or everything that one installation of the App covers. */
export const Look = z.union([InRepository, z.object({ installationId: Id })]);

export type Look = Readonly<z.infer<typeof Look>>;
export type Press = Readonly<Extract<z.infer<typeof Place>, { readonly press: unknown }>["press"]>;
export type RepositoryLook = Readonly<z.infer<typeof InRepository>>;
