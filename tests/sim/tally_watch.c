/* The observer: what must never stand in a record, and what must hold at the end of a story. */
#include "core/metric.h"
#include "tests/sim/tally_net.h"

#include <string.h>

static bool certified_late[NET_TALLIES_MAX]; /* qv QUITs stood before any certificate */

void net_watch_begin(void)
{
	memset(certified_late, 0, sizeof(certified_late));
}

/* ---- the observer --------------------------------------------------------------------------- */

int net_index_of(const struct kl_id *tally)
{
	for (int i = 0; i < net_tallies(); i++) {
		if (kl_id_equal(net_tally(i), tally))
			return i;
	}
	return -1;
}

static struct kl_tally_view seats_of(int tally)
{
	struct kl_tally_view view;

	for (int i = 0; i < net_nodes(); i++) {
		if (net_book(i) && !kl_tallies_view(net_book(i), net_tally(tally), &view))
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

	if (net_index_of(tally) < 0)
		return false;
	view = seats_of(net_index_of(tally));
	for (unsigned j = 1; j <= view.committee.n; j++) {
		if ((seat == 0 || seat == j) &&
			kl_id_equal(&view.seats[j - 1].member, net_id(node)))
			return true;
	}
	return false;
}

/* Different seats that voted for a proposal, in what `node` holds (node < 0: anywhere). A proposal
 * belongs to one attempt: whoever votes for it in another one lies. */
static unsigned votes_for(int node, const struct kl_id *proposal)
{
	unsigned seats = 0;

	for (int a = 0; a < net_nodes(); a++) {
		size_t have = node < 0 ? net_feeds[a].count : net_have(node, a);

		for (size_t s = 0; s < have; s++) {
			const struct net_record *r = net_held(node, a, s);
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

	for (int a = 0; a < net_nodes(); a++)
		count += said(a, kind, tally) && holds(a, tally, 0);
	return count;
}

/* Whether a record is a VOTE or a SKIP in a tally, and of which attempt. */
static bool attempt_of(
	uint32_t kind, struct kl_bytes payload, const struct kl_id *tally, uint32_t *ret_attempt)
{
	struct kl_tally_vote vote;
	struct kl_tally_skip skip;

	if (kind == KL_KIND_TALLY_VOTE && !kl_tally_vote_read(payload, &vote)) {
		*ret_attempt = vote.attempt;
		return kl_id_equal(&vote.tally, tally);
	}
	if (kind == KL_KIND_TALLY_SKIP && !kl_tally_skip_read(payload, &skip)) {
		*ret_attempt = skip.attempt;
		return kl_id_equal(&skip.tally, tally);
	}
	return false;
}

/* In each attempt a seat votes once, or skips once. */
static void watch_attempt(
	int node, uint32_t kind, const struct kl_id *tally, struct kl_bytes payload)
{
	uint32_t attempt, before;

	NET_CHECK(attempt_of(kind, payload, tally, &attempt), "a vote that nobody can read");
	for (size_t s = 0; s < net_feeds[node].count; s++) {
		const struct net_record *r = &net_feeds[node].records[s];

		if (attempt_of(r->kind, kl_bytes(r->payload, r->len), tally, &before))
			NET_CHECK(before != attempt, "node %d speaks twice of attempt %u", node,
				attempt);
	}
}

/* Different seats of which `node` holds a SKIP of an attempt. */
static unsigned skips_of(int node, const struct kl_id *tally, uint32_t attempt)
{
	unsigned seats = 0;

	for (int a = 0; a < net_nodes(); a++) {
		for (size_t s = 0; s < net_have(node, a); s++) {
			const struct net_record *r = net_held(node, a, s);
			struct kl_tally_skip skip;

			if (r->kind == KL_KIND_TALLY_SKIP &&
				!kl_tally_skip_read(kl_bytes(r->payload, r->len), &skip) &&
				skip.attempt == attempt && kl_id_equal(&skip.tally, tally) &&
				holds(a, tally, skip.seat))
				seats |= 1U << skip.seat;
		}
	}
	return (unsigned)__builtin_popcount(seats);
}

static void watch_seat(int node, uint32_t kind, const struct kl_id *tally, struct kl_bytes payload)
{
	bool quit = said(node, KL_KIND_TALLY_QUIT, tally);
	struct kl_tally_open open;
	struct kl_committee c = committee_of(net_index_of(tally));

	NET_CHECK(!quit, "node %d says kind %u after its QUIT", node, kind);
	if (kind == KL_KIND_TALLY_VOTE || kind == KL_KIND_TALLY_SKIP)
		watch_attempt(node, kind, tally, payload);
	if (kind == KL_KIND_TALLY_QUIT)
		NET_CHECK(!said(node, KL_KIND_TALLY_OPEN, tally), "node %d quits after its OPEN",
			node);
	if (kind != KL_KIND_TALLY_OPEN)
		return;
	NET_CHECK(kl_tally_open_read(payload, &open) == KL_OK, "an OPEN that nobody can read");
	NET_CHECK(votes_for(node, &open.proposal) >= c.qv, "node %d opens with %u of %u votes",
		node, votes_for(node, &open.proposal), c.qv);
	NET_CHECK(open.vote_count == c.qv, "an OPEN cites %u votes", open.vote_count);
	NET_CHECK(
		open.skip_count == c.qv * open.attempt, "an OPEN cites %u skips", open.skip_count);
	for (uint32_t attempt = 0; attempt < open.attempt; attempt++)
		NET_CHECK(skips_of(node, tally, attempt) >= c.qv,
			"node %d opens and %u of %u skipped attempt %u", node,
			skips_of(node, tally, attempt), c.qv, attempt);
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
	for (int i = 0; i < net_tallies(); i++) {
		struct kl_committee c = committee_of(i);
		struct kl_cells cells;

		if (c.n == 0 || kl_tally_call_cells(net_terms_of(i), &cells))
			continue;
		if (payload.len == kl_share_blob_len(&c, 1, cells.total) ||
			payload.len == kl_share_blob_len(&c, c.n, cells.total))
			return;
	}
	net_fail("a SHARE of %zu bytes", payload.len);
}

void net_watch_certificates(void)
{
	for (int i = 0; i < net_tallies(); i++) {
		struct kl_committee c = committee_of(i);
		struct kl_id first = {0};
		unsigned certified = 0;

		if (c.n == 0)
			continue;
		for (int a = 0; a < net_nodes(); a++) {
			for (size_t s = 0; s < net_feeds[a].count; s++) {
				const struct net_record *r = &net_feeds[a].records[s];
				struct kl_tally_vote vote;

				if (r->kind != KL_KIND_TALLY_VOTE ||
					kl_tally_vote_read(kl_bytes(r->payload, r->len), &vote) ||
					!kl_id_equal(&vote.tally, net_tally(i)) ||
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
		if (!certified && sayers(KL_KIND_TALLY_QUIT, net_tally(i)) >= c.qv)
			certified_late[i] = true;
	}
}

void net_watch(int node, uint32_t kind, struct kl_bytes payload)
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
		kind == KL_KIND_TALLY_PROPOSE || kind == KL_KIND_TALLY_SKIP)
		watch_seat(node, kind, &tally, payload);
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

/* ---- the end of a story --------------------------------------------------------------------- */

struct kl_tally_view net_view(int node, int tally)
{
	struct kl_tally_view view;

	NET_CHECK(kl_tallies_view(net_book(node), net_tally(tally), &view) == KL_OK,
		"node %d does not know tally %d", node, tally);
	return view;
}

struct kl_tally_result net_result(int node, int tally, unsigned metric, unsigned cohort)
{
	struct kl_tally_result result;
	int rc = kl_tallies_result(
		net_book(node), net_tally(tally), (uint16_t)metric, (uint8_t)cohort, &result);

	NET_CHECK(rc == KL_OK, "node %d has no result (%d)", node, rc);
	return result;
}

/* The count that somebody would make who saw every answer. */
static unsigned plain_count(int node, int tally, unsigned metric, unsigned cohort, unsigned level,
	uint32_t ret_bins[KL_CELLS_BINS_MAX])
{
	const struct kl_metric *m = &net_terms_of(tally)->metrics[metric];
	unsigned n = 0;

	memset(ret_bins, 0, KL_CELLS_BINS_MAX * sizeof(*ret_bins));
	for (unsigned i = 0; i < net_roster_of(tally)->count; i++) {
		struct kl_tally_member_view member;
		int16_t bins[NET_METRICS];
		unsigned bin = 0, upper;

		NET_CHECK(kl_tallies_member(
				  net_book(node), net_tally(tally), (uint16_t)i, &member) == KL_OK,
			"no member %u", i);
		if (!member.counted || !kl_cohort_has(&net_terms_of(tally)->cohorts[cohort],
					       &net_roster_of(tally)->members[i]))
			continue;
		NET_CHECK(net_answers_of(
				  net_node_of(&net_roster_of(tally)->members[i].id), tally, bins),
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
	NET_CHECK(result.counted >= kl_audit_floor(net_terms_of(tally)->minimum, result.level),
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
	NET_CHECK(!net_has_key(node, tally), "node %d keeps its key", node);
	for (int a = 0; a < net_nodes(); a++) {
		for (size_t s = 0; s < net_have(node, a); s++) {
			const struct net_record *r = net_held(node, a, s);
			struct kl_tally_contrib contrib;

			if (r->kind != KL_KIND_TALLY_CONTRIB ||
				kl_tally_contrib_read(kl_bytes(r->payload, r->len), &contrib) ||
				!kl_id_equal(&contrib.tally, net_tally(tally)))
				continue;
			for (size_t b = 0; b < s; b++) {
				for (unsigned j = 0; j < contrib.blob_count; j++)
					NET_CHECK(!kl_id_equal(&net_held(node, a, b)->hash,
							  &contrib.blobs[j]) ||
							  net_is_erased(node, a, b),
						"node %d keeps a SHARE of node %d", node, a);
			}
		}
	}
}

enum kl_tally_state net_check(int tally)
{
	struct kl_tally_view first = {0};
	int witness = -1;

	for (int i = 0; i < net_nodes(); i++) {
		struct kl_tally_view view;

		if (!net_is_up(i))
			continue;
		for (int a = 0; a < net_nodes(); a++)
			NET_CHECK(!net_is_up(a) || net_have(i, a) == net_feeds[a].count,
				"node %d holds %zu of %zu records of %d", i, net_have(i, a),
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
		for (unsigned m = 0; m < net_terms_of(tally)->metric_count; m++) {
			for (unsigned c = 0; c < net_terms_of(tally)->cohort_count; c++)
				check_row(i, tally, m, c);
		}
	}
	return first.state;
}
