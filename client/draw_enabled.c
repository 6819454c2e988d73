#include "client/draw_enabled.h"
#include "client/draw.h"
#include "core/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *method_words(const char *method)
{
	return !strcmp(method, "primary")  ? "as the tenants gave it"
	       : !strcmp(method, "partly") ? "partly given, partly estimated"
					   : "estimated";
}

/* One figure: about how much, exactly how much, how it was found, how sure it is. */
static void draw_figure(struct kl_cli *cli, const struct kl_value *answer, const char *key,
	const char *label, bool money)
{
	char published[64], method[16], confidence[16], text[KL_MONEY_TEXT_MAX];
	struct kl_value map;
	double exact;

	if (kl_get_map(answer, key, &map) || kl_get_double(&map, "exact", &exact)) {
		fprintf(cli->out, "  %s: not known\n", label);
		return;
	}
	kl_cli_text(&map, "published", "?", published, sizeof published);
	kl_cli_text(&map, "method", "", method, sizeof method);
	kl_cli_text(&map, "confidence", "not stated", confidence, sizeof confidence);
	fprintf(cli->out, "  %s: %s", label, published);
	if (money)
		fprintf(cli->out, " (exactly %s)", kl_money_format((int64_t)exact, text));
	else
		fprintf(cli->out, " (exactly %.1f)", exact);
	fprintf(cli->out, "\n    %s; confidence: %s%s\n", method_words(method), confidence,
		strcmp(confidence, "low") != 0 ? ""
					       : " (a grade of ours: most of it rests on floor "
						 "space, or most tenants are left out)");
}

void kl_draw_enabled_figures(struct kl_cli *cli, const struct kl_value *map)
{
	draw_figure(cli, map, "employees_fte", "employees (FTE)", false);
	draw_figure(cli, map, "gva_pence", "gross value added", true);
}

void kl_draw_factor_table(struct kl_cli *cli, const char *label, const struct kl_value *table)
{
	uint64_t year = kl_draw_uint(table, "year"), version = kl_draw_uint(table, "version");
	char name[256], source[512];

	fprintf(cli->out, "  %s: %s (%" PRIu64 "), ", label,
		kl_cli_text(table, "name", "?", name, sizeof name), year);
	if (version)
		fprintf(cli->out, "your version %" PRIu64 "\n", version);
	else
		fputs("comes with the program\n", cli->out);
	fprintf(cli->out, "    %s\n", kl_cli_text(table, "source", "?", source, sizeof source));
}

void kl_draw_factors(struct kl_cli *cli, const struct kl_value *factors)
{
	struct kl_value table;
	char source[512];
	double share;

	if (!kl_get_map(factors, "density", &table))
		kl_draw_factor_table(cli, "floor space for each employee", &table);
	if (!kl_get_map(factors, "gva_per_job", &table))
		kl_draw_factor_table(cli, "value added for each employee", &table);
	if (kl_get_map(factors, "gva_per_turnover", &table) ||
		kl_get_double(&table, "share", &share))
		return;
	fprintf(cli->out,
		"  value added for each pound of turnover: %.1f%% (%" PRIu64
		"), stated by you\n    %s\n",
		share * 100, kl_draw_uint(&table, "year"),
		kl_cli_text(&table, "source", "?", source, sizeof source));
}

/* ---- what is missing ----------------------------------------------------------------------- */

static void draw_stakes(struct kl_cli *cli, const struct kl_value *item)
{
	double fte = 0, gva = 0;

	if (kl_draw_count(item, "left_out") == 2) {
		fputs(" (left out)\n", cli->out);
		return;
	}
	(void)kl_get_double(item, "fte_share", &fte);
	(void)kl_get_double(item, "gva_share", &gva);
	if (kl_draw_count(item, "left_out"))
		fputs(" (left out of one total)\n", cli->out);
	else if (fte > 0 || gva > 0)
		fprintf(cli->out,
			" (%.0f%% of employees and %.0f%% of value added are estimates "
			"of it)\n",
			fte * 100, gva * 100);
	else
		fputc('\n', cli->out);
}

void kl_draw_missing(struct kl_cli *cli, const struct kl_value *item)
{
	char name[256];

	fprintf(cli->out, "  %s", kl_cli_text(item, "tenant", "?", name, sizeof name));
	draw_stakes(cli, item);
	kl_draw_joined(cli->out, "    ask for", item, "ask", "\n");
	kl_draw_joined(
		cli->out, "    its activity is told, so say yourself", item, "say_yourself", "\n");
}
