/* What was written and who holds it: feeds in one or two branches, and how they come to others. */
#include "tests/sim/tally_inside.h"
#include "tests/sim/tally_said.h"

#include "core/hash.h"

#include <stdlib.h>
#include <string.h>

struct net_feed net_feeds[NET_NODES_MAX];

/* A second story: `feed` goes on where `common` records are told by both. */
struct fork {
	bool is;
	size_t common;
	uint64_t side;
	struct net_feed feed;
};

static struct fork forks[NET_NODES_MAX];
static bool ended[NET_NODES_MAX];
static size_t ends[NET_NODES_MAX];
static uint64_t deaf_to[NET_NODES_MAX]; /* for each node: from whom nothing comes */
static uint64_t outside;                /* nodes that nobody links with */

void net_feeds_end(void)
{
	for (int i = 0; i < NET_NODES_MAX; i++) {
		struct net_feed *both[2] = {&net_feeds[i], &forks[i].feed};

		for (unsigned b = 0; b < 2; b++) {
			for (size_t s = 0; s < both[b]->count; s++)
				free(both[b]->records[s].payload);
			free(both[b]->records);
		}
	}
	memset(net_feeds, 0, sizeof(net_feeds));
	memset(forks, 0, sizeof(forks));
	memset(ended, 0, sizeof(ended));
	memset(deaf_to, 0, sizeof(deaf_to));
	outside = 0;
}

/* ---- lines ---------------------------------------------------------------------------------- */

void net_cut(uint64_t from, uint64_t to)
{
	for (int i = 0; i < net_nodes(); i++) {
		if (to & NET_BIT(i))
			deaf_to[i] |= from & ~NET_BIT(i);
	}
}

void net_heal(void)
{
	memset(deaf_to, 0, sizeof(deaf_to));
}

void net_link(int node, bool linked)
{
	outside = linked ? outside & ~NET_BIT(node) : outside | NET_BIT(node);
}

bool net_is_linked(int node)
{
	return !(outside & NET_BIT(node));
}

static bool reaches(int from, int to)
{
	return !((deaf_to[to] | outside) & NET_BIT(from)) && net_is_linked(to);
}

/* ---- records -------------------------------------------------------------------------------- */

const struct net_record *net_record_at(int author, unsigned branch, size_t seq)
{
	const struct fork *fork = &forks[author];

	if (branch && fork->is && seq >= fork->common)
		return &fork->feed.records[seq - fork->common];
	return &net_feeds[author].records[seq];
}

size_t net_length(int author, unsigned branch)
{
	const struct fork *fork = &forks[author];

	if (!branch)
		return net_feeds[author].count;
	return fork->is ? fork->common + fork->feed.count : 0;
}

const struct net_record *net_held(int node, int author, size_t seq)
{
	return net_record_at(author, node < 0 ? 0 : net_node[node].holds[author].branch, seq);
}

size_t net_have(int node, int author)
{
	return net_node[node].holds[author].have;
}

const struct net_record *net_find(const struct kl_id *id)
{
	for (int a = 0; a < net_nodes(); a++) {
		for (unsigned b = 0; b < 2; b++) {
			for (size_t s = b ? forks[a].common : 0; s < net_length(a, b); s++) {
				if (kl_id_equal(&net_record_at(a, b, s)->id, id))
					return net_record_at(a, b, s);
			}
		}
	}
	return NULL;
}

static size_t header_of(int author, unsigned branch, size_t seq, const struct net_record *r,
	uint8_t ret_header[KL_HEADER_MAX])
{
	struct kl_header h = {.author = net_node[author].id,
		.seq = seq + 1,
		.kind = r->kind,
		.time_ms = r->time_ms,
		.payload_len = (uint32_t)r->len,
		.payload_hash = r->hash};
	const struct kl_feed_key feed = {.author = h.author};

	kl_key_id(&h.author, h.key_id);
	if (seq)
		h.prev = net_record_at(author, branch, seq - 1)->id;
	else
		kl_genesis(&net_network, &feed, &h.prev);
	return kl_header_encode(&h, ret_header);
}

