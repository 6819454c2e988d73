/* reference ...: a table of councils, so that profiles fill themselves and codes have names. */
#include "client/councils_file.h"
#include "client/draw.h"
#include "client/notes.h"
#include "client/request.h"
#include "core/money.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- import -------------------------------------------------------------------------------- */

static int draw_import(struct kl_cli *cli, const struct kl_value *answer)
{
	uint64_t before = kl_draw_uint(answer, "before");
	char own[32];

	fprintf(cli->out,
		"%" PRIu64 " councils: %" PRIu64 " with a population, %" PRIu64
		" with a deprivation quintile, %" PRIu64 " with a rural or urban class\n",
		kl_draw_uint(answer, "councils"), kl_draw_uint(answer, "with_population"),
		kl_draw_uint(answer, "with_deprivation"), kl_draw_uint(answer, "with_rural_urban"));
	if (before)
		fprintf(cli->out,
			"  it takes the place of a table of %" PRIu64
			" (keeplocal undo brings that "
			"back)\n",
			before);
	fputs("The table stays on this machine.\n\nNext:\n", cli->out);
	if (kl_cli_text(answer, "own", "", own, sizeof own)[0])
		fputs("  keeplocal profile fill --dry-run\n", cli->out);
	else
		fputs("  keeplocal profile fill \"NAME OF YOUR COUNCIL\" --dry-run\n", cli->out);
	return KL_OK;
}

static int run_import(struct kl_cli *cli)
{
	const char *path = cli->args.operands[0], *slash = strrchr(path, '/');
	struct kl_councils_file *file;
	struct kl_value answer;
	struct kl_pack pack;
	int rc = kl_councils_file_open(
		path, kl_args_option(&cli->args, "sheet"), &cli->fault, &file);

	if (rc)
		return rc;
	kl_pack_init(&pack);
	kl_pack_text(&pack, "file", slash ? slash + 1 : path);
	cli->reading = kl_councils_file_sheet(file);
	rc = kl_cli_upload(cli, "reference import", &pack, kl_councils_file_part, file, 0,
		"councils", &answer);
	kl_pack_deinit(&pack);
	if (!rc)
		kl_tell_notes(cli, kl_councils_file_sheet(file));
	if (!rc)
		rc = cli->json ? kl_cli_json(cli, &answer) : draw_import(cli, &answer);
	kl_councils_file_close(file);
	return rc;
}

static const struct kl_option import_options[] = {
	KL_OPTION_SHEET,
	{NULL},
};

const struct kl_command kl_verb_reference_import = {
	.words = "reference import",
	.operands = "FILE",
	.example = "keeplocal reference import councils.csv",
	.help = "bring in a table of councils, so that profile fields fill themselves",
	.more = "Columns: gss_code and official_name (or name); and, as they are known, "
		"short_name, "
		"la_type, region, population (pop_2020 says the year, too), area_km2, lat, long, "
		"imd_pop_quintile_1_most_deprived (or deprivation quintile), imd_pop_decile, "
		"imd_score, ruc_label, urban_share, rural_share, highly_rural_share, "
		"county_la_code. A file with a bad cell changes nothing. The table stays on this "
		"machine; the newest counts, and 'keeplocal undo' takes it back.",
	.options = import_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_import,
};

/* ---- show ---------------------------------------------------------------------------------- */

static void draw_number(struct kl_cli *cli, const struct kl_value *council, const char *label,
	const char *key, const char *unit)
{
	char number[KL_DRAW_NUMBER_MAX];

	if (kl_draw_number(council, key, "", number)[0])
		fprintf(cli->out, "  %-22s %s%s\n", label, number, unit);
}

static void draw_word(
	struct kl_cli *cli, const struct kl_value *council, const char *label, const char *key)
{
	char text[256];

	if (kl_cli_text(council, key, "", text, sizeof text)[0])
		fprintf(cli->out, "  %-22s %s\n", label, text);
}

static void draw_share(
	struct kl_cli *cli, const struct kl_value *council, const char *label, const char *key)
{
	double share;

	if (!kl_get_double(council, key, &share))
		fprintf(cli->out, "  %-22s %.1f%%\n", label, share * 100);
}

/* A whole number with its commas, or `none`. */
static const char *whole(
	const struct kl_value *map, const char *key, const char *none, char out[KL_MONEY_TEXT_MAX])
{
	double number;

	if (kl_get_double(map, key, &number))
		(void)kl_copy_text(out, KL_MONEY_TEXT_MAX, none);
	else
		(void)kl_count_format(llround(number), out);
	return out;
}

