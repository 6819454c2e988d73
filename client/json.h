/* Any answer of the daemon as JSON: what `--json` prints.
 *
 * nil is null, bin is lower-case hex, keys keep their order; a number that is no number (NaN,
 * infinite) is null. A character that would do harm in a terminal (core/harmless.h) is written as an
 * escape (\u200b): the value is exact, and printing it is safe. */
#ifndef KL_CLIENT_JSON_H
#define KL_CLIENT_JSON_H

#include "core/error.h"
#include "protocol/wire.h"

#include <jansson.h>
#include <stdio.h>

/* A new reference. KL_E_MALFORMED if a text is not UTF-8 or a key is no text, KL_E_NOMEM. */
int kl_json_from_value(const struct kl_value *value, json_t **ret_json);

/* The other way, for files that people bring: objects are maps in the order of the file. KL_E_MALFORMED
 * for numbers with a fraction and for what is nested deeper than KL_JSON_DEPTH_MAX. */
enum { KL_JSON_DEPTH_MAX = 12 };
int kl_json_to_value(const json_t *json, struct kl_writer *w);

/* One line of JSON. KL_E_IO, or as above. */
int kl_json_print(const struct kl_value *value, FILE *out, struct kl_fault *fault);

#endif
