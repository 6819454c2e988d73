/* Short texts and dates that people type into a form, kept in arrays of fixed size. */
#ifndef KL_CORE_TEXT_H
#define KL_CORE_TEXT_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { KL_DATE_MAX = 11 }; /* "2026-11-30" with the final zero */

/* Copies a text that somebody typed. KL_E_TOO_BIG if it does not fit whole, KL_E_INVALID unless it
 * is harmless (harmless.h; newlines only if `lines`). The fault says `what` it is and how long it may be. */
int kl_text_set(char *out, size_t size, const char *text, bool lines, const char *what,
	struct kl_fault *fault);

/* Of an array that came from elsewhere: KL_E_MALFORMED unless it has a final zero and is plain. */
int kl_text_check(
	const char *array, size_t size, bool lines, const char *what, struct kl_fault *fault);

/* KL_E_INVALID unless the text is a day of the calendar, written 2026-11-30 (years 1900..2200). */
int kl_date_check(const char *text, struct kl_fault *fault);

/* A date that somebody typed, kept as 2026-11-30; an empty text stays empty. All that kl_dates_read()
 * reads will do. Where a text does not say which number is the month, the day stands first, as it
 * does in the United Kingdom (ours, and told wherever a date is asked for): 31/03/2027. What is a
 * date with the month first only is KL_E_INVALID, and `out` is as before. */
int kl_date_set(char out[KL_DATE_MAX], const char *text, struct kl_fault *fault);

#endif
