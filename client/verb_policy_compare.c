/* policy compare: policies side by side. */
#include "client/book.h"
#include "client/draw.h"
#include "client/draw_policy.h"
#include "client/request.h"

#include <stdlib.h>
#include <string.h>

/* Up to three stand in columns of one page of 100 characters; more below each other. */
enum { MEMBERS_MAX = 8, BESIDE_MAX = 3, LABEL = 26, PAGE = 98 };

struct row {
	size_t n;
	char texts[MEMBERS_MAX][KL_DRAW_POLICY_TEXT_MAX];
};

/* Texts of an array; "-" for nil. */
static void take(struct row *row, const struct kl_value *map, const char *key)
{
	struct kl_cursor cursor = kl_draw_items(map, key);
	struct kl_value item;

	for (row->n = 0; row->n < MEMBERS_MAX && kl_cursor_next(&cursor, &item); row->n++)
		if (kl_value_text(&item, row->texts[row->n], KL_DRAW_POLICY_TEXT_MAX))
			(void)kl_copy_text(row->texts[row->n], KL_DRAW_POLICY_TEXT_MAX, "-");
}

/* A piece of a text, and the blanks that are owed before the next one: no line ends with any. */
static void put_piece(FILE *out, const char *text, const char *end, size_t width, size_t *owed)
{
	char piece[4 * PAGE + 1];
	size_t len = (size_t)(end - text), shown;

	len = len < sizeof piece ? len : sizeof piece - 1;
	while (len && text[len - 1] == ' ')
		len--;
	memcpy(piece, text, len);
	piece[len] = '\0';
	shown = kl_text_width(piece);
	if (len) {
		fprintf(out, "%*s%s", (int)*owed, "", piece);
		*owed = 0;
	} else {
		shown = 0;
	}
	*owed += (shown < width ? width - shown : 0) + 2;
}

/* One line of texts that stand in columns of these widths; moves them on and tells whether anything is
 * left. */
static bool put_line(FILE *out, size_t indent, const char **texts, const size_t *widths, size_t n)
{
	size_t owed = indent;
	bool more = false;

	for (size_t i = 0; i < n; i++) {
		const char *next, *end = kl_draw_line_end(texts[i], widths[i], &next);

		put_piece(out, texts[i], end, widths[i], &owed);
		texts[i] = next;
		more |= *next != '\0';
	}
	fputc('\n', out);
	return more;
}

/* One field, its texts beside each other. */
static void draw_beside(FILE *out, const char *mark, const char *label, const struct row *row)
{
	size_t widths[1 + BESIDE_MAX] = {LABEL - 4}, indent = 2 - strlen(mark);
	const char *texts[1 + BESIDE_MAX] = {label};

	for (size_t i = 0; i < row->n; i++) {
		texts[1 + i] = row->texts[i];
		widths[1 + i] = (PAGE - LABEL) / row->n - 2;
	}
	fputs(mark, out);
	while (put_line(out, indent, texts, widths, 1 + row->n))
		indent = 2;
}

/* One field, its texts below each other, each behind its member; how many say nothing. */
static void draw_below(FILE *out, const char *mark, const char *label, const struct row *members,
	const struct row *row)
{
	static const size_t widths[] = {LABEL, PAGE - LABEL - 6};
	size_t silent = 0;

	fprintf(out, "%*s%s\n", -2, mark, label);
	for (size_t i = 0; i < row->n; i++) {
		const char *texts[] = {members->texts[i], row->texts[i]};

		if (!strcmp(row->texts[i], "-")) {
			silent++;
			continue;
		}
		while (put_line(out, 4, texts, widths, 2))
			;
	}
	if (silent)
		fprintf(out, "    %-*s  not said\n", LABEL,
			silent == 1 ? "the other one" : "the others");
}

static void draw_field(FILE *out, bool differs, const char *label, const struct row *members,
	const struct row *row)
{
	const char *mark = differs ? "*" : "";

	if (members->n <= BESIDE_MAX)
		draw_beside(out, mark, label, row);
	else
		draw_below(out, mark, label, members, row);
}

static bool all_same(const struct row *row)
{
	for (size_t i = 1; i < row->n; i++)
		if (strcmp(row->texts[0], row->texts[i]) != 0)
			return false;
	return true;
}

static void draw_fields(
	FILE *out, const struct kl_value *answer, const struct row *members, struct row *row)
{
	struct kl_cursor cursor = kl_draw_items(answer, "fields");
	struct kl_value field;
	char label[64];

	while (kl_cursor_next(&cursor, &field)) {
		bool nobody = true;

		take(row, &field, "shown");
		for (size_t i = 0; i < row->n; i++)
			nobody &= !strcmp(row->texts[i], "-");
		if (!nobody)
			draw_field(out, kl_draw_flag(&field, "differs"),
				kl_cli_text(&field, "label", "?", label, sizeof label), members,
				row);
	}
}

