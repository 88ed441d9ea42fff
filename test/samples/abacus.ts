import { afterSeeing, bash, edit, finish, read } from "../world/stories/script.ts";
import { passing, reviewed } from "./recorded.ts";
import type { Project } from "./sample.ts";

const TESTS = "node --test --test-isolation=none";
const TEST_FILE = "test/evaluate.test.mjs";
const LAST_TEST = `test("what is no expression is refused", () => {`;

/** Hidden tests of values, and of what has to be refused. */
const judge = (values: Readonly<Record<string, number>>, refused: Readonly<Record<string, string>> = {}) => ({
  files: {
    "hidden.mjs": [
      'import assert from "node:assert/strict";',
      'import { evaluate } from "./src/evaluate.mjs";',
      ...Object.entries(values).map(([text, value]) => `assert.equal(evaluate(${JSON.stringify(text)}), ${value});`),
      ...Object.entries(refused).map(([text, name]) => `assert.throws(() => evaluate(${JSON.stringify(text)}), { name: "${name}" });`),
    ].join("\n"),
  },
  command: `node hidden.mjs && ${TESTS}`,
});

const test = (name: string, text: string, value: number) =>
  `test("${name}", () => {\n  assert.equal(evaluate("${text}"), ${value});\n});\n\n${LAST_TEST}`;

export const abacus: Project = {
  name: "abacus",
  language: "JavaScript",
  test: TESTS,
  tasks: [
    {
      title: "2 ^ 3 ^ 2 gives 64 instead of 512",
      body: "Powers are read from the right: `2 ^ 3 ^ 2` is `2 ^ (3 ^ 2)`. All other operators go from left to right, as they do now.",
      implement: [
        bash("How is the calculator laid out?", "ls src test && cat README.md"),
        read("Strength alone decides here.", "src/evaluate.mjs"),
        edit("A test that fails now.", TEST_FILE, LAST_TEST, test("powers are read from the right", "2 ^ 3 ^ 2", 512)),
        bash("Does it fail?", TESTS),
        afterSeeing(
          /Exit code 1\./,
          edit("Powers let an equal one go first.", "src/evaluate.mjs", "a ** b }", "a ** b, fromRight: true }"),
        ),
        edit("And the loop asks for it.", "src/evaluate.mjs", "const { strength, apply } =", "const { strength, apply, fromRight } ="),
        edit(
          "An equal operator on the right belongs to the operand.",
          "src/evaluate.mjs",
          "expression(left, strength));",
          "expression(left, fromRight ? strength - 1 : strength));",
        ),
        bash("Now all of them.", TESTS),
        passing(
          finish(
            "Read powers from the right",
            "An equal operator to the right of a power is part of its operand. The new test fails without it.",
          ),
        ),
      ],
      review: reviewed(TESTS, "Powers associate to the right, the others as before."),
      hidden: judge({ "2 ^ 3 ^ 2": 512, "2 ^ 2 ^ 0 ^ 5": 2, "8 - 3 - 2": 3, "16 / 4 / 2": 2, "(2 ^ 3) ^ 2": 64 }),
      solved: true,
    },
    {
      title: "Negative numbers cannot be written",
      body: "`-3 + 5` is refused with *Unexpected -*. A minus before an operand should negate it, also twice. As in mathematics `-2 ^ 2` is -4.",
      implement: [
        read("Operands are read here.", "src/evaluate.mjs"),
        edit("A test first.", TEST_FILE, LAST_TEST, test("a minus before an operand negates it", "-3 + 5", 2)),
        edit(
          "A minus takes powers with it, and nothing weaker.",
          "src/evaluate.mjs",
          `  if (token === "(") {`,
          `  if (token === "-") return -expression(left, operators["*"].strength);\n  if (token === "(") {`,
        ),
        bash("All tests.", `${TESTS} && node src/main.mjs "2 * -3"`),
        afterSeeing(
          /Exit code 0\.[\s\S]*-6/,
          finish(
            "Let a minus negate an operand",
            "A minus in the place of an operand negates what follows as far as powers reach, so -2 ^ 2 is -4.",
          ),
        ),
      ],
      review: reviewed(TESTS, "A minus before an operand works, and binds weaker than a power."),
      hidden: judge(
        { "-3 + 5": 2, "2 * -3": -6, "-2 ^ 2": -4, "--2": 2, "-(2 + 3)": -5, "4 - -1": 5 },
        { "-": "SyntaxError", "2 -": "SyntaxError" },
      ),
      solved: true,
    },
    {
      title: "Dividing by zero prints Infinity",
      body: '`node src/main.mjs "1 / 0"` should print `Division by zero` to standard error and end with 1. `evaluate` throws a RangeError for it.',
      implement: [
        bash("What does it do now?", 'node src/main.mjs "1 / 0"; cat src/main.mjs'),
        afterSeeing(/Infinity/, read("Division stands in the table.", "src/evaluate.mjs")),
        edit("It gets a function of its own.", "src/evaluate.mjs", "apply: (a, b) => a / b }", "apply: divided }"),
        edit(
          "Which refuses a zero.",
          "src/evaluate.mjs",
          "/** What an expression comes to.",
          `function divided(a, b) {\n  if (b === 0) throw new RangeError("Division by zero");\n  return a / b;\n}\n\n/** What an expression comes to.`,
        ),
        edit(
          "With a test.",
          TEST_FILE,
          LAST_TEST,
          `test("nothing is divided by zero", () => {\n  assert.throws(() => evaluate("1 / (2 - 2)"), RangeError);\n});\n\n${LAST_TEST}`,
        ),
        bash("All tests, and the program.", `${TESTS}; node src/main.mjs "1 / 0"; echo "ended with $?"`),
        afterSeeing(
          /Division by zero\s+ended with 1/,
          finish("Refuse to divide by zero", "evaluate throws a RangeError, which the program prints before it ends with 1."),
        ),
      ],
      review: reviewed(TESTS, "Division by zero is refused, and the program says so."),
      hidden: {
        ...judge({ "4 / 2": 2, "0 / 4": 0 }, { "1 / 0": "RangeError", "1 / (2 - 2)": "RangeError" }),
        command: `node hidden.mjs && ! node src/main.mjs "1 / 0" 2> error.txt && grep -q "Division by zero" error.txt && ${TESTS}`,
      },
      solved: true,
    },
  ],
};
