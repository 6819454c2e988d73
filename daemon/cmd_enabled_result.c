/* enabled result: the jobs and the value that tenants add, told exactly and without false accuracy. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/enabled_answer.h"
#include "daemon/enabled_ask.h"
#include "daemon/enabled_figures.h"

#include <stdlib.h>

enum { MISSING_TOLD = 3 };

struct work {
	struct kl_period period;
	struct kl_tenants_sum sum;
	struct kl_missing_list missing;
};

static void destroy_work(void *data)
{
	struct work *work = data;

	kl_missing_free(&work->missing);
	free(work);
}

static void put_left_out(struct kl_writer *w, const struct kl_tenants_sum *sum)
{
	size_t told =
		sum->left_out < KL_ENABLED_LEFT_OUT_TOLD ? sum->left_out : KL_ENABLED_LEFT_OUT_TOLD;
	char more[64];

	kl_put_array(w, "left_out", told + (sum->left_out > told));
	for (size_t i = 0; i < told; i++)
		kl_write_text(w, sum->told[i]);
	if (sum->left_out == told)
		return;
	snprintf(more, sizeof more, "and %zu more", sum->left_out - told);
	kl_write_text(w, more);
}

static void put_warnings(struct kl_writer *w, const struct kl_tenants_sum *sum)
{
	char text[KL_ENABLED_TEXT_MAX];
	size_t n = 0;

	while (kl_enabled_warning(&sum->total, &sum->factors, n, text))
		n++;
	kl_put_array(w, "warnings", n + 1);
	for (size_t i = 0; i < n; i++)
		kl_write_text(w, kl_enabled_warning(&sum->total, &sum->factors, i, text));
	kl_write_text(w, KL_ENABLED_COMPARING);
}

static int end_tenants(void *data, struct kl_ask *ask)
{
	struct work *work = data;
	const struct kl_tenants_sum *sum = &work->sum;
	struct kl_writer *w = &ask->out;
	char period[KL_PERIOD_TEXT_MAX];

	kl_missing_sort(&work->missing, &sum->total);
	kl_write_map(w, 11);
	kl_put_text(w, "period", kl_period_format(work->period, period));
	kl_put_bool(w, "recorded", false);
	kl_put_uint(w, "tenants", sum->total.tenants);
	kl_put_enabled_total(w, &sum->total);
	put_left_out(w, sum);
	put_warnings(w, sum);
	kl_put_missing(w, &work->missing, MISSING_TOLD);
	kl_put_nil(w, "source");
	kl_put_factors(w, "factors", &sum->factors);
	return KL_OK;
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct work *work = data;

	return kl_tenants_take_row(&work->sum, row, fault);
}

static const struct kl_rows_sink tenants_sink = {
	.row = take_row, .end = end_tenants, .destroy = destroy_work};

static void put_record(struct kl_writer *w, const struct kl_enabled_record *record)
{
	char period[KL_PERIOD_TEXT_MAX];

	kl_write_map(w, 11);
	kl_put_text(w, "period", kl_period_format(record->period, period));
	kl_put_bool(w, "recorded", true);
	kl_put_nil(w, "tenants");
	kl_put_enabled_record(w, record);
	kl_put_array(w, "left_out", 0);
	kl_put_array(w, "warnings", 1);
	kl_write_text(w, KL_ENABLED_COMPARING);
	kl_put_array(w, "missing", 0);
	kl_put_uint(w, "missing_more", 0);
	kl_put_text(w, "source", record->source);
	kl_put_nil(w, "factors");
}

static int result_of_tenants(struct kl_node *node, struct kl_ask *ask, struct kl_period period)
{
	char name[KL_PERIOD_TEXT_MAX];
	struct work *work;
	int rc;

	kl_period_format(period, name);
	if (!kl_enabled_has_tenants(node, period))
		return kl_fault(&ask->fault, KL_E_NOT_FOUND,
			"no tenants and no totals are known for %s", name);
	work = calloc(1, sizeof *work);
	if (!work)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for tenants");
	work->period = period;
	work->sum.missing = &work->missing;
	rc = kl_enabled_get_factors(node, period, &work->sum.factors, &ask->fault);
	if (rc) {
		free(work);
		return rc == KL_E_NOT_FOUND ? kl_fault(&ask->fault, KL_E_DAMAGED,
						      "the factor tables of %s are missing", name)
					    : rc;
	}
	return kl_rows_read(
		node, ask, KL_ENABLED_TENANTS, name, "adding up tenants", &tenants_sink, work);
}

int kl_cmd_enabled_result(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_enabled_record record;
	struct kl_period period;
	int rc = kl_enabled_ask_latest(node, ask, &period);

	if (rc)
		return rc;
	rc = kl_enabled_get_record(node, period, &record, &ask->fault);
	if (rc == KL_E_NOT_FOUND)
		return result_of_tenants(node, ask, period);
	if (rc)
		return rc;
	put_record(&ask->out, &record);
	return kl_ask_answer(ask);
}
