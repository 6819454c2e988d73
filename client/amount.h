/* Numbers of an answer as people read them, by the unit that the answer names. */
#ifndef KL_CLIENT_AMOUNT_H
#define KL_CLIENT_AMOUNT_H

#include "core/unit.h"
#include "protocol/wire.h"

enum { KL_AMOUNT_TEXT_MAX = KL_NUMBER_TEXT_MAX + 16 };

/* The number under `key`, with its unit where the number does not say it: "60.5 FTE", "£617,010",
 * "45%"; `none` if it is absent or nil. Returns `out`. */
const char *kl_amount(const struct kl_value *map, const char *key, const char *unit,
	const char *none, char out[KL_AMOUNT_TEXT_MAX]);

/* The same as it was recorded, pounds with their pence: "£1,234.56". */
const char *kl_amount_exact(const struct kl_value *map, const char *key, const char *unit,
	const char *none, char out[KL_AMOUNT_TEXT_MAX]);

enum { KL_SPAN_TEXT_MAX = 48 };

/* A span of time in its largest useful units: "3 weeks", "2 days 4 hours", "30 s". Returns `out`. */
const char *kl_span(uint64_t seconds, char out[KL_SPAN_TEXT_MAX]);

#endif
