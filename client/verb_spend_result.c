/* spend result: where the money goes. */
#include "client/draw.h"
#include "client/verb_spend.h"

#include <string.h>

enum { CATEGORIES_SHOWN = 10 };

/* ---- what it is about ---------------------------------------------------------------------- */

static void draw_head(struct kl_cli *cli, const struct kl_value *answer)
{
	char money[64], a[64], b[64], first[16], last[16];
	struct kl_value credits;

	fprintf(cli->out, "%s to %s in %s, ", kl_spend_money(answer, "total_pence", money),
		kl_spend_count(kl_draw_uint(answer, "suppliers"), "supplier", a),
		kl_spend_count(kl_draw_uint(answer, "payments"), "payment", b));
	fprintf(cli->out, "%s to %s (%s)\n",
		kl_cli_text(answer, "first_day", "?", first, sizeof first),
		kl_cli_text(answer, "last_day", "?", last, sizeof last),
		kl_spend_count(kl_draw_uint(answer, "files"), "file", a));
	if (!kl_get_map(answer, "credit_notes", &credits) && kl_draw_uint(&credits, "count"))
		fprintf(cli->out, "  with %s of %s taken off\n",
			kl_spend_count(kl_draw_uint(&credits, "count"), "credit note", a),
			kl_spend_money(&credits, "pence", money));
}

static void draw_rows(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value rows;
	char count[64], money[64];

	if (kl_get_map(answer, "rows", &rows) || !kl_draw_uint(&rows, "rejected"))
		return;
	fprintf(cli->out, "  %s of the files are no payments, %s: keeplocal spend rejected\n",
		kl_spend_count(kl_draw_uint(&rows, "rejected"), "row", count),
		kl_spend_money(answer, "rejected_pence", money));
}

/* ---- local or not -------------------------------------------------------------------------- */

static void class_line(struct kl_table *table, const struct kl_value *answer, const char *key)
{
	char money[64], value[16], count[16];
	struct kl_value map;

	if (kl_get_map(answer, key, &map))
		return;
	kl_table_cell(table, "  %s", key);
	kl_table_cell(table, "%s", kl_spend_money(&map, "pence", money));
	kl_table_cell(table, "%s", kl_spend_percent(&map, "value_share", value));
	kl_table_cell(table, "%s", kl_spend_percent(&map, "count_share", count));
}

static int draw_local(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char *const keys[] = {"local", "elsewhere", "unknown", "redacted"};
	char area[1024], share[16], most[16], money[64];
	struct kl_value target;
	struct kl_table table;
	int rc;

	fputc('\n', cli->out);
	kl_table_init(&table, "< >spent >by_value >by_number_of_payments");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		class_line(&table, answer, keys[i]);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (rc)
		return rc;
	if (kl_draw_named(answer, "area", "", area, sizeof area)[0])
		fprintf(cli->out, "  local is %s\n", area);
	if (strcmp(kl_spend_percent(answer, "local_share_of_known", share), "-") != 0)
		fprintf(cli->out,
			"  of what is known, %s by value is local; if all that is unknown were, %s "
			"would be\n",
			share, kl_spend_percent(answer, "local_share_at_most", most));
	if (!kl_get_map(answer, "target", &target))
		fprintf(cli->out, "  %llu points more local would be worth %s\n",
			(unsigned long long)kl_draw_uint(&target, "points"),
			kl_spend_money(&target, "pence", money));
	return KL_OK;
}

/* ---- cuts ---------------------------------------------------------------------------------- */

