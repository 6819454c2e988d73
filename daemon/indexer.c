#include "daemon/indexer.h"
#include "core/commissioning.h"
#include "protocol/header.h"
#include "protocol/payload_post.h"

#include <string.h>

enum {
	TURN_BYTES = 48 << 10, /* of payloads that are taken apart in one turn */
	TURN_DOCUMENTS = 256,  /* the same, counted */
	GATHERED_MAX = 24576,  /* pairs of term and document that are written together */
};

/* ---- documents ------------------------------------------------------------------------------- */

static void add_text(struct kl_terms *terms, const char *text, bool title)
{
	kl_terms_add(terms, kl_bytes_str(text), title);
}

static void add_post(struct kl_terms *terms, const struct kl_post *post)
{
	add_text(terms, post->title, true);
	add_text(terms, post->text, false);
	add_text(terms, post->place, false);
	for (size_t i = 0; i < post->services.n; i++)
		add_text(terms, post->services.items[i], false);
	for (size_t i = 0; kl_routes[i].slug; i++)
		if (post->routes >> i & 1)
			add_text(terms, kl_routes[i].name, false);
}

/* What a correction says, it says as the kind that it can be read as: which record it corrects is not
 * looked up, so that a document depends on its own record alone. */
static int read_correction(struct kl_bytes payload, struct kl_post *ret_post)
{
	struct kl_bytes text;
	struct kl_id record;
	int rc = kl_payload_correction_read(payload, &record, &text, NULL);

	if (!rc && kl_payload_post_read(text, KL_LESSON, ret_post, NULL))
		rc = kl_payload_post_read(text, KL_ANSWER, ret_post, NULL);
	return rc;
}

void kl_document_terms(struct kl_terms *terms, uint32_t kind, struct kl_bytes payload)
{
	enum kl_post_kind post_kind;
	struct kl_post post;
	int rc;

	kl_terms_clear(terms);
	if (kind == KL_KIND_CORRECT)
		rc = read_correction(payload, &post);
	else if (!kl_post_kind_of(kind, &post_kind))
		rc = kl_payload_post_read(payload, post_kind, &post, NULL);
	else
		return;
	if (rc)
		return;
	add_post(terms, &post);
	kl_post_deinit(&post);
}

static void record_terms(struct kl_terms *terms, const struct kl_stored_record *record)
{
	struct kl_header header;

	kl_terms_clear(terms);
	if (record->state == KL_STORED_HERE && !kl_header_decode(record->header, &header))
		kl_document_terms(terms, header.kind, record->payload);
}

/* ---- turns ----------------------------------------------------------------------------------- */

int kl_indexer_open(struct kl_indexer *indexer, struct kl_store *store, struct kl_fault *fault)
{
	struct kl_indexer made = {.store = store, .gathered = kl_postings_new(), .struck = true};
	struct kl_index_state state;
	struct kl_batch *batch = kl_batch_new();
	int rc = kl_terms_init(&made.terms);

	if (!rc && (!made.gathered || !batch))
		rc = KL_E_NOMEM;
	if (!rc)
		rc = kl_index_state(store, &state);
	if (!rc && state.rules != KL_TERMS_RULES) {
		kl_index_reset(batch, KL_TERMS_RULES);
		kl_batch_urge(batch); /* without it the daemon cannot start */
		rc = kl_store_commit(store, batch, fault);
		state.indexed = 0;
	}
	kl_batch_destroy(batch);
	if (rc) {
		kl_indexer_close(&made);
		return kl_fault(
			fault, rc, "the search index cannot be opened: %s", kl_error_text(rc));
	}
	made.indexed = state.indexed;
	made.next = state.indexed + 1;
	*indexer = made;
	return KL_OK;
}

void kl_indexer_close(struct kl_indexer *indexer)
{
	kl_postings_destroy(indexer->gathered);
	kl_terms_deinit(&indexer->terms);
	*indexer = (struct kl_indexer){0};
}

static void drop(struct kl_indexer *indexer)
{
	kl_postings_clear(indexer->gathered);
	indexer->next = indexer->indexed + 1;
}

void kl_indexer_erasing(struct kl_indexer *indexer)
{
	drop(indexer);
	indexer->struck = true;
	indexer->sweep.from.len = 0;
}

/* One turn's reading. */
struct reading {
	struct kl_terms *terms;
	struct kl_postings *gathered;
	uint64_t next, end; /* end: the first arrival of the next segment */
	size_t documents, bytes;
};

static int read_document(void *arg, uint64_t arrival, const struct kl_feed_id *feed,
	const struct kl_stored_record *record)
{
	struct reading *r = arg;

	(void)feed;
	if (arrival == r->end || r->documents == TURN_DOCUMENTS || r->bytes >= TURN_BYTES ||
		kl_postings_count(r->gathered) >= GATHERED_MAX)
		return KL_VISIT_STOP;
	record_terms(r->terms, record);
	r->next = arrival + 1;
	r->documents++;
	r->bytes += record->payload.len;
	return r->terms->n ? kl_postings_add(r->gathered, arrival, r->terms) : KL_VISIT_ON;
}

static uint64_t end_of_segment(uint64_t arrival)
{
	return (arrival / KL_SEGMENT_DOCUMENTS + 1) * KL_SEGMENT_DOCUMENTS;
}

static int write_gathered(struct kl_indexer *indexer, struct kl_fault *fault)
{
	struct kl_batch *batch = kl_batch_new();
	int rc = batch ? kl_index_write(batch, indexer->gathered, indexer->next - 1) : KL_E_NOMEM;

	if (!rc)
		rc = kl_store_commit(indexer->store, batch, fault);
	kl_batch_destroy(batch);
	if (!rc)
		indexer->indexed = indexer->next - 1;
	drop(indexer); /* if it failed, these are read again */
	return rc;
}

