import { type Format, git, local, type Package } from "./format.ts";

/** https://git-scm.com/docs/gitmodules — another repository's content at a path. */
export const submodules: Format = {
  what: "a list of Git submodules",
  is: (path) => path === ".gitmodules",
  read: (text) => {
    let name = "";
    return text.split(/\r?\n/).flatMap((line): readonly Package[] => {
      name = /^\s*\[submodule "(.*)"\]/.exec(line)?.[1] ?? name;
      const url = /^\s*url\s*=\s*(\S+)/i.exec(line)?.[1];
      if (!url) return [];
      return [{ ecosystem: "submodule", name, source: /^\.{1,2}\//.test(url) ? local : git(url), direct: true, written: url }];
    });
  },
};