static size_t append(int author, unsigned branch, uint32_t kind, const void *payload, size_t len)
{
	struct net_feed *feed = branch ? &forks[author].feed : &net_feeds[author];
	size_t seq = net_length(author, branch);
	uint8_t header[KL_HEADER_MAX];
	struct net_record *r;

	KL_ASSERT(!branch || forks[author].is);
	if (feed->count == feed->capacity) {
		feed->capacity = feed->capacity ? 2 * feed->capacity : 32;
		feed->records = realloc(feed->records, feed->capacity * sizeof(*feed->records));
		KL_ASSERT(feed->records);
	}
	r = &feed->records[feed->count];
	r->kind = kind;
	r->time_ms = net_now();
	r->len = len;
	r->payload = malloc(len + 1);
	KL_ASSERT(r->payload);
	memcpy(r->payload, payload, len);
	kl_blake2b(kl_bytes(payload, len), &r->hash);
	kl_record_id(kl_bytes(header, header_of(author, branch, seq, r, header)), &r->id);
	net_read_said(kind, kl_bytes(r->payload, len), &r->said);
	feed->count++;
	return seq;
}

static void send_to(int to, int author, unsigned branch, size_t seq)
{
	unsigned drop = net_options_now.drop;
	unsigned copies = net_happens(drop) ? 0 : net_happens(drop) ? 2 : 1;

	for (; copies > 0 && reaches(author, to); copies--)
		net_plan((struct net_event){.at = net_now() + 5 + net_random(60),
			.what = MESSAGE,
			.node = to,
			.author = author,
			.branch = branch,
			.seq = seq});
}

static bool is_told(int node, int author, unsigned branch)
{
	return !forks[author].is || branch == (forks[author].side >> node & 1);
}

static void say_record(int author, unsigned branch, const struct net_record *r)
{
	char text[NET_TEXT_MAX];

	if (!net_trace || r->kind == KL_KIND_TALLY_SHARE)
		return;
	net_text_of(r->kind, kl_bytes(r->payload, r->len), &r->id, text);
	if (r->kind == KL_KIND_TALLY_CALL)
		net_say(author, "%s", text);
	else
		net_say(author, "tally %d: %s%s", r->said.tally, text,
			branch ? " (its second story)" : "");
}

size_t net_write(int author, unsigned branch, uint32_t kind, const void *payload, size_t len)
{
	size_t seq = append(author, branch, kind, payload, len);
	const struct net_record *r = net_record_at(author, branch, seq);

	say_record(author, branch, r);
	net_watch_written(author, r);
	if (!branch) {
		net_node[author].holds[author].have = seq + 1;
		net_tell(author,
			(struct net_todo){.kind = KL_TALLY_RECORD, .author = author, .seq = seq});
	}
	for (int i = 0; i < net_nodes(); i++) {
		if (i != author && is_told(i, author, branch))
			send_to(i, author, branch, seq);
	}
	return seq;
}

/* ---- forks and ends ------------------------------------------------------------------------- */

void net_fork(int node, uint64_t side)
{
	if (forks[node].is)
		return;
	forks[node].is = true;
	forks[node].common = net_feeds[node].count;
	forks[node].side = side & ~NET_BIT(node);
	net_say(node, "tells two stories from record %zu on", forks[node].common + 1);
}

bool net_has_forked(int node)
{
	return forks[node].is;
}

size_t net_certain(int author)
{
	size_t certain = net_feeds[author].count;

	if (forks[author].is)
		certain = forks[author].common;
	return ended[author] && ends[author] < certain ? ends[author] : certain;
}

bool net_is_frozen(int node, int author)
{
	return net_node[node].holds[author].frozen;
}

