import type { Json } from "../contract/json.ts";

/** One webhook on its way to one App. */
export interface Outgoing {
  readonly guid: string;
  readonly appId: number;
  readonly url: string;
  readonly secret: string | undefined;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly payload: Json;
  /** The bytes as they were when it happened. */
  readonly body: string;
  readonly redelivery: boolean;
}

/** What became of it. */
export interface Delivery extends Outgoing {
  readonly id: number;
  readonly deliveredAt: Date;
  readonly seconds: number;
  /** 0: no answer. */
  readonly statusCode: number;
  readonly status: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly response: string;
  /** GitHub lost it: nobody was asked, and GitHub's own list does not have it. */
  readonly lost: boolean;
}
