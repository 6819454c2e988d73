/* Publishing, correcting and withdrawing posts of one's own: a preview, one question, then the deed. The
 * same for lessons, questions and answers. */
#ifndef KL_CLIENT_POST_DEEDS_H
#define KL_CLIENT_POST_DEEDS_H

#include "client/cli.h"

/* Publishes what the options of the command say, and a text out of --text-file. */
int kl_post_add(struct kl_cli *cli, const char *command);

/* The same with the first operand as the title, or as the id of what is answered. */
int kl_post_add_titled(struct kl_cli *cli, const char *command);
int kl_post_add_about(struct kl_cli *cli, const char *command);

/* Changes, or takes back, the post whose id is the first operand. */
int kl_post_correct(struct kl_cli *cli, const char *command);
int kl_post_withdraw(struct kl_cli *cli, const char *command);

#endif
