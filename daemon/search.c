#include "daemon/search.h"
#include "daemon/indexer.h"

#include <stdlib.h>

enum { CATCH_UP_MAX = 64 }; /* documents that whoever asks waits for */

struct kl_search {
	struct kl_node *node;
	struct kl_indexer indexer;
	uv_idle_t idle; /* turns, while something is missing */
	struct kl_log_quota failures;
};

/* ---- beside the work ------------------------------------------------------------------------- */

static void on_idle(uv_idle_t *idle)
{
	struct kl_search *search = idle->data;
	bool done = false;
	int rc = kl_indexer_turn(&search->indexer, &done, NULL);

	if (rc && search->node->disk.state == KL_DISK_FINE &&
		kl_log_may(&search->failures, kl_node_now(search->node)))
		kl_log(KL_LOG_WARNING, "search index: %s", kl_error_text(rc));
	if (rc || done)
		uv_idle_stop(idle); /* after a failure until something arrives, or for a minute */
}

int kl_search_start(struct kl_node *node, struct kl_fault *fault)
{
	struct kl_search *search = calloc(1, sizeof *search);
	int rc;

	if (!search)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	rc = kl_indexer_open(&search->indexer, node->store, fault);
	if (rc) {
		free(search);
		return rc;
	}
	search->node = node;
	search->idle.data = search;
	uv_idle_init(&node->uv, &search->idle);
	node->search = search;
	kl_search_arrived(node);
	return KL_OK;
}

static void idle_closed(uv_handle_t *handle)
{
	struct kl_search *search = handle->data;

	kl_indexer_close(&search->indexer);
	free(search);
}

void kl_search_stop(struct kl_node *node)
{
	struct kl_search *search = node->search;

	node->search = NULL;
	if (search)
		uv_close((uv_handle_t *)&search->idle, idle_closed);
}

void kl_search_arrived(struct kl_node *node)
{
	if (node->search)
		uv_idle_start(&node->search->idle, on_idle); /* cannot fail with a callback */
}

uint64_t kl_search_behind(struct kl_node *node)
{
	uint64_t last;

	if (!node->search || kl_arrival_last(node->store, &last))
		return 0;
	return last - node->search->indexer.indexed;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* What arrived a moment ago is taken in at once; more than that is told instead. */
static int catch_up(struct kl_node *node, struct kl_fault *fault)
{
	bool done;
	int rc = KL_OK;

	if (!node->search || kl_search_behind(node) > CATCH_UP_MAX)
		return KL_OK;
	while (!rc && kl_search_behind(node))
		rc = kl_indexer_turn(&node->search->indexer, &done, fault);
	/* what is there can be searched on a full disk, too */
	return rc == KL_E_FULL || rc == KL_E_IO ? KL_OK : rc;
}

int kl_search(struct kl_node *node, const struct kl_query *query, kl_wants_fn *wants, void *arg,
	size_t max, struct kl_hit *ret_hits, struct kl_hit_counts *ret_counts,
	struct kl_fault *fault)
{
	int rc = catch_up(node, fault);

	if (!rc)
		rc = kl_index_find(node->store, query, wants, arg, max, ret_hits, ret_counts);
	return rc ? kl_fault(fault, rc, "the search index cannot be read: %s", kl_error_text(rc))
		  : KL_OK;
}

/* ---- erasing --------------------------------------------------------------------------------- */

int kl_search_erase(
	struct kl_node *node, struct kl_batch *batch, const struct kl_feed_id *feed, uint64_t seq)
{
	uint64_t arrival;
	int rc = kl_arrival_of(node->store, feed, seq, &arrival);

	if (!rc)
		rc = kl_index_strike(batch, arrival);
	else if (rc == KL_E_NOT_FOUND)
		rc = KL_OK; /* no document, or one that comes with this batch */
	if (node->search)   /* what was gathered and not written may have it, too */
		kl_indexer_erasing(&node->search->indexer);
	return rc ? rc : kl_feed_erase(batch, feed, seq);
}
