/* enabled add: what tenants told in their forms, joined to the table of the period. enabled set: one
 * tenant added, corrected or taken out. */
#include "core/money.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/enabled_ask.h"
#include "daemon/enabled_figures.h"
#include "daemon/own_factors.h"
#include "daemon/tenant_codes.h"
#include "daemon/tenants_table.h"
#include "protocol/doc_enabled.h"
#include "protocol/part.h"

#include <stdlib.h>
#include <string.h>

enum { LOOSE_TOLD_MAX = 50 };

/* A form that was joined to a tenant whose name is only alike. */
struct loose {
	char form[KL_NAME_MAX], tenant[KL_NAME_MAX];
};

/* The table of a period that is about to be changed. */
struct work {
	struct kl_node *node;
	struct kl_period period;
	bool drop_record;
	struct kl_tenants_table table;
	struct kl_factors factors;
	char file[KL_IMPORT_FILE_MAX];
	uint64_t added, changed;
	struct loose loose[LOOSE_TOLD_MAX]; /* the first of them are told */
	size_t loose_count;
};

static void destroy_work(void *data)
{
	struct work *work = data;

	if (work)
		kl_tenants_table_free(&work->table);
	free(work);
}

static int begin(
	struct kl_node *node, struct kl_ask *ask, struct kl_period period, struct work **ret_work)
{
	struct work *work = calloc(1, sizeof *work);
	int rc;

	if (!work)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for tenants");
	work->node = node;
	work->period = period;
	rc = kl_ask_text(ask, "file", work->file, sizeof work->file);
	if (!rc)
		rc = kl_own_factors_asked(node, ask, &work->factors);
	if (!rc)
		rc = kl_enabled_ask_record(node, ask, work->period, &work->drop_record);
	if (!rc)
		rc = kl_tenants_table_load(node, work->period, &work->table, &ask->fault);
	if (rc) {
		destroy_work(work);
		return rc;
	}
	*ret_work = work;
	return KL_OK;
}

static int keep(struct work *work, struct kl_fault *fault)
{
	const struct kl_tenants_keep how = {.period = work->period,
		.file = work->file,
		.rows = work->added + work->changed,
		.factors = &work->factors,
		.drop_record = work->drop_record};

	return kl_tenants_table_keep(work->node, &work->table, &how, fault);
}

static void put_answer(struct kl_ask *ask, const struct work *work)
{
	struct kl_writer *w = &ask->out;

	kl_put_period(w, "period", work->period);
	kl_put_said(w, "file", work->file);
	kl_put_uint(w, "added", work->added);
	kl_put_uint(w, "changed", work->changed);
	kl_put_uint(w, "tenants", work->table.count);
}

/* ---- add ----------------------------------------------------------------------------------- */

static void note_loose(struct work *work, const char *form, const char *tenant)
{
	struct loose *loose = &work->loose[work->loose_count];

	if (work->loose_count == LOOSE_TOLD_MAX)
		return;
	work->loose_count++;
	(void)kl_copy_text(loose->form, sizeof loose->form, form);
	(void)kl_copy_text(loose->tenant, sizeof loose->tenant, tenant);
}

static void put_loose(struct kl_writer *w, const struct work *work)
{
	kl_put_array(w, "loosely", work->loose_count);
	for (size_t i = 0; i < work->loose_count; i++) {
		kl_write_map(w, 2);
		kl_put_text(w, "form", work->loose[i].form);
		kl_put_text(w, "tenant", work->loose[i].tenant);
	}
}

static int take_told(struct work *work, const struct kl_tenant *told, struct kl_fault *fault)
{
	struct kl_tenant *known = kl_tenants_table_named(&work->table, told->name);

	if (!known) {
		known = kl_tenants_table_alike(&work->table, told->name);
		if (known)
			note_loose(work, told->name, known->name);
	}
	if (known) {
		kl_tenant_merge(known, told);
		work->changed++;
		return KL_OK;
	}
	work->added++;
	return kl_tenants_table_add(&work->table, told, fault);
}

