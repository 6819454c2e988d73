#include "client/lm3_draw.h"
#include "client/screen.h"
#include "client/draw.h"
#include "core/money.h"

#include <math.h>
#include <string.h>

int kl_get_range(const struct kl_value *map, const char *key, struct kl_range *ret_range)
{
	struct kl_value range;
	struct kl_range r = {.has_central = false};
	int rc = kl_get_map(map, key, &range);

	if (rc || (rc = kl_get_double(&range, "low", &r.low)) ||
		(rc = kl_get_double(&range, "high", &r.high)))
		return rc;
	r.has_central = kl_get_double(&range, "central", &r.central) == KL_OK;
	*ret_range = r;
	return KL_OK;
}

const char *kl_range_pounds(
	const struct kl_value *map, const char *key, char out[KL_RANGE_TEXT_MAX])
{
	char low[KL_MONEY_TEXT_MAX], high[KL_MONEY_TEXT_MAX];
	struct kl_range r;

	out[0] = '\0';
	if (kl_get_range(map, key, &r))
		return out;
	/* What the case called "low" brings may be more: of a difference, say. */
	kl_money_format(llround(fmin(r.low, r.high)), low);
	kl_money_format(llround(fmax(r.low, r.high)), high);
	if (!strcmp(low, high))
		snprintf(out, KL_RANGE_TEXT_MAX, "%s", low);
	else
		snprintf(out, KL_RANGE_TEXT_MAX, "%s to %s", low, high);
	return out;
}

const char *kl_range_score(const struct kl_range *range, char out[KL_RANGE_TEXT_MAX])
{
	double low = fmin(range->low, range->high), high = fmax(range->low, range->high);

	if (high - low < 0.005)
		snprintf(out, KL_RANGE_TEXT_MAX, "%.2f", low);
	else if (range->has_central)
		snprintf(out, KL_RANGE_TEXT_MAX, "%.2f (%.2f to %.2f)", range->central, low, high);
	else
		snprintf(out, KL_RANGE_TEXT_MAX, "%.2f to %.2f", low, high);
	return out;
}

void kl_draw_lm3_title(struct kl_cli *cli, const struct kl_value *answer)
{
	char name[256], basis[32], area[1024], period[32];

	kl_cli_text(answer, "basis", "unknown", basis, sizeof basis);
	fprintf(cli->out, "%s: %s, %s, area %s%s\n",
		kl_cli_text(answer, "project", "?", name, sizeof name),
		!strcmp(basis, "contract")   ? "one contract"
		: !strcmp(basis, "turnover") ? "whole turnover"
					     : "basis unknown",
		kl_cli_text(answer, "period", "?", period, sizeof period),
		kl_draw_named(answer, "area", "?", area, sizeof area),
		kl_draw_flag(answer, "in_use") ? " (the project that counts)" : "");
}

/* ---- how sure ------------------------------------------------------------------------------ */

static const char *colour_of(const char *rating)
{
	return !strcmp(rating, "green")   ? "\033[32m"
	       : !strcmp(rating, "amber") ? "\033[33m"
	       : !strcmp(rating, "red")   ? "\033[31m"
					  : "";
}

static const char *meaning_of(const char *rating, bool barred, bool caveat)
{
	if (!strcmp(rating, "green") && caveat)
		return "the answers would do";
	if (!strcmp(rating, "green") && barred)
		return "the answers would do, but the score cannot be compared (see below)";
	return !strcmp(rating, "green")   ? "can be relied on and compared"
	       : !strcmp(rating, "amber") ? "ask more suppliers before it is quoted"
	       : !strcmp(rating, "red")   ? "too few answers to say much"
					  : "its source does not say how sure it is";
}

void kl_draw_lm3_rating(struct kl_cli *cli, const char *rating)
{
	const char *colour = cli->colour ? colour_of(rating) : "";

	kl_screen_own(cli->out, colour);
	fputs(rating, cli->out);
	kl_screen_own(cli->out, colour[0] ? "\033[0m" : "");
}

void kl_draw_lm3_confidence(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value map;
	char rating[16], supply[KL_MONEY_TEXT_MAX], barred[256], caveat[128];
	double share;
	int64_t pence;

	if (kl_get_map(answer, "confidence", &map))
		return;
	kl_cli_text(&map, "rating", "unrated", rating, sizeof rating);
	fputs("\nConfidence: ", cli->out);
	kl_draw_lm3_rating(cli, rating);
	kl_cli_text(&map, "caveat", "", caveat, sizeof caveat);
	fprintf(cli->out, ": %s%s%s\n",
		meaning_of(rating, kl_cli_text(answer, "barred", "", barred, sizeof barred)[0],
			caveat[0]),
		caveat[0] ? ", but " : "", caveat);
	if (kl_get_double(&map, "answered_share", &share) ||
		kl_get_int(answer, "supply_chain_pence", &pence))
		return;
	if (pence > 0)
		fprintf(cli->out, "  suppliers of %.0f%% of %s answered\n", share * 100,
			kl_money_format(pence, supply));
	else
		fputs("  no suppliers: nothing had to be estimated\n", cli->out);
}

/* ---- what it rests on ---------------------------------------------------------------------- */

void kl_draw_lm3_proxies(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_value proxies;
	double local, elsewhere;

	if (!kl_get_map(answer, "proxies", &proxies) && !kl_get_double(&proxies, "local", &local) &&
		!kl_get_double(&proxies, "elsewhere", &elsewhere))
		fprintf(cli->out,
			"  proxies: local staff spend %.2f of their pay locally, others %.2f\n",
			local, elsewhere);
}

void kl_draw_lm3_warnings(struct kl_cli *cli, const struct kl_value *answer)
{
	kl_draw_titled(cli->out, "Warnings:", answer, "warnings");
}

void kl_draw_lm3_rules(struct kl_cli *cli, const struct kl_value *answer)
{
	kl_draw_titled(
		cli->out, "Rules that are keeplocal's own, not the report's:", answer, "our_rules");
}

int kl_lm3_show(struct kl_cli *cli, const char *command,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer))
{
	struct kl_pack pack;
	uint64_t n = 0;
	bool given = false;
	int rc = kl_args_uint(&cli->args, "n", UINT32_MAX, &cli->fault, &given, &n);

	if (rc)
		return rc;
	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	if (given)
		kl_pack_int(&pack, "n", (int64_t)n);
	rc = kl_cli_show(cli, command, &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}
