/* Big tables, uploaded in parts: staged first, visible with one last small commit.
 *
 * import  one upload: an id, a kind ("suppliers"), a name ("2024"), its parts in order, and a note
 *         of the caller (which file, when, how many rows)
 * staged  parts are in the database, but nothing shows them yet. An upload that was never published
 *         leaves parts behind, which kl_imports_sweep() takes away at the next start
 * order   1, 2, 3... in which imports became visible
 *
 *     kl_import_begin(store, &id);
 *     for each part: kl_import_part(batch, id, i, bytes); from time to time: commit (<= 4 MiB)
 *     kl_import_publish(batch, id, "suppliers", "2024", parts, note); commit
 *
 * An earlier import of the same kind and name stays where it is: the newest counts, and undo brings
 * the one before back into force. */
#ifndef KL_STORE_IMPORTS_H
#define KL_STORE_IMPORTS_H

#include "store/batch.h"

enum {
	KL_STORE_PART_MAX = 64 << 10, /* bytes of one part */
	KL_STORE_PARTS_MAX = 8192,    /* of one import: half a GiB */
	KL_STORE_NOTE_MAX = 4096,     /* bytes of the caller's note */
};

struct kl_import {
	uint64_t id, order;
	uint32_t parts;
	uint64_t bytes; /* of all parts */
	char kind[KL_STORE_KIND_MAX + 1];
	char name[KL_STORE_NAME_MAX + 1];
	struct kl_bytes note; /* view, until the callback returns; empty in kl_import_latest() */
};

/* A fresh import id. Nothing is written. */
int kl_import_begin(struct kl_store *store, uint64_t *ret_id);

/* Stages part `index` (0, 1, 2...). */
int kl_import_part(struct kl_batch *batch, uint64_t id, uint32_t index, struct kl_bytes bytes);

/* Makes the import visible. The commit is KL_E_INVALID unless parts 0..parts-1, and no others, are
 * staged; KL_E_EXISTS if it is already visible. */
int kl_import_publish(struct kl_batch *batch, uint64_t id, const char *kind, const char *name,
	uint32_t parts, struct kl_bytes note);

/* Turns back one visible import: afterwards nothing shows it. Its parts go with kl_import_discard()
 * or at the next start. The commit is KL_E_NOT_FOUND if it is not visible. */
int kl_import_undo(struct kl_batch *batch, uint64_t order);

/* Takes away the parts of an upload that was given up or turned back, in commits of their own.
 * KL_E_EXISTS if the import is visible. */
int kl_import_discard(struct kl_store *store, uint64_t id, struct kl_fault *fault);

/* Takes away the parts of all imports that are not visible. Once after opening, before the first
 * kl_import_begin(): later it would take running uploads with it. *ret_parts: how many. */
int kl_imports_sweep(struct kl_store *store, struct kl_fault *fault, uint64_t *ret_parts);

/* The newest visible import of a kind; of that name, or of any if `name` is NULL.
 * KL_E_NOT_FOUND. */
int kl_import_latest(
	struct kl_store *store, const char *kind, const char *name, struct kl_import *ret_import);

typedef int kl_import_fn(void *arg, const struct kl_import *import);

/* Calls for each visible import of a kind (NULL: all), in the order in which they became
 * visible. */
int kl_import_visit(struct kl_store *store, const char *kind, kl_import_fn *visit, void *arg);

/* Copies one part; *ret_bytes is malloc'd, the caller frees it. Each call is its own transaction,
 * so that a long sum can read one part a turn. KL_E_NOT_FOUND after the last part. */
int kl_import_read_part(
	struct kl_store *store, uint64_t id, uint32_t index, uint8_t **ret_bytes, size_t *ret_len);

#endif
