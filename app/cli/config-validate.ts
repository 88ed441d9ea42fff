import { located, namedText, POLICY_PATH, parsed, textOf } from "./policy-text.ts";
import { count, plain } from "./text.ts";
import type { Verb } from "./verb.ts";

export const configValidate: Verb = {
  name: "config validate",
  says: "Whether a rig.yml is valid; each fault with its line and column.",
  words: [["[file]", `the file; \`${POLICY_PATH}\` unless told`]],
  options: [],
  finding: "the file is not valid",
  needs: "nothing",
  run: async ({ words: [named], say }) => {
    const file = named ?? POLICY_PATH;
    const text = named === undefined ? await textOf(file) : await namedText(file);
    const said = await parsed(text ?? "");
    const errors = "errors" in said ? said.errors : [];
    const fine = text === undefined ? `There is no ${file} here: the defaults hold.` : `${plain(file)} is valid.`;
    say({
      json: { file, there: text !== undefined, valid: errors.length === 0, errors },
      lines:
        errors.length === 0
          ? [fine]
          : [
              ...errors.map((error) => plain(located(file, error))),
              `${count(errors.length, "fault")}: while it is so on the default branch, the last good file stays in force.`,
            ],
    });
    return errors.length > 0;
  },
};
