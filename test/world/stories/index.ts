/** Every story; the longest way first, since they run side by side. One that kills the app is played before the others begin. */
import { aBug } from "./a-bug.ts";
import { aCrash } from "./a-crash.ts";
import { aGate } from "./a-gate.ts";
import { aLostWebhook } from "./a-lost-webhook.ts";
import { aReview } from "./a-review.ts";
import type { Story } from "./story.ts";

export const stories: readonly (() => Story)[] = [aCrash, aReview, aGate, aBug, aLostWebhook];
