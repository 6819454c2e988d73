/* Sheets as spreadsheet programs write them, and files that only look like it. */
#include "client/sheet.h"
#include "client/xlsx.h"
#include "tests/unit/xlsx_file.h"

#include <xlsxwriter.h>

static struct kl_csv_row row;
static struct kl_fault fault;

static void holds(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("no '%s' in '%s'", what, text);
}

static struct kl_xlsx *open_sheet(const char *path, const char *tab)
{
	struct kl_xlsx *xlsx = NULL;

	if (kl_xlsx_open(path, tab, &fault, &xlsx))
		fail_msg("%s", fault.message);
	return xlsx;
}

static struct kl_xlsx *open_rows(const char *rows)
{
	return open_sheet(xlsx_file(rows, "", NULL), NULL);
}

/* The next row must have this number and these cells, parted by |. */
static void expect(struct kl_xlsx *xlsx, uint32_t line, const char *cells)
{
	char got[4096] = "";

	if (kl_xlsx_next(xlsx, &row, &fault) != 1)
		fail_msg("no row, expected %s: %s", cells, fault.message);
	for (unsigned i = 0; i < row.count; i++) {
		strcat(got, i ? "|" : "");
		strcat(got, row.cells[i]);
	}
	assert_string_equal(got, cells);
	assert_int_equal(row.line, line);
}

static void expect_end(struct kl_xlsx *xlsx)
{
	assert_int_equal(kl_xlsx_next(xlsx, &row, &fault), 0);
	kl_xlsx_close(xlsx);
}

static void expect_fault(const char *rows, int code, const char *what)
{
	struct kl_xlsx *xlsx = open_rows(rows);
	int rc;

	while ((rc = kl_xlsx_next(xlsx, &row, &fault)) == 1)
		;
	assert_int_equal(rc, code);
	assert_int_equal(fault.code, code);
	holds(fault.message, what);
	assert_int_equal(kl_xlsx_next(xlsx, &row, &fault), 0);
	kl_xlsx_close(xlsx);
}

static void texts(void **state)
{
	struct kl_xlsx *xlsx = open_rows(
		"<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" "
		"t=\"s\"><v>1</v></c></row>"
		"<row r=\"2\"><c r=\"A2\" t=\"s\"><v>2</v></c><c r=\"B2\" t=\"s\"><v>3</v></c>"
		"<c r=\"C2\" t=\"s\"><v>4</v></c></row>"
		"<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t> in </t></is></c>"
		"<c r=\"B3\" t=\"inlineStr\"><is><r><t>two</t></r><r><t> runs</t></r>"
		"<rPh><t>no</t></rPh></is></c>"
		"<c r=\"C3\" "
		"t=\"str\"><f>A1</f><v>a_x000D_&#10;b_x005F_&amp;\xc2\xa3</v></c></row>");

	(void)state;
	expect(xlsx, 1, "supplier|spend");
	expect(xlsx, 2, "Wem Bakery||=1+1");
	expect(xlsx, 3, "in|two runs|a\nb_&\xc2\xa3");
	assert_string_equal(kl_xlsx_tab(xlsx)->name, "Data");
	expect_end(xlsx);
}

static void numbers_dates_and_others(void **state)
{
	struct kl_xlsx *xlsx = open_rows(
		"<row r=\"1\"><c r=\"A1\"><v>1.2000000000000002</v></c>"
		"<c r=\"B1\" s=\"1\"><v>42465</v></c><c r=\"C1\" s=\"2\"><v>42465.75</v></c>"
		"<c r=\"D1\" s=\"3\"><v>0.45</v></c><c r=\"E1\" s=\"4\"><v>42465</v></c>"
		"<c r=\"F1\" s=\"5\"><v>1E+5</v></c><c r=\"G1\" s=\"99\"><v>7</v></c></row>"
		"<row r=\"2\"><c r=\"A2\" t=\"b\"><v>1</v></c><c r=\"B2\" t=\"b\"><v>0</v></c>"
		"<c r=\"C2\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"
		"<c r=\"D2\" t=\"d\"><v>2016-04-05T00:00:00</v></c>"
		"<c r=\"E2\"><f>SUM(A1)</f><v>12</v></c><c r=\"F2\"><f>A1</f></c>"
		"<c r=\"G2\" t=\"str\"><f>A1</f><v></v></c><c r=\"H2\"><v>x</v></c></row>");

	(void)state;
	expect(xlsx, 1, "1.2|2016-04-05|2016-04-05|45%|42465|100000|7");
	expect(xlsx, 2, "TRUE|FALSE|#DIV/0!|2016-04-05|12|" KL_XLSX_NO_RESULT "||x");
	expect_end(xlsx);
}

