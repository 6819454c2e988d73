/* Makes the search index out of the feeds (store/index.h), a little at a time.
 *
 * turn      a few documents read and taken apart, or what was gathered written: some milliseconds
 * gathered  documents in memory whose terms are not written yet. They are dropped whenever a text is
 *           erased: it might be one of them
 * struck    what was withdrawn is swept out of the index when nothing more is to be taken in
 *
 * What a document says is a pure function of its record, so that an index that is made anew is the
 * same: title; text, place, services and the names of routes. A correction is a document of its own; the
 * text that it replaced is erased and so in the index no more. What cannot be read has no words. */
#ifndef KL_DAEMON_INDEXER_H
#define KL_DAEMON_INDEXER_H

#include "core/terms.h"
#include "store/arrivals.h"
#include "store/index.h"

struct kl_indexer {
	struct kl_store *store;
	struct kl_terms terms;
	struct kl_postings *gathered;
	uint64_t indexed; /* as it is written */
	uint64_t next;    /* arrival that is read next */
	bool struck;      /* there may be documents to be swept out */
	struct kl_index_sweep sweep;
};

/* The terms of a record's payload; `terms` is cleared first. */
void kl_document_terms(struct kl_terms *terms, uint32_t kind, struct kl_bytes payload);

/* Goes on where the index ends; one by other rules is emptied first. KL_E_NOMEM, and as
 * kl_store_commit(). */
int kl_indexer_open(struct kl_indexer *indexer, struct kl_store *store, struct kl_fault *fault);
void kl_indexer_close(struct kl_indexer *indexer); /* zeroed ones are accepted */

/* One turn. *ret_done: everything that has arrived is in the index, and nothing struck is. After a failure it may be tried
 * again: nothing was lost. */
int kl_indexer_turn(struct kl_indexer *indexer, bool *ret_done, struct kl_fault *fault);

/* A text is about to be erased (search.h): drops what was gathered, and will sweep. */
void kl_indexer_erasing(struct kl_indexer *indexer);

/* Makes the index anew, whole. Interrupted, the next opening goes on with it. */
int kl_indexer_remake(struct kl_store *store, uint64_t *ret_documents, struct kl_fault *fault);

/* Takes every document that is in the index apart again, and holds it against the index: KL_E_CONFLICT
 * with a sentence if they differ. Nothing is written. *ret_documents: how many arrivals. */
int kl_indexer_check(struct kl_store *store, uint64_t *ret_documents, struct kl_fault *fault);

#endif