void net_tell_loose(int node, int author)
{
	const struct net_holding *h = &net_node[node].holds[author];
	size_t from = h->have;

	if (h->frozen && forks[author].common < from)
		from = forks[author].common;
	if (ended[author] && ends[author] < from && node != author)
		from = ends[author];
	for (; from < h->have; from++)
		net_tell(node,
			(struct net_todo){.kind = KL_TALLY_FROZEN, .author = author, .seq = from});
}

/* Two certified records stand at one place: from there on nothing more of this feed is taken. */
static void freeze(int node, int author)
{
	struct net_holding *h = &net_node[node].holds[author];

	if (h->frozen || node == author)
		return;
	h->frozen = true;
	net_say(node, "sees that node %d has forked", author);
	net_tell_loose(node, author);
}

/* Whoever holds more than everybody will ever get has to show it. */
void net_end_feed(int author, size_t count)
{
	ended[author] = true;
	ends[author] = count;
	for (int i = 0; i < net_nodes(); i++) {
		if (net_node[i].up && i != author) {
			net_tell_loose(i, author);
			net_work(i);
		}
	}
}

bool net_has_ended(int author)
{
	return ended[author];
}

size_t net_readable(int node, int author)
{
	const struct net_holding *h = &net_node[node].holds[author];

	return h->frozen && h->have > forks[author].common ? forks[author].common : h->have;
}

static bool beyond_fork(int node, int author)
{
	return forks[author].is && net_node[node].holds[author].have > forks[author].common;
}

/* ---- whole records -------------------------------------------------------------------------- */

static void write_whole(
	int author, unsigned branch, size_t seq, const struct net_record *r, struct kl_writer *w)
{
	static const char tag[] = KL_TAG_SIGNATURE;
	uint8_t header[KL_HEADER_MAX], signature[KL_SIGNATURE_BYTES];
	uint8_t message[sizeof(tag) - 1 + 2 * KL_ID_BYTES];
	struct kl_record record = {.payload = kl_bytes(r->payload, r->len),
		.signature = kl_bytes(signature, sizeof(signature))};

	record.header = kl_bytes(header, header_of(author, branch, seq, r, header));
	memcpy(message, tag, sizeof(tag) - 1);
	memcpy(message + sizeof(tag) - 1, net_network.b, KL_ID_BYTES);
	memcpy(message + sizeof(tag) - 1 + KL_ID_BYTES, r->id.b, KL_ID_BYTES);
	net_sign(author, kl_bytes(message, sizeof(message)), signature);
	kl_record_write(w, &record);
}

/* The record of that id inside of an EVIDENCE. */
static bool write_inner(
	const struct net_record *evidence, const struct kl_id *id, struct kl_writer *w)
{
	struct kl_tally_evidence inner;
	struct kl_record record;

	if (evidence->kind != KL_KIND_TALLY_EVIDENCE ||
		kl_tally_evidence_read(kl_bytes(evidence->payload, evidence->len), &inner))
		return false;
	for (unsigned i = 0; i < inner.count; i++) {
		if (kl_record_decode(inner.records[i], &record) || !kl_id_equal(&record.id, id))
			continue;
		kl_write_raw(w, inner.records[i]);
		return true;
	}
	return false;
}

bool net_whole(int node, const struct kl_tally_source *source, struct kl_writer *w)
{
	bool inner = !kl_id_is_zero(&source->within);
	const struct kl_id *id = inner ? &source->within : &source->record;

	for (int a = 0; a < net_nodes(); a++) {
		for (size_t s = 0; s < net_have(node, a); s++) {
			const struct net_record *r = net_held(node, a, s);

			if (!kl_id_equal(&r->id, id))
				continue;
			if (inner)
				return write_inner(r, &source->record, w);
			write_whole(a, net_node[node].holds[a].branch, s, r, w);
			return true;
		}
	}
	return false;
}

bool net_whole_record(int node, const struct kl_id *id, struct kl_writer *w)
{
	const struct kl_tally_source source = {.record = *id};

	return net_whole(node, &source, w);
}

/* ---- coming to others ----------------------------------------------------------------------- */

