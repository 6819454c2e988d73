#include "tests/sim/tally_net.h"

#include "core/hash.h"
#include "core/metric.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TODO_MAX = 4096, SECRETS_MAX = NET_TALLIES_MAX, START_MS = 1000000 };

struct todo {
	enum kl_tally_event_kind kind;
	struct kl_id tally;
	int author;
	size_t seq;
	uint8_t key[KL_SEED_BYTES];
	int16_t bins[NET_METRICS];
	size_t count;
};

struct secret {
	struct kl_id tally;
	bool key_here, answers_here;
	uint8_t key[KL_SEED_BYTES];
	int16_t bins[NET_METRICS];
	size_t count;
};

struct node {
	struct kl_id id;
	bool up, gone; /* gone: down until a story says otherwise */
	bool seat;
	struct kl_tallies *book;
	size_t have[NET_NODES_MAX];
	uint8_t *erased[NET_NODES_MAX];
	size_t erased_len[NET_NODES_MAX];
	struct secret secrets[SECRETS_MAX];
	size_t secret_count;
	struct todo *todo;
	size_t todo_first, todo_count;
	int64_t skew_ms;
	int answer; /* of the last owner's event */
	uint64_t wake_at;
};

enum what { MESSAGE, WAKE, SYNC, UP };

struct event {
	uint64_t at, order;
	enum what what;
	int node, author;
	size_t seq;
	bool erased;
};

bool net_trace;
struct net_feed net_feeds[NET_NODES_MAX];
struct kl_tally_roster net_roster;
void (*net_tamper)(int node, uint32_t kind, uint8_t *payload, size_t len);

static struct net_options options;
static const char *story_name;
static uint64_t story_seed, luck, now_ms, orders;
static struct node nodes[NET_NODES_MAX];
static int node_count;
static struct event *heap;
static size_t heap_count, heap_capacity;
static struct kl_id tallies[NET_TALLIES_MAX];
static struct kl_tally_call calls[NET_TALLIES_MAX];
static struct kl_tally_roster rosters[NET_TALLIES_MAX];
static bool certified_late[NET_TALLIES_MAX]; /* qv QUITs stood before any certificate */
static int tally_count;
static uint64_t called_ms;

/* ---- luck, time and words ---------------------------------------------------------------------- */

uint64_t net_random(uint64_t below)
{
	luck ^= luck << 13;
	luck ^= luck >> 7;
	luck ^= luck << 17;
	return below ? (luck * UINT64_C(2685821657736338717) >> 11) % below : 0;
}

static bool happens(unsigned of_thousand)
{
	return of_thousand && net_random(1000) < of_thousand;
}

uint64_t net_now(void)
{
	return now_ms;
}

int net_nodes(void)
{
	return node_count;
}

void net_fail(const char *format, ...)
{
	va_list args;

	printf("not ok - %s\n# seed %" PRIu64 " at %" PRIu64 " ms: ", story_name, story_seed,
		now_ms - START_MS);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	_Exit(1);
}

