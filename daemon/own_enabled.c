#include "daemon/own_enabled.h"
#include "daemon/enabled_figures.h"

#include <stdlib.h>
#include <string.h>

struct figures {
	bool has_fte, has_gva, comparable; /* comparable: both are of the same tenants */
	int64_t fte, gva;
};

static int take_row(void *sum, const struct kl_value *row, struct kl_fault *fault)
{
	return kl_tenants_take_row(sum, row, fault);
}

static const struct kl_rows_sink tenants_sink = {.row = take_row};

static int from_tenants(struct kl_node *node, struct kl_period period, struct figures *ret_figures,
	struct kl_fault *fault)
{
	struct kl_tenants_sum *sum = calloc(1, sizeof *sum);
	char name[KL_PERIOD_TEXT_MAX];
	int rc = sum ? kl_enabled_get_factors(node, period, &sum->factors, fault)
		     : kl_fault(fault, KL_E_NOMEM, "no memory for tenants");

	kl_period_format(period, name);
	if (!rc)
		rc = kl_rows_all(node, KL_ENABLED_TENANTS, name, &tenants_sink, sum, fault);
	if (!rc)
		*ret_figures = (struct figures){.has_fte = sum->total.fte.count > 0,
			.has_gva = sum->total.gva.count > 0,
			.comparable = !sum->total.fte.left_out && !sum->total.gva.left_out,
			.fte = sum->total.fte.exact,
			.gva = sum->total.gva.exact};
	free(sum);
	return rc;
}

static int load(struct kl_node *node, struct kl_period period, struct figures *ret_figures,
	struct kl_fault *fault)
{
	struct kl_enabled_record record;
	char name[KL_PERIOD_TEXT_MAX];
	int rc = kl_enabled_get_record(node, period, &record, fault);

	if (!rc)
		*ret_figures = (struct figures){
			record.has_fte, record.has_gva, true, record.fte, record.gva};
	if (rc == KL_E_NOT_FOUND)
		rc = from_tenants(node, period, ret_figures, fault);
	if (rc == KL_E_NOT_FOUND)
		return kl_fault(fault, rc, "no tenants and no totals are known for %s",
			kl_period_format(period, name));
	return rc;
}

int kl_enabled_own_value(struct kl_node *node, const struct kl_metric *metric,
	struct kl_period period, int64_t *ret_value, struct kl_fault *fault)
{
	struct figures f;
	char name[KL_PERIOD_TEXT_MAX];
	int rc = load(node, period, &f, fault);

	if (rc)
		return rc;
	kl_period_format(period, name);
	if (!strcmp(metric->code, "enabled.fte") && f.has_fte)
		*ret_value = f.fte;
	else if (!strcmp(metric->code, "enabled.gva") && f.has_gva)
		*ret_value = (f.gva + 50) / 100; /* to the pound; never negative */
	else if (!strcmp(metric->code, "enabled.gva_per_fte") && f.has_fte && f.has_gva &&
		 f.comparable && f.fte > 0)
		*ret_value = (int64_t)((double)f.gva / 10.0 / (double)f.fte + 0.5);
	else
		return kl_fault(
			fault, KL_E_NOT_FOUND, "%s is not known for %s", metric->name, name);
	return KL_OK;
}
