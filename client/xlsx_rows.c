#include "client/xlsx_rows.h"
#include "client/cell_text.h"
#include "core/bytes.h"

#include <stdlib.h>
#include <string.h>

enum {
	VALUE_MAX = KL_CSV_ROW_MAX,
	COLUMNS_END = 16384,
	USUAL_PARTS = 4,       /* elements in a cell */
	OTHERS_MAX = 8000000,  /* elements beyond those, rows and cells: formats, links, ... */
	BLANKS_MAX = 16000000, /* cells in which nothing stands */
};

/* <sheetData><row r="2"><c r="B2" s="3" t="s"><f>..</f><v>7</v></c></row></sheetData>; texts of a
 * cell's own are <is><t>..</t></is>, or runs <is><r><t>..</t></r></is>. */
struct kl_xlsx_rows {
	struct kl_xml *xml;
	const struct kl_xlsx_shared *shared;
	struct kl_csv_row *row; /* that is being filled */
	struct kl_fault *fault;
	size_t used;       /* of the row's text */
	uint32_t last_row; /* number of the row before */
	unsigned column;   /* of the cell, from 0 */
	unsigned parts;    /* elements in the cell */
	uint32_t others;   /* elements that a table has little use for */
	uint32_t blanks;   /* cells so far in which nothing stands */

	bool in_data, in_row, in_cell, in_own, in_sound, takes_text, has_formula;
	enum { NUMBER, SHARED, TEXT, BOOLEAN, FAILED, ISO_DATE } type;
	uint64_t style;
	size_t len;
	char value[VALUE_MAX + 1];

	struct kl_xlsx_remarks remarks;
};

/* ---- places ---------------------------------------------------------------------------------- */

/* "C7" into column 2 and row 7; false if it is no such thing. */
static bool read_ref(const char *ref, unsigned *ret_column, uint32_t *ret_row)
{
	unsigned column = 0;
	uint32_t row = 0;

	for (; *ref >= 'A' && *ref <= 'Z' && column <= COLUMNS_END; ref++)
		column = column * 26 + (unsigned)(*ref - 'A') + 1;
	for (; *ref >= '0' && *ref <= '9' && row <= KL_XLSX_ROWS_MAX; ref++)
		row = row * 10 + (uint32_t)(*ref - '0');
	if (*ref || !column || column > COLUMNS_END || !row || row > KL_XLSX_ROWS_MAX)
		return false;
	*ret_column = column - 1;
	*ret_row = row;
	return true;
}

static int cell_fault(struct kl_xlsx_rows *r, int code, const char *what)
{
	char letters[KL_COLUMN_LETTERS_MAX];

	return kl_fault(r->fault, code, "cell %s%u: %s", kl_column_letters(r->column, letters),
		r->row->line, what);
}

/* ---- cells ----------------------------------------------------------------------------------- */

static const char *text_of_number(const struct kl_xlsx_rows *r, char out[KL_XLSX_VALUE_MAX])
{
	/* Whatever is no number stays what it is; who reads the column finds it. */
	return kl_xlsx_value(r->value, kl_xlsx_look(&r->shared->styles, r->style),
		       r->shared->since_1904, out)
		       ? r->value
		       : out;
}

/* The text of the cell that ended; NULL if it refers to nothing. */
static const char *text_of(struct kl_xlsx_rows *r, char out[KL_XLSX_VALUE_MAX])
{
	r->value[r->len] = '\0';
	if (!r->len)
		return r->has_formula && r->type != TEXT ? KL_XLSX_NO_RESULT : "";
	switch (r->type) {
	case SHARED:
		return r->value[strspn(r->value, "0123456789")] || r->len > 9
			       ? NULL
			       : kl_xlsx_string(&r->shared->strings, strtoul(r->value, NULL, 10));
	case TEXT:
		(void)kl_xlsx_unescape(r->value);
		return r->value;
	case BOOLEAN:
		return strcmp(r->value, "0") == 0 ? "FALSE" : "TRUE";
	case ISO_DATE:
		r->value[r->len > 10 && r->value[10] == 'T' ? 10 : r->len] = '\0';
		return r->value;
	case FAILED:
		return r->value;
	default:
		return text_of_number(r, out);
	}
}

