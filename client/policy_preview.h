/* What is shown before a policy is kept or published, whether it was typed or read from a file. */
#ifndef KL_CLIENT_POLICY_PREVIEW_H
#define KL_CLIENT_POLICY_PREVIEW_H

#include "client/cli.h"

#define KL_POLICY_PREVIEW_QUESTION "Go ahead?"
#define KL_POLICY_PREVIEW_DONE     "Done. 'keeplocal policy show' has it as it stands."

int kl_policy_preview_draw(struct kl_cli *cli, const struct kl_value *answer);

/* Adds which draft a person saw; `preview` may be NULL. */
void kl_policy_preview_seen(struct kl_pack *pack, const struct kl_value *preview);

#endif
