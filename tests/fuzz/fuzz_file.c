/* Files that people write: tables, settings, and the identity in a home. Readers take paths, so the
 * bytes go through a file in memory, or one in a home of their own. */
#include "client/answers.h"
#include "client/assessment_form.h"
#include "client/councils_file.h"
#include "client/csv.h"
#include "client/csv_write.h"
#include "client/factor_files.h"
#include "client/import_kinds.h"
#include "client/json.h"
#include "client/observations.h"
#include "client/policy_file.h"
#include "client/profile_form.h"
#include "client/shared_file.h"
#include "client/suppliers.h"
#include "client/tenant_forms.h"
#include "client/tenants.h"
#include "core/error.h"
#include "daemon/config.h"
#include "daemon/home.h"
#include "protocol/doc_observation.h"
#include "protocol/part.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct kl_fault fault;

/* Path of a file in memory with these bytes; the next call with the same number replaces it. */
static const char *file_of(const void *data, size_t len, int number)
{
	static char paths[2][40];
	static int files[2] = {-1, -1};

	if (files[number] < 0)
		files[number] = memfd_create("fuzz", MFD_CLOEXEC);
	FUZZ_CHECK(files[number] >= 0 && !ftruncate(files[number], 0));
	FUZZ_CHECK(pwrite(files[number], data, len, 0) == (ssize_t)len);
	snprintf(paths[number], sizeof paths[number], "/proc/self/fd/%d", files[number]);
	return paths[number];
}

static int told(int rc)
{
	if (rc >= 0)
		return rc;
	FUZZ_CHECK(fault.code == rc && fault.message[0]);
	FUZZ_CHECK(memchr(fault.message, 0, sizeof fault.message));
	FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fault.message), true));
	FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fault.hint), true));
	return rc;
}

/* ---- CSV ----------------------------------------------------------------------------------- */

void kl_fuzz_samples_csv(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(
		corpus, "supplier,spend,local\r\nWem Bakery,\"1,234.56\",yes\r\n\r\nB,2,\r\n");
	fuzz_sample_text(corpus, "\xef\xbb\xbf"
				 "a;b\n\"two\nlines\";\"with \"\"quotes\"\"\"\n");
	fuzz_sample_text(corpus, "a\tb\rcaf\xe9\t\x80"
				 "5\r'=1+1\t -3 \r");
	fuzz_sample_text(corpus, "'-5,'@x,'+1\n,,\n\"\"\n");
	fuzz_seed_text(corpus, "broken \x81\x8d\n\"never closed");
	fuzz_seed_text(corpus, "PK\x03\x04");
}

static void check_row(const struct kl_csv_row *row, uint32_t line)
{
	FUZZ_CHECK(row->count >= 1 && row->count <= KL_CSV_CELLS_MAX);
	FUZZ_CHECK(row->line >= line);
	for (unsigned i = 0; i < row->count; i++) {
		const char *cell = row->cells[i];

		FUZZ_CHECK(strlen(cell) < sizeof row->text);
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(cell), true));
		FUZZ_CHECK(!row->blank || !cell[0]);
	}
}

/* What was read, written by our own writer. */
static char *copy_table(struct kl_csv *csv, struct kl_csv_row *row, size_t *ret_len, int *ret_rc)
{
	struct kl_csv_writer w = {0};
	uint32_t line = 1;
	char *text = NULL;

	w.out = open_memstream(&text, ret_len);
	FUZZ_CHECK(w.out);
	while ((*ret_rc = told(kl_csv_next(csv, row, &fault))) > 0) {
		check_row(row, line);
		line = row->line + 1;
		for (unsigned i = 0; i < row->count; i++)
			kl_csv_write_text(&w, row->cells[i]);
		FUZZ_CHECK(!kl_csv_write_end(&w));
	}
	fclose(w.out);
	return text;
}

/* A table that was read and written again is the same table. */
int kl_fuzz_csv(const uint8_t *data, size_t len)
{
	static struct kl_csv_row row;
	struct kl_csv *csv;
	char *first, *second;
	size_t n, m;
	int rc, again;

	if (told(kl_csv_open(file_of(data, len, 0), &fault, &csv)))
		return 0;
	kl_csv_set_separator(csv, len % 3 == 0 ? ';' : len % 3 == 1 ? '\t' : ',');
	first = copy_table(csv, &row, &n, &rc);
	kl_csv_close(csv);
	if (!rc && n) {
		FUZZ_CHECK(!kl_csv_open(file_of(first, n, 1), &fault, &csv));
		second = copy_table(csv, &row, &m, &again);
		kl_csv_close(csv);
		FUZZ_CHECK(!again && n == m && !memcmp(first, second, n));
		free(second);
	}
	free(first);
	return rc == 0;
}

