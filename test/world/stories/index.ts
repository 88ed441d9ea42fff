/** Every story. One that kills the app is played before the others begin. */
import { aBug } from "./a-bug.ts";
import { aCrash } from "./a-crash.ts";
import { aGate } from "./a-gate.ts";
import { aLostWebhook } from "./a-lost-webhook.ts";
import { aReview } from "./a-review.ts";
import type { Story } from "./story.ts";

export const stories: readonly (() => Story)[] = [aCrash, aBug, aReview, aLostWebhook, aGate];