static int take_part(struct kl_ask *ask, void *data, const struct kl_value *rows)
{
	struct kl_tenant told;
	struct kl_cursor cursor;
	struct kl_value row;
	int rc = kl_part_open(rows->raw, &cursor);

	while (!rc && kl_cursor_next(&cursor, &row)) {
		rc = kl_doc_tenant_decode(&row, &told);
		if (!rc)
			rc = take_told(data, &told, &ask->fault);
	}
	if (rc && !ask->fault.code)
		kl_fault(&ask->fault, rc, "a form cannot be read: %s", kl_error_text(rc));
	return rc;
}

static int take_end(struct kl_ask *ask, void *data)
{
	struct work *work = data;
	int rc = work->added + work->changed
			 ? keep(work, &ask->fault)
			 : kl_fault(&ask->fault, KL_E_INVALID, "no tenant is named");

	if (rc)
		return rc;
	kl_write_map(&ask->out, 6);
	put_answer(ask, work);
	put_loose(&ask->out, work);
	destroy_work(work);
	return kl_ask_answer(ask);
}

static void abort_add(struct kl_ask *ask, void *data)
{
	(void)ask;
	destroy_work(data);
}

static const struct kl_ask_hooks add_hooks = {
	.part = take_part, .end = take_end, .abort = abort_add};

int kl_cmd_enabled_add(void *data, struct kl_ask *ask)
{
	struct kl_period period;
	struct work *work;
	int rc = kl_enabled_ask_joined(data, ask, &period);

	if (!rc)
		rc = begin(data, ask, period, &work);
	return rc ? rc : kl_ask_upload(ask, &add_hooks, work);
}

/* ---- set ----------------------------------------------------------------------------------- */

/* A figure as it was typed; absent if it was not. */
static int take_figure(struct kl_ask *ask, const char *key, const char *option,
	int (*parse)(const char *, int64_t *), const char *expected, bool *ret_has,
	int64_t *ret_value)
{
	char text[64];
	int64_t value = 0;
	int rc = kl_ask_text(ask, key, text, sizeof text);

	if (rc || !text[0])
		return rc;
	if (parse(text, &value) || value < 0)
		return kl_fault(&ask->fault, KL_E_USAGE, "--%s: found '%s', expected %s", option,
			text, expected);
	*ret_has = true;
	*ret_value = value;
	return KL_OK;
}

static int take_codes(struct kl_ask *ask, struct kl_tenant *t)
{
	char sic[64], basis[16];
	int rc;

	if ((rc = kl_ask_text(ask, "sic", sic, sizeof sic)) ||
		(rc = kl_ask_text(ask, "use_class", t->use_class, sizeof t->use_class)) ||
		(rc = kl_ask_text(ask, "measured", basis, sizeof basis)))
		return rc;
	if (sic[0] && (rc = kl_which_section(sic, &t->section, &ask->fault))) {
		kl_fault_at(&ask->fault, "--sic");
		return rc;
	}
	if (basis[0] && kl_area_basis_parse(basis, &t->basis))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"--measured: found '%s', expected NIA, GIA or GEA", basis);
	if (kl_get_bool_or(&ask->args, "sic_judged", false, &t->section_judged) ||
		kl_get_bool_or(&ask->args, "use_class_judged", false, &t->use_class_judged))
		return kl_fault(&ask->fault, KL_E_USAGE, "a judgement is yes or no");
	return KL_OK;
}

