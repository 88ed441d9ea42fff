/** Which paths an agent's change may not touch, and why (R10). */

/** The sentence why, or undefined when the path is free. Letter case and compatibility forms make no difference. */
export function whyProtected(path: string): string | undefined {
  if (/[\p{Cc}\p{Cf}\uFFFD\\]/u.test(path)) return "its name holds control or invisible characters, a backslash, or bytes that are no text";
  const names = path.normalize("NFKC").toLowerCase().split("/");
  if (names.some((name) => name === "" || name === "." || name === "..")) return "it is not a plain path";
  if (names.some((name) => /[. ]$/.test(name))) return "a part of its name ends with a dot or a space";
  if (names.some((name) => name === ".git" || /^git~\d+$/.test(name))) return "a part of its name is git's own folder";
  const [top = ""] = names;
  const leaf = names.at(-1) ?? "";
  if (top === ".github") return "everything in .github decides how the project is built and who approves";
  if (names.length > 1 && top.startsWith(".")) return `${top} is a folder of tools' settings`;
  if (leaf === "codeowners") return "it decides who approves";
  if (leaf === "agents.md" || leaf === "claude.md") return "it instructs agents";
  if (leaf === ".gitmodules" || leaf === ".gitattributes") return "it changes what git does";
  if (/^(?:rig|\.rig-agent)\.ya?ml$/.test(leaf)) return "it is the Rig's own configuration";
  return undefined;
}
