/** Of every three pieces of one tea, one is free. */
const free = (quantity) => (quantity >= 3 ? 1 : 0);

/** What the lines of a cart cost, in cents. */
export const total = (lines) => lines.reduce((sum, { price, quantity }) => sum + price * (quantity - free(quantity)), 0);
