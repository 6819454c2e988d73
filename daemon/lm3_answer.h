/* What answers about LM3 projects have in common: amounts and shares as ranges, the head that says
 * which project it is, and what the score cannot do. */
#ifndef KL_DAEMON_LM3_ANSWER_H
#define KL_DAEMON_LM3_ANSWER_H

#include "core/lm3.h"
#include "daemon/lm3_project.h"
#include "protocol/wire.h"

/* {"low":..,"central":..,"high":..} in pence, or as shares; no central value is nil. */
void kl_put_lm3_amounts(struct kl_writer *w, const char *key, const struct kl_lm3_amounts *amounts);
void kl_put_lm3_shares(struct kl_writer *w, const char *key, const struct kl_lm3_shares *shares);

/* A score, or a part of one, that is given in thousandths. */
void kl_put_lm3_thousandths(
	struct kl_writer *w, const char *key, const struct kl_lm3_amounts *thousandths);

enum { KL_LM3_HEAD_KEYS = 7, KL_LM3_SUPPLIER_KEYS = 5, KL_LM3_CONFIDENCE_KEYS = 3 };

/* project, basis, area, area_name, period, in_use, recorded: KL_LM3_HEAD_KEYS pairs. */
void kl_put_lm3_head(struct kl_writer *w, struct kl_node *node,
	const struct kl_lm3_project *project, bool in_use);

/* supplier, spend_pence, where, sector, respent: KL_LM3_SUPPLIER_KEYS pairs; no answer is nil. */
void kl_put_lm3_supplier(struct kl_writer *w, const struct kl_lm3_line *line);

/* local_supplier_share, local_payroll_share: two pairs; nil where there are none. */
void kl_put_lm3_local(struct kl_writer *w, const struct kl_lm3_result *result);

/* "confidence": a map. */
void kl_put_lm3_confidence(struct kl_writer *w, const struct kl_lm3_result *result);

/* The same of a score that was worked out elsewhere. */
void kl_put_lm3_recorded_confidence(struct kl_writer *w, const struct kl_lm3_record *record);

/* "proxies": a map. */
void kl_put_lm3_proxies(struct kl_writer *w, double local, double elsewhere);

/* "warnings": texts. */
void kl_put_lm3_warnings(struct kl_writer *w, const struct kl_lm3_result *result);

/* "our_rules": how the range is made, in words: none without suppliers, unless
 * there is a caveat. */
void kl_put_lm3_rules(struct kl_writer *w, const struct kl_lm3_result *result);

/* "barred": why the score cannot enter a tally, or nil. */
void kl_put_lm3_barred(struct kl_writer *w, const struct kl_lm3_project *project,
	enum kl_lm3_rating rating, const struct kl_lm3_shares *lm3);

#endif
