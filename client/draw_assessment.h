/* How an assessment is drawn, whatever command answers with one. */
#ifndef KL_CLIENT_DRAW_ASSESSMENT_H
#define KL_CLIENT_DRAW_ASSESSMENT_H

#include "client/cli.h"
#include "client/table.h"

enum { KL_DRAW_APART = 2 }; /* from so many points on, assessors are said to disagree (ours) */

/* Whether the lowest and the highest score of a map are so far apart. */
bool kl_draw_disagree(const struct kl_value *scores);

/* How many statements an assessor has answered; *ret_statements is how many there are. */
unsigned kl_draw_answered(const struct kl_value *answer, unsigned *ret_statements);

/* "2.5 (1-4)": the median, and the spread where there is one. */
void kl_draw_median_cell(struct kl_table *table, const struct kl_value *scores);

/* What it is of, then medians, spread, and what one should know before believing them. */
int kl_draw_assessment_scores(struct kl_cli *cli, const struct kl_value *answer);

/* The same, and who has assessed so far. */
int kl_draw_assessment(struct kl_cli *cli, const struct kl_value *answer);

#endif
