/* The one value of a member that feeds a metric in a period, wherever it comes from.
 *
 * typed      recorded as it is: `indicator record METRIC VALUE --period P`
 * computed   follows from what the member keeps: assessments, LM3 projects, tenants
 * choice     which of the two counts where both are there and differ; kept as a document
 *
 * Sources of computed values stand in own_values.def, by the beginning of the metric's code: a new
 * one is a line there and a function of the form below. */
#ifndef KL_DAEMON_OWN_VALUES_H
#define KL_DAEMON_OWN_VALUES_H

#include "core/metric.h"
#include "core/observation.h"
#include "daemon/node.h"

enum { KL_OWN_ORIGIN_MAX = 256 };

enum kl_own_route { KL_OWN_TYPED, KL_OWN_COMPUTED };

struct kl_own_value {
	int64_t value; /* scaled, in the metric's unit; some bin takes it */
	enum kl_own_route route;
	char origin[KL_OWN_ORIGIN_MAX]; /* in words: "typed", "the assessment of 2026 ..." */
	char method[KL_OBSERVATION_METHOD_MAX]; /* "" where it was not said */
	enum kl_confidence confidence;
	char source[KL_OBSERVATION_SOURCE_MAX]; /* "" where it was not said */
};

/* The value that counts. KL_E_NOT_FOUND with what to do to have one; KL_E_CONFLICT if there are
 * two different ones and nothing was chosen (the fault names both and how to choose), or if several
 * places have one and none is the whole area's; KL_E_INVALID for a period that the metric does not
 * take; KL_E_VERSION for a metric whose numbers are written in another form than ours. */
int kl_own_value(struct kl_node *node, const struct kl_metric *metric, struct kl_period period,
	struct kl_own_value *ret_value, struct kl_fault *fault);

/* The value of one route alone, whatever was chosen. Codes as above. */
int kl_own_value_by(struct kl_node *node, enum kl_own_route route, const struct kl_metric *metric,
	struct kl_period period, struct kl_own_value *ret_value, struct kl_fault *fault);

/* Keeps a choice for one metric and period; later changes of either value do not undo it. */
int kl_own_value_choose(struct kl_node *node, const struct kl_metric *metric,
	struct kl_period period, enum kl_own_route route, struct kl_fault *fault);

/* "typed", "computed"; and the other way round, KL_E_INVALID for anything else. */
const char *kl_own_route_name(enum kl_own_route route);
int kl_own_route_parse(const char *name, enum kl_own_route *ret_route);

/* A source of computed values. KL_E_NOT_FOUND if it has none for this metric and period: the fault
 * says why not and what to do (a score that is not green, nothing recorded yet). Fills value, origin
 * and whatever is known of method, confidence and source; the rest comes empty. */
typedef int kl_own_source_fn(struct kl_node *node, const struct kl_metric *metric,
	struct kl_period period, struct kl_own_value *ret_value, struct kl_fault *fault);

#define KL_OWN_SOURCE(prefix, function) kl_own_source_fn function;
#include "daemon/own_values.def"
#undef KL_OWN_SOURCE

#endif
