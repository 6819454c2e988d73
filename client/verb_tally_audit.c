#include "client/draw.h"
#include "client/new_file.h"
#include "protocol/auditor_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Notes of one step; the longest name of a step; columns of text, and where they begin. */
enum { SHOWN_MAX = 5, NAME = 13, TEXT = 84, INDENT = NAME + 3 };
enum { FILE_MAX = 1 << 30 };

static const char *sign_of(const char *mark)
{
	if (!strcmp(mark, "wrong"))
		return "✗";
	if (!strcmp(mark, "nothing"))
		return "·";
	return strcmp(mark, "not here") ? "✓" : "?";
}

static bool matters(const char *mark)
{
	return !strcmp(mark, "wrong") || !strcmp(mark, "not here");
}

/* What matters most stands first: whatever does not fit, of all steps. */
static void draw_trouble(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor steps = kl_draw_items(answer, "steps");
	struct kl_value step, finding;

	while (kl_cursor_next(&steps, &step)) {
		struct kl_cursor findings = kl_draw_items(&step, "findings");

		while (kl_cursor_next(&findings, &finding)) {
			char mark[16], words[512], name[32];

			kl_cli_text(&finding, "mark", "", mark, sizeof mark);
			if (!matters(mark))
				continue;
			fprintf(cli->out, "%s %s: ", sign_of(mark),
				kl_cli_text(&step, "step", "?", name, sizeof name));
			kl_draw_wrapped(cli->out,
				kl_cli_text(&finding, "words", "?", words, sizeof words), TEXT, 2);
		}
	}
}

static void draw_notes(struct kl_cli *cli, const struct kl_value *step)
{
	struct kl_cursor findings = kl_draw_items(step, "findings");
	struct kl_value finding;
	size_t notes = 0;

	while (kl_cursor_next(&findings, &finding)) {
		char mark[16], words[512];

		kl_cli_text(&finding, "mark", "", mark, sizeof mark);
		if (matters(mark) || notes++ >= SHOWN_MAX)
			continue;
		fprintf(cli->out, "%*s", INDENT, "");
		kl_draw_wrapped(cli->out, kl_cli_text(&finding, "words", "?", words, sizeof words),
			TEXT, INDENT);
	}
	if (notes > SHOWN_MAX)
		fprintf(cli->out, "%*sand %zu more: --json shows them all\n", INDENT, "",
			notes - SHOWN_MAX);
}

static void draw_steps(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor steps = kl_draw_items(answer, "steps");
	struct kl_value step;

	while (kl_cursor_next(&steps, &step)) {
		char mark[16], words[512], name[32];

		kl_cli_text(&step, "mark", "", mark, sizeof mark);
		fprintf(cli->out, "%s %-*s ", sign_of(mark), NAME,
			kl_cli_text(&step, "step", "?", name, sizeof name));
		kl_draw_wrapped(cli->out, kl_cli_text(&step, "words", "?", words, sizeof words),
			TEXT, INDENT);
		draw_notes(cli, &step);
	}
}

/* Whoever makes up a whole network can make up a file in which everything fits. */
static void draw_whose(struct kl_cli *cli, const struct kl_value *answer)
{
	char network[80], convenor[80];

	fprintf(cli->out,
		"All of this rests on network   %s\n"
		"                 and convenor  %s:\n"
		"ask a member whether keeplocal status shows the same there.\n",
		kl_cli_text(answer, "network_short", "?", network, sizeof network),
		kl_cli_text(answer, "convenor_short", "?", convenor, sizeof convenor));
}

/* "1 up to 1.2: 3; 1.2 up to 1.4: 4" of the bins that hold somebody. */
static void draw_bins(struct kl_cli *cli, const struct kl_value *sum)
{
	struct kl_cursor cursor = kl_draw_items(sum, "bins");
	char line[KL_DRAW_TEXT_MAX] = "", words[128];
	struct kl_value bin;
	size_t len = 0;

	while (len < sizeof line && kl_cursor_next(&cursor, &bin)) {
		uint64_t members = kl_draw_uint(&bin, "members");

		if (members)
			len += (size_t)snprintf(line + len, sizeof line - len, "%s%s: %" PRIu64,
				len ? "; " : "", kl_cli_text(&bin, "bin", "?", words, sizeof words),
				members);
	}
	if (!len)
		return;
	fputs("    ", cli->out);
	kl_draw_wrapped(cli->out, line, TEXT + INDENT - 4, 4);
}

