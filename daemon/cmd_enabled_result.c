/* enabled result: the jobs and the value that tenants add, told exactly and without false accuracy. */
#include "core/money.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/enabled_figures.h"

#include <stdlib.h>

struct work {
	struct kl_period period;
	struct kl_tenants_sum sum;
};

/* One figure of the answer. FTE are tenths and become numbers; GVA stays pence. */
struct figure {
	const char *key;
	bool known, tenths;
	int64_t exact;
	int64_t by_method[KL_METHOD_COUNT];
	size_t left_out;
	enum kl_method method;
	enum kl_confidence confidence;
};

static void put_number(struct kl_writer *w, const char *key, int64_t value, bool tenths)
{
	if (tenths)
		kl_put_double(w, key, (double)value / 10.0);
	else
		kl_put_int(w, key, value);
}

static void put_figure(struct kl_writer *w, const struct figure *f)
{
	char fte[KL_FTE_TEXT_MAX], money[KL_MONEY_TEXT_MAX];

	if (!f->known) {
		kl_put_nil(w, f->key);
		return;
	}
	kl_put_map(w, f->key, 6);
	put_number(w, "exact", f->exact, f->tenths);
	kl_put_text(w, "published",
		f->tenths ? kl_fte_about(f->exact, fte) : kl_money_about(f->exact, money));
	kl_put_map(w, "methods", KL_METHOD_COUNT);
	for (int m = 0; m < KL_METHOD_COUNT; m++)
		put_number(w, kl_method_name((enum kl_method)m), f->by_method[m], f->tenths);
	kl_put_text(w, "method", kl_method_name(f->method));
	kl_put_text(w, "confidence",
		f->confidence == KL_CONFIDENCE_UNSTATED ? NULL : kl_confidence_name(f->confidence));
	kl_put_uint(w, "left_out", f->left_out);
}

static struct figure figure_of(const char *key, bool tenths, const struct kl_enabled_figure *from)
{
	struct figure f = {.key = key,
		.known = from->count > 0,
		.tenths = tenths,
		.exact = from->exact,
		.left_out = from->left_out,
		.method = kl_enabled_figure_method(from),
		.confidence = kl_enabled_figure_confidence(from)};

	for (int m = 0; m < KL_METHOD_COUNT; m++)
		f.by_method[m] = from->by_method[m];
	return f;
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

static void put_table(struct kl_writer *w, const char *key, const struct kl_factor_about *about)
{
	kl_put_map(w, key, 3);
	kl_put_text(w, "name", about->name);
	kl_put_uint(w, "year", about->year);
	kl_put_text(w, "source", about->source);
}

static int end_tenants(void *data, struct kl_ask *ask)
{
	const struct work *work = data;
	const struct kl_tenants_sum *sum = &work->sum;
	struct figure fte = figure_of("employees_fte", true, &sum->total.fte);
	struct figure gva = figure_of("gva_pence", false, &sum->total.gva);
	struct kl_writer *w = &ask->out;
	char period[KL_PERIOD_TEXT_MAX];

	kl_write_map(w, 9);
	kl_put_text(w, "period", kl_period_format(work->period, period));
	kl_put_bool(w, "recorded", false);
	kl_put_uint(w, "tenants", sum->total.tenants);
	put_figure(w, &fte);
	put_figure(w, &gva);
	put_left_out(w, sum);
	put_warnings(w, sum);
	kl_put_nil(w, "source");
	kl_put_map(w, "factors", 2);
	put_table(w, "density", &sum->factors.density.about);
	put_table(w, "gva_per_job", &sum->factors.gva.about);
	return KL_OK;
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct work *work = data;

	return kl_tenants_take_row(&work->sum, row, fault);
}

static const struct kl_rows_sink tenants_sink = {
	.row = take_row, .end = end_tenants, .destroy = free};

/* Totals without tenants: each rests on the one method that was stated. */
static void put_record(struct kl_writer *w, const struct kl_enabled_record *record)
{
	struct figure fte = {.key = "employees_fte",
		.known = record->has_fte,
		.tenths = true,
		.exact = record->fte,
		.method = record->fte_method,
		.confidence = record->fte_confidence};
	struct figure gva = {.key = "gva_pence",
		.known = record->has_gva,
		.exact = record->gva,
		.method = record->gva_method,
		.confidence = record->gva_confidence};
	char period[KL_PERIOD_TEXT_MAX];

	fte.by_method[record->fte_method] = record->fte;
	gva.by_method[record->gva_method] = record->gva;
	kl_write_map(w, 9);
	kl_put_text(w, "period", kl_period_format(record->period, period));
	kl_put_bool(w, "recorded", true);
	kl_put_nil(w, "tenants");
	put_figure(w, &fte);
	put_figure(w, &gva);
	kl_put_array(w, "left_out", 0);
	kl_put_array(w, "warnings", 1);
	kl_write_text(w, KL_ENABLED_COMPARING);
	kl_put_text(w, "source", record->source);
	kl_put_nil(w, "factors");
}

/* The period of the request, or else the latest one. */
static int which_period(struct kl_node *node, struct kl_ask *ask, struct kl_period *ret_period)
{
	bool given = false;
	int rc = kl_ask_period(ask, &given, ret_period);

	return rc || given ? rc : kl_enabled_latest(node, ret_period, &ask->fault);
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
	int rc = which_period(node, ask, &period);

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
