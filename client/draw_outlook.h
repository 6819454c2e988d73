/* What `keeplocal` alone says: which figures there are, what is open, and what to do next. */
#ifndef KL_CLIENT_DRAW_OUTLOOK_H
#define KL_CLIENT_DRAW_OUTLOOK_H

#include "client/cli.h"

int kl_draw_outlook(struct kl_cli *cli, const struct kl_value *answer);

/* "keep this machine running until Friday (seat 4)", or "" if it need not. */
void kl_draw_keep_running(const struct kl_value *answer, char *out, size_t size);

#endif
