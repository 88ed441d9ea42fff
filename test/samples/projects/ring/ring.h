#ifndef RING_H
#define RING_H

#include <stddef.h>

struct ring {
  int *values;
  size_t capacity;
  size_t oldest;
  size_t count;
};

/* 0, or -1 where there is no memory. */
int ring_open(struct ring *ring, size_t capacity);
void ring_close(struct ring *ring);

/* A full ring loses its oldest value. */
void ring_push(struct ring *ring, int value);

/* 1 and the oldest value, or 0 where there is none. */
int ring_pop(struct ring *ring, int *value);

#endif
