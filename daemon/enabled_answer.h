/* How figures of enabled contribution and their factor tables stand in an answer. */
#ifndef KL_DAEMON_ENABLED_ANSWER_H
#define KL_DAEMON_ENABLED_ANSWER_H

#include "core/enabled_missing.h"
#include "protocol/wire.h"

/* Two keys, employees_fte and gva_pence: what tenants add up to, or what was recorded. */
void kl_put_enabled_total(struct kl_writer *w, const struct kl_enabled_total *total);
void kl_put_enabled_record(struct kl_writer *w, const struct kl_enabled_record *record);

/* One table, and all that an estimate may rest on. */
void kl_put_factor_table(
	struct kl_writer *w, const char *key, const struct kl_factor_about *about, unsigned rows);
void kl_put_factors(struct kl_writer *w, const char *key, const struct kl_factors *factors);

/* How the list of missing answers is ordered; shown with it, for the rule is ours. */
#define KL_MISSING_ORDER                                                                           \
	"first who is left out, by floor space; then by the part of a total that rests on an "     \
	"estimate (this order is ours)"

/* Two keys, missing (the first `max` of a sorted list) and missing_more. */
void kl_put_missing(struct kl_writer *w, const struct kl_missing_list *list, size_t max);
void kl_put_missing_effect(struct kl_writer *w, const char *key, struct kl_missing_effect effect);

#endif
