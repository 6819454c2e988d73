#include "client/draw_profile.h"
#include "client/draw.h"
#include "core/profile.h"

#include <string.h>

/* ---- shared ---------------------------------------------------------------------------------- */

void kl_draw_alike(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "alike");
	char member[256], why[512];
	struct kl_value item;

	if (!kl_draw_count(answer, "alike"))
		return;
	fputs("\nMay be the same organisation (a hint of keeplocal's own; nothing is refused):\n",
		cli->out);
	while (kl_cursor_next(&cursor, &item))
		fprintf(cli->out, "  %s: %s\n",
			kl_cli_text(&item, "member", "?", member, sizeof member),
			kl_cli_text(&item, "why", "?", why, sizeof why));
	fputs("  Identifiers and web addresses are what each member says of itself: the register\n"
	      "  tells whose they are. If it is one organisation, one of the two is too many: the\n"
	      "  convenor takes it off the roster (keeplocal network retire NAME). If not, give\n"
	      "  each its own identifiers and name.\n",
		cli->out);
}

static void draw_history(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "history");
	struct kl_value item;
	char text[512], source[256];

	if (kl_draw_count(answer, "history"))
		fputs("\nCouncils before and after:\n", cli->out);
	while (kl_cursor_next(&cursor, &item))
		fprintf(cli->out, "  %s\n    (%s)\n",
			kl_cli_text(&item, "text", "?", text, sizeof text),
			kl_cli_text(&item, "source", "?", source, sizeof source));
}

static bool any(const struct kl_value *answer, const char *list, const char *key)
{
	struct kl_cursor cursor = kl_draw_items(answer, list);
	struct kl_value item;
	char text[KL_DRAW_TEXT_MAX];

	while (kl_cursor_next(&cursor, &item))
		if (kl_cli_text(&item, key, "", text, sizeof text)[0])
			return true;
	return false;
}

/* Said and confirmed beside each other; the names of fields for who changes them. */
static int draw_fields(struct kl_cli *cli, const struct kl_value *answer, bool names)
{
	struct kl_cursor cursor = kl_draw_items(answer, "fields");
	bool confirmed = any(answer, "fields", "confirmed");
	struct kl_table table;
	struct kl_value field;
	int rc;

	kl_table_init(
		&table, confirmed ? names ? "<what <says <roster < <field" : "<what <says <roster <"
			: names   ? "<what <says <field"
				  : "<what <says");
	while (kl_cursor_next(&cursor, &field)) {
		kl_draw_cell(&table, &field, "label", "?");
		kl_draw_cell(&table, &field, "words", "-");
		if (confirmed) {
			kl_draw_cell(&table, &field, "confirmed", "");
			kl_table_cell(
				&table, "%s", kl_draw_flag(&field, "differs") ? "differs" : "");
		}
		if (names)
			kl_draw_cell(&table, &field, "field", "");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static bool any_differs(const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "fields");
	struct kl_value item;

	while (kl_cursor_next(&cursor, &item))
		if (kl_draw_flag(&item, "differs"))
			return true;
	return false;
}

/* ---- show ------------------------------------------------------------------------------------ */

int kl_draw_profile(struct kl_cli *cli, const struct kl_value *answer)
{
	char text[KL_DRAW_TEXT_MAX];
	bool own = kl_draw_flag(answer, "own");
	int rc;

	fprintf(cli->out, "%s%s\n", kl_cli_text(answer, "member", "?", text, sizeof text),
		kl_draw_flag(answer, "published") ? "" : " (not published yet)");
	if (kl_cli_text(answer, "note", "", text, sizeof text)[0])
		fprintf(cli->out, "%s.\n", text);
	fputc('\n', cli->out);
	rc = draw_fields(cli, answer, own);
	if (rc)
		return rc;
	if (any_differs(answer))
		fprintf(cli->out,
			"\nWhere both differ, the roster counts: cohorts rest on it. %s\n",
			own ? "Correct your profile, or ask your\nconvenor to admit you again with "
			      "the right words."
			    : "The convenor changes it by\nadmitting the member again.");
	draw_history(cli, answer);
	kl_draw_alike(cli, answer);
	kl_draw_titled(cli->out, "To be looked at:", answer, "warnings");
	if (own && kl_draw_count(answer, "missing")) {
		fputc('\n', cli->out);
		kl_draw_joined(cli->out, "Not said yet", answer, "missing", "\n");
		fputs("  keeplocal profile fill takes some of it from a table of councils, "
		      "keeplocal\n  template profile is a form for the rest\n",
			cli->out);
	}
	return KL_OK;
}

/* ---- a change -------------------------------------------------------------------------------- */

static void draw_changes(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "changes");
	char label[128], before[KL_DRAW_TEXT_MAX], after[KL_DRAW_TEXT_MAX];
	struct kl_value item;

	if (!kl_draw_count(answer, "changes"))
		fputs("  nothing changes\n", cli->out);
	while (kl_cursor_next(&cursor, &item)) {
		kl_cli_text(&item, "label", "?", label, sizeof label);
		kl_cli_text(&item, "before", "", before, sizeof before);
		kl_cli_text(&item, "words", "", after, sizeof after);
		fprintf(cli->out, "  %-26s %s", label, after[0] ? after : "taken back");
		if (before[0])
			fprintf(cli->out, " (was: %s)", before);
		fputc('\n', cli->out);
	}
}

