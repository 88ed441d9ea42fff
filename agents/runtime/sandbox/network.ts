/** What a command reaches beyond the machine: what the host reaches, or nothing but its own loopback. */
export const networks = ["host", "none"] as const;

export type Network = (typeof networks)[number];
