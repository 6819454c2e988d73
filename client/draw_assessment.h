/* How an assessment is drawn, whatever command answers with one. */
#ifndef KL_CLIENT_DRAW_ASSESSMENT_H
#define KL_CLIENT_DRAW_ASSESSMENT_H

#include "client/cli.h"

/* What it is of, then medians, spread, and what one should know before believing them. */
int kl_draw_assessment_scores(struct kl_cli *cli, const struct kl_value *answer);

/* The same, and who has assessed so far. */
int kl_draw_assessment(struct kl_cli *cli, const struct kl_value *answer);

#endif
