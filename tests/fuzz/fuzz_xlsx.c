/* Spreadsheets: whole files, and the XML of their parts, which is where most bytes of a mutated
 * archive would never get to. */
#include "client/book.h"
#include "client/xlsx.h"
#include "client/xlsx_rows.h"
#include "core/error.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

static struct kl_fault fault;

static int told(int rc)
{
	if (rc >= 0)
		return rc;
	FUZZ_CHECK(rc != KL_E_BUG && fault.code == rc && fault.message[0]);
	FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fault.message), true));
	FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fault.hint), true));
	return rc;
}

/* ---- parts as XML -------------------------------------------------------------------------- */

struct input {
	const uint8_t *data;
	size_t left;
};

static int64_t read_input(void *data, void *out, size_t size)
{
	struct input *input = data;
	size_t n = size < input->left ? size : input->left;

	if (n)
		memcpy(out, input->data, n);
	input->data += n;
	input->left -= n;
	return (int64_t)n;
}

#define SHEET_BEGIN "<worksheet xmlns=\"m\"><sheetData>"
#define SHEET_END   "</sheetData></worksheet>"

void kl_fuzz_samples_xlsx_sheet(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, SHEET_BEGIN
		"<row r=\"2\" hidden=\"1\"><c r=\"B2\" t=\"s\"><v>1</v></c><c t=\"b\"><v>1</v></c>"
		"<c r=\"F2\" s=\"1\"><v>42465.5</v></c><c s=\"2\"><v>0.45</v></c></row>"
		"<row><c t=\"inlineStr\"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh></is>"
		"</c><c><f>1+1</f></c><c t=\"e\"><v>#REF!</v></c></row>" SHEET_END);
	fuzz_sample_text(corpus,
		"<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row r=\"7\">"
		"<x:c t=\"str\"><x:v>'=a_x000D_&#10;</x:v></x:c>"
		"<x:c t=\"d\"><x:v>2016-04-05T00:00</x:v></x:c></x:row></x:sheetData>"
		"<x:mergeCells><x:mergeCell ref=\"A1:C2\"/></x:mergeCells>"
		"</x:worksheet>");
	fuzz_seed_text(corpus, "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>");
	fuzz_seed_text(corpus, SHEET_BEGIN "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c>"
					   "</row>" SHEET_END);
}

static void check_row(const struct kl_csv_row *row, uint32_t before)
{
	FUZZ_CHECK(row->count >= 1 && row->count <= KL_CSV_CELLS_MAX);
	FUZZ_CHECK(row->line > before && row->line <= KL_XLSX_ROWS_MAX);
	for (unsigned i = 0; i < row->count; i++) {
		const char *cell = row->cells[i];

		FUZZ_CHECK(cell >= row->text && cell < row->text + KL_CSV_ROW_MAX);
		FUZZ_CHECK(memchr(cell, 0, (size_t)(row->text + KL_CSV_ROW_MAX - cell)));
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(cell), true));
		FUZZ_CHECK(!row->blank || !cell[0]);
	}
}

static void check_remarks(const struct kl_xlsx_remarks *remarks)
{
	for (uint32_t i = 0; i < remarks->merge_count && i < KL_XLSX_MERGES_MAX; i++)
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(remarks->merges[i]), false));
}

int kl_fuzz_xlsx_sheet(const uint8_t *data, size_t len)
{
	static struct kl_csv_row row;
	static char texts[] = "name\0text";
	static uint32_t starts[] = {0, 5};
	static uint8_t looks[] = {KL_XLSX_NUMBER, KL_XLSX_DATE, KL_XLSX_PERCENT};
	struct kl_xlsx_shared shared = {
		.strings = {.text = texts, .starts = starts, .count = 2},
		.styles = {.looks = looks, .count = 3},
		.since_1904 = len % 2,
	};
	struct input input = {data, len};
	struct kl_xml_source source = {read_input, &input};
	struct kl_xlsx_rows *rows;
	uint32_t before = 0;
	int rc;

	FUZZ_CHECK(!kl_xlsx_rows_new(&source, &shared, &fault, &rows));
	while ((rc = told(kl_xlsx_rows_next(rows, &row, &fault))) > 0) {
		check_row(&row, before);
		before = row.line;
	}
	check_remarks(kl_xlsx_rows_remarks(rows));
	kl_xlsx_rows_free(rows);
	return rc == 0;
}

