/* spend import: councils' spending files, several at once; each comes in whole or not at all. */
#include "client/draw.h"
#include "client/json.h"
#include "client/notes.h"
#include "client/spend_columns.h"
#include "client/spend_file.h"
#include "client/verb_spend.h"
#include "core/day.h"
#include "core/money.h"
#include "core/period.h"

#include <string.h>

/* What all files came to. */
struct outcome {
	struct kl_writer answers; /* of those that came in, one behind the other */
	struct kl_writer failures;
	size_t in, failed;
	uint64_t accepted, rejected;
	int64_t pence, rejected_pence;
	int first_failure;
};

/* ---- one file ------------------------------------------------------------------------------ */

static void draw_rejected(struct kl_cli *cli, const struct kl_value *answer, uint64_t rejected)
{
	struct kl_cursor items = kl_draw_items(answer, "reasons");
	uint64_t unreadable = kl_draw_uint(answer, "rejected_without_amount");
	char count[64], money[64], text[256];
	struct kl_value item;

	fprintf(cli->out, "  %s not taken, %s", kl_spend_count(rejected, "row", count),
		kl_spend_money(answer, "rejected_pence", money));
	if (unreadable)
		fprintf(cli->out, " and %s without an amount that can be read",
			kl_spend_count(unreadable, "row", count));
	fputs(":\n", cli->out);
	while (kl_cursor_next(&items, &item))
		fprintf(cli->out, "    %s: %s\n",
			kl_spend_count(kl_draw_uint(&item, "rows"), "row", count),
			kl_cli_text(&item, "reason", "?", text, sizeof text));
	items = kl_draw_items(answer, "first_rejected");
	while (kl_cursor_next(&items, &item)) {
		fprintf(cli->out,
			"      line %llu: ", (unsigned long long)kl_draw_uint(&item, "line"));
		kl_draw_plain(cli->out, kl_cli_text(&item, "row", "", text, sizeof text), 6);
		fputc('\n', cli->out);
	}
	if (rejected > kl_draw_count(answer, "first_rejected"))
		fputs("    all of them: keeplocal spend rejected\n", cli->out);
}

/* Days after tomorrow, or before councils published anything. */
static void draw_unlikely(struct kl_cli *cli, const struct kl_value *answer)
{
	char count[64], money[64];
	struct kl_value unlikely;
	uint64_t payments;

	if (kl_get_map(answer, "unlikely_dates", &unlikely))
		return;
	payments = kl_draw_uint(&unlikely, "payments");
	if (payments)
		fprintf(cli->out,
			"  dates to look at: %s of %s after today or before 2000, first in line "
			"%llu\n    keeplocal undo takes the file back, if they are slips\n",
			kl_spend_count(payments, "payment", count),
			kl_spend_money(&unlikely, "pence", money),
			(unsigned long long)kl_draw_uint(&unlikely, "first_line"));
}

static void draw_file(struct kl_cli *cli, const struct kl_value *answer)
{
	uint64_t accepted = 0, rejected = 0;
	char name[256], count[64], money[64], first[16], last[16], column[80], dates[80];
	const char *kind;
	struct kl_value rows;

	if (!kl_get_map(answer, "rows", &rows)) {
		accepted = kl_draw_uint(&rows, "accepted");
		rejected = kl_draw_uint(&rows, "rejected");
	}
	fprintf(cli->out, "%s: %s, %s, %s to %s\n",
		kl_cli_text(answer, "file", "?", name, sizeof name),
		kl_spend_count(accepted, "payment", count),
		kl_spend_money(answer, "total_pence", money),
		kl_cli_text(answer, "first_day", "?", first, sizeof first),
		kl_cli_text(answer, "last_day", "?", last, sizeof last));
	kl_cli_text(answer, "amounts", "?", column, sizeof column);
	kind = kl_spend_amount_kind(column);
	if (!strcmp(kind, "with VAT"))
		kind = "with VAT: the file has no column without it";
	fprintf(cli->out, "  amounts from the column '%s'%s%s%s; dates: %s\n", column,
		kind[0] ? " (" : "", kind, kind[0] ? ")" : "",
		kl_cli_text(answer, "dates", "?", dates, sizeof dates));
	draw_unlikely(cli, answer);
	if (rejected)
		draw_rejected(cli, answer, rejected);
	fprintf(cli->out, "  together %s, which is all that can be read in that column\n",
		kl_spend_money(answer, "file_pence", money));
}

/* What the daemon kept is what we read, to the penny, or else one of us is wrong. */
static int check_sums(
	struct kl_cli *cli, const struct kl_spend_reader *reader, const struct kl_value *answer)
{
	struct kl_spend_read read = kl_spend_reader_read(reader);
	char a[KL_MONEY_TEXT_MAX], b[KL_MONEY_TEXT_MAX];
	int64_t pence;

