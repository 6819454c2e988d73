/* What drawings of LM3 answers share: ranges, how sure a score is, what it rests on. */
#ifndef KL_CLIENT_LM3_DRAW_H
#define KL_CLIENT_LM3_DRAW_H

#include "client/cli.h"
#include "client/table.h"

/* low, central and high of one line; central may be missing. */
struct kl_range {
	double low, central, high;
	bool has_central;
};

enum { KL_RANGE_TEXT_MAX = 96 };

/* KL_E_NOT_FOUND, KL_E_MALFORMED. */
int kl_get_range(const struct kl_value *map, const char *key, struct kl_range *ret_range);

/* "£1,234", or "£1,000 to £2,000"; "" if there is no such range. Returns `out`. */
const char *kl_range_pounds(
	const struct kl_value *map, const char *key, char out[KL_RANGE_TEXT_MAX]);

/* "2.43 (2.31 to 2.55)", "2.31 to 2.55" without a central value, "2.66" for a point. */
const char *kl_range_score(const struct kl_range *range, char out[KL_RANGE_TEXT_MAX]);

/* "Jubilee: whole turnover, 2016, area E08000033". */
void kl_draw_lm3_title(struct kl_cli *cli, const struct kl_value *answer);

/* "Confidence: green: ...", coloured where that is wanted, with the share that answered. */
void kl_draw_lm3_confidence(struct kl_cli *cli, const struct kl_value *answer);

/* A rating alone, coloured where that is wanted. */
void kl_draw_lm3_rating(struct kl_cli *cli, const char *rating);

/* "  proxies: ...", where the answer has them. */
void kl_draw_lm3_proxies(struct kl_cli *cli, const struct kl_value *answer);

/* Warnings, and rules that are our own; nothing where there are none. */
void kl_draw_lm3_warnings(struct kl_cli *cli, const struct kl_value *answer);
void kl_draw_lm3_rules(struct kl_cli *cli, const struct kl_value *answer);

/* Asks about the project that the first operand names, with --n if it was given, and draws what comes
 * back, or prints it as JSON. */
int kl_lm3_show(struct kl_cli *cli, const char *command,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer));

/* A project with its own figures. */
int kl_draw_lm3_project(struct kl_cli *cli, const struct kl_value *answer);

#endif