static void days_since_1904(void **state)
{
	static const struct xlsx_part parts[] = {
		{"xl/workbook.xml",
			XLSX_HEAD "<x:workbook xmlns:x=\"m\" xmlns:q=\"r\"><x:workbookPr "
				  "date1904=\"1\"/><x:sheets>"
				  "<x:sheet name=\"Data\" sheetId=\"1\" "
				  "q:id=\"rId1\"/></x:sheets></x:workbook>"},
		{"xl/worksheets/sheet1.xml",
			XLSX_HEAD "<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row><x:c "
				  "s=\"1\"><x:v>41003</x:v></x:c>"
				  "</x:row></x:sheetData></x:worksheet>"},
		{NULL, NULL}};
	struct kl_xlsx *xlsx = open_sheet(xlsx_file("", "", parts), NULL);

	(void)state;
	expect(xlsx, 1, "2016-04-05");
	expect_end(xlsx);
}

static void gaps(void **state)
{
	struct kl_xlsx *xlsx = open_rows(
		"<row r=\"3\"><c r=\"C3\"><v>1</v></c><c><v>2</v></c><c r=\"XFD3\" s=\"1\"/></row>"
		"<row><c><v>3</v></c></row>"
		"<row r=\"9\" hidden=\"1\"><c r=\"A9\" t=\"s\"><v>3</v></c></row><row "
		"r=\"1048576\"/>");

	(void)state;
	expect(xlsx, 3, "||1|2");
	expect(xlsx, 4, "3");
	expect(xlsx, 9, "");
	assert_true(row.blank);
	expect(xlsx, 1048576, "");
	assert_int_equal(kl_xlsx_next(xlsx, &row, &fault), 0);
	assert_int_equal(kl_xlsx_remarks(xlsx)->hidden_rows, 1);
	assert_int_equal(kl_xlsx_rewind(xlsx, &fault), KL_OK);
	expect(xlsx, 3, "||1|2");
	kl_xlsx_close(xlsx);
}

static const struct xlsx_part many[] = {
	{"xl/workbook.xml", XLSX_HEAD
		"<workbook " XLSX_MAIN " xmlns:r=\"" XLSX_OFFICE "\"><sheets>"
		"<sheet name=\"Chart\" sheetId=\"1\" r:id=\"rId3\"/>"
		"<sheet name=\"Secret\" sheetId=\"2\" state=\"hidden\" r:id=\"rId2\"/>"
		"<sheet name=\"Data\" sheetId=\"3\" r:id=\"rId1\"/>"
		"<sheet name=\"More data\" sheetId=\"4\" r:id=\"rId2\"/></sheets></workbook>"},
	{"xl/worksheets/sheet2.xml", XLSX_HEAD "<worksheet " XLSX_MAIN
					       "><sheetData><row><c><v>2</v></c></row></sheetData>"
					       "</worksheet>"},
	{NULL, NULL}};

