#include "daemon/enabled_answer.h"
#include "core/money.h"

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

void kl_put_enabled_total(struct kl_writer *w, const struct kl_enabled_total *total)
{
	struct figure fte = figure_of("employees_fte", true, &total->fte);
	struct figure gva = figure_of("gva_pence", false, &total->gva);

	put_figure(w, &fte);
	put_figure(w, &gva);
}

/* Totals without tenants: each rests on the one method that was stated. */
void kl_put_enabled_record(struct kl_writer *w, const struct kl_enabled_record *record)
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

	fte.by_method[record->fte_method] = record->fte;
	gva.by_method[record->gva_method] = record->gva;
	put_figure(w, &fte);
	put_figure(w, &gva);
}

void kl_put_factor_table(
	struct kl_writer *w, const char *key, const struct kl_factor_about *about, unsigned rows)
{
	if (key)
		kl_write_text(w, key);
	kl_write_map(w, 5);
	kl_put_text(w, "name", about->name);
	kl_put_uint(w, "year", about->year);
	kl_put_text(w, "source", about->source);
	kl_put_uint(w, "rows", rows);
	if (about->version)
		kl_put_uint(w, "version", about->version);
	else
		kl_put_nil(w, "version");
}

static void put_ratio(struct kl_writer *w, const struct kl_gva_ratio *ratio)
{
	if (!ratio->stated) {
		kl_put_nil(w, "gva_per_turnover");
		return;
	}
	kl_put_map(w, "gva_per_turnover", 3);
	kl_put_double(w, "share", ratio->share);
	kl_put_uint(w, "year", ratio->year);
	kl_put_text(w, "source", ratio->source);
}

void kl_put_factors(struct kl_writer *w, const char *key, const struct kl_factors *factors)
{
	kl_put_map(w, key, 3);
	kl_put_factor_table(w, "density", &factors->density.about, factors->density.count);
	kl_put_factor_table(w, "gva_per_job", &factors->gva.about, factors->gva.count);
	put_ratio(w, &factors->ratio);
}
