/* Inside of tally_words*.c. */
#ifndef KL_DAEMON_TALLY_WORDS_IN_H
#define KL_DAEMON_TALLY_WORDS_IN_H

#include "core/judge.h"
#include "daemon/tally_words.h"

#include <stdbool.h>

enum { KL_SEATS_TEXT_MAX = 2048 };

/* Seats of a committee as a bitmap, bit j - 1 for seat j. */
enum kl_seat_deed { KL_SEAT_ACCEPTED, KL_SEAT_LISTED, KL_SEAT_OPENED, KL_SEAT_QUIT };
unsigned kl_seats_that(const struct kl_tally_view *view, enum kl_seat_deed deed);

static inline unsigned kl_seats_count(unsigned seats)
{
	return (unsigned)__builtin_popcount(seats);
}

/* "seat 3 (Example Trust)", "seats 3 (Example Trust) and 5 (..)"; of more than four the numbers alone.
 * Returns `out`. */
const char *kl_seats_text(const struct kl_told *told, unsigned seats, char out[KL_SEATS_TEXT_MAX]);

static inline const char *kl_plural(unsigned n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

/* "none", "one", "two": where "of seven" follows or is meant. Returns `out`. */
const char *kl_some_words(unsigned n, char out[KL_WHEN_MAX]);

/* "first" .. "tenth" for an attempt counted from 0. */
const char *kl_attempt_words(uint32_t attempt);

/* Whether no answer of a member who sits can be counted if only so many seats list what they hold. */
static inline bool kl_sitting_lose(const struct kl_tally_view *view, unsigned seats)
{
	return view->committee.n >= KL_OWN_SEAT_FROM && seats <= view->committee.qa;
}

/* Who has to give up so that a tally can end that nothing can come of. */
void kl_tell_who_gives_up(const struct kl_told *told, struct kl_sentences *out);

/* Seats that owe something and are silent: whether `what` can go on with the others. */
void kl_tell_quiet(const struct kl_told *told, const struct kl_tally_need *need, const char *what,
	struct kl_sentences *out);

void kl_tell_deciding(const struct kl_told *told, struct kl_sentences *out);
void kl_tell_certified(const struct kl_told *told, struct kl_sentences *out);
void kl_tell_false_seats(const struct kl_told *told, struct kl_sentences *out);
void kl_tell_own(const struct kl_told *told, struct kl_sentences *out);

#endif
