/** Whose word the test command is, or what the repository's files suggest where nobody named one. */
const suggestions: readonly (readonly [file: string, command: string])[] = [
  ["package.json", "npm test"],
  ["pyproject.toml", "python -m pytest"],
  ["go.mod", "go test ./..."],
  ["Cargo.toml", "cargo test"],
  ["pom.xml", "mvn test"],
  ["build.gradle", "gradle test"],
  ["Makefile", "make test"],
];

/** Files of the Rig's configuration that may name the command, the one that counts first. */
const configurations = [".github/rig.yml", ".rig-agent.yaml"];

export function suggestedTests(command: string | undefined, paths: readonly string[]): string {
  if (command !== undefined) {
    const from = configurations.find((path) => paths.includes(path));
    return `Its tests are run by \`${command}\`${from === undefined ? "" : `, as ${from} says`}. The same command is run once more after you.`;
  }
  const [file, suggested] = suggestions.find(([path]) => paths.includes(path)) ?? [];
  const hint = file === undefined ? "find out how it is tested" : `${file} suggests \`${suggested}\``;
  return `No test command is configured: ${hint}.`;
}
