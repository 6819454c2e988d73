/* Projects side by side: may two scores be compared, and can a difference be told?
 *
 * told    the ranges do not overlap: whatever the silent suppliers do, one score is higher. Ranges
 *         that overlap say nothing about which is. This rule is ours */
#ifndef KL_CORE_LM3_COMPARE_H
#define KL_CORE_LM3_COMPARE_H

#include "core/lm3.h"

/* One project as far as a comparison needs it. */
struct kl_lm3_compared {
	struct kl_area area;
	enum kl_lm3_basis basis;
	struct kl_period period;
	bool recorded; /* worked out elsewhere: no proxies, no range */
	double proxy_local, proxy_elsewhere;
	enum kl_lm3_rating rating;
	struct kl_lm3_shares lm3;
};

enum { KL_LM3_REASONS_MAX = 6, KL_LM3_REASON_MAX = 200 };

struct kl_lm3_comparison {
	unsigned reason_count; /* why the two cannot be compared; 0: they can */
	char reasons[KL_LM3_REASONS_MAX][KL_LM3_REASON_MAX];
	bool has_difference; /* both have a central value */
	double difference;   /* of the second from the first, central */
	bool told;
};

void kl_lm3_compare(const struct kl_lm3_compared *first, const struct kl_lm3_compared *second,
	struct kl_lm3_comparison *ret);

#endif
