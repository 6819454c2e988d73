/* The observer, at each record: what honest nodes may say, and what must never be certified. */
#include "core/metric.h"
#include "tests/sim/tally_end.h"

#include <string.h>

enum { VOTES_MAX = 256 };

struct watched {
	struct kl_committee committee;
	int nodes[KL_SEATS_MAX];
	uint16_t lying;
	struct {
		uint8_t seat;
		uint32_t attempt;
		struct kl_id proposal;
	} votes[VOTES_MAX];
	unsigned vote_count;
	uint16_t skips[KL_TALLY_ATTEMPTS_MAX];
	bool certified;
	struct kl_id certificate;
};

static struct watched watched[NET_TALLIES_MAX];
static uint64_t false_nodes;

void net_watch_begin(void)
{
	memset(watched, 0, sizeof(watched));
	false_nodes = 0;
	net_end_begin();
}

void net_watch_end(void)
{
	net_end_end();
}

/* ---- who sits and who lies ------------------------------------------------------------------ */

int net_index_of(const struct kl_id *tally)
{
	for (int i = 0; i < net_tallies(); i++) {
		if (kl_id_equal(net_tally(i), tally))
			return i;
	}
	return -1;
}

const struct kl_committee *net_committee(int tally)
{
	struct watched *w = &watched[tally];
	struct kl_tally_view view;

	for (int i = 0; i < net_nodes() && !w->committee.n; i++) {
		if (!net_book(i) || kl_tallies_view(net_book(i), net_tally(tally), &view))
			continue;
		w->committee = view.committee;
		for (unsigned j = 0; j < w->committee.n; j++)
			w->nodes[j] = net_node_of(&view.seats[j].member);
	}
	return &w->committee;
}

int net_seat_node(int tally, unsigned seat)
{
	return seat >= 1 && seat <= net_committee(tally)->n ? watched[tally].nodes[seat - 1] : -1;
}

unsigned net_seat_of(int tally, int node)
{
	unsigned n = net_committee(tally)->n;

	for (unsigned seat = 1; seat <= n; seat++) {
		if (watched[tally].nodes[seat - 1] == node)
			return seat;
	}
	return 0;
}

void net_set_lying(int tally, uint16_t seats)
{
	watched[tally].lying = seats;
}

uint16_t net_lying(int tally)
{
	return watched[tally].lying;
}

bool net_is_lying(int tally, unsigned seat)
{
	return seat && (watched[tally].lying >> (seat - 1) & 1);
}

void net_set_false(int node)
{
	false_nodes |= NET_BIT(node);
}

bool net_is_false(int node)
{
	return false_nodes & NET_BIT(node);
}

/* The seat that a record was really said for: its author must hold it. */
static unsigned seat_of_record(int author, const struct net_record *r)
{
	if (r->said.tally < 0 || !r->said.seat ||
		net_seat_node(r->said.tally, r->said.seat) != author)
		return 0;
	return r->said.seat;
}

/* ---- certificates and failures, wherever their records are ---------------------------------- */

static unsigned voters(const struct watched *w, uint32_t attempt, const struct kl_id *proposal)
{
	uint16_t seats = 0;

	for (unsigned i = 0; i < w->vote_count; i++) {
		if (w->votes[i].attempt == attempt && kl_id_equal(&w->votes[i].proposal, proposal))
			seats |= (uint16_t)(1U << (w->votes[i].seat - 1));
	}
	return (unsigned)__builtin_popcount(seats);
}

static bool is_certificate(const struct watched *w, uint32_t attempt, const struct kl_id *proposal)
{
	for (uint32_t a = 0; a < attempt; a++) {
		if (a >= KL_TALLY_ATTEMPTS_MAX || __builtin_popcount(w->skips[a]) < w->committee.qv)
			return false;
	}
	return voters(w, attempt, proposal) >= w->committee.qv;
}

static void look_for_certificates(int tally)
{
	struct watched *w = &watched[tally];

	for (unsigned i = 0; i < w->vote_count; i++) {
		const struct kl_id *proposal = &w->votes[i].proposal;

		if (!is_certificate(w, w->votes[i].attempt, proposal))
			continue;
		if (w->certified && !kl_id_equal(&w->certificate, proposal))
			net_fail("tally %d has two certificates", tally);
		w->certified = true;
		w->certificate = *proposal;
	}
}

bool net_certificate(int tally, struct kl_id *ret_proposal)
{
	*ret_proposal = watched[tally].certificate;
	return watched[tally].certified;
}

