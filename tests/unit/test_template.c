/* Templates come back in as tables: empty, filled in, and as their examples. */
#include "client/suppliers.h"
#include "client/template.h"
#include "client/tenants.h"
#include "tests/unit/xlsx_file.h"

static struct kl_fault fault;
static char dir[64], path[96];

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/keeplocal-template-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int empty_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static const struct kl_template *find(const char *name)
{
	for (const struct kl_template *const *t = kl_templates; *t; t++)
		if (!strcmp((*t)->name, name))
			return *t;
	fail_msg("no template %s", name);
	return NULL;
}

/* Writes a template to `path`, whose ending is given. */
static void write_template(const char *name, const char *ending, bool examples)
{
	struct kl_book *book = NULL;

	unlink(path);
	snprintf(path, sizeof path, "%s/table%s", dir, ending);
	assert_int_equal(kl_book_new(path, &fault, &book), KL_OK);
	kl_template_write(find(name), kl_book_is_xlsx(path), examples, book);
	if (kl_book_finish(book, &fault))
		fail_msg("%s", fault.message);
	kl_book_close(book);
}

/* Puts rows below those that a sheet has, as somebody who fills it in. */
static void fill_in(const char *rows)
{
	static const char part[] = "xl/worksheets/sheet1.xml", end[] = "</sheetData>";
	static char text[65536], filled[65536];
	zip_t *zip = zip_open(path, 0, NULL);
	zip_file_t *file = zip ? zip_fopen(zip, part, 0) : NULL;
	zip_int64_t n;
	char *at;

	assert_non_null(file);
	n = zip_fread(file, text, sizeof text - 1);
	assert_true(n > 0);
	text[n] = '\0';
	zip_fclose(file);
	at = strstr(text, end);
	assert_non_null(at);
	snprintf(filled, sizeof filled, "%.*s%s%s", (int)(at - text), text, rows, at);
	zip_text(zip, part, filled, strlen(filled));
	assert_int_equal(zip_close(zip), 0);
}

/* All columns that the template has are read, and it says of nothing that it is not known. */
static void check_notes(const struct kl_sheet *sheet)
{
	for (unsigned i = 0; i < kl_sheet_notes(sheet); i++)
		assert_null(strstr(kl_sheet_note(sheet, i), "not known"));
}

static unsigned read_suppliers(const char *tab, struct kl_supplier out[4])
{
	struct kl_suppliers *suppliers = NULL;
	unsigned n = 0;
	int rc = kl_suppliers_open(path, tab, &fault, &suppliers);

	while (!rc && (rc = kl_suppliers_next(suppliers, &fault, &out[n])) == 1) {
		assert_in_range(n++, 0, 3);
		rc = KL_OK;
	}
	if (rc && !strstr(fault.message, "no suppliers below its header"))
		fail_msg("%s", fault.message);
	check_notes(kl_suppliers_sheet(suppliers));
	kl_suppliers_close(suppliers);
	return n;
}

static void check_examples(const struct kl_supplier s[4])
{
	assert_string_equal(s[0].name, "Example Catering Ltd");
	assert_int_equal(s[0].spend, 125050);
	assert_int_equal(s[0].where, KL_WHERE_LOCAL);
	assert_true(s[0].answered);
	assert_true(s[0].respent > 0.4499 && s[0].respent < 0.4501);
	assert_string_equal(s[1].name, "Example Stationers");
	assert_int_equal(s[1].spend, 32000);
	assert_false(s[1].answered);
}

static void suppliers(void **state)
{
	struct kl_supplier s[4] = {{.answered = false}};

	(void)state;
	write_template("suppliers", ".csv", false);
	assert_int_equal(read_suppliers(NULL, s), 0);
	write_template("suppliers", ".csv", true);
	assert_int_equal(read_suppliers(NULL, s), 2);
	check_examples(s);
	write_template("suppliers", ".xlsx", false);
	assert_int_equal(read_suppliers(NULL, s), 0);
	assert_int_equal(read_suppliers("Example", s), 2);
	check_examples(s);
	fill_in("<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>Example Bakery</t></is></c>"
		"<c r=\"D3\"><v>20.100000000000001</v></c></row>");
	assert_int_equal(read_suppliers(NULL, s), 1);
	assert_string_equal(s[0].name, "Example Bakery");
	assert_int_equal(s[0].spend, 2010);
}

static unsigned read_tenants(const char *tab, struct kl_tenant out[4])
{
	struct kl_tenants *tenants = NULL;
	unsigned n = 0;
	int rc = kl_tenants_open(path, tab, NULL, 0, &fault, &tenants);

	while (!rc && (rc = kl_tenants_next(tenants, &fault, &out[n])) == 1) {
		assert_in_range(n++, 0, 3);
		rc = KL_OK;
	}
	if (rc && !strstr(fault.message, "no tenants below its header"))
		fail_msg("%s", fault.message);
	check_notes(kl_tenants_sheet(tenants));
	kl_tenants_close(tenants);
	return n;
}

static void tenants(void **state)
{
	struct kl_tenant t[4] = {{.section = 0}};

	(void)state;
	write_template("tenants", ".csv", false);
	assert_int_equal(read_tenants(NULL, t), 0);
	write_template("tenants", ".csv", true);
	assert_int_equal(read_tenants(NULL, t), 2);
	write_template("tenants", ".xlsx", true);
	assert_int_equal(read_tenants(NULL, t), 0);
	assert_int_equal(read_tenants("Example", t), 2);
	assert_string_equal(t[0].name, "Example Nursery");
	assert_true(t[0].has_turnover && t[0].has_fte && t[0].has_floor);
	assert_int_equal(t[0].turnover, 18000000);
	assert_false(t[1].has_turnover);
	fill_in("<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>Example Forge</t></is></c>"
		"<c r=\"C3\"><v>85.5</v></c><c r=\"E3\"><v>4</v></c></row>");
	assert_int_equal(read_tenants(NULL, t), 1);
	assert_true(t[0].has_floor && t[0].has_fte && !t[0].has_turnover);
}

static const struct kl_column form[] = {{"question", {NULL}, true}, {"answer", {NULL}, true}};

static void forms_have_their_questions(void **state)
{
	static const char *const endings[] = {".csv", ".xlsx"};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct kl_sheet *sheet = NULL;
		unsigned rows = 0;

		write_template("tenant-form", endings[i], false);
		assert_int_equal(kl_sheet_open(path, NULL, form, 2, &fault, &sheet), KL_OK);
		for (; kl_sheet_next(sheet, &fault) == 1; rows++)
			assert_true(kl_sheet_cell(sheet, 0)[0] && !kl_sheet_cell(sheet, 1)[0]);
		kl_sheet_close(sheet);
		assert_int_equal(rows, 5);
	}
}

/* Every template can be written in every way, with all that it brings. */
static void all_of_them(void **state)
{
	unsigned n = 0;

	(void)state;
	for (const struct kl_template *const *t = kl_templates; *t; t++, n++) {
		assert_true((*t)->use && (*t)->title && (*t)->sheet.name);
		write_template((*t)->name, ".csv", true);
		write_template((*t)->name, ".xlsx", true);
	}
	assert_true(n >= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(suppliers, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(tenants, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(forms_have_their_questions, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(all_of_them, make_dir, empty_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