static bool changes(const struct kl_value *answer, const char *name)
{
	struct kl_cursor cursor = kl_draw_items(answer, "changes");
	char field[KL_SLUG_MAX];
	struct kl_value item;

	while (kl_cursor_next(&cursor, &item))
		if (!strcmp(kl_cli_text(&item, "field", "", field, sizeof field), name))
			return true;
	return false;
}

static void draw_kept(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "kept");
	char label[128], said[256], table[256];
	struct kl_value item;

	if (!kl_draw_count(answer, "kept"))
		return;
	fputs("\nStays as you said it, though the table of councils says otherwise:\n", cli->out);
	while (kl_cursor_next(&cursor, &item))
		fprintf(cli->out, "  %-26s you: %s; the table: %s\n",
			kl_cli_text(&item, "label", "?", label, sizeof label),
			kl_cli_text(&item, "said", "?", said, sizeof said),
			kl_cli_text(&item, "table", "?", table, sizeof table));
	fputs("  --overwrite takes the table's words instead\n", cli->out);
}

int kl_draw_profile_change(struct kl_cli *cli, const struct kl_value *answer)
{
	char member[256], council[256];
	uint64_t more = kl_draw_uint(answer, "fillable"),
		 year = kl_draw_uint(answer, "population_year");
	int rc;

	fprintf(cli->out, "%s", kl_cli_text(answer, "member", "?", member, sizeof member));
	if (kl_cli_text(answer, "council", "", council, sizeof council)[0])
		fprintf(cli->out, ", from the table of councils: %s", council);
	if (year)
		fprintf(cli->out, " (population of %llu)", (unsigned long long)year);
	fputs("\n\nWhat changes:\n", cli->out);
	draw_changes(cli, answer);
	draw_kept(cli, answer);
	fprintf(cli->out, "\n%s\n\n",
		kl_draw_flag(answer, "private")
			? "Your profile then (nobody sees it before you are on a roster):"
			: "All that everybody on the network sees of you then:");
	rc = draw_fields(cli, answer, false);
	if (rc)
		return rc;
	kl_draw_alike(cli, answer);
	kl_draw_titled(cli->out, "To be looked at:", answer, "warnings");
	if (!kl_draw_uint(answer, "table") && changes(answer, "gss"))
		fputs("\nNext, if you have a table of councils: keeplocal reference import FILE; "
		      "then\n"
		      "keeplocal profile fill takes region, deprivation and more from it.\n",
			cli->out);
	if (more)
		fprintf(cli->out,
			"\nThe table of councils knows %llu more field%s: keeplocal profile fill\n",
			(unsigned long long)more, more == 1 ? "" : "s");
	return KL_OK;
}
