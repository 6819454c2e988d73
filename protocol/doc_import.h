/* What is remembered of an import beside its rows: the note that a list of imports shows, and the
 * changes of documents that came with it, for undo. Maps have a fixed set of keys, "v" first.
 *
 * change   [kind, name, version, before, after]
 *          version 0: a document that is replaced. `before` is what it held (nil: there was none),
 *          `after` the BLAKE2b hash of what it holds since (nil: it is gone)
 *          else: that version was added to a document whose versions are kept; both are nil */
#ifndef KL_PROTOCOL_DOC_IMPORT_H
#define KL_PROTOCOL_DOC_IMPORT_H

#include "core/bytes.h"
#include "protocol/wire.h"

#include <stdbool.h>

enum {
	KL_DOC_IMPORT_VERSION = 1,
	KL_IMPORT_FILE_MAX = 256,
	KL_CHANGE_KIND_MAX = 33,
	KL_CHANGE_NAME_MAX = 256,
};

struct kl_import_note {
	char file[KL_IMPORT_FILE_MAX]; /* the name that the file had; may be empty */
	uint64_t at;                   /* ms since 1970; 0: before that was kept */
	uint64_t rows;
};

void kl_doc_import_note_encode(struct kl_writer *w, const struct kl_import_note *note);
/* The note of a home's first imports, a bare file name, is read, too. KL_E_MALFORMED, KL_E_TOO_BIG,
 * KL_E_VERSION; so do all below. */
int kl_doc_import_note_decode(struct kl_bytes bytes, struct kl_import_note *ret_note);

struct kl_doc_change {
	char kind[KL_CHANGE_KIND_MAX], name[KL_CHANGE_NAME_MAX];
	uint64_t version;
	bool was_there, is_there;
	struct kl_bytes before; /* view */
	struct kl_id after;
};

/* All of them: first how many, then one by one. */
void kl_doc_changes_begin(struct kl_writer *w, size_t count);
void kl_doc_change_write(struct kl_writer *w, const struct kl_doc_change *change);

/* Opens them for kl_doc_change_next(): 1 with the next, 0 at the end. */
int kl_doc_changes_open(struct kl_bytes bytes, struct kl_cursor *ret_changes);
int kl_doc_change_next(struct kl_cursor *changes, struct kl_doc_change *ret_change);

#endif
