/* enabled tenants: each tenant with what counts for it, and how. enabled missing: whose answers would
 * help most. */
#include "core/enabled_missing.h"
#include "core/words.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/enabled_ask.h"
#include "daemon/enabled_figures.h"
#include "daemon/tenants_table.h"
#include "daemon/enabled_answer.h"

#include <stdlib.h>

enum { LISTED_MAX = 200, MATCH_MAX = 201 };

/* The tenants of a period, and what they rest on. */
struct work {
	struct kl_period period;
	struct kl_tenants_table table;
	struct kl_factors factors;
};

static void destroy_work(struct work *work)
{
	if (work)
		kl_tenants_table_free(&work->table);
	free(work);
}

static int load(struct kl_node *node, struct kl_ask *ask, struct work *work)
{
	char name[KL_PERIOD_TEXT_MAX];
	int rc = kl_enabled_ask_latest(node, ask, &work->period);

	if (rc)
		return rc;
	kl_period_format(work->period, name);
	if (!kl_enabled_has_tenants(node, work->period)) {
		kl_fault(&ask->fault, KL_E_NOT_FOUND, "no tenants are known for %s", name);
		return kl_fault_hint(&ask->fault,
			"keeplocal enabled import FILE --period %s brings them in", name);
	}
	rc = kl_enabled_get_factors(node, work->period, &work->factors, &ask->fault);
	if (!rc)
		rc = kl_tenants_table_load(node, work->period, &work->table, &ask->fault);
	return rc == KL_E_NOT_FOUND ? kl_fault(&ask->fault, KL_E_DAMAGED,
					      "the factor tables of %s are missing", name)
				    : rc;
}

static int begin(struct kl_node *node, struct kl_ask *ask, struct work **ret_work)
{
	struct work *work = calloc(1, sizeof *work);
	int rc = work ? load(node, ask, work)
		      : kl_fault(&ask->fault, KL_E_NOMEM, "no memory for tenants");

	if (rc) {
		destroy_work(work);
		return rc;
	}
	*ret_work = work;
	return KL_OK;
}

/* ---- tenants ------------------------------------------------------------------------------- */

static void put_tenths(struct kl_writer *w, const char *key, bool has, int64_t tenths)
{
	if (has)
		kl_put_double(w, key, (double)tenths / 10.0);
	else
		kl_put_nil(w, key);
}

static void put_pence(struct kl_writer *w, const char *key, bool has, int64_t pence)
{
	if (has)
		kl_put_int(w, key, pence);
	else
		kl_put_nil(w, key);
}

static void put_row(
	struct kl_writer *w, const struct kl_tenant *t, const struct kl_factors *factors)
{
	const char section[2] = {t->section, '\0'};
	struct kl_estimate e;

	kl_enabled_estimate(t, factors, &e);
	kl_write_map(w, 14);
	kl_put_text(w, "tenant", t->name);
	kl_put_said(w, "activity", t->activity);
	kl_put_said(w, "sic", section);
	kl_put_said(w, "industry", t->section ? kl_section_name(t->section) : "");
	kl_put_bool(w, "sic_judged", t->section_judged);
	kl_put_said(w, "use_class", t->use_class);
	kl_put_bool(w, "use_class_judged", t->use_class_judged);
	put_tenths(w, "floor_space_m2", t->has_floor, t->floor);
	put_pence(w, "turnover_pence", t->has_turnover, t->turnover);
	put_tenths(w, "staff_fte", t->has_fte, t->fte);
	put_tenths(w, "counted_fte", !e.fte_out, e.fte);
	kl_put_text(w, "fte_method", e.fte_out ? NULL : kl_method_name(e.fte_method));
	put_pence(w, "counted_gva_pence", !e.gva_out, e.gva);
	kl_put_text(w, "gva_method", e.gva_out ? NULL : kl_method_name(e.gva_method));
}

static bool wanted(const struct kl_tenant *t, const char *match)
{
	return !match[0] || kl_words_contain(t->name, match) ||
	       kl_words_contain(t->activity, match);
}

int kl_cmd_enabled_tenants(void *data, struct kl_ask *ask)
{
	struct kl_writer *w = &ask->out;
	char match[MATCH_MAX];
	struct work *work;
	size_t n = 0, told;
	int rc = kl_ask_text(ask, "match", match, sizeof match);

	if (!rc)
		rc = begin(data, ask, &work);
	if (rc)
		return rc;
	for (size_t i = 0; i < work->table.count; i++)
		n += wanted(&work->table.list[i], match);
	told = n < LISTED_MAX ? n : LISTED_MAX;
	kl_write_map(w, 3);
	kl_put_period(w, "period", work->period);
	kl_put_array(w, "tenants", told);
	for (size_t i = 0, put = 0; put < told; i++)
		if (wanted(&work->table.list[i], match)) {
			put_row(w, &work->table.list[i], &work->factors);
			put++;
		}
	kl_put_uint(w, "more", n - told);
	destroy_work(work);
	return kl_ask_answer(ask);
}

/* ---- missing ------------------------------------------------------------------------------- */

static int add_up(const struct work *work, struct kl_enabled_total *total,
	struct kl_missing_list *list, struct kl_fault *fault)
{
	for (size_t i = 0; i < work->table.count; i++) {
		const struct kl_tenant *t = &work->table.list[i];
		struct kl_estimate e;
		int rc;

		kl_enabled_estimate(t, &work->factors, &e);
		rc = kl_enabled_total_add(total, &e);
		if (rc)
			return kl_fault(fault, rc, "the sum of all tenants is too large");
		rc = kl_missing_add(list, t, &e, &work->factors);
		if (rc)
			return kl_fault(fault, rc, "no memory for tenants");
	}
	kl_missing_sort(list, total);
	return KL_OK;
}

int kl_cmd_enabled_missing(void *data, struct kl_ask *ask)
{
	struct kl_enabled_total total = {0};
	struct kl_missing_list list = {0};
	struct kl_writer *w = &ask->out;
	struct work *work;
	int rc = begin(data, ask, &work);

	if (rc)
		return rc;
	rc = add_up(work, &total, &list, &ask->fault);
	if (!rc) {
		kl_write_map(w, 7);
		kl_put_period(w, "period", work->period);
		kl_put_uint(w, "tenants", work->table.count);
		kl_put_missing(w, &list, LISTED_MAX);
		kl_put_missing_effect(w, "employees_fte", kl_missing_effect_fte(&list, &total.fte));
		kl_put_missing_effect(w, "gva_pence", kl_missing_effect_gva(&list, &total.gva));
		kl_put_text(w, "order", KL_MISSING_ORDER);
	}
	kl_missing_free(&list);
	destroy_work(work);
	return rc ? rc : kl_ask_answer(ask);
}
