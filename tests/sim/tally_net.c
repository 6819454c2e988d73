#include "tests/sim/tally_net.h"
#include "tests/sim/tally_time.h"

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

bool net_trace;
struct net_feed net_feeds[NET_NODES_MAX];
struct kl_tally_roster net_roster;
void (*net_tamper)(int node, uint32_t kind, uint8_t *payload, size_t len);

static struct net_options options;
static const char *story_name;
static uint64_t story_seed, luck, now_ms;
static struct node nodes[NET_NODES_MAX];
static int node_count;
static struct kl_id tallies[NET_TALLIES_MAX];
static struct kl_tally_call calls[NET_TALLIES_MAX];
static struct kl_tally_roster rosters[NET_TALLIES_MAX];
static int tally_count;
static uint64_t called_ms;

/* ---- luck, time and words ------------------------------------------------------------------- */

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

/* ---- feeds ---------------------------------------------------------------------------------- */

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
		net_plan((struct net_event){.at = now_ms + 5 + net_random(60),
			.what = MESSAGE,
			.node = to,
			.author = author,
			.seq = seq,
			.erased = erased});
}

/* ---- a node --------------------------------------------------------------------------------- */

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
	net_plan((struct net_event){
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
	net_watch(node, effect->u.append.kind, kl_bytes(payload, len));
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
		net_watch_certificates();
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
	case KL_TALLY_KEY_UNLINK: /* the rest of the update is done all the same */
		if (happens(options.commit_fails))
			return true;
		secret_of(n, &effect->tally)->key_here = false;
		queue(n, (struct todo){.kind = KL_TALLY_UNLINKED, .tally = effect->tally});
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
		if (happens(options.commit_fails))
			return true;
		drop_effect(n, effect);
		queue(n, (struct todo){.kind = KL_TALLY_DROPPED, .tally = effect->tally});
		return true;
	case KL_TALLY_REPLAY:
		queue_feeds(n);
		return true;
	case KL_TALLY_NOTE:
		trace((int)(n - nodes), "tally %d is %s", net_index_of(&effect->tally),
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
			event->u.record.roster = &rosters[net_index_of(&r->id)];
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
			net_plan((struct net_event){
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

static void receive(struct node *n, const struct net_event *event)
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

	net_plan((struct net_event){
		.at = now_ms + 200 + net_random(400), .what = SYNC, .node = node});
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
				net_plan((struct net_event){.at = now_ms + 5 + s - n->have[a],
					.what = MESSAGE,
					.node = node,
					.author = a,
					.seq = s,
					.erased = is_erased(&nodes[peer], a, s)});
		}
	}
}

static void handle(const struct net_event *event)
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
	while (net_next_at() <= until_ms) {
		struct net_event event = net_next_event();

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

/* ---- stories -------------------------------------------------------------------------------- */

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
	tally_count = 0;
	net_watch_begin();
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
		net_plan((struct net_event){.at = now_ms, .what = UP, .node = i});
		net_plan((struct net_event){
			.at = now_ms + net_random(400), .what = SYNC, .node = i});
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
	}
	kl_tally_roster_deinit(&net_roster);
	memset(nodes, 0, sizeof(nodes));
	net_forget_events();
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

/* ---- calls and answers ---------------------------------------------------------------------- */

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

/* ---- for the observer ----------------------------------------------------------------------- */

int net_tallies(void)
{
	return tally_count;
}

size_t net_have(int node, int author)
{
	return nodes[node].have[author];
}

bool net_is_erased(int node, int author, size_t seq)
{
	return is_erased(&nodes[node], author, seq);
}

bool net_has_key(int node, int tally)
{
	return secret_of(&nodes[node], &tallies[tally])->key_here;
}

const struct kl_tally_call *net_terms_of(int tally)
{
	return &calls[tally];
}

const struct kl_tally_roster *net_roster_of(int tally)
{
	return &rosters[tally];
}

uint16_t net_minimum(void)
{
	return options.minimum;
}
