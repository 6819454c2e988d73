#include "core/enabled.h"
#include "core/bytes.h"
#include "core/money.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const method_names[KL_METHOD_COUNT] = {"primary", "partly", "estimated"};

const char *kl_method_name(enum kl_method method)
{
	return method_names[method];
}

int kl_method_parse(const char *name, enum kl_method *ret_method)
{
	for (int i = 0; i < KL_METHOD_COUNT; i++)
		if (strcasecmp(method_names[i], name) == 0) {
			*ret_method = (enum kl_method)i;
			return KL_OK;
		}
	return KL_E_INVALID;
}

static int check_figure(struct kl_fault *fault, const char *who, bool has, int64_t value,
	int64_t max, const char *what)
{
	if (has && (value < 0 || value > max))
		return kl_fault(fault, KL_E_RANGE, "%s: %s is out of range", who, what);
	return KL_OK;
}

int kl_tenant_check(const struct kl_tenant *t, struct kl_fault *fault)
{
	int rc;

	if (!t->name[0])
		return kl_fault(fault, KL_E_INVALID, "a tenant has no name");
	if ((rc = check_figure(
		     fault, t->name, t->has_floor, t->floor, KL_FLOOR_MAX, "floor space")) ||
		(rc = check_figure(
			 fault, t->name, t->has_turnover, t->turnover, KL_MONEY_MAX, "turnover")) ||
		(rc = check_figure(fault, t->name, t->has_fte, t->fte, KL_FTE_MAX, "staff")) ||
		(rc = check_figure(fault, t->name, t->has_gva, t->gva, KL_MONEY_MAX, "GVA")))
		return rc;
	if (t->section && (t->section < 'A' || t->section > 'U'))
		return kl_fault(
			fault, KL_E_INVALID, "%s: a SIC section is a letter A to U", t->name);
	return KL_OK;
}

/* ---- one tenant ------------------------------------------------------------------------------ */

static void estimate_fte(
	const struct kl_tenant *t, const struct kl_factors *f, struct kl_estimate *e)
{
	struct kl_density d;
	int64_t twice_middle;

	if (t->has_fte) {
		e->fte = t->fte;
		e->fte_method = KL_METHOD_PRIMARY;
		return;
	}
	if (!t->has_floor) {
		e->fte_out = KL_LEFT_OUT_NO_STAFF_NO_FLOOR;
		return;
	}
	if (!t->use_class[0]) {
		e->fte_out = KL_LEFT_OUT_NO_USE_CLASS;
		return;
	}
	if (kl_density_find(&f->density, t->use_class, &d)) {
		e->fte_out = KL_LEFT_OUT_NO_DENSITY;
		return;
	}
	/* Both are tenths of square metres; the result is tenths of an FTE. */
	twice_middle = d.low + d.high;
	e->fte = (20 * t->floor + twice_middle / 2) / twice_middle;
	e->fte_method = KL_METHOD_ESTIMATED;
	e->fte_on_floor = true;
	if (d.low != d.high)
		e->cautions |= KL_CAUTION_RANGE;
	if (t->basis != KL_BASIS_UNKNOWN && d.basis != KL_BASIS_UNKNOWN && t->basis != d.basis)
		e->cautions |= KL_CAUTION_BASIS;
}

static void gva_from_jobs(
	const struct kl_tenant *t, const struct kl_factors *f, struct kl_estimate *e)
{
	const struct kl_gva_row *row = kl_gva_find(&f->gva, t->section);

	if (e->fte_out) {
		e->gva_out = KL_LEFT_OUT_NO_FTE;
		return;
	}
	if (!row) {
		e->gva_out = t->section ? KL_LEFT_OUT_NO_GVA_PER_JOB : KL_LEFT_OUT_NO_SECTION;
		return;
	}
	e->gva = (e->fte * row->per_job + 5) / 10;
	e->gva_method = KL_METHOD_ESTIMATED;
	e->gva_on_floor = e->fte_on_floor;
	e->cautions |= row->cautions;
	if (t->has_turnover)
		e->cautions |= KL_CAUTION_NO_RATIO;
}

