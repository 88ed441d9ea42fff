/** Finds again what a run wrote; believed only where a Bot wrote it. */
export const runMarker = (runId: string): string => `<!-- rig:run ${runId} -->`;
