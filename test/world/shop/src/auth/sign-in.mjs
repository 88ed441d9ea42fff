import { scryptSync, timingSafeEqual } from "node:crypto";

/** What is kept of a password. */
export const digestOf = (password, salt) => scryptSync(password, salt, 32);

/** The customer who has this address and this password. */
export function signIn(customers, { email, password }) {
  const customer = customers.find((known) => known.email === email);
  if (!customer || !timingSafeEqual(digestOf(password, customer.salt), customer.digest))
    throw new Error("The address or the password is wrong.");
  return customer;
}