/* Puts a text into its cell of the row; columns in between become empty cells. */
static int keep(struct kl_xlsx_rows *r, const char *text)
{
	struct kl_csv_row *row = r->row;
	size_t len = strlen(text) + 1;
	char *cell = row->text + r->used;

	if (r->used + len > KL_CSV_ROW_MAX)
		return cell_fault(r, KL_E_TOO_BIG, "the row is longer than 64 KiB");
	memcpy(cell, text, len);
	cell = kl_cell_tidy(cell);
	if (!kl_text_is_plain(kl_bytes_str(cell), true))
		return cell_fault(r, KL_E_MALFORMED, "holds characters that cannot be shown");
	if (!cell[0])
		return KL_OK;
	if (r->column >= KL_CSV_CELLS_MAX)
		return cell_fault(r, KL_E_TOO_BIG, "is beyond the last column that is read (AMJ)");
	r->used += len;
	while (row->count <= r->column)
		row->cells[row->count++] = row->text;
	row->cells[r->column] = cell;
	row->blank = false;
	return KL_OK;
}

/* Nothing is heard of a reader that is busy with them for long. */
static int pass_blank(struct kl_xlsx_rows *r)
{
	if (++r->blanks <= BLANKS_MAX)
		return KL_OK;
	kl_fault(r->fault, KL_E_TOO_BIG,
		"holds more than %d million empty cells, up to row %u and further",
		BLANKS_MAX / 1000000, r->row->line);
	(void)kl_fault_hint(r->fault, "delete the empty rows and columns behind the table, or "
				      "save the sheet as CSV");
	return KL_E_TOO_BIG;
}

static int end_cell(struct kl_xlsx_rows *r)
{
	char number[KL_XLSX_VALUE_MAX];
	const char *text = text_of(r, number);

	r->in_cell = r->takes_text = r->in_own = r->in_sound = false;
	if (!text)
		return cell_fault(
			r, KL_E_MALFORMED, "refers to a text that the file does not have");
	return text[0] ? keep(r, text) : pass_blank(r);
}

static int begin_cell(struct kl_xlsx_rows *r, const char *const *attributes)
{
	static const struct {
		const char *name;
		int type;
	} types[] = {{"s", SHARED}, {"str", TEXT}, {"inlineStr", TEXT}, {"b", BOOLEAN},
		{"e", FAILED}, {"d", ISO_DATE}};
	const char *ref = kl_xml_attribute(attributes, "r");
	const char *style = kl_xml_attribute(attributes, "s");
	const char *type = kl_xml_attribute(attributes, "t");
	uint32_t row;

	r->in_cell = true;
	r->has_formula = false;
	r->len = 0;
	r->parts = 0;
	r->type = NUMBER;
	for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].name, type) == 0)
			r->type = types[i].type;
	r->style = style ? strtoul(style, NULL, 10) : 0;
	r->column++; /* UINT_MAX before the first */
	if (ref && (!read_ref(ref, &r->column, &row) || row != r->row->line))
		return kl_fault(r->fault, KL_E_MALFORMED,
			"is damaged: in row %u there is a cell called '%.16s'", r->row->line, ref);
	if (r->column >= COLUMNS_END)
		return kl_fault(r->fault, KL_E_TOO_BIG, "row %u has more than %d columns",
			r->row->line, COLUMNS_END);
	return KL_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static int begin_row(struct kl_xlsx_rows *r, const char *const *attributes)
{
	const char *number = kl_xml_attribute(attributes, "r");
	const char *hidden = kl_xml_attribute(attributes, "hidden");
	unsigned long line = number ? strtoul(number, NULL, 10) : r->last_row + 1ul;

	if (line > KL_XLSX_ROWS_MAX)
		return kl_fault(r->fault, KL_E_TOO_BIG, "has more than %d rows", KL_XLSX_ROWS_MAX);
	if (line <= r->last_row)
		return kl_fault(r->fault, KL_E_MALFORMED,
			"is damaged: row %lu stands behind row %u", line, r->last_row);
	r->in_row = true;
	r->last_row = r->row->line = (uint32_t)line;
	r->column = (unsigned)-1;
	r->row->text[0] = '\0';
	r->row->cells[0] = r->row->text;
	r->row->count = 1;
	r->row->blank = true;
	r->used = 1;
	r->remarks.hidden_rows +=
		hidden && (strcmp(hidden, "1") == 0 || strcmp(hidden, "true") == 0);
	return KL_OK;
}

