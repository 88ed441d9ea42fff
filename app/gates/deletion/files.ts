/** Files and folders deleted, save those that are only passing. */
import type { Found, Idea } from "../content/idea.ts";
import { bracketEnd } from "../content/sql.ts";
import { isPassing, namesPassing } from "./places.ts";

const LONGEST_COMMAND = 400;
/** What is data by its name, also where one file of it is deleted and not a folder. */
const DATA =
  /(?:^|[/$._{-])(?:data|database|db|backups?|dumps?|uploads?|volumes?|storage|media|sqlite3?|postgres\w*|mysql|mongo\w*|redis)(?:$|[/._}*-])/i;

/** The words of a command up to its end, without quotes, as a shell or an array of arguments has them. */
function argumentsOf({ text, to, before }: Found): readonly string[] {
  const rest = text.slice(to, to + LONGEST_COMMAND);
  const array = /^["'`]\s{0,9},/.test(rest);
  const quote = array ? "" : (/(["'`])\s*$/.exec(before)?.[1] ?? "");
  let command = "";
  let open = "";
  for (let at = 0; at < rest.length; at++) {
    const one = rest.charAt(at);
    if (array ? one === "]" || (one === ")" && !command.includes("[")) : !open && /[;|&\n<>]/.test(one) && !/\\\s{0,2}$/.test(command))
      break;
    if (one === quote && quote) break;
    if (/["'`]/.test(one)) {
      if (open === one) open = "";
      else if (!array && !open && /[\w/*.}]/.test(rest.charAt(at - 1)) && /[\s,:)\]}"'`\\]|^$/.test(rest.charAt(at + 1))) break;
      else if (!open) open = one;
    } else command += array && one === "," ? " " : one;
  }
  return command.split(/[\s[\]]+/).filter((word) => /[\w*/.~]/.test(word));
}

function removesData(found: Found): boolean {
  if (
    /(?:\bgit|\bdocker|\bpodman|\bnpm|\byarn|\bpnpm|\bcargo|\bs3|\bhg|\bsvn|--|\bimage|\bcontainer|\bgsutil(?:\s-\w)?|\bmc|\bdvc|\bcompose)\s*$|[\w.$@/-]$/.test(
      found.before,
    ) &&
    !/\/(?:usr\/)?s?bin\/$/.test(found.before)
  )
    return false;
  const words = argumentsOf(found);
  const flags = words.filter((word) => word.startsWith("-"));
  const places = words.filter((word) => !word.startsWith("-") && word !== "\\");
  if (flags.some((flag) => /^-[a-z]*r|^--recursive/i.test(flag))) return places.length > 0 && !places.every(isPassing);
  return (
    flags.length + places.length > 0 &&
    /^["'`,\s]+[-\w/$"'.~*]/.test(found.after) &&
    places.some((place) => DATA.test(place) && !isPassing(place) && /[/$.*]/.test(place))
  );
}

function findsData({ match }: Found): boolean {
  const place = /^find\s{1,9}(?:-[HLP]\s{1,9})?["']?([^\s"']{1,200})/.exec(match[0])?.[1] ?? "";
  return (
    !isPassing(place) &&
    !/-name\s{1,9}["']?\*?(?:\.?__pycache__|\.(?:pyc|o|log|tmp|class|DS_Store|map|orig)|node_modules|dist|build)\b/.test(match[0])
  );
}

const passing =
  (files: boolean) =>
  (found: Found): boolean => {
    const end = bracketEnd({ ...found, from: found.to - 1 });
    const args = found.text.slice(found.to, Math.min(end, found.to + LONGEST_COMMAND));
    return args !== ")" && !namesPassing(`${args} ${/[\w.]{0,60}$/.exec(found.before)?.[0] ?? ""} ${found.match[0].slice(0, 60)}`, files);
  };

export const files: readonly Idea[] = [
  {
    because: "a command that deletes files",
    words: ["rm ", 'rm"', "rm'", "rm`", "rm,"],
    pattern: /\brm(?=["'`,\s])/g,
    families: ["shell", "data", "js", "py", "rb", "go", "php", "jvm", "net", "rs", "ex", "c"],
    accepts: removesData,
  },
  {
    because: "a command that deletes files",
    words: ["-delete", "-exec", "xargs"],
    pattern: /\bfind\s[^\n|;]{1,200}?\s(?:-delete\b|-exec(?:dir)?\s{1,9}rm\b|\|\s{0,9}xargs\s[^\n|;]{0,40}rm\b)/g,
    accepts: findsData,
  },
  {
    because: "a command that deletes files",
    words: ["remove-item", " /s", "shred", "srm"],
    pattern: /\bRemove-Item\b[^\n|;]{0,200}-Recurse\b|\b(?:rmdir|rd|del)\s{1,9}\/s\b|(?<![\w.-])shred\s{1,9}-|(?<![\w.-])srm\s{1,9}-/gi,
    families: ["shell", "data", "net"],
    accepts: ({ match, after }) =>
      !isPassing(/[^\s-][^\s]*$/.exec(match[0])?.[0] ?? "") &&
      !/^\s{0,9}(?:\/q\s{1,9})?(?:dist|build|bin|obj|out|node_modules)\b/i.test(after) &&
      !/\b(?:dist|build|bin|obj|out|node_modules|temp)\b/i.test(match[0]),
  },
  {
    because: "a call that deletes a folder with all in it",
    words: [
      "rmtree",
      "fs.rm",
      "fsp.rm",
      "promises.rm",
      "fse.rm",
      "fs.remove",
      "fsp.remove",
      "promises.remove",
      "fse.remove",
      "emptydir",
      "rimraf",
      "rmsync",
      "rmdirsync",
      "remove_tree",
      "os.removeall",
      "rm_r",
      "remove_dir",
      "remove_entry",
      "deletedirectory",
      "deletequietly",
      "cleandirectory",
      "forcedelete",
      "directory.delete",
      "deleterecursively",
      "deno.remove",
      "filesystem->remove",
      "remove_all",
      "rm(",
    ],
    pattern:
      /\b(?:shutil\.rmtree|(?:fs|fsp|fsPromises|fse|fs\.promises)\.(?:rm|rmSync|rmdir|rmdirSync|remove|removeSync|emptyDir|emptyDirSync)|(?:rimraf|rmSync|rmdirSync|rmtree|remove_tree|emptyDirSync)(?:\.sync)?|os\.RemoveAll|FileUtils\.(?:rm_rf|rm_r|remove_dir|remove_entry(?:_secure)?|deleteDirectory|deleteQuietly|cleanDirectory|forceDelete)|Directory\.Delete|(?:fs::)?remove_dir_all|File\.rm_rf!?|deleteRecursively|Deno\.remove|filesystem->remove|File::deleteDirectory|deleteDirectory|filesystem::remove_all)\s{0,9}\(|(?<![.\w>:-])rm\(/g,
    families: ["js", "py", "rb", "go", "net", "jvm", "rs", "ex", "php", "c"],
    accepts: passing(false),
    end: bracketEnd,
  },
  {
    because: "a call that deletes a file",
    words: [
      "unlink",
      "os.remove",
      "file.delete",
      "fileutils.rm",
      "files.delete",
      "remove_file",
      "file.rm",
      "removeitem",
      "filesystem::remove",
    ],
    pattern:
      /\b(?:(?:fs|fsp|fsPromises|fs\.promises)\.(?:unlink|unlinkSync)|unlinkSync|os\.(?:remove|unlink|removedirs|Remove)|File\.(?:delete|unlink|Delete)|FileUtils\.(?:rm|rm_f)|Files\.(?:delete|deleteIfExists)|(?:fs::)?remove_file|File\.rm!?|fileManager\.removeItem|FileManager\.default\.removeItem|filesystem::remove)\s{0,9}\(|(?<![.\w>:$-])unlink\s{0,9}\((?=\s{0,9}[$"'\w])|(?<=[\w)])\.unlink\((?=\s{0,9}(?:missing_ok[^)\n]{0,20})?\))/g,
    families: ["js", "py", "rb", "go", "net", "jvm", "rs", "ex", "php", "swift", "c"],
    accepts: passing(true),
    end: bracketEnd,
  },
];
