#include "client/sheet_own.h"
#include "core/bytes.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Letters and digits only, small. */
static void fold(const char *text, char out[KL_SHEET_FOLDED_MAX])
{
	size_t n = 0;

	for (; *text && n + 1 < KL_SHEET_FOLDED_MAX; text++)
		if (isalnum((unsigned char)*text))
			out[n++] = (char)tolower((unsigned char)*text);
	out[n] = '\0';
}

/* A name without the year behind it, 1900 to 2199. */
static void cut_year(const char *name, char out[KL_SHEET_FOLDED_MAX])
{
	size_t len = strlen(name);
	const char *year = name + (len > 4 ? len - 4 : len);

	(void)kl_copy_text(out, KL_SHEET_FOLDED_MAX, name);
	if (strspn(year, "0123456789") == 4 &&
		(!strncmp(year, "19", 2) || !strncmp(year, "20", 2) || !strncmp(year, "21", 2)))
		out[len - 4] = '\0';
}

/* Which of the names of a column this is, 0 being the first; or KL_SHEET_NONE. */
static int rank_of(const struct kl_column *column, const char *wanted)
{
	char name[KL_SHEET_FOLDED_MAX], undated[KL_SHEET_FOLDED_MAX];
	int rank = 1;

	if (column->dated) {
		cut_year(wanted, undated);
		wanted = undated;
	}
	fold(column->name, name);
	if (strcmp(name, wanted) == 0)
		return 0;
	for (const char *const *alias = column->aliases; *alias; alias++, rank++) {
		fold(*alias, name);
		if (strcmp(name, wanted) == 0)
			return rank;
	}
	return KL_SHEET_NONE;
}

static int find_column(const struct kl_sheet *sheet, const char *header)
{
	char wanted[KL_SHEET_FOLDED_MAX];

	fold(header, wanted);
	for (unsigned c = 0; wanted[0] && c < sheet->count; c++)
		if (rank_of(&sheet->columns[c], wanted) != KL_SHEET_NONE)
			return (int)c;
	return KL_SHEET_NONE;
}

/* ---- finding the header ---------------------------------------------------------------------- */

struct header {
	unsigned way;
	unsigned rows; /* to skip, itself included */
	unsigned known, required;
	bool found;
};

static unsigned count_known(const struct kl_sheet *sheet, unsigned *ret_required)
{
	bool seen[KL_SHEET_COLUMNS_MAX] = {false};
	unsigned known = 0;

	*ret_required = 0;
	for (unsigned i = 0; i < sheet->row.count; i++) {
		int c = find_column(sheet, sheet->row.cells[i]);

		if (c == KL_SHEET_NONE || seen[c])
			continue;
		seen[c] = true;
		known++;
		*ret_required += sheet->columns[c].required;
	}
	return known;
}

/* The row with most required names, then most names; the first of equals. */
static struct header find_header(struct kl_sheet *sheet)
{
	struct header best = {.way = 0};

	for (unsigned way = 0; way < kl_grid_ways(sheet->grid); way++) {
		kl_grid_look_from_start(sheet->grid, way);
		for (unsigned n = 1;
			n <= KL_SHEET_HEADER_MAX && kl_grid_look(sheet->grid, &sheet->row); n++) {
			struct header h = {.way = way, .rows = n, .found = true};

			h.known = count_known(sheet, &h.required);
			if (h.known &&
				(h.required > best.required ||
					(h.required == best.required && h.known > best.known)))
				best = h;
		}
	}
	return best;
}

static unsigned count_required(const struct kl_sheet *sheet)
{
	unsigned n = 0;

	for (unsigned c = 0; c < sheet->count; c++)
		n += sheet->columns[c].required;
	return n;
}

