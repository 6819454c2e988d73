/* What `lm3 import NAME suppliers|answers FILE..` does for each kind of table; the files stand behind
 * the first two operands. */
#ifndef KL_CLIENT_LM3_IMPORT_H
#define KL_CLIENT_LM3_IMPORT_H

#include "client/cli.h"

int kl_lm3_import_answers(struct kl_cli *cli);

#endif
