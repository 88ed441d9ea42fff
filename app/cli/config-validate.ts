import { located, namedText, POLICY_PATH, parsed, textOf } from "./policy-text.ts";
import { count, plain } from "./text.ts";
import type { Verb } from "./verb.ts";

export const configValidate: Verb = {
  name: "config validate",
  says: "Whether a rig.yml and the files that fit agents to the repository are valid; each fault with its line and column.",
  words: [["[file]", `one of them; \`${POLICY_PATH}\` and all below \`.github/rig\` unless told`]],
  options: [],
  finding: "a file is not valid",
  needs: "nothing",
  run: async ({ words: [named], say }) => {
    const { agentNamed, judgedOverride, overridesHere } = await import("./overrides.ts");
    const file = named ?? POLICY_PATH;
    const isOverride = file.endsWith(".json");
    const text = named === undefined ? await textOf(file) : await namedText(file);
    const said = isOverride ? await judgedOverride(file, agentNamed(file)) : await parsed(text ?? "");
    const errors = "errors" in said ? said.errors : [];
    const overrides = named === undefined ? await overridesHere("policy" in said ? said.policy : undefined) : [];
    const all = [{ file, errors }, ...overrides];
    const faults = all.flatMap((one) => one.errors.map((error) => plain(located(one.file, error))));
    const fine = ({ file: name }: { readonly file: string }) =>
      text === undefined && name === file ? `There is no ${file} here: the defaults hold.` : `${plain(name)} is valid.`;
    say({
      json: {
        ...{ file, there: text !== undefined, valid: errors.length === 0, errors },
        overrides: overrides.map((one) => ({ ...one, valid: one.errors.length === 0 })),
      },
      lines:
        faults.length === 0
          ? all.map(fine)
          : [
              ...faults,
              `${count(faults.length, "fault")}: while it is so on the default branch, ${inForce(errors.length > 0 && !isOverride)}.`,
            ],
    });
    return faults.length > 0;
  },
};

const inForce = (isPolicy: boolean): string =>
  isPolicy ? "the last good file stays in force" : "the agents work as their server has them";
