/** Finds again what a run wrote; believed only where a Bot wrote it. */
export const runMarker = (runId: string): string => `<!-- rig:run ${runId} -->`;

/** Marks what a run answered to one finding, by the finding's id. */
export const answerMarker = (runId: string, finding: string): string => `<!-- rig:run ${runId} ${finding} -->`;

/** A stranger's text without anything that could be taken for a mark of ours. */
export const unmarked = (text: string): string => text.replace(/<!--(?=\s*\/?rig:)/gi, "<! --");
