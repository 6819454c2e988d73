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

/* ---- what is missing ----------------------------------------------------------------------- */

static void put_words(struct kl_writer *w, const char *key, unsigned asks, unsigned of)
{
	static const struct {
		unsigned bit;
		const char *words;
	} known[] = {{KL_ASK_STAFF, "staff"}, {KL_ASK_FLOOR, "or else floor space"},
		{KL_ASK_ACTIVITY, "activity"}, {KL_ASK_TURNOVER, "turnover"},
		{KL_JUDGE_SECTION, "sic"}, {KL_JUDGE_USE_CLASS, "use_class"}};
	size_t n = 0;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		n += (asks & of & known[i].bit) != 0;
	kl_put_array(w, key, n);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (asks & of & known[i].bit)
			kl_write_text(w, known[i].words);
}

static void put_left_out(struct kl_writer *w, const struct kl_missing *m)
{
	kl_put_array(w, "left_out", (size_t)m->fte_out + m->gva_out);
	if (m->fte_out)
		kl_write_text(w, "employees_fte");
	if (m->gva_out)
		kl_write_text(w, "gva_pence");
}

void kl_put_missing(struct kl_writer *w, const struct kl_missing_list *list, size_t max)
{
	const unsigned judge = KL_JUDGE_SECTION | KL_JUDGE_USE_CLASS;
	size_t n = list->count < max ? list->count : max;

	kl_put_array(w, "missing", n);
	for (size_t i = 0; i < n; i++) {
		const struct kl_missing *m = &list->items[i];

		kl_write_map(w, 6);
		kl_put_text(w, "tenant", m->name);
		put_words(w, "ask", m->asks, ~judge);
		put_words(w, "say_yourself", m->asks, judge);
		put_left_out(w, m);
		kl_put_double(w, "fte_share", m->fte_share);
		kl_put_double(w, "gva_share", m->gva_share);
	}
	kl_put_uint(w, "missing_more", list->count - n);
}

void kl_put_missing_effect(struct kl_writer *w, const char *key, struct kl_missing_effect effect)
{
	kl_put_map(w, key, 3);
	kl_put_text(w, "confidence", kl_confidence_name(effect.now));
	if (effect.answers) {
		kl_put_text(w, "would_be", kl_confidence_name(effect.then));
		kl_put_uint(w, "answers", effect.answers);
	} else {
		kl_put_nil(w, "would_be");
		kl_put_nil(w, "answers");
	}
}
