/* How figures of enabled contribution and the tables that they rest on are drawn. */
#ifndef KL_CLIENT_DRAW_ENABLED_H
#define KL_CLIENT_DRAW_ENABLED_H

#include "client/cli.h"

/* Employees and value added, two lines each, out of a map that has both. */
void kl_draw_enabled_figures(struct kl_cli *cli, const struct kl_value *map);

/* Both tables, and the ratio if one is stated. */
void kl_draw_factors(struct kl_cli *cli, const struct kl_value *factors);

/* One table: name, year, where it comes from, and its source below. */
void kl_draw_factor_table(struct kl_cli *cli, const char *label, const struct kl_value *table);

/* One tenant of whom something is not known: what to ask, and what hangs on it. */
void kl_draw_missing(struct kl_cli *cli, const struct kl_value *item);

#endif
