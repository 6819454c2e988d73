/* What the LM3 project that counts gives to the metrics lm3.score, lm3.local_payroll_share and
 * lm3.local_supplier_share. */
#include "daemon/lm3_project.h"
#include "daemon/lm3_tables.h"
#include "daemon/own_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int barred(const struct kl_lm3_project *project, const char *why, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_NOT_FOUND, "the score of '%.100s' cannot be counted: %s",
		kl_lm3_project_name(project), why);
	return kl_fault_hint(fault, project->is_record
					    ? "if its source says green: keeplocal lm3 record it "
					      "again, --confidence green"
					    : "keeplocal lm3 result shows what is missing");
}

static int check_score(const struct kl_lm3_project *project, enum kl_lm3_rating rating,
	bool has_central, struct kl_fault *fault)
{
	const char *why = kl_lm3_barred(rating, has_central, kl_lm3_project_area(project),
		kl_lm3_project_basis(project), kl_lm3_project_period(project));

	if (project->is_record && rating == KL_LM3_UNRATED)
		why = "its confidence was not stated when it was recorded, and only green counts";
	return why ? barred(project, why, fault) : KL_OK;
}

static int value_of_record(const struct kl_lm3_project *project, const struct kl_metric *metric,
	struct kl_own_value *ret, struct kl_fault *fault)
{
	const struct kl_lm3_record *record = &project->u.record;
	int rc;

	if (strcmp(metric->code, "lm3.score") != 0)
		return kl_fault(fault, KL_E_NOT_FOUND,
			"'%.100s' is a score that was worked out elsewhere: its shares are not "
			"known",
			record->name);
	rc = check_score(project, record->rating, true, fault);
	if (rc)
		return rc;
	ret->value = record->thousandths;
	(void)kl_copy_text(ret->source, sizeof ret->source, record->source);
	return KL_OK;
}

static int64_t scaled(double share, uint32_t scale)
{
	return (int64_t)(share * scale + 0.5);
}

static int no_share(const char *name, const char *what, struct kl_fault *fault)
{
	return kl_fault(fault, KL_E_NOT_FOUND, "'%.100s' has no %s", name, what);
}

static int pick(const struct kl_lm3_project *project, const struct kl_lm3_result *result,
	const struct kl_metric *metric, int64_t *ret_value, struct kl_fault *fault)
{
	const char *name = kl_lm3_project_name(project);
	int rc;

	if (!strcmp(metric->code, "lm3.score")) {
		rc = check_score(project, result->rating, result->lm3.has_central, fault);
		if (!rc)
			*ret_value = kl_lm3_thousandths(result->lm3.central);
		return rc;
	}
	if (!strcmp(metric->code, "lm3.local_payroll_share")) {
		if (!result->has_payroll)
			return no_share(name, "payroll", fault);
		*ret_value = scaled(result->local_payroll, metric->scale);
		return KL_OK;
	}
	if (!strcmp(metric->code, "lm3.local_supplier_share")) {
		if (!result->has_suppliers || !result->local_supplier.has_central)
			return no_share(name, "suppliers whose place is known", fault);
		*ret_value = scaled(result->local_supplier.central, metric->scale);
		return KL_OK;
	}
	return kl_fault(fault, KL_E_NOT_FOUND, "%s is no metric of LM3", metric->code);
}

static int value_of_ledger(struct kl_node *node, const struct kl_lm3_project *project,
	const struct kl_metric *metric, struct kl_own_value *ret, struct kl_fault *fault)
{
	struct kl_lm3_result *result = malloc(sizeof *result);
	int rc;

	if (!result)
		return kl_fault(fault, KL_E_NOMEM, "no memory for a result");
	rc = kl_lm3_tables_result(node, project->key, &project->u.ledger, fault, result);
	if (!rc)
		rc = pick(project, result, metric, &ret->value, fault);
	free(result);
	return rc;
}

int kl_value_of_lm3(struct kl_node *node, const struct kl_metric *metric, struct kl_period period,
	struct kl_own_value *ret_value, struct kl_fault *fault)
{
	struct kl_lm3_project project;
	int rc = kl_lm3_project_counting(node, period, &project, fault);

	if (!rc)
		rc = project.is_record ? value_of_record(&project, metric, ret_value, fault)
				       : value_of_ledger(node, &project, metric, ret_value, fault);
	if (rc)
		return rc;
	(void)snprintf(ret_value->origin, sizeof ret_value->origin, "the LM3 %s '%.150s'",
		project.is_record ? "score recorded as" : "project", kl_lm3_project_name(&project));
	return KL_OK;
}
