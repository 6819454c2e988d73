/* Imports that can be taken back: whatever an import changes in documents is written down in the
 * same commit, so that `undo` can put it back in one commit of its own.
 *
 * import    a table in parts (rows.h), documents, or both, that came in together. Each has a kind
 *           ("tenants") and a name ("2016") that people see, the name of its file, when, and how
 *           many rows
 * changes   the documents that one import puts, deletes or adds versions to
 *
 * A table in parts: give kl_rows_upload() a sink whose `publish` makes all its changes of documents
 * with the functions below, never with those of store/documents.h. Nothing else is needed.
 *
 * An import of documents alone (a filled-in assessment, say):
 *
 *     struct kl_changes *changes = kl_changes_new(node);
 *
 *     kl_changes_add(changes, "assessment", "2026/", bytes, &revision);
 *     rc = kl_changes_publish(changes, &(struct kl_import_about){"assessment", "2026", file, rows},
 *             &ask->fault);                                  (commits, and frees `changes`)
 *
 * Taking back goes from the last import to the first. It refuses if a document was changed by
 * something else since: nothing that somebody did by hand is lost. */
#ifndef KL_DAEMON_CHANGES_H
#define KL_DAEMON_CHANGES_H

#include "daemon/node.h"
#include "protocol/doc_import.h"
#include "store/imports.h"

enum { KL_CHANGES_MAX = 10000 }; /* documents that one import may change */

struct kl_changes;

/* NULL when out of memory, which the functions below accept: kl_changes_publish() tells. */
struct kl_changes *kl_changes_new(struct kl_node *node);
void kl_changes_destroy(struct kl_changes *changes); /* gives everything up */

/* As those of store/documents.h. Errors stick: the commit returns them. *ret_version (may be NULL)
 * is set at once. */
void kl_changes_put(
	struct kl_changes *changes, const char *kind, const char *name, struct kl_bytes bytes);
void kl_changes_delete(struct kl_changes *changes, const char *kind, const char *name);
void kl_changes_add(struct kl_changes *changes, const char *kind, const char *name,
	struct kl_bytes bytes, uint64_t *ret_version);

/* What a list of imports says of one; kind and name as in store/imports.h. */
struct kl_import_about {
	const char *kind, *name;
	const char *file;
	uint64_t rows;
};

/* Commits an import of documents alone; `changes` is freed in any case. */
int kl_changes_publish(
	struct kl_changes *changes, const struct kl_import_about *about, struct kl_fault *fault);

/* ---- for rows.c and cmd_undo.c --------------------------------------------------------------- */

/* Changes that go into a batch of the caller, who commits it. NULL when out of memory. */
struct kl_changes *kl_changes_on(struct kl_node *node, struct kl_batch *batch);

/* Puts into the batch that the import `id`, whose parts are staged, becomes visible with these
 * changes. */
int kl_changes_end(struct kl_changes *changes, uint64_t id, uint32_t parts,
	const struct kl_import_about *about, struct kl_fault *fault);

/* Puts into `batch` that the import is turned back, and everything it changed. KL_E_CONFLICT in
 * words if something else has changed one of the documents since. *ret_put_back: how many. */
int kl_changes_undo(struct kl_node *node, struct kl_batch *batch, const struct kl_import *import,
	size_t *ret_put_back, struct kl_fault *fault);

/* Puts into `batch` that the import is turned back, but what it changed stays as it is: for what
 * stands in its place from now on. */
int kl_changes_drop(struct kl_node *node, struct kl_batch *batch, const struct kl_import *import);

#endif
