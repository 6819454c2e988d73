#include "client/cli.h"
#include "client/draw_outlook.h"
#include "client/help.h"
#include "client/table.h"
#include "core/money.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static void text_line(
	struct kl_table *table, const struct kl_value *answer, const char *key, const char *none)
{
	char text[512];

	kl_table_cell(table, "%s", key);
	kl_table_cell(table, "%s", kl_cli_text(answer, key, none, text, sizeof text));
}

/* A line only if the daemon knows the number. */
static void count_line(struct kl_table *table, const struct kl_value *answer, const char *key)
{
	char text[KL_MONEY_TEXT_MAX];
	uint64_t count;

	if (kl_get_uint(answer, key, INT64_MAX, &count) != KL_OK)
		return;
	kl_table_cell(table, "%s", key);
	kl_table_cell(table, "%s", kl_count_format((int64_t)count, text));
}

/* In the form in which `tally audit --file` shows it, too. */
static void id_line(
	struct kl_table *table, const struct kl_value *answer, const char *key, const char *label)
{
	char text[80];

	if (kl_get_text(answer, key, text, sizeof text))
		return;
	kl_table_cell(table, "%s", label);
	kl_table_cell(table, "%s", text);
}

static void peers_line(struct kl_table *table, const struct kl_value *answer)
{
	struct kl_value peers;
	uint64_t connected, in_sync;

	if (kl_get_map(answer, "peers", &peers) ||
		kl_get_uint(&peers, "connected", UINT32_MAX, &connected) ||
		kl_get_uint(&peers, "in_sync", UINT32_MAX, &in_sync))
		return;
	kl_table_cell(table, "peers");
	kl_table_cell(table, "%" PRIu64 " connected, %" PRIu64 " in sync", connected, in_sync);
}

static void disk_line(struct kl_table *table, const struct kl_value *answer)
{
	uint64_t bytes;

	if (kl_get_uint(answer, "disk_bytes", INT64_MAX, &bytes))
		return;
	kl_table_cell(table, "disk");
	if (bytes < 1000000)
		kl_table_cell(table, "%" PRIu64 " kB", (bytes + 999) / 1000);
	else
		kl_table_cell(table, "%.1f MB", (double)bytes / 1e6);
}

/* What this machine has to run for. */
static void duty_line(struct kl_table *table, const struct kl_value *answer)
{
	char words[256];

	kl_draw_keep_running(answer, words, sizeof words);
	if (!words[0])
		return;
	kl_table_cell(table, "duty");
	kl_table_cell(table, "%s", words);
}

/* What the daemon thinks is worth doing next, if it says so. */
static void next_steps(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	char step[256];

	if (kl_get_array(answer, "next", &list) || list.count == 0)
		return;
	fputs("\nNext:\n", cli->out);
	cursor = kl_cursor(&list);
	while (kl_cursor_next(&cursor, &item))
		if (kl_value_text(&item, step, sizeof step) == KL_OK)
			fprintf(cli->out, "  %s\n", step);
}

/* Why this member publishes nothing now, if that is so. */
static void own_feed(struct kl_cli *cli, const struct kl_value *answer)
{
	char text[512];

	if (!kl_get_text(answer, "own_feed", text, sizeof text))
		fprintf(cli->out, "\n%s.\n", text);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_table table;
	int rc;

	kl_table_init(&table, "< <");
	text_line(&table, answer, "member", "none yet");
	text_line(&table, answer, "name", "none yet");
	text_line(&table, answer, "network", "none yet");
	id_line(&table, answer, "network_short", "network id");
	id_line(&table, answer, "convenor_short", "convenor id");
	text_line(&table, answer, "state", "unknown");
	count_line(&table, answer, "records");
	count_line(&table, answer, "members");
	peers_line(&table, answer);
	disk_line(&table, answer);
	duty_line(&table, answer);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (!rc)
		own_feed(cli, answer);
	if (!rc)
		next_steps(cli, answer);
	return rc;
}

static int run(struct kl_cli *cli)
{
	return kl_cli_show(cli, "status", NULL, draw);
}

static bool has_home(const struct kl_cli *cli)
{
	char path[sizeof cli->where.home + 16];

	(void)snprintf(path, sizeof path, "%s/identity", cli->where.home);
	return access(path, F_OK) == 0;
}

/* Somebody who types it for the first time has done nothing wrong. */
static int say_how_to_begin(struct kl_cli *cli)
{
	bool home = has_home(cli);

	fprintf(cli->out, "%s\n\nNext:\n", cli->fault.message);
	if (!home)
		fprintf(cli->out,
			"  keeplocal init --name NAME --kind council|anchor|convenor --gss CODE\n"
			"      makes a home for your figures in %s\n",
			cli->where.home);
	fputs("  keeplocald\n"
	      "      starts the daemon of that home and stays; leave it running, and go on in "
	      "another window\n"
	      "  keeplocal --help\n"
	      "      lists all commands; --home DIR anywhere means another home\n",
		cli->out);
	return KL_OK;
}

int kl_verb_outlook(struct kl_cli *cli)
{
	int rc = kl_cli_show(cli, "outlook", NULL, kl_draw_outlook);

	if (rc != KL_E_UNREACHABLE || kl_args_flag(&cli->args, "home") ||
		kl_args_flag(&cli->args, "control") || cli->json)
		return rc;
	return say_how_to_begin(cli);
}

const struct kl_command kl_verb_status = {
	.words = "status",
	.example = "keeplocal status --json",
	.help = "who I am, which network I am in, and how my daemon is doing",
	.tables = true,
	.run = run,
};
