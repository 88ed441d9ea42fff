/** An order as a parameterized statement for the database. */
export const insertOrder = ({ number, email, cents }) => ({
  text: "insert into orders (number, email, cents) values ($1, $2, $3)",
  values: [number, email, cents],
});
