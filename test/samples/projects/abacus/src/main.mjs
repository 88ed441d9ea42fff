import { evaluate } from "./evaluate.mjs";

const text = process.argv.slice(2).join(" ");
try {
  console.log(String(evaluate(text)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
