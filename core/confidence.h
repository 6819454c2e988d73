/* How sure somebody is of a figure: the report's high and moderate, and low, which is ours. */
#ifndef KL_CORE_CONFIDENCE_H
#define KL_CORE_CONFIDENCE_H

enum kl_confidence {
	KL_CONFIDENCE_UNSTATED,
	KL_CONFIDENCE_LOW,
	KL_CONFIDENCE_MODERATE,
	KL_CONFIDENCE_HIGH,
};

/* "high", "moderate", "low"; "" where it was not stated. */
const char *kl_confidence_name(enum kl_confidence confidence);

/* The other way round, in either case; KL_E_INVALID for anything else, "" too. */
int kl_confidence_parse(const char *text, enum kl_confidence *ret_confidence);

#endif