void net_watch_written(int node, const struct net_record *r)
{
	unsigned seat = seat_of_record(node, r);
	struct watched *w;

	if (!seat)
		return;
	w = &watched[r->said.tally];
	if (r->kind == KL_KIND_TALLY_VOTE && w->vote_count < VOTES_MAX) {
		w->votes[w->vote_count].seat = (uint8_t)seat;
		w->votes[w->vote_count].attempt = r->said.attempt;
		w->votes[w->vote_count++].proposal = r->said.about;
	} else if (r->kind == KL_KIND_TALLY_SKIP && r->said.attempt < KL_TALLY_ATTEMPTS_MAX) {
		w->skips[r->said.attempt] |= (uint16_t)(1U << (seat - 1));
	} else {
		return;
	}
	look_for_certificates(r->said.tally);
}

/* ---- what one honest seat may say ----------------------------------------------------------- */

/* A record of its own that a node has written in a tally: the first one of that kind and attempt. */
static const struct net_record *own_record(int node, int tally, uint32_t kind, uint32_t attempt)
{
	for (size_t s = 0; s < net_feeds[node].count; s++) {
		const struct net_record *r = &net_feeds[node].records[s];

		if (r->kind == kind && r->said.tally == tally && r->said.attempt == attempt)
			return r;
	}
	return NULL;
}

/* The seat of a record, if it is the VOTE for something, or SKIP (about NULL), that is looked for. */
static uint16_t matching(const struct net_record *r, int tally, uint32_t kind, uint32_t attempt,
	const struct kl_id *about)
{
	if (!r || r->kind != kind || r->said.tally != tally || r->said.attempt != attempt ||
		!r->said.seat || (about && !kl_id_equal(&r->said.about, about)))
		return 0;
	return (uint16_t)(1U << (r->said.seat - 1));
}

/* The same out of an EVIDENCE: there it counts by its own signature. */
static uint16_t matching_shown(const struct net_record *evidence, int tally, uint32_t kind,
	uint32_t attempt, const struct kl_id *about)
{
	struct kl_tally_evidence shown;
	struct kl_record record;
	uint16_t seats = 0;

	if (evidence->kind != KL_KIND_TALLY_EVIDENCE ||
		kl_tally_evidence_read(kl_bytes(evidence->payload, evidence->len), &shown))
		return 0;
	for (unsigned i = 0; i < shown.count; i++) {
		const struct net_record *r;

		if (kl_record_decode(shown.records[i], &record) || !(r = net_find(&record.id)))
			continue;
		if (net_seat_node(tally, r->said.seat) == net_node_of(&record.h.author))
			seats |= matching(r, tally, kind, attempt, about);
	}
	return seats;
}

/* Seats whose VOTE for something, or SKIP (about NULL), a node holds. */
static uint16_t held_from(
	int node, int tally, uint32_t kind, uint32_t attempt, const struct kl_id *about)
{
	uint16_t seats = 0;

	for (int a = 0; a < net_nodes(); a++) {
		unsigned seat = net_seat_of(tally, a);

		for (size_t s = 0; s < net_have(node, a); s++) {
			const struct net_record *r = net_held(node, a, s);

			if (seat && r->said.seat == seat)
				seats |= matching(r, tally, kind, attempt, about);
			seats |= matching_shown(r, tally, kind, attempt, about);
		}
	}
	return seats;
}

bool net_has_failed(int node, int tally)
{
	const struct kl_committee *c = net_committee(tally);

	return c->n &&
	       __builtin_popcount(held_from(node, tally, KL_KIND_TALLY_QUIT, 0, NULL)) >= c->qv;
}

static bool holds_skips_below(int node, int tally, uint32_t attempt)
{
	for (uint32_t a = 0; a < attempt; a++) {
		if (__builtin_popcount(held_from(node, tally, KL_KIND_TALLY_SKIP, a, NULL)) <
			net_committee(tally)->qv)
			return false;
	}
	return true;
}

static void watch_vote(int node, const struct net_said *said)
{
	NET_CHECK(!own_record(node, said->tally, KL_KIND_TALLY_VOTE, said->attempt),
		"node %d votes twice in attempt %u", node, said->attempt);
	NET_CHECK(!own_record(node, said->tally, KL_KIND_TALLY_SKIP, said->attempt),
		"node %d votes in attempt %u, which it skipped", node, said->attempt);
	NET_CHECK(holds_skips_below(node, said->tally, said->attempt),
		"node %d votes in attempt %u, which is not open", node, said->attempt);
}

static void watch_skip(int node, const struct net_said *said)
{
	NET_CHECK(!own_record(node, said->tally, KL_KIND_TALLY_VOTE, said->attempt),
		"node %d skips attempt %u, in which it voted", node, said->attempt);
	NET_CHECK(!own_record(node, said->tally, KL_KIND_TALLY_SKIP, said->attempt),
		"node %d skips attempt %u twice", node, said->attempt);
}