static void trace(int node, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void trace(int node, const char *format, ...)
{
	va_list args;

	if (!net_trace)
		return;
	printf("# [%6" PRIu64 "] %2d > ", now_ms - START_MS, node);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

/* ---- what is going to happen ------------------------------------------------------------------- */

static bool sooner(const struct event *a, const struct event *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void plan(struct event event)
{
	size_t i;

	if (heap_count == heap_capacity) {
		heap_capacity = heap_capacity ? 2 * heap_capacity : 1024;
		heap = realloc(heap, heap_capacity * sizeof(*heap));
		KL_ASSERT(heap);
	}
	event.order = orders++;
	i = heap_count++;
	for (; i > 0 && sooner(&event, &heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = event;
}

static struct event next_event(void)
{
	struct event first = heap[0], last = heap[--heap_count];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= heap_count)
			break;
		if (child + 1 < heap_count && sooner(&heap[child + 1], &heap[child]))
			child++;
		if (!sooner(&heap[child], &last))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = last;
	return first;
}

/* ---- the observer ------------------------------------------------------------------------------ */

static int index_of(const struct kl_id *tally)
{
	for (int i = 0; i < tally_count; i++) {
		if (kl_id_equal(&tallies[i], tally))
			return i;
	}
	return -1;
}

static struct kl_tally_view seats_of(int tally)
{
	struct kl_tally_view view;

	for (int i = 0; i < node_count; i++) {
		if (nodes[i].book && !kl_tallies_view(nodes[i].book, &tallies[tally], &view))
			return view;
	}
	net_fail("nobody knows tally %d", tally);
}

static struct kl_committee committee_of(int tally)
{
	return seats_of(tally).committee;
}

/* True if the node holds that seat; seat 0: any. */
static bool holds(int node, const struct kl_id *tally, unsigned seat)
{
	struct kl_tally_view view;

	if (index_of(tally) < 0)
		return false;
	view = seats_of(index_of(tally));
	for (unsigned j = 1; j <= view.committee.n; j++) {
		if ((seat == 0 || seat == j) &&
			kl_id_equal(&view.seats[j - 1].member, &nodes[node].id))
			return true;
	}
	return false;
}

/* Different seats that voted for a proposal, in what `node` holds (node < 0: anywhere). */
static unsigned votes_for(int node, const struct kl_id *proposal)
{
	unsigned seats = 0;

	for (int a = 0; a < node_count; a++) {
		size_t have = node < 0 ? net_feeds[a].count : nodes[node].have[a];

		for (size_t s = 0; s < have; s++) {
			const struct net_record *r = &net_feeds[a].records[s];
			struct kl_tally_vote vote;

			if (r->kind != KL_KIND_TALLY_VOTE ||
				kl_tally_vote_read(kl_bytes(r->payload, r->len), &vote))
				continue;
			if (kl_id_equal(&vote.proposal, proposal) &&
				holds(a, &vote.tally, vote.seat))
				seats |= 1U << vote.seat;
		}
	}
	return (unsigned)__builtin_popcount(seats);
}

static bool said(int node, uint32_t kind, const struct kl_id *tally)
{
	for (size_t s = 0; s < net_feeds[node].count; s++) {
		const struct net_record *r = &net_feeds[node].records[s];
		struct kl_id id;

		if (r->kind == kind &&
			kl_tally_payload_tally(kl_bytes(r->payload, r->len), &id) == KL_OK &&
			kl_id_equal(&id, tally))
			return true;
	}
	return false;
}

/* Different seats that said a kind of record in a tally, anywhere. */
static unsigned sayers(uint32_t kind, const struct kl_id *tally)
{
	unsigned count = 0;

	for (int a = 0; a < node_count; a++)
		count += said(a, kind, tally) && holds(a, tally, 0);
	return count;
}

static void watch_seat(int node, uint32_t kind, const struct kl_id *tally, struct kl_bytes payload)
{
	bool quit = said(node, KL_KIND_TALLY_QUIT, tally);
	struct kl_tally_open open;
	struct kl_committee c = committee_of(index_of(tally));

	NET_CHECK(!quit, "node %d says kind %u after its QUIT", node, kind);
	if (kind == KL_KIND_TALLY_VOTE)
		NET_CHECK(!said(node, kind, tally), "node %d votes twice", node);
	if (kind == KL_KIND_TALLY_QUIT)
		NET_CHECK(!said(node, KL_KIND_TALLY_OPEN, tally), "node %d quits after its OPEN",
			node);
	if (kind != KL_KIND_TALLY_OPEN)
		return;
	NET_CHECK(kl_tally_open_read(payload, &open) == KL_OK, "an OPEN that nobody can read");
	NET_CHECK(votes_for(node, &open.proposal) >= c.qv, "node %d opens with %u of %u votes",
		node, votes_for(node, &open.proposal), c.qv);
	NET_CHECK(open.vote_count == c.qv, "an OPEN cites %u votes", open.vote_count);
	kl_tally_open_deinit(&open);
}

/* The cells of an answer, as they would stand in memory: they must be in no record. */
static void watch_secrets(int node, uint32_t kind, struct kl_bytes payload)
{
	uint8_t pattern[16 * 8];

	for (unsigned bin = 0; bin < 16; bin++) {
		memset(pattern, 0, sizeof(pattern));
		pattern[8 * bin] = 1;
		NET_CHECK(!memmem(payload.data, payload.len, pattern, sizeof(pattern)),
			"node %d shows an answer in a record of kind %u", node, kind);
	}
}

/* The length of a SHARE tells its kind and the number of cells, never the answer. */
static void watch_share(struct kl_bytes payload)
{
	for (int i = 0; i < tally_count; i++) {
		struct kl_committee c = committee_of(i);
		struct kl_cells cells;

		if (c.n == 0 || kl_tally_call_cells(&calls[i], &cells))
			continue;
		if (payload.len == kl_share_blob_len(&c, 1, cells.total) ||
			payload.len == kl_share_blob_len(&c, c.n, cells.total))
			return;
	}
	net_fail("a SHARE of %zu bytes", payload.len);
}

static void watch_certificates(void)
{
	for (int i = 0; i < tally_count; i++) {
		struct kl_committee c = committee_of(i);
		struct kl_id first = {0};
		unsigned certified = 0;

		if (c.n == 0)
			continue;
		for (int a = 0; a < node_count; a++) {
			for (size_t s = 0; s < net_feeds[a].count; s++) {
				const struct net_record *r = &net_feeds[a].records[s];
				struct kl_tally_vote vote;

				if (r->kind != KL_KIND_TALLY_VOTE ||
					kl_tally_vote_read(kl_bytes(r->payload, r->len), &vote) ||
					!kl_id_equal(&vote.tally, &tallies[i]) ||
					votes_for(-1, &vote.proposal) < c.qv)
					continue;
				if (certified && !kl_id_equal(&first, &vote.proposal))
					net_fail("tally %d has two certificates", i);
				certified = 1;
				first = vote.proposal;
			}
		}
		NET_CHECK(
			!certified || !certified_late[i], "tally %d certified after it failed", i);
		if (!certified && sayers(KL_KIND_TALLY_QUIT, &tallies[i]) >= c.qv)
			certified_late[i] = true;
	}
}

static void watch(int node, uint32_t kind, struct kl_bytes payload)
{
	struct kl_id tally;

	NET_CHECK(payload.len <= KL_PAYLOAD_MAX, "a payload of %zu bytes", payload.len);
	if (kind == KL_KIND_TALLY_CALL)
		return;
	watch_secrets(node, kind, payload);
	if (kind == KL_KIND_TALLY_SHARE) {
		watch_share(payload);
		return;
	}
	NET_CHECK(kl_tally_payload_tally(payload, &tally) == KL_OK, "a payload without tally");
	if (kind == KL_KIND_TALLY_VOTE || kind == KL_KIND_TALLY_OPEN ||
		kind == KL_KIND_TALLY_QUIT || kind == KL_KIND_TALLY_INTAKE ||
		kind == KL_KIND_TALLY_PROPOSE)
		watch_seat(node, kind, &tally, payload);
}

/* ---- feeds ------------------------------------------------------------------------------------- */

static void erase_at(struct node *n, int author, size_t seq)
{
	if (seq >= n->erased_len[author]) {
		size_t more = seq + 64;

		n->erased[author] = realloc(n->erased[author], more);
		KL_ASSERT(n->erased[author]);
		memset(n->erased[author] + n->erased_len[author], 0, more - n->erased_len[author]);
		n->erased_len[author] = more;
	}
	n->erased[author][seq] = 1;
}

static bool is_erased(const struct node *n, int author, size_t seq)
{
	return seq < n->erased_len[author] && n->erased[author][seq];
}

static size_t append(int author, uint32_t kind, const void *payload, size_t len)
{
	struct net_feed *feed = &net_feeds[author];
	struct net_record *r;
	struct kl_hash hash;

	if (feed->count == feed->capacity) {
		feed->capacity = feed->capacity ? 2 * feed->capacity : 32;
		feed->records = realloc(feed->records, feed->capacity * sizeof(*feed->records));
		KL_ASSERT(feed->records);
	}
	r = &feed->records[feed->count];
	r->kind = kind;
	r->time_ms = now_ms;
	r->len = len;
	r->payload = malloc(len + 1);
	KL_ASSERT(r->payload);
	memcpy(r->payload, payload, len);
	kl_blake2b(kl_bytes(payload, len), &r->hash);
	kl_hash_init(&hash, "sim/record");
	kl_hash_add_id(&hash, &nodes[author].id);
	kl_hash_add_u64(&hash, feed->count);
	kl_hash_add_u32(&hash, kind);
	kl_hash_add_id(&hash, &r->hash);
	kl_hash_final(&hash, &r->id);
	return feed->count++;
}

static void send_to(int to, int author, size_t seq, bool erased)
{
	unsigned copies = happens(options.drop) ? 0 : happens(options.drop) ? 2 : 1;

	for (; copies > 0; copies--)
		plan((struct event){.at = now_ms + 5 + net_random(60),
			.what = MESSAGE,
			.node = to,
			.author = author,
			.seq = seq,
			.erased = erased});
}

/* ---- a node ------------------------------------------------------------------------------------ */

static void queue(struct node *n, struct todo todo)
{
	KL_ASSERT(n->todo_count < TODO_MAX);
	n->todo[(n->todo_first + n->todo_count++) % TODO_MAX] = todo;
}

static struct secret *secret_of(struct node *n, const struct kl_id *tally)
{
	for (size_t i = 0; i < n->secret_count; i++) {
		if (kl_id_equal(&n->secrets[i].tally, tally))
			return &n->secrets[i];
	}
	KL_ASSERT(n->secret_count < SECRETS_MAX);
	n->secrets[n->secret_count].tally = *tally;
	return &n->secrets[n->secret_count++];
}

static void go_down(struct node *n)
{
	kl_tallies_destroy(n->book);
	n->book = NULL;
	n->up = false;
	n->todo_count = 0;
}

static void crash(struct node *n)
{
	trace((int)(n - nodes), "crash");
	go_down(n);
	plan((struct event){
		.at = now_ms + 100 + net_random(3000), .what = UP, .node = (int)(n - nodes)});
}

static void queue_feeds(struct node *n)
{
	int order[NET_NODES_MAX];

	for (int i = 0; i < node_count; i++)
		order[i] = i;
	for (int i = node_count - 1; options.late_call && i > 0; i--) {
		int j = (int)net_random((uint64_t)i + 1), kept = order[i];

		order[i] = order[j];
		order[j] = kept;
	}
	for (int i = 0; i < node_count; i++) {
		for (size_t s = 0; s < n->have[order[i]]; s++)
			queue(n, (struct todo){
					 .kind = KL_TALLY_RECORD, .author = order[i], .seq = s});
	}
	queue(n, (struct todo){.kind = KL_TALLY_READY});
}

static void append_effect(struct node *n, const struct kl_tally_effect *effect)
{
	int node = (int)(n - nodes);
	uint8_t *payload = malloc(effect->u.append.payload.len + 1);
	size_t len = effect->u.append.payload.len, seq;

	KL_ASSERT(payload);
	memcpy(payload, effect->u.append.payload.data, len);
	watch(node, effect->u.append.kind, kl_bytes(payload, len));
	if (net_tamper)
		net_tamper(node, effect->u.append.kind, payload, len);
	seq = append(node, effect->u.append.kind, payload, len);
	free(payload);
	trace(node, "%s", kl_kind_name(effect->u.append.kind));
	n->have[node] = seq + 1;
	for (int i = 0; i < node_count; i++) {
		if (i != node)
			send_to(i, node, seq, false);
	}
	queue(n, (struct todo){.kind = KL_TALLY_RECORD, .author = node, .seq = seq});
	if (effect->u.append.kind == KL_KIND_TALLY_VOTE ||
		effect->u.append.kind == KL_KIND_TALLY_QUIT)
		watch_certificates();
}

static void drop_effect(struct node *n, const struct kl_tally_effect *effect)
{
	for (size_t i = 0; i < effect->u.drop.count; i++) {
		for (int a = 0; a < node_count; a++) {
			for (size_t s = 0; s < n->have[a]; s++) {
				if (kl_id_equal(
					    &net_feeds[a].records[s].id, &effect->u.drop.ids[i]))
					erase_at(n, a, s);
			}
		}
	}
}

/* Carries out one effect; false if it could not be done. */
static bool carry_out(struct node *n, const struct kl_tally_effect *effect)
{
	struct secret *secret;

	switch (effect->kind) {
	case KL_TALLY_APPEND:
		if (happens(options.commit_fails))
			return false;
		append_effect(n, effect);
		return true;
	case KL_TALLY_KEY_WRITE:
		if (happens(options.commit_fails))
			return false;
		secret = secret_of(n, &effect->tally);
		NET_CHECK(!secret->key_here, "a key is written over another");
		secret->key_here = true;
		memcpy(secret->key, effect->u.key, sizeof(secret->key));
		queue(n, (struct todo){.kind = KL_TALLY_KEY, .tally = effect->tally});
		return true;
	case KL_TALLY_KEY_UNLINK:
		secret_of(n, &effect->tally)->key_here = false;
		return true;
	case KL_TALLY_KEEP_ANSWERS:
		if (happens(options.commit_fails))
			return false;
		secret = secret_of(n, &effect->tally);
		NET_CHECK(!secret->answers_here, "kept answers are replaced");
		secret->answers_here = true;
		secret->count = effect->u.answers.count;
		memcpy(secret->bins, effect->u.answers.bins, secret->count * sizeof(int16_t));
		queue(n, (struct todo){.kind = KL_TALLY_ANSWERS, .tally = effect->tally});
		return true;
	case KL_TALLY_DROP:
		drop_effect(n, effect);
		return true;
	case KL_TALLY_REPLAY:
		queue_feeds(n);
		return true;
	case KL_TALLY_NOTE:
		trace((int)(n - nodes), "tally %d is %s", index_of(&effect->tally),
			kl_tally_state_name((enum kl_tally_state)effect->u.state));
		return true;
	}
	return false;
}

static void fill_event(struct node *n, const struct todo *todo, struct kl_tally_event *event)
{
	const struct secret *secret;
	const struct net_record *r;

	memset(event, 0, sizeof(*event));
	event->kind = todo->kind;
	event->tally = todo->tally;
	event->now_ms = now_ms;
	event->wall_ms = (uint64_t)((int64_t)now_ms + n->skew_ms);
	for (unsigned i = 0; i < sizeof(event->entropy); i++)
		event->entropy[i] = (uint8_t)net_random(256);
	switch (todo->kind) {
	case KL_TALLY_RECORD:
		r = &net_feeds[todo->author].records[todo->seq];
		event->u.record.author = nodes[todo->author].id;
		event->u.record.id = r->id;
		event->u.record.kind = r->kind;
		event->u.record.time_ms = r->time_ms;
		event->u.record.payload_hash = r->hash;
		event->u.record.erased = is_erased(n, todo->author, todo->seq);
		if (!event->u.record.erased)
			event->u.record.payload = kl_bytes(r->payload, r->len);
		if (r->kind == KL_KIND_TALLY_CALL)
			event->u.record.roster = &rosters[index_of(&r->id)];
		break;
	case KL_TALLY_KEY:
		event->u.key = secret_of(n, &todo->tally)->key;
		break;
	case KL_TALLY_ANSWERS:
		secret = secret_of(n, &todo->tally);
		event->u.answers.bins = secret->bins;
		event->u.answers.count = secret->count;
		break;
	case KL_TALLY_CONTRIBUTE:
		event->u.answers.bins = todo->bins;
		event->u.answers.count = todo->count;
		break;
	case KL_TALLY_HEARD:
		event->u.member = nodes[todo->author].id;
		break;
	default:
		break;
	}
}

static void work(struct node *n)
{
	while (n->up && n->todo_count > 0) {
		struct todo todo = n->todo[n->todo_first];
		bool early = net_random(8) == 0; /* time goes on while a commit is under way */
		struct kl_tally_event event;
		struct kl_tally_update update;
		struct kl_fault fault = {0};
		int rc;

		if (early) {
			todo = (struct todo){.kind = KL_TALLY_TICK};
		} else {
			n->todo_first = (n->todo_first + 1) % TODO_MAX;
			n->todo_count--;
		}
		fill_event(n, &todo, &event);
		rc = kl_tallies_step(n->book, &event, &fault, &update);
		if (todo.kind == KL_TALLY_CONTRIBUTE || todo.kind == KL_TALLY_DECLINE)
			n->answer = rc;
		else
			NET_CHECK(rc == KL_OK, "a step gave %d", rc);
		for (size_t i = 0; i < update.count && n->up; i++) {
			if (happens(options.crash)) {
				crash(n);
				return;
			}
			if (!carry_out(n, &update.effects[i])) {
				queue(n, (struct todo){.kind = KL_TALLY_FAILED,
						 .tally = update.effects[i].tally});
				break;
			}
		}
		if (update.wake_ms != UINT64_MAX && now_ms + update.wake_ms < n->wake_at) {
			n->wake_at = now_ms + update.wake_ms;
			plan((struct event){
				.at = n->wake_at, .what = WAKE, .node = (int)(n - nodes)});
		}
	}
}

static void start(struct node *n)
{
	struct kl_tallies_options book = {
		.own = n->id, .seat = n->seat, .part_bytes = options.part_bytes};

	if (n->up || n->gone)
		return;
	trace((int)(n - nodes), "up");
	NET_CHECK(kl_tallies_new(&book, &n->book) == KL_OK, "no book");
	n->up = true;
	n->wake_at = UINT64_MAX;
	n->todo_first = n->todo_count = 0;
	for (size_t i = 0; i < n->secret_count; i++) {
		if (n->secrets[i].key_here)
			queue(n, (struct todo){.kind = KL_TALLY_KEY, .tally = n->secrets[i].tally});
		if (n->secrets[i].answers_here)
			queue(n, (struct todo){
					 .kind = KL_TALLY_ANSWERS, .tally = n->secrets[i].tally});
	}
	queue_feeds(n);
	work(n);
}

static void receive(struct node *n, const struct event *event)
{
	if (!n->up || event->seq != n->have[event->author] || happens(options.commit_fails))
		return;
	if (event->erased)
		erase_at(n, event->author, event->seq);
	n->have[event->author]++;
	queue(n,
		(struct todo){.kind = KL_TALLY_RECORD, .author = event->author, .seq = event->seq});
	work(n);
}

/* Asks somebody for what is missing. */
static void synchronise(struct node *n)
{
	int node = (int)(n - nodes), peer = (int)net_random((uint64_t)node_count);

	plan((struct event){.at = now_ms + 200 + net_random(400), .what = SYNC, .node = node});
	if (!n->up || peer == node || !nodes[peer].up)
		return;
	/* Only soon after a call: later on nothing but the machine's own wishes wakes it. */
	if (now_ms < called_ms + 8000) {
		queue(n, (struct todo){.kind = KL_TALLY_HEARD, .author = peer});
		work(n);
	}
	for (int a = 0; a < node_count; a++) {
		size_t to = nodes[peer].have[a];

		for (size_t s = n->have[a]; s < to && s < n->have[a] + 20; s++) {
			if (!happens(options.drop))
				plan((struct event){.at = now_ms + 5 + s - n->have[a],
					.what = MESSAGE,
					.node = node,
					.author = a,
					.seq = s,
					.erased = is_erased(&nodes[peer], a, s)});
		}
	}
}

static void handle(const struct event *event)
{
	struct node *n = &nodes[event->node];

	switch (event->what) {
	case MESSAGE:
		receive(n, event);
		break;
	case WAKE:
		if (!n->up || event->at != n->wake_at)
			break;
		n->wake_at = UINT64_MAX;
		queue(n, (struct todo){.kind = KL_TALLY_TICK});
		work(n);
		break;
	case SYNC:
		synchronise(n);
		break;
	case UP:
		start(n);
		break;
	}
}

void net_run(uint64_t until_ms)
{
	while (heap_count > 0 && heap[0].at <= until_ms) {
		struct event event = next_event();

		now_ms = event.at;
		handle(&event);
	}
	now_ms = until_ms;
}

void net_settle(void)
{
	net_run(now_ms + NET_CONTRIBUTE_MS + NET_DECIDE_MS);
	net_faults(0, 0, 0);
	net_run(now_ms + 30000);
}

/* ---- stories ----------------------------------------------------------------------------------- */

static const char *const council_types[] = {"metropolitan_district", "london_borough"};

static int by_id(const void *a, const void *b)
{
	return kl_id_compare(
		&((const struct kl_tally_member *)a)->id, &((const struct kl_tally_member *)b)->id);
}

static void make_roster(void)
{
	memset(&net_roster, 0, sizeof(net_roster));
	net_roster.members = calloc((size_t)node_count, sizeof(*net_roster.members));
	KL_ASSERT(net_roster.members);
	net_roster.convenor = nodes[0].id;
	net_roster.minimum = KL_AUDIT_K_MIN;
	memset(net_roster.hash.b, 0x5a, sizeof(net_roster.hash.b));
	for (int i = 1; i < node_count; i++) {
		struct kl_tally_member *member = &net_roster.members[net_roster.count++];

		member->id = nodes[i].id;
		member->control = nodes[i].id;
		member->verified = true;
		member->offers_seat = true;
		member->council = i <= options.councils;
		if (member->council)
			kl_copy_text(member->type, sizeof(member->type), council_types[i % 2]);
	}
	qsort(net_roster.members, net_roster.count, sizeof(*net_roster.members), by_id);
}

void net_faults(unsigned drop, unsigned commit_fails, unsigned crash_rate)
{
	options.drop = drop;
	options.commit_fails = commit_fails;
	options.crash = crash_rate;
}

void net_begin(const char *story, uint64_t seed, const struct net_options *with)
{
	story_name = story;
	story_seed = seed;
	luck = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (int i = 0; i < 10; i++)
		net_random(1);
	options = *with;
	now_ms = START_MS;
	orders = 0;
	tally_count = 0;
	called_ms = 0;
	node_count = 1 + with->councils + with->anchors;
	for (int i = 0; i < node_count; i++) {
		struct node *n = &nodes[i];

		memset(n, 0, sizeof(*n));
		n->todo = calloc(TODO_MAX, sizeof(*n->todo));
		KL_ASSERT(n->todo);
		for (unsigned b = 0; b < sizeof(n->id.b); b++)
			n->id.b[b] = (uint8_t)net_random(256);
		n->seat = true;
		n->skew_ms = with->drop ? (int64_t)net_random(600) - 300 : 0;
		plan((struct event){.at = now_ms, .what = UP, .node = i});
		plan((struct event){.at = now_ms + net_random(400), .what = SYNC, .node = i});
	}
	make_roster();
	net_run(now_ms + 10);
}

void net_end(void)
{
	for (int i = 0; i < node_count; i++) {
		kl_tallies_destroy(nodes[i].book);
		free(nodes[i].todo);
		for (int a = 0; a < node_count; a++)
			free(nodes[i].erased[a]);
		for (size_t s = 0; s < net_feeds[i].count; s++)
			free(net_feeds[i].records[s].payload);
		free(net_feeds[i].records);
		memset(&net_feeds[i], 0, sizeof(net_feeds[i]));
	}
	for (int i = 0; i < tally_count; i++) {
		kl_tally_call_deinit(&calls[i]);
		kl_tally_roster_deinit(&rosters[i]);
		certified_late[i] = false;
	}
	kl_tally_roster_deinit(&net_roster);
	memset(nodes, 0, sizeof(nodes));
	free(heap);
	heap = NULL;
	heap_count = heap_capacity = 0;
	net_tamper = NULL;
}

const struct kl_tallies *net_book(int node)
{
	return nodes[node].book;
}

const struct kl_id *net_id(int node)
{
	return &nodes[node].id;
}

int net_node_of(const struct kl_id *member)
{
	for (int i = 0; i < node_count; i++) {
		if (kl_id_equal(&nodes[i].id, member))
			return i;
	}
	return -1;
}

bool net_is_up(int node)
{
	return nodes[node].up;
}

void net_down(int node)
{
	trace(node, "down");
	go_down(&nodes[node]);
	nodes[node].gone = true;
}

void net_up(int node)
{
	nodes[node].gone = false;
	start(&nodes[node]);
}

void net_restart(int node)
{
	go_down(&nodes[node]);
	start(&nodes[node]);
}

void net_lose_key(int node)
{
	for (size_t i = 0; i < nodes[node].secret_count; i++)
		nodes[node].secrets[i].key_here = false;
}

void net_set_seat(int node, bool seat)
{
	nodes[node].seat = seat;
	net_restart(node);
}

const struct kl_id *net_tally(int index)
{
	return &tallies[index];
}

/* ---- calls and answers ------------------------------------------------------------------------- */

void net_terms(struct kl_tally_call *ret_call, unsigned metrics, const char *const *cohorts)
{
	static const char *const codes[NET_METRICS] = {"lm3.score", "maturity.c1"};

	memset(ret_call, 0, sizeof(*ret_call));
	ret_call->period.kind = KL_PERIOD_YEAR;
	ret_call->period.year = 2016;
	ret_call->metrics = calloc(metrics, sizeof(*ret_call->metrics));
	KL_ASSERT(ret_call->metrics);
	for (unsigned m = 0; m < metrics; m++) {
		size_t index;

		KL_ASSERT(kl_metric_index(codes[m], &index) == KL_OK);
		kl_metric_at(index, &ret_call->metrics[m]);
	}
	ret_call->metric_count = (uint16_t)metrics;
	for (; cohorts[ret_call->cohort_count]; ret_call->cohort_count++)
		KL_ASSERT(kl_cohort_parse(kl_bytes_str(cohorts[ret_call->cohort_count]),
				  &ret_call->cohorts[ret_call->cohort_count]) == KL_OK);
	ret_call->contribute_ms = NET_CONTRIBUTE_MS;
	ret_call->decide_ms = NET_DECIDE_MS;
	ret_call->minimum = options.minimum;
}

static void copy_roster(struct kl_tally_roster *ret_roster)
{
	*ret_roster = net_roster;
	ret_roster->members = malloc(net_roster.count * sizeof(*net_roster.members));
	KL_ASSERT(ret_roster->members);
	memcpy(ret_roster->members, net_roster.members,
		net_roster.count * sizeof(*net_roster.members));
}

int net_call_anyway(const struct kl_tally_call *call)
{
	struct kl_bytes payload;
	struct kl_writer w;
	size_t seq;

	KL_ASSERT(tally_count < NET_TALLIES_MAX);
	kl_writer_init(&w);
	kl_tally_call_write(&w, call);
	KL_ASSERT(kl_writer_bytes(&w, &payload) == KL_OK);
	seq = append(0, KL_KIND_TALLY_CALL, payload.data, payload.len);
	NET_CHECK(kl_tally_call_read(payload, &calls[tally_count]) == KL_OK, "a CALL is refused");
	kl_writer_deinit(&w);
	copy_roster(&rosters[tally_count]);
	tallies[tally_count] = net_feeds[0].records[seq].id;
	tally_count++;
	called_ms = now_ms;
	nodes[0].have[0] = seq + 1;
	trace(0, "tally call %d", tally_count - 1);
	for (int i = 1; i < node_count; i++)
		send_to(i, 0, seq, false);
	queue(&nodes[0], (struct todo){.kind = KL_TALLY_RECORD, .author = 0, .seq = seq});
	work(&nodes[0]);
	return tally_count - 1;
}

int net_call(struct kl_tally_call *call, struct kl_fault *fault)
{
	int rc = kl_tallies_prepare(nodes[0].book, &net_roster, call, fault);

	return rc ? rc : net_call_anyway(call);
}

int net_answer(int node, int tally, int16_t score, int16_t maturity)
{
	struct node *n = &nodes[node];

	if (!n->up)
		return KL_E_UNREACHABLE;
	n->answer = KL_E_BUG;
	queue(n, (struct todo){.kind = KL_TALLY_CONTRIBUTE,
			 .tally = tallies[tally],
			 .bins = {score, maturity},
			 .count = calls[tally].metric_count});
	work(n);
	return n->answer;
}

int net_decline(int node, int tally)
{
	struct node *n = &nodes[node];

	if (!n->up)
		return KL_E_UNREACHABLE;
	n->answer = KL_E_BUG;
	queue(n, (struct todo){.kind = KL_TALLY_DECLINE, .tally = tallies[tally]});
	work(n);
	return n->answer;
}

bool net_answers_of(int node, int tally, int16_t ret_bins[NET_METRICS])
{
	struct secret *secret = secret_of(&nodes[node], &tallies[tally]);

	if (secret->answers_here)
		memcpy(ret_bins, secret->bins, secret->count * sizeof(*ret_bins));
	return secret->answers_here;
}

void net_forge(int node, uint32_t kind, const void *payload, size_t len)
{
	size_t seq = append(node, kind, payload, len);

	nodes[node].have[node] = seq + 1;
	for (int i = 0; i < node_count; i++) {
		if (i != node)
			send_to(i, node, seq, false);
	}
	queue(&nodes[node], (struct todo){.kind = KL_TALLY_RECORD, .author = node, .seq = seq});
	work(&nodes[node]);
}

size_t net_count(int node, uint32_t kind)
{
	size_t count = 0;

	for (int a = 0; a < node_count; a++) {
		for (size_t s = 0; (node < 0 || a == node) && s < net_feeds[a].count; s++)
			count += net_feeds[a].records[s].kind == kind;
	}
	return count;
}

/* ---- the end of a story ------------------------------------------------------------------------ */

struct kl_tally_view net_view(int node, int tally)
{
	struct kl_tally_view view;

	NET_CHECK(kl_tallies_view(nodes[node].book, &tallies[tally], &view) == KL_OK,
		"node %d does not know tally %d", node, tally);
	return view;
}

struct kl_tally_result net_result(int node, int tally, unsigned metric, unsigned cohort)
{
	struct kl_tally_result result;
	int rc = kl_tallies_result(
		nodes[node].book, &tallies[tally], (uint16_t)metric, (uint8_t)cohort, &result);

	NET_CHECK(rc == KL_OK, "node %d has no result (%d)", node, rc);
	return result;
}

/* The count that somebody would make who saw every answer. */
static unsigned plain_count(int node, int tally, unsigned metric, unsigned cohort, unsigned level,
	uint32_t ret_bins[KL_CELLS_BINS_MAX])
{
	const struct kl_metric *m = &calls[tally].metrics[metric];
	unsigned n = 0;

	memset(ret_bins, 0, KL_CELLS_BINS_MAX * sizeof(*ret_bins));
	for (unsigned i = 0; i < rosters[tally].count; i++) {
		struct kl_tally_member_view member;
		int16_t bins[NET_METRICS];
		unsigned bin = 0, upper;

		NET_CHECK(kl_tallies_member(
				  nodes[node].book, &tallies[tally], (uint16_t)i, &member) == KL_OK,
			"no member %u", i);
		if (!member.counted ||
			!kl_cohort_has(&calls[tally].cohorts[cohort], &rosters[tally].members[i]))
			continue;
		NET_CHECK(net_answers_of(net_node_of(&rosters[tally].members[i].id), tally, bins),
			"a member is counted that never answered");
		NET_CHECK(kl_presence_has(member.presence, metric) == (bins[metric] != KL_ABSENT),
			"a wrong presence");
		if (bins[metric] == KL_ABSENT)
			continue;
		for (upper = m->runs[level][0]; (int)upper <= bins[metric];)
			upper += m->runs[level][++bin];
		ret_bins[bin]++;
		n++;
	}
	return n;
}

static void check_row(int node, int tally, unsigned metric, unsigned cohort)
{
	struct kl_tally_result result = net_result(node, tally, metric, cohort);
	uint32_t bins[KL_CELLS_BINS_MAX];
	unsigned n = plain_count(node, tally, metric, cohort, result.level, bins);

	NET_CHECK(result.n == n, "node %d says n = %u of %u", node, result.n, n);
	if (result.counted < result.needed)
		NET_CHECK(
			result.why != KL_PLAN_RELEASED, "%u members are released", result.counted);
	if (result.why != KL_PLAN_RELEASED) {
		NET_CHECK(result.opening.seats == 0 && result.opening.bins == 0,
			"something withheld was opened");
		return;
	}
	NET_CHECK(result.counted >= kl_audit_floor(calls[tally].minimum, result.level),
		"%u members are released at level %u", result.counted, result.level);
	if (result.opening.state != KL_OPENING_FINAL &&
		result.opening.state != KL_OPENING_UNCONFIRMED)
		return;
	NET_CHECK(memcmp(bins, result.opening.histogram, result.opening.bins * sizeof(*bins)) == 0,
		"node %d: metric %u, cohort %u is not the plain count", node, metric, cohort);
}

/* Nothing secret may be left anywhere once a tally has ended. */
static void check_forgotten(int node, int tally)
{
	const struct node *n = &nodes[node];

	for (size_t i = 0; i < n->secret_count; i++)
		NET_CHECK(!kl_id_equal(&n->secrets[i].tally, &tallies[tally]) ||
				  !n->secrets[i].key_here,
			"node %d keeps its key", node);
	for (int a = 0; a < node_count; a++) {
		for (size_t s = 0; s < n->have[a]; s++) {
			const struct net_record *r = &net_feeds[a].records[s];
			struct kl_tally_contrib contrib;

			if (r->kind != KL_KIND_TALLY_CONTRIB ||
				kl_tally_contrib_read(kl_bytes(r->payload, r->len), &contrib) ||
				!kl_id_equal(&contrib.tally, &tallies[tally]))
				continue;
			for (size_t b = 0; b < s; b++) {
				for (unsigned j = 0; j < contrib.blob_count; j++)
					NET_CHECK(!kl_id_equal(&net_feeds[a].records[b].hash,
							  &contrib.blobs[j]) ||
							  is_erased(n, a, b),
						"node %d keeps a SHARE of node %d", node, a);
			}
		}
	}
}

enum kl_tally_state net_check(int tally)
{
	struct kl_tally_view first = {0};
	int witness = -1;

	for (int i = 0; i < node_count; i++) {
		struct kl_tally_view view;

		if (!nodes[i].up)
			continue;
		for (int a = 0; a < node_count; a++)
			NET_CHECK(!nodes[a].up || nodes[i].have[a] == net_feeds[a].count,
				"node %d holds %zu of %zu records of %d", i, nodes[i].have[a],
				net_feeds[a].count, a);
		view = net_view(i, tally);
		if (witness < 0) {
			witness = i;
			first = view;
		}
		NET_CHECK(view.state == first.state, "node %d says %s, node %d says %s", i,
			kl_tally_state_name(view.state), witness, kl_tally_state_name(first.state));
		NET_CHECK(kl_id_equal(&view.result, &first.result), "two results");
		if (view.state == KL_TALLY_CLOSED || view.state == KL_TALLY_ENDED_FAILED)
			check_forgotten(i, tally);
		if (!view.certified || view.state == KL_TALLY_ENDED_FAILED)
			continue;
		for (unsigned m = 0; m < calls[tally].metric_count; m++) {
			for (unsigned c = 0; c < calls[tally].cohort_count; c++)
				check_row(i, tally, m, c);
		}
	}
	return first.state;
}