	if (kl_get_int(answer, "file_pence", &pence))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	if (read.rounded)
		fprintf(cli->err,
			"keeplocal: %s: %u amount%s fractions of a penny, and %s rounded\n",
			kl_sheet_name(kl_spend_reader_sheet(reader)), read.rounded,
			read.rounded == 1 ? " has" : "s have", read.rounded == 1 ? "was" : "were");
	if (pence == read.pence)
		return KL_OK;
	return kl_fault(&cli->fault, KL_E_BUG,
		"the file's amounts come to %s, but %s were kept: keeplocal undo takes it back",
		kl_money_format(read.pence, a), kl_money_format(pence, b));
}

static int upload(struct kl_cli *cli, const char *path, struct kl_spend_reader *reader,
	struct kl_value *ret_answer)
{
	const char *slash = strrchr(path, '/');
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "file", slash ? slash + 1 : path);
	kl_pack_text(&pack, "amounts", kl_spend_reader_amount(reader));
	kl_pack_text(&pack, "dates", kl_spend_reader_dates(reader));
	kl_pack_text(&pack, "area", kl_args_option(&cli->args, "area"));
	kl_pack_bool(&pack, "again", kl_args_flag(&cli->args, "again"));
	kl_pack_bool(&pack, "new_only", kl_args_flag(&cli->args, "new-only"));
	cli->reading = kl_spend_reader_sheet(reader);
	rc = kl_cli_upload(
		cli, "spend import", &pack, kl_spend_reader_part, reader, 0, path, ret_answer);
	kl_pack_deinit(&pack);
	return rc;
}

static int add_up(struct outcome *outcome, const struct kl_value *answer)
{
	struct kl_value rows;
	int64_t pence = 0, rejected_pence = 0;

	if (kl_get_map(answer, "rows", &rows) || kl_get_int(answer, "total_pence", &pence) ||
		kl_get_int(answer, "rejected_pence", &rejected_pence))
		return KL_E_MALFORMED;
	outcome->accepted += kl_draw_uint(&rows, "accepted");
	outcome->rejected += kl_draw_uint(&rows, "rejected");
	outcome->pence += pence;
	outcome->rejected_pence += rejected_pence;
	outcome->in++;
	kl_write_raw(&outcome->answers, answer->raw);
	return KL_OK;
}

static int import_file(struct kl_cli *cli, const char *path, const struct kl_spend_options *options,
	struct outcome *outcome)
{
	struct kl_spend_reader *reader;
	struct kl_value answer;
	int rc = kl_spend_reader_open(path, options, &cli->fault, &reader);

	if (rc)
		return rc;
	rc = upload(cli, path, reader, &answer);
	if (!rc) {
		kl_tell_notes(cli, kl_spend_reader_sheet(reader));
		rc = check_sums(cli, reader, &answer);
	}
	if (!rc)
		rc = add_up(outcome, &answer);
	if (!rc && !cli->json)
		draw_file(cli, &answer);
	kl_spend_reader_close(reader);
	return rc;
}

/* ---- all files ----------------------------------------------------------------------------- */

static void note_failure(struct kl_cli *cli, const char *path, int rc, struct outcome *outcome)
{
	const struct kl_fault *fault = &cli->fault;
	const char *message = fault->message[0] ? fault->message : kl_error_text(rc);

	fprintf(cli->err, "keeplocal: %s\n", message);
	if (fault->hint[0])
		fprintf(cli->err, "  %s\n", fault->hint);
	kl_write_map(&outcome->failures, 3);
	kl_put_text(&outcome->failures, "file", path);
	kl_put_text(&outcome->failures, "message", message);
	kl_put_text(&outcome->failures, "hint", fault->hint[0] ? fault->hint : NULL);
	outcome->failed++;
	if (!outcome->first_failure)
		outcome->first_failure = rc;
}

/* A daemon that is not there answers no other file either. */
static bool is_hopeless(int rc)
{
	return rc == KL_E_UNREACHABLE || rc == KL_E_TIMEOUT || rc == KL_E_CONFIG ||
	       rc == KL_E_PERMISSION || rc == KL_E_FULL || rc == KL_E_USAGE;
}

static int import_all(
	struct kl_cli *cli, const struct kl_spend_options *options, struct outcome *outcome)
{
	for (size_t i = 0; i < cli->args.operand_count; i++) {
		const char *path = cli->args.operands[i];
		int rc = import_file(cli, path, options, outcome);

		if (!rc)
			continue;
		if (cli->args.operand_count == 1 || is_hopeless(rc))
			return rc;
		note_failure(cli, path, rc, outcome);
	}
	return KL_OK;
}

