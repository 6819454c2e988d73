/* The search index: which term stands in which document, and how often.
 *
 * document  a post or a correction, called by its arrival (arrivals.h); its terms are those of its
 *           payload (core/terms.h), which only the daemon can read
 * segment   KL_SEGMENT_DOCUMENTS documents whose arrivals follow each other; the number of the segment
 *           is arrival / 1024, the place of a document in it arrival % 1024. What comes in writes to
 *           one segment, and to few pages
 * posting   place and weight of one document that has the term; the weight is one byte: occurrences in
 *           the text in its lower five bits, in the title in the others
 * block     a row of terms of one segment with their postings, as many as fill half a page
 * indexed   all documents up to this arrival are in the index, if their text is here; none above
 * rules     KL_TERMS_RULES when it was made. An index by other rules has to be made anew
 *
 * struck    a document is in no answer from the commit on in which its text is erased; the words that it
 *           shares blocks with leave them a little later, all that was struck in a segment at once: a
 *           peer may bring hundreds of withdrawals in one run
 *
 * The index says nothing that the feeds do not say. It is written behind them, in order, together with
 * `indexed`, so that after a crash whoever makes it goes on where it was; what is struck is told by the
 * lengths, so that after a crash it is swept out all the same. */
#ifndef KL_STORE_INDEX_H
#define KL_STORE_INDEX_H

#include "core/query.h"
#include "core/rank.h"
#include "core/terms.h"
#include "store/batch.h"

enum {
	KL_SEGMENT_DOCUMENTS = 1024,
	KL_INDEX_BEGINNINGS_MAX =
		64, /* terms of a segment that are taken for the beginning of a word */
	KL_INDEX_SHORTENED_MAX = 3, /* letters left off at its end to find any: stems are shorter */
	KL_INDEX_SHORTENED_MIN = 4, /* letters that must remain then */
};

/* ---- making it ------------------------------------------------------------------------------- */

struct kl_index_state {
	uint32_t rules; /* 0: there is none yet */
	uint64_t indexed;
};

/* All zeros for a database of version 1 that is only read. */
int kl_index_state(struct kl_store *store, struct kl_index_state *ret_state);

/* Empties the index: from now on it is one by these rules, with nothing in it. */
int kl_index_reset(struct kl_batch *batch, uint32_t rules);

/* Documents of one segment, gathered in memory. */
struct kl_postings;

struct kl_postings *kl_postings_new(void);              /* NULL: out of memory */
void kl_postings_destroy(struct kl_postings *postings); /* NULL is accepted */
void kl_postings_clear(struct kl_postings *postings);

/* Adds a document of the same segment as the others, above all of them. KL_E_NOMEM. */
int kl_postings_add(struct kl_postings *postings, uint64_t arrival, const struct kl_terms *terms);

/* How many pairs of a term and a document have been gathered. */
size_t kl_postings_count(const struct kl_postings *postings);

/* Writes them (there may be none), and that everything up to `indexed` is in the index; `postings`
 * lives until the commit. The commit is KL_E_CONFLICT if the index does not end below the first of
 * them, or not below `indexed`. */
int kl_index_write(struct kl_batch *batch, struct kl_postings *postings, uint64_t indexed);

/* Strikes a document out. Fine if it is not in the index (yet). */
int kl_index_strike(struct kl_batch *batch, uint64_t arrival);

/* Lowest segment with documents that are struck out. KL_E_NOT_FOUND. */
int kl_index_struck(struct kl_store *store, uint64_t *ret_segment);

struct kl_index_sweep {
	uint64_t segment;
	struct kl_index_place {
		uint8_t text[KL_TERM_MAX];
		size_t len;
	} from, next; /* blocks: where to go on, zeroed at first; and where then */
};

/* Takes what is struck out of some hundred blocks of the segment. `sweep` lives until the commit, which
 * sets sweep->next: zeroed if the segment is done. In between nothing of it may be struck out; if
 * something was, `from` is zeroed again. */
int kl_index_sweep(struct kl_batch *batch, struct kl_index_sweep *sweep);

/* Holds what was gathered against the index: `postings` has all documents of the segment up to
 * `indexed`, or of a segment without any only its number. KL_E_CONFLICT with the first arrival of the
 * segment in the fault if they differ. */
int kl_index_compare(struct kl_store *store, struct kl_postings *postings, uint64_t segment,
	struct kl_fault *fault);

/* ---- asking it ------------------------------------------------------------------------------- */

/* Whether the document may be in the answer. Called in rising order of arrivals, inside a reading
 * transaction: nothing may be committed. */
typedef bool kl_wants_fn(void *arg, uint64_t arrival);

struct kl_hit_counts {
	size_t n;     /* hits in the answer */
	size_t whole; /* documents that were wanted and have all words */
	size_t any;   /* the same with some of them, or all */
	/* Bits of the words of the search, in their order: that stand nowhere and were taken for the
	 * beginning of others; that even so stand nowhere. */
	uint32_t begun, nowhere;
};

/* The best `max` documents that have some of the words and are wanted (NULL: all), best first:
 * core/rank.h. KL_E_DAMAGED, KL_E_NOMEM. */
int kl_index_find(struct kl_store *store, const struct kl_query *query, kl_wants_fn *wants,
	void *arg, size_t max, struct kl_hit *ret_hits, struct kl_hit_counts *ret_counts);

#endif
