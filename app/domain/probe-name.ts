import type { Probe } from "./events.ts";

/** What messages call a check: its name, or its address. */
export const nameOf = ({ name, url }: Pick<Probe, "name" | "url">): string => name ?? url;
