/* The observer at the end of a story: everybody says the same, and it is the plain count. */
#include "tests/sim/tally_end.h"

#include "core/hash.h"
#include "core/metric.h"

#include <string.h>

void net_end_begin(void)
{
	net_opened_begin();
	net_counted_begin();
}

void net_end_end(void)
{
	net_dealt_end();
}

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

/* ---- the plain count ------------------------------------------------------------------------ */

static bool counts(int node, int tally, unsigned column, struct kl_tally_member_view *ret_member)
{
	NET_CHECK(kl_tallies_member(
			  net_book(node), net_tally(tally), (uint16_t)column, ret_member) == KL_OK,
		"no member %u", column);
	return ret_member->counted;
}

/* What a member that counts has answered: what it agreed to, or, if it does not play by the rules, what
 * its shares hold. False if they hold no answer. */
static bool answer_of(int tally, int node, int16_t ret_bins[NET_METRICS])
{
	const struct net_record *records[2 * KL_SHARE_NUMBER_MAX];
	const struct net_dealt *d;

	if (!net_is_false(node)) {
		NET_CHECK(net_answers_of(node, tally, ret_bins),
			"node %d counts and never answered", node);
		return true;
	}
	if (net_contributions(tally, node, records) != 1)
		return false;
	d = net_dealt(&records[0]->id);
	if (d && d->legal)
		memcpy(ret_bins, d->bins, NET_METRICS * sizeof(*ret_bins));
	return d && d->legal;
}

/* The count that somebody would make who saw every answer; false if not all are one answer. */
static bool plain_count(int node, int tally, unsigned metric, unsigned cohort, unsigned level,
	uint32_t ret_bins[KL_CELLS_BINS_MAX], uint64_t *ret_nodes)
{
	const struct kl_metric *m = &net_terms_of(tally)->metrics[metric];
	bool all_known = true;

	memset(ret_bins, 0, KL_CELLS_BINS_MAX * sizeof(*ret_bins));
	*ret_nodes = 0;
	for (unsigned i = 0; i < net_roster_of(tally)->count; i++) {
		const struct kl_tally_member *of = &net_roster_of(tally)->members[i];
		int16_t bins[NET_METRICS];
		unsigned bin = 0, upper;

		if (!kl_cohort_has(&net_terms_of(tally)->cohorts[cohort], of) ||
			!kl_tallies_counts(
				net_book(node), net_tally(tally), (uint16_t)i, (uint16_t)metric))
			continue;
		*ret_nodes |= NET_BIT(net_node_of(&of->id));
		if (!answer_of(tally, net_node_of(&of->id), bins)) {
			all_known = false;
			continue;
		}
		NET_CHECK(bins[metric] != KL_ABSENT, "a wrong presence");
		for (upper = m->runs[level][0]; (int)upper <= bins[metric];)
			upper += m->runs[level][++bin];
		ret_bins[bin]++;
	}
	return all_known;
}

static void check_row(int node, int tally, unsigned metric, unsigned cohort)
{
	struct kl_tally_result result = net_result(node, tally, metric, cohort);
	uint32_t bins[KL_CELLS_BINS_MAX];
	uint64_t nodes;
	bool known = plain_count(node, tally, metric, cohort, result.level, bins, &nodes);

	NET_CHECK(result.n == __builtin_popcountll(nodes), "node %d says n = %u of %d", node,
		result.n, __builtin_popcountll(nodes));
	/* Fewer, if a figure was public by name in an earlier tally that this one is held against. */
	NET_CHECK(result.counted <= net_counted(tally, metric, nodes),
		"node %d says that %u of %u count", node, result.counted,
		net_counted(tally, metric, nodes));
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
	NET_CHECK(result.opening.state != KL_OPENING_FINAL ||
			  __builtin_popcount(result.opening.seats) >= net_committee(tally)->qa,
		"%d seats make a final result", __builtin_popcount(result.opening.seats));
	if (!known || (result.opening.state != KL_OPENING_FINAL &&
			      result.opening.state != KL_OPENING_UNCONFIRMED))
		return;
	NET_CHECK(memcmp(bins, result.opening.histogram, result.opening.bins * sizeof(*bins)) == 0,
		"node %d: metric %u, cohort %u is not the plain count", node, metric, cohort);
}