static void sheets(void **state)
{
	const char *path = xlsx_file("<row><c><v>1</v></c></row>", "", many);
	struct kl_xlsx *xlsx = open_sheet(path, NULL);
	char others[64];

	(void)state;
	assert_int_equal(kl_xlsx_others(xlsx, others, sizeof others), 1);
	assert_string_equal(others, "'More data'");
	holds(kl_xlsx_name(xlsx), ", sheet 'Data'");
	expect(xlsx, 1, "1");
	expect_end(xlsx);
	xlsx = open_sheet(path, "MORE DATA");
	expect(xlsx, 1, "2");
	expect_end(xlsx);
	xlsx = open_sheet(path, "Secret"); /* asked for by name */
	expect(xlsx, 1, "2");
	expect_end(xlsx);
	assert_int_equal(kl_xlsx_open(path, "2017", &fault, &xlsx), KL_E_USAGE);
	holds(fault.message, "has no sheet '2017'");
	holds(fault.hint, "'Data', 'More data'");
}

static void what_is_refused(void **state)
{
	static char long_text[KL_CSV_ROW_MAX + 100];

	(void)state;
	expect_fault("<row r=\"5\"/><row r=\"4\"/>", KL_E_MALFORMED, "row 4 stands behind row 5");
	expect_fault("<row r=\"1048577\"/>", KL_E_TOO_BIG, "more than 1048576 rows");
	expect_fault("<row r=\"1\"><c r=\"A2\"/></row>", KL_E_MALFORMED, "called 'A2'");
	expect_fault("<row r=\"1\"><c r=\"XFE1\"/></row>", KL_E_MALFORMED, "called 'XFE1'");
	expect_fault("<row r=\"1\"><c r=\"AMK1\"><v>1</v></c></row>", KL_E_TOO_BIG, "cell AMK1");
	expect_fault("<row r=\"7\"><c r=\"B7\" t=\"s\"><v>5</v></c></row>", KL_E_MALFORMED,
		"cell B7: refers to a text");
	expect_fault("<row r=\"7\"><c r=\"B7\" t=\"s\"><v>-1</v></c></row>", KL_E_MALFORMED,
		"cell B7: refers to a text");
	expect_fault("<row><c></row>", KL_E_MALFORMED, "XML is damaged");
	expect_fault("<row><c t=\"str\"><v>\xc2\x85</v></c></row>", KL_E_MALFORMED,
		"cell A1: holds characters");
	sprintf(long_text, "<row r=\"2\"><c r=\"C2\" t=\"str\"><v>%0*d</v></c></row>",
		KL_CSV_ROW_MAX, 0);
	expect_fault(long_text, KL_E_TOO_BIG, "cell C2: the row is longer than 64 KiB");
	sprintf(long_text, "<row r=\"2\"><c r=\"C2\" t=\"str\"><v>%0*d</v></c></row>",
		KL_CSV_ROW_MAX + 1, 0);
	expect_fault(long_text, KL_E_TOO_BIG, "cell C2: holds more than 64 KiB of text");
}

/* ---- files that are none --------------------------------------------------------------------- */

static void refused(const char *path, int code, const char *what)
{
	struct kl_xlsx *xlsx = NULL;

	if (kl_xlsx_open(path, NULL, &fault, &xlsx) != code)
		fail_msg("not refused so: %s", fault.message);
	holds(fault.message, path);
	holds(fault.message, what);
}

static const char *zip_of(const char *name, const char *text)
{
	const char *path = temp_text("");
	zip_t *zip = zip_begin(path);

	zip_text(zip, name, text, strlen(text));
	assert_int_equal(zip_close(zip), 0);
	return path;
}

