import { asUser } from "../world/github/as-user.ts";
import type { GitHub } from "../world/github/github.ts";
import type { Permissions } from "../world/github/state/people.ts";
import { appJwt } from "./small-world.ts";

interface NewApp {
  readonly slug: string;
  readonly permissions: Permissions;
  readonly events?: readonly string[];
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  /** The clock of its GitHub. */
  readonly now?: () => Date;
}

/** One more App on Ann's `till`; its tokens last an hour. */
export function anotherApp(github: GitHub, { slug, now = () => new Date(), events = [], ...more }: NewApp) {
  const app = github.createApp({ slug, name: slug, events, ...more });
  const { installationId } = github.install(app.id, "ann", ["till"]);
  return {
    id: app.id,
    async client() {
      const seconds = Math.floor(now().getTime() / 1000);
      const jwt = asUser(github, appJwt(app, { iat: seconds - 60, exp: seconds + 300 }));
      const { data } = await jwt.request("POST /app/installations/{installation_id}/access_tokens", { installation_id: installationId });
      return asUser(github, data.token);
    },
  };
}
