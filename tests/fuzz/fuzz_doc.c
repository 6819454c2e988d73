/* Documents of LM3 and enabled contribution, and tables in parts. */
#include "core/error.h"
#include "protocol/doc_council.h"
#include "protocol/doc_enabled.h"
#include "protocol/doc_factors.h"
#include "protocol/doc_import.h"
#include "protocol/doc_lm3.h"
#include "protocol/doc_lm3_sums.h"
#include "protocol/doc_supplier.h"
#include "protocol/part.h"
#include "tests/fuzz/codec.h"

#include <string.h>

#define SAMPLES(name, ...)                                                                         \
	void kl_fuzz_samples_##name(struct fuzz_corpus *corpus)                                    \
	{                                                                                          \
		struct kl_writer writer, *w = &writer;                                             \
                                                                                                   \
		kl_writer_init(w);                                                                 \
		__VA_ARGS__                                                                        \
		kl_writer_deinit(w);                                                               \
	}

static void fine(int rc)
{
	FUZZ_CHECK(rc == 0);
}

/* ---- LM3 ----------------------------------------------------------------------------------- */

static void fill_ledger(struct kl_lm3_ledger *x, const char *area)
{
	kl_lm3_ledger_init(x);
	strcpy(x->name, "jubilee");
	x->basis = KL_LM3_TURNOVER;
	x->period = (struct kl_period){KL_PERIOD_FINANCIAL, 2015, 0};
	x->has_income = true;
	x->income = 61701000;
	x->payroll_local = 20000000;
	x->other_elsewhere = 1;
	fine(kl_area_parse(area, NULL, &x->area));
}

SAMPLES(doc_lm3_ledger, {
	static const char *const areas[] = {"E08000033", "HX1 HX2", "12km 50.80,-1.90"};
	struct kl_lm3_ledger x;

	for (size_t i = 0; i < 3; i++) {
		fill_ledger(&x, areas[i]);
		x.has_income = i > 0;
		x.income = i ? x.income : 0;
		kl_doc_lm3_ledger_encode(w, &x);
		fuzz_sample_written(corpus, w);
	}
})
FUZZ_STABLE(doc_lm3_ledger, struct kl_lm3_ledger, kl_doc_lm3_ledger_decode(bytes, &x),
	kl_doc_lm3_ledger_encode(w, &x), fine(kl_lm3_ledger_check(&x, NULL)))

