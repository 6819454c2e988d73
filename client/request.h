/* From what was typed to a request, by the table of commands: every option that was given crosses
 * under its own name with `_` for `-` (--rural-urban is "rural_urban"), as text; a flag as true; one
 * that may stand more than once as a list of texts. What a text means is for the daemon to say. */
#ifndef KL_CLIENT_REQUEST_H
#define KL_CLIENT_REQUEST_H

#include "client/cli.h"

/* Adds one option of the command, if it was given. */
void kl_request_option(
	const struct kl_cli *cli, struct kl_pack *pack, const struct kl_option *option);

/* Adds all options of the command that were given. Global ones stay here. */
void kl_request_options(const struct kl_cli *cli, struct kl_pack *pack);

/* Adds operands `first` and up as a list of texts under `key`, if there are any. */
void kl_request_operands(
	const struct kl_cli *cli, struct kl_pack *pack, const char *key, size_t first);

/* Options, and the operands one by one under `keys` (ended by NULL; missing ones are left out),
 * asked and drawn, or printed as JSON: what most commands are. `keys` may be NULL. */
int kl_request_show(struct kl_cli *cli, const char *command, const char *const *keys,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer));

#endif
