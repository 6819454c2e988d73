/* The map of who does what where, as it is drawn: a grid with places as columns, and its gaps.
 *
 * A terminal has room for few columns and rows: those with most members are shown, and how many are
 * left out is said. */
#ifndef KL_CLIENT_DRAW_COVERAGE_H
#define KL_CLIENT_DRAW_COVERAGE_H

#include "client/cli.h"

/* An answer's "places", "rows" and "cells" side by side; views on the answer. */
struct kl_coverage_grid {
	struct kl_value *places, *rows;
	size_t n_places, n_rows;
	struct kl_value *cells; /* [place * n_rows + row]: a map, or nothing (type KL_WIRE_NIL) */
};

/* KL_E_NOMEM; KL_E_MALFORMED for cells of no place or row: members moved between two answers. To be freed also after a failure. */
int kl_coverage_grid_open(const struct kl_value *answer, struct kl_coverage_grid *ret_grid);
void kl_coverage_grid_free(struct kl_coverage_grid *grid);

/* How many members are in a cell. */
uint64_t kl_coverage_grid_count(const struct kl_coverage_grid *grid, size_t place, size_t row);

/* The grid, who is in it where there is room for names, and what is left out. */
int kl_draw_coverage(struct kl_cli *cli, const struct kl_value *answer);

/* An answer's "gaps", place by place. */
void kl_draw_coverage_gaps(FILE *out, const struct kl_value *answer);

#endif