/* ---- everybody says the same ---------------------------------------------------------------- */

static void add_rows(int node, int tally, struct kl_hash *hash)
{
	for (unsigned m = 0; m < net_terms_of(tally)->metric_count; m++) {
		for (unsigned c = 0; c < net_terms_of(tally)->cohort_count; c++) {
			struct kl_tally_result r = net_result(node, tally, m, c);

			kl_hash_add_u32(hash, (uint32_t)r.why);
			kl_hash_add_u32(hash, r.n);
			kl_hash_add_u32(hash, r.counted);
			kl_hash_add_u32(hash, r.level);
			kl_hash_add_u32(hash, (uint32_t)r.opening.state);
			kl_hash_add(hash, kl_bytes((const uint8_t *)r.opening.histogram,
						  sizeof(r.opening.histogram)));
		}
	}
}

/* Results and who counted, in one number. */
static struct kl_id digest_of(int node, int tally)
{
	struct kl_hash hash;
	struct kl_id id;

	kl_hash_init(&hash, "sim/results");
	add_rows(node, tally, &hash);
	for (unsigned i = 0; i < net_roster_of(tally)->count; i++) {
		struct kl_tally_member_view member;

		kl_hash_add_u32(&hash, counts(node, tally, i, &member));
	}
	kl_hash_final(&hash, &id);
	return id;
}

static bool has_results(const struct kl_tally_view *view)
{
	return view->certified && view->state != KL_TALLY_ENDED_FAILED &&
	       view->state != KL_TALLY_INVALID;
}

/* Who is asked at the end: whoever is there, is one of them and tells everybody the same. */
static bool is_asked(int node)
{
	return net_is_up(node) && net_is_linked(node) && !net_has_forked(node);
}

static void check_holds_all(int node)
{
	for (int a = 0; a < net_nodes(); a++) {
		if (!net_is_up(a) || !net_is_linked(a) || net_has_forked(a) || net_has_ended(a))
			continue;
		NET_CHECK(net_have(node, a) == net_feeds[a].count,
			"node %d holds %zu of %zu records of %d", node, net_have(node, a),
			net_feeds[a].count, a);
	}
}