/* ---- tables with a meaning ----------------------------------------------------------------- */

void kl_fuzz_samples_suppliers(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus,
		"supplier,contact,email,spend,place,local,sector,respent_locally\n"
		"Wem Bakery Ltd,Ann,ann@example.org,\"1,234.56\",HX1,yes,small,45%\n"
		"B,,,-12,,no,,\nC,,,£7,,unknown,voluntary,0.5\n");
	fuzz_sample_text(corpus, "my spending;\n\nSupplier;Spend;Colour\nCafé;12.50;red\n");
	fuzz_seed_text(corpus, "name,amount\nA,1\n");
}

int kl_fuzz_suppliers(const uint8_t *data, size_t len)
{
	struct kl_suppliers *suppliers;
	struct kl_supplier row;
	int64_t total = 0;
	uint32_t rows = 0;
	int rc;

	if (told(kl_suppliers_open(file_of(data, len, 0), NULL, &fault, &suppliers)))
		return 0;
	while ((rc = told(kl_suppliers_next(suppliers, &fault, &row))) > 0) {
		FUZZ_CHECK(!kl_supplier_check(&row, NULL));
		total += row.spend;
		rows++;
	}
	if (!rc) {
		FUZZ_CHECK(kl_suppliers_rows(suppliers) == rows && rows > 0);
		FUZZ_CHECK(kl_suppliers_total(suppliers) == total && total >= 0);
	}
	kl_suppliers_close(suppliers);
	return rc == 0;
}

void kl_fuzz_samples_answers(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, "supplier,respent_locally,local\n"
				 "Wem Bakery Ltd,45%,yes\nB,0.5,no\nC,,\n");
	fuzz_sample_text(corpus, "The Trust asks;;\n\nSupplier;Where;Re-spent locally\n"
				 "Caf\xc3\xa9;elsewhere;1\n");
}

int kl_fuzz_answers(const uint8_t *data, size_t len)
{
	const char *path = file_of(data, len, 0);
	struct kl_answers *answers;
	struct kl_lm3_answer row;
	uint32_t rows = 0;
	int rc;

	if (told(kl_answers_open(&path, 1, NULL, &fault, &answers)))
		return 0;
	for (; (rc = told(kl_answers_next(answers, &fault, &row))) > 0; rows++)
		FUZZ_CHECK(!kl_lm3_answer_check(&row, NULL));
	FUZZ_CHECK(rc || rows > 0);
	kl_answers_close(answers);
	return rc == 0;
}

void kl_fuzz_samples_tenants(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, "tenant,activity,floor_space_m2,turnover,staff_fte\n"
				 "Corner Café,coffee shop,120.5,£100000,4.5\nB,,,,\n");
	fuzz_sample_text(corpus, "Tenant\tSIC\tUse class\tArea basis\tGVA\nA\t87.90\tD1\tGIA\t5\n");
}

int kl_fuzz_tenants(const uint8_t *data, size_t len)
{
	static const struct kl_activity_word words[] = {{"coffee", 'I', "A3"}, {"shop", 'G', "A1"}};
	struct kl_tenants *tenants;
	struct kl_tenant row;
	uint32_t rows = 0;
	int rc;

	if (told(kl_tenants_open(file_of(data, len, 0), NULL, words, 2, &fault, &tenants)))
		return 0;
	for (; (rc = told(kl_tenants_next(tenants, &fault, &row))) > 0; rows++)
		FUZZ_CHECK(!kl_tenant_check(&row, NULL));
	if (!rc)
		FUZZ_CHECK(kl_tenants_rows(tenants) == rows && rows > 0);
	kl_tenants_close(tenants);
	return rc == 0;
}

void kl_fuzz_samples_tenant_form(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, "question,answer\r\n\"Your organisation's name\",Corner Café\r\n"
				 "1. What do you do here?,coffee and cake\r\n"
				 "2. How much floor space do you use?,120 m2\r\n"
				 "3. What was your turnover last year?,\"£120,000\"\r\n"
				 "4. How many staff work here?,4.5\r\n");
	fuzz_sample_text(corpus, "a title\nquestion;answer\nname;A\nstaff;?\n");
}

