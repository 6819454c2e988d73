/* What community anchors do: the report's activities, 82 in all, by characteristic.
 *
 * activity  something an organisation does that makes a characteristic stronger. The report ties it
 *           to its characteristic; which indicators would show it is our judgement */
#ifndef KL_CORE_ACTIVITY_H
#define KL_CORE_ACTIVITY_H

#include "core/catalogue.h"

enum { KL_ACTIVITY_INDICATORS_MAX = 3 };

struct kl_activity {
	const char *code; /* "a1.plugging_leaks" */
	const char *name;
	uint8_t characteristic;                             /* 0..6 */
	const char *indicators[KL_ACTIVITY_INDICATORS_MAX]; /* codes of those that would show it */
	uint8_t indicator_count;
};

/* By characteristic, in the report's order. They live for ever; an index beyond the end is a
 * programmer's error. */
size_t kl_activity_count(void);
const struct kl_activity *kl_activity_at(size_t index);

/* By code, or any unambiguous part of the name. */
int kl_activity_find(
	const char *text, const struct kl_activity **ret_activity, struct kl_fault *fault);

/* True if that indicator would show the activity. */
bool kl_activity_shown_by(const struct kl_activity *activity, const struct kl_indicator *indicator);

#endif
