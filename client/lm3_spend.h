/* A spending file becomes the suppliers of an LM3 project: the daemon adds them up, and takes them in
 * again as a table. */
#ifndef KL_CLIENT_LM3_SPEND_H
#define KL_CLIENT_LM3_SPEND_H

#include "client/cli.h"

/* `lm3 import NAME spend [--year P]`: the answer is drawn with `draw`, or printed as JSON. */
int kl_lm3_import_spend(
	struct kl_cli *cli, int (*draw)(struct kl_cli *cli, const struct kl_value *answer));

#endif
