import type { Config } from "../../config.ts";
import { orNothing } from "../../observe/github.ts";
import { type Apps, listInstallations } from "../../observe/repository.ts";
import { type Check, finding, fine } from "./check.ts";

/** Whether RIG_CTO names people that GitHub knows. */
export async function checkPeople({ cto }: Config, apps: Apps): Promise<readonly Check[]> {
  const installation = (await listInstallations(apps)).find(({ suspended_at }) => !suspended_at);
  // An App's own token cannot look up accounts.
  if (!installation || cto.length === 0) return [];
  const octokit = await apps.installation(installation.id);
  return Promise.all(
    cto.map(async (username) => {
      const account = await orNothing(octokit.rest.users.getByUsername({ username }));
      if (account?.data.type === "User") return fine("RIG_CTO", `${username} is a person on GitHub.`);
      const says = account
        ? `${username} is no person on GitHub: escalations and rollbacks are for people.`
        : `GitHub knows nobody called ${username}.`;
      return finding("RIG_CTO", says, "Name GitHub logins of people.");
    }),
  );
}
