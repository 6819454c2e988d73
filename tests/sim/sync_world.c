#include "tests/sim/sync_world.h"
#include "core/hash.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node nodes[NODES];
struct luck luck;
uint64_t now, seed_now;
bool trace, failed;

static struct event **heap;
static size_t n_heap, heap_capacity;
static uint64_t order, random_state;

/* ---- records, made once -------------------------------------------------------------------- */

struct kl_sign_keys keys[MEMBERS];
struct kl_id network;
struct made *pool[FEEDS][2]; /* by author and branch; [seq - 1] */

size_t past(int author)
{
	return author == LONG ? LONG_PAST : author == 0 ? MEMBERS - 1 : author == AGAIN ? 0 : PAST;
}

size_t length(int author)
{
	return author == 0 ? ROSTER : past(author) + LIVE;
}

struct kl_feed_key feed_of(int author)
{
	return author == AGAIN ? (struct kl_feed_key){keys[FORKER].public_key, 1}
			       : (struct kl_feed_key){keys[author].public_key, 0};
}

int author_of(const struct kl_feed_key *key)
{
	for (int a = 0; a < MEMBERS; a++)
		if (kl_id_equal(&key->author, &keys[a].public_key))
			return key->epoch ? AGAIN : a;
	abort();
}

bool ends(int node, int author)
{
	size_t n = nodes[node].stores[0].n;

	return author == LEAVER ? n >= MEMBERS : author == FORKER && n == ROSTER;
}

bool is_whole(int node)
{
	struct kl_feed_key key = feed_of(FORKER);
	struct kl_feed_state state;

	return !kl_sync_feed(nodes[node].sync, &key, &state) && state.head.seq == COMMON;
}

static void make_branch(int author, int branch)
{
	struct kl_author by = {network, feed_of(author), &keys[author == AGAIN ? FORKER : author]};
	struct kl_head head = {0, {{0}}};
	size_t n = length(author);

	pool[author][branch] = calloc(n, sizeof(struct made));
	for (size_t i = 0; i < n; i++) {
		struct made *m = &pool[author][branch][i];
		size_t len = i % 9 == 8 ? sizeof m->payload : 40 + i % 50;
		uint64_t time = 1700000000000 + i + (i >= COMMON ? (uint64_t)branch : 0);

		memset(m->payload, (int)i, len);
		if (kl_record_make(&by, &head, KL_KIND_LESSON, time, kl_bytes(m->payload, len),
			    &m->memory, &m->record))
			abort();
		head = (struct kl_head){i + 1, m->record.id};
	}
}

void make_records(void)
{
	for (int a = 0; a < MEMBERS; a++) {
		uint8_t seed[KL_SEED_BYTES] = {(uint8_t)(a + 1), 77};

		kl_sign_keys_from_seed(seed, &keys[a]);
	}
	kl_network_id(
		&keys[0].public_key, "Simulation", (const uint8_t *)"0123456789abcdef", &network);
	for (int a = 0; a < FEEDS; a++)
		make_branch(a, 0);
	make_branch(FORKER, 1);
}

void free_records(void)
{
	for (int a = 0; a < FEEDS; a++)
		for (int b = 0; b < 2; b++)
			free(pool[a][b]);
	free(heap);
}

/* ---- verifications, remembered ------------------------------------------------------------- */

enum { MEMORY = 1 << 14 };
static struct {
	bool used, valid;
	struct kl_id of;
} memory[MEMORY];

static bool remembered_verify(void *context, const struct kl_id *public_key,
	struct kl_bytes message, const uint8_t signature[KL_SIGNATURE_BYTES])
{
	struct kl_bytes parts[] = {
		kl_id_bytes(public_key), message, kl_bytes(signature, KL_SIGNATURE_BYTES)};
	struct kl_id of;
	uint32_t slot;

	kl_hash_of("sim", parts, 3, &of);
	slot = kl_get_u32(of.b) % MEMORY;
	if (!memory[slot].used || !kl_id_equal(&memory[slot].of, &of)) {
		memory[slot].used = true;
		memory[slot].of = of;
		memory[slot].valid = kl_verify_ed25519(context, public_key, message, signature);
	}
	return memory[slot].valid;
}

struct kl_verifier verifier = {remembered_verify, NULL, 0};

/* ---- luck ---------------------------------------------------------------------------------- */

void begin_world(uint64_t seed)
{
	seed_now = seed;
	random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 88172645463325252u;
	for (int i = 0; i < 8; i++)
		chance(2);
	now = order = 0;
	failed = false;
}

uint32_t chance(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 11) % n);
}

bool faulty(unsigned per_mille)
{
	return now < FAULTS_MS && chance(1000) < per_mille;
}

void tell(int node, const char *format, ...)
{
	va_list ap;

	if (!trace)
		return;
	printf("# [%6" PRIu64 "] %2d ", now, node);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	putchar('\n');
}

void fail(const char *format, ...)
{
	va_list ap;

	printf("# seed %" PRIu64 " at %" PRIu64 " ms: ", seed_now, now);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	putchar('\n');
	failed = true;
}

/* ---- events in the order of time ----------------------------------------------------------- */

static bool before(const struct event *a, const struct event *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

struct event *post(enum what what, int node, uint64_t delay)
{
	struct event *e = calloc(1, sizeof *e);
	size_t i;

	e->what = what;
	e->node = node;
	e->life = nodes[node].life;
	e->at = now + delay;
	e->order = order++;
	if (n_heap == heap_capacity) {
		heap_capacity = heap_capacity ? 2 * heap_capacity : 1024;
		heap = realloc(heap, heap_capacity * sizeof *heap);
	}
	for (i = n_heap++; i && before(e, heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = e;
	return e;
}

struct event *next_event(void)
{
	struct event *first, *last;
	size_t i = 0;

	if (!n_heap)
		return NULL;
	first = heap[0];
	last = heap[--n_heap];
	while (2 * i + 1 < n_heap) {
		size_t child = 2 * i + 1;

		if (child + 1 < n_heap && before(heap[child + 1], heap[child]))
			child++;
		if (!before(heap[child], last))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = last;
	return first;
}

/* ---- the network --------------------------------------------------------------------------- */

bool apart(int a, int b)
{
	return now >= luck.apart_from && now < luck.apart_to &&
	       (luck.apart_mask >> a & 1) != (luck.apart_mask >> b & 1);
}

static void deliver(int from, uint32_t link, struct kl_bytes bytes)
{
	const struct peer_link *l = &nodes[from].links[link];
	struct event *e;

	if (l->peer == LINK_FREE || apart(from, l->peer) || faulty(luck.drop))
		return;
	e = post(FRAME, l->peer, 1 + chance(60));
	e->link = l->theirs;
	e->session = l->session;
	e->len = bytes.len;
	e->bytes = malloc(bytes.len ? bytes.len : 1);
	memcpy(e->bytes, bytes.data, bytes.len);
	if (bytes.len && faulty(luck.damage))
		e->bytes[chance((uint32_t)bytes.len)] ^= (uint8_t)(1u << chance(8));
}

void send_frame(int from, uint32_t link, struct kl_bytes bytes)
{
	deliver(from, link, bytes);
	if (faulty(luck.twice))
		deliver(from, link, bytes);
}
