/* spend rejected: rows of spending files that are no payments, with their reasons. */
#include "client/book.h"
#include "client/draw.h"
#include "client/verb_spend.h"

#include <string.h>

static const struct kl_book_column columns[] = {
	{"file", KL_BOOK_TEXT, .width = 30},
	{"line", KL_BOOK_COUNT},
	{"reason", KL_BOOK_TEXT, .width = 40},
	{"amount", KL_BOOK_POUNDS},
	{"row", KL_BOOK_TEXT, .width = 80},
};

static const struct kl_book_sheet sheet = {
	.name = "Rejected", .columns = columns, .count = sizeof columns / sizeof *columns};

/* Where rows go: into a file, a table on the screen, or JSON. */
struct taking {
	struct kl_book *book;
	struct kl_table table;
	struct kl_writer rows;
	size_t count;
	bool json;
};

static void write_row(struct kl_book *book, const struct kl_value *row)
{
	char text[512];
	int64_t pence;

	kl_book_text(book, kl_cli_text(row, "file", "", text, sizeof text));
	kl_book_count(book, (int64_t)kl_draw_uint(row, "line"));
	kl_book_text(book, kl_cli_text(row, "reason", "", text, sizeof text));
	if (kl_get_int(row, "pence", &pence))
		kl_book_skip(book);
	else
		kl_book_pounds(book, pence);
	kl_book_text(book, kl_cli_text(row, "row", "", text, sizeof text));
	kl_book_end_row(book);
}

static void draw_row(struct kl_table *table, const struct kl_value *row)
{
	char money[64], text[512];

	kl_draw_cell(table, row, "file", "?");
	kl_table_cell(table, "%llu", (unsigned long long)kl_draw_uint(row, "line"));
	kl_draw_cell(table, row, "reason", "?");
	kl_table_cell(table, "%s", kl_spend_money(row, "pence", money));
	kl_table_cell(table, "%.60s", kl_cli_text(row, "row", "", text, sizeof text));
}

static int take(void *data, const struct kl_value *rows, struct kl_fault *fault)
{
	struct taking *taking = data;
	struct kl_cursor items;
	struct kl_value row;

	if (rows->type != KL_WIRE_ARRAY)
		return kl_fault(fault, KL_E_MALFORMED, "the answer cannot be read");
	items = kl_cursor(rows);
	for (; kl_cursor_next(&items, &row); taking->count++) {
		if (taking->book)
			write_row(taking->book, &row);
		else if (taking->json)
			kl_write_raw(&taking->rows, row.raw);
		else
			draw_row(&taking->table, &row);
	}
	return KL_OK;
}

/* ---- the end ------------------------------------------------------------------------------- */

static int print_json(
	struct kl_cli *cli, const struct taking *taking, const struct kl_value *answer)
{
	struct kl_bytes rows;
	struct kl_writer w;
	int64_t pence;
	int rc = kl_writer_bytes(&taking->rows, &rows);

	if (rc || kl_get_int(answer, "rejected_pence", &pence))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	kl_writer_init(&w);
	kl_write_map(&w, 4);
	kl_put_uint(&w, "rejected", kl_draw_uint(answer, "rejected"));
	kl_put_int(&w, "rejected_pence", pence);
	kl_put_uint(&w, "already_there", kl_draw_uint(answer, "already_there"));
	kl_put_array(&w, "rows", taking->count);
	if (rows.len)
		kl_write_raw(&w, rows);
	rc = kl_cli_json_written(cli, &w);
	kl_writer_deinit(&w);
	return rc;
}

static void print_sums(struct kl_cli *cli, const struct kl_value *answer, const char *path)
{
	uint64_t there = kl_draw_uint(answer, "already_there");
	char count[64], money[64];

	fprintf(cli->out, "%s rejected, %s together",
		kl_spend_count(kl_draw_uint(answer, "rejected"), "row", count),
		kl_spend_money(answer, "rejected_pence", money));
	if (there)
		fprintf(cli->out, "; not listed: %s that came in with an earlier file",
			kl_spend_count(there, "row", count));
	fprintf(cli->out, "%s%s\n", path ? "\nwritten to " : "", path ? path : "");
}

static int finish(
	struct kl_cli *cli, struct taking *taking, const struct kl_value *answer, const char *path)
{
	int rc = KL_OK;

	if (taking->book)
		rc = kl_book_finish(taking->book, &cli->fault);
	if (rc)
		return rc;
	if (cli->json)
		return print_json(cli, taking, answer);
	if (!taking->book && taking->count)
		rc = kl_table_print(&taking->table, cli->out);
	print_sums(cli, answer, path);
	return rc;
}

static int run(struct kl_cli *cli)
{
	const char *path = kl_args_option(&cli->args, "out");
	struct taking taking = {.json = cli->json};
	struct kl_value answer;
	struct kl_pack pack;
	int rc = path ? kl_book_new(path, &cli->fault, &taking.book) : KL_OK;

	if (rc)
		return rc;
	if (taking.book)
		kl_book_begin(taking.book, &sheet);
	kl_table_init(&taking.table, "<file >line <reason >amount <row");
	kl_writer_init(&taking.rows);
	kl_pack_init(&pack);
	kl_pack_text(&pack, "file", kl_args_option(&cli->args, "file"));
	rc = kl_cli_download(cli, "spend rejected", &pack, take, &taking, &answer);
	if (!rc)
		rc = finish(cli, &taking, &answer, path);
	kl_pack_deinit(&pack);
	kl_writer_deinit(&taking.rows);
	kl_table_deinit(&taking.table);
	kl_book_close(taking.book);
	return rc;
}

static const struct kl_option options[] = {
	{"out", "FILE", "write them to a new file, .csv or .xlsx"},
	{"file", "FILE", "of this file alone: its number in 'spend list', or a part of its name"},
	{NULL},
};

const struct kl_command kl_verb_spend_rejected = {
	.words = "spend rejected",
	.example = "keeplocal spend rejected --out rejected.csv",
	.help = "rows of spending files that were not taken, with line and reason",
	.options = options,
	.run = run,
};
