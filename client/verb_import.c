/* import: recognises files by their columns and hands each to the command that it is for. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/import_kinds.h"
#include "client/import_project.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 500, WORDS_MAX = 32 };

struct file {
	const char *path;
	const struct kl_import_kind *kind;
	struct kl_sheet_fit fit;
};

struct import {
	struct file files[FILES_MAX];
	size_t count;
	char project[256];
	json_t *answers; /* with --json: one for each command that ran */
};

/* ---- what the files are ---------------------------------------------------------------------- */

static int check_whole(struct kl_cli *cli, const struct import *import, const struct file *file)
{
	for (size_t i = 0; i < import->count; i++)
		if (import->files[i].kind == file->kind && file->kind->files == KL_IMPORT_ONE) {
			kl_fault(&cli->fault, KL_E_USAGE, "%s and %s: both are %s",
				import->files[i].path, file->path, file->kind->what);
			return kl_fault_hint(&cli->fault,
				"each is the whole table, and a second takes the place of the "
				"first: import one of them");
		}
	return KL_OK;
}

/* All files, before anything comes in: one that is not known keeps the others out. */
static int recognise(struct kl_cli *cli, struct import *import)
{
	const struct kl_args *args = &cli->args;

	for (size_t i = 0; i < args->operand_count; i++) {
		struct file file = {.path = args->operands[i]};
		int rc = kl_import_recognise(file.path, kl_args_option(args, "sheet"), &cli->fault,
			&file.kind, &file.fit);

		if (!rc)
			rc = check_whole(cli, import, &file);
		if (rc)
			return rc;
		import->files[import->count++] = file;
	}
	return KL_OK;
}

/* ---- which LM3 project ----------------------------------------------------------------------- */

static int find_projects(struct kl_cli *cli, struct import *import)
{
	for (size_t i = 0; i < import->count; i++)
		if (import->files[i].kind->table)
			return kl_import_project(cli, import->files[i].path, import->project,
				sizeof import->project);
	return KL_OK;
}

/* ---- handing them on ------------------------------------------------------------------------- */

/* A command line, word by word; words are strings of others, or stand in `own`. */
struct typed {
	const char *words[WORDS_MAX + FILES_MAX];
	int count;
	char command[64], own[KL_IMPORT_OPTIONS_MAX][32];
};

static void add(struct typed *typed, const char *word)
{
	typed->words[typed->count++] = word;
}

static void add_command(struct typed *typed, const char *command)
{
	char *rest = typed->command;

	(void)kl_copy_text(typed->command, sizeof typed->command, command);
	add(typed, "keeplocal");
	for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " "))
		add(typed, word);
}

static const struct kl_option *option_named(const struct kl_command *command, const char *name)
{
	for (const struct kl_option *o = command->options; o && o->name; o++)
		if (!strcmp(o->name, name))
			return o;
	return NULL;
}

/* The options of ours that the command takes, too. */
static void add_options(
	const struct kl_args *args, const struct kl_import_kind *kind, struct typed *typed)
{
	for (size_t i = 0; kind->options[i]; i++) {
		const struct kl_option *option = option_named(args->command, kind->options[i]);

		KL_ASSERT(option); /* the table names options of ours */
		if (!kl_args_flag(args, option->name))
			continue;
		(void)snprintf(typed->own[i], sizeof typed->own[i], "--%s", option->name);
		add(typed, typed->own[i]);
		if (option->value)
			add(typed, kl_args_option(args, option->name));
	}
}

static void compose(struct kl_cli *cli, const struct import *import,
	const struct kl_import_kind *kind, struct typed *typed)
{
	add_command(typed, kind->command);
	add_options(&cli->args, kind, typed);
	add(typed, "--");
	if (!kind->table)
		return;
	add(typed, import->project);
	add(typed, kind->table);
}

/* What is run, as one could type it. */
static void tell_command(struct kl_cli *cli, const struct typed *typed)
{
	char word[KL_DRAW_TEXT_MAX];

	if (cli->json)
		return;
	for (int i = 0; i < typed->count; i++)
		if (strcmp(typed->words[i], "--") != 0)
			fprintf(cli->out, "%s%s", i ? " " : "  ",
				kl_draw_word(typed->words[i], word));
	fputs("\n\n", cli->out);
}

/* Runs the command as if it had been typed: the same code, on the same way to the daemon. */
static int run_typed(struct kl_cli *cli, const struct typed *typed)
{
	union {
		const char *const *in;
		char *const *out;
	} words = {.in = typed->words}; /* parsing does not write to them */
	struct kl_args own = cli->args, args;
	int rc = kl_cli_where(cli); /* while --home and --control are ours */

	if (rc)
		return rc;
	tell_command(cli, typed);
	rc = kl_args_parse(typed->count, words.out, &cli->fault, &args);
	if (rc)
		return rc;
	cli->args = args;
	rc = args.command->run(cli);
	cli->args = own;
	kl_args_deinit(&args);
	return rc;
}

/* With --json: what the command printed becomes part of one answer. */
static int keep_answer(struct kl_cli *cli, struct import *import, const struct kl_import_kind *kind,
	const char *text)
{
	json_t *answer = json_loads(text, 0, NULL);
	json_t *entry = json_pack(
		"{s:s, s:s, s:o?}", "what", kind->what, "command", kind->command, "answer", answer);

	if (!entry || json_array_append_new(import->answers, entry))
		return kl_fault(&cli->fault, KL_E_NOMEM, "no memory for the answer");
	return KL_OK;
}

