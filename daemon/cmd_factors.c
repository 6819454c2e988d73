/* enabled factors: the tables that estimates rest on. import, use, ratio: which those are from now
 * on. enabled refresh: the tenants of a period reckoned anew with them. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/enabled_answer.h"
#include "daemon/enabled_ask.h"
#include "daemon/enabled_figures.h"
#include "daemon/own_factors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- which tables there are ---------------------------------------------------------------- */

/* Whether what a period rests on is something else than what is in use. */
static bool differ(const struct kl_factors *a, const struct kl_factors *b)
{
	struct kl_writer wa, wb;
	struct kl_bytes ba, bb;
	bool same;

	kl_writer_init(&wa);
	kl_writer_init(&wb);
	kl_doc_factors_encode(&wa, a);
	kl_doc_factors_encode(&wb, b);
	same = !kl_writer_bytes(&wa, &ba) && !kl_writer_bytes(&wb, &bb) && kl_bytes_equal(ba, bb);
	kl_writer_deinit(&wa);
	kl_writer_deinit(&wb);
	return !same;
}

struct listing {
	struct kl_writer *w;
	const struct kl_factors *in_use;
	size_t count;
	bool differing_only, counting;
};

static int list_period(void *arg, struct kl_period period, const struct kl_factors *factors)
{
	struct listing *l = arg;
	bool current = !differ(factors, l->in_use);
	char text[KL_PERIOD_TEXT_MAX];

	if (current && l->differing_only)
		return KL_OK;
	l->count++;
	if (l->counting)
		return KL_OK;
	kl_period_format(period, text);
	if (l->differing_only) {
		kl_write_text(l->w, text);
		return KL_OK;
	}
	kl_write_map(l->w, 3);
	kl_put_text(l->w, "period", text);
	kl_put_bool(l->w, "current", current);
	kl_put_factors(l->w, "factors", factors);
	return KL_OK;
}

/* The periods that have tenants: all with what they rest on, or the names of those that rest on
 * something else than what is in use. */
static int put_periods(struct kl_node *node, struct kl_ask *ask, const char *key,
	const struct kl_factors *in_use, bool differing_only)
{
	struct listing l = {&ask->out, in_use, 0, differing_only, true};
	int rc = kl_enabled_periods(node, list_period, &l, &ask->fault);

	if (rc)
		return rc;
	kl_put_array(&ask->out, key, l.count);
	l.counting = false;
	return kl_enabled_periods(node, list_period, &l, &ask->fault);
}

struct versions {
	struct kl_writer *w; /* NULL: only count */
	size_t count;
};

static void list_version(void *arg, const struct kl_factor_about *about, unsigned rows)
{
	struct versions *v = arg;

	v->count++;
	if (v->w)
		kl_put_factor_table(v->w, NULL, about, rows);
}

static int put_own(struct kl_node *node, struct kl_ask *ask, const char *key, bool gva)
{
	struct versions v = {NULL, 0};
	int rc = kl_own_factors_visit(node, gva, list_version, &v, &ask->fault);

	if (rc)
		return rc;
	kl_put_array(&ask->out, key, v.count);
	v.w = &ask->out;
	return kl_own_factors_visit(node, gva, list_version, &v, &ask->fault);
}

static int put_all(struct kl_node *node, struct kl_ask *ask, const struct kl_factors *program,
	const struct kl_factors *in_use)
{
	int rc;

	kl_write_map(&ask->out, 4);
	kl_put_factors(&ask->out, "program", program);
	kl_put_factors(&ask->out, "in_use", in_use);
	kl_put_map(&ask->out, "own", 2);
	if ((rc = put_own(node, ask, "density", false)) ||
		(rc = put_own(node, ask, "gva_per_job", true)) ||
		(rc = put_periods(node, ask, "periods", in_use, false)))
		return rc;
	return kl_ask_answer(ask);
}

int kl_cmd_enabled_factors(void *data, struct kl_ask *ask)
{
	struct kl_factors *factors = calloc(2, sizeof *factors);
	int rc;

	if (!factors)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for factor tables");
	if (!(rc = kl_program_factors(ask, &factors[0])) &&
		!(rc = kl_own_factors_asked(data, ask, &factors[1])))
		rc = put_all(data, ask, &factors[0], &factors[1]);
	free(factors);
	return rc;
}

/* ---- import -------------------------------------------------------------------------------- */

/* What was chosen, and which periods still rest on something else. */
static int answer_in_use(struct kl_node *node, struct kl_ask *ask)
{
	struct kl_factors *factors = calloc(1, sizeof *factors);
	int rc = factors ? kl_own_factors_asked(node, ask, factors) : KL_E_NOMEM;

	if (!rc) {
		kl_write_map(&ask->out, 2);
		kl_put_factors(&ask->out, "in_use", factors);
		rc = put_periods(node, ask, "periods", factors, true);
	}
	free(factors);
	return rc ? rc : kl_ask_answer(ask);
}

