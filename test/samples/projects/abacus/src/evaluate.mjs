import { tokens } from "./tokens.mjs";

const operators = {
  "+": { strength: 1, apply: (a, b) => a + b },
  "-": { strength: 1, apply: (a, b) => a - b },
  "*": { strength: 2, apply: (a, b) => a * b },
  "/": { strength: 2, apply: (a, b) => a / b },
  "^": { strength: 3, apply: (a, b) => a ** b },
};

/** What an expression comes to. Throws a SyntaxError where it is none. */
export function evaluate(text) {
  const left = tokens(text);
  const value = expression(left, 0);
  if (left.length > 0) throw new SyntaxError(`Unexpected ${left[0]}`);
  return value;
}

function expression(left, weakest) {
  let value = operand(left);
  while (operators[left[0]]?.strength > weakest) {
    const { strength, apply } = operators[left.shift()];
    value = apply(value, expression(left, strength));
  }
  return value;
}

function operand(left) {
  const token = left.shift();
  if (token === "(") {
    const value = expression(left, 0);
    if (left.shift() !== ")") throw new SyntaxError("A bracket is not closed");
    return value;
  }
  if (typeof token !== "number") throw new SyntaxError(`Unexpected ${token ?? "end"}`);
  return token;
}
