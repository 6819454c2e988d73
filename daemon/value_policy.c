/* What the social value policy gives to the metric policy.weight: the weight in scoring that it states.
 *
 * These rules are ours. It counts once the policy is adopted, and from the year of its date on: what held
 * before that year, or before the policy was last changed, is not known to it and can be typed. */
#include "daemon/own_policy.h"
#include "daemon/own_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int none(struct kl_fault *fault, const char *why, const char *todo)
{
	(void)kl_fault(fault, KL_E_NOT_FOUND, "policy.weight is not given: %s", why);
	(void)kl_fault_hint(fault, "%s", todo);
	return KL_E_NOT_FOUND;
}

static int pick(const struct kl_policy *policy, struct kl_period period,
	struct kl_own_value *ret_value, struct kl_fault *fault)
{
	char todo[96];

	if (!policy->weight_percent.known)
		return none(fault, "your policy states no weight in scoring",
			"keeplocal policy set weight_percent=20");
	if (strcmp(policy->status, "adopted") != 0)
		return none(fault, "your policy is not adopted, or does not say so",
			"keeplocal policy set status=adopted");
	if (!policy->date[0])
		return none(fault, "your policy does not say from when it holds",
			"keeplocal policy set date=31/03/2026");
	if (atoi(policy->date) > period.year) {
		(void)snprintf(todo, sizeof todo,
			"keeplocal indicator record policy.weight VALUE --period %u",
			(unsigned)period.year);
		return none(fault, "your policy is of a later year", todo);
	}
	ret_value->value = policy->weight_percent.value;
	(void)snprintf(
		ret_value->origin, sizeof ret_value->origin, "your policy of %s", policy->date);
	(void)kl_copy_text(ret_value->source, sizeof ret_value->source, policy->title);
	return KL_OK;
}

int kl_value_of_policy(struct kl_node *node, const struct kl_metric *metric,
	struct kl_period period, struct kl_own_value *ret_value, struct kl_fault *fault)
{
	struct kl_policy policy;
	int rc = kl_own_policy(node, &policy, fault);

	(void)metric;
	if (rc)
		return rc;
	rc = pick(&policy, period, ret_value, fault);
	kl_policy_deinit(&policy);
	return rc;
}