/* The table of the request: one of both kinds. */
static int take_table(struct kl_ask *ask, struct kl_factors *factors, bool *ret_gva)
{
	struct kl_bytes bytes;
	int rc = kl_get_bin(&ask->args, "gva_per_job", &bytes);

	*ret_gva = !rc;
	if (!rc)
		rc = kl_doc_gva_decode(bytes, &factors->gva);
	else if (!(rc = kl_get_bin(&ask->args, "density", &bytes)))
		rc = kl_doc_density_decode(bytes, &factors->density);
	if (rc)
		return kl_fault(&ask->fault, rc == KL_E_NOT_FOUND ? KL_E_USAGE : rc,
			"the table that came with the request cannot be read");
	return KL_OK;
}

static int keep_table(struct kl_node *node, struct kl_ask *ask, const struct kl_factors *factors,
	bool gva, const char *file)
{
	const struct kl_import_about about = {"factor table", gva ? "gva per job" : "density", file,
		gva ? factors->gva.count : factors->density.count};
	struct kl_factors_in_use in_use;
	struct kl_changes *changes;
	int rc = kl_own_factors_in_use(node, &in_use, &ask->fault);

	if (rc)
		return rc;
	changes = kl_changes_new(node);
	rc = changes ? kl_own_factors_add(
			       changes, factors, gva, gva ? &in_use.gva : &in_use.density)
		     : KL_E_NOMEM;
	if (!rc)
		rc = kl_own_factors_use(changes, &in_use);
	if (!rc)
		return kl_changes_publish(changes, &about, &ask->fault);
	kl_changes_destroy(changes);
	return kl_fault(&ask->fault, rc, "no memory for factor tables");
}

int kl_cmd_factors_import(void *data, struct kl_ask *ask)
{
	struct kl_factors *factors = calloc(1, sizeof *factors);
	char file[KL_IMPORT_FILE_MAX];
	bool gva;
	int rc;

	if (!factors)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for factor tables");
	rc = take_table(ask, factors, &gva);
	if (!rc)
		rc = kl_ask_text(ask, "file", file, sizeof file);
	if (!rc)
		rc = keep_table(data, ask, factors, gva, file);
	free(factors);
	return rc ? rc : answer_in_use(data, ask);
}

/* ---- use, ratio ---------------------------------------------------------------------------- */

/* A choice is taken back like an import, so that an import before it still can be. */
static int keep_choice(struct kl_node *node, struct kl_ask *ask,
	const struct kl_factors_in_use *in_use, const char *what)
{
	const struct kl_import_about about = {"choice of factors", what, "", 0};
	struct kl_changes *changes = kl_changes_new(node);
	int rc = changes ? kl_own_factors_use(changes, in_use) : KL_E_NOMEM;

	if (!rc)
		return kl_changes_publish(changes, &about, &ask->fault);
	kl_changes_destroy(changes);
	return kl_fault(&ask->fault, rc, "no memory for factor tables");
}

static int take_version(struct kl_node *node, struct kl_ask *ask, bool gva, uint32_t *ret_version)
{
	struct kl_factors *factors;
	char text[16], *end = text;
	unsigned long version;
	int rc = kl_ask_needed(ask, "version", "which version?", text, sizeof text);

	if (rc)
		return rc;
	version = strcmp(text, "program") != 0 ? strtoul(text, &end, 10) : 0;
	if (strcmp(text, "program") != 0 && (*end || !version || version > UINT32_MAX))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"found '%s', expected the number of a version, or 'program' for the table "
			"that came with it",
			text);
	factors = version ? calloc(1, sizeof *factors) : NULL;
	if (version && !factors)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for factor tables");
	if (version)
		rc = gva ? kl_own_gva(node, (uint32_t)version, &factors->gva, &ask->fault)
			 : kl_own_density(node, (uint32_t)version, &factors->density, &ask->fault);
	free(factors);
	if (!rc)
		*ret_version = (uint32_t)version;
	return rc;
}

int kl_cmd_factors_use(void *data, struct kl_ask *ask)
{
	struct kl_factors_in_use in_use;
	char table[16];
	bool gva;
	int rc = kl_ask_needed(ask, "table", "which table: density or gva?", table, sizeof table);

	if (rc)
		return rc;
	gva = !strcmp(table, "gva");
	if (!gva && strcmp(table, "density") != 0)
		return kl_fault(
			&ask->fault, KL_E_USAGE, "found '%s', expected density or gva", table);
	if ((rc = kl_own_factors_in_use(data, &in_use, &ask->fault)) ||
		(rc = take_version(data, ask, gva, gva ? &in_use.gva : &in_use.density)) ||
		(rc = keep_choice(data, ask, &in_use, gva ? "gva per job" : "density")))
		return rc;
	return answer_in_use(data, ask);
}