SAMPLES(doc_lm3_record, {
	struct kl_lm3_record x = {.name = "Halifax", .thousandths = 2430};

	x.basis = KL_LM3_CONTRACT;
	x.rating = KL_LM3_GREEN;
	x.period = (struct kl_period){KL_PERIOD_YEAR, 2016, 0};
	strcpy(x.source, "a printed report");
	fine(kl_area_parse("E08000033", NULL, &x.area));
	kl_doc_lm3_record_encode(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(doc_lm3_record, struct kl_lm3_record, kl_doc_lm3_record_decode(bytes, &x),
	kl_doc_lm3_record_encode(w, &x), fine(kl_lm3_record_check(&x, NULL)))

struct use {
	char project[KL_NAME_MAX];
};

SAMPLES(doc_lm3_use, {
	kl_doc_lm3_use_encode(w, "jubilee");
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(doc_lm3_use, struct use, kl_doc_lm3_use_decode(bytes, x.project),
	kl_doc_lm3_use_encode(w, x.project), FUZZ_CHECK(x.project[0]))

/* Which document it is, both decoders agree on. */
SAMPLES(doc_lm3_sums, {
	struct kl_lm3_classes x = {.suppliers = 9, .negative = -500, .negatives = 1};
	const struct kl_id stamp = {.b = {1, 2, 3}};

	x.of[KL_WHERE_LOCAL] = (struct kl_lm3_class){1000, 600, 240.5};
	x.of[KL_WHERE_ELSEWHERE] = (struct kl_lm3_class){70000, 0, 0};
	kl_doc_lm3_sums_encode(w, &stamp, &x);
	fuzz_sample_written(corpus, w);
})

struct sums {
	struct kl_id stamp;
	struct kl_lm3_classes classes;
};

FUZZ_STABLE(doc_lm3_sums, struct sums, kl_doc_lm3_sums_decode(bytes, &x.stamp, &x.classes),
	kl_doc_lm3_sums_encode(w, &x.stamp, &x.classes), fine(kl_lm3_classes_check(&x.classes)))

SAMPLES(doc_lm3_which, {
	struct kl_lm3_ledger x;

	fill_ledger(&x, "E08000033");
	kl_doc_lm3_ledger_encode(w, &x);
	fuzz_sample_written(corpus, w);
})
int kl_fuzz_doc_lm3_which(const uint8_t *data, size_t len)
{
	struct kl_bytes bytes = kl_bytes(data, len);
	struct kl_lm3_ledger ledger;
	struct kl_lm3_record record;
	bool is_ledger = !kl_doc_lm3_ledger_decode(bytes, &ledger);
	bool is_record = !kl_doc_lm3_record_decode(bytes, &record), said;

	FUZZ_CHECK(!is_ledger || !is_record);
	if (is_ledger || is_record)
		FUZZ_CHECK(!kl_doc_lm3_is_record(bytes, &said) && said == is_record);
	return is_ledger || is_record;
}

/* ---- enabled contribution ------------------------------------------------------------------ */

SAMPLES(doc_enabled_record, {
	struct kl_enabled_record x = {.period = {KL_PERIOD_YEAR, 2015, 0}, .source = "table 1"};

	x.has_fte = true;
	x.fte = 14010;
	x.fte_method = KL_METHOD_PARTLY;
	x.fte_confidence = x.gva_confidence = KL_CONFIDENCE_MODERATE;
	kl_doc_enabled_record_encode(w, &x);
	fuzz_sample_written(corpus, w);
	x.has_gva = true;
	x.gva = INT64_C(11960996400);
	kl_doc_enabled_record_encode(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(doc_enabled_record, struct kl_enabled_record, kl_doc_enabled_record_decode(bytes, &x),
	kl_doc_enabled_record_encode(w, &x), fine(kl_enabled_record_check(&x, NULL)))

static void fill_about(struct kl_factor_about *about, const char *name)
{
	strcpy(about->name, name);
	strcpy(about->source, "made up for a test");
	about->year = 2015;
}

static const struct kl_factors *made_up_factors(void)
{
	static struct kl_factors x;

	fill_about(&x.gva.about, "GVA per job");
	fill_about(&x.density.about, "densities");
	x.density.about.version = 3;
	x.gva.count = 2;
	x.gva.rows[0] = (struct kl_gva_row){"C", 5500000, 0};
	x.gva.rows[1] = (struct kl_gva_row){"IKOQRS", 4000000, KL_CAUTION_LUMPED};
	x.density.count = 2;
	x.density.rows[0] = (struct kl_density_row){"B1a", "offices", 80, 130, KL_BASIS_NIA};
	x.density.rows[1] = (struct kl_density_row){"A3", "cafés", 150, 200, KL_BASIS_UNKNOWN};
	x.ratio = (struct kl_gva_ratio){true, 0.45, "made up for a test", 2016};
	return &x;
}

/* The head of a table of the first version, which has no "version"; one row follows. */
static void put_first_table(struct kl_writer *w, const char *key)
{
	kl_put_map(w, key, 4);
	kl_put_text(w, "name", "densities");
	kl_put_text(w, "source", "made up for a test");
	kl_put_uint(w, "year", 2015);
	kl_put_array(w, "rows", 1);
}

static void put_first_factors(struct kl_writer *w)
{
	kl_write_map(w, 3);
	kl_put_uint(w, "v", KL_DOC_FACTORS_FIRST);
	put_first_table(w, "gva");
	kl_write_array(w, 3);
	kl_write_text(w, "C");
	kl_write_int(w, 5500000);
	kl_write_uint(w, 0);
	put_first_table(w, "density");
	kl_write_array(w, 5);
	kl_write_text(w, "A3");
	kl_write_maybe_text(w, "");
	kl_write_int(w, 150);
	kl_write_int(w, 200);
	kl_write_uint(w, KL_BASIS_NIA);
}

SAMPLES(doc_factors, {
	kl_doc_factors_encode(w, made_up_factors());
	fuzz_sample_written(corpus, w);
	put_first_factors(w);
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(doc_factors, struct kl_factors, kl_doc_factors_decode(bytes, &x),
	kl_doc_factors_encode(w, &x),
	(fine(kl_gva_table_check(&x.gva, NULL)), fine(kl_density_table_check(&x.density, NULL)),
		fine(kl_gva_ratio_check(&x.ratio, NULL))))

SAMPLES(doc_density, {
	kl_doc_density_encode(w, &made_up_factors()->density);
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(doc_density, struct kl_density_table, kl_doc_density_decode(bytes, &x),
	kl_doc_density_encode(w, &x), fine(kl_density_table_check(&x, NULL)))

SAMPLES(doc_gva, {
	kl_doc_gva_encode(w, &made_up_factors()->gva);
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(doc_gva, struct kl_gva_table, kl_doc_gva_decode(bytes, &x), kl_doc_gva_encode(w, &x),
	fine(kl_gva_table_check(&x, NULL)))

SAMPLES(doc_in_use, {
	struct kl_factors_in_use x = {.density = 2};

	kl_doc_in_use_encode(w, &x);
	fuzz_sample_written(corpus, w);
	x.gva = 1;
	x.ratio = made_up_factors()->ratio;
	kl_doc_in_use_encode(w, &x);
	fuzz_sample_written(corpus, w);
})
FUZZ_STABLE(doc_in_use, struct kl_factors_in_use, kl_doc_in_use_decode(bytes, &x),
	kl_doc_in_use_encode(w, &x), fine(kl_gva_ratio_check(&x.ratio, NULL)))

/* ---- imports ------------------------------------------------------------------------------- */

SAMPLES(doc_import_note, {
	struct kl_import_note x = {.file = "tenants.csv", .at = 1796000000000, .rows = 12};

	kl_doc_import_note_encode(w, &x);
	fuzz_sample_written(corpus, w);
	x.file[0] = '\0';
	kl_doc_import_note_encode(w, &x);
	fuzz_sample_written(corpus, w);
	fuzz_sample(corpus, "tenants.csv", 11); /* of the first version */
})
FUZZ_STABLE(doc_import_note, struct kl_import_note, kl_doc_import_note_decode(bytes, &x),
	kl_doc_import_note_encode(w, &x), FUZZ_CHECK(strlen(x.file) < KL_IMPORT_FILE_MAX))

static void sample_change(struct kl_writer *w, uint64_t version, bool was_there, bool is_there)
{
	struct kl_doc_change x = {.kind = "assessment", .name = "2026/", .version = version};

	x.was_there = was_there;
	x.is_there = is_there;
	if (was_there)
		x.before = kl_bytes_str("as it was");
	kl_doc_change_write(w, &x);
}

SAMPLES(doc_changes, {
	kl_doc_changes_begin(w, 4);
	sample_change(w, 0, true, true);
	sample_change(w, 0, true, false);
	sample_change(w, 0, false, true);
	sample_change(w, 7, false, false);
	fuzz_sample_written(corpus, w);
	kl_doc_changes_begin(w, 0);
	fuzz_sample_written(corpus, w);
})

static int changes_again(struct kl_bytes bytes, struct kl_writer *w)
{
	struct kl_cursor changes;
	struct kl_doc_change x;
	int rc = kl_doc_changes_open(bytes, &changes);

	if (rc)
		return rc;
	kl_doc_changes_begin(w, changes.left);
	while ((rc = kl_doc_change_next(&changes, &x)) == 1) {
		FUZZ_CHECK(fuzz_inside(bytes.data, bytes.len, x.before));
		kl_doc_change_write(w, &x);
	}
	return rc;
}

int kl_fuzz_doc_changes(const uint8_t *data, size_t len)
{
	return fuzz_stable(data, len, changes_again);
}

/* ---- tables in parts ----------------------------------------------------------------------- */

static void fill_supplier(struct kl_supplier *x, unsigned number)
{
	*x = (struct kl_supplier){.name = "Wem Bakery Ltd", .spend = 123456};
	x->sector = number % KL_SECTOR_COUNT;
	x->where = number % 3;
	if (number % 2) {
		strcpy(x->contact, "Ann Example");
		strcpy(x->email, "ann@example.org");
		strcpy(x->place, "HX1");
		x->answered = true;
		x->respent = 0.45;
	} else {
		x->spend = -1;
	}
}

static void fill_tenant(struct kl_tenant *x, unsigned number)
{
	*x = (struct kl_tenant){.name = "Corner Café"};
	if (!number)
		return;
	strcpy(x->activity, "coffee and cake");
	x->has_floor = x->has_turnover = x->has_fte = x->has_gva = true;
	x->floor = 1205;
	x->fte = 45;
	x->turnover = x->gva = 100000;
	x->section = 'I';
	strcpy(x->use_class, "A3");
	x->section_judged = true;
	x->basis = KL_BASIS_GIA;
}

/* Rows go through a part, as they are uploaded, and are read out of it. */
SAMPLES(suppliers_part, {
	struct kl_supplier x;
	struct kl_part part;
	struct kl_bytes bytes;
	bool full;

	(void)w;
	kl_part_init(&part);
	for (unsigned i = 0; i < 8; i++) {
		fill_supplier(&x, i);
		kl_doc_supplier_encode(kl_part_row(&part), &x);
		FUZZ_CHECK(!kl_part_end_row(&part, &full) && !full);
		FUZZ_CHECK(!kl_part_bytes(&part, &bytes));
		fuzz_sample(corpus, bytes.data, bytes.len);
	}
	kl_part_deinit(&part);
})

static int supplier_again(const struct kl_value *row, struct kl_writer *w)
{
	struct kl_supplier x;
	int rc = kl_doc_supplier_decode(row, &x);

	if (rc)
		return rc;
	fine(kl_supplier_check(&x, NULL));
	kl_doc_supplier_encode(w, &x);
	return KL_OK;
}

static int tenant_again(const struct kl_value *row, struct kl_writer *w)
{
	struct kl_tenant x;
	int rc = kl_doc_tenant_decode(row, &x);

	if (rc)
		return rc;
	fine(kl_tenant_check(&x, NULL));
	kl_doc_tenant_encode(w, &x);
	return KL_OK;
}

/* Reads all rows of a part and puts them into another one. Rows may become shorter, never longer,
 * so that they fit. */
static int part_again(struct kl_bytes bytes,
	int (*again)(const struct kl_value *, struct kl_writer *), struct kl_writer *w)
{
	struct kl_cursor rows;
	struct kl_part part;
	struct kl_value row;
	struct kl_bytes out;
	bool full;
	int rc = kl_part_open(bytes, &rows);

	if (rc)
		return rc;
	FUZZ_CHECK(bytes.len <= KL_PART_MAX);
	kl_part_init(&part);
	while (!rc && kl_cursor_next(&rows, &row)) {
		FUZZ_CHECK(fuzz_inside(bytes.data, bytes.len, row.raw));
		rc = again(&row, kl_part_row(&part));
		if (!rc)
			FUZZ_CHECK(!kl_part_end_row(&part, &full) && !full);
	}
	if (!rc) {
		FUZZ_CHECK(!kl_part_bytes(&part, &out) && out.len <= KL_PART_MAX);
		kl_write_raw(w, out);
	}
	kl_part_deinit(&part);
	return rc;
}

static int suppliers_again(struct kl_bytes bytes, struct kl_writer *w)
{
	return part_again(bytes, supplier_again, w);
}

int kl_fuzz_suppliers_part(const uint8_t *data, size_t len)
{
	return fuzz_stable(data, len, suppliers_again);
}

SAMPLES(tenants_part, {
	struct kl_tenant x;

	for (unsigned i = 0; i < 2; i++) {
		kl_write_array(w, 2);
		fill_tenant(&x, i);
		kl_doc_tenant_encode(w, &x);
		fill_tenant(&x, 1);
		kl_doc_tenant_encode(w, &x);
		fuzz_sample_written(corpus, w);
	}
})

static int tenants_again(struct kl_bytes bytes, struct kl_writer *w)
{
	return part_again(bytes, tenant_again, w);
}

int kl_fuzz_tenants_part(const uint8_t *data, size_t len)
{
	return fuzz_stable(data, len, tenants_again);
}

/* What a part says is added up: no row that was accepted may break the sum. */
SAMPLES(lm3_sum, {
	struct kl_supplier x;

	kl_write_array(w, 6);
	for (unsigned i = 0; i < 6; i++) {
		fill_supplier(&x, i);
		x.name[0] = (char)('A' + i / 2);
		kl_doc_supplier_encode(w, &x);
	}
	fuzz_sample_written(corpus, w);
})

static bool in_order(const struct kl_lm3_amounts *a)
{
	return a->low <= a->high &&
	       (!a->has_central || (a->low <= a->central && a->central <= a->high));
}

static void check_result(const struct kl_lm3_result *r)
{
	FUZZ_CHECK(in_order(&r->round2) && in_order(&r->round3));
	FUZZ_CHECK(r->lm3.low <= r->lm3.high && r->lm3.low >= 1.0);
	FUZZ_CHECK(r->answered_share >= 0 && r->answered_share <= 1);
	FUZZ_CHECK(r->warning_count <= KL_LM3_WARNINGS_MAX);
	for (unsigned i = 0; i < r->warning_count; i++)
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(r->warnings[i]), true));
}

int kl_fuzz_lm3_sum(const uint8_t *data, size_t len)
{
	struct kl_lm3_result result;
	struct kl_lm3_ledger ledger;
	struct kl_lm3_sum *sum;
	struct kl_supplier x;
	struct kl_cursor rows;
	struct kl_value row;
	int added = 0;

	if (kl_part_open(kl_bytes(data, len), &rows))
		return 0;
	fill_ledger(&ledger, "HX1 HX2");
	fine(kl_lm3_sum_new(&ledger, NULL, &sum));
	while (kl_cursor_next(&rows, &row))
		if (!kl_doc_supplier_decode(&row, &x))
			added += !kl_lm3_sum_add(sum, &x, NULL);
	if (!kl_lm3_sum_result(sum, NULL, &result))
		check_result(&result);
	kl_lm3_sum_destroy(sum);
	return added > 0;
}

/* ---- councils ------------------------------------------------------------------------------ */

SAMPLES(councils_part, {
	struct kl_council x = {.gss = "E07000999", .name = "Wemshire District Council"};

	kl_write_array(w, 2);
	kl_doc_council_encode(w, &x);
	strcpy(x.short_name, "Wemshire");
	strcpy(x.type, "district");
	strcpy(x.region, "west_midlands");
	strcpy(x.rural_urban, "rural");
	x.population = (struct kl_optional_int){true, 120500};
	x.population_year = 2020;
	x.latitude = (struct kl_optional_double){true, 52.85};
	x.deprivation_quintile = 2;
	x.deprivation_decile = 4;
	x.urban = (struct kl_optional_double){true, 0.5};
	kl_doc_council_encode(w, &x);
	fuzz_sample_written(corpus, w);
})

static int council_again(const struct kl_value *row, struct kl_writer *w)
{
	struct kl_council x;
	int rc = kl_doc_council_decode(row, &x);

	if (rc)
		return rc;
	fine(kl_council_check(&x, NULL));
	kl_doc_council_encode(w, &x);
	return KL_OK;
}

static int councils_again(struct kl_bytes bytes, struct kl_writer *w)
{
	return part_again(bytes, council_again, w);
}

int kl_fuzz_councils_part(const uint8_t *data, size_t len)
{
	return fuzz_stable(data, len, councils_again);
}
