#include "ring.h"

#include <stdlib.h>

int ring_open(struct ring *ring, size_t capacity) {
  ring->values = malloc(capacity * sizeof *ring->values);
  ring->capacity = capacity;
  ring->oldest = 0;
  ring->count = 0;
  return ring->values ? 0 : -1;
}

void ring_close(struct ring *ring) {
  free(ring->values);
  ring->values = NULL;
}

void ring_push(struct ring *ring, int value) {
  ring->values[(ring->oldest + ring->count) % ring->capacity] = value;
  if (ring->count < ring->capacity)
    ring->count++;
}

int ring_pop(struct ring *ring, int *value) {
  if (ring->count == 0)
    return 0;
  *value = ring->values[ring->oldest];
  ring->oldest = (ring->oldest + 1) % ring->capacity;
  ring->count--;
  return 1;
}