int kl_fuzz_tenant_form(const uint8_t *data, size_t len)
{
	static const struct kl_activity_word words[] = {{"coffee", 'I', "A3"}};
	struct kl_sheet *sheet;
	struct kl_tenant tenant;

	if (told(kl_tenant_form_read(
		    file_of(data, len, 0), NULL, words, 1, &fault, &tenant, &sheet)))
		return 0;
	FUZZ_CHECK(!kl_tenant_check(&tenant, NULL));
	for (unsigned i = 0; i < kl_sheet_notes(sheet); i++)
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(kl_sheet_note(sheet, i)), false));
	kl_sheet_close(sheet);
	return 1;
}

void kl_fuzz_samples_observations(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, "indicator,component,period,place,value,text,method,confidence\n"
				 "smoking,,2016,Wem,18%,fewer,survey,high\n"
				 "c2.enabled,gva,2016/17,,£1.2m,,,\nmeals,,2016,,120,,,\n");
	fuzz_sample_text(corpus, "Measure\tWhen\tFigure\nlm3.score\t2016\t2.43\n");
	fuzz_seed_text(corpus, "indicator;period;value\ntrust;2016;5%\n");
}

/* Names as a daemon would read them, and one definition of a member. */
static int mean(void *arg, const char *name, struct kl_meaning *ret, struct kl_fault *f)
{
	struct kl_meaning m = {.defined = !strcmp(name, "meals")};
	const struct kl_indicator *it;
	size_t index;

	(void)arg;
	if (m.defined) {
		m.definition = (struct kl_definition){.name = "Meals",
			.form = KL_BOTH_FORMS,
			.part_count = 1,
			.parts = {{"", "plates", KL_UNIT_COUNT, KL_HIGHER_BETTER}}};
		strcpy(m.code, "d.abcd000000000000.meals");
	} else if (kl_metric_index(name, &index) == 0) {
		(void)kl_copy_text(m.code, sizeof m.code, name);
	} else if (kl_indicator_find(name, &it, f)) {
		return f->code;
	} else {
		(void)kl_copy_text(m.code, sizeof m.code, it->code);
	}
	*ret = m;
	return KL_OK;
}

int kl_fuzz_observations(const uint8_t *data, size_t len)
{
	struct kl_observations *table;
	struct kl_writer w;
	size_t rows = 0;
	int rc;

	if (told(kl_observations_read(file_of(data, len, 0), NULL, mean, NULL, &fault, &table)))
		return 0;
	kl_writer_init(&w);
	while ((rc = told(kl_observations_part(table, &w, &fault))) > 0) {
		struct kl_cursor cursor;
		struct kl_value row;
		struct kl_bytes part;

		FUZZ_CHECK(!kl_writer_bytes(&w, &part) && !kl_part_open(part, &cursor));
		for (; kl_cursor_next(&cursor, &row); rows++) {
			struct kl_observation o;

			FUZZ_CHECK(!kl_doc_observation_decode(row.raw, &o, &fault));
		}
		kl_writer_reset(&w);
	}
	FUZZ_CHECK(!rc && rows == kl_observations_count(table) && rows > 0);
	kl_writer_deinit(&w);
	kl_observations_destroy(table);
	return 1;
}

void kl_fuzz_samples_import_kind(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, "supplier,amount,date\nWem Bakery,12.50,31/12/2016\n");
	fuzz_sample_text(corpus, "a title\ntenant;activity;staff\nCorner Café;cake;4\n");
	fuzz_sample_text(corpus, "question\tanswer\nname\tA\n");
	fuzz_seed_text(corpus, "name\nA\n");
	fuzz_seed_text(corpus, "colour,shape\nred,round\n");
}

/* Whatever a file is taken for, its columns are those of that kind. */
int kl_fuzz_import_kind(const uint8_t *data, size_t len)
{
	const char *path = file_of(data, len, 0);
	const struct kl_import_kind *kind;
	const struct kl_column *columns;
	struct kl_sheet_fit fit, again;
	unsigned count;

	if (told(kl_import_recognise(path, NULL, &fault, &kind, &fit)))
		return 0;
	columns = kind->columns(&count);
	FUZZ_CHECK(!kl_sheet_fit(path, NULL, columns, count, &fault, &again));
	FUZZ_CHECK(again.fits && again.known == fit.known && fit.known <= count);
	FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fit.found), false));
	return 1;
}

