/* What a process that writes to the store does, and what must be there afterwards: for tests that kill it
 * or let its disk fail.
 *
 * round   one batch that belongs together: a counter, four documents, a record at the head of a feed, and an
 *         upload that becomes visible; before it two commits stage the upload, so a round has three */
#ifndef KL_TESTS_INTEGRATION_STORE_WRITER_H
#define KL_TESTS_INTEGRATION_STORE_WRITER_H

#include "store/batch.h"

/* Writes round number `counter`. What the first commit that was refused returned. */
int writer_round(
	struct kl_store *store, struct kl_batch *batch, uint64_t counter, struct kl_fault *fault);

/* The last round that is there; 0: none. KL_E_DAMAGED, KL_E_IO. */
int writer_counter(struct kl_store *store, uint64_t *ret_counter);

/* NULL, or what is wrong: exactly the rounds up to `counter` must be there, each of them whole. Sweeps what
 * was staged. */
const char *writer_look(struct kl_store *store, uint64_t counter);

/* Takes the files and the folder away. */
void writer_remove(const char *dir);

#endif
