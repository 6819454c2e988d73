#include "daemon/arrivals.h"
#include "protocol/header.h"
#include "protocol/payload_post.h"

#include <stdlib.h>

enum {
	/* Raised when more kinds get a number: records of such a kind that an older program has stored
	 * without understanding them get theirs at the next start. */
	RULES = 1,
	OWED_A_COMMIT = 4096, /* numbers given in one commit */
};

static bool gets_number(uint32_t kind)
{
	enum kl_post_kind post;

	return kind == KL_KIND_CORRECT || !kl_post_kind_of(kind, &post);
}

void kl_arrivals_note(struct kl_batch *batch, const struct kl_feed_id *feed,
	const struct kl_record *records, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (gets_number(records[i].h.kind))
			(void)kl_arrival_give(batch, feed, records[i].h.seq); /* sticks */
}

/* ---- what an older database owes --------------------------------------------------------------- */

struct owing {
	struct kl_feed_id *feeds;
	size_t n, room;
	struct kl_batch *batch;
	uint64_t next; /* record of the feed that is looked at next */
};

static int note_feed(void *arg, const struct kl_feed_head *head)
{
	struct owing *owing = arg;
	size_t room = owing->room ? 2 * owing->room : 64;
	struct kl_feed_id *feeds = owing->feeds;

	if (owing->n == owing->room) {
		feeds = realloc(feeds, room * sizeof *feeds);
		if (!feeds)
			return KL_E_NOMEM;
		owing->feeds = feeds;
		owing->room = room;
	}
	feeds[owing->n++] = head->feed;
	return KL_VISIT_ON;
}

static int number_record(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct owing *owing = arg;
	struct kl_header header;

	if (kl_batch_ops(owing->batch) == OWED_A_COMMIT)
		return KL_VISIT_STOP;
	owing->next = stored->seq + 1;
	/* what this program cannot read is nothing that it would show */
	if (kl_header_decode(stored->header, &header) || !gets_number(header.kind))
		return KL_VISIT_ON;
	return kl_arrival_give(owing->batch, feed, stored->seq);
}

static int number_feed(struct kl_node *node, struct owing *owing, const struct kl_feed_id *feed,
	struct kl_fault *fault)
{
	uint64_t from;
	int rc;

	owing->next = 1;
	do {
		from = owing->next;
		kl_batch_reset(owing->batch);
		kl_batch_urge(owing->batch); /* without the numbers it cannot start */
		rc = kl_feed_visit(node->store, feed, from, number_record, owing);
		if (!rc)
			rc = kl_store_commit(node->store, owing->batch, fault);
	} while (!rc && owing->next != from);
	return rc;
}

int kl_arrivals_settle(struct kl_node *node, struct kl_fault *fault)
{
	struct owing owing = {0};
	bool owed;
	int rc = kl_arrivals_owed(node->store, RULES, &owed);

	if (rc || !owed)
		return rc;
	owing.batch = kl_batch_new();
	rc = owing.batch ? kl_feed_visit_heads(node->store, note_feed, &owing) : KL_E_NOMEM;
	for (size_t i = 0; !rc && i < owing.n; i++)
		rc = number_feed(node, &owing, &owing.feeds[i], fault);
	if (!rc) {
		kl_batch_reset(owing.batch);
		kl_batch_urge(owing.batch);
		kl_arrivals_settled(owing.batch, RULES);
		rc = kl_store_commit(node->store, owing.batch, fault);
	}
	kl_batch_destroy(owing.batch);
	free(owing.feeds);
	return rc ? kl_fault(fault, rc, "posts of the older database cannot be numbered: %s",
			    kl_error_text(rc))
		  : KL_OK;
}