static int print_json(struct kl_cli *cli, const struct outcome *outcome)
{
	struct kl_bytes answers, failures;
	struct kl_writer w;
	int rc;

	if ((rc = kl_writer_bytes(&outcome->answers, &answers)) ||
		(rc = kl_writer_bytes(&outcome->failures, &failures)))
		return rc;
	kl_writer_init(&w);
	kl_write_map(&w, 5);
	kl_put_array(&w, "files", outcome->in);
	if (answers.len)
		kl_write_raw(&w, answers);
	kl_put_map(&w, "rows", 3);
	kl_put_uint(&w, "read", outcome->accepted + outcome->rejected);
	kl_put_uint(&w, "accepted", outcome->accepted);
	kl_put_uint(&w, "rejected", outcome->rejected);
	kl_put_int(&w, "total_pence", outcome->pence);
	kl_put_int(&w, "rejected_pence", outcome->rejected_pence);
	kl_put_array(&w, "failed", outcome->failed);
	if (failures.len)
		kl_write_raw(&w, failures);
	rc = kl_cli_json_written(cli, &w);
	kl_writer_deinit(&w);
	return rc;
}

static int print_end(struct kl_cli *cli, const struct outcome *outcome)
{
	char count[64], money[KL_MONEY_TEXT_MAX];

	if (cli->json) {
		if (outcome->in)
			kl_spend_look_again(cli, true);
		return print_json(cli, outcome);
	}
	if (outcome->in > 1)
		fprintf(cli->out, "\n%zu files: %s, %s\n", outcome->in,
			kl_spend_count(outcome->accepted, "payment", count),
			kl_money_format(outcome->pence, money));
	if (outcome->in)
		kl_spend_look_again(cli, false);
	if (outcome->in)
		fputs("\nNext:\n  keeplocal spend result\n", cli->out);
	return KL_OK;
}

/* ---- the command --------------------------------------------------------------------------- */

static int read_options(struct kl_cli *cli, struct kl_spend_options *options)
{
	const char *order = kl_args_option(&cli->args, "dates");
	const char *month = kl_args_option(&cli->args, "month");
	struct kl_period period;

	options->tab = kl_args_option(&cli->args, "sheet");
	options->has_order = order;
	if (order && kl_dates_parse(order, &options->order))
		return kl_fault(&cli->fault, KL_E_USAGE,
			"--dates: found '%s', expected dmy (31/12/2016), mdy (12/31/2016) or ymd "
			"(16/12/31)",
			order);
	if (!month)
		return KL_OK;
	if (kl_period_parse(month, &period) || period.kind != KL_PERIOD_MONTH)
		return kl_fault(&cli->fault, KL_E_USAGE,
			"--month: found '%s', expected a month such as 2016-04", month);
	options->has_day = true;
	options->day = kl_day_from(period.year, period.number, 1);
	return KL_OK;
}

static int import_places(struct kl_cli *cli)
{
	const char *path = kl_args_option(&cli->args, "places");
	struct kl_value answer;

	return path ? kl_spend_places_in(cli, path, NULL, cli->json, &answer) : KL_OK;
}

static int run(struct kl_cli *cli)
{
	struct kl_spend_options options = {.tab = NULL};
	struct outcome outcome = {.in = 0};
	int rc = read_options(cli, &options);

	kl_writer_init(&outcome.answers);
	kl_writer_init(&outcome.failures);
	if (!rc)
		rc = import_places(cli);
	if (!rc)
		rc = import_all(cli, &options, &outcome);
	if (!rc)
		rc = print_end(cli, &outcome);
	kl_writer_deinit(&outcome.answers);
	kl_writer_deinit(&outcome.failures);
	if (!rc && outcome.failed) {
		kl_fault(&cli->fault, outcome.first_failure, "%zu of %zu files did not come in",
			outcome.failed, outcome.failed + outcome.in);
		rc = outcome.first_failure;
	}
	return rc;
}

static const struct kl_option options[] = {
	{"places", "FILE", "a table of where suppliers are, as for 'spend places'"},
	{"area", "AREA",
		"what counts as local: a council by name or GSS code, or postcode districts; "
		"remembered"},
	{"dates", "ORDER", "dmy, mdy or ymd, where the file's own dates do not tell"},
	{"month", "MONTH", "when was paid, for a file without a column of dates: 2016-04"},
	KL_OPTION_SHEET,
	{"again", NULL, "take files and payments that are in already a second time"},
	{"new-only", NULL, "leave out payments that are in already from another file"},
	{NULL},
};

const struct kl_command kl_verb_spend_import = {
	.words = "spend import",
	.operands = "FILE...",
	.example = "keeplocal spend import april.csv may.csv --places places.csv --area E08000033",
	.help = "bring in spending files as councils publish them (CSV or XLSX)",
	.more = "Columns are known by the names that publishers give them: supplier, amount (the "
		"one "
		"without VAT, where there are several), date, and if they are there department, "
		"category, body and reference, and DR or CR in a column of its own. Titles above "
		"the header, blank rows, totals, credit "
		"notes and redacted names are understood. A row that is no payment is kept apart "
		"with "
		"its reason: accepted and rejected pounds together are those of the file.",
	.options = options,
	.operands_min = 1,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.run = run,
};
