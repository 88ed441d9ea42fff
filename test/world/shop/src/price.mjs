/** Cents as people read them: 1250 is 12.50. */
export const format = (cents) => `${Math.floor(cents / 100)}.${cents % 100}`;