void kl_fuzz_samples_factor_file(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, "name,Densities\nsource,made up\nyear,2015\n"
				 "use_class,use,low_m2,high_m2,area_basis\nB1a,offices,8,13,NIA\n");
	fuzz_sample_text(corpus, "name,GVA\nsource,made up\nyear,2016\n"
				 "section,industry,gva_million,jobs,caution\nC,making,100.5,2000,\n"
				 "L,homes,50,100,imputed rent\n");
}

int kl_fuzz_factor_file(const uint8_t *data, size_t len)
{
	static struct kl_factors factors;
	bool is_gva;

	if (told(kl_factors_read(file_of(data, len, 0), NULL, &fault, &factors, &is_gva)))
		return 0;
	if (is_gva)
		FUZZ_CHECK(!kl_gva_table_check(&factors.gva, NULL));
	else
		FUZZ_CHECK(!kl_density_table_check(&factors.density, NULL));
	return 1;
}

void kl_fuzz_samples_assessment_form(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus,
		"a title\ncode,question,score,in words,score 2,in words 2\nperiod,,,2026,,\n"
		"place,,,Halifax\nassessor,,,board,,residents\nC1,,2 "
		"partial,why,4,\nC1.3,,none,,0,\n"
		"C1 gaps,,,\"two\nlines\",,\nprinciple 2,,,slowly\nstrategy 1,,,Plan = "
		"silent\nP2,,1\n");
	fuzz_sample_text(corpus, "Code;Score;Words\nleadership;leading;\nc7 next action;;map it\n");
	fuzz_seed_text(corpus, "code,score\nC9 gaps,x\nprinciple 9,y\n");
}

/* What was read fits into the rows that go up, and every field is one that can be filled. */
int kl_fuzz_assessment_form(const uint8_t *data, size_t len)
{
	struct kl_filled_form form;
	struct kl_sheet *sheet;
	int rc;

	if (told(kl_sheet_open(file_of(data, len, 0), NULL, kl_assessment_columns, KL_FORM_COLUMNS,
		    &fault, &sheet)))
		return 0;
	rc = told(kl_assessment_form_read(sheet, &form, &fault));
	if (!rc) {
		FUZZ_CHECK(form.count > 0 && form.count <= KL_FORM_ROWS_MAX);
		for (size_t i = 0; i < form.count; i++) {
			const struct kl_form_row *e = &form.rows[i];
			size_t f = 0;

			while (kl_fill_fields[f] && strcmp(kl_fill_fields[f], e->field) != 0)
				f++;
			FUZZ_CHECK(kl_fill_fields[f] && e->assessor < KL_FORM_ASSESSORS_MAX);
			FUZZ_CHECK(memchr(e->assignment, 0, sizeof e->assignment));
			FUZZ_CHECK(memchr(e->where, 0, sizeof e->where));
		}
		kl_filled_form_deinit(&form);
	}
	kl_sheet_close(sheet);
	return rc == 0;
}

/* ---- what members pass on -------------------------------------------------------------------- */

void kl_fuzz_samples_shared_file(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus,
		"{\"keeplocal\": \"assessment\", \"v\": 1, \"for\": [\"A\", \"Caf\u00e9\"],\n"
		"\"place\": null, \"words\": true, \"n\": {\"a\": [[]], \"b\": -5}}\n");
	fuzz_sample_text(corpus, "{\"keeplocal\":\"assessment\"}");
	fuzz_seed_text(corpus, "{\"keeplocal\": \"assessment\", \"v\": 1.5}");
	fuzz_seed_text(
		corpus, "{\"keeplocal\": \"assessment\", \"v\": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]}");
}

/* What was read is one map within the limits of wire.h, and reads the same once it was written. */
int kl_fuzz_shared_file(const uint8_t *data, size_t len)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_value value;
	json_t *json = NULL;
	int rc;

	kl_writer_init(&w);
	rc = told(kl_shared_file_read(file_of(data, len, 0), &w, &fault));
	if (!rc && !kl_writer_bytes(&w, &bytes) && !kl_value_open(bytes, &value)) {
		FUZZ_CHECK(value.type == KL_WIRE_MAP);
		if (!kl_json_from_value(&value, &json)) {
			struct kl_writer again;

			kl_writer_init(&again);
			FUZZ_CHECK(!kl_json_to_value(json, &again));
			fuzz_same_written(&w, &again);
			kl_writer_deinit(&again);
			json_decref(json);
		}
	}
	kl_writer_deinit(&w);
	return rc == 0;
}

/* ---- the daemon's files -------------------------------------------------------------------- */

