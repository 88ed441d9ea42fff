/** Clients that tell a waiting person at once what a try gave, and no more than that. */
import { redactor } from "../../../agents/runtime/redact.ts";
import type { AppCredentials, Config } from "../../config.ts";
import { connectGitHub, type Octokit } from "../../github.ts";
import { createLog } from "../../log.ts";
import type { Apps } from "../../observe/repository.ts";

/** An App as it can be asked: by its own name, and through its installations. */
export function clientsOf(config: Config, app: AppCredentials): Apps {
  const log = createLog({ level: "silent", redact: redactor(config.secrets) });
  const github = connectGitHub({ ...config, app }, log);
  const once = (octokit: Octokit): Octokit => {
    octokit.hook.before("request", (options) => {
      options.request.retries = 0;
    });
    return octokit;
  };
  return { app: async () => once(await github.app()), installation: async (id) => once(await github.installation(id)) };
}
