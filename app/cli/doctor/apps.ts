import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { messageOf } from "../../../agents/runtime/errors.ts";
import type { Config } from "../../config.ts";
import { type Apps, missingOf, type Permissions } from "../../observe/repository.ts";
import { type Check, finding, fine, note } from "./check.ts";

const WEBHOOK_PATH = "/api/github/webhooks";

const Manifest = z.object({
  default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])),
  default_events: z.array(z.string()),
});

/** What the App has to have, as its manifest says. */
export const readManifest = async () => Manifest.parse(parse(await readFile(join(import.meta.dirname, "../../../app.yml"), "utf8")));
export type Manifest = z.infer<typeof Manifest>;

/** What Review-E's App has to have: it reads, reviews, and sets a check. */
const REVIEWER: Permissions = { contents: "read", pull_requests: "write", checks: "write" };

const listed = (asked: readonly { readonly name: string; readonly asked: string; readonly granted: string }[]): string =>
  asked.map(({ name, asked: wanted, granted }) => `${name}: ${wanted} (it has ${granted})`).join(", ");

/** The Rig's own App: whether it may speak, and has what `app.yml` asks for. */
export async function checkApp(config: Config, { app }: Apps, manifest: Manifest): Promise<readonly Check[]> {
  const octokit = await app();
  const own = await told(() => octokit.rest.apps.getAuthenticated(), config, "APP_ID and PRIVATE_KEY");
  if ("verdict" in own) return [{ ...own, name: "app" }];
  const { permissions, events, slug } = own.data ?? {};
  const missing = missingOf(manifest.default_permissions, permissions ?? {});
  const unheard = manifest.default_events.filter((event) => !events?.includes(event));
  return [
    fine("app", `GitHub knows it as ${slug}.`),
    missing.length === 0
      ? fine("app permissions", "They are what app.yml asks for.")
      : finding(
          "app permissions",
          `The App lacks ${listed(missing)}.`,
          "Give them to it in its settings (Permissions & events), and accept them in each installation.",
        ),
    unheard.length === 0
      ? fine("app events", "It hears every webhook of app.yml.")
      : finding("app events", `The App is not told of ${unheard.join(", ")}.`, "Subscribe to them in its settings (Permissions & events)."),
    await checkWebhook(config, octokit),
  ];
}

async function checkWebhook({ publicUrl }: Config, { rest }: Awaited<ReturnType<Apps["app"]>>): Promise<Check> {
  const { data } = await rest.apps.getWebhookConfigForApp();
  const wanted = publicUrl ? publicUrl + WEBHOOK_PATH : undefined;
  const change = `Set it in the App's settings to ${wanted ?? `the app's address and ${WEBHOOK_PATH}`}.`;
  if (!data.url) return finding("webhook", "The App has no webhook URL: it hears only what the five-minute coordination finds.", change);
  if (!data.url.endsWith(WEBHOOK_PATH) || (wanted && data.url !== wanted))
    return finding("webhook", `GitHub sends to ${data.url}, where the app does not listen.`, change);
  if (!data.secret)
    return finding(
      "webhook",
      "The App has no webhook secret: the door refuses what it sends.",
      "Set WEBHOOK_SECRET's value in the App's settings.",
    );
  return fine("webhook", `GitHub sends to ${data.url}.`);
}

/** Review-E's identity, which is never the producer's. */
export async function checkReviewer(config: Config, reviewer: Apps | undefined): Promise<readonly Check[]> {
  const name = "review app";
  if (!config.reviewApp || !reviewer)
    return [
      note(
        name,
        "REVIEW_APP_ID is not set: Review-E comments and sets its check, and submits no review of its own.",
        "Create a second App for it (docs/install.md) and set REVIEW_APP_ID and REVIEW_PRIVATE_KEY.",
      ),
    ];
  if (config.reviewApp.id === config.app.id)
    return [
      finding(
        name,
        "Review-E has the Rig's own App: nobody reviews what they made themselves.",
        "Create a second App for it (docs/install.md).",
      ),
    ];
  const octokit = await reviewer.app();
  const own = await told(() => octokit.rest.apps.getAuthenticated(), config, "REVIEW_APP_ID and REVIEW_PRIVATE_KEY");
  if ("verdict" in own) return [{ ...own, name }];
  const missing = missingOf(REVIEWER, own.data?.permissions ?? {});
  if (missing.length > 0)
    return [
      finding(name, `Review-E's App lacks ${listed(missing)}.`, "Give them to it in its settings, and accept them in each installation."),
    ];
  return [fine(name, `GitHub knows it as ${own.data?.slug}.`)];
}

/** The answer, or what the lack of one says of the credentials. */
async function told<T>(ask: () => Promise<T>, { githubApiUrl }: Config, names: string): Promise<T | Check> {
  try {
    return await ask();
  } catch (error) {
    return finding(
      "",
      `GitHub at ${githubApiUrl} does not answer to ${names} (${messageOf(error)}).`,
      `Set ${names} as the App's settings page shows them, and see that GITHUB_API_URL is reached from here.`,
    );
  }
}
