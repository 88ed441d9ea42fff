/** What git may not be asked for. */
import { writtenBy } from "./files.ts";
import type { Program } from "./programs.ts";
import type { Rule } from "./rule.ts";

const TAKING = new Set(["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--config-env"]);

/** Its settings for this one call, its verb and what follows; undefined for another program. */
function gitOf({ name, args }: Program) {
  if (name !== "git") return undefined;
  const settings: string[] = [];
  let at = 0;
  while (args[at]?.startsWith("-")) {
    const option = args[at] ?? "";
    if (option === "-c" || option === "--config-env") settings.push(args[at + 1] ?? "");
    at += TAKING.has(option) ? 2 : 1;
  }
  return { settings, verb: args[at] ?? "", rest: args.slice(at + 1) };
}

const PUBLISHED = "Your commits and your branch are made and published for you when you finish.";

export const forcePush: Rule = {
  name: "force-push",
  why: `Rewriting or deleting what is on the remote is never allowed. ${PUBLISHED}`,
  hits: (program) => {
    const git = gitOf(program);
    return git?.verb === "push" && git.rest.some((arg) => /^(?:-[a-z]*[fd]|--force.*|--mirror|--delete|--prune|\+.+|:.+)$/.test(arg));
  },
};

export const push: Rule = {
  name: "push",
  why: `You cannot push and need not. ${PUBLISHED}`,
  hits: (program) => /^(?:push|send-pack)$/.test(gitOf(program)?.verb ?? ""),
};

/** Settings that make git run a program, send a credential or go elsewhere. */
const DANGEROUS =
  /^(?:credential\..*|core\.(?:hookspath|fsmonitor|sshcommand|askpass|gitproxy|editor|pager)|include(?:if)?\..*|url\..*|http\..*|filter\..*|diff\..*\.(?:command|textconv)|diff\.external|merge\..*\.driver|gpg\..*program|protocol\..*|uploadpack\..*|sequence\.editor)$/i;

const READS = /^(?:--get.*|--list|-l|--unset.*|--show-.*|--name-only|get|list|unset)$/;

export const gitConfig: Rule = {
  name: "git-config",
  why: "Git settings that run programs or give credentials away are not yours to set, nor are hooks. Work without them; for a one-time editor or pager use GIT_EDITOR=true and --no-pager.",
  hits: (program) => {
    const git = gitOf(program);
    if (git?.settings.some((setting) => isDangerous(setting.split("=")[0] ?? "", setting.slice(setting.indexOf("=") + 1)))) return true;
    if (git?.verb === "config" && !git.rest.some((arg) => READS.test(arg))) {
      const [key, value] = git.rest.filter((arg) => !arg.startsWith("-") && arg !== "set");
      return key !== undefined && value !== undefined && isDangerous(key, value);
    }
    return writtenBy(program).some((file) => /(?:^|\/)\.git\/(?:hooks\/.|config$)/.test(file));
  },
};

const isDangerous = (key: string, value: string) =>
  /^alias\./i.test(key) ? value.startsWith("!") : DANGEROUS.test(key) && !/^(?:|false|cat|true|\/dev\/null)$/.test(value);
