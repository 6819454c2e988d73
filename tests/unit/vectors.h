/* Known answers from tests/vectors, or from the folder that the environment names in KL_VECTORS.
 *
 * Every function fails the running test, naming the file or the value, when something is missing or
 * of another form: a vector that cannot be read never counts as passed. */
#ifndef KL_TESTS_UNIT_VECTORS_H
#define KL_TESTS_UNIT_VECTORS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* Parses "NAME.json": `vectors_load("figures")`. Release with json_decref(). */
json_t *vectors_load(const char *name);

/* Member of an object, borrowed; NULL is never returned. */
json_t *vectors_get(const json_t *object, const char *key);

/* Decodes a string of hex into `out`, of `size` bytes, and returns how many it held. */
size_t vectors_hex(const json_t *string, void *out, size_t size);

/* The same into exactly `len` bytes. */
void vectors_hex_exact(const json_t *string, void *out, size_t len);

/* A number, or a string of decimal digits, as large elements are written. */
uint64_t vectors_u64(const json_t *number);
int64_t vectors_i64(const json_t *number);

#endif
