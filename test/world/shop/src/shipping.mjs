const FREE_FROM = 5000;
const PRICE = 490;

/** What sending goods of this worth costs, in cents. From 50.00 on it is free. */
export const shipping = (goods) => (goods > FREE_FROM ? 0 : PRICE);