static int take_ratio(struct kl_ask *ask, struct kl_gva_ratio *ret_ratio)
{
	struct kl_gva_ratio ratio = {.stated = true};
	uint64_t year;
	int rc;

	if (kl_get_double(&ask->args, "share", &ratio.share)) {
		*ret_ratio = (struct kl_gva_ratio){.stated = false};
		return KL_OK;
	}
	rc = kl_ask_needed(ask, "source",
		"--source is missing: who says that so much of a turnover is value added?",
		ratio.source, sizeof ratio.source);
	if (rc)
		return rc;
	if (kl_get_uint(&ask->args, "year", UINT16_MAX, &year))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"--year is missing: what year is the ratio about?");
	ratio.year = (uint16_t)year;
	rc = kl_gva_ratio_check(&ratio, &ask->fault);
	if (!rc)
		*ret_ratio = ratio;
	return rc;
}

int kl_cmd_factors_ratio(void *data, struct kl_ask *ask)
{
	struct kl_factors_in_use in_use;
	int rc;

	if ((rc = kl_own_factors_in_use(data, &in_use, &ask->fault)) ||
		(rc = take_ratio(ask, &in_use.ratio)) ||
		(rc = keep_choice(data, ask, &in_use, "ratio to turnover")))
		return rc;
	return answer_in_use(data, ask);
}

/* ---- refresh ------------------------------------------------------------------------------- */

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	return kl_tenants_take_row(data, row, fault);
}

static const struct kl_rows_sink sum_sink = {.row = take_row};

static int keep_refresh(struct kl_node *node, struct kl_ask *ask, struct kl_period period,
	const struct kl_factors *factors)
{
	char name[KL_PERIOD_TEXT_MAX];
	const struct kl_import_about about = {
		"tenants reckoned anew", kl_period_format(period, name), "", 0};
	struct kl_changes *changes = kl_changes_new(node);
	int rc = changes ? kl_enabled_put_factors(changes, period, factors, &ask->fault)
			 : kl_fault(&ask->fault, KL_E_NOMEM, "no memory for factor tables");

	if (!rc)
		return kl_changes_publish(changes, &about, &ask->fault);
	kl_changes_destroy(changes);
	return rc;
}

/* `sums`: as it was reckoned, and as it is now. */
static int refresh(struct kl_node *node, struct kl_ask *ask, struct kl_period period,
	struct kl_tenants_sum *sums)
{
	char name[KL_PERIOD_TEXT_MAX];
	struct kl_writer *w = &ask->out;
	bool dry = false, unchanged;
	int rc;

	kl_period_format(period, name);
	if (kl_get_bool_or(&ask->args, "dry_run", false, &dry))
		return kl_fault(&ask->fault, KL_E_USAGE, "--dry-run takes no value");
	if ((rc = kl_enabled_get_factors(node, period, &sums[0].factors, &ask->fault)) ||
		(rc = kl_own_factors_asked(node, ask, &sums[1].factors)) ||
		(rc = kl_rows_all(
			 node, KL_ENABLED_TENANTS, name, &sum_sink, &sums[0], &ask->fault)) ||
		(rc = kl_rows_all(
			 node, KL_ENABLED_TENANTS, name, &sum_sink, &sums[1], &ask->fault)))
		return rc;
	unchanged = !differ(&sums[0].factors, &sums[1].factors);
	if (!dry && !unchanged && (rc = keep_refresh(node, ask, period, &sums[1].factors)))
		return rc;
	kl_write_map(w, 6);
	kl_put_text(w, "period", name);
	kl_put_bool(w, "refreshed", !dry && !unchanged);
	kl_put_bool(w, "unchanged", unchanged);
	kl_put_map(w, "before", 2);
	kl_put_enabled_total(w, &sums[0].total);
	kl_put_map(w, "after", 2);
	kl_put_enabled_total(w, &sums[1].total);
	kl_put_factors(w, "factors", &sums[1].factors);
	return kl_ask_answer(ask);
}

int kl_cmd_enabled_refresh(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_tenants_sum *sums;
	struct kl_period period;
	char name[KL_PERIOD_TEXT_MAX];
	int rc = kl_enabled_ask_latest(node, ask, &period);

	if (rc)
		return rc;
	if (!kl_enabled_has_tenants(node, period))
		return kl_fault(&ask->fault, KL_E_NOT_FOUND, "no tenants are known for %s",
			kl_period_format(period, name));
	sums = calloc(2, sizeof *sums);
	if (!sums)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for tenants");
	rc = refresh(node, ask, period, sums);
	free(sums);
	return rc;
}
