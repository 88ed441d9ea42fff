/** GitHub's second id of everything. */
export const nodeId = (kind: string, id: number | string) => Buffer.from(`${kind}:${id}`).toString("base64");