static void draw_why(
	FILE *out, const struct kl_value *answer, const struct row *members, struct row *row)
{
	char class[MEMBERS_MAX][32];

	for (size_t i = 0; i < row->n; i++)
		(void)kl_copy_text(class[i], sizeof class[i], row -> texts[i]);
	take(row, answer, "why");
	for (size_t i = 0; i < row->n; i++) {
		fprintf(out, "\n%s: %s, because\n  ", members->texts[i], class[i]);
		kl_draw_wrapped(out, row->texts[i], PAGE - 2, 2);
	}
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct row *rows = calloc(2, sizeof *rows);
	FILE *out = cli->out;

	if (!rows)
		return kl_fault(&cli->fault, KL_E_NOMEM, "no memory for a comparison");
	take(&rows[0], answer, "members");
	fputs("* marks what differs; - is not said\n\n", out);
	if (rows[0].n && rows[0].n <= BESIDE_MAX) {
		draw_beside(out, "", "", &rows[0]);
		fputc('\n', out);
	}
	draw_fields(out, answer, &rows[0], &rows[1]);
	take(&rows[1], answer, "class");
	fputc('\n', out);
	draw_field(out, !all_same(&rows[1]), "Class (SE:UK 2016)", &rows[0], &rows[1]);
	draw_why(out, answer, &rows[0], &rows[1]);
	free(rows);
	return KL_OK;
}

/* ---- as a table ---------------------------------------------------------------------------- */

enum { WIDE = 40 };

static void put_row(
	struct kl_book *book, const char *label, const char *differs, const struct row *row)
{
	kl_book_text(book, label);
	kl_book_text(book, differs);
	for (size_t i = 0; i < row->n; i++)
		kl_book_text(book, strcmp(row->texts[i], "-") != 0 ? row->texts[i] : "");
	kl_book_end_row(book);
}

static void put_rows(struct kl_book *book, const struct kl_value *answer, struct row *row)
{
	struct kl_cursor cursor = kl_draw_items(answer, "fields");
	struct kl_value field;
	char label[64];

	while (kl_cursor_next(&cursor, &field)) {
		take(row, &field, "shown");
		put_row(book, kl_cli_text(&field, "label", "?", label, sizeof label),
			kl_draw_flag(&field, "differs") ? "yes" : "no", row);
	}
	take(row, answer, "class");
	put_row(book, "Class (SE:UK 2016)", all_same(row) ? "no" : "yes", row);
	take(row, answer, "why");
	put_row(book, "Because", "", row);
}

/* A column for each member. */
static int write_table(struct kl_cli *cli, const struct kl_value *answer, const char *path)
{
	struct kl_book_column columns[2 + MEMBERS_MAX] = {
		{"field", KL_BOOK_TEXT, .width = WIDE}, {"differs", KL_BOOK_TEXT}};
	struct kl_book_sheet sheet = {.name = "Policies", .columns = columns, .count = 2};
	struct row *rows = calloc(2, sizeof *rows);
	struct kl_book *book;
	int rc;

	if (!rows)
		return kl_fault(&cli->fault, KL_E_NOMEM, "no memory for a comparison");
	rc = kl_book_new(path, &cli->fault, &book);
	if (rc) {
		free(rows);
		return rc;
	}
	take(&rows[0], answer, "members");
	for (size_t i = 0; i < rows[0].n; i++)
		columns[sheet.count++] =
			(struct kl_book_column){rows[0].texts[i], KL_BOOK_TEXT, .width = WIDE};
	kl_book_begin(book, &sheet);
	put_rows(book, answer, &rows[1]);
	rc = kl_book_finish(book, &cli->fault);
	kl_book_close(book);
	free(rows);
	if (!rc && !cli->json)
		fprintf(cli->out, "%s\n", path);
	return rc;
}

static int give(struct kl_cli *cli, const struct kl_value *answer)
{
	const char *path = kl_args_option(&cli->args, "out");
	int rc = path ? write_table(cli, answer, path) : KL_OK;

	if (rc)
		return rc;
	if (cli->json)
		return kl_cli_json(cli, answer);
	return path ? KL_OK : draw(cli, answer);
}

static int run(struct kl_cli *cli)
{
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_request_options(cli, &pack);
	kl_request_operands(cli, &pack, "members", 0);
	rc = kl_cli_ask(cli, "policy compare", &pack, &answer);
	kl_pack_deinit(&pack);
	return rc ? rc : give(cli, &answer);
}

static const struct kl_option options[] = {
	{"only-differences", NULL, "leave out what all of them say alike"},
	{NULL},
};

const struct kl_command kl_verb_policy_compare = {
	.words = "policy compare",
	.operands = "MEMBER...",
	.example = "keeplocal policy compare bristol shropshire hackney",
	.help = "the policies of two to eight members side by side, with what differs marked",
	.options = options,
	.operands_min = 2,
	.operands_max = MEMBERS_MAX,
	.tables = true,
	.run = run,
};