void kl_sheet_list(char list[KL_SHEET_LIST_MAX], const char *text)
{
	size_t n = strlen(list);
	char shown[KL_SHEET_SHOWN_MAX];

	(void)kl_one_line(text, shown, sizeof shown);
	if (shown[0] && n + strlen(shown) + 8 < KL_SHEET_LIST_MAX)
		snprintf(list + n, KL_SHEET_LIST_MAX - n, "%s%s", n ? ", " : "", shown);
	else if (shown[0] && n >= 3 && strcmp(list + n - 3, "...") != 0 &&
		 n + 6 < KL_SHEET_LIST_MAX)
		snprintf(list + n, KL_SHEET_LIST_MAX - n, ", ...");
}

/* What stands in the first row that says anything, split by whatever splits it most. */
static void list_found(struct kl_sheet *sheet, const struct header *h, char list[KL_SHEET_LIST_MAX])
{
	unsigned most = 0;

	list[0] = '\0';
	for (unsigned way = 0; way < kl_grid_ways(sheet->grid); way++) {
		unsigned n = 0;

		if (h->found && way != h->way)
			continue;
		kl_grid_look_from_start(sheet->grid, way);
		while (n < KL_SHEET_HEADER_MAX && kl_grid_look(sheet->grid, &sheet->row))
			if (++n == h->rows || (!h->found && !sheet->row.blank))
				break;
		if (!n || sheet->row.count <= most)
			continue;
		most = sheet->row.count;
		list[0] = '\0';
		for (unsigned c = 0; c < sheet->row.count; c++)
			kl_sheet_list(list, sheet->row.cells[c]);
	}
}

/* The table may well be on another sheet. */
static void hint_at_columns(
	const struct kl_sheet *sheet, const char *expected, struct kl_fault *fault)
{
	const struct kl_xlsx *book = kl_grid_book(sheet->grid);
	char others[KL_SHEET_LIST_MAX / 2];

	if (book && kl_xlsx_others(book, others, sizeof others))
		(void)kl_fault_hint(
			fault, "is it on another sheet? --sheet NAME reads one of %s", others);
	else
		(void)kl_fault_hint(fault, "columns that can be read: %s", expected);
}

/* What stops the reading before a header can be found. */
static int check_start(struct kl_sheet *sheet, struct kl_fault *fault)
{
	int rc = kl_grid_begin(sheet->grid, 0, fault);

	for (unsigned n = 0; !rc && n < KL_SHEET_HEADER_MAX; n++) {
		rc = kl_grid_next(sheet->grid, &sheet->row, fault);
		if (rc == 0)
			return KL_OK;
		rc = rc == 1 ? KL_OK : rc;
	}
	return rc;
}

static int missing(struct kl_sheet *sheet, const struct header *h, struct kl_fault *fault)
{
	char found[KL_SHEET_LIST_MAX], lacking[KL_SHEET_LIST_MAX] = "",
				       expected[KL_SHEET_LIST_MAX] = "";
	bool seen[KL_SHEET_COLUMNS_MAX] = {false};
	int rc = kl_grid_book(sheet->grid) ? check_start(sheet, fault) : KL_OK;

	if (rc)
		return rc;
	list_found(sheet, h, found);
	if (h->found)
		for (unsigned i = 0; i < sheet->row.count; i++) {
			int c = find_column(sheet, sheet->row.cells[i]);

			if (c != KL_SHEET_NONE)
				seen[c] = true;
		}
	for (unsigned c = 0; c < sheet->count; c++) {
		kl_sheet_list(expected, sheet->columns[c].name);
		if (sheet->columns[c].required && !seen[c])
			kl_sheet_list(lacking, sheet->columns[c].name);
	}
	if (!found[0])
		kl_fault(fault, KL_E_MALFORMED, "%s: is empty", kl_grid_name(sheet->grid));
	else
		kl_fault(fault, KL_E_MALFORMED, "%s: column missing: %s; found: %s",
			kl_grid_name(sheet->grid), lacking, found);
	hint_at_columns(sheet, expected, fault);
	return KL_E_MALFORMED;
}

/* One sentence for all columns that nobody asked for. */
static void tell_unknown(struct kl_sheet *sheet, const char *list, unsigned count)
{
	if (count == 1)
		kl_sheet_tell(sheet, "column '%s' is not known and is not read", list);
	else if (count)
		kl_sheet_tell(sheet, "%u columns are not known and are not read: %s", count, list);
}