static int take_tenant(struct kl_ask *ask, struct kl_tenant *t)
{
	static const char pounds[] = "pounds such as 120,000";
	int rc;

	if ((rc = kl_ask_needed(ask, "tenant", "which tenant?", t->name, sizeof t->name)) ||
		(rc = kl_ask_text(ask, "activity", t->activity, sizeof t->activity)) ||
		(rc = take_figure(ask, "floor_space", "floor-space", kl_floor_parse,
			 "square metres such as 120", &t->has_floor, &t->floor)) ||
		(rc = take_figure(ask, "turnover", "turnover", kl_money_parse, pounds,
			 &t->has_turnover, &t->turnover)) ||
		(rc = take_figure(ask, "staff", "staff", kl_fte_parse,
			 "full-time equivalents such as 4.5", &t->has_fte, &t->fte)) ||
		(rc = take_figure(
			 ask, "gva", "gva", kl_money_parse, pounds, &t->has_gva, &t->gva)) ||
		(rc = take_codes(ask, t)))
		return rc;
	if (strpbrk(t->name, "\r\n") || strpbrk(t->activity, "\r\n"))
		return kl_fault(&ask->fault, KL_E_USAGE, "a name and an activity are one line");
	return kl_tenant_check(t, &ask->fault);
}

static int add_new(struct kl_ask *ask, struct work *work, const struct kl_tenant *told)
{
	if (kl_tenants_table_named(&work->table, told->name))
		return kl_fault(&ask->fault, KL_E_EXISTS,
			"'%.100s' is a tenant already: leave --new out to correct it", told->name);
	work->added = 1;
	return kl_tenants_table_add(&work->table, told, &ask->fault);
}

/* The hint names those that are there; that another can be added stands in the message. */
static int unknown(struct kl_ask *ask, const char *name)
{
	char hint[KL_FAULT_HINT_MAX];

	if (ask->fault.code != KL_E_NOT_FOUND)
		return ask->fault.code;
	(void)kl_copy_text(hint, sizeof hint, ask->fault.hint);
	kl_fault(&ask->fault, KL_E_NOT_FOUND, "no tenant fits \"%s\"; --new adds one", name);
	return kl_fault_hint(&ask->fault, "%s", hint);
}

/* Adds, corrects or takes out. *ret_told: the tenant as it is now, unless it is gone. */
static int change(struct kl_ask *ask, struct work *work, const struct kl_tenant *told,
	struct kl_tenant *ret_now)
{
	bool add = false, removes = false;
	struct kl_tenant *known;
	int rc;

	if (kl_get_bool_or(&ask->args, "new", false, &add) ||
		kl_get_bool_or(&ask->args, "remove", false, &removes))
		return kl_fault(&ask->fault, KL_E_USAGE, "--new and --remove take no value");
	*ret_now = *told;
	if (add)
		return add_new(ask, work, told);
	rc = kl_tenants_table_find(&work->table, told->name, &known, &ask->fault);
	if (rc)
		return unknown(ask, told->name);
	work->changed = 1;
	if (!removes)
		kl_tenant_merge(known, told);
	*ret_now = *known;
	if (removes)
		kl_tenants_table_remove(&work->table, known);
	return KL_OK;
}

static void put_tenant(struct kl_writer *w, const struct kl_tenant *t)
{
	const char section[2] = {t->section, '\0'};

	kl_put_text(w, "tenant", t->name);
	kl_put_said(w, "activity", t->activity);
	kl_put_said(w, "sic", section);
	kl_put_said(w, "industry", t->section ? kl_section_name(t->section) : "");
	kl_put_bool(w, "sic_judged", t->section_judged);
	kl_put_said(w, "use_class", t->use_class);
	kl_put_bool(w, "use_class_judged", t->use_class_judged);
}

int kl_cmd_enabled_set(void *data, struct kl_ask *ask)
{
	struct kl_tenant told = {.section = 0}, now;
	struct kl_period period;
	struct work *work;
	int rc = take_tenant(ask, &told);

	if (!rc)
		rc = kl_enabled_ask_any(data, ask, &period);
	if (!rc)
		rc = begin(data, ask, period, &work);
	if (rc)
		return rc;
	rc = kl_which_use_class(&work->factors.density, told.use_class, &ask->fault);
	if (!rc)
		rc = change(ask, work, &told, &now);
	if (!rc)
		rc = keep(work, &ask->fault);
	if (!rc) {
		kl_write_map(&ask->out, 12);
		put_answer(ask, work);
		put_tenant(&ask->out, &now);
	}
	destroy_work(work);
	return rc ? rc : kl_ask_answer(ask);
}