static int run_and_keep(struct kl_cli *cli, struct import *import,
	const struct kl_import_kind *kind, const struct typed *typed)
{
	FILE *out = cli->out, *memory;
	char *text = NULL;
	size_t len = 0;
	int rc;

	memory = open_memstream(&text, &len);
	if (!memory)
		return kl_fault(&cli->fault, KL_E_NOMEM, "no memory for the answer");
	cli->out = memory;
	rc = run_typed(cli, typed);
	cli->out = out;
	if (fclose(memory) && !rc)
		rc = kl_fault(&cli->fault, KL_E_NOMEM, "no memory for the answer");
	if (!rc)
		rc = keep_answer(cli, import, kind, text);
	free(text);
	return rc;
}

/* Some files of one kind, from number `first` on: all of them, or one. */
static int hand_on(struct kl_cli *cli, struct import *import, const struct kl_import_kind *kind,
	size_t first, bool all)
{
	struct typed typed = {.count = 0};

	compose(cli, import, kind, &typed);
	for (size_t i = first; i < import->count; i++)
		if (import->files[i].kind == kind && (all || i == first))
			add(&typed, import->files[i].path);
	return cli->json ? run_and_keep(cli, import, kind, &typed) : run_typed(cli, &typed);
}

static int hand_on_kind(
	struct kl_cli *cli, struct import *import, const struct kl_import_kind *kind)
{
	bool all = kind->files == KL_IMPORT_TOGETHER;
	int rc = KL_OK;

	for (size_t i = 0; !rc && i < import->count; i++) {
		const struct file *file = &import->files[i];

		if (file->kind != kind)
			continue;
		rc = hand_on(cli, import, kind, i, all);
		if (all)
			break;
	}
	return rc;
}

/* ---- the command ----------------------------------------------------------------------------- */

static void tell_kinds(struct kl_cli *cli, const struct import *import)
{
	if (cli->json)
		return;
	for (size_t i = 0; i < import->count; i++)
		fprintf(cli->out, "%s is %s (%u of its columns are known)\n", import->files[i].path,
			import->files[i].kind->what, import->files[i].fit.known);
}

/* How much came in before something did not: earlier commands stand. */
static int stopped(struct kl_cli *cli, int rc, size_t done)
{
	if (done)
		fprintf(cli->err,
			"keeplocal: what came in before this stays; keeplocal imports lists it\n");
	return rc;
}

static int import_all(struct kl_cli *cli, struct import *import)
{
	size_t done = 0;
	int rc = recognise(cli, import);

	if (!rc)
		rc = find_projects(cli, import);
	if (rc)
		return rc;
	tell_kinds(cli, import);
	for (const struct kl_import_kind *k = kl_import_kinds; k->what; k++) {
		bool any = false;

		for (size_t i = 0; i < import->count; i++)
			any |= import->files[i].kind == k;
		rc = any ? hand_on_kind(cli, import, k) : KL_OK;
		if (rc)
			return stopped(cli, rc, done);
		done += any;
	}
	return KL_OK;
}

static int print_answers(struct kl_cli *cli, json_t *answers)
{
	json_t *whole = json_pack("{s:O}", "imports", answers);
	int rc = whole && !json_dumpf(whole, cli->out, 0) && fputc('\n', cli->out) != EOF
			 ? KL_OK
			 : kl_fault(&cli->fault, KL_E_IO, "cannot write the answer");

	json_decref(whole);
	return rc;
}

static int run(struct kl_cli *cli)
{
	struct import *import = calloc(1, sizeof *import);
	int rc = KL_E_NOMEM;

	if (import && (import->answers = json_array()))
		rc = import_all(cli, import);
	else
		kl_fault(&cli->fault, rc, "no memory for an import");
	if (!rc && cli->json)
		rc = print_answers(cli, import->answers);
	if (import)
		json_decref(import->answers);
	free(import);
	return rc;
}

static const struct kl_option options[] = {
	{"project", "NAME",
		"suppliers, answers: the LM3 project (not needed if there is only one)"},
	{"skip-unknown", NULL, "answers: leave out those of nobody in the table of suppliers"},
	{"period", "PERIOD",
		"tenants: the year that they are about; assessment: the year assessed"},
	{"instead", NULL, "tenants: take the place of totals that were recorded for the period"},
	{"area", "AREA", "spending: what counts as local; remembered"},
	{"dates", "ORDER", "spending: dmy, mdy or ymd, where the file's own dates do not tell"},
	{"new-only", NULL, "spending: leave out payments that are in already from another file"},
	{"again", NULL, "spending: take files and payments that are in already a second time"},
	{"assessor", "NAME", "assessment: who assesses, if the form does not say"},
	{"place", "PLACE", "assessment: a part of the area, if the form does not say"},
	KL_OPTION_SHEET,
	{"dry-run", NULL, "lessons, policy, profile: only show what would leave"},
	{"yes", NULL, "lessons, policy, profile: publish without asking, for scripts"},
	{NULL},
};

const struct kl_command kl_verb_import = {
	.words = "import",
	.operands = "FILE...",
	.example = "keeplocal import april.csv may.csv places.csv",
	.help = "bring in filled-in tables, forms and spending files, whatever they are",
	.more = "Each file is recognised by its columns, and handed to the command that it is for; "
		"that "
		"command is shown, so that you can type it yourself. If one of the files is not "
		"known, none "
		"comes in. 'keeplocal undo' takes the last import back.",
	.options = options,
	.operands_min = 1,
	.operands_max = FILES_MAX,
	.run = run,
};