void kl_fuzz_samples_config(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus,
		"# settings\nbind = tcp://0.0.0.0:7700\nconnect = tcp://a.example:1\n"
		"connect=tcp://[::1]:2\nadvertise = tcp://b.example:7700\n");
	fuzz_sample_text(corpus, "control = /run/keeplocal/control\nbeat = 15s\nlog = debug\n"
				 "max_store = 4G\nveto = Somebody\nconsent = always\nseat = no\n");
	fuzz_seed_text(corpus, "beet = 15s\n");
	fuzz_seed_text(corpus, "beat = 99w\nmax_store = 1\n");
}

int kl_fuzz_config(const uint8_t *data, size_t len)
{
	struct kl_config config;
	int rc;

	kl_config_init(&config);
	rc = told(kl_config_read(&config, file_of(data, len, 0), &fault));
	FUZZ_CHECK(config.connects <= KL_CONNECTS_MAX && config.vetoes <= KL_VETOES_MAX);
	FUZZ_CHECK(!config.bind[0] || strlen(config.bind) < KL_ENDPOINT_MAX);
	FUZZ_CHECK(config.beat_ms >= 50 && config.beat_ms <= 3600000);
	FUZZ_CHECK(config.max_store >= 1 << 20);
	for (size_t i = 0; i < config.vetoes; i++)
		FUZZ_CHECK(memchr(config.veto[i], 0, KL_VETO_MAX));
	return rc == 0;
}

void kl_fuzz_samples_duration(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {"30s", "5m", "2h", "3d", "1w", "250ms", "7"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		fuzz_sample_text(corpus, texts[i]);
	fuzz_seed_text(corpus, "99999999999999999999w");
}

int kl_fuzz_duration(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len);
	uint64_t ms = 42;
	int rc = kl_duration_parse(text, &ms);

	FUZZ_CHECK(!rc || (rc == KL_E_INVALID && ms == 42));
	free(text);
	return rc == 0;
}

static char home_path[] = "/tmp/keeplocal-fuzz-XXXXXX";

static void remove_home(void)
{
	static const char *const names[] = {"identity", "data", "tally", ""};
	char path[80];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", home_path, names[i]);
		remove(path);
	}
}

static void make_home(void)
{
	struct kl_identity identity = {.name = "Bradford", .kind = KL_MEMBER_COUNCIL};
	static bool made;

	if (made)
		return;
	made = true;
	FUZZ_CHECK(mkdtemp(home_path));
	atexit(remove_home);
	strcpy(identity.gss, "E08000032");
	FUZZ_CHECK(!kl_home_create(home_path, &identity, &fault));
}

/* The identity as it was written, with keys that the fuzzer may know. */
void kl_fuzz_samples_identity(struct fuzz_corpus *corpus)
{
	char path[80], text[2048];
	FILE *file;
	size_t len;

	make_home();
	snprintf(path, sizeof path, "%s/identity", home_path);
	file = fopen(path, "rb");
	FUZZ_CHECK(file);
	len = fread(text, 1, sizeof text, file);
	fclose(file);
	for (size_t i = 0; i + 64 < len; i++)
		if (strspn(text + i, "0123456789abcdef") == 64)
			memset(text + i, 'a', 64);
	fuzz_sample(corpus, text, len);
}

int kl_fuzz_identity(const uint8_t *data, size_t len)
{
	struct kl_box_keys curve;
	struct kl_home home;
	char path[80];
	int file, rc;

	make_home();
	snprintf(path, sizeof path, "%s/identity", home_path);
	/* cut afterwards: a file cut to nothing and written anew is flushed by some file systems */
	file = open(path, O_WRONLY | O_CLOEXEC);
	FUZZ_CHECK(file >= 0 && pwrite(file, data, len, 0) == (ssize_t)len);
	FUZZ_CHECK(!ftruncate(file, (off_t)len));
	close(file);
	rc = told(kl_home_open(&home, home_path, &fault));
	if (rc) {
		FUZZ_CHECK(rc != KL_E_BUG && home.dir == -1);
		return 0;
	}
	FUZZ_CHECK(memchr(home.identity.name, 0, sizeof home.identity.name));
	FUZZ_CHECK(strcmp(kl_member_kind_name(home.identity.kind), "unknown") != 0);
	kl_box_keys_from_seed(home.identity.curve.secret, &curve);
	FUZZ_CHECK(kl_id_equal(&curve.public_key, &home.identity.curve.public_key));
	kl_home_close(&home);
	return 1;
}

