#include "tests/model/tally_node.h"

#include <string.h>

/* Notes what the machine wants. */
static void take(struct node *n, const struct kl_tally_update *update)
{
	struct said said = n->said;

	for (unsigned i = 0; i < n->pending_count; i++)
		said = said_with(said, n->pending[i].say);
	for (size_t i = 0; i < update->count; i++) {
		struct say say;

		if (!machine_reads(n->seat, said, &update->effects[i], &say))
			continue;
		KL_ASSERT(n->pending_count < NODE_PENDING_MAX);
		n->pending[n->pending_count++] = (struct heard){
			say.kind == SAY_STRANGE ? NULL : machine_record(n->seat, said, say, 0),
			n->seat, say};
		said = said_with(said, say);
	}
}

static void feed(struct node *n, const struct world_record *record)
{
	struct kl_tally_update update = world_feed(n->book, record, n->now_ms, n->wall_ms);

	take(n, &update);
}

void node_event(struct node *n, enum kl_tally_event_kind kind)
{
	struct kl_tally_update update = world_tell(n->book, kind, n->now_ms, n->wall_ms);

	take(n, &update);
}

void node_hear(struct node *n, struct heard heard)
{
	KL_ASSERT(n->heard_count < NODE_HEARD_MAX);
	n->heard[n->heard_count++] = heard;
	feed(n, heard.record);
}

struct heard node_commit(struct node *n)
{
	struct heard done = n->pending[0];

	n->said = said_with(n->said, done.say);
	n->pending_count--;
	memmove(n->pending, n->pending + 1, n->pending_count * sizeof(*n->pending));
	KL_ASSERT(n->feed_count < NODE_FEED_MAX);
	n->feed[n->feed_count++] = done;
	return done;
}

void node_feed_back(struct node *n, struct heard heard)
{
	feed(n, heard.record);
}

void node_fail(struct node *n)
{
	n->pending_count = 0;
	node_event(n, KL_TALLY_FAILED);
}

static struct kl_tallies *rebuilt(const struct node *n)
{
	struct kl_tallies *book = machine_new(n->seat, n->key);
	unsigned own = 0;

	for (unsigned i = 0; i <= n->heard_count; i++) {
		while (own < n->feed_count &&
			(i == n->heard_count || world_random(n->heard_count + 1) == 0))
			machine_feed(book, n->feed[own++].record);
		if (i < n->heard_count)
			machine_feed(book, n->heard[i].record);
	}
	return book;
}

void node_restart(struct node *n)
{
	kl_tallies_destroy(n->book);
	n->pending_count = 0;
	n->now_ms = WORLD_NOW_MS;
	n->book = rebuilt(n);
	node_event(n, KL_TALLY_READY);
}

bool node_is_as_rebuilt(struct node *n)
{
	struct kl_tallies *running = n->book;
	struct heard wanted[NODE_PENDING_MAX];
	unsigned count;
	bool same;

	n->now_ms += WORLD_DECIDE_MS;
	node_fail(n);
	node_event(n, KL_TALLY_TICK);
	count = n->pending_count;
	memcpy(wanted, n->pending, sizeof(wanted));
	n->book = rebuilt(n);
	n->pending_count = 0;
	node_event(n, KL_TALLY_READY);
	same = count == n->pending_count;
	for (unsigned i = 0; i < count && same; i++)
		same = wanted[i].record == n->pending[i].record;
	kl_tallies_destroy(n->book);
	n->book = running;
	return same;
}

void node_begin(struct node *n, unsigned seat)
{
	memset(n, 0, sizeof(*n));
	n->seat = seat;
	n->key = true;
	n->wall_ms = WORLD_EARLY_MS;
	node_restart(n);
}

void node_end(struct node *n)
{
	kl_tallies_destroy(n->book);
	n->book = NULL;
}