void kl_enabled_estimate(const struct kl_tenant *tenant, const struct kl_factors *factors,
	struct kl_estimate *ret_estimate)
{
	struct kl_estimate e = {0};

	estimate_fte(tenant, factors, &e);
	if (tenant->has_gva) {
		e.gva = tenant->gva;
		e.gva_method = KL_METHOD_PRIMARY;
	} else if (tenant->has_turnover && factors->ratio.stated) {
		e.gva = kl_money_times(tenant->turnover, factors->ratio.share);
		e.gva_method = KL_METHOD_PARTLY;
	} else {
		gva_from_jobs(tenant, factors, &e);
	}
	if (!e.gva_out && tenant->has_turnover && e.gva > tenant->turnover)
		e.cautions |= KL_CAUTION_TURNOVER;
	*ret_estimate = e;
}

/* ---- totals ---------------------------------------------------------------------------------- */

int kl_enabled_figure_add(
	struct kl_enabled_figure *figure, int64_t value, enum kl_method method, bool on_floor)
{
	int64_t sum;
	int rc = kl_money_add(figure->exact, value, &sum);

	if (rc)
		return rc;
	figure->exact = sum;
	figure->by_method[method] += value;
	figure->count_by_method[method]++;
	figure->count++;
	if (on_floor)
		figure->on_floor += value;
	return KL_OK;
}

enum kl_method kl_enabled_figure_method(const struct kl_enabled_figure *figure)
{
	if (!figure->count || figure->count_by_method[KL_METHOD_ESTIMATED] == figure->count)
		return KL_METHOD_ESTIMATED;
	if (!figure->left_out && figure->count_by_method[KL_METHOD_PRIMARY] == figure->count)
		return KL_METHOD_PRIMARY;
	return KL_METHOD_PARTLY;
}

enum kl_confidence kl_enabled_figure_confidence(const struct kl_enabled_figure *figure)
{
	if (!figure->count || figure->left_out > figure->count ||
		figure->on_floor > figure->exact - figure->on_floor)
		return KL_CONFIDENCE_LOW;
	if (kl_enabled_figure_method(figure) == KL_METHOD_PRIMARY)
		return KL_CONFIDENCE_HIGH;
	return KL_CONFIDENCE_MODERATE;
}

int kl_enabled_total_add(struct kl_enabled_total *total, const struct kl_estimate *e)
{
	struct kl_enabled_total t = *total;
	int rc = KL_OK;

	t.tenants++;
	if (e->fte_out)
		t.fte.left_out++;
	else
		rc = kl_enabled_figure_add(&t.fte, e->fte, e->fte_method, e->fte_on_floor);
	if (rc)
		return rc;
	if (e->gva_out)
		t.gva.left_out++;
	else
		rc = kl_enabled_figure_add(&t.gva, e->gva, e->gva_method, e->gva_on_floor);
	if (rc)
		return rc;
	for (size_t i = 0; i < sizeof t.cautions / sizeof *t.cautions; i++)
		t.cautions[i] += e->cautions >> i & 1;
	*total = t;
	return KL_OK;
}

int kl_enabled_gva_per_fte(const struct kl_enabled_total *total, int64_t *ret_pence)
{
	if (total->fte.exact <= 0 || total->fte.left_out || total->gva.left_out)
		return KL_E_NOT_FOUND;
	*ret_pence = kl_money_times(total->gva.exact, 10.0 / (double)total->fte.exact);
	return KL_OK;
}

/* ---- words ----------------------------------------------------------------------------------- */

