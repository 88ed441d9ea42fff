import { afterSeeing, bash, edit, finish, read } from "../world/stories/script.ts";
import { passing, reviewed } from "./recorded.ts";
import type { Project } from "./sample.ts";

const TESTS = "sh test/run.sh";
const LAST_CHECK = `sh "$here/../bin/tally" > "$work/out" 2>&1`;

const judge = (...lines: readonly string[]) => ({
  files: {
    "hidden.sh": ["set -eu", 'is() { [ "$1" = "$2" ] || { echo "wanted $1, got $2"; exit 1; }; }', ...lines].join("\n"),
  },
  command: `sh hidden.sh && ${TESTS}`,
});

export const tally: Project = {
  name: "tally",
  language: "shell",
  test: TESTS,
  tasks: [
    {
      title: "A file with a blank in its name is not found",
      body: "`bin/tally 'my cups'` says that `my` cannot be opened. File names have to be taken as they are given.",
      implement: [
        bash("See it fail.", "printf 'a\\n' > '/tmp/my cups'; sh bin/tally '/tmp/my cups'; cat bin/tally"),
        afterSeeing(/my/, edit("Words are split here.", "bin/tally", "for file in $*; do", 'for file in "$@"; do')),
        edit(
          "A check for it.",
          "test/run.sh",
          LAST_CHECK,
          `printf 'tea\\n' > "$work/my cups"\ncheck "a file may have a blank in its name" "1\ttea" "$(sh "$here/../bin/tally" "$work/my cups")"\n${LAST_CHECK}`,
        ),
        bash("All checks.", TESTS),
        passing(
          finish("Take file names as they are given", "The arguments are quoted, so a blank, a star or an empty name is the file's own."),
        ),
      ],
      review: reviewed(TESTS, "Arguments are taken whole."),
      hidden: judge("mkdir 'a b'", "printf 'x\\n' > 'a b/*'", 'is "1\tx" "$(sh bin/tally \'a b/*\')"'),
      solved: true,
    },
    {
      title: "The last line is not counted when no newline follows it",
      body: "`printf 'tea\\ntea' > cups; bin/tally cups` counts one tea. It also takes blanks off the beginning and the end of lines, which it should leave.",
      implement: [
        read("read without more does both.", "bin/tally"),
        edit(
          "Lines as they are, the last one too.",
          "bin/tally",
          "  while read -r line; do",
          '  while IFS= read -r line || [ -n "$line" ]; do',
        ),
        edit(
          "A check.",
          "test/run.sh",
          LAST_CHECK,
          `printf ' tea\\n tea' > "$work/short"\ncheck "the last line counts without a newline" "2\t tea" "$(sh "$here/../bin/tally" "$work/short")"\n${LAST_CHECK}`,
        ),
        bash("All checks.", TESTS),
        passing(finish("Count lines as they are", "A last line without a newline is counted, and blanks at the ends of lines stay.")),
      ],
      review: reviewed(TESTS, "The last line counts, and blanks stay."),
      hidden: judge(
        "printf 'tea\\ntea' > cups",
        'is "2\ttea" "$(sh bin/tally cups)"',
        "printf '  x \\n' > cups",
        'is "1\t  x " "$(sh bin/tally cups)"',
      ),
      solved: true,
    },
    {
      title: "Option -n: only the most frequent lines",
      body: "`bin/tally -n 2 FILE…` prints the two most frequent lines only. What is not a whole number above zero is a mistake in use: a word about it on standard error, and 2.",
      implement: [
        read("Where do options go?", "bin/tally"),
        edit(
          "Before the files.",
          "bin/tally",
          `if [ $# -eq 0 ]; then
  echo "usage: tally FILE..." >&2
  exit 2
fi
`,
          `usage() {
  echo "usage: tally [-n LINES] FILE..." >&2
  exit 2
}

most=
if [ "\${1-}" = -n ]; then
  case "\${2-}" in
    '' | 0* | *[!0-9]*) usage ;;
  esac
  most=$2
  shift 2
fi
[ $# -gt 0 ] || usage
`,
        ),
        bash(
          "And after the counting.",
          `sed -i 's/print count "\\\\t" \\$0 }'"'"'$/print count "\\\\t" $0 }'"'"' | if [ -n "$most" ]; then head -n "$most"; else cat; fi/' bin/tally && tail -n 3 bin/tally && printf 'a\\nb\\na\\nc\\nb\\na\\n' > /tmp/l && sh bin/tally -n 2 /tmp/l`,
        ),
        afterSeeing(
          /3\ta\n2\tb/,
          edit(
            "A check.",
            "test/run.sh",
            LAST_CHECK,
            `check "-n leaves the rest out" "2\ttea" "$(sh "$here/../bin/tally" -n 1 "$work/cups")"\n${LAST_CHECK}`,
          ),
        ),
        edit(
          "And in the README.",
          "README.md",
          "`bin/tally FILE…`, the most frequent first.",
          "`bin/tally [-n LINES] FILE…`, the most frequent first, and with `-n` only so many.",
        ),
        bash("All checks.", TESTS),
        passing(
          finish(
            "Add -n for the most frequent lines",
            "-n takes a whole number above zero; anything else prints the usage and ends with 2.",
          ),
        ),
      ],
      review: reviewed(TESTS, "-n works and refuses what is no number."),
      hidden: judge(
        "printf 'a\\nb\\na\\nc\\nb\\na\\n' > l",
        'is "3\ta\n2\tb" "$(sh bin/tally -n 2 l)"',
        'is "3" "$(sh bin/tally l | wc -l | tr -d " ")"',
        "for wrong in 0 x -1 ''; do if sh bin/tally -n \"$wrong\" l 2>/dev/null; then exit 1; else is 2 $?; fi; done",
        "if sh bin/tally -n 2 2>/dev/null; then exit 1; else is 2 $?; fi",
      ),
      solved: true,
    },
  ],
};
