/** The program as its table of verbs makes it. */
import { Command, CommanderError } from "commander";
import { messageOf } from "../../agents/runtime/errors.ts";
import { redactor } from "../../agents/runtime/redact.ts";
import { ConfigError, readCliConfig } from "../config.ts";
import { verbs } from "./index.ts";
import { jsonLine } from "./text.ts";
import { Unreachable, Usage, type Verb } from "./verb.ts";

/** What the program ends with. */
export const exits = {
  0: "Fine.",
  1: "A finding: what was asked was answered, and the answer wants somebody's attention.",
  2: "It cannot be asked so: an unknown verb, option or reference, or an environment that is not as it has to be.",
  3: "Unreachable: the app, its database or GitHub did not answer, or not as they should. The sentence names it and says what to do.",
} as const;
type Exit = keyof typeof exits;

export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** Runs one command line, without the program's name; answers what to exit with. */
export async function run(args: readonly string[], terminal: Terminal): Promise<Exit> {
  let exit: Exit = 0;
  const program = build(terminal, async (verb, words, options) => {
    exit = await carryOut(verb, words, options, terminal);
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exit;
  } catch (error) {
    // Commander has said what is wrong; help and version are no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

type Options = Readonly<Record<string, string | boolean | undefined>>;

function build({ out, err }: Terminal, act: (verb: Verb, words: readonly string[], options: Options) => Promise<void>): Command {
  const output = { writeOut: (text: string) => out(text.trimEnd()), writeErr: (text: string) => err(text.trimEnd()) };
  const settled = (command: Command): Command =>
    command.exitOverride().allowExcessArguments(false).configureOutput(output).showHelpAfterError("(rig --help tells what there is)");
  const program = settled(new Command("rig")).description("Asks and repairs the Engineering Rig.");
  const groups = new Map<string, Command>();
  const groupOf = (name: string): Command => {
    const group = groups.get(name) ?? settled(program.command(name)).description(`What can be done with ${name}.`);
    groups.set(name, group);
    return group;
  };
  for (const verb of verbs) {
    const [name = "", group] = verb.name.split(" ").toReversed();
    const command = settled((group ? groupOf(group) : program).command(name)).description(verb.says);
    for (const [syntax, says] of verb.words) command.argument(syntax, says);
    for (const [flags, says] of verb.options) command.option(flags, says);
    command.option("--json", "answer in JSON");
    command.action(() => act(verb, command.args, command.opts()));
  }
  program.addHelpText("after", ["", "Exits with:", ...Object.entries(exits).map(([code, says]) => `  ${code}  ${says}`)].join("\n"));
  return program;
}

/** A verb that looks at the app's whole environment says itself what is wrong with it. */
const asksEnvironment = ({ needs }: Verb): boolean => needs !== "nothing" && needs !== "environment of the app";

async function carryOut(verb: Verb, words: readonly string[], options: Options, { out, err }: Terminal): Promise<Exit> {
  let redact = redactor([]);
  try {
    const config = asksEnvironment(verb) ? readCliConfig() : readCliConfig({});
    redact = redactor(config.secrets);
    const say = options.json
      ? ({ json }: { json: unknown }) => out(redact(jsonLine(json)))
      : ({ lines }: { lines: readonly string[] }) => out(redact(lines.join("\n")));
    return (await verb.run({ config, words, options, say })) ? 1 : 0;
  } catch (error) {
    err(redact(messageOf(error)));
    if (error instanceof Usage || error instanceof ConfigError) return 2;
    if (!(error instanceof Unreachable)) err(`rig ${verb.name} could not be carried out.`);
    return 3;
  }
}
