/** The same stories at each run of the tests, so that a change is judged and not chance. `npm run explore` tells others. */
export const seed = 20_261_122;
