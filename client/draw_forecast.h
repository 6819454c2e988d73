/* What a call of a tally could release, as it is drawn and as it is told to programs. */
#ifndef KL_CLIENT_DRAW_FORECAST_H
#define KL_CLIENT_DRAW_FORECAST_H

#include "client/cli.h"

/* A line for each cohort and all of its metrics that fare alike, then who does not count and why. */
int kl_draw_forecast(struct kl_cli *cli, const struct kl_value *answer);

/* The answer with one row for each metric and cohort under "forecast", made out of "outcomes". */
int kl_forecast_rows(const struct kl_value *answer, struct kl_writer *w);

#endif
