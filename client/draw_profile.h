/* Profiles and changes of them, as they are drawn. */
#ifndef KL_CLIENT_DRAW_PROFILE_H
#define KL_CLIENT_DRAW_PROFILE_H

#include "client/cli.h"

/* An answer of "profile show". */
int kl_draw_profile(struct kl_cli *cli, const struct kl_value *answer);

/* An answer of "profile set": what changes, what stays though the table of councils says otherwise, and
 * all that is public afterwards. */
int kl_draw_profile_change(struct kl_cli *cli, const struct kl_value *answer);

/* The members under "alike" of an answer, and what to do about it; nothing if there are none. */
void kl_draw_alike(struct kl_cli *cli, const struct kl_value *answer);

#endif