void kl_fuzz_samples_xlsx_strings(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus,
		"<sst><si><t>one</t></si><si><r><t xml:space=\"preserve\">t </t></r>"
		"<r><t>wo_x000D_</t></r><rPh><t>no</t></rPh></si><si/></sst>");
	fuzz_sample_text(corpus, "<a:sst xmlns:a=\"b\"><a:si><a:t>caf\xc3\xa9 &amp; co</a:t></a:si>"
				 "</a:sst>");
	fuzz_seed_text(corpus, "<sst><si><si><t>nested</t></si></si><t>outside</t></sst>");
}

int kl_fuzz_xlsx_strings(const uint8_t *data, size_t len)
{
	struct kl_xlsx_strings strings = {0};
	struct input input = {data, len};
	struct kl_xml_source source = {read_input, &input};
	int rc = told(kl_xlsx_strings_read(&strings, &source, 1 << 20, &fault));

	for (uint32_t i = 0; !rc && i < strings.count; i++) {
		const char *text = kl_xlsx_string(&strings, i);

		FUZZ_CHECK(
			text >= strings.text && text + strlen(text) < strings.text + strings.len);
	}
	FUZZ_CHECK(!kl_xlsx_string(&strings, strings.count));
	kl_xlsx_strings_deinit(&strings);
	return rc == 0;
}

void kl_fuzz_samples_xlsx_styles(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus,
		"<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd\\-mmm\\-yy;@\"/>"
		"<numFmt numFmtId=\"165\" formatCode=\"[$-809]0.0%\"/></numFmts><cellXfs>"
		"<xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf/></cellXfs>"
		"</styleSheet>");
	fuzz_seed_text(corpus, "<s><cellXfs><xf numFmtId=\"99999999999999999999\"/></cellXfs></s>");
}

int kl_fuzz_xlsx_styles(const uint8_t *data, size_t len)
{
	struct kl_xlsx_styles styles = {0};
	struct input input = {data, len};
	struct kl_xml_source source = {read_input, &input};
	int rc = told(kl_xlsx_styles_read(&styles, &source, 1 << 20, &fault));

	for (uint32_t i = 0; i <= styles.count; i++)
		FUZZ_CHECK(kl_xlsx_look(&styles, i) <= KL_XLSX_PERCENT);
	kl_xlsx_styles_deinit(&styles);
	return rc == 0;
}