static const char *const why[] = {
	[KL_LEFT_OUT_NOT] = "",
	[KL_LEFT_OUT_NO_STAFF_NO_FLOOR] = "neither staff nor floor space is known",
	[KL_LEFT_OUT_NO_USE_CLASS] = "floor space is known, but its activity has no use class yet",
	[KL_LEFT_OUT_NO_DENSITY] = "the density table has nothing for its use class",
	[KL_LEFT_OUT_NO_FTE] = "there are no employees to reckon from",
	[KL_LEFT_OUT_NO_SECTION] = "no section of the industrial classification (SIC) is known "
				   "for its activity",
	[KL_LEFT_OUT_NO_GVA_PER_JOB] = "the GVA table has nothing for its section of the "
				       "industrial classification (SIC)",
};

const char *kl_enabled_left_out_text(
	const struct kl_tenant *tenant, const struct kl_estimate *e, char out[KL_ENABLED_TEXT_MAX])
{
	out[0] = '\0';
	if (e->fte_out && e->gva_out)
		snprintf(out, KL_ENABLED_TEXT_MAX, "%s: employees and GVA, because %s",
			tenant->name, why[e->fte_out]);
	else if (e->fte_out)
		snprintf(out, KL_ENABLED_TEXT_MAX, "%s: employees, because %s", tenant->name,
			why[e->fte_out]);
	else if (e->gva_out)
		snprintf(out, KL_ENABLED_TEXT_MAX, "%s: GVA, because %s", tenant->name,
			why[e->gva_out]);
	return out;
}

static void lumped_sections(const struct kl_factors *f, char out[KL_SECTIONS_MAX])
{
	out[0] = '\0';
	for (unsigned i = 0; i < f->gva.count; i++)
		if (f->gva.rows[i].cautions & KL_CAUTION_LUMPED)
			(void)kl_copy_text(out, KL_SECTIONS_MAX, f->gva.rows[i].sections);
}

static void spell_sections(const char *letters, char out[KL_ENABLED_TEXT_MAX])
{
	size_t len = 0;

	out[0] = '\0';
	for (; *letters >= 'A' && *letters <= 'U' && len < KL_ENABLED_TEXT_MAX; letters++)
		len += (size_t)snprintf(out + len, KL_ENABLED_TEXT_MAX - len, "%s%s",
			len ? ", " : "", kl_section_name(*letters));
}

static const char *tenants(size_t n, char out[32])
{
	snprintf(out, 32, "%zu tenant%s", n, n == 1 ? "" : "s");
	return out;
}

static void warning_text(
	size_t bit, size_t n, const struct kl_factors *factors, char out[KL_ENABLED_TEXT_MAX])
{
	char count[32], sections[KL_SECTIONS_MAX], words[KL_ENABLED_TEXT_MAX];

	tenants(n, count);
	switch (1u << bit) {
	case KL_CAUTION_LUMPED:
		lumped_sections(factors, sections);
		spell_sections(sections, words);
		snprintf(out, KL_ENABLED_TEXT_MAX,
			"%s: the GVA table has one figure for %.200s together, which mixes banks "
			"and "
			"building societies with charities, care and cafés; for those the "
			"estimate claims too much",
			count, words);
		return;
	case KL_CAUTION_RENT:
		snprintf(out, KL_ENABLED_TEXT_MAX,
			"%s in real estate: GVA for each job is inflated by the imputed rent of "
			"home owners",
			count);
		return;
	case KL_CAUTION_RANGE:
		snprintf(out, KL_ENABLED_TEXT_MAX,
			"%s: employees are estimated with the middle of a range of densities",
			count);
		return;
	case KL_CAUTION_BASIS:
		snprintf(out, KL_ENABLED_TEXT_MAX,
			"%s: floor space is measured on another basis (NIA, GIA, GEA) than the "
			"density, and "
			"is not converted",
			count);
		return;
	case KL_CAUTION_NO_RATIO:
		snprintf(out, KL_ENABLED_TEXT_MAX,
			"%s gave a turnover, but no ratio of GVA to turnover is stated: GVA is "
			"estimated "
			"from employees",
			count);
		return;
	default:
		snprintf(out, KL_ENABLED_TEXT_MAX, "%s: GVA is larger than turnover", count);
		return;
	}
}

