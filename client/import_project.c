#include "client/import_project.h"
#include "client/draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LISTED_MAX = 20, PROJECT_MAX = 256 };

/* Projects that are worked out from suppliers; a recorded score takes none. */
struct ledgers {
	char names[LISTED_MAX][PROJECT_MAX], periods[LISTED_MAX][32];
	size_t count; /* may be more than are listed */
};

static int load(struct kl_cli *cli, struct ledgers *ledgers)
{
	struct kl_value answer, project;
	struct kl_cursor cursor;
	int rc = kl_cli_ask(cli, "lm3 list", NULL, &answer);

	if (rc)
		return rc;
	cursor = kl_draw_items(&answer, "projects");
	while (kl_cursor_next(&cursor, &project)) {
		size_t i = ledgers->count;

		if (kl_draw_flag(&project, "recorded"))
			continue;
		ledgers->count++;
		if (i >= LISTED_MAX)
			continue;
		kl_cli_text(&project, "project", "", ledgers->names[i], PROJECT_MAX);
		kl_cli_text(
			&project, "period", "?", ledgers->periods[i], sizeof ledgers->periods[i]);
	}
	return KL_OK;
}

static int none_there(struct kl_cli *cli, const char *path)
{
	kl_fault(&cli->fault, KL_E_NOT_FOUND, "%s: is for an LM3 project, and there is none yet",
		path);
	return kl_fault_hint(
		&cli->fault, "keeplocal lm3 new NAME --period YEAR --payroll-local POUNDS");
}

static int not_said(struct kl_cli *cli, const char *path, size_t count)
{
	kl_fault(&cli->fault, KL_E_USAGE, "%s: is for one of %zu LM3 projects", path, count);
	return kl_fault_hint(
		&cli->fault, "say which with --project NAME; keeplocal lm3 list names them");
}

/* The number that somebody types; 0 for anything else. */
static size_t read_number(size_t most)
{
	char line[32] = "", *end;
	unsigned long number;

	if (!fgets(line, sizeof line, stdin))
		return 0;
	number = strtoul(line, &end, 10);
	return end > line && strspn(end, " \r\n") == strlen(end) && number <= most ? number : 0;
}

static size_t choose(struct kl_cli *cli, const char *path, const struct ledgers *ledgers)
{
	fprintf(cli->err, "%s is for one of these LM3 projects:\n", path);
	for (size_t i = 0; i < ledgers->count; i++)
		fprintf(cli->err, "  %zu  %s, %s\n", i + 1, ledgers->names[i], ledgers->periods[i]);
	fputs("Which one? Its number: ", cli->err);
	fflush(cli->err);
	return read_number(ledgers->count);
}

static int find(struct kl_cli *cli, const char *path, struct ledgers *ledgers, char *ret_project,
	size_t size)
{
	size_t number = 1;
	int rc = load(cli, ledgers);

	if (rc)
		return rc;
	if (!ledgers->count)
		return none_there(cli, path);
	if (ledgers->count > LISTED_MAX || (ledgers->count > 1 && !isatty(STDIN_FILENO)))
		return not_said(cli, path, ledgers->count);
	if (ledgers->count > 1)
		number = choose(cli, path, ledgers);
	if (!number)
		return not_said(cli, path, ledgers->count);
	(void)kl_copy_text(ret_project, size, ledgers->names[number - 1]);
	return KL_OK;
}

int kl_import_project(struct kl_cli *cli, const char *path, char *ret_project, size_t size)
{
	const char *said = kl_args_option(&cli->args, "project");
	struct ledgers *ledgers;
	int rc;

	if (said) {
		(void)kl_copy_text(ret_project, size, said);
		return KL_OK;
	}
	ledgers = calloc(1, sizeof *ledgers);
	if (!ledgers)
		return kl_fault(&cli->fault, KL_E_NOMEM, "no memory for a list of projects");
	rc = find(cli, path, ledgers, ret_project, size);
	free(ledgers);
	return rc;
}
