/* imports: what came in from files. undo: the last of them is taken back. */
#include "client/cli.h"
#include "client/confirm.h"
#include "client/draw.h"
#include "client/verb_spend.h"
#include "core/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { TIME_TEXT_MAX = 32 };

/* "2026-11-30T15:20:05Z" as the clock on the wall has it: "30 Nov 2026 15:20". */
static const char *local_time(const struct kl_value *import, char out[TIME_TEXT_MAX])
{
	struct tm tm = {.tm_isdst = 0};
	char text[TIME_TEXT_MAX];
	time_t at;

	kl_cli_text(import, "at", "earlier", text, sizeof text);
	(void)kl_copy_text(out, TIME_TEXT_MAX, text);
	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		    &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return out;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	at = timegm(&tm);
	if (localtime_r(&at, &tm))
		(void)strftime(out, TIME_TEXT_MAX, "%e %b %Y %H:%M", &tm);
	return out + strspn(out, " ");
}

/* ---- imports ------------------------------------------------------------------------------- */

static void import_row(struct kl_table *table, const struct kl_value *import)
{
	char at[TIME_TEXT_MAX], rows[KL_MONEY_TEXT_MAX];
	uint64_t count = kl_draw_uint(import, "rows");

	kl_table_cell(table, "%" PRIu64, kl_draw_uint(import, "import"));
	kl_table_cell(table, "%s", local_time(import, at));
	kl_draw_cell(table, import, "what", "?");
	kl_draw_cell(table, import, "of", "");
	kl_draw_cell(table, import, "file", "");
	kl_table_cell(table, "%s", count ? kl_count_format((int64_t)count, rows) : "");
}

static int draw_imports(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "imports");
	uint64_t older = kl_draw_uint(answer, "older");
	struct kl_value import;
	struct kl_table table;
	int rc;

	if (!kl_draw_count(answer, "imports")) {
		fputs("Nothing was imported yet.\n\nNext:\n  keeplocal\n      which files would "
		      "help first\n",
			cli->out);
		return KL_OK;
	}
	kl_table_init(&table, ">no <when <what <of <file >rows");
	while (kl_cursor_next(&cursor, &import))
		import_row(&table, &import);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (older)
		fprintf(cli->out, "and %" PRIu64 " before these\n", older);
	fputs("\nkeeplocal undo takes the first of these back\n", cli->out);
	return rc;
}

static int run_imports(struct kl_cli *cli)
{
	return kl_cli_show(cli, "imports", NULL, draw_imports);
}

const struct kl_command kl_verb_imports = {
	.words = "imports",
	.example = "keeplocal imports",
	.help = "what came in from files, the latest first",
	.tables = true,
	.run = run_imports,
};

/* ---- undo ---------------------------------------------------------------------------------- */

static void fill_undo(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	struct kl_value import;

	(void)cli;
	if (preview && !kl_get_map(preview, "import", &import))
		kl_pack_int(pack, "import", (int64_t)kl_draw_uint(&import, "import"));
}

static void draw_import(struct kl_cli *cli, const char *title, const struct kl_value *import)
{
	char what[64], of[512], file[512], at[TIME_TEXT_MAX], rows[KL_MONEY_TEXT_MAX];
	uint64_t count = kl_draw_uint(import, "rows");

	fprintf(cli->out, "%s: %s", title, kl_cli_text(import, "what", "?", what, sizeof what));
	if (!kl_get_text(import, "of", of, sizeof of))
		fprintf(cli->out, " (%s)", of);
	fputc('\n', cli->out);
	if (kl_get_text(import, "file", file, sizeof file)) {
		fprintf(cli->out, "  typed here, %s\n", local_time(import, at));
		return;
	}
	fprintf(cli->out, "  from %s, %s", file, local_time(import, at));
	if (count) /* the first homes did not keep how many */
		fprintf(cli->out, ", %s row%s", kl_count_format((int64_t)count, rows),
			count == 1 ? "" : "s");
	fputc('\n', cli->out);
}

static int draw_undo(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value import;

	if (kl_get_map(answer, "import", &import))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	draw_import(cli, "The last import", &import);
	if (!kl_get_map(answer, "counts_again", &import))
		draw_import(cli, "Without it, this counts again", &import);
	else if (!kl_get_map(answer, "still_counts", &import))
		draw_import(cli, "What came in before it still counts, the last of that", &import);
	else if (kl_draw_uint(answer, "documents"))
		fputs("Without it, everything it changed is as it was before.\n", cli->out);
	else
		fputs("Without it, nothing of that kind and name is left.\n", cli->out);
	return KL_OK;
}

static const struct kl_deed deed = {
	.command = "undo",
	.fill = fill_undo,
	.draw = draw_undo,
	.question = "Take this import back?",
	.done = "Taken back. keeplocal imports shows what is left, keeplocal alone what is next.",
};

static int run_undo(struct kl_cli *cli)
{
	int rc = kl_confirm_deed(cli, &deed);

	if (!rc && !kl_args_flag(&cli->args, "dry-run"))
		kl_spend_look_again(cli, true);
	return rc;
}

static const struct kl_option undo_options[] = {
	{"dry-run", NULL, "only show what would be taken back"},
	{"yes", NULL, "do not ask: for scripts"},
	{NULL},
};

const struct kl_command kl_verb_undo = {
	.words = "undo",
	.example = "keeplocal undo",
	.help = "take the last import back",
	.more = "Whatever the import was: its rows go, what it replaced counts again, and all that "
		"in one piece. Once more takes back the one before it. What was typed by hand is "
		"never touched: if an import's figures were changed by hand since, it stays, and "
		"that is said. Your file is not touched either.",
	.options = undo_options,
	.run = run_undo,
};