static int sweep(struct kl_indexer *indexer, struct kl_fault *fault)
{
	struct kl_index_sweep *sweep = &indexer->sweep;
	struct kl_batch *batch;
	int rc = sweep->from.len ? KL_OK : kl_index_struck(indexer->store, &sweep->segment);

	if (rc == KL_E_NOT_FOUND) {
		indexer->struck = false;
		return KL_OK;
	}
	if (rc)
		return kl_fault(
			fault, rc, "the search index cannot be read: %s", kl_error_text(rc));
	batch = kl_batch_new();
	rc = batch ? kl_index_sweep(batch, sweep) : KL_E_NOMEM;
	if (!rc)
		rc = kl_store_commit(indexer->store, batch, fault);
	kl_batch_destroy(batch);
	if (!rc)
		sweep->from = sweep->next;
	return rc;
}

/* What was gathered is whole: nothing more of its segment is there, or enough. */
static bool is_ripe(const struct kl_indexer *indexer, uint64_t last)
{
	return indexer->next > last || indexer->next == end_of_segment(indexer->indexed + 1) ||
	       kl_postings_count(indexer->gathered) >= GATHERED_MAX;
}

int kl_indexer_turn(struct kl_indexer *indexer, bool *ret_done, struct kl_fault *fault)
{
	struct reading r = {.terms = &indexer->terms,
		.gathered = indexer->gathered,
		.next = indexer->next,
		.end = end_of_segment(indexer->indexed + 1)};
	uint64_t last;
	int rc = kl_arrival_last(indexer->store, &last);

	if (rc)
		return kl_fault(
			fault, rc, "the search index cannot be made: %s", kl_error_text(rc));
	if (indexer->indexed == last) {
		rc = indexer->struck ? sweep(indexer, fault) : KL_OK;
	} else if (is_ripe(indexer, last)) {
		rc = write_gathered(indexer, fault);
	} else {
		rc = kl_arrival_read(indexer->store, indexer->next, read_document, &r);
		indexer->next = r.next;
		if (rc) {
			drop(indexer);
			kl_fault(fault, rc, "the search index cannot be made: %s",
				kl_error_text(rc));
		}
	}
	if (!rc)
		*ret_done = indexer->indexed == last && !indexer->struck;
	return rc;
}

/* ---- all at once ----------------------------------------------------------------------------- */

static int turn_to_the_end(struct kl_indexer *indexer, struct kl_fault *fault)
{
	bool done = false;
	int rc = KL_OK;

	while (!rc && !done)
		rc = kl_indexer_turn(indexer, &done, fault);
	return rc;
}

int kl_indexer_remake(struct kl_store *store, uint64_t *ret_documents, struct kl_fault *fault)
{
	struct kl_batch *batch = kl_batch_new();
	struct kl_indexer indexer;
	int rc = batch ? kl_index_reset(batch, KL_TERMS_RULES) : KL_E_NOMEM;

	if (!rc)
		rc = kl_store_commit(store, batch, fault);
	kl_batch_destroy(batch);
	if (!rc)
		rc = kl_indexer_open(&indexer, store, fault);
	if (rc)
		return rc;
	rc = turn_to_the_end(&indexer, fault);
	*ret_documents = indexer.indexed;
	kl_indexer_close(&indexer);
	return rc;
}

struct checking {
	struct kl_terms terms;
	struct kl_postings *gathered;
	uint64_t last; /* arrival of the segment */
};

static int check_document(void *arg, uint64_t arrival, const struct kl_feed_id *feed,
	const struct kl_stored_record *record)
{
	struct checking *c = arg;

	(void)feed;
	if (arrival > c->last)
		return KL_VISIT_STOP;
	record_terms(&c->terms, record);
	return c->terms.n ? kl_postings_add(c->gathered, arrival, &c->terms) : KL_VISIT_ON;
}

static int check_segment(struct kl_store *store, struct checking *c, uint64_t segment,
	uint64_t indexed, struct kl_fault *fault)
{
	uint64_t end = (segment + 1) * KL_SEGMENT_DOCUMENTS;
	int rc;

	kl_postings_clear(c->gathered);
	c->last = end - 1 < indexed ? end - 1 : indexed;
	rc = kl_arrival_read(store, segment * KL_SEGMENT_DOCUMENTS, check_document, c);
	return rc ? rc : kl_index_compare(store, c->gathered, segment, fault);
}

int kl_indexer_check(struct kl_store *store, uint64_t *ret_documents, struct kl_fault *fault)
{
	struct checking c = {.gathered = kl_postings_new()};
	struct kl_index_state state = {0};
	int rc = kl_terms_init(&c.terms);

	if (!rc && !c.gathered)
		rc = KL_E_NOMEM;
	if (!rc)
		rc = kl_index_state(store, &state);
	if (state.rules != KL_TERMS_RULES) /* it will be made anew */
		state.indexed = 0;
	for (uint64_t s = 0; !rc && state.indexed && s <= state.indexed / KL_SEGMENT_DOCUMENTS; s++)
		rc = check_segment(store, &c, s, state.indexed, fault);
	kl_postings_destroy(c.gathered);
	kl_terms_deinit(&c.terms);
	if (rc && rc != KL_E_CONFLICT)
		return kl_fault(
			fault, rc, "the search index cannot be read: %s", kl_error_text(rc));
	if (!rc)
		*ret_documents = state.indexed;
	return rc;
}
