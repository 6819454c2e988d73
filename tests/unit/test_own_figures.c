/* What a member keeps of LM3 and of enabled contribution: found by name, counted for a period, and
 * given to the metrics. */
#include "daemon/enabled_figures.h"
#include "daemon/lm3_project.h"
#include "daemon/lm3_tables.h"
#include "daemon/own_values.h"
#include "protocol/doc_enabled.h"
#include "protocol/doc_supplier.h"
#include "protocol/part.h"
#include "tests/unit/store_home.h"

#include <stdlib.h>

static struct kl_node *node_of(struct home *home)
{
	static struct kl_node node;

	node = (struct kl_node){.store = home->store};
	return &node;
}

static struct kl_period year(uint16_t number)
{
	return (struct kl_period){.kind = KL_PERIOD_YEAR, .year = number};
}

/* A ledger with payroll alone: 100 pounds, of which `local` go to local staff. */
static void keep_ledger(struct home *home, const char *name, uint16_t of, int64_t local)
{
	struct kl_lm3_project p = {.is_record = false};

	kl_lm3_ledger_init(&p.u.ledger);
	(void)kl_copy_text(p.u.ledger.name, sizeof p.u.ledger.name, name);
	kl_name_key(name, p.key);
	p.u.ledger.basis = KL_LM3_TURNOVER;
	p.u.ledger.period = year(of);
	assert_rc(kl_area_parse("E08000033", NULL, &p.u.ledger.area), KL_OK);
	p.u.ledger.payroll_local = local;
	p.u.ledger.payroll_elsewhere = 10000 - local;
	assert_rc(kl_lm3_project_keep(node_of(home), &p, &home->fault), KL_OK);
}

static int find(struct home *home, const char *text, struct kl_lm3_project *ret)
{
	return kl_lm3_project_find(node_of(home), text, ret, &home->fault);
}

static int counting(struct home *home, uint16_t of, struct kl_lm3_project *ret)
{
	return kl_lm3_project_counting(node_of(home), year(of), ret, &home->fault);
}

static int value(struct home *home, const char *code, uint16_t of, struct kl_own_value *ret)
{
	struct kl_metric metric;

	assert_rc(kl_metric_find(code, &metric, NULL), KL_OK);
	return kl_own_value(node_of(home), &metric, year(of), ret, &home->fault);
}

static void projects_are_found_by_name_or_a_part_of_it(void **state)
{
	struct home *home = *state;
	struct kl_lm3_project p;

	keep_ledger(home, "Jubilee Hall", 2016, 0);
	keep_ledger(home, "Jubilee Hall café", 2016, 0);
	keep_ledger(home, "Bakery", 2016, 0);
	assert_rc(find(home, "jubilee  HALL", &p), KL_OK);
	assert_string_equal(kl_lm3_project_name(&p), "Jubilee Hall");
	assert_rc(find(home, "CAFÉ", &p), KL_OK);
	assert_string_equal(kl_lm3_project_name(&p), "Jubilee Hall café");
	assert_rc(find(home, "jub", &p), KL_E_AMBIGUOUS);
	assert_string_equal(
		home->fault.message, "'jub' fits 2 projects: Jubilee Hall, Jubilee Hall café");
	assert_rc(find(home, "library", &p), KL_E_NOT_FOUND);
	assert_rc(find(home, " ", &p), KL_E_NOT_FOUND);
}

static void one_project_counts_for_a_period(void **state)
{
	struct home *home = *state;
	struct kl_lm3_project p;

	assert_rc(counting(home, 2016, &p), KL_E_NOT_FOUND);
	keep_ledger(home, "Bakery", 2016, 0);
	keep_ledger(home, "Library", 2017, 0);
	assert_rc(counting(home, 2016, &p), KL_OK);
	assert_string_equal(p.key, "bakery");

	keep_ledger(home, "Café", 2016, 0);
	assert_rc(counting(home, 2016, &p), KL_E_AMBIGUOUS);
	assert_rc(kl_lm3_use(node_of(home), "café", &home->fault), KL_OK);
	assert_rc(counting(home, 2016, &p), KL_OK);
	assert_string_equal(p.key, "café");
	/* The mark says nothing of a year to which that project does not belong. */
	assert_rc(counting(home, 2017, &p), KL_OK);
	assert_string_equal(p.key, "library");
}

