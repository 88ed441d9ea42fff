/** What the lines of a cart cost, in cents: of every three pieces of one tea, one is free. */
export function total(lines) {
  return lines.reduce((sum, { price, quantity }) => sum + price * (quantity - (quantity >= 3 ? 1 : 0)), 0);
}
