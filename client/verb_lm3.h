/* What the commands about LM3 projects share. */
#ifndef KL_CLIENT_VERB_LM3_H
#define KL_CLIENT_VERB_LM3_H

#include "client/cli.h"
#include "client/table.h"

/* "Jubilee: whole turnover, 2016, area E08000033". */
void kl_draw_lm3_title(struct kl_cli *cli, const struct kl_value *answer);

/* A project with its own figures. */
int kl_draw_lm3_project(struct kl_cli *cli, const struct kl_value *answer);

#endif
