import { afterSeeing, bash, edit, finish, read } from "../world/stories/script.ts";
import { passing, reviewed } from "./recorded.ts";
import type { Project } from "./sample.ts";

const TESTS = "python3 -m unittest discover -s tests";

const judge = (...lines: readonly string[]) => ({
  files: { "hidden.py": ["from journal.bookings import *", "from journal.amounts import *", ...lines].join("\n") },
  command: `python3 hidden.py && ${TESTS}`,
});

const AMOUNTS_TESTS = "tests/test_amounts.py";
const BOOKING_TESTS = "tests/test_bookings.py";
const AMOUNTS_LAST = "    def test_amounts_are_shown_with_two_places(self):";
const BOOKINGS_LAST = "    def test_accounts_are_added_up(self):";

export const journal: Project = {
  name: "journal",
  language: "Python",
  test: TESTS,
  tasks: [
    {
      title: "Sharing an amount loses cents",
      body: "`share(1000, 3)` gives three times 333, and a cent is gone. The parts have to add up to the amount; the first ones get the cents that are left over. Debts are amounts too.",
      implement: [
        bash("Where is it?", "grep -rn 'def share' -A5 journal tests"),
        edit(
          "First a test.",
          AMOUNTS_TESTS,
          AMOUNTS_LAST,
          `    def test_no_cent_is_lost(self):\n        self.assertEqual(share(1000, 3), [334, 333, 333])\n        self.assertEqual(sum(share(-1000, 3)), -1000)\n\n${AMOUNTS_LAST}`,
        ),
        bash("It fails.", TESTS),
        afterSeeing(
          /Exit code 1\./,
          edit(
            "The rest goes to the first parts; divmod rounds down, so it is never negative.",
            "journal/amounts.py",
            "    return [total // parts] * parts",
            "    each, rest = divmod(total, parts)\n    return [each + 1] * rest + [each] * (parts - rest)",
          ),
        ),
        bash("Again.", TESTS),
        passing(finish("Lose no cent when sharing", "What is left over after dividing goes to the first parts, one cent each.")),
      ],
      review: reviewed(TESTS, "The parts add up, for debts as well."),
      hidden: judge(
        "assert share(1000, 3) == [334, 333, 333]",
        "assert all(sum(share(n, p)) == n and max(share(n, p)) - min(share(n, p)) <= 1 for n in range(-50, 50) for p in range(1, 9))",
      ),
      solved: true,
    },
    {
      title: "An account with a comma in its name breaks the reader",
      body: 'The bank writes `2026-01-02,"rent, flat",-90000`. That is one account, `rent, flat`. Quotes inside quotes are doubled, as CSV has it.',
      implement: [
        read("Lines are split by hand.", "journal/bookings.py"),
        edit(
          "Python reads CSV itself.",
          "journal/bookings.py",
          "from collections import namedtuple\n",
          "import csv\nfrom collections import namedtuple\n",
        ),
        edit(
          "So it shall.",
          "journal/bookings.py",
          `    for line in text.splitlines():
        if not line.strip():
            continue
        day, account, cents = line.split(",")
`,
          `    for row in csv.reader(text.splitlines()):
        if not "".join(row).strip():
            continue
        day, account, cents = row
`,
        ),
        edit(
          "And a test.",
          BOOKING_TESTS,
          BOOKINGS_LAST,
          `    def test_an_account_may_have_a_comma(self):\n        self.assertEqual(read('2026-01-02,"rent, flat",-1\\n')[0].account, "rent, flat")\n\n${BOOKINGS_LAST}`,
        ),
        bash("All tests.", TESTS),
        passing(finish("Read quoted accounts", "The csv module reads the lines now; blank lines are still passed over.")),
      ],
      review: reviewed(TESTS, "Quoted fields are read by the standard library."),
      hidden: judge(
        `assert read('2026-01-02,"rent, flat",-90000\\n') == [Booking("2026-01-02", "rent, flat", -90000)]`,
        `assert read('a,"say ""tea""",1\\n\\n  \\nb,c,2\\n') == [Booking("a", 'say "tea"', 1), Booking("b", "c", 2)]`,
      ),
      solved: true,
    },
    {
      title: "Totals by month",
      body: "Add `monthly(bookings)` to `journal/bookings.py`: a list of pairs of a month such as `2026-01` and what all bookings of that month come to, oldest month first. A month without bookings is not in it.",
      implement: [
        read("The other totals are here.", "journal/bookings.py"),
        bash(
          "The same for months.",
          `cat >> journal/bookings.py <<'PY'


def monthly(bookings):
    """What each month comes to, oldest first."""
    sums = {}
    for booking in bookings:
        month = booking.day[:7]
        sums[month] = sums.get(month, 0) + booking.cents
    return sorted(sums.items())
PY`,
        ),
        edit(
          "The tests know it.",
          BOOKING_TESTS,
          "from journal.bookings import read, totals",
          "from journal.bookings import monthly, read, totals",
        ),
        edit(
          "And ask it.",
          BOOKING_TESTS,
          BOOKINGS_LAST,
          `    def test_months_are_added_up(self):\n        self.assertEqual(monthly(read("2026-02-01,a,1\\n2026-01-31,b,2\\n2026-01-01,a,3\\n")), [("2026-01", 5), ("2026-02", 1)])\n\n${BOOKINGS_LAST}`,
        ),
        bash("All tests.", TESTS),
        passing(finish("Add totals by month", "monthly adds up the bookings of each month and sorts by month.")),
      ],
      review: reviewed(TESTS, "Months are added up and in order."),
      hidden: judge(
        `assert monthly(read("2027-01-01,a,1\\n2026-12-31,b,2\\n2026-12-01,a,-3\\n")) == [("2026-12", -1), ("2027-01", 1)]`,
        "assert monthly([]) == []",
      ),
      solved: true,
    },
    {
      title: "Debts are shown wrongly",
      body: "`shown(-5)` is `-1.95`; it should be `-0.05`. `shown(-1234)` should be `-12.34`.",
      implement: [
        read("Floor division is the reason.", "journal/amounts.py"),
        edit(
          "Without the sign it is right.",
          "journal/amounts.py",
          '    return f"{cents // 100}',
          '    cents = abs(cents)\n    return f"{cents // 100}',
        ),
        bash("All tests.", TESTS),
        passing(finish("Show debts", "The amount is shown without the rounding of a floor division.")),
      ],
      review: reviewed(TESTS, "The tests pass."),
      hidden: judge('assert shown(-5) == "-0.05"', 'assert shown(-1234) == "-12.34"'),
      solved: false,
    },
  ],
};