/* ---- forms of policies --------------------------------------------------------------------- */

void kl_fuzz_samples_policy_file(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, "A title\nSocial value policy,Answer,What to "
				 "write\nStatus,adopted,none or adopted\n"
				 "Form,policy; toolkit,\nWeight in scoring,20%,\nApplied "
				 "above,\"50,000\",\nDate,1/4/2026,\n"
				 "In a few words,\"Two\nlines\",\nReported in public,,yes or no\n");
	fuzz_sample_text(corpus, "social value policy;answer\nweight_percent;5\n");
}

/* Whatever was taken is a policy, and no field stands there twice. */
int kl_fuzz_policy_file(const uint8_t *data, size_t len)
{
	struct kl_policy_file file;
	struct kl_policy policy;
	struct kl_sheet *sheet;
	unsigned count;
	const struct kl_column *columns = kl_policy_columns(&count);
	int rc;

	fault = (struct kl_fault){0};
	if (told(kl_sheet_open(file_of(data, len, 0), NULL, columns, count, &fault, &sheet)))
		return 0;
	rc = told(kl_policy_file_read(sheet, &file, &fault));
	kl_sheet_close(sheet);
	if (rc)
		return 0;
	FUZZ_CHECK(file.count && file.count <= kl_policy_form.n);
	kl_policy_init(&policy);
	for (size_t i = 0; i < file.count; i++)
		FUZZ_CHECK(!kl_policy_assign(&policy, file.assignments[i], NULL));
	FUZZ_CHECK(!kl_policy_check(&policy, NULL));
	kl_policy_deinit(&policy);
	kl_policy_file_deinit(&file);
	return 1;
}

/* ---- tables of councils -------------------------------------------------------------------- */

void kl_fuzz_samples_councils_file(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus,
		"gss_code,official_name,short_name,nation,region,la_type,county_la_code,pop_2020,"
		"area_km2,lat,long,deprivation quintile,imd_score,urban_share,ruc_label\n"
		"E07000999,Wemshire District Council,Wemshire,England,West Midlands,District,WMS,"
		"120500.0,482,52.85,-2.72,2,24.7,0.5,Urban\n"
		"W06000999,Cwm Council,,Wales,Wales,Welsh unitary authority,,,,,,,,,\n");
	fuzz_sample_text(corpus, "GSS;Council;Population 2024\nE06000999;A;\"1,234\"\n");
}

/* Whatever was taken is a council, and no code stands there twice. */
int kl_fuzz_councils_file(const uint8_t *data, size_t len)
{
	struct kl_councils_file *file;
	struct kl_council council;
	char first[KL_GSS_MAX] = "";
	int rc;

	fault = (struct kl_fault){0};
	rc = told(kl_councils_file_open(file_of(data, len, 0), NULL, &fault, &file));
	if (rc)
		return 0;
	while ((rc = told(kl_councils_file_next(file, &fault, &council))) == 1) {
		FUZZ_CHECK(!kl_council_check(&council, NULL));
		FUZZ_CHECK(strcmp(first, council.gss) != 0);
		if (!first[0])
			memcpy(first, council.gss, sizeof first);
	}
	kl_councils_file_close(file);
	return rc == 0;
}

/* ---- filled-in profiles -------------------------------------------------------------------- */

void kl_fuzz_samples_profile_form(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus,
		"profile field,value,what,who says it,expected\n"
		"org_id,GB-CHC-1036460; GB-COH-04113525,,,\nservices,caf\xc3\xa9; parks,,,\n"
		"staff,12.5,,,\nstage,starting,,,\npopulation,,,,\n");
	fuzz_sample_text(corpus, "Field;Value\nRegion;London\nKind;council\ngss;E08000032\n");
}

/* Whatever was taken can be set, field by field. */
int kl_fuzz_profile_form(const uint8_t *data, size_t len)
{
	struct kl_profile_form_read *read = calloc(1, sizeof *read);
	struct kl_profile profile;
	int rc;

	FUZZ_CHECK(read);
	fault = (struct kl_fault){0};
	rc = told(kl_profile_form_read(file_of(data, len, 0), NULL, &fault, read));
	kl_profile_init(&profile);
	for (size_t i = 0; !rc && i < read->n; i++)
		FUZZ_CHECK(!kl_profile_assign(&profile, read->assignments[i], NULL));
	kl_profile_deinit(&profile);
	kl_profile_form_deinit(read);
	free(read);
	return rc == 0;
}
