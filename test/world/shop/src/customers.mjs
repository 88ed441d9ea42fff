/** A customer as a parameterized statement for the database. */
export const insertCustomer = ({ email, name, salt, digest }) => ({
  text: "insert into customers (email, name, salt, digest) values ($1, $2, $3, $4)",
  values: [email, name, salt, digest],
});
