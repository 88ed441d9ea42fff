import { gatesIn, raised } from "./gates.ts";
import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, create, edit, finish, green, seeChange, TESTS } from "./script.ts";
import { dataOf, differs, released, type Story, sees, straight, streamOf, until } from "./story.ts";

const lock = {
  name: "shop",
  version: "1.0.0",
  lockfileVersion: 3,
  requires: true,
  packages: {
    "": { name: "shop", version: "1.0.0", devDependencies: { "@types/node": "^24.0.0" } },
    "node_modules/@types/node": {
      version: "24.19.2",
      integrity: "sha512-93d49wCWJkCyN87MxLpNN6KXPCwFw7bVUg79mGUV1OS40JGWwVCr8n61DXCSqz7CV6/VfPkb7xec7uP2M+QHWQ==",
      dev: true,
      license: "MIT",
      dependencies: { "undici-types": ">=7.24.0 <7.24.7" },
    },
    "node_modules/undici-types": {
      version: "7.24.6",
      integrity: "sha512-WRNW+sJgj5OBN4/0JpHFqtqzhpbnV0GuB+OozA9gCL7a993SmU+1JBZCzLNxYsbMfIeDL+lTsphD5jN5N+n0zg==",
      dev: true,
      license: "MIT",
    },
  },
};
const AGREE = `node --print '
const { devDependencies } = JSON.parse(fs.readFileSync("package.json"));
const { packages } = JSON.parse(fs.readFileSync("package-lock.json"));
assert.deepEqual(packages[""].devDependencies, devDependencies);
"agreed on " + Object.keys(devDependencies)'`;

const issue = {
  title: "Let editors know Node's own types",
  body: "Whoever works on the shop has to look up what `node:http` gives them. Types for the editor are enough: nothing of it may run.",
};

export const aNewDependency = (): Story => ({
  name: "A new dependency",
  shows:
    "The change brings in somebody's package: a guest's word about that is refused, and an owner's word about that very head opens the gate.",
  parts: [
    {
      issue,
      scripts: {
        implement: [
          bash("What does it depend on?", "cat package.json README.md"),
          edit(
            "The types are for development only.",
            "package.json",
            `"type": "module",`,
            `"type": "module",\n  "devDependencies": {\n    "@types/node": "^24.0.0"\n  },`,
          ),
          create("Pinned, with what it needs itself.", "package-lock.json", `${JSON.stringify(lock, undefined, 2)}\n`),
          edit("That sentence is no longer true.", "README.md", "It has no dependencies.", "It runs without dependencies."),
          bash("All the tests, without having installed anything.", TESTS),
          afterSeeing(
            green,
            finish(
              "Let editors know Node's own types",
              "`@types/node` is there for development, pinned in a lockfile. Nothing of it runs, and the tests need no installation.",
            ),
          ),
        ],
        review: [
          seeChange,
          bash("Do the manifest and the lockfile agree?", AGREE),
          afterSeeing(
            /Exit code 0\.[\s\S]*agreed on @types\/node/,
            approve("The lockfile pins what the manifest asks for. Whether it may come in is for a person."),
          ),
        ],
      },
      history: [
        ...straight.slice(0, straight.indexOf("MERGE_REQUESTED")),
        ...(["COMMAND_RECEIVED", "COMMAND_RECEIVED", "REVIEW_SPOKEN", "HUMAN_GATE_APPROVED"] as const),
        ...released,
      ],
      makes: { comments: 1, requests: 1 },
      missing: async ({ rig }, stream) => {
        const events = await rig.events(stream);
        const said = dataOf(events, "COMMAND_RECEIVED").map(({ by, verdict }) => `${by} ${verdict}`);
        const why = dataOf(events, "HUMAN_GATE_TRIGGERED").flatMap(({ evidence }) => evidence.map(({ because }) => because));
        const decided = [
          "dependencies asks @jonas @maria about head 1",
          "jonas opens dependencies for head 1 by command",
          "head 1 is merged",
        ];
        return [
          ...differs("its gates", gatesIn(events), decided.join(", ")),
          ...differs("what was said", said.join(", "), "guest refused, jonas accepted"),
          ...[
            "adds npm package @types/node (direct, development) from the registry",
            "adds npm package undici-types (transitive, development) from the registry",
          ]
            .filter((reason) => !why.includes(reason))
            .map((reason) => `nobody was told that it ${reason}, but that it ${why.join("; ")}`),
        ];
      },
    },
  ],
  play: async (stage) => {
    const [maria, jonas, guest] = [personIn(stage, "maria"), personIn(stage, "jonas"), personIn(stage, "guest")];
    const number = await maria.openIssue(issue);
    await maria.label(number, "agent-ready");
    const stream = streamOf(stage, number);
    const { number: pull, headSha } = await raised(stage, stream);
    await until(stage, stream, "REVIEW_PASSED");
    const wish = await guest.say(pull, `/rig approve ${headSha}`);
    await sees("a thumb down for the guest", async () => (await guest.reactions(wish)).includes("-1"));
    const word = await jonas.say(pull, `/rig approve ${headSha.slice(0, 12)}`);
    await sees("a rocket at Jonas's word", async () => (await jonas.reactions(word)).includes("rocket"));
    return [number];
  },
});
