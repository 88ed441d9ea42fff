/** GitHub's own record of the deliveries it made, which it keeps for three days. */
import { messageOf } from "../../agents/runtime/errors.ts";
import { redactor } from "../../agents/runtime/redact.ts";
import { readConfig } from "../config.ts";
import { connectGitHub } from "../github.ts";
import { createLog } from "../log.ts";
import { Unreachable } from "./verb.ts";

/** Asks GitHub to send these deliveries again; answers those it was asked for. The others are not in its record. */
export async function askGitHub(guids: readonly string[]): Promise<ReadonlySet<string>> {
  const config = readConfig();
  const log = createLog({ level: "silent", redact: redactor(config.secrets) });
  const wanted = new Set(guids);
  const asked = new Set<string>();
  try {
    const app = await connectGitHub(config, log).app();
    // A person waits: one try is enough to tell them.
    app.hook.before("request", (options) => {
      options.request.retries = 0;
    });
    for await (const { data } of app.paginate.iterator(app.rest.apps.listWebhookDeliveries, { per_page: 100 })) {
      for (const { id, guid } of data) {
        // Of several attempts the newest comes first, and one is enough.
        if (!wanted.has(guid) || asked.has(guid)) continue;
        await app.rest.apps.redeliverWebhookDelivery({ delivery_id: id });
        asked.add(guid);
      }
      if (asked.size === wanted.size) break;
    }
  } catch (error) {
    throw new Unreachable(
      `GitHub at ${config.githubApiUrl} could not be asked for deliveries (${messageOf(error)}): check APP_ID, PRIVATE_KEY and GITHUB_API_URL, and that GitHub is reached from here.`,
    );
  }
  return asked;
}
