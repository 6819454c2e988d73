/* What this member keeps of tallies beside the records: the key of each seat that it holds
 * (home/tally/ID.key), and what it agreed to contribute (private documents). Keys are never in the
 * database, so that no copy of it holds one. */
#ifndef KL_DAEMON_TALLY_HOME_H
#define KL_DAEMON_TALLY_HOME_H

#include "core/expand.h"
#include "daemon/node.h"

#include <stdint.h>

/* Writes the key file, synced, and its folder. As kl_home_write(). */
int kl_tally_home_write_key(
	struct kl_node *node, const struct kl_id *tally, const uint8_t key[KL_SEED_BYTES]);

/* Overwrites and unlinks it. As kl_home_destroy(). */
int kl_tally_home_destroy_key(struct kl_node *node, const struct kl_id *tally);

/* Commits the answers: one bin for each metric. As kl_node_keep(). */
int kl_tally_home_keep(
	struct kl_node *node, const struct kl_id *tally, const int16_t *bins, size_t count);

typedef void kl_tally_key_fn(
	void *arg, const struct kl_id *tally, const uint8_t key[KL_SEED_BYTES]);
typedef void kl_tally_answers_fn(
	void *arg, const struct kl_id *tally, const int16_t *bins, size_t count);

/* Calls for each key file; one that cannot be read is told to the log. KL_E_CONFIG if the folder cannot be
 * read. */
int kl_tally_home_keys(
	struct kl_node *node, kl_tally_key_fn *visit, void *arg, struct kl_fault *fault);

/* Calls for the answers to each tally. KL_E_DAMAGED, or as the store says. */
int kl_tally_home_answers(struct kl_node *node, kl_tally_answers_fn *visit, void *arg);

#endif