static void add_merge(struct kl_xlsx_rows *r, const char *const *attributes)
{
	struct kl_xlsx_remarks *remarks = &r->remarks;
	const char *ref = kl_xml_attribute(attributes, "ref");
	const char *colon = ref ? strchr(ref, ':') : NULL;
	unsigned column;
	uint32_t row;

	if (!colon || !read_ref(colon + 1, &column, &row))
		return;
	if (remarks->merge_count < KL_XLSX_MERGES_MAX) {
		char *text = remarks->merges[remarks->merge_count];

		(void)kl_copy_text(text, KL_XLSX_REF_MAX, ref);
		kl_text_make_plain(text, false);
		remarks->merges_end[remarks->merge_count] = row;
	}
	remarks->merge_count++;
}

/* A file of nothing but such elements would keep its reader busy for a minute. */
static int pass_over(struct kl_xlsx_rows *r)
{
	if (++r->others <= OTHERS_MAX)
		return KL_OK;
	return kl_fault(r->fault, KL_E_TOO_BIG, "holds more that is no cell than a table does");
}

static int on_start_in_cell(struct kl_xlsx_rows *r, const char *name)
{
	r->takes_text = false;
	if (strcmp(name, "v") == 0) {
		r->takes_text = true;
		r->len = 0;
	} else if (strcmp(name, "f") == 0) {
		r->has_formula = true;
	} else if (strcmp(name, "is") == 0) {
		r->in_own = true;
		r->len = 0;
	} else if (strcmp(name, "rPh") == 0) {
		r->in_sound = true;
	} else if (strcmp(name, "t") == 0) {
		r->takes_text = r->in_own && !r->in_sound;
	}
	return ++r->parts <= USUAL_PARTS ? KL_OK : pass_over(r);
}

static int on_start(void *data, const char *name, const char *const *attributes)
{
	struct kl_xlsx_rows *r = data;

	if (r->in_cell)
		return on_start_in_cell(r, name);
	if (r->in_row && strcmp(name, "c") == 0)
		return begin_cell(r, attributes);
	if (!r->in_row && r->in_data && strcmp(name, "row") == 0)
		return begin_row(r, attributes);
	if (!r->in_row && strcmp(name, "sheetData") == 0)
		r->in_data = true;
	else if (!r->in_data && strcmp(name, "mergeCell") == 0)
		add_merge(r, attributes);
	return pass_over(r);
}

static int on_end(void *data, const char *name)
{
	struct kl_xlsx_rows *r = data;

	r->takes_text = false;
	if (r->in_cell) {
		if (strcmp(name, "rPh") == 0)
			r->in_sound = false;
		else if (strcmp(name, "is") == 0)
			r->in_own = false;
		return strcmp(name, "c") == 0 ? end_cell(r) : KL_OK;
	}
	if (r->in_row && strcmp(name, "row") == 0) {
		r->in_row = false;
		kl_xml_pause(r->xml);
	} else if (!r->in_row && strcmp(name, "sheetData") == 0) {
		r->in_data = false;
	}
	return KL_OK;
}

static int on_text(void *data, const char *text, size_t len)
{
	struct kl_xlsx_rows *r = data;

	if (!r->takes_text)
		return KL_OK;
	if (r->len + len > VALUE_MAX)
		return cell_fault(r, KL_E_TOO_BIG, "holds more than 64 KiB of text");
	memcpy(r->value + r->len, text, len);
	r->len += len;
	return KL_OK;
}

/* ---- outside --------------------------------------------------------------------------------- */

int kl_xlsx_rows_new(const struct kl_xml_source *source, const struct kl_xlsx_shared *shared,
	struct kl_fault *fault, struct kl_xlsx_rows **ret_rows)
{
	static const struct kl_xml_events events = {on_start, on_end, on_text};
	struct kl_xlsx_rows *rows = calloc(1, sizeof *rows);
	int rc;

	if (!rows)
		return kl_fault(fault, KL_E_NOMEM, "no memory for its rows");
	rows->shared = shared;
	rc = kl_xml_new(source, &events, rows, KL_XLSX_SHEET_MAX, fault, &rows->xml);
	if (rc) {
		free(rows);
		return rc;
	}
	*ret_rows = rows;
	return KL_OK;
}

void kl_xlsx_rows_free(struct kl_xlsx_rows *rows)
{
	if (!rows)
		return;
	kl_xml_free(rows->xml);
	free(rows);
}

int kl_xlsx_rows_next(struct kl_xlsx_rows *rows, struct kl_csv_row *row, struct kl_fault *fault)
{
	rows->row = row;
	rows->fault = fault;
	return kl_xml_run(rows->xml, fault);
}

const struct kl_xlsx_remarks *kl_xlsx_rows_remarks(const struct kl_xlsx_rows *rows)
{
	return &rows->remarks;
}
