/* spend places: a table that says who suppliers are. */
#include "client/draw.h"
#include "client/notes.h"
#include "client/places_file.h"
#include "client/verb_spend.h"
#include "core/money.h"

#include <string.h>

/* ---- shared by all about spending ---------------------------------------------------------- */

void kl_spend_pack_asked(const struct kl_cli *cli, struct kl_pack *pack)
{
	static const char *const keys[] = {"year", "from", "to", "file", "area"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		kl_pack_text(pack, keys[i], kl_args_option(&cli->args, keys[i]));
}

const char *kl_spend_money(const struct kl_value *map, const char *key, char out[64])
{
	char money[KL_MONEY_TEXT_MAX];
	int64_t pence;

	snprintf(out, 64, "%s", kl_get_int(map, key, &pence) ? "-" : kl_money_format(pence, money));
	return out;
}

const char *kl_spend_percent(const struct kl_value *map, const char *key, char out[16])
{
	double share;

	if (kl_get_double(map, key, &share))
		snprintf(out, 16, "-");
	else
		snprintf(out, 16, "%.1f%%", share * 100);
	return out;
}

const char *kl_spend_count(uint64_t count, const char *unit, char out[64])
{
	char text[KL_MONEY_TEXT_MAX];

	snprintf(out, 64, "%s %.20s%s", kl_count_format((int64_t)count, text), unit,
		count == 1 ? "" : "s");
	return out;
}

void kl_spend_look_again(struct kl_cli *cli, bool quiet)
{
	char money[64], share[16], unknown[16];
	struct kl_value answer, local;

	if (kl_cli_ask(cli, "spend result", NULL, &answer)) {
		cli->fault = (struct kl_fault){0}; /* what came in is in all the same */
		return;
	}
	if (quiet || kl_get_map(&answer, "local", &local))
		return;
	fprintf(cli->out, "\nIn all: %s", kl_spend_money(&answer, "total_pence", money));
	if (strcmp(kl_spend_percent(&local, "value_share", share), "-") != 0)
		fprintf(cli->out, "; %s of it is local, of %s nobody knows", share,
			kl_spend_percent(&answer, "unknown_value_share", unknown));
	fputc('\n', cli->out);
}

/* ---- the command --------------------------------------------------------------------------- */

static void draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char count[64], area[256];
	uint64_t rows = kl_draw_uint(answer, "rows"), told = kl_draw_uint(answer, "told_by_area");
	uint64_t differing = kl_draw_uint(answer, "differing");

	fprintf(cli->out, "%s in the table of places: ",
		kl_spend_count(kl_draw_uint(answer, "suppliers"), "supplier", count));
	fprintf(cli->out, "%s with a place",
		kl_spend_count(kl_draw_uint(answer, "with_place"), "row", count));
	fprintf(cli->out, ", %llu with a sector, %llu with a size\n",
		(unsigned long long)kl_draw_uint(answer, "with_sector"),
		(unsigned long long)kl_draw_uint(answer, "with_size"));
	if (differing)
		fprintf(cli->out,
			"  %s in rows that do not say the same: unknown is what they differ in, "
			"but "
			"for\n  places that the area tells alike (a rule of keeplocal's own)\n",
			kl_spend_count(differing, "supplier", count));
	if (kl_draw_named(answer, "area", "", area, sizeof area)[0])
		fprintf(cli->out, "  %llu of %llu can be told local or elsewhere (area %s)\n",
			(unsigned long long)told, (unsigned long long)rows, area);
	if (area[0] && told < rows)
		fputs("  for the others say yes or no in a column 'local', or say the area as "
		      "postcode\n  districts: keeplocal spend places FILE --area \"HX1 HX2\"\n",
			cli->out);
	if (!area[0])
		fputs("  which of them are local is not known yet: say the area, --area "
		      "E08000033\n",
			cli->out);
}

int kl_spend_places_in(struct kl_cli *cli, const char *path, const char *tab, bool quiet,
	struct kl_value *ret_answer)
{
	const char *slash = strrchr(path, '/');
	struct kl_places_file *file;
	struct kl_pack pack;
	int rc = kl_places_file_open(path, tab, &cli->fault, &file);

	if (rc)
		return rc;
	kl_pack_init(&pack);
	kl_pack_text(&pack, "file", slash ? slash + 1 : path);
	kl_pack_text(&pack, "area", kl_args_option(&cli->args, "area"));
	cli->reading = kl_places_file_sheet(file);
	rc = kl_cli_upload(
		cli, "spend places", &pack, kl_places_file_part, file, 0, "places", ret_answer);
	kl_pack_deinit(&pack);
	if (!rc)
		kl_tell_notes(cli, kl_places_file_sheet(file));
	if (!rc && !quiet)
		draw(cli, ret_answer);
	kl_places_file_close(file);
	return rc;
}

static int run(struct kl_cli *cli)
{
	struct kl_value answer;
	int rc = kl_spend_places_in(cli, cli->args.operands[0], kl_args_option(&cli->args, "sheet"),
		cli->json, &answer);

	if (!rc && cli->json)
		rc = kl_cli_json(cli, &answer);
	if (!rc)
		kl_spend_look_again(cli, cli->json);
	return rc;
}

static const struct kl_option options[] = {
	{"area", "AREA",
		"what counts as local: a council by name or GSS code, or postcode districts; "
		"remembered"},
	KL_OPTION_SHEET,
	{NULL},
};

const struct kl_command kl_verb_spend_places = {
	.words = "spend places",
	.operands = "FILE",
	.example = "keeplocal spend places places.csv --area \"HX1 HX2\"",
	.help = "bring in a table that says where suppliers are, and their sector and size",
	.more = "Columns: supplier, and any of place or postcode (or a GSS code), local (yes, no, "
		"unknown), sector (voluntary, social enterprise, small, large, public), size "
		"(micro, "
		"small, medium, large). Suppliers are found by name, whatever is written of case, "
		"punctuation, Ltd or Limited, & or and, t/a; what was joined so loosely is listed "
		"with every result. What column 'local' says counts for any area. Rows of one name "
		"that differ tell nothing by what they differ in. The newest table counts.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