static int draw_years(struct kl_cli *cli, const struct kl_value *answer)
{
	static const char *const keys[] = {"by_year", "by_financial_year"};
	char text[16], money[64], share[16];
	struct kl_table table;
	int rc;

	fputc('\n', cli->out);
	kl_table_init(
		&table, "<__year >spent >local_by_value >local_by_number >voluntary_by_value");
	for (size_t k = 0; k < 2; k++) {
		struct kl_cursor items = kl_draw_items(answer, keys[k]);
		struct kl_value item;

		while (kl_cursor_next(&items, &item)) {
			if (kl_get_text(&item, "year", text, sizeof text))
				snprintf(text, sizeof text, "%llu",
					(unsigned long long)kl_draw_uint(&item, "year"));
			kl_table_cell(&table, "  %s", text);
			kl_table_cell(&table, "%s", kl_spend_money(&item, "total_pence", money));
			kl_table_cell(
				&table, "%s", kl_spend_percent(&item, "local_value_share", share));
			kl_table_cell(
				&table, "%s", kl_spend_percent(&item, "local_count_share", share));
			kl_table_cell(&table, "%s",
				kl_spend_percent(&item, "voluntary_value_share", share));
		}
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

/* Cuts that hold something; `most` of them. Nothing is drawn where all is in one that is not known. */
static int draw_cuts(struct kl_cli *cli, const struct kl_value *answer, const char *key,
	const char *label, size_t most)
{
	struct kl_cursor items = kl_draw_items(answer, key);
	char name[256], heading[128], money[64], share[16];
	struct kl_value item;
	struct kl_table table;
	size_t shown = 0, known = 0;
	int rc = KL_OK;

	snprintf(heading, sizeof heading, "<__%s >spent >by_value >by_number >local_by_value",
		label);
	kl_table_init(&table, heading);
	while (shown < most && kl_cursor_next(&items, &item)) {
		int64_t pence;

		if (kl_get_int(&item, "total_pence", &pence) ||
			(!pence && !kl_draw_uint(&item, "payments")))
			continue;
		kl_cli_text(&item, label, "?", name, sizeof name);
		kl_table_cell(&table, "  %s", name);
		kl_table_cell(&table, "%s", kl_spend_money(&item, "total_pence", money));
		kl_table_cell(&table, "%s", kl_spend_percent(&item, "value_share", share));
		kl_table_cell(&table, "%s", kl_spend_percent(&item, "count_share", share));
		kl_table_cell(&table, "%s", kl_spend_percent(&item, "local_value_share", share));
		known += strcmp(name, "unknown") != 0;
		shown++;
	}
	if (known) {
		fputc('\n', cli->out);
		rc = kl_table_print(&table, cli->out);
		if (kl_cursor_next(&items, &item))
			fputs("  (more with --json)\n", cli->out);
	}
	kl_table_deinit(&table);
	return rc;
}

/* ---- suppliers ----------------------------------------------------------------------------- */

static int draw_suppliers(struct kl_cli *cli, const struct kl_value *map, const char *key,
	const char *title, const char *other, const char *other_key)
{
	struct kl_cursor items = kl_draw_items(map, key);
	char heading[128], money[64], share[16], text[256];
	struct kl_table table;
	struct kl_value item;
	int rc;

	if (!kl_draw_count(map, key))
		return KL_OK;
	fprintf(cli->out, "\n%s\n", title);
	snprintf(heading, sizeof heading, "<__supplier >spent >by_value <%s", other);
	kl_table_init(&table, heading);
	while (kl_cursor_next(&items, &item)) {
		kl_table_cell(
			&table, "  %s", kl_cli_text(&item, "supplier", "?", text, sizeof text));
		kl_table_cell(&table, "%s", kl_spend_money(&item, "pence", money));
		kl_table_cell(&table, "%s", kl_spend_percent(&item, "value_share", share));
		kl_table_cell(&table, "%s",
			other_key ? kl_cli_text(&item, other_key, "", text, sizeof text) : "");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

static int draw_places(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value places;
	char count[64], money[64], title[256];
	int rc;

	if (kl_get_map(answer, "places", &places))
		return KL_OK;
	if (!kl_draw_uint(&places, "rows")) {
		fputs("\nWhere suppliers are is not known yet: keeplocal template places makes a "
		      "table "
		      "to fill in,\nand keeplocal spend places FILE brings it in.\n",
			cli->out);
	}
	rc = draw_suppliers(cli, &places, "loosely",
		"Joined to the table of places only loosely (please check):", "is_there",
		"matched");
	if (rc)
		return rc;
	snprintf(title, sizeof title, "Not in the table of places: %s, %s; the largest:",
		kl_spend_count(kl_draw_uint(&places, "suppliers_not_matched"), "supplier", count),
		kl_spend_money(&places, "not_matched_pence", money));
	return draw_suppliers(cli, &places, "not_matched", title, "", NULL);
}

/* ---- the whole ----------------------------------------------------------------------------- */

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	int rc;

	draw_head(cli, answer);
	draw_rows(cli, answer);
	if ((rc = draw_local(cli, answer)) || (rc = draw_years(cli, answer)) ||
		(rc = draw_cuts(cli, answer, "by_sector", "sector", 10)) ||
		(rc = draw_cuts(cli, answer, "by_size", "size", 10)) ||
		(rc = draw_cuts(cli, answer, "by_department", "department", CATEGORIES_SHOWN)) ||
		(rc = draw_cuts(cli, answer, "by_category", "category", CATEGORIES_SHOWN)) ||
		(rc = draw_suppliers(cli, answer, "leaks",
			 "Most of the money that leaves goes to:", "place", "place")) ||
		(rc = draw_places(cli, answer)))
		return rc;
	kl_draw_titled(cli->out, "Warnings:", answer, "warnings");
	kl_draw_titled(
		cli->out, "Rules that are keeplocal's own, not the report's:", answer, "our_rules");
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	uint64_t points = 0;
	bool given;
	int rc = kl_args_uint(&cli->args, "points", 100, &cli->fault, &given, &points);

	if (rc)
		return rc;
	kl_pack_init(&pack);
	kl_spend_pack_asked(cli, &pack);
	if (given)
		kl_pack_int(&pack, "points", (int64_t)points);
	rc = kl_cli_show(cli, "spend result", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

static const struct kl_option options[] = {
	KL_SPEND_ASKED,
	{"points", "N", "what so many points more local would be worth (10)"},
	{NULL},
};

const struct kl_command kl_verb_spend_result = {
	.words = "spend result",
	.example = "keeplocal spend result --year 2016/17",
	.help = "where the money goes: local, elsewhere or unknown, by year, sector, category",
	.more = "By value is the share of the pounds, by number the share of the payments. What is "
		"unknown is never counted as local.",
	.options = options,
	.tables = true,
	.run = run,
};
