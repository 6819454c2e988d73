#include "client/lessons_file.h"
#include "core/post.h"
#include "core/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TITLE,
	TEXT,
	PLACE,
	PERIOD,
	CHARACTERISTICS,
	STAGES,
	ROUTES,
	SERVICES,
	BARRIERS,
	OUTCOME,
	LINKS,
	COLUMNS
};

static const struct kl_column columns[COLUMNS] = {
	[TITLE] = {"title", {"lesson", "headline", NULL}, .required = true},
	[TEXT] = {"text", {"description", "what we learnt", "what we learned", "details", NULL},
		.required = true},
	[PLACE] = {"place", {"where", "area", NULL}},
	[PERIOD] = {"period", {"when", "year", NULL}},
	[CHARACTERISTICS] = {"characteristics", {"characteristic", "about", NULL}},
	[STAGES] = {"stages", {"stage", "stage of commissioning", NULL}},
	[ROUTES] = {"routes", {"route", NULL}},
	[SERVICES] = {"services", {"service", "service area", NULL}},
	[BARRIERS] = {"barriers", {"barrier", NULL}},
	[OUTCOME] = {"outcome", {"did it work", NULL}},
	[LINKS] = {"links", {"link", "url", "source", NULL}},
};

/* How the daemon calls them: as options of `lesson add` are called. */
static const char *const keys[COLUMNS] = {"title", "text", "place", "period", "characteristic",
	"stage", "route", "service", "barrier", "outcome", "link"};

const struct kl_column *kl_lessons_columns(unsigned *ret_count)
{
	*ret_count = COLUMNS;
	return columns;
}

void kl_lessons_pack(const struct kl_lessons_file *lessons, struct kl_pack *pack)
{
	struct kl_writer *w = kl_pack_value(pack, "lessons");
	struct kl_bytes rows;

	kl_write_array(w, lessons->n);
	if (kl_writer_bytes(&lessons->rows, &rows))
		w->failed = true;
	else if (lessons->n)
		kl_write_raw(w, rows);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Cells hold line ends as programs write them. */
static void put_cell(struct kl_writer *w, const char *key, const char *cell)
{
	char *text = strdup(cell), *to = text;

	if (!text) {
		w->failed = true;
		return;
	}
	for (const char *c = cell; *c; c++)
		if (*c != '\r' || c[1] != '\n')
			*to++ = *c == '\r' ? '\n' : *c == '\t' ? ' ' : *c;
	*to = '\0';
	kl_put_text(w, key, text);
	free(text);
}

static void put_row(struct kl_lessons_file *l, const char *title)
{
	char where[KL_SHEET_FOUND_MAX + 64];
	size_t pairs = 2;

	for (unsigned i = TEXT; i < COLUMNS; i++)
		pairs += kl_sheet_cell(l->sheet, i)[0] != '\0';
	(void)snprintf(where, sizeof where, "%.200s, %s %u", kl_sheet_name(l->sheet),
		kl_sheet_word(l->sheet), (unsigned)kl_sheet_line(l->sheet));
	kl_write_map(&l->rows, pairs);
	kl_put_text(&l->rows, "where", where);
	kl_put_text(&l->rows, keys[TITLE], title);
	for (unsigned i = TEXT; i < COLUMNS; i++)
		if (kl_sheet_cell(l->sheet, i)[0])
			put_cell(&l->rows, keys[i], kl_sheet_cell(l->sheet, i));
	l->n++;
}

/* Titles so far, with the lines where they stand. */
struct seen {
	struct {
		char title[KL_POST_TITLE_MAX];
		uint32_t line;
	} items[KL_LESSONS_ROWS_MAX];
	size_t n;
};

static int note_title(const struct kl_lessons_file *l, struct seen *seen, const char *title,
	struct kl_fault *fault)
{
	for (size_t i = 0; i < seen->n; i++)
		if (!strcasecmp(seen->items[i].title, title))
			return kl_fault(fault, KL_E_MALFORMED,
				"%s, %s %u: a lesson of this title stands in %s %u already",
				kl_sheet_name(l->sheet), kl_sheet_word(l->sheet),
				(unsigned)kl_sheet_line(l->sheet), kl_sheet_word(l->sheet),
				(unsigned)seen->items[i].line);
	(void)kl_copy_text(seen->items[seen->n].title, KL_POST_TITLE_MAX, title);
	seen->items[seen->n++].line = kl_sheet_line(l->sheet);
	return KL_OK;
}

static int read_row(struct kl_lessons_file *l, struct seen *seen, struct kl_fault *fault)
{
	char title[KL_POST_TITLE_MAX];
	struct kl_bytes rows;
	int rc = kl_sheet_check_row(l->sheet, fault);

	if (rc)
		return rc;
	if (!kl_one_line(kl_sheet_cell(l->sheet, TITLE), title, sizeof title))
		return kl_sheet_fault(
			l->sheet, fault, KL_E_TOO_BIG, TITLE, "a title of at most 200 bytes");
	if (!title[0])
		return kl_sheet_fault(l->sheet, fault, KL_E_MALFORMED, TITLE,
			"a title, one line that says what was learnt");
	if (l->n == KL_LESSONS_ROWS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG,
			"%s: has more than %d lessons: make two files of it",
			kl_sheet_name(l->sheet), KL_LESSONS_ROWS_MAX);
	rc = note_title(l, seen, title, fault);
	if (rc)
		return rc;
	put_row(l, title);
	if (kl_writer_bytes(&l->rows, &rows))
		return kl_fault(fault, KL_E_NOMEM, "no memory for more rows");
	return rows.len > KL_LESSONS_BYTES_MAX
		       ? kl_fault(fault, KL_E_TOO_BIG,
				 "%s, up to %s %u: more than %d KiB of text: make two files of it",
				 kl_sheet_name(l->sheet), kl_sheet_word(l->sheet),
				 (unsigned)kl_sheet_line(l->sheet), KL_LESSONS_BYTES_MAX >> 10)
		       : KL_OK;
}

static int read_rows(struct kl_lessons_file *l, struct kl_fault *fault)
{
	struct seen *seen = calloc(1, sizeof *seen);
	int rc = KL_OK, next;

	if (!seen)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read a table");
	while (!rc && (next = kl_sheet_next(l->sheet, fault)) != 0)
		rc = next < 0 ? next : read_row(l, seen, fault);
	free(seen);
	return rc || l->n ? rc
			  : kl_fault(fault, KL_E_MALFORMED, "%s: has no lessons below its header",
				    kl_sheet_name(l->sheet));
}

int kl_lessons_read(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_lessons_file *ret_lessons)
{
	struct kl_lessons_file l = {.n = 0};
	int rc = kl_sheet_open(path, tab, columns, COLUMNS, fault, &l.sheet);

	if (rc)
		return rc;
	kl_writer_init(&l.rows);
	rc = read_rows(&l, fault);
	if (rc)
		kl_lessons_deinit(&l);
	else
		*ret_lessons = l;
	return rc;
}

void kl_lessons_deinit(struct kl_lessons_file *lessons)
{
	kl_writer_deinit(&lessons->rows);
	kl_sheet_close(lessons->sheet);
	*lessons = (struct kl_lessons_file){.n = 0};
}