/* What every member is shown, for whoever wants to hold it against something that was published. */
static void draw_sums(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "sums");
	struct kl_value sum;

	if (kl_draw_count(answer, "sums"))
		fputs("\nThe sums that were opened, added up again. No member falls into a range "
		      "that "
		      "is not named:\n",
			cli->out);
	while (kl_cursor_next(&cursor, &sum)) {
		char name[128], cohort[128], state[32];

		fprintf(cli->out, "  %s, %s: %" PRIu64 " members (%s)\n",
			kl_cli_text(&sum, "name", "?", name, sizeof name),
			kl_cli_text(&sum, "cohort", "?", cohort, sizeof cohort),
			kl_draw_uint(&sum, "members"),
			kl_cli_text(&sum, "state", "?", state, sizeof state));
		draw_bins(cli, &sum);
	}
}

static const char *verdict(const char *mark, const char *state)
{
	if (!strcmp(mark, "wrong"))
		return "Something does not fit:";
	if (!strcmp(mark, "not here"))
		return "What is here fits, but not everything that it takes is here:";
	if (!strcmp(state, "open") || !strcmp(state, "deciding"))
		return "So far everything that can be checked fits.";
	return "Everything that can be checked fits.";
}

static void draw(struct kl_cli *cli, const struct kl_value *answer, const char *mark)
{
	bool file = kl_args_option(&cli->args, "file") != NULL;
	char tally[80], period[32], state[32];

	kl_cli_text(answer, "state", "unknown", state, sizeof state);
	fprintf(cli->out, "Tally %.16s for %s: %s\n",
		kl_cli_text(answer, "tally", "?", tally, sizeof tally),
		kl_cli_text(answer, "period", "?", period, sizeof period), state);
	if (file)
		draw_whose(cli, answer);
	fprintf(cli->out, "%s\n", verdict(mark, state));
	draw_trouble(cli, answer);
	fputc('\n', cli->out);
	draw_steps(cli, answer);
	if (file)
		draw_sums(cli, answer);
	if (kl_draw_uint(answer, "left_out"))
		fprintf(cli->out, "%" PRIu64 " further findings are left out.\n",
			kl_draw_uint(answer, "left_out"));
}

/* Exit codes tell what came of it. */
static int give(struct kl_cli *cli, const struct kl_value *answer)
{
	char mark[16];

	kl_cli_text(answer, "mark", "wrong", mark, sizeof mark);
	if (cli->json) {
		int rc = kl_cli_json(cli, answer);

		if (rc)
			return rc;
	} else {
		draw(cli, answer, mark);
	}
	if (!strcmp(mark, "wrong"))
		return kl_fault(&cli->fault, KL_E_CONFLICT, "something does not fit");
	if (!strcmp(mark, "not here"))
		return kl_fault(&cli->fault, KL_E_BUSY,
			"not everything that it takes to check this tally is here");
	return KL_OK;
}

/* ---- records to hand on ----------------------------------------------------------------------- */

static int take_records(void *data, const struct kl_value *part, struct kl_fault *fault)
{
	struct kl_new_file *file = data;
	struct kl_cursor cursor = kl_cursor(part);
	struct kl_value record;

	while (kl_cursor_next(&cursor, &record))
		if (fwrite(record.raw.data, 1, record.raw.len, file->out) != record.raw.len)
			return kl_fault(fault, KL_E_IO, "%s cannot be written", file->path);
	return KL_OK;
}

static int ask_with_records(struct kl_cli *cli, struct kl_pack *pack, const char *path)
{
	struct kl_new_file file = {.part = ""};
	struct kl_value answer;
	int rc = kl_new_file_begin(&file, path, &cli->fault);

	kl_pack_bool(pack, "records", true);
	if (!rc)
		rc = kl_cli_download(cli, "tally audit", pack, take_records, &file, &answer);
	if (!rc)
		rc = kl_new_file_keep(&file, &cli->fault);
	kl_new_file_drop(&file);
	return rc ? rc : give(cli, &answer);
}

