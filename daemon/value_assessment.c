/* What an assessment gives to the metrics of maturity and practice: the median of its assessors. */
#include "daemon/own_assessment.h"
#include "daemon/own_values.h"
#include "store/documents.h"

#include <stdio.h>
#include <string.h>

static int nobody(const struct kl_metric *metric, const char *period, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_NOT_FOUND, "%s (%s) was scored by nobody for %s", metric->code,
		metric->name, period);
	(void)kl_fault_hint(fault, "keeplocal assess record --period %s --assessor NAME \"%s=2\"",
		period, strncmp(metric->code, "maturity.", 9) ? metric->code : metric->code + 9);
	return KL_E_NOT_FOUND;
}

int kl_value_of_assessment(struct kl_node *node, const struct kl_metric *metric,
	struct kl_period period, struct kl_own_value *ret_value, struct kl_fault *fault)
{
	const struct kl_assessment_choice choice = {&period, NULL, KL_LATEST};
	struct kl_assessment *assessment;
	struct kl_assessed r;
	uint64_t revision;
	char text[KL_PERIOD_TEXT_MAX];
	size_t subject = 0;
	int rc = kl_own_assessment(node, &choice, &assessment, &revision, fault);

	kl_period_format(period, text);
	if (rc == KL_E_NOT_FOUND)
		return nobody(metric, text, fault);
	if (rc == KL_E_AMBIGUOUS) {
		kl_fault(fault, KL_E_CONFLICT,
			"several places were assessed in %s, and none is the whole area", text);
		(void)kl_fault_hint(
			fault, "assess the whole area once without --place, or type the value");
		return KL_E_CONFLICT;
	}
	if (rc)
		return rc;
	while (subject < KL_SUBJECTS && strcmp(kl_subject_metric(subject), metric->code) != 0)
		subject++;
	if (subject < KL_SUBJECTS)
		kl_assessment_result(assessment, subject, &r);
	kl_assessment_destroy(assessment);
	if (subject == KL_SUBJECTS || !r.scores)
		return nobody(metric, text, fault);
	ret_value->value = (int64_t)r.value * metric->scale;
	(void)snprintf(ret_value->origin, sizeof ret_value->origin,
		"the assessment of %s by %u assessor%s", text, r.scores, r.scores == 1 ? "" : "s");
	return KL_OK;
}
