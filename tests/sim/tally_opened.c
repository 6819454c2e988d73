/* What honest seats opened: of each sum, whose shares are in it, to the last bit. */
#include "tests/sim/tally_end.h"

#include "core/field.h"
#include "core/hash.h"
#include "core/metric.h"

#include <stdlib.h>
#include <string.h>

static struct net_opened opened[NET_OPENED_MAX];
static unsigned opened_count;

void net_opened_begin(void)
{
	opened_count = 0;
}

const struct net_opened *net_opened(unsigned *ret_count)
{
	*ret_count = opened_count;
	return opened;
}

/* ---- the rows of a proposal ----------------------------------------------------------------- */

/* Row `index` of the whole proposal with that id; false if there is none. */
static bool row_of(const struct kl_id *proposal, unsigned index, struct kl_proposal_row *ret_row)
{
	const struct net_record *parts[KL_TALLY_PARTS_MAX];
	unsigned count = 0, first = 0;
	struct kl_id at = *proposal;

	for (;;) {
		struct kl_tally_propose propose;
		struct kl_tally_part part;

		parts[count] = net_find(&at);
		if (!parts[count] || parts[count]->kind != KL_KIND_TALLY_PROPOSE ||
			kl_tally_propose_read(
				kl_bytes(parts[count]->payload, parts[count]->len), &propose))
			return false;
		part = propose.part;
		kl_tally_propose_deinit(&propose);
		count++;
		if (part.number == 1)
			break;
		if (count == KL_TALLY_PARTS_MAX)
			return false;
		at = part.before;
	}
	while (count-- > 0) {
		struct kl_tally_propose propose;
		bool here;

		NET_CHECK(!kl_tally_propose_read(
				  kl_bytes(parts[count]->payload, parts[count]->len), &propose),
			"a proposal");
		here = index < first + propose.row_count;
		if (here)
			*ret_row = propose.rows[index - first];
		first += propose.row_count;
		kl_tally_propose_deinit(&propose);
		if (here)
			return true;
	}
	return false;
}

/* ---- whose shares are in a sum -------------------------------------------------------------- */

/* The contribution of a member that counts: that which makes the set hash right. Members mostly have one,
 * so the one that was written last is tried first, all others after it. */
struct pick {
	const struct net_record *of[NET_NODES_MAX][2 * KL_SHARE_NUMBER_MAX];
	unsigned count[NET_NODES_MAX], at[NET_NODES_MAX];
};

static void set_hash(int tally, uint64_t nodes, const struct pick *pick, struct kl_id *ret_hash)
{
	const struct kl_tally_roster *roster = net_roster_of(tally);
	struct kl_hash hash;

	kl_hash_init(&hash, "QB1/set");
	for (unsigned i = 0; i < roster->count; i++) {
		int node = net_node_of(&roster->members[i].id);

		if (nodes & NET_BIT(node))
			kl_hash_add_id(&hash, &pick->of[node][pick->at[node]]->id);
	}
	kl_hash_final(&hash, ret_hash);
}

/* Tries other contributions of members that have several; false after the last. */
static bool next_pick(uint64_t nodes, struct pick *pick)
{
	for (int i = 0; i < net_nodes(); i++) {
		if (!(nodes & NET_BIT(i)) || pick->count[i] < 2)
			continue;
		if (pick->at[i]-- > 0)
			return true;
		pick->at[i] = pick->count[i] - 1;
	}
	return false;
}

static void find_pick(int tally, uint64_t nodes, const struct kl_id *set, struct pick *pick)
{
	struct kl_id hash;

	for (int i = 0; i < net_nodes(); i++) {
		if (!(nodes & NET_BIT(i)))
			continue;
		pick->count[i] = net_contributions(tally, i, pick->of[i]);
		NET_CHECK(pick->count[i], "node %d is counted and has not contributed", i);
		pick->at[i] = pick->count[i] - 1;
	}
	do {
		set_hash(tally, nodes, pick, &hash);
		if (kl_id_equal(&hash, set))
			return;
	} while (next_pick(nodes, pick));
	net_fail("tally %d: a row is of another set than the one that the seats see", tally);
}

