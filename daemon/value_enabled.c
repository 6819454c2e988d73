/* What tenants, or totals recorded without them, give to the metrics enabled.fte, enabled.gva and
 * enabled.gva_per_fte. */
#include "daemon/enabled_figures.h"
#include "daemon/own_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION_WORDS_MAX = 32 };

struct figure {
	bool known;
	int64_t value;
	enum kl_method method;
	enum kl_confidence confidence;
};

struct figures {
	struct figure fte, gva;
	bool comparable; /* both are of the same tenants */
	bool recorded;
	char source[KL_ENABLED_SOURCE_MAX];
};

static int take_row(void *sum, const struct kl_value *row, struct kl_fault *fault)
{
	return kl_tenants_take_row(sum, row, fault);
}

static const struct kl_rows_sink tenants_sink = {.row = take_row};

static struct figure figure_of(const struct kl_enabled_figure *from)
{
	return (struct figure){from->count > 0, from->exact, kl_enabled_figure_method(from),
		kl_enabled_figure_confidence(from)};
}

static const char *version_words(const struct kl_factor_about *about, char out[VERSION_WORDS_MAX])
{
	out[0] = '\0';
	if (about->version)
		(void)snprintf(out, VERSION_WORDS_MAX, ", own version %u", about->version);
	return out;
}

/* What estimates rest on, to be told wherever such a figure is: nothing if nothing was estimated. */
static void put_source(struct figures *figures, const struct kl_factors *factors)
{
	const struct kl_factor_about *density = &factors->density.about, *gva = &factors->gva.about;
	char of_density[VERSION_WORDS_MAX], of_gva[VERSION_WORDS_MAX];

	if (figures->fte.method == KL_METHOD_PRIMARY && figures->gva.method == KL_METHOD_PRIMARY)
		return;
	(void)snprintf(figures->source, sizeof figures->source,
		"estimates rest on: %.80s (%u%s); %.80s (%u%s)", density->name,
		(unsigned)density->year, version_words(density, of_density), gva->name,
		(unsigned)gva->year, version_words(gva, of_gva));
}

static int from_tenants(struct kl_node *node, struct kl_period period, struct figures *ret_figures,
	struct kl_fault *fault)
{
	struct kl_tenants_sum *sum = calloc(1, sizeof *sum);
	char name[KL_PERIOD_TEXT_MAX];
	int rc;

	if (!sum)
		return kl_fault(fault, KL_E_NOMEM, "no memory for tenants");
	kl_period_format(period, name);
	rc = kl_enabled_get_factors(node, period, &sum->factors, fault);
	if (!rc)
		rc = kl_rows_all(node, KL_ENABLED_TENANTS, name, &tenants_sink, sum, fault);
	if (!rc) {
		ret_figures->fte = figure_of(&sum->total.fte);
		ret_figures->gva = figure_of(&sum->total.gva);
		ret_figures->comparable = !sum->total.fte.left_out && !sum->total.gva.left_out;
		put_source(ret_figures, &sum->factors);
	}
	free(sum);
	return rc;
}

static void from_record(const struct kl_enabled_record *record, struct figures *ret_figures)
{
	ret_figures->fte = (struct figure){
		record->has_fte, record->fte, record->fte_method, record->fte_confidence};
	ret_figures->gva = (struct figure){
		record->has_gva, record->gva, record->gva_method, record->gva_confidence};
	ret_figures->comparable = ret_figures->recorded = true;
	(void)kl_copy_text(ret_figures->source, sizeof ret_figures->source, record->source);
}

static int load(struct kl_node *node, struct kl_period period, struct figures *ret_figures,
	struct kl_fault *fault)
{
	struct kl_enabled_record record;
	char name[KL_PERIOD_TEXT_MAX];
	int rc = kl_enabled_get_record(node, period, &record, fault);

	if (!rc)
		from_record(&record, ret_figures);
	if (rc == KL_E_NOT_FOUND)
		rc = from_tenants(node, period, ret_figures, fault);
	if (rc == KL_E_NOT_FOUND) {
		kl_fault(fault, rc, "no tenants and no totals are known for %s",
			kl_period_format(period, name));
		return kl_fault_hint(fault,
			"keeplocal enabled import FILE --period %s, or enabled record", name);
	}
	return rc;
}

/* GVA for each FTE is as sure as the less sure of both. */
static struct figure per_fte(const struct figures *f)
{
	struct figure r = {
		.known = f->fte.known && f->gva.known && f->comparable && f->fte.value > 0};

	if (!r.known)
		return r;
	/* Pence over tenths: a tenth of that is pounds over whole FTE. */
	r.value = (int64_t)((double)f->gva.value / 10.0 / (double)f->fte.value + 0.5);
	r.method = f->fte.method == f->gva.method ? f->fte.method : KL_METHOD_PARTLY;
	r.confidence =
		f->fte.confidence < f->gva.confidence ? f->fte.confidence : f->gva.confidence;
	return r;
}

/* The figure of a metric, in its unit: tenths of an FTE, or pounds. */
static struct figure pick(const struct figures *f, const char *code)
{
	struct figure gva = f->gva;

	if (!strcmp(code, "enabled.fte"))
		return f->fte;
	if (!strcmp(code, "enabled.gva_per_fte"))
		return per_fte(f);
	gva.value = (gva.value + 50) / 100; /* to the pound; never negative */
	return strcmp(code, "enabled.gva") == 0 ? gva : (struct figure){.known = false};
}

int kl_value_of_enabled(struct kl_node *node, const struct kl_metric *metric,
	struct kl_period period, struct kl_own_value *ret_value, struct kl_fault *fault)
{
	struct figures figures = {.recorded = false};
	struct figure f;
	char name[KL_PERIOD_TEXT_MAX];
	int rc = load(node, period, &figures, fault);

	if (rc)
		return rc;
	kl_period_format(period, name);
	f = pick(&figures, metric->code);
	if (!f.known)
		return kl_fault(fault, KL_E_NOT_FOUND,
			"%s (%s) is not known for %s, for tenants "
			"told too little",
			metric->code, metric->name, name);
	ret_value->value = f.value;
	ret_value->confidence = f.confidence;
	(void)kl_copy_text(ret_value->method, sizeof ret_value->method, kl_method_name(f.method));
	(void)kl_copy_text(ret_value->source, sizeof ret_value->source, figures.source);
	(void)snprintf(ret_value->origin, sizeof ret_value->origin, "%s %s",
		figures.recorded ? "the totals recorded for" : "the tenants of", name);
	return KL_OK;
}