const char *kl_enabled_warning(const struct kl_enabled_total *total,
	const struct kl_factors *factors, size_t index, char out[KL_ENABLED_TEXT_MAX])
{
	for (size_t bit = 0; bit < sizeof total->cautions / sizeof *total->cautions; bit++) {
		if (!total->cautions[bit] || index-- > 0)
			continue;
		warning_text(bit, total->cautions[bit], factors, out);
		return out;
	}
	return NULL;
}

const char *kl_fte_format(int64_t tenths, char out[KL_FTE_TEXT_MAX])
{
	char whole[KL_MONEY_TEXT_MAX];

	kl_count_format(tenths / 10, whole);
	if (tenths % 10)
		snprintf(out, KL_FTE_TEXT_MAX, "%s.%d", whole, (int)(tenths % 10));
	else
		snprintf(out, KL_FTE_TEXT_MAX, "%s", whole);
	return out;
}

const char *kl_fte_about(int64_t tenths, char out[KL_FTE_TEXT_MAX])
{
	char text[KL_FTE_TEXT_MAX];

	kl_fte_format(kl_round_two_figures(tenths), text);
	snprintf(out, KL_FTE_TEXT_MAX, "about %.30s", text);
	return out;
}

/* A number with at most one decimal that says something, read by way of money: pence are
 * hundredths. */
static int parse_tenths(const char *text, int64_t max, int64_t *ret_tenths)
{
	int64_t hundredths;
	int rc;

	if (strpbrk(text, "(£CcDd-"))
		return KL_E_INVALID;
	rc = kl_money_parse(text, &hundredths);
	if (rc)
		return rc;
	/* below 0: there are more signs for minus than the one of the keyboard */
	if (hundredths < 0 || hundredths % 10)
		return KL_E_INVALID;
	if (hundredths / 10 > max)
		return KL_E_RANGE;
	*ret_tenths = hundredths / 10;
	return KL_OK;
}

int kl_fte_parse(const char *text, int64_t *ret_tenths)
{
	return parse_tenths(text, KL_FTE_MAX, ret_tenths);
}

int kl_floor_parse(const char *text, int64_t *ret_tenths)
{
	static const char *const units[] = {"m2", "m²", "sqm", "sq m", "sq. m"};
	char number[64];
	size_t len = strlen(text);

	if (len >= sizeof number)
		return KL_E_INVALID;
	memcpy(number, text, len + 1);
	while (len && isspace((unsigned char)number[len - 1]))
		number[--len] = '\0';
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		size_t n = strlen(units[i]);

		if (len > n && strcasecmp(number + len - n, units[i]) == 0) {
			number[len - n] = '\0';
			break;
		}
	}
	return parse_tenths(number, KL_FLOOR_MAX, ret_tenths);
}

int kl_enabled_record_check(const struct kl_enabled_record *r, struct kl_fault *fault)
{
	int rc;

	if (!r->has_fte && !r->has_gva)
		return kl_fault(fault, KL_E_INVALID, "neither employees nor GVA are given");
	if (!r->source[0])
		return kl_fault(fault, KL_E_INVALID, "recorded totals need their source");
	if ((r->has_fte && r->fte_confidence == KL_CONFIDENCE_UNSTATED) ||
		(r->has_gva && r->gva_confidence == KL_CONFIDENCE_UNSTATED))
		return kl_fault(fault, KL_E_INVALID,
			"a recorded total needs its confidence: high, moderate or low");
	if ((rc = check_figure(fault, "recorded total", r->has_fte, r->fte, KL_FTE_MAX, "FTE")) ||
		(rc = check_figure(
			 fault, "recorded total", r->has_gva, r->gva, KL_MONEY_MAX, "GVA")))
		return rc;
	return KL_OK;
}
