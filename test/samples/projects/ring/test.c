#include "ring.h"

#include <stdio.h>

static int failed = 0;

static void check(const char *what, int wanted, int got) {
  if (wanted == got)
    return;
  printf("not ok %s: wanted %d, got %d\n", what, wanted, got);
  failed = 1;
}

int main(void) {
  struct ring ring;
  int value = 0;
  check("a ring opens", 0, ring_open(&ring, 3));
  check("an empty ring gives nothing", 0, ring_pop(&ring, &value));
  ring_push(&ring, 1);
  ring_push(&ring, 2);
  check("the oldest comes first", 1, ring_pop(&ring, &value) ? value : -1);
  check("then the next", 2, ring_pop(&ring, &value) ? value : -1);
  ring_close(&ring);
  if (!failed)
    printf("ok\n");
  return failed;
}