/* Members of a cohort that answered a metric and whom the opener's machine counts. */
static uint64_t nodes_of_row(int node, int tally, const struct kl_proposal_row *row)
{
	const struct kl_tally_roster *roster = net_roster_of(tally);
	uint64_t nodes = 0;

	for (unsigned i = 0; i < roster->count; i++) {
		if (kl_cohort_has(
			    &net_terms_of(tally)->cohorts[row->cohort], &roster->members[i]) &&
			kl_tallies_counts(
				net_book(node), net_tally(tally), (uint16_t)i, row->metric))
			nodes |= NET_BIT(net_node_of(&roster->members[i].id));
	}
	return nodes;
}

/* What the seat should have opened, if it sums exactly these up to exactly that level. */
static void check_sum(int tally, unsigned seat, const struct kl_proposal_row *row, uint64_t nodes,
	const struct pick *pick, const struct kl_open_sum *sum)
{
	const struct kl_metric *metric = &net_terms_of(tally)->metrics[row->metric];
	const struct kl_runs runs = {metric->runs[row->level], metric->level_bins[row->level]};
	uint64_t fine[KL_CELLS_BINS_MAX] = {0}, coarse[KL_CELLS_BINS_MAX];
	size_t offset = net_cells(tally).offset[row->metric];
	bool whole = true;

	for (int i = 0; i < net_nodes(); i++) {
		const struct net_dealt *d;

		if (!(nodes & NET_BIT(i)))
			continue;
		d = net_dealt(&pick->of[i][pick->at[i]]->id);
		if (!d || !d->vectors[seat - 1]) {
			whole = false;
			continue;
		}
		for (unsigned b = 0; b < metric->bins; b++)
			fine[b] = kl_field_add(fine[b], d->vectors[seat - 1][offset + b]);
	}
	if (sum->bins == 0)
		return;
	NET_CHECK(whole, "seat %u opens a sum of shares that it cannot hold", seat);
	NET_CHECK(sum->bins == runs.count, "seat %u opens %u bins instead of %u", seat, sum->bins,
		runs.count);
	kl_runs_apply(&runs, fine, coarse);
	NET_CHECK(!memcmp(coarse, sum->cells, runs.count * sizeof(*coarse)),
		"seat %u opens something else than the sum of its shares", seat);
}

static void keep_opened(
	int tally, const struct kl_id *proposal, const struct kl_proposal_row *row, uint64_t nodes)
{
	struct net_opened now = {.tally = tally,
		.proposal = *proposal,
		.metric = row->metric,
		.cohort = row->cohort,
		.level = row->level,
		.nodes = nodes};

	for (unsigned i = 0; i < opened_count; i++) {
		const struct net_opened *o = &opened[i];

		if (o->tally != tally || o->metric != now.metric || o->cohort != now.cohort)
			continue;
		NET_CHECK(kl_id_equal(&o->proposal, proposal),
			"honest seats open two proposals of tally %d", tally);
		NET_CHECK(o->nodes == nodes && o->level == now.level,
			"honest seats open two sets for one row of tally %d", tally);
		return;
	}
	KL_ASSERT(opened_count < NET_OPENED_MAX);
	opened[opened_count++] = now;
}

void net_watch_opened(int node, const struct net_said *said, struct kl_bytes payload)
{
	static struct pick pick;
	struct kl_tally_open open;

	NET_CHECK(!kl_tally_open_read(payload, &open), "an OPEN that nobody can read");
	for (unsigned i = 0; i < open.count; i++) {
		struct kl_proposal_row row;
		uint64_t nodes;

		NET_CHECK(row_of(&open.proposal, open.first + i, &row),
			"node %d opens a row that is not proposed", node);
		nodes = nodes_of_row(node, said->tally, &row);
		memset(&pick, 0, sizeof(pick));
		find_pick(said->tally, nodes, &row.set, &pick);
		check_sum(said->tally, open.seat, &row, nodes, &pick, &open.sums[i]);
		keep_opened(said->tally, &open.proposal, &row, nodes);
	}
	kl_tally_open_deinit(&open);
}
