import { afterSeeing, bash, edit, finish, read } from "../world/stories/script.ts";
import { passing, reviewed } from "./recorded.ts";
import type { Project } from "./sample.ts";

const TESTS = "make test";
const CLOSE = "  ring_close(&ring);\n  if (!failed)";

const judge = (...lines: readonly string[]) => ({
  files: {
    "hidden.c": [
      '#undef NDEBUG\n#include <assert.h>\n#include "ring.h"',
      "int main(void) {\nstruct ring ring;\nint value = 0;",
      ...lines,
      "return 0;\n}",
    ].join("\n"),
  },
  command: `cc -std=c11 -o hidden ring.c hidden.c && ./hidden && ${TESTS}`,
});

export const ring: Project = {
  name: "ring",
  language: "C",
  test: TESTS,
  tasks: [
    {
      title: "A full ring gives the newest value as the oldest",
      body: "Push 1, 2, 3 and 4 into a ring of three, and the first value that comes out is 4. It has to be 2: a full ring loses its oldest value, as the header says.",
      implement: [
        read("What happens when it is full?", "ring.c"),
        edit(
          "A test first.",
          "test.c",
          CLOSE,
          `  for (int n = 1; n <= 4; n++)\n    ring_push(&ring, n);\n  check("a full ring loses its oldest", 2, ring_pop(&ring, &value) ? value : -1);\n${CLOSE}`,
        ),
        bash("It fails.", TESTS),
        afterSeeing(
          /not ok a full ring loses its oldest: wanted 2, got 4/,
          edit(
            "The oldest moves on.",
            "ring.c",
            "  if (ring->count < ring->capacity)\n    ring->count++;",
            "  if (ring->count < ring->capacity)\n    ring->count++;\n  else\n    ring->oldest = (ring->oldest + 1) % ring->capacity;",
          ),
        ),
        bash("Again.", TESTS),
        passing(
          finish(
            "Move the oldest on when the ring is full",
            "A value pushed into a full ring takes the oldest one's place, so the next one is the oldest.",
          ),
        ),
      ],
      review: reviewed(TESTS, "A full ring keeps the newest values in their order."),
      hidden: judge(
        "assert(ring_open(&ring, 3) == 0);",
        "for (int n = 1; n <= 8; n++) ring_push(&ring, n);",
        "for (int n = 6; n <= 8; n++) assert(ring_pop(&ring, &value) && value == n);",
        "assert(!ring_pop(&ring, &value));",
        "ring_close(&ring);",
      ),
      solved: true,
    },
    {
      title: "A ring of no capacity crashes at the first push",
      body: "`ring_open(&ring, 0)` says 0, and then `ring_push` divides by zero. Opening a ring without room has to fail with -1, like one without memory.",
      implement: [
        bash("Where is it opened?", "grep -n ring_open -A8 ring.c"),
        edit("It is refused.", "ring.c", "  ring->values = malloc(", "  if (capacity == 0)\n    return -1;\n  ring->values = malloc("),
        edit(
          "The header says so.",
          "ring.h",
          "/* 0, or -1 where there is no memory. */",
          "/* 0, or -1 where there is no memory or no capacity. */",
        ),
        edit("With a test.", "test.c", CLOSE, `  struct ring none;\n  check("a ring needs room", -1, ring_open(&none, 0));\n${CLOSE}`),
        bash("All tests.", TESTS),
        passing(finish("Refuse a ring without capacity", "ring_open answers -1 for a capacity of 0 and allocates nothing.")),
      ],
      review: reviewed(TESTS, "No capacity is refused before anything is allocated."),
      hidden: judge("assert(ring_open(&ring, 0) == -1);", "assert(ring_open(&ring, 1) == 0);", "ring_close(&ring);", "(void)value;"),
      solved: true,
    },
    {
      title: "Look at a value without taking it",
      body: "Add `int ring_peek(const struct ring *ring, size_t index, int *value)`: 1 and the value at that place, the oldest being 0; or 0 where there is none. The ring stays as it is.",
      implement: [
        read("It belongs beside ring_pop.", "ring.h"),
        edit(
          "Declared.",
          "ring.h",
          "int ring_pop(struct ring *ring, int *value);\n",
          "int ring_pop(struct ring *ring, int *value);\n\n/* 1 and the value at this place, the oldest being 0; or 0 where there is none. */\nint ring_peek(const struct ring *ring, size_t index, int *value);\n",
        ),
        bash(
          "Defined.",
          `cat >> ring.c <<'C'

int ring_peek(const struct ring *ring, size_t index, int *value) {
  if (index >= ring->count)
    return 0;
  *value = ring->values[(ring->oldest + index) % ring->capacity];
  return 1;
}
C`,
        ),
        edit(
          "Tested.",
          "test.c",
          CLOSE,
          `  ring_push(&ring, 7);\n  check("a value can be looked at", 1, ring_peek(&ring, ring.count - 1, &value));\n  check("and is the last one pushed", 7, value);\n${CLOSE}`,
        ),
        bash("All tests.", TESTS),
        passing(finish("Add ring_peek", "It reads the value at an index from the oldest, and changes nothing.")),
      ],
      review: reviewed(TESTS, "ring_peek stays within the values that are there."),
      hidden: judge(
        "assert(ring_open(&ring, 3) == 0);",
        "assert(!ring_peek(&ring, 0, &value));",
        "for (int n = 1; n <= 3; n++) ring_push(&ring, n);",
        "assert(ring_pop(&ring, &value));",
        "ring_push(&ring, 4);",
        "assert(ring_peek(&ring, 0, &value) && value == 2);",
        "assert(ring_peek(&ring, 2, &value) && value == 4);",
        "assert(!ring_peek(&ring, 3, &value));",
        "assert(ring.count == 3);",
        "ring_close(&ring);",
      ),
      solved: true,
    },
  ],
};