/* ---- records that were handed on -------------------------------------------------------------- */

static int read_file(struct kl_cli *cli, const char *path, uint8_t **ret_data, size_t *ret_len)
{
	FILE *in = fopen(path, "rb");
	uint8_t *data = NULL;
	long len = -1;

	if (in && !fseek(in, 0, SEEK_END))
		len = ftell(in);
	if (len >= 0 && len <= FILE_MAX && !fseek(in, 0, SEEK_SET)) {
		data = malloc((size_t)len + 1);
		if (data && fread(data, 1, (size_t)len, in) != (size_t)len) {
			free(data);
			data = NULL;
		}
	}
	if (in)
		fclose(in);
	if (!data)
		return kl_fault(&cli->fault, KL_E_INVALID, "%s cannot be read", path);
	*ret_data = data;
	*ret_len = (size_t)len;
	return KL_OK;
}

static int give_checked(struct kl_cli *cli, const struct kl_auditor *auditor)
{
	struct kl_value answer;
	struct kl_bytes bytes;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_auditor_write(&w, auditor, true);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_value_open(bytes, &answer);
	rc = rc ? rc : give(cli, &answer);
	kl_writer_deinit(&w);
	return rc;
}

/* No daemon is needed: the file has all that it takes. */
static int check_file(struct kl_cli *cli, const char *path)
{
	struct kl_auditor *auditor = NULL;
	uint8_t *data = NULL;
	size_t len = 0;
	int rc = read_file(cli, path, &data, &len);

	if (rc)
		return rc;
	rc = kl_auditor_file_check(kl_bytes(data, len), &cli->fault, &auditor);
	if (!rc)
		rc = give_checked(cli, auditor);
	else
		kl_fault_at(&cli->fault, "%s", path);
	kl_auditor_destroy(auditor);
	free(data);
	return rc;
}

/* ---- the command ------------------------------------------------------------------------------ */

static int ask(struct kl_cli *cli, const char *out)
{
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	if (cli->args.operand_count)
		kl_pack_text(&pack, "tally", cli->args.operands[0]);
	if (out) {
		rc = ask_with_records(cli, &pack, out);
	} else {
		rc = kl_cli_ask(cli, "tally audit", &pack, &answer);
		rc = rc ? rc : give(cli, &answer);
	}
	kl_pack_deinit(&pack);
	return rc;
}

static int run(struct kl_cli *cli)
{
	const char *out = kl_args_option(&cli->args, "out");
	const char *file = kl_args_option(&cli->args, "file");

	if (file && out)
		return kl_fault(&cli->fault, KL_E_USAGE,
			"--file checks what was written before, and --out writes: one of them at a "
			"time");
	if (file && cli->args.operand_count)
		return kl_fault(
			&cli->fault, KL_E_USAGE, "a file says itself which tally it is about");
	return file ? check_file(cli, file) : ask(cli, out);
}

static const struct kl_option options[] = {
	{"out", "FILE", "also write the signed records, for somebody without a daemon to check"},
	{"file", "FILE", "check such a file; no daemon is needed"},
	{NULL},
};

const struct kl_command kl_verb_tally_audit = {
	.words = "tally audit",
	.operands = "[TALLY]",
	.example = "keeplocal tally audit 2026",
	.help = "checks a tally anew, from signed records alone",
	.more = "Everything is worked out again: signatures, roster, draw, who is in, what may be "
		"shown,\n"
		"votes, sums; and held against what this member shows. TALLY is the beginning of "
		"its\n"
		"id, or its period; without it, the latest.\n"
		"Exit code 1 if something does not fit, 75 if something that it takes is not "
		"here.\n"
		"\n"
		"A file of records holds the roster and all that was said of tallies, and nobody's "
		"figures.\n"
		"Whoever checks one has to ask a member whether network and convenor are those "
		"that\n"
		"keeplocal status shows there. The sums that were opened are shown with it, to be "
		"held\n"
		"against what was published.\n"
		"\n"
		"✓ as it must be    ? cannot be told from what is here    ✗ does not fit    "
		"· nothing to check",
	.options = options,
	.operands_max = 1,
	.run = run,
};
