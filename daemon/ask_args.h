/* Arguments of an ask that many commands take. Texts cross as people typed them: the daemon reads
 * them, so that every program that asks gets the same words back. */
#ifndef KL_DAEMON_ASK_ARGS_H
#define KL_DAEMON_ASK_ARGS_H

#include "core/metric.h"
#include "core/period.h"
#include "core/text.h"
#include "daemon/control.h"

/* The fault for a value that is no text as people may type it (core/harmless.h): which character it was,
 * or how long it may be. Always KL_E_USAGE. */
int kl_refuse_typed(
	const struct kl_value *v, const char *what, size_t most, struct kl_fault *fault);

/* A text under `key`, "" if it is absent. KL_E_USAGE if it is too long or no text. */
int kl_ask_text(struct kl_ask *ask, const char *key, char *out, size_t size);

/* The same, and it must be there: `wanted` says what in the message ("which indicator?"). */
int kl_ask_needed(struct kl_ask *ask, const char *key, const char *wanted, char *out, size_t size);

/* The period under "period". *ret_given tells whether it stands there (NULL: it must). KL_E_USAGE,
 * KL_E_INVALID. */
int kl_ask_period(struct kl_ask *ask, bool *ret_given, struct kl_period *ret_period);

/* The period under "period", of a kind that the metric is given for; what is said names those.
 * KL_E_USAGE, KL_E_INVALID. */
int kl_ask_metric_period(
	struct kl_ask *ask, const struct kl_metric *metric, struct kl_period *ret_period);

/* How many are wanted: a number from 1 to `most` under `key`, `usual` if it is absent.
 * KL_E_USAGE. */
int kl_ask_number(
	struct kl_ask *ask, const char *key, uint64_t most, uint64_t usual, uint64_t *ret_number);

/* A period in an answer, in its canonical form. */
void kl_put_period(struct kl_writer *w, const char *key, struct kl_period period);

/* The day that it is, such as "2026-11-30" (in UTC, as all that is written). Returns `out`. */
const char *kl_today(char out[KL_DATE_MAX]);

/* The day of a time that somebody claims, in ms since 1970; nil for 0, and for what is no time before the
 * year 10000. */
void kl_put_day_of(struct kl_writer *w, const char *key, uint64_t time_ms);

/* nil for an empty text. */
void kl_put_said(struct kl_writer *w, const char *key, const char *text);

#endif
