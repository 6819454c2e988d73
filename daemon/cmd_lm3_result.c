/* lm3 import: a table of suppliers for a project. lm3 result: the multiplier as a range. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/lm3_project.h"

#include <stdlib.h>
#include <string.h>

struct work {
	struct kl_lm3_project project;
	struct kl_lm3_sum *sum;
	bool used;
	char file[256];
	uint64_t rows;
};

static void destroy_work(void *data)
{
	struct work *work = data;

	kl_lm3_sum_destroy(work->sum);
	free(work);
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct work *work = data;

	work->rows++;
	return kl_lm3_take_row(work->sum, row, fault);
}

/* How a project is looked up: by any part of its name, or by the whole. */
typedef int lookup_fn(struct kl_node *node, const char *text, struct kl_lm3_project *ret_project,
	struct kl_fault *fault);

/* The project that the request names, and for a ledger a fresh sum. */
static int load(struct kl_node *node, struct kl_ask *ask, lookup_fn *lookup, struct work *work)
{
	char name[KL_NAME_MAX], used[KL_NAME_MAX];
	int rc = kl_ask_needed(ask, "name", "which project?", name, sizeof name);

	if (!rc)
		rc = lookup(node, name, &work->project, &ask->fault);
	if (rc)
		return rc;
	rc = kl_lm3_in_use(node, used);
	if (rc)
		return kl_fault(&ask->fault, rc, "the projects cannot be read");
	work->used = !strcmp(work->project.key, used);
	if (work->project.is_record)
		return KL_OK;
	return kl_lm3_sum_new(&work->project.u.ledger, &ask->fault, &work->sum);
}

static int begin(
	struct kl_node *node, struct kl_ask *ask, lookup_fn *lookup, struct work **ret_work)
{
	struct work *work = calloc(1, sizeof *work);
	int rc;

	if (!work)
		return KL_E_NOMEM;
	rc = load(node, ask, lookup, work);
	if (rc) {
		destroy_work(work);
		return rc;
	}
	*ret_work = work;
	return KL_OK;
}

/* ---- result -------------------------------------------------------------------------------- */

static void put_amounts(struct kl_writer *w, const char *key, const struct kl_lm3_amounts *a)
{
	kl_put_map(w, key, 3);
	kl_put_int(w, "low", a->low);
	if (a->has_central)
		kl_put_int(w, "central", a->central);
	else
		kl_put_nil(w, "central");
	kl_put_int(w, "high", a->high);
}

static void put_shares(struct kl_writer *w, const char *key, const struct kl_lm3_shares *s)
{
	kl_put_map(w, key, 3);
	kl_put_double(w, "low", s->low);
	if (s->has_central)
		kl_put_double(w, "central", s->central);
	else
		kl_put_nil(w, "central");
	kl_put_double(w, "high", s->high);
}

static void put_strings(
	struct kl_writer *w, const char *key, const char *const *strings, size_t count)
{
	kl_put_array(w, key, count);
	for (size_t i = 0; i < count; i++)
		kl_write_text(w, strings[i]);
}

/* Rules that no publication states; shown with every range that rests on them. */
static const char *const our_rules[] = {
	"low: suppliers who did not answer spend nothing again locally, and suppliers of unknown "
	"place "
	"are elsewhere",
	"central: suppliers who did not answer do as those who did, local and elsewhere apart; "
	"unknown "
	"places split as the known ones",
	"high: suppliers who did not answer spend everything again locally, and suppliers of "
	"unknown "
	"place are local",
	"green from half of the supply chain's value answered, amber from a quarter, red below",
};

static void put_head(struct kl_writer *w, const struct work *work)
{
	const struct kl_lm3_project *p = &work->project;
	char area[KL_AREA_TEXT_MAX], period[KL_PERIOD_TEXT_MAX];

	kl_put_text(w, "project", kl_lm3_project_name(p));
	kl_put_text(w, "basis", kl_lm3_basis_name(kl_lm3_project_basis(p)));
	kl_put_text(w, "area", kl_area_format(kl_lm3_project_area(p), area));
	kl_put_text(w, "period", kl_period_format(kl_lm3_project_period(p), period));
	kl_put_bool(w, "in_use", work->used);
	kl_put_bool(w, "recorded", p->is_record);
}

/* Why the score cannot enter a tally, or nil. */
static void put_barred(struct kl_writer *w, const struct kl_lm3_project *p,
	enum kl_lm3_rating rating, const struct kl_lm3_shares *lm3)
{
	const char *why = kl_lm3_barred(rating, lm3->has_central, kl_lm3_project_area(p),
		kl_lm3_project_basis(p), kl_lm3_project_period(p));

	if (!why && lm3->central * 1000 > KL_LM3_THOUSANDTHS_MAX + 0.5)
		why = "a score above 3.00 cannot be: more was spent than the income studied";
	kl_put_text(w, "barred", why);
}

static void put_supply(struct kl_writer *w, const struct kl_lm3_result *r)
{
	kl_put_map(w, "confidence", 2);
	kl_put_double(w, "answered_share", r->answered_share);
	kl_put_text(w, "rating", kl_lm3_rating_name(r->rating));
	kl_put_uint(w, "suppliers", r->suppliers);
	kl_put_int(w, "supply_chain_pence", r->supply_value);
	kl_put_int(w, "answered_pence", r->answered_value);
	if (r->has_suppliers)
		put_shares(w, "local_supplier_share", &r->local_supplier);
	else
		kl_put_nil(w, "local_supplier_share");
	if (r->has_payroll)
		kl_put_double(w, "local_payroll_share", r->local_payroll);
	else
		kl_put_nil(w, "local_payroll_share");
}

