/* Damages bytes in a way that a seed repeats: for tests of decoders. */
#ifndef KL_TESTS_UNIT_MUTATE_H
#define KL_TESTS_UNIT_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Copies `data` to `out` (len bytes), changes up to four bytes of it, or cuts it short; returns the
 * length. Some seeds change nothing. */
size_t mutate(uint32_t seed, const uint8_t *data, size_t len, uint8_t *out);

#endif
