/* Units of figures, and numbers as people type and read them.
 *
 * scaled   a whole number that stands for value * scale: an LM3 score of 2.43 is 2430 thousandths
 *          (scale 1000). Figures are kept, compared and put into bins in this form, so that no
 *          rounding of binary fractions can move one over an edge.
 *
 * A share is kept as 0..1 and may be typed as a percentage; a per cent is kept as 0..100. */
#ifndef KL_CORE_UNIT_H
#define KL_CORE_UNIT_H

#include "core/error.h"

#include <stdint.h>

/* unit, name in JSON, scale of figures that are not metrics, "is not ...", an example to type */
#define KL_UNIT_MAP(X)                                                                             \
	X(SCORE, "score", 1000, "a score", "2.43")                                                 \
	X(SHARE, "share", 10000, "a share", "0.45 or 45%")                                         \
	X(PERCENT, "percent", 10, "a percentage", "7.5%")                                          \
	X(FTE, "FTE", 10, "a number of full-time equivalents", "12.5")                             \
	X(GBP, "GBP", 100, "an amount in pounds", "£617,010 or 1.2m")                              \
	X(COUNT, "count", 1, "a whole number", "26")                                               \
	X(PEOPLE, "people", 1, "a number of people", "26")                                         \
	X(HOURS, "hours", 10, "a number of hours", "120")                                          \
	X(ACRES, "acres", 100, "a number of acres", "3.5")                                         \
	X(MWH, "MWh", 1000, "a number of megawatt-hours", "12.5")                                  \
	X(TONNES, "tonnes", 1000, "a number of tonnes", "2.4")                                     \
	X(M2, "m2", 10, "a number of square metres", "240")                                        \
	X(MILES, "miles", 10, "a number of miles", "1,200")                                        \
	X(YEARS, "years", 10, "a number of years", "79.4")

enum kl_unit {
#define X(name, text, scale, noun, example) KL_UNIT_##name,
	KL_UNIT_MAP(X)
#undef X
		KL_UNIT_COUNT_ALL
};

enum { KL_NUMBER_TEXT_MAX = 40 };

#define KL_NUMBER_MAX INT64_C(10000000000000) /* of a scaled number, either way */
#define KL_SCALE_MAX  1000000

/* "score", "share", "percent", "FTE", "GBP", ... never NULL. */
const char *kl_unit_name(enum kl_unit unit);

/* The unit of that name; KL_E_INVALID if there is none. */
int kl_unit_from_name(const char *name, enum kl_unit *ret_unit);

/* Scale in which figures of this unit are kept, where no metric says otherwise. */
uint32_t kl_unit_scale(enum kl_unit unit);

/* Reads a number as people type it: "2.43", "1,250", "-3.5"; pounds with or without £ and with k, m
 * or bn ("£1.2m"); shares as 0.45 or 45%; per cent with or without the sign. Commas stand before
 * groups of three. Digits that the scale cannot hold are cut off towards minus infinity, so that a
 * number never moves into a higher bin; jobs and people are whole, and half of one is refused. `scale` is a power of ten up to KL_SCALE_MAX.
 * KL_E_INVALID if it is no such number, KL_E_RANGE beyond KL_NUMBER_MAX; the fault says what would
 * be understood. */
int kl_number_parse(const char *text, enum kl_unit unit, uint32_t scale, int64_t *ret_scaled,
	struct kl_fault *fault);

/* As people read it: "2.43", "45.5%", "£617,010", "£12.50", "1,401", "7.5%". Returns `out`. */
const char *kl_number_format(
	int64_t scaled, enum kl_unit unit, uint32_t scale, char out[KL_NUMBER_TEXT_MAX]);

/* As JSON gives it: scaled / scale. */
double kl_number_value(int64_t scaled, uint32_t scale);

/* The scaled form of a number that was computed, cut towards minus infinity after a tolerance of a
 * millionth of a unit (0.3 / 0.1 counts as 3). KL_E_RANGE for NaN, infinity or beyond
 * KL_NUMBER_MAX. */
int kl_number_from_double(double value, uint32_t scale, int64_t *ret_scaled);

#endif