void net_erase(int node, int author, size_t seq)
{
	struct net_holding *h = &net_node[node].holds[author];

	if (seq >= h->erased_len) {
		size_t more = seq + 64;

		h->erased = realloc(h->erased, more);
		KL_ASSERT(h->erased);
		memset(h->erased + h->erased_len, 0, more - h->erased_len);
		h->erased_len = more;
	}
	h->erased[seq] = 1;
}

bool net_is_erased(int node, int author, size_t seq)
{
	const struct net_holding *h = &net_node[node].holds[author];

	return seq < h->erased_len && h->erased[seq];
}

/* Whether a record that comes now is the next one of this feed here. */
static bool fits(int node, const struct net_event *m)
{
	struct net_holding *h = &net_node[node].holds[m->author];
	const struct fork *fork = &forks[m->author];

	if (ended[m->author] && m->seq >= ends[m->author])
		return false;
	if (fork->is && m->seq >= fork->common) {
		if (beyond_fork(node, m->author) && h->branch != m->branch)
			freeze(node, m->author);
		if (h->frozen)
			return false;
		if (h->have == fork->common)
			h->branch = m->branch;
	}
	return m->seq == h->have;
}

void net_receive(int node, const struct net_event *m)
{
	struct net_node *n = &net_node[node];

	if (!n->up || net_happens(net_options_now.commit_fails) || !fits(node, m))
		return;
	if (m->erased)
		net_erase(node, m->author, m->seq);
	n->holds[m->author].have++;
	net_tell(node,
		(struct net_todo){.kind = KL_TALLY_RECORD, .author = m->author, .seq = m->seq});
	net_work(node);
}

/* Proofs travel with everything else; and who serves a record that contradicts ours proves it. */
static void compare_branches(int node, int peer, int author)
{
	struct net_holding *mine = &net_node[node].holds[author];
	struct net_holding *theirs = &net_node[peer].holds[author];

	if (!forks[author].is)
		return;
	if (beyond_fork(node, author) && beyond_fork(peer, author) &&
		mine->branch != theirs->branch) {
		freeze(node, author);
		freeze(peer, author);
	}
	if (theirs->frozen)
		freeze(node, author);
}

static void fetch_from(int node, int peer, int author)
{
	const struct net_holding *theirs = &net_node[peer].holds[author];
	size_t from = net_node[node].holds[author].have, to = net_readable(peer, author);

	for (size_t s = from; s < to && s < from + 20; s++) {
		if (!net_happens(net_options_now.drop))
			net_plan((struct net_event){.at = net_now() + 5 + s - from,
				.what = MESSAGE,
				.node = node,
				.author = author,
				.branch = theirs->branch,
				.seq = s,
				.erased = net_is_erased(peer, author, s)});
	}
}

/* Only once after a call: later on nothing but the machine's own wishes wakes it. */
static void hear(int node, int peer)
{
	struct net_holding *h = &net_node[node].holds[peer];

	if (h->heard_at >= net_called_ms() && h->heard_at > 0)
		return;
	h->heard_at = net_now();
	net_tell(node, (struct net_todo){.kind = KL_TALLY_HEARD, .author = peer});
	net_work(node);
}

/* Asks somebody for what is missing. */
void net_synchronise(int node)
{
	uint64_t every = net_options_now.sync_ms;
	int peer = (int)net_random((uint64_t)net_nodes());

	net_plan((struct net_event){
		.at = net_now() + every / 2 + net_random(every), .what = SYNC, .node = node});
	if (peer == node || !net_node[node].up || !net_node[peer].up || !reaches(peer, node) ||
		!reaches(node, peer))
		return;
	hear(node, peer);
	for (int a = 0; a < net_nodes(); a++) {
		compare_branches(node, peer, a);
		if (net_node[node].holds[a].have < net_node[peer].holds[a].have)
			fetch_from(node, peer, a);
	}
	net_work(node);
	net_work(peer);
}