static void other_archives(void **state)
{
	static const struct xlsx_part docx[] = {{"word/document.xml", "<x/>"}, {NULL, NULL}};
	static const struct xlsx_part binary[] = {{"xl/workbook.bin", "x"}, {NULL, NULL}};

	(void)state;
	refused(zip_of("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
		KL_E_MALFORMED, "an OpenDocument spreadsheet (ODS)");
	refused(zip_of("mimetype", "application/vnd.oasis.opendocument.text"), KL_E_MALFORMED,
		"an OpenDocument file");
	refused(zip_of("holiday.jpg", "x"), KL_E_MALFORMED, "other files, 'holiday.jpg' for one");
	refused(xlsx_file("", "", docx), KL_E_MALFORMED, "a text document (DOCX)");
	refused(xlsx_file("", "", binary), KL_E_MALFORMED, "a binary spreadsheet (XLSB)");
	refused(temp_file("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22), KL_E_MALFORMED,
		"an empty archive");
	refused(temp_text("PK\3\4 and no more"), KL_E_MALFORMED, "damaged or cut off");
	refused("/tmp/keeplocal-no-such-file", KL_E_NOT_FOUND, "cannot be opened");
}

static void damaged(void **state)
{
	static const struct xlsx_part no_rels[] = {
		{"_rels/.rels", "<Relationships/>"}, {NULL, NULL}};
	static const struct xlsx_part lost[] = {
		{"xl/_rels/workbook.xml.rels",
			"<Relationships><Relationship Id=\"rId1\" Type=\"" XLSX_OFFICE
			"/worksheet\" Target=\"gone.xml\"/></Relationships>"},
		{NULL, NULL}};
	static const struct xlsx_part no_sheets[] = {
		{"xl/workbook.xml", "<workbook/>"}, {NULL, NULL}};
	static char bytes[1 << 16];
	FILE *file = fopen(xlsx_file("", "", NULL), "rb");
	size_t n;

	(void)state;
	assert_non_null(file);
	n = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	refused(temp_file(bytes, n - 30), KL_E_MALFORMED, "damaged or cut off");
	refused(xlsx_file("", "", no_rels), KL_E_MALFORMED, "does not say where its sheets");
	refused(xlsx_file("", "", lost), KL_E_MALFORMED, "part xl/gone.xml is missing");
	refused(xlsx_file("", "", no_sheets), KL_E_MALFORMED, "no sheet with cells");
	/* Bits of packed parts flip: their sums are wrong. */
	for (size_t i = n / 3; i < 2 * n / 3; i++)
		bytes[i] ^= 1;
	assert_int_not_equal(
		kl_xlsx_open(temp_file(bytes, n), NULL, &fault, &(struct kl_xlsx *){0}), 0);
}

static void locked(void **state)
{
	const char *path = xlsx_file("", "", NULL);
	zip_t *zip = zip_open(path, 0, NULL);

	(void)state;
	assert_non_null(zip);
	for (zip_uint64_t i = 0; i < (zip_uint64_t)zip_get_num_entries(zip, 0); i++)
		assert_int_equal(zip_file_set_encryption(zip, i, ZIP_EM_AES_256, "secret"), 0);
	assert_int_equal(zip_close(zip), 0);
	refused(path, KL_E_MALFORMED, "locked with a password");
	holds(fault.hint, "without a password");
}

/* ---- files that mean harm -------------------------------------------------------------------- */

static void entities(void **state)
{
	static const struct xlsx_part parts[] = {
		{"xl/sharedStrings.xml", XLSX_HEAD
			"<!DOCTYPE sst [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>"
			"<sst><si><t>&b;</t></si></sst>"},
		{NULL, NULL}};

	(void)state;
	refused(xlsx_file("", "", parts), KL_E_MALFORMED, "holds a DOCTYPE");
}

/* A part of `times` copies of a piece, which packs to next to nothing. */
static const char *bomb(const char *name, const char *begin, const char *piece, size_t times)
{
	size_t head = strlen(begin), len = strlen(piece);
	char *text = malloc(head + len * times), *to;
	const char *path = xlsx_file("", "", NULL);
	zip_t *zip = zip_open(path, 0, NULL);

	assert_non_null(text);
	assert_non_null(zip);
	to = mempcpy(text, begin, head);
	for (size_t i = 0; i < times; i++)
		to = mempcpy(to, piece, len);
	zip_text(zip, name, text, head + len * times);
	assert_int_equal(zip_close(zip), 0);
	free(text);
	return path;
}

static void bombs(void **state)
{
	enum { MANY = 3000000 };

	(void)state;
	refused(bomb("xl/sharedStrings.xml", "<sst>", "<a>", MANY), KL_E_TOO_BIG, "nest too deep");
	refused(bomb("xl/sharedStrings.xml", "<sst ", "a", 12 << 20), KL_E_TOO_BIG,
		"one is too long");
	refused(bomb("xl/sharedStrings.xml", "<sst><si><t>", "text", 1 << 20), KL_E_TOO_BIG,
		"a cell with more than");
	refused(bomb("xl/sharedStrings.xml", "<sst>", "<si/>", KL_XLSX_ROWS_MAX * 4 + 1),
		KL_E_TOO_BIG, "different texts");
	refused(bomb("xl/styles.xml", "<styleSheet><cellXfs>", "<xf/>", 65537), KL_E_TOO_BIG,
		"styles");
	refused(bomb("xl/workbook.xml", "<workbook>", " ", 9 << 20), KL_E_TOO_BIG,
		"unpacks to more than a table may hold");
}

/* A small file that would be read for minutes. */
static void elements_without_end(void **state)
{
	const char *path =
		bomb("xl/worksheets/sheet1.xml", "<worksheet><sheetData>", "<a/>", 8000001);
	struct kl_xlsx *xlsx = open_sheet(path, NULL);

	(void)state;
	assert_int_equal(kl_xlsx_next(xlsx, &row, &fault), KL_E_TOO_BIG);
	holds(fault.message, "holds more that is no cell than a table does");
	kl_xlsx_close(xlsx);
}

/* Rows of formatted cells in which nothing stands, down to the end of the sheet. */
static void blanks_without_end(void **state)
{
	enum { IN_ROW = 4000 };
	char cells[IN_ROW * 4 + 16] = "<row>", *to = cells + strlen(cells);
	struct kl_xlsx *xlsx;
	int rc, rows = 0;

	(void)state;
	for (int i = 0; i < IN_ROW; i++)
		to = stpcpy(to, "<c/>");
	strcpy(to, "</row>");
	xlsx = open_sheet(
		bomb("xl/worksheets/sheet1.xml", "<worksheet><sheetData>", cells, 4001), NULL);
	while ((rc = kl_xlsx_next(xlsx, &row, &fault)) == 1)
		rows += row.blank;
	assert_int_equal(rc, KL_E_TOO_BIG);
	assert_int_equal(rows, 4000);
	holds(fault.message, "more than 16 million empty cells, up to row 4001");
	kl_xlsx_close(xlsx);
}

/* Names that nobody has seen before stay in the memory of a parser. */
static void names_without_end(void **state)
{
	enum { NAMES = 400000 };
	char *text = malloc(NAMES * 12 + 16), *to;
	const char *path = xlsx_file("", "", NULL);
	zip_t *zip = zip_open(path, 0, NULL);

	(void)state;
	assert_non_null(text);
	to = text + sprintf(text, "<sst>");
	for (int i = 0; i < NAMES; i++)
		to += sprintf(to, "<a%d/>", i);
	zip_text(zip, "xl/sharedStrings.xml", text, (size_t)(to - text));
	assert_int_equal(zip_close(zip), 0);
	free(text);
	refused(path, KL_E_TOO_BIG, "its XML is not that of a table");
}

static void claims_many_parts(void **state)
{
	static const char end[] = "PK\3\4PK\5\6\0\0\0\0\xff\x7f\xff\x7f\0\0\0\0\0\0\0\0\0\0";

	(void)state;
	refused(temp_file(end, 26), KL_E_TOO_BIG, "claims to hold more than");
}

/* ---- as a table ------------------------------------------------------------------------------ */

static const struct kl_column columns[] = {
	{"supplier", {NULL}, true}, {"spend", {"amount"}, true}, {"share", {NULL}, false}};

static struct kl_sheet *open_table(const char *path, const char *tab)
{
	struct kl_sheet *sheet = NULL;

	if (kl_sheet_open(path, tab, columns, 3, &fault, &sheet))
		fail_msg("%s", fault.message);
	return sheet;
}

#define HEADER                                                                                     \
	"<row r=\"1\"><c t=\"inlineStr\"><is><t>Spending of a town</t></is></c></row>"             \
	"<row r=\"4\"><c r=\"B4\" t=\"s\"><v>0</v></c><c r=\"C4\" t=\"s\"><v>1</v></c></row>"

static bool is_told(const struct kl_sheet *sheet, const char *what)
{
	for (unsigned i = 0; i < kl_sheet_notes(sheet); i++)
		if (strstr(kl_sheet_note(sheet, i), what))
			return true;
	return false;
}

static void as_a_table(void **state)
{
	struct kl_sheet *sheet = open_table(
		xlsx_file(HEADER "<row r=\"5\"/><row r=\"6\" hidden=\"true\"><c r=\"B6\" "
				 "t=\"s\"><v>2</v></c>"
				 "<c r=\"C6\"><v>1250.5</v></c><c r=\"F6\"><v>9</v></c></row>"
				 "<row r=\"7\"><c r=\"C7\" t=\"e\"><v>#REF!</v></c></row>"
				 "<row r=\"8\"><c r=\"C8\"><f>1+1</f><v/></c></row>",
			"<mergeCells><mergeCell ref=\"A1:C2\"/><mergeCell "
			"ref=\"B6:B7\"/></mergeCells>",
			many),
		NULL);

	(void)state;
	assert_true(is_told(sheet, "other sheets are not read: 'More data'"));
	assert_int_equal(kl_sheet_next(sheet, &fault), 1);
	assert_string_equal(kl_sheet_cell(sheet, 0), "Wem Bakery");
	assert_string_equal(kl_sheet_cell(sheet, 1), "1250.5");
	assert_string_equal(kl_sheet_cell(sheet, 2), "");
	assert_int_equal(kl_sheet_line(sheet), 6);
	assert_string_equal(kl_sheet_word(sheet), "row");
	assert_int_equal(kl_sheet_check_row(sheet, &fault), KL_OK);
	(void)kl_sheet_fault(sheet, &fault, KL_E_MALFORMED, 1, "less");
	holds(fault.message,
		", sheet 'Data', row 6, column 'spend' (cell C6): found '1250.5', expected less");
	assert_int_equal(kl_sheet_next(sheet, &fault), 1);
	assert_int_equal(kl_sheet_check_row(sheet, &fault), KL_E_MALFORMED);
	holds(fault.message, "(cell C7): the formula there failed (#REF!)");
	assert_int_equal(kl_sheet_next(sheet, &fault), 1);
	assert_int_equal(kl_sheet_check_row(sheet, &fault), KL_E_MALFORMED);
	holds(fault.message, "(cell C8): found a formula that was never worked out");
	assert_int_equal(kl_sheet_next(sheet, &fault), 0);
	assert_true(is_told(sheet, "cells are merged (B6:B7)"));
	assert_true(is_told(sheet, "1 row is hidden"));
	assert_true(is_told(sheet, "in 1 row something stands beside the table, first in F6"));
	kl_sheet_close(sheet);
}

static int is_bad(const struct kl_sheet *sheet, void *data)
{
	(void)sheet, (void)data;
	return KL_E_MALFORMED;
}

static void a_merged_title_is_no_hint(void **state)
{
	static const char *const behind[] = {"<mergeCells><mergeCell ref=\"A1:C2\"/></mergeCells>",
		"<mergeCells><mergeCell ref=\"A1:C2\"/><mergeCell ref=\"B6:B7\"/></mergeCells>"};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct kl_sheet *sheet =
			open_table(xlsx_file(HEADER "<row r=\"6\"><c r=\"B6\"><v>1</v></c></row>",
					   behind[i], NULL),
				NULL);

		assert_int_equal(kl_sheet_next(sheet, &fault), 1);
		(void)kl_sheet_fault(sheet, &fault, KL_E_MALFORMED, 1, "more");
		(void)kl_sheet_look_on(sheet, is_bad, NULL, &fault);
		if (i)
			holds(fault.hint, "such as B6:B7");
		else
			assert_string_equal(fault.hint, "");
		kl_sheet_close(sheet);
	}
}

static void sheets_of_a_template_are_not_told(void **state)
{
	const char *path = temp_text("");
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *page = workbook_add_worksheet(book, "Suppliers");
	struct kl_sheet *sheet;

	(void)state;
	worksheet_write_string(page, 0, 0, "supplier", NULL);
	worksheet_write_string(page, 0, 1, "spend", NULL);
	(void)workbook_add_worksheet(book, "Example");
	(void)workbook_add_worksheet(book, "Notes");
	assert_int_equal(workbook_close(book), 0);
	sheet = open_table(path, NULL);
	assert_int_equal(kl_sheet_notes(sheet), 0);
	kl_sheet_close(sheet);
}

static void not_the_table(void **state)
{
	struct kl_sheet *sheet = NULL;
	const char *path = xlsx_file("<row><c><v>1</v></c></row>", "", many);

	(void)state;
	assert_int_equal(kl_sheet_open(path, NULL, columns, 3, &fault, &sheet), KL_E_MALFORMED);
	holds(fault.message, "sheet 'Data': column missing: supplier, spend; found: 1");
	holds(fault.hint, "--sheet NAME reads one of 'More data'");
	path = xlsx_file("", "", NULL);
	assert_int_equal(kl_sheet_open(path, NULL, columns, 3, &fault, &sheet), KL_E_MALFORMED);
	holds(fault.message, "is empty");
	path = xlsx_file("<row><c></row>", "", NULL);
	assert_int_equal(kl_sheet_open(path, NULL, columns, 3, &fault, &sheet), KL_E_MALFORMED);
	holds(fault.message, "XML is damaged");
	assert_int_equal(
		kl_sheet_open(temp_text("supplier,spend\na,1\n"), "x", columns, 3, &fault, &sheet),
		KL_E_USAGE);
	assert_int_equal(kl_sheet_open("/tmp", NULL, columns, 3, &fault, &sheet), KL_E_MALFORMED);
	holds(fault.message, "is a folder");
}

static void by_another_program(void **state)
{
	const char *path = temp_text("");
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *page = workbook_add_worksheet(book, "Spend of 2016");
	lxw_format *day = workbook_add_format(book), *percent = workbook_add_format(book);
	lxw_datetime date = {.year = 2016, .month = 2, .day = 29};
	struct kl_xlsx *xlsx;

	(void)state;
	format_set_num_format(day, "d mmmm yyyy");
	format_set_num_format(percent, "0.0%");
	worksheet_write_string(page, 0, 0, "caf\xc3\xa9 & <co>", NULL);
	worksheet_write_number(page, 0, 1, 1234.56, NULL);
	worksheet_write_datetime(page, 0, 2, &date, day);
	worksheet_write_number(page, 2, 0, 1.0 / 3, percent);
	worksheet_write_boolean(page, 2, 1, 1, NULL);
	worksheet_write_formula_num(page, 2, 2, "=1+1", NULL, 2);
	assert_int_equal(workbook_close(book), 0);
	xlsx = open_sheet(path, NULL);
	expect(xlsx, 1, "caf\xc3\xa9 & <co>|1234.56|2016-02-29");
	expect(xlsx, 3, "33.3333333333333%|TRUE|2");
	expect_end(xlsx);
}

static int clean_up(void **state)
{
	(void)state;
	temp_file(NULL, 0);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(numbers_dates_and_others),
		cmocka_unit_test(days_since_1904),
		cmocka_unit_test(gaps),
		cmocka_unit_test(sheets),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(other_archives),
		cmocka_unit_test(damaged),
		cmocka_unit_test(locked),
		cmocka_unit_test(entities),
		cmocka_unit_test(bombs),
		cmocka_unit_test(elements_without_end),
		cmocka_unit_test(blanks_without_end),
		cmocka_unit_test(names_without_end),
		cmocka_unit_test(claims_many_parts),
		cmocka_unit_test(as_a_table),
		cmocka_unit_test(a_merged_title_is_no_hint),
		cmocka_unit_test(sheets_of_a_template_are_not_told),
		cmocka_unit_test(not_the_table),
		cmocka_unit_test(by_another_program),
	};

	return cmocka_run_group_tests(tests, NULL, clean_up);
}