/* A QUIT names exactly the VOTEs that stand in the feed. */
static void watch_quit(int node, const struct net_said *said, struct kl_bytes payload)
{
	struct kl_tally_quit quit;
	unsigned votes = 0;

	NET_CHECK(kl_tally_quit_read(payload, &quit) == KL_OK, "a QUIT that nobody can read");
	for (size_t s = 0; s < net_feeds[node].count; s++) {
		const struct net_record *r = &net_feeds[node].records[s];
		bool named = false;

		if (r->said.tally != said->tally)
			continue;
		NET_CHECK(r->kind != KL_KIND_TALLY_OPEN, "node %d quits after its OPEN", node);
		if (r->kind != KL_KIND_TALLY_VOTE)
			continue;
		votes++;
		for (unsigned i = 0; i < quit.vote_count; i++)
			named |= kl_id_equal(&quit.votes[i].vote, &r->id);
		NET_CHECK(named, "node %d quits and hides a vote", node);
	}
	NET_CHECK(votes == quit.vote_count, "node %d quits and invents a vote", node);
}

static void watch_open(int node, const struct net_said *said, struct kl_bytes payload)
{
	const struct kl_committee *c = net_committee(said->tally);
	struct kl_tally_open open;
	unsigned votes;

	NET_CHECK(kl_tally_open_read(payload, &open) == KL_OK, "an OPEN that nobody can read");
	votes = (unsigned)__builtin_popcount(
		held_from(node, said->tally, KL_KIND_TALLY_VOTE, open.attempt, &open.proposal));
	NET_CHECK(votes >= c->qv, "node %d opens with %u of %u votes", node, votes, c->qv);
	NET_CHECK(holds_skips_below(node, said->tally, open.attempt),
		"node %d opens what was voted for in an attempt that is not open", node);
	NET_CHECK(open.vote_count == c->qv, "an OPEN cites %u votes", open.vote_count);
	NET_CHECK(open.skip_count == c->qv * open.attempt, "an OPEN of attempt %u cites %u skips",
		open.attempt, open.skip_count);
	kl_tally_open_deinit(&open);
	net_watch_opened(node, said, payload);
}

static void watch_seat(
	int node, uint32_t kind, const struct net_said *said, struct kl_bytes payload)
{
	NET_CHECK(!own_record(node, said->tally, KL_KIND_TALLY_QUIT, 0) ||
			  kind == KL_KIND_TALLY_EVIDENCE,
		"node %d says %s after its QUIT", node, kl_kind_name(kind));
	switch (kind) {
	case KL_KIND_TALLY_VOTE:
		watch_vote(node, said);
		break;
	case KL_KIND_TALLY_SKIP:
		watch_skip(node, said);
		break;
	case KL_KIND_TALLY_QUIT:
		watch_quit(node, said, payload);
		break;
	case KL_KIND_TALLY_OPEN:
		watch_open(node, said, payload);
		break;
	case KL_KIND_TALLY_INTAKE:
		net_watch_intake(node, said, payload);
		break;
	case KL_KIND_TALLY_ACCEPT:
		NET_CHECK(!own_record(node, said->tally, KL_KIND_TALLY_ACCEPT, 0),
			"node %d accepts twice", node);
		break;
	default:
		break;
	}
}

/* ---- any record of an honest node ----------------------------------------------------------- */

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
	for (int i = 0; i < net_tallies(); i++) {
		const struct kl_committee *c = net_committee(i);
		struct kl_cells cells;

		if (c->n == 0 || kl_tally_call_cells(net_terms_of(i), &cells))
			continue;
		if (payload.len == kl_share_blob_len(c, 1, cells.total) ||
			payload.len == kl_share_blob_len(c, c->n, cells.total))
			return;
	}
	net_fail("a SHARE of %zu bytes", payload.len);
}

void net_watch(int node, uint32_t kind, struct kl_bytes payload)
{
	struct net_said said;

	NET_CHECK(payload.len <= KL_PAYLOAD_MAX, "a payload of %zu bytes", payload.len);
	if (kind == KL_KIND_TALLY_CALL)
		return;
	watch_secrets(node, kind, payload);
	if (kind == KL_KIND_TALLY_SHARE) {
		watch_share(payload);
		return;
	}
	net_read_said(kind, payload, &said);
	NET_CHECK(said.tally >= 0, "node %d writes of no tally", node);
	if (said.seat && !net_is_lying(said.tally, net_seat_of(said.tally, node)))
		watch_seat(node, kind, &said, payload);
}

size_t net_count(int node, uint32_t kind)
{
	size_t count = 0;

	for (int a = 0; a < net_nodes(); a++) {
		for (size_t s = 0; (node < 0 || a == node) && s < net_feeds[a].count; s++)
			count += net_feeds[a].records[s].kind == kind;
	}
	return count;
}
