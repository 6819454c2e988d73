/* How figures of enabled contribution and their factor tables stand in an answer. */
#ifndef KL_DAEMON_ENABLED_ANSWER_H
#define KL_DAEMON_ENABLED_ANSWER_H

#include "core/enabled.h"
#include "protocol/wire.h"

/* Two keys, employees_fte and gva_pence: what tenants add up to, or what was recorded. */
void kl_put_enabled_total(struct kl_writer *w, const struct kl_enabled_total *total);
void kl_put_enabled_record(struct kl_writer *w, const struct kl_enabled_record *record);

/* One table, and all that an estimate may rest on. */
void kl_put_factor_table(
	struct kl_writer *w, const char *key, const struct kl_factor_about *about, unsigned rows);
void kl_put_factors(struct kl_writer *w, const char *key, const struct kl_factors *factors);

#endif
