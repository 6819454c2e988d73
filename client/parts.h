/* A long list that the daemon tells in several answers, put together.
 *
 * part  one answer: a map with a list under some key, and "next": what to ask for "after" to get what
 *       follows, nil with the last. What else stands in the first part counts for the whole
 *
 *     rc = kl_parts_fetch(cli, "find", NULL, "members", KL_PARTS_ALL, &parts);
 *     ...
 *     kl_write_map(w, kl_parts_pairs(&parts) + 1);
 *     kl_parts_put(&parts, w);
 *     kl_parts_put_list(&parts, w);
 *     kl_parts_deinit(&parts); */
#ifndef KL_CLIENT_PARTS_H
#define KL_CLIENT_PARTS_H

#include "client/cli.h"

enum {
	KL_PARTS_ALL = 1 << 20,
	KL_PARTS_ROWS_MAX = 50000, /* in one list; `more` says that there are others */
};

struct kl_parts {
	const char *key;
	struct kl_writer rows;
	size_t count;
	bool more;             /* not all was fetched */
	struct kl_value first; /* the first answer, kept */
	uint8_t *bytes;
};

/* Asks with the options of the command and its operands under `keys` (see client/request.h), at most
 * `parts` times. To be deinitialised also after a failure. */
int kl_parts_fetch(struct kl_cli *cli, const char *command, const char *const *keys,
	const char *key, size_t parts, struct kl_parts *ret_parts);
void kl_parts_deinit(struct kl_parts *parts);

/* The pairs of the first answer without the list and "next": how many, and themselves. */
size_t kl_parts_pairs(const struct kl_parts *parts);
void kl_parts_put(const struct kl_parts *parts, struct kl_writer *w);

/* The list under its key. */
void kl_parts_put_list(const struct kl_parts *parts, struct kl_writer *w);

/* The whole, written to `w` and given as kl_cli_give() gives it, with "more": the common case. */
int kl_parts_give(struct kl_cli *cli, const struct kl_parts *parts,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer));

#endif