/* Nothing secret may be left anywhere once a tally has ended. */
static void check_forgotten(int node, int tally)
{
	NET_CHECK(!net_has_key(node, tally), "node %d keeps its key", node);
	for (int a = 0; a < net_nodes(); a++) {
		for (size_t s = 0; s < net_have(node, a) && !net_is_false(a); s++) {
			const struct net_record *r = net_held(node, a, s);
			struct kl_tally_contrib contrib;

			if (r->kind != KL_KIND_TALLY_CONTRIB || r->said.tally != tally ||
				kl_tally_contrib_read(kl_bytes(r->payload, r->len), &contrib))
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

/* False for who still waits for a contribution that counts. */
static bool lacks_nothing(int node, int tally)
{
	struct kl_tally_result result;

	return kl_tallies_result(net_book(node), net_tally(tally), 0, 0, &result) != KL_E_BUSY;
}

/* The first who is asked, or rather the first who has results. */
static int witness_of(int tally)
{
	int witness = -1;

	for (int i = net_nodes() - 1; i >= 0; i--) {
		if (is_asked(i) && (witness < 0 || lacks_nothing(i, tally)))
			witness = i;
	}
	NET_CHECK(witness >= 0, "nobody is there");
	return witness;
}

/* Whether a member said something as a contributor behind the place where its feed forks, or is cut off:
 * that is not shown as EVIDENCE, and two nodes may hold different things for good. */
static bool may_differ(int author, int tally)
{
	if (!net_has_forked(author) && !net_has_ended(author))
		return false;
	for (unsigned b = 0; b < 2; b++) {
		for (size_t s = net_certain(author); s < net_length(author, b); s++) {
			const struct net_record *r = net_record_at(author, b, s);

			if (r->said.tally == tally && (r->kind == KL_KIND_TALLY_CONTRIB ||
							      r->kind == KL_KIND_TALLY_WITHDRAW ||
							      r->kind == KL_KIND_TALLY_DECLINE))
				return true;
		}
	}
	return false;
}

static bool all_hold_the_same(int tally)
{
	for (int i = 0; i < net_nodes(); i++) {
		if (may_differ(i, tally))
			return false;
	}
	return true;
}

static void check_certificate(int tally, int node, const struct kl_tally_view *view)
{
	struct kl_id proposal;

	if (view->certified)
		NET_CHECK(net_certificate(tally, &proposal) &&
				  kl_id_equal(&proposal, &view->proposal),
			"node %d believes that tally %d is certified, and it is not", node, tally);
}

static void check_same(int tally, int node, int witness, const struct kl_id *digest)
{
	struct kl_tally_view view = net_view(node, tally), first = net_view(witness, tally);
	struct kl_id own;

	check_certificate(tally, node, &view);
	if (view.state == KL_TALLY_CLOSED || view.state == KL_TALLY_ENDED_FAILED)
		check_forgotten(node, tally);
	/* Who holds different branches of a contributor's feed may know different things; but whoever has
	 * results has the same ones. */
	if (!all_hold_the_same(tally) &&
		(!has_results(&view) || !has_results(&first) || !lacks_nothing(node, tally)))
		return;
	NET_CHECK(view.state == first.state, "node %d says tally %d is %s, node %d says %s", node,
		tally, kl_tally_state_name(view.state), witness, kl_tally_state_name(first.state));
	NET_CHECK(kl_id_equal(&view.result, &first.result), "tally %d has two results", tally);
	if (!has_results(&view) || !lacks_nothing(witness, tally))
		return;
	own = digest_of(node, tally);
	NET_CHECK(kl_id_equal(&own, digest), "nodes %d and %d have other results of tally %d", node,
		witness, tally);
}

/* Nobody honest is ever proven false, and who is barred does not sit. */
static void check_barred(int tally, int witness)
{
	struct kl_tally_view view = net_view(witness, tally);
	struct kl_tally_barred barred[KL_TALLY_CITED_MAX];
	size_t count =
		kl_tallies_barred(net_book(witness), net_tally(tally), barred, KL_TALLY_CITED_MAX);

	for (unsigned seat = 1; seat <= view.committee.n; seat++) {
		NET_CHECK(net_is_lying(tally, seat) || net_is_false(net_seat_node(tally, seat)) ||
				  (!view.seats[seat - 1].proven && !view.seats[seat - 1].conflict),
			"seat %u of tally %d is honest and taken for a liar", seat, tally);
		for (size_t i = 0; i < count && i < KL_TALLY_CITED_MAX; i++)
			NET_CHECK(!kl_id_equal(&barred[i].member, &view.seats[seat - 1].member),
				"seat %u of tally %d is barred and sits", seat, tally);
	}
}

static void check_rows(int tally, int witness)
{
	for (unsigned m = 0; m < net_terms_of(tally)->metric_count; m++) {
		for (unsigned c = 0; c < net_terms_of(tally)->cohort_count; c++)
			check_row(witness, tally, m, c);
	}
	net_check_counted(tally, witness);
}

enum kl_tally_state net_check(int tally)
{
	struct kl_tally_view first;
	struct kl_id digest = {0};
	int witness;

	witness = witness_of(tally);
	first = net_view(witness, tally);
	if (has_results(&first) && lacks_nothing(witness, tally)) {
		digest = digest_of(witness, tally);
		check_rows(tally, witness);
	}
	for (int i = 0; i < net_nodes(); i++) {
		if (!is_asked(i))
			continue;
		check_holds_all(i);
		check_same(tally, i, witness, &digest);
	}
	if (net_has_failed(witness, tally))
		NET_CHECK(first.state == KL_TALLY_ENDED_FAILED || first.state == KL_TALLY_INVALID,
			"tally %d has failed, and is %s", tally, kl_tally_state_name(first.state));
	check_barred(tally, witness);
	net_check_unread(tally);
	net_check_isolation();
	return first.state;
}