static void put_result(struct kl_writer *w, const struct work *work, const struct kl_lm3_result *r)
{
	kl_write_map(w, 21);
	put_head(w, work);
	kl_put_int(w, "income_pence", r->income);
	kl_put_int(w, "round1_pence", r->round1);
	put_amounts(w, "round2_pence", &r->round2);
	put_amounts(w, "round3_pence", &r->round3);
	put_shares(w, "lm3", &r->lm3);
	put_supply(w, r);
	kl_put_map(w, "proxies", 2);
	kl_put_double(w, "local", r->proxy_local);
	kl_put_double(w, "elsewhere", r->proxy_elsewhere);
	put_barred(w, &work->project, r->rating, &r->lm3);
	kl_put_array(w, "warnings", r->warning_count);
	for (unsigned i = 0; i < r->warning_count; i++)
		kl_write_text(w, r->warnings[i]);
	put_strings(w, "our_rules", our_rules,
		r->has_suppliers ? sizeof our_rules / sizeof *our_rules : 0);
}

static int end_result(void *data, struct kl_ask *ask)
{
	const struct work *work = data;
	struct kl_lm3_result *result = malloc(sizeof *result);
	int rc = result ? kl_lm3_sum_result(work->sum, &ask->fault, result) : KL_E_NOMEM;

	if (!rc)
		put_result(&ask->out, work, result);
	free(result);
	return rc;
}

/* A score worked out elsewhere: no rounds are known, and its range is one point. */
static void put_record(struct kl_writer *w, const struct work *work)
{
	static const char *const unknown[] = {"income_pence", "round1_pence", "round2_pence",
		"round3_pence", "local_supplier_share", "local_payroll_share", "proxies"};
	const struct kl_lm3_record *record = &work->project.u.record;
	const double score = record->thousandths / 1000.0;
	const struct kl_lm3_shares lm3 = {score, score, score, true};

	kl_write_map(w, 19);
	put_head(w, work);
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		kl_put_nil(w, unknown[i]);
	put_shares(w, "lm3", &lm3);
	kl_put_map(w, "confidence", 2);
	kl_put_nil(w, "answered_share");
	kl_put_text(w, "rating", kl_lm3_rating_name(record->rating));
	put_barred(w, &work->project, record->rating, &lm3);
	kl_put_text(w, "source", record->source);
	kl_put_text(w, "label", KL_LM3_RECORD_LABEL);
	kl_put_array(w, "warnings", 0);
}

int kl_cmd_lm3_result(void *data, struct kl_ask *ask)
{
	static const struct kl_rows_sink sink = {
		.row = take_row, .end = end_result, .destroy = destroy_work};
	struct work *work;
	int rc = begin(data, ask, kl_lm3_project_find, &work);

	if (rc)
		return rc;
	if (work->project.is_record) {
		put_record(&ask->out, work);
		destroy_work(work);
		return kl_ask_answer(ask);
	}
	return kl_rows_read(
		data, ask, KL_LM3_SUPPLIERS, work->project.key, "adding up suppliers", &sink, work);
}

/* ---- import -------------------------------------------------------------------------------- */

/* A table that gives no result (all credit notes, too large a sum) does not come in. */
static int end_import(void *data, struct kl_ask *ask)
{
	const struct work *work = data;
	struct kl_writer *w = &ask->out;
	struct kl_lm3_result *result;
	int rc;

	if (!work->rows)
		return kl_fault(&ask->fault, KL_E_INVALID, "the table has no suppliers");
	result = malloc(sizeof *result);
	rc = result ? kl_lm3_sum_result(work->sum, &ask->fault, result) : KL_E_NOMEM;
	if (!rc) {
		kl_write_map(w, 7);
		kl_put_text(w, "project", kl_lm3_project_name(&work->project));
		kl_put_text(w, "file", work->file);
		kl_put_uint(w, "rows", work->rows);
		kl_put_uint(w, "suppliers", result->suppliers);
		kl_put_int(w, "supply_chain_pence", result->supply_value);
		kl_put_double(w, "answered_share", result->answered_share);
		kl_put_text(w, "rating", kl_lm3_rating_name(result->rating));
	}
	free(result);
	return rc;
}

int kl_cmd_lm3_import(void *data, struct kl_ask *ask)
{
	static const struct kl_rows_sink sink = {
		.row = take_row, .end = end_import, .destroy = destroy_work};
	struct work *work;
	int rc = begin(data, ask, kl_lm3_project_named, &work);

	if (rc)
		return rc;
	if (work->project.is_record) {
		kl_fault(&ask->fault, KL_E_INVALID,
			"'%.100s' is a score that was worked out elsewhere, without suppliers",
			work->project.u.record.name);
		destroy_work(work);
		return kl_fault_hint(&ask->fault, "begin a ledger: keeplocal lm3 new NAME");
	}
	if (kl_get_text_or(&ask->args, "file", "", work->file, sizeof work->file)) {
		destroy_work(work);
		return kl_fault(&ask->fault, KL_E_USAGE, "the name of the file is too long");
	}
	return kl_rows_upload(data, ask, KL_LM3_SUPPLIERS, work->project.key,
		kl_bytes_str(work->file), &sink, work);
}