/* Two headers mean one ranked column: true if the new one comes first among its names. The other is
 * told. */
static bool outranks(struct kl_sheet *sheet, int c, const char *shown)
{
	char old[KL_SHEET_FOLDED_MAX], new[KL_SHEET_FOLDED_MAX];
	bool better;

	fold(sheet->called[c], old);
	fold(shown, new);
	better = rank_of(&sheet->columns[c], new) < rank_of(&sheet->columns[c], old);
	kl_sheet_tell(sheet,
		"column '%s' is read as %s; '%s' could be it, too, but less likely, and is not "
		"read",
		better ? shown : sheet->called[c], sheet->columns[c].name,
		better ? sheet->called[c] : shown);
	return better;
}

/* Takes the header, which is the current row, apart. */
static int map_columns(struct kl_sheet *sheet, struct kl_fault *fault)
{
	char unknown[KL_SHEET_LIST_MAX] = "";
	unsigned unknown_count = 0;

	for (unsigned i = 0; i < sheet->row.count; i++) {
		const char *header = sheet->row.cells[i];
		int c = find_column(sheet, header);
		char shown[KL_SHEET_SHOWN_MAX];

		(void)kl_one_line(header, shown, sizeof shown);
		if (c == KL_SHEET_NONE) {
			kl_sheet_list(unknown, shown);
			unknown_count += shown[0] != '\0';
			continue;
		}
		if (sheet->at[c] != KL_SHEET_NONE && sheet->columns[c].ranked) {
			if (!outranks(sheet, c, shown))
				continue;
		} else if (sheet->at[c] != KL_SHEET_NONE)
			return kl_fault(fault, KL_E_MALFORMED,
				"%s: columns '%s' and '%s' both mean %s", kl_grid_name(sheet->grid),
				sheet->called[c], shown, sheet->columns[c].name);
		sheet->at[c] = (int)i;
		(void)kl_copy_text(sheet->called[c], sizeof sheet->called[c], shown);
	}
	tell_unknown(sheet, unknown, unknown_count);
	return KL_OK;
}

static void keep_title(struct kl_sheet *sheet)
{
	struct kl_title *title = &sheet->titles[sheet->title_count];

	if (sheet->row.count < 2 || !sheet->row.cells[1][0] ||
		sheet->title_count == KL_SHEET_TITLES_MAX)
		return;
	fold(sheet->row.cells[0], title->name);
	(void)kl_one_line(sheet->row.cells[1], title->text, sizeof title->text);
	sheet->title_count++;
}

const char *kl_sheet_title(const struct kl_sheet *sheet, const char *name)
{
	for (unsigned i = 0; i < sheet->title_count; i++)
		if (strcmp(sheet->titles[i].name, name) == 0)
			return sheet->titles[i].text;
	return "";
}

int kl_sheet_read_header(struct kl_sheet *sheet, struct kl_fault *fault)
{
	struct header h = find_header(sheet);
	int rc;

	if (h.required < count_required(sheet) || !h.found)
		return missing(sheet, &h, fault);
	rc = kl_grid_begin(sheet->grid, h.way, fault);
	if (rc)
		return rc;
	for (unsigned n = 0; n < h.rows; n++) {
		rc = kl_grid_next(sheet->grid, &sheet->row, fault);
		if (rc <= 0)
			return rc ? rc : KL_E_BUG;
		if (n + 1 < h.rows)
			keep_title(sheet);
	}
	sheet->width = sheet->row.count;
	sheet->header_line = sheet->row.line;
	return map_columns(sheet, fault);
}

struct kl_sheet_fit kl_sheet_measure(struct kl_sheet *sheet)
{
	struct header h = find_header(sheet);
	struct kl_sheet_fit fit = {
		.known = h.known, .fits = h.found && h.required == count_required(sheet)};

	list_found(sheet, &h, fit.found);
	return fit;
}