/* Makes a visible table of one part. */
static void keep_rows(struct home *home, const char *kind, const char *name, struct kl_part *part)
{
	struct kl_bytes bytes;
	uint64_t id;
	bool full;

	assert_rc(kl_part_end_row(part, &full), KL_OK);
	assert_false(full);
	assert_rc(kl_part_bytes(part, &bytes), KL_OK);
	assert_rc(kl_import_begin(home->store, &id), KL_OK);
	kl_import_part(home->batch, id, 0, bytes);
	kl_import_publish(home->batch, id, kind, name, 1, kl_bytes_str("made-up.csv"));
	home_commit(home);
	kl_part_deinit(part);
}

static void keep_supplier(struct home *home, const char *project, bool answered)
{
	struct kl_supplier s = {.name = "Made-up Catering",
		.spend = 10000,
		.where = KL_WHERE_LOCAL,
		.answered = answered,
		.respent = 0.5};
	struct kl_part part;

	kl_part_init(&part);
	kl_doc_supplier_encode(kl_part_row(&part), &s);
	keep_rows(home, KL_LM3_SUPPLIERS, project, &part);
}

static void a_project_feeds_the_metrics_of_lm3(void **state)
{
	struct home *home = *state;
	struct kl_own_value v;

	assert_rc(value(home, "lm3.score", 2016, &v), KL_E_NOT_FOUND);
	keep_ledger(home, "Bakery", 2016, 8000);
	assert_rc(value(home, "lm3.score", 2016, &v), KL_OK);
	assert_int_equal(v.value, 2394);
	assert_string_equal(v.origin, "the LM3 project 'Bakery'");
	assert_rc(value(home, "lm3.local_payroll_share", 2016, &v), KL_OK);
	assert_int_equal(v.value, 8000);
	assert_rc(value(home, "lm3.local_supplier_share", 2016, &v), KL_E_NOT_FOUND);

	/* Who does not answer makes the score red, which counts for nothing; the share stays. */
	keep_supplier(home, "bakery", false);
	assert_rc(value(home, "lm3.score", 2016, &v), KL_E_NOT_FOUND);
	assert_non_null(strstr(home->fault.message, "not green"));
	assert_rc(value(home, "lm3.local_supplier_share", 2016, &v), KL_OK);
	assert_int_equal(v.value, 10000);

	/* The newest table counts: R1 200, R2 180, R3 59.40 + 50. */
	keep_supplier(home, "bakery", true);
	assert_rc(value(home, "lm3.score", 2016, &v), KL_OK);
	assert_int_equal(v.value, 1000 + 900 + 547);
}

static void turning_tables_back(void **state)
{
	struct home *home = *state;
	struct kl_own_value v;
	size_t count = 0;

	keep_ledger(home, "Bakery", 2016, 8000);
	keep_supplier(home, "bakery", false);
	keep_supplier(home, "bakery", true);
	keep_supplier(home, "other", true);
	assert_rc(kl_rows_undo(node_of(home), home->batch, KL_LM3_SUPPLIERS, "bakery", &count),
		KL_OK);
	home_commit(home);
	assert_int_equal(count, 2);
	assert_rc(value(home, "lm3.score", 2016, &v), KL_OK);
	assert_int_equal(v.value, 2394);
}

static void keep_record(struct home *home, uint16_t of, int64_t fte, int64_t gva)
{
	struct kl_enabled_record r = {.period = year(of),
		.has_fte = true,
		.fte = fte,
		.fte_method = KL_METHOD_PRIMARY,
		.fte_confidence = KL_CONFIDENCE_HIGH,
		.has_gva = gva > 0,
		.gva = gva,
		.gva_method = KL_METHOD_ESTIMATED,
		.gva_confidence = KL_CONFIDENCE_MODERATE,
		.source = "a report"};

	assert_rc(kl_enabled_keep_record(node_of(home), &r, &home->fault), KL_OK);
}

