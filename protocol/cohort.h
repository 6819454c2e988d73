/* Cohorts: which members one released sum is about.
 *
 * A cohort is a rule over confirmed attributes, written as text: `everybody`, `councils`, `anchors`, or
 * `ATTRIBUTE=VALUE` with one of the attributes below, such as `type=unitary`. Who stands in it follows
 * from a frozen roster (tally.h). */
#ifndef KL_PROTOCOL_COHORT_H
#define KL_PROTOCOL_COHORT_H

#include "core/bytes.h"

enum {
	KL_COHORTS_MAX = 64, /* of one call, or one charter */
	KL_COHORT_VALUE_MAX = 48,
	KL_COHORT_TEXT_MAX = KL_COHORT_VALUE_MAX + 16,
};

enum kl_cohort_kind {
	KL_COHORT_EVERYBODY,
	KL_COHORT_COUNCILS,
	KL_COHORT_ANCHORS,
	KL_COHORT_TYPE,        /* type=       council type */
	KL_COHORT_REGION,      /* region= */
	KL_COHORT_DEPRIVATION, /* deprivation= quintile */
	KL_COHORT_RURAL,       /* rural=      rural-urban class */
	KL_COHORT_INCOME,      /* income=     band, anchors */
};

struct kl_cohort {
	enum kl_cohort_kind kind;
	char value[KL_COHORT_VALUE_MAX]; /* empty for the first three kinds */
};

/* Reads and writes the text of a rule; reading refuses what writing would not give (KL_E_MALFORMED). */
int kl_cohort_parse(struct kl_bytes text, struct kl_cohort *ret_cohort);
const char *kl_cohort_format(const struct kl_cohort *cohort, char out[KL_COHORT_TEXT_MAX]);

bool kl_cohort_equal(const struct kl_cohort *a, const struct kl_cohort *b);

#endif