/* Any text as a number, and any text as a format. */
void kl_fuzz_samples_xlsx_value(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {
		"42465", "1.2000000000000002", "-1E+5", "0.45", "1e-30"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		fuzz_sample_text(corpus, texts[i]);
	fuzz_seed_text(corpus, "[$-809]dd/mm/yyyy \"at\" h:mm;@");
	fuzz_seed_text(corpus, "a_x000D__x005F_");
}

int kl_fuzz_xlsx_value(const uint8_t *data, size_t len)
{
	char out[3][KL_XLSX_VALUE_MAX], *text = fuzz_text(data, len);
	size_t before = strlen(text);
	int rc = kl_xlsx_value(text, KL_XLSX_NUMBER, false, out[0]);

	FUZZ_CHECK(kl_xlsx_value(text, KL_XLSX_DATE, len % 2, out[1]) == rc);
	FUZZ_CHECK(kl_xlsx_value(text, KL_XLSX_PERCENT, false, out[2]) == rc);
	if (!rc) {
		FUZZ_CHECK(memchr(out[0], 0, sizeof out[0]) && memchr(out[1], 0, sizeof out[1]));
		FUZZ_CHECK(out[2][strlen(out[2]) - 1] == '%');
		/* What was made of it says the same again. */
		FUZZ_CHECK(!kl_xlsx_value(out[0], KL_XLSX_NUMBER, false, out[1]));
		FUZZ_CHECK(!strcmp(out[0], out[1]));
	}
	(void)kl_xlsx_look_of_format(text);
	FUZZ_CHECK(kl_xlsx_unescape(text) <= before);
	free(text);
	return rc == 0;
}

/* ---- whole files --------------------------------------------------------------------------- */

static const char *file_of(const void *data, size_t len)
{
	static char path[40];
	static int file = -1;

	if (file < 0)
		file = memfd_create("fuzz", MFD_CLOEXEC);
	FUZZ_CHECK(file >= 0 && !ftruncate(file, 0));
	FUZZ_CHECK(pwrite(file, data, len, 0) == (ssize_t)len);
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	return path;
}

static void sample_file(struct fuzz_corpus *corpus, const char *path)
{
	static char bytes[1 << 16];
	FILE *file = fopen(path, "rb");
	size_t len;

	FUZZ_CHECK(file);
	len = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	fuzz_sample(corpus, bytes, len);
}

static void store(zip_t *zip, const char *name, const char *text)
{
	zip_source_t *source = zip_source_buffer(zip, text, strlen(text), 0);
	zip_int64_t index = zip_file_add(zip, name, source, 0);

	FUZZ_CHECK(index >= 0);
	FUZZ_CHECK(!zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0));
}

/* As small as it can be, and not packed. */
static void write_small(const char *path)
{
	zip_t *zip = zip_open(path, ZIP_CREATE, NULL);

	FUZZ_CHECK(zip);
	store(zip, "[Content_Types].xml", "<a/>");
	store(zip, "_rels/.rels",
		"<a><Relationship Id=\"1\" Type=\"/officeDocument\" Target=\"w\"/></a>");
	store(zip, "w", "<w xmlns:r=\"r\"><sheet name=\"A\" r:id=\"1\"/></w>");
	store(zip, "_rels/w.rels",
		"<a><Relationship Id=\"1\" Type=\"/worksheet\" Target=\"s\"/></a>");
	store(zip, "s", SHEET_BEGIN "<row><c><v>1</v></c></row>" SHEET_END);
	FUZZ_CHECK(!zip_close(zip));
}

void kl_fuzz_samples_xlsx(struct fuzz_corpus *corpus)
{
	static const struct kl_book_column columns[] = {
		{"name", KL_BOOK_TEXT}, {"day", KL_BOOK_DATE}, {"share", KL_BOOK_SHARE}};
	static const struct kl_book_sheet sheet = {.name = "A", .columns = columns, .count = 3};
	char dir[] = "/tmp/keeplocal-fuzz-XXXXXX", path[64];
	struct kl_book *book;

	FUZZ_CHECK(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/a.xlsx", dir);
	FUZZ_CHECK(!kl_book_new(path, &fault, &book));
	kl_book_begin(book, &sheet);
	kl_book_text(book, "Wem Bakery");
	kl_book_date(book, "2016-04-05");
	kl_book_share(book, 0.45);
	kl_book_end_row(book);
	FUZZ_CHECK(!kl_book_finish(book, &fault));
	kl_book_close(book);
	sample_file(corpus, path);
	FUZZ_CHECK(!unlink(path));
	write_small(path);
	sample_file(corpus, path);
	FUZZ_CHECK(!unlink(path) && !rmdir(dir));
}

int kl_fuzz_xlsx(const uint8_t *data, size_t len)
{
	static struct kl_csv_row row;
	struct kl_xlsx *xlsx;
	uint32_t before = 0;
	int rc;

	if (told(kl_xlsx_open(file_of(data, len), NULL, &fault, &xlsx)))
		return 0;
	while ((rc = told(kl_xlsx_next(xlsx, &row, &fault))) > 0) {
		check_row(&row, before);
		before = row.line;
	}
	check_remarks(kl_xlsx_remarks(xlsx));
	kl_xlsx_close(xlsx);
	return rc == 0;
}
