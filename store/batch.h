/* Writing: changes are gathered in memory and committed together, all or none.
 *
 * kl_store_commit() is the only way anything is written. It is atomic and durable: when it returned
 * 0, everything is on disk; else nothing of the batch ever was. State in memory that mirrors the
 * store (heads, caches) moves only after it returned 0. Helpers in documents.h, imports.h and
 * feeds.h put their changes into a batch, so that a record, a document and whatever belongs with
 * them share one commit; what they have to check (is this the next record? which version is free?)
 * is checked inside the commit's own transaction.
 *
 * Changes are applied in the order in which they were put in. */
#ifndef KL_STORE_BATCH_H
#define KL_STORE_BATCH_H

#include "store/env.h"

enum {
	KL_BATCH_BYTES_MAX = 16 << 20, /* gathered; more is KL_E_TOO_BIG. Uploads keep to 4 MiB */
	KL_BATCH_OPS_MAX = 1 << 16,
};

/* NULL when out of memory. */
struct kl_batch *kl_batch_new(void);
void kl_batch_destroy(struct kl_batch *batch); /* NULL is accepted */
void kl_batch_reset(struct kl_batch *batch);   /* empty again */

/* What must not be lost, or makes room: is written while the store is held (kl_store_hold) as well, and
 * may use the reserve of the map. Until the batch is reset. */
void kl_batch_urge(struct kl_batch *batch);
bool kl_batch_is_urgent(const struct kl_batch *batch);

/* Bytes of keys and values gathered so far, and number of changes. */
size_t kl_batch_bytes(const struct kl_batch *batch);
size_t kl_batch_ops(const struct kl_batch *batch);

/* Key and value are copied. An error here, as in the helpers (KL_E_NOMEM, KL_E_TOO_BIG,
 * KL_E_INVALID), sticks: the commit returns it as well, so it is enough to look there. Deleting
 * what is not there is fine. */
int kl_batch_put(
	struct kl_batch *batch, enum kl_table table, struct kl_bytes key, struct kl_bytes value);
int kl_batch_delete(struct kl_batch *batch, enum kl_table table, struct kl_bytes key);

/* Writes the batch. `fault` may be NULL. The batch is left as it is: reset or destroy it, or commit
 * it again after a failure.
 *   KL_E_FULL      the disk or the allowed size is exhausted, or the store is held; it stays usable
 *   KL_E_IO        the disk failed: the store is broken from now on (see kl_store_reopen)
 *   KL_E_CONFLICT  a feed was not as the batch expects: see kl_batch_conflict() in feeds.h
 *   KL_E_NOT_FOUND, KL_E_EXISTS, KL_E_INVALID   as the helpers in the batch say
 *   KL_E_DAMAGED   something that had to be read first is damaged */
int kl_store_commit(struct kl_store *store, struct kl_batch *batch, struct kl_fault *fault);

#endif
