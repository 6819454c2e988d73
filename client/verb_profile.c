/* profile show, set, fill, import: what members say about themselves in public. */
#include "client/confirm.h"
#include "client/draw.h"
#include "client/draw_profile.h"
#include "client/profile_form.h"
#include "client/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int run_show(struct kl_cli *cli)
{
	static const char *const keys[] = {"member", NULL};

	return kl_request_show(cli, "profile show", keys, kl_draw_profile);
}

const struct kl_command kl_verb_profile_show = {
	.words = "profile show",
	.operands = "[MEMBER]",
	.example = "keeplocal profile show Calderdale",
	.help = "what a member says about itself, beside what the roster confirms; without a name, "
		"your own",
	.operands_max = 1,
	.tables = true,
	.run = run_show,
};

/* ---- set, fill, import: one deed ------------------------------------------------------------- */

/* Exactly what the person saw: every field that changes, with its new value. */
static void fill_seen(struct kl_pack *pack, const struct kl_value *preview)
{
	struct kl_cursor cursor = kl_draw_items(preview, "changes");
	struct kl_writer *w = kl_pack_value(pack, "set");
	struct kl_value item;

	kl_write_array(w, kl_draw_count(preview, "changes"));
	while (kl_cursor_next(&cursor, &item)) {
		char field[KL_SLUG_MAX], assignment[KL_ASSIGNMENT_MAX], value[KL_PROFILE_VALUE_MAX];

		kl_cli_text(&item, "field", "", field, sizeof field);
		kl_cli_text(&item, "value", "", value, sizeof value);
		(void)snprintf(assignment, sizeof assignment, "%s=%s", field, value);
		kl_write_text(w, assignment);
	}
}

static bool is_empty(const struct kl_value *preview)
{
	return preview && !kl_draw_count(preview, "changes");
}

static void fill_set(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	if (preview && !is_empty(preview))
		fill_seen(pack, preview);
	else
		kl_request_operands(cli, pack, "set", 0);
}

static int change(struct kl_cli *cli, bool typed,
	void (*fill)(struct kl_cli *, struct kl_pack *, const struct kl_value *))
{
	const struct kl_deed deed = {
		.command = "profile set",
		.fill = fill,
		.draw = kl_draw_profile_change,
		.question = "Publish this?",
		.done = "Published.",
		.typed = typed,
		.kept = "Kept. It is published once you are on a roster.",
	};

	return kl_confirm_deed(cli, &deed);
}

static int run_set(struct kl_cli *cli)
{
	return change(cli, true, fill_set);
}

static const struct kl_option set_options[] = {
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_profile_set = {
	.words = "profile set",
	.operands = "FIELD=VALUE...",
	.example = "keeplocal profile set population=211439 region=\"Yorkshire and The Humber\"",
	.help = "say something about yourself in public; an empty value takes a field back",
	.more = "All that will be public is shown, and asked once, before it is published; while "
		"you are on no "
		"roster, nothing leaves and nothing is asked. Several identifiers stand in one "
		"field: org_id=\"GB-CHC-1036460; GB-COH-04113525\". 'keeplocal template profile' "
		"lists all fields.",
	.options = set_options,
	.operands_min = 1,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.run = run_set,
};

/* ---- fill ------------------------------------------------------------------------------------ */

static void fill_from_table(
	struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	if (preview && !is_empty(preview)) {
		fill_seen(pack, preview);
		return;
	}
	kl_pack_bool(pack, "fill", true);
	kl_pack_bool(pack, "overwrite", kl_args_flag(&cli->args, "overwrite"));
	if (cli->args.operand_count)
		kl_pack_text(pack, "council", cli->args.operands[0]);
}

static int run_fill(struct kl_cli *cli)
{
	return change(cli, false, fill_from_table);
}

static const struct kl_option fill_options[] = {
	{"overwrite", NULL, "take the table's words also where you said something else"},
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_profile_fill = {
	.words = "profile fill",
	.operands = "[NAME|GSS]",
	.example = "keeplocal profile fill Calderdale",
	.help = "fill in your profile from the table of councils (reference import)",
	.more = "A council gets its code, type, region, population, deprivation quintile and rural "
		"or urban class; an anchor names the council that it works in, and gets the "
		"region, deprivation quintile and class of that area. What you said yourself "
		"stays, and where the table says otherwise it is told.",
	.options = fill_options,
	.operands_max = 1,
	.run = run_fill,
};

/* ---- import ---------------------------------------------------------------------------------- */

/* What the file says, while a deed asks for it. */
static const struct kl_profile_form_read *form;

static void fill_from_form(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	struct kl_writer *w;

	(void)cli;
	if (preview && !is_empty(preview)) {
		fill_seen(pack, preview);
		return;
	}
	w = kl_pack_value(pack, "set");
	kl_write_array(w, form->n);
	for (size_t i = 0; i < form->n; i++)
		kl_write_text(w, form->assignments[i]);
}

static int run_import(struct kl_cli *cli)
{
	struct kl_profile_form_read *read = calloc(1, sizeof *read);
	int rc;

	if (!read)
		return kl_fault(&cli->fault, KL_E_NOMEM, "no memory for a profile");
	rc = kl_profile_form_read(
		cli->args.operands[0], kl_args_option(&cli->args, "sheet"), &cli->fault, read);
	for (unsigned i = 0; !rc && i < read->notes_count; i++)
		fprintf(cli->err, "keeplocal: %s: %s\n", cli->args.operands[0], read->notes[i]);
	form = read;
	if (!rc)
		rc = change(cli, false, fill_from_form);
	form = NULL;
	kl_profile_form_deinit(read);
	free(read);
	return rc;
}

static const struct kl_option import_options[] = {
	KL_OPTION_SHEET,
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_profile_import = {
	.words = "profile import",
	.operands = "FILE",
	.example = "keeplocal profile import profile.xlsx",
	.help = "say about yourself what stands in a filled-in table",
	.more = "Columns: profile field (or field) and value; 'keeplocal template profile' writes "
		"such a table. A row without a value leaves its field as it is. A file with a bad "
		"cell changes nothing.",
	.options = import_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_import,
};
