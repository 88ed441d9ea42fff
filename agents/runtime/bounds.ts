/** What every engine bounds, whoever runs the conversation. */

/** Answers in a row without a call. */
export const WORDS_ONLY = 3;
/** Malformed calls in a row. */
export const MALFORMED = 5;
/** Turns in a row without a change or a run of the tests. */
export const IDLE_TURNS = 25;
/** Bytes of all that the tools say in one run (R25). */
export const MOST_OUTPUT = 20 * 1024 * 1024;
