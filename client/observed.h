/* What was observed, as people read it. */
#ifndef KL_CLIENT_OBSERVED_H
#define KL_CLIENT_OBSERVED_H

#include "client/draw.h"

/* The number of an observation in its unit, or its words. Returns `out`. */
const char *kl_draw_observed(const struct kl_value *observation, char out[KL_DRAW_TEXT_MAX]);

/* The numbers of an indicator: a line for each, with unit and which way is better. */
void kl_draw_components(FILE *out, const struct kl_value *indicator);

#endif