static void draw_council(struct kl_cli *cli, const struct kl_value *council)
{
	char name[256], gss[32], number[KL_MONEY_TEXT_MAX];
	uint64_t year = kl_draw_uint(council, "population_year");

	fprintf(cli->out, "%s (%s)\n", kl_cli_text(council, "name", "?", name, sizeof name),
		kl_cli_text(council, "gss", "?", gss, sizeof gss));
	draw_word(cli, council, "Type", "type");
	draw_word(cli, council, "County", "county");
	draw_word(cli, council, "Region", "region");
	if (whole(council, "population", "", number)[0])
		fprintf(cli->out, year ? "  %-22s %s (%" PRIu64 ")\n" : "  %-22s %s\n",
			"Population", number, year);
	draw_number(cli, council, "Area", "area_km2", " km2");
	if (whole(council, "density_per_km2", "", number)[0])
		fprintf(cli->out, "  %-22s %s residents for each km2\n", "Density", number);
	draw_number(cli, council, "Deprivation quintile", "deprivation_quintile",
		" (1 most deprived, 5 least)");
	draw_number(cli, council, "Deprivation decile", "deprivation_decile", "");
	draw_word(cli, council, "Rural or urban", "rural_urban");
	draw_share(cli, council, "Living in towns", "urban_share");
	draw_share(cli, council, "Living rurally", "rural_share");
	draw_share(cli, council, "Living remotely", "remote_share");
	draw_word(cli, council, "On the roster as", "member");
}

static int draw_show(struct kl_cli *cli, const struct kl_value *answer)
{
	char file[256], at[64];
	struct kl_value own;

	if (!kl_cli_text(answer, "gss", "", file, sizeof file)[0]) {
		fprintf(cli->out, "%" PRIu64 " councils", kl_draw_uint(answer, "councils"));
		fprintf(cli->out, ", from %s", kl_cli_text(answer, "file", "?", file, sizeof file));
		fprintf(cli->out, ", %s\n\n", kl_cli_text(answer, "at", "?", at, sizeof at));
		if (kl_get_map(answer, "own", &own))
			fputs("Your own council area is not in it.\n", cli->out);
		else
			draw_council(cli, &own);
		return KL_OK;
	}
	draw_council(cli, answer);
	return KL_OK;
}

static int run_show(struct kl_cli *cli)
{
	static const char *const keys[] = {"council", NULL};

	return kl_request_show(cli, "reference show", keys, draw_show);
}

const struct kl_command kl_verb_reference_show = {
	.words = "reference show",
	.operands = "[NAME|GSS]",
	.example = "keeplocal reference show Calderdale",
	.help = "what the table of councils says of one; without a name, which table it is",
	.operands_max = 1,
	.tables = true,
	.run = run_show,
};

/* ---- list ---------------------------------------------------------------------------------- */

static int draw_list(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "councils");
	uint64_t more = kl_draw_uint(answer, "more");
	struct kl_value c;
	struct kl_table table;
	int rc;

	if (!kl_draw_uint(answer, "table")) {
		fputs("There is no table of councils here yet.\n\nNext:\n"
		      "  keeplocal reference import FILE\n",
			cli->out);
		return KL_OK;
	}
	if (!kl_draw_count(answer, "councils")) {
		fputs("No council of the table fits.\n", cli->out);
		return KL_OK;
	}
	kl_table_init(&table, "<code <council <type <region >population >quintile");
	while (kl_cursor_next(&cursor, &c)) {
		char number[KL_DRAW_NUMBER_MAX], people[KL_MONEY_TEXT_MAX];

		kl_draw_cell(&table, &c, "gss", "?");
		kl_draw_cell(&table, &c, "name", "?");
		kl_draw_cell(&table, &c, "type", "-");
		kl_draw_cell(&table, &c, "region", "-");
		kl_table_cell(&table, "%s", whole(&c, "population", "-", people));
		kl_table_cell(
			&table, "%s", kl_draw_number(&c, "deprivation_quintile", "-", number));
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (!rc && more)
		fprintf(cli->out, "... and %" PRIu64 " more: name a part, --type or --region\n",
			more);
	return rc;
}

static int run_list(struct kl_cli *cli)
{
	static const char *const keys[] = {"name", NULL};

	return kl_request_show(cli, "reference list", keys, draw_list);
}

static const struct kl_option list_options[] = {
	{"type", "TYPE", "county council, unitary authority, London borough, .."},
	{"region", "REGION", "one of England's nine, Wales, Scotland, Northern Ireland"},
	{NULL},
};

const struct kl_command kl_verb_reference_list = {
	.words = "reference list",
	.operands = "[NAME]",
	.example = "keeplocal reference list --region \"South West\" --type \"unitary authority\"",
	.help = "the councils of the table that was brought in",
	.options = list_options,
	.operands_max = 1,
	.tables = true,
	.run = run_list,
};
