/** What reaches for the machine, or for what is not the run's own. */
import { absolute, filesOf, isInside, operands, type Place } from "./files.ts";
import type { Program } from "./programs.ts";
import type { Rule } from "./rule.ts";

export const privileges: Rule = {
  name: "privileges",
  why: "No command runs as another user here, and none needs to. Install what is missing inside the workspace or under /tmp.",
  hits: ({ name }) => /^(?:sudo|su|doas|pkexec|gosu)$/.test(name),
};

export const deletion: Rule = {
  name: "deletion",
  why: "Only what lies in the workspace or under /tmp is yours to delete. Name the files by a path inside it.",
  hits: (program, place) =>
    deletedBy(program).some((name) => {
      const file = absolute(name, place);
      return file !== undefined && !isInside(file, place.workspace) && !(isInside(file, "/tmp") && !isInside(place.workspace, file));
    }),
};

function deletedBy(program: Program): readonly string[] {
  const { name, args } = program;
  if (/^(?:rm|rmdir|unlink|shred)$/.test(name)) return operands(args);
  if (name !== "find" || !/ (?:-delete|-exec(?:dir)? (?:\S*\/)?(?:rm|shred|unlink))\b/.test(` ${args.join(" ")}`)) return [];
  const first = args.findIndex((arg) => /^[-(!]/.test(arg));
  return args.slice(0, first);
}

const CONTROLS =
  /^(?:mkfs(?:\..+)?|mount|umount|fdisk|sfdisk|parted|wipefs|losetup|swapon|swapoff|reboot|shutdown|halt|poweroff|insmod|rmmod|modprobe|sysctl|iptables|nft)$/;

export const machine: Rule = {
  name: "machine",
  why: "Disks, mounts, the kernel and other people's processes are not part of your work. End your own processes by their id or `kill %1`.",
  hits: (program) => {
    const { name, args } = program;
    if (name === "dd") return args.some((arg) => /^of=\/dev\/(?!null|zero|full|stdout|stderr|fd\/)/.test(arg));
    if (name === "kill") return killsAll(args);
    return (
      (CONTROLS.test(name) && !args.some((arg) => /^(?:--help|--version|-V)$/.test(arg)) && !readsOnly(program)) || forksForEver(program)
    );
  },
};

const readsOnly = ({ name, args }: Program) =>
  (name === "mount" && args.length === 0) || (name === "sysctl" && !args.some((arg) => /^-w|=/.test(arg)));

/** `kill -9 -1`: everything one may signal. The first option is the signal. */
function killsAll(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  if (end >= 0) return args.slice(end + 1).includes("-1");
  return args.slice(args[0] === "-s" || args[0] === "-n" ? 2 : 1).includes("-1");
}

/** `:(){ :|:& };:` */
const forksForEver = ({ name, args, inBackground, pipedFrom }: Program) =>
  inBackground && name !== "" && args.length === 0 && pipedFrom.some((before) => before.name === name && before.args.length === 0);

export const services: Rule = {
  name: "services",
  why: "Nothing may outlive your run: no timers, no services. Start what you need in the background of your shell.",
  hits: ({ name, args }) =>
    (name === "crontab" && !args.includes("-l")) ||
    (/^(?:systemctl|service|launchctl|initctl)$/.test(name) && !/^(?:status|--version|list-.*)$/.test(args[0] ?? "")) ||
    name === "batch",
};

export const setuid: Rule = {
  name: "setuid",
  why: "A file that runs as its owner has no place in a repository. Use an ordinary mode such as 755.",
  hits: ({ name, args }) =>
    (name === "chmod" && args.some((arg) => /^(?:[ugoa]*[+=][rwxXt]*s|0*[2-7]\d{3}$)/.test(arg))) || name === "setcap",
};

const PROCESS = /^\/proc\/[^/]+\/(?:task\/[^/]+\/)?(?:environ|mem)$/;

export const processSecrets: Rule = {
  name: "process-environment",
  why: "What other processes were started with is not yours to read. Your own variables are shown by `env`.",
  hits: (program, place) => {
    return filesOf(program).some((name) => [name, absolute(name, place) ?? ""].some((file) => PROCESS.test(file)));
  },
};

const ANYWHERE = /(?:^|\/)(?:\.netrc|_netrc|\.git-credentials|\.ssh|\.aws|\.gnupg|\.config\/gh|\.config\/gcloud|\.azure)(?:\/|$)/;
const AT_HOME =
  /^(?:\/home\/[^/]+|\/root|\/var\/lib\/[^/]+)\/(?:\.npmrc|\.pypirc|\.docker|\.kube|\.cargo\/credentials.*|\.config\/pip|\.bash_history|\.gem)(?:\/|$)/;

export const credentials: Rule = {
  name: "credentials",
  why: "There are no credentials for you here, and your work needs none. If something cannot be done without, say so and end as stuck.",
  hits: (program, place) => {
    const { name, args } = program;
    if (name === "gh") return args[0] === "auth";
    if (name === "git" && /^credential/.test(args[0] ?? "")) return true;
    return filesOf(program).some((file) => ANYWHERE.test(file) || AT_HOME.test(absolute(file, place) ?? file) || namesShadow(file, place));
  },
};

const namesShadow = (file: string, place: Place) => /^\/etc\/(?:g?shadow|sudoers)/.test(absolute(file, place) ?? file);