static void recorded_totals_feed_the_metrics_of_tenants(void **state)
{
	struct home *home = *state;
	struct kl_own_value v;

	/* Windmill Hill City Farm: 26 FTE and £617,010 (Locality 2017, appendix 2, table 1). */
	keep_record(home, 2017, 260, 61701000);
	assert_rc(value(home, "enabled.fte", 2017, &v), KL_OK);
	assert_int_equal(v.value, 260);
	assert_string_equal(v.method, "primary");
	assert_int_equal(v.confidence, KL_CONFIDENCE_HIGH);
	assert_string_equal(v.source, "a report");
	assert_rc(value(home, "enabled.gva", 2017, &v), KL_OK);
	assert_int_equal(v.value, 617010);
	assert_rc(value(home, "enabled.gva_per_fte", 2017, &v), KL_OK);
	assert_int_equal(v.value, 23731);
	assert_string_equal(v.method, "partly");
	assert_int_equal(v.confidence, KL_CONFIDENCE_MODERATE);

	keep_record(home, 2018, 5, 0);
	assert_rc(value(home, "enabled.gva", 2018, &v), KL_E_NOT_FOUND);
	assert_rc(value(home, "enabled.fte", 2016, &v), KL_E_NOT_FOUND);
}

static void keep_factors(struct home *home, uint16_t of)
{
	struct kl_factors *f = calloc(1, sizeof *f);
	struct kl_changes *changes = kl_changes_on(node_of(home), home->batch);

	assert_non_null(f);
	f->density = (struct kl_density_table){.about = {"densities", "made up", 2015},
		.count = 1,
		.rows = {{"B1a", "office", 130, 130, KL_BASIS_NIA}}};
	f->gva = (struct kl_gva_table){
		.about = {"value", "made up", 2016}, .count = 1, .rows = {{"M", 5000000, 0}}};
	assert_rc(kl_enabled_put_factors(changes, year(of), f, &home->fault), KL_OK);
	kl_changes_destroy(changes);
	home_commit(home);
	free(f);
}

static void keep_tenant(struct home *home, const char *period, int64_t floor)
{
	struct kl_tenant t = {.name = "Made-up Office",
		.has_floor = true,
		.floor = floor,
		.section = 'M',
		.use_class = "B1a"};
	struct kl_part part;

	kl_part_init(&part);
	kl_doc_tenant_encode(kl_part_row(&part), &t);
	keep_rows(home, KL_ENABLED_TENANTS, period, &part);
}

static void tenants_feed_the_metrics_until_totals_take_their_place(void **state)
{
	struct home *home = *state;
	struct kl_period period;
	struct kl_own_value v;

	assert_rc(kl_enabled_latest(node_of(home), &period, &home->fault), KL_E_NOT_FOUND);
	keep_factors(home, 2016);
	keep_tenant(home, "2016", 1300);
	assert_rc(value(home, "enabled.fte", 2016, &v), KL_OK);
	assert_int_equal(v.value, 100); /* 130 square metres at 13 for each */
	assert_string_equal(v.origin, "the tenants of 2016");
	assert_string_equal(v.source, "estimates rest on: densities (2015); value (2016)");
	assert_string_equal(v.method, "estimated");
	assert_rc(value(home, "enabled.gva", 2016, &v), KL_OK);
	assert_int_equal(v.value, 500000);

	keep_record(home, 2015, 10, 0);
	assert_rc(kl_enabled_latest(node_of(home), &period, &home->fault), KL_OK);
	assert_int_equal(period.year, 2016);

	keep_record(home, 2016, 55, 0);
	assert_false(kl_enabled_has_tenants(node_of(home), year(2016)));
	assert_rc(value(home, "enabled.fte", 2016, &v), KL_OK);
	assert_int_equal(v.value, 55);
}

static void a_damaged_row_is_an_error_and_not_a_figure(void **state)
{
	struct home *home = *state;
	struct kl_own_value v;
	struct kl_part part;

	keep_ledger(home, "Bakery", 2016, 8000);
	kl_part_init(&part);
	kl_write_text(kl_part_row(&part), "no row");
	keep_rows(home, KL_LM3_SUPPLIERS, "bakery", &part);
	assert_rc(value(home, "lm3.score", 2016, &v), KL_E_MALFORMED);
	assert_non_null(strstr(home->fault.message, "suppliers cannot be read"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(projects_are_found_by_name_or_a_part_of_it),
		home_test(one_project_counts_for_a_period),
		home_test(a_project_feeds_the_metrics_of_lm3),
		home_test(turning_tables_back),
		home_test(recorded_totals_feed_the_metrics_of_tenants),
		home_test(tenants_feed_the_metrics_until_totals_take_their_place),
		home_test(a_damaged_row_is_an_error_and_not_a_figure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
