#include "daemon/retelling.h"

#include <stdlib.h>

enum { PASSED_MAX = 256 }; /* other records, passed over in one go */

struct kl_retold {
	struct kl_feed_id feed;
	uint64_t next;
	bool frozen;
	bool both; /* what is frozen follows */
};

/* ---- which feeds ---------------------------------------------------------------------------- */

static int add(struct kl_retelling *retelling, const struct kl_retold *feed)
{
	size_t capacity = retelling->capacity ? 2 * retelling->capacity : 16;
	struct kl_retold *feeds;

	if (retelling->n == retelling->capacity) {
		feeds = realloc(retelling->feeds, capacity * sizeof *feeds);
		if (!feeds)
			return KL_E_NOMEM;
		retelling->feeds = feeds;
		retelling->capacity = capacity;
	}
	retelling->feeds[retelling->n++] = *feed;
	return KL_OK;
}

static int add_head(void *arg, const struct kl_feed_head *head)
{
	return add(arg, &(struct kl_retold){.feed = head->feed, .next = 1, .both = true});
}

int kl_retelling_begin(
	struct kl_network *network, struct kl_retelling *retelling, const struct kl_id *tally)
{
	size_t before = retelling->n;
	const struct kl_roster *roster = &network->roster;
	int rc = KL_OK;

	for (size_t i = 0; !rc && i <= roster->n_convenors; i++)
		rc = add(retelling, &(struct kl_retold){.feed = kl_feed_id_of(
								i < roster->n_convenors
									? &roster->convenors[i].feed
									: &roster->feed),
					    .next = 1,
					    .both = true});
	if (!rc)
		rc = kl_feed_visit_heads(network->node->store, add_head, retelling);
	if (rc < 0) {
		retelling->n = before;
		return rc;
	}
	retelling->tally = *tally;
	retelling->whole = true;
	return KL_OK;
}

int kl_retelling_add_frozen(struct kl_retelling *retelling, const struct kl_feed_id *feed)
{
	return add(retelling, &(struct kl_retold){.feed = *feed, .frozen = true});
}

void kl_retelling_end(struct kl_retelling *retelling)
{
	free(retelling->feeds);
	*retelling = (struct kl_retelling){0};
}

/* ---- one record after the other ------------------------------------------------------------- */

struct going {
	struct kl_network *network;
	struct kl_retelling *retelling;
	struct kl_retold *feed;
	kl_retold_fn *tell;
	unsigned passed;
	bool told;
};

static bool concerns(const struct kl_retelling *retelling, const struct kl_record *record)
{
	static const struct kl_id all;
	struct kl_id tally;

	if (record->h.kind < KL_KIND_TALLY_FIRST || record->h.kind > KL_KIND_TALLY_LAST ||
		record->h.kind == KL_KIND_TALLY_CALL)
		return false;
	if (!retelling->whole || record->h.kind == KL_KIND_TALLY_SHARE ||
		kl_id_equal(&retelling->tally, &all))
		return true;
	return !kl_tally_payload_tally(record->payload, &tally) &&
	       kl_id_equal(&tally, &retelling->tally);
}

static int visit(void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct going *going = arg;
	struct kl_record record;

	(void)feed;
	if (kl_record_from_store(stored, &record))
		return KL_E_DAMAGED;
	going->feed->next = stored->seq + 1;
	going->passed++;
	if (concerns(going->retelling, &record)) {
		going->tell(going->network, &record, going->feed->frozen);
		going->told = true;
	}
	return going->told || going->passed == PASSED_MAX ? KL_VISIT_STOP : KL_VISIT_ON;
}

/* The first place that not everybody has or will get; 0: none is known. */
static uint64_t first_loose(const struct kl_network *network, const struct kl_feed_head *head)
{
	const struct kl_feed_key key = {head->feed.author, head->feed.epoch};
	uint64_t first = head->contested;
	struct kl_head end;

	if (kl_roster_ends(&network->roster, &key, &end) && (!first || end.seq < first))
		first = end.seq + 1;
	return first;
}

/* A feed is visited as far as it is certain; what is frozen, place by place. */
static int go_on(struct going *going, bool *ret_done)
{
	struct kl_store *store = going->network->node->store;
	struct kl_retold *feed = going->feed;
	struct kl_feed_head head;
	int rc;

	if (!feed->frozen) {
		rc = kl_feed_visit(store, &feed->feed, feed->next, visit, going);
		*ret_done = rc >= 0 && !going->passed;
		return rc;
	}
	rc = kl_feed_head(store, &feed->feed, &head);
	if (!rc && !feed->next)
		feed->next = first_loose(going->network, &head);
	*ret_done = !rc && (!feed->next || feed->next > head.seq);
	while (!rc && !*ret_done && !going->told && going->passed < PASSED_MAX) {
		rc = kl_feed_get(store, &feed->feed, feed->next, visit, going);
		*ret_done = feed->next > head.seq;
	}
	return rc;
}

int kl_retelling_next(
	struct kl_network *network, struct kl_retelling *retelling, kl_retold_fn *tell)
{
	struct going going = {network, retelling, NULL, tell, 0, false};
	bool done;
	int rc;

	if (retelling->at == retelling->n) {
		kl_retelling_end(retelling);
		return KL_E_NOT_FOUND;
	}
	going.feed = &retelling->feeds[retelling->at];
	rc = go_on(&going, &done);
	if (rc < 0)
		return rc;
	if (done && going.feed->both)
		*going.feed = (struct kl_retold){.feed = going.feed->feed, .frozen = true};
	else if (done)
		retelling->at++;
	return KL_OK;
}
