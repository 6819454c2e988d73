/* lm3 result: the multiplier in words, with how far it can be trusted. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/table.h"
#include "client/verb_lm3.h"
#include "core/money.h"

#include <string.h>

/* low, central and high of one line; central may be missing. */
struct range {
	double low, central, high;
	bool has_central;
};

static int get_range(const struct kl_value *answer, const char *key, struct range *ret_range)
{
	struct kl_value map;
	struct range r = {.has_central = false};
	int rc = kl_get_map(answer, key, &map);

	if (rc || (rc = kl_get_double(&map, "low", &r.low)) ||
		(rc = kl_get_double(&map, "high", &r.high)))
		return rc;
	r.has_central = kl_get_double(&map, "central", &r.central) == KL_OK;
	*ret_range = r;
	return KL_OK;
}

static bool is_point(const struct range *r)
{
	return r->high - r->low < 0.005;
}

static void draw_words(struct kl_cli *cli, const struct range *lm3)
{
	if (is_point(lm3)) {
		fprintf(cli->out, "\n  LM3 %.2f\n", lm3->low);
		fprintf(cli->out,
			"  Each £1 of income makes £%.2f of income in the area, itself counted.\n",
			lm3->low);
		return;
	}
	if (lm3->has_central)
		fprintf(cli->out, "\n  LM3 %.2f, certainly between %.2f and %.2f\n", lm3->central,
			lm3->low, lm3->high);
	else
		fprintf(cli->out, "\n  LM3 between %.2f and %.2f\n", lm3->low, lm3->high);
	fprintf(cli->out,
		"  Each £1 of income makes £%.2f to £%.2f of income in the area, itself counted%s",
		lm3->low, lm3->high, lm3->has_central ? "" : ".\n");
	if (lm3->has_central)
		fprintf(cli->out, ", most likely £%.2f.\n", lm3->central);
}

/* ---- rounds -------------------------------------------------------------------------------- */

static void pounds(struct kl_table *table, double pence)
{
	char text[KL_MONEY_TEXT_MAX];

	kl_table_cell(table, "%s", kl_money_format((int64_t)(pence + 0.5), text));
}

static void round_line(struct kl_table *table, const char *label, const struct range *r)
{
	kl_table_cell(table, "  %s", label);
	pounds(table, r->low);
	if (r->has_central)
		pounds(table, r->central);
	else
		kl_table_cell(table, "-");
	pounds(table, r->high);
}

static int draw_rounds(struct kl_cli *cli, const struct kl_value *answer)
{
	struct range one = {.has_central = true}, two, three;
	struct kl_table table;
	int rc;

	if (kl_get_double(answer, "round1_pence", &one.low))
		return KL_OK; /* a recorded score knows no rounds */
	one.central = one.high = one.low;
	if (get_range(answer, "round2_pence", &two) || get_range(answer, "round3_pence", &three))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	fputc('\n', cli->out);
	kl_table_init(&table, "< >low >central >high");
	round_line(&table, "round 1: income studied", &one);
	round_line(&table, "round 2: spent locally", &two);
	round_line(&table, "round 3: spent again locally", &three);
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	return rc;
}

/* ---- confidence ---------------------------------------------------------------------------- */

static const char *colour_of(const char *rating)
{
	return !strcmp(rating, "green")   ? "\033[32m"
	       : !strcmp(rating, "amber") ? "\033[33m"
	       : !strcmp(rating, "red")   ? "\033[31m"
					  : "";
}

static const char *meaning_of(const char *rating, bool barred)
{
	if (!strcmp(rating, "green") && barred)
		return "the answers would do, but the score cannot be compared (see below)";
	return !strcmp(rating, "green")   ? "can be relied on and compared"
	       : !strcmp(rating, "amber") ? "ask more suppliers before it is quoted"
	       : !strcmp(rating, "red")   ? "too few answers to say much"
					  : "its source does not say how sure it is";
}

static void draw_confidence(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value map;
	char rating[16], supply[KL_MONEY_TEXT_MAX], barred[256];
	const char *colour;
	double share;
	int64_t pence;

	if (kl_get_map(answer, "confidence", &map))
		return;
	kl_cli_text(&map, "rating", "unrated", rating, sizeof rating);
	colour = cli->colour ? colour_of(rating) : "";
	fprintf(cli->out, "\nConfidence: %s%s%s: %s\n", colour, rating, colour[0] ? "\033[0m" : "",
		meaning_of(rating, kl_cli_text(answer, "barred", "", barred, sizeof barred)[0]));
	if (kl_get_double(&map, "answered_share", &share) ||
		kl_get_int(answer, "supply_chain_pence", &pence))
		return;
	if (pence > 0)
		fprintf(cli->out, "  suppliers of %.0f%% of %s answered\n", share * 100,
			kl_money_format(pence, supply));
	else
		fputs("  no suppliers: nothing had to be estimated\n", cli->out);
}

static void draw_share(
	struct kl_cli *cli, const struct kl_value *answer, const char *key, const char *label)
{
	struct range r;
	double share;

	if (!kl_get_double(answer, key, &share))
		fprintf(cli->out, "  %.0f%% of %s\n", share * 100, label);
	else if (get_range(answer, key, &r))
		return;
	else if (r.high - r.low < 0.005)
		fprintf(cli->out, "  %.0f%% of %s\n", r.low * 100, label);
	else
		fprintf(cli->out, "  %.0f%% to %.0f%% of %s\n", r.low * 100, r.high * 100, label);
}

static void draw_basis(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value proxies;
	double local, elsewhere;

	draw_share(cli, answer, "local_payroll_share", "payroll goes to local staff");
	draw_share(cli, answer, "local_supplier_share",
		"spending with suppliers goes to local ones, by value");
	if (!kl_get_map(answer, "proxies", &proxies) && !kl_get_double(&proxies, "local", &local) &&
		!kl_get_double(&proxies, "elsewhere", &elsewhere))
		fprintf(cli->out,
			"  proxies: local staff spend %.2f of their pay locally, others %.2f\n",
			local, elsewhere);
}

static void draw_list(
	struct kl_cli *cli, const struct kl_value *answer, const char *key, const char *title)
{
	if (!kl_draw_count(answer, key))
		return;
	fprintf(cli->out, "\n%s\n", title);
	kl_draw_texts(cli->out, "  ", answer, key);
}

static void draw_source(struct kl_cli *cli, const struct kl_value *answer)
{
	char label[128], source[512];

	if (kl_get_text(answer, "source", source, sizeof source))
		return;
	fprintf(cli->out, "  %s: %s\n",
		kl_cli_text(answer, "label", "recorded", label, sizeof label), source);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct range lm3;
	char barred[256];
	int rc;

	if (get_range(answer, "lm3", &lm3))
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the answer cannot be read");
	kl_draw_lm3_title(cli, answer);
	draw_words(cli, &lm3);
	draw_source(cli, answer);
	rc = draw_rounds(cli, answer);
	if (rc)
		return rc;
	draw_confidence(cli, answer);
	draw_basis(cli, answer);
	draw_list(cli, answer, "warnings", "Warnings:");
	if (!kl_get_text(answer, "barred", barred, sizeof barred))
		fprintf(cli->out, "\nCannot be counted in a tally: %s.\n", barred);
	draw_list(cli, answer, "our_rules", "Rules that are keeplocal's own, not the report's:");
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	rc = kl_cli_show(cli, "lm3 result", &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}

const struct kl_command kl_verb_lm3_result = {
	.words = "lm3 result",
	.operands = "NAME",
	.example = "keeplocal lm3 result jubilee",
	.help = "the local multiplier of a project, as a range with its confidence",
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
