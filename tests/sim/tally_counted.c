/* Whether honest answers count: what honest seats list, and who stands in the certified set. */
#include "tests/sim/tally_end.h"

#include "core/metric.h"

#include <stdlib.h>
#include <string.h>

/* Members whose contribution and share a seat held when it began to list them. */
static uint64_t held_in_time[NET_TALLIES_MAX][KL_SEATS_MAX];

void net_counted_begin(void)
{
	memset(held_in_time, 0, sizeof(held_in_time));
}

/* ---- what honest seats list ----------------------------------------------------------------- */

static bool holds_share(int node, int author, const struct kl_id *blob)
{
	for (size_t s = 0; s < net_have(node, author); s++) {
		const struct net_record *r = net_held(node, author, s);

		if (r->kind == KL_KIND_TALLY_SHARE && kl_id_equal(&r->hash, blob))
			return !net_is_erased(node, author, s);
	}
	return false;
}

/* Whether a node holds a contribution of the author, and the share that the last one names for the seat. */
static bool holds_contribution(int node, int author, int tally, unsigned seat)
{
	for (size_t s = net_have(node, author); s-- > 0;) {
		const struct net_record *r = net_held(node, author, s);
		struct kl_tally_contrib contrib;

		if (r->kind == KL_KIND_TALLY_CONTRIB && r->said.tally == tally &&
			!kl_tally_contrib_read(kl_bytes(r->payload, r->len), &contrib))
			return holds_share(node, author, &contrib.blobs[seat - 1]);
	}
	return false;
}

static void add_entries(struct kl_bytes payload, struct kl_intake_entry **entries, size_t *count)
{
	struct kl_tally_intake intake;

	NET_CHECK(!kl_tally_intake_read(payload, &intake), "an INTAKE that nobody can read");
	*entries = realloc(*entries, (*count + intake.count + 1U) * sizeof(**entries));
	KL_ASSERT(*entries);
	if (intake.count)
		memcpy(*entries + *count, intake.entries, intake.count * sizeof(**entries));
	*count += intake.count;
	kl_tally_intake_deinit(&intake);
}

struct kl_intake_entry *net_intake_entries(const struct kl_id *id, size_t *ret_count)
{
	const struct net_record *parts[KL_TALLY_PARTS_MAX];
	struct kl_intake_entry *entries = NULL;
	struct kl_id at = *id;
	unsigned count = 0;

	*ret_count = 0;
	while (count < KL_TALLY_PARTS_MAX) {
		struct kl_tally_intake intake;
		const struct net_record *r = net_find(&at);

		if (!r || r->kind != KL_KIND_TALLY_INTAKE ||
			kl_tally_intake_read(kl_bytes(r->payload, r->len), &intake))
			return NULL;
		parts[count++] = r;
		at = intake.part.before;
		kl_tally_intake_deinit(&intake);
		if (r->said.part == 1)
			break;
	}
	while (count-- > 0)
		add_entries(
			kl_bytes(parts[count]->payload, parts[count]->len), &entries, ret_count);
	return entries;
}

static const struct kl_intake_entry *entry_of(
	const struct kl_intake_entry *entries, size_t count, int column)
{
	for (size_t i = 0; i < count; i++) {
		if (entries[i].member == column)
			return &entries[i];
	}
	return NULL;
}

/* Everything that a seat held when it began stands in its INTAKE. */
void net_watch_intake(int node, const struct net_said *said, struct kl_bytes payload)
{
	uint64_t *held = &held_in_time[said->tally][said->seat - 1];
	struct kl_intake_entry *entries = NULL;
	size_t count = 0;

	for (int i = 0; i < net_nodes() && said->part == 1; i++) {
		if (!net_is_false(i) && !net_is_frozen(node, i) &&
			holds_contribution(node, i, said->tally, said->seat))
			*held |= NET_BIT(i);
	}
	if (said->more)
		return;
	for (size_t s = 0; s < net_feeds[node].count; s++) {
		const struct net_record *r = &net_feeds[node].records[s];

		if (r->kind == KL_KIND_TALLY_INTAKE && r->said.tally == said->tally)
			add_entries(kl_bytes(r->payload, r->len), &entries, &count);
	}
	add_entries(payload, &entries, &count);
	for (int i = 0; i < net_nodes(); i++) {
		int column = kl_tally_roster_find(net_roster_of(said->tally), net_id(i));
		const struct kl_intake_entry *entry = entry_of(entries, count, column);

		if (column < 0 || !(*held & NET_BIT(i)) || net_is_frozen(node, i))
			continue;
		NET_CHECK(entry && (entry->status == KL_INTAKE_OK ||
					   entry->status == KL_INTAKE_WITHDRAWN),
			"node %d does not list what node %d contributed in time (%s)", node, i,
			entry ? "as if it were not good" : "at all");
	}
	free(entries);
}

/* ---- who should be in ----------------------------------------------------------------------- */

struct cited {
	struct kl_intake_entry *entries[KL_SEATS_MAX];
	size_t count[KL_SEATS_MAX];
	uint16_t seats, honest;
};

static void read_cited(int tally, const struct kl_id *proposal, struct cited *cited)
{
	struct kl_tally_propose propose;
	struct kl_id at = *proposal;

	memset(cited, 0, sizeof(*cited));
	for (;;) {
		const struct net_record *r = net_find(&at);

		NET_CHECK(r && !kl_tally_propose_read(kl_bytes(r->payload, r->len), &propose),
			"what was certified is no proposal");
		if (propose.part.number == 1)
			break;
		at = propose.part.before;
		kl_tally_propose_deinit(&propose);
	}
	for (unsigned i = 0; i < propose.cited_count; i++) {
		unsigned j = propose.cited[i].seat - 1U;

		cited->entries[j] = net_intake_entries(&propose.cited[i].intake, &cited->count[j]);
		NET_CHECK(cited->entries[j], "an INTAKE that is cited is not there");
		cited->seats |= (uint16_t)(1U << j);
	}
	cited->honest = cited->seats & (uint16_t)~net_lying(tally);
	kl_tally_propose_deinit(&propose);
}

static void free_cited(struct cited *cited)
{
	for (unsigned j = 0; j < KL_SEATS_MAX; j++)
		free(cited->entries[j]);
}

/* Cited seats that say they hold a contribution; and those of them that reply something false. */
static uint16_t acknowledging(
	const struct cited *cited, int column, const struct kl_id *id, uint16_t *ret_false)
{
	const struct net_dealt *d = net_dealt(id);
	uint16_t seats = 0;

	*ret_false = 0;
	for (unsigned j = 0; j < KL_SEATS_MAX; j++) {
		const struct kl_intake_entry *entry =
			entry_of(cited->entries[j], cited->count[j], column);
		struct kl_reply reply;

		if (!entry || entry->status != KL_INTAKE_OK ||
			!kl_id_equal(&entry->contribution, id))
			continue;
		seats |= (uint16_t)(1U << j);
		if (!d || !net_reply_of(d, j + 1, &reply) ||
			memcmp(&reply, &entry->reply, sizeof(reply)) != 0)
			*ret_false |= (uint16_t)(1U << j);
	}
	return seats;
}

static bool took_back(int tally, int node, unsigned number)
{
	for (size_t s = 0; s < net_feeds[node].count; s++) {
		const struct net_record *r = &net_feeds[node].records[s];

		if (r->kind == KL_KIND_TALLY_WITHDRAW && r->said.tally == tally &&
			r->said.number >= number)
			return true;
	}
	return false;
}

/* Whether an honest member must stand in the set, from what all cited seats say of it. */
static bool must_stand(int tally, const struct cited *cited, int node)
{
	const struct kl_committee *c = net_committee(tally);
	int column = kl_tally_roster_find(net_roster_of(tally), net_id(node));
	const struct net_record *records[2 * KL_SHARE_NUMBER_MAX];
	unsigned count = net_contributions(tally, node, records), judges;
	uint16_t seats, wrong, own = 0;

	if (column < 0 || count == 0 || net_has_forked(node) ||
		took_back(tally, node, records[count - 1]->said.number))
		return false;
	seats = acknowledging(cited, column, &records[count - 1]->id, &wrong);
	NET_CHECK(!(wrong & cited->honest), "seat %d replies something false to node %d",
		__builtin_ctz((unsigned)wrong | 1U << 15) + 1, node);
	if ((seats & cited->honest) != cited->honest || __builtin_popcount(cited->honest) < c->qa)
		return false;
	if (c->n >= KL_OWN_SEAT_FROM && net_seat_of(tally, node))
		own = (uint16_t)(1U << (net_seat_of(tally, node) - 1));
	wrong &= (uint16_t)~own;
	judges = (unsigned)__builtin_popcount(seats & (uint16_t)~own);
	if (judges < c->qa)
		return false; /* its own seat is one of them */
	return wrong == 0 || (__builtin_popcount(wrong) == 1 && judges >= c->qa + 2U);
}

static bool counts(int witness, int tally, int column)
{
	struct kl_tally_member_view member;

	NET_CHECK(
		!kl_tallies_member(net_book(witness), net_tally(tally), (uint16_t)column, &member),
		"no member %d", column);
	return member.counted;
}

/* Liars can keep honest members out in one way only: they make common cause with contributors that
 * honest seats do not all stand for, so that a set with these and without some others is the largest. */
static bool is_outbid(int witness, int tally, const struct cited *cited)
{
	const struct kl_tally_roster *roster = net_roster_of(tally);

	for (unsigned i = 0; i < roster->count; i++) {
		int node = net_node_of(&roster->members[i].id);
		const struct net_record *records[2 * KL_SHARE_NUMBER_MAX];
		unsigned count = net_contributions(tally, node, records);
		uint16_t wrong;

		if (!counts(witness, tally, (int)i))
			continue;
		if (net_is_false(node) && count != 1)
			return true;
		if ((acknowledging(cited, (int)i, &records[count - 1]->id, &wrong) &
			    cited->honest) != cited->honest)
			return true;
	}
	return false;
}

/* Whether another member has published the same blob before. */
static bool is_copy(int node, const struct kl_id *blob)
{
	uint64_t own = UINT64_MAX, first = UINT64_MAX;

	for (int a = 0; a < net_nodes(); a++) {
		for (size_t s = 0; s < net_feeds[a].count; s++) {
			const struct net_record *r = &net_feeds[a].records[s];
			uint64_t *at = a == node ? &own : &first;

			if (r->kind == KL_KIND_TALLY_SHARE && kl_id_equal(&r->hash, blob) &&
				r->time_ms < *at)
				*at = r->time_ms;
		}
	}
	return first < own;
}

/* What honest seats hold of a contribution that counts is one answer to each question, if 2t - 1 of them were
 * heard on it: with fewer, a seat in league with the contributor can say what makes false shares pass. */
static void check_answers(int tally, int witness, const struct cited *cited)
{
	const struct kl_committee *c = net_committee(tally);

	for (unsigned i = 0; i < net_roster_of(tally)->count; i++) {
		int node = net_node_of(&net_roster_of(tally)->members[i].id);
		const struct net_record *records[2 * KL_SHARE_NUMBER_MAX];
		unsigned own = net_seat_of(tally, node);
		const struct net_dealt *d;
		uint16_t seats, wrong;

		if (!counts(witness, tally, (int)i) || !net_is_false(node) ||
			net_contributions(tally, node, records) != 1)
			continue;
		seats = acknowledging(cited, (int)i, &records[0]->id, &wrong) & cited->honest;
		if (c->n >= KL_OWN_SEAT_FROM && own)
			seats &= (uint16_t) ~(1U << (own - 1));
		if (__builtin_popcount(seats) < c->qa)
			continue;
		d = net_dealt(&records[0]->id);
		NET_CHECK(d && d->legal, "node %d counts, and what it dealt is no answer", node);
		for (unsigned j = 0; j < c->n; j++)
			NET_CHECK(!(seats >> j & 1) || !is_copy(node, &d->contrib.blobs[j]),
				"node %d counts with a share that another member dealt", node);
	}
}

/* Whoever took back its only contribution, and a cited seat says so, does not count. */
static void check_withdrawn(int tally, int witness, const struct cited *cited)
{
	for (unsigned i = 0; i < net_roster_of(tally)->count; i++) {
		int node = net_node_of(&net_roster_of(tally)->members[i].id);
		const struct net_record *records[2 * KL_SHARE_NUMBER_MAX];

		if (!counts(witness, tally, (int)i) ||
			net_contributions(tally, node, records) != 1 ||
			!took_back(tally, node, records[0]->said.number))
			continue;
		for (unsigned j = 0; j < KL_SEATS_MAX; j++) {
			const struct kl_intake_entry *entry =
				entry_of(cited->entries[j], cited->count[j], (int)i);
			const struct net_record *named =
				entry && entry->status == KL_INTAKE_WITHDRAWN
					? net_find(&entry->contribution)
					: NULL;

			NET_CHECK(!named || named->said.number < records[0]->said.number,
				"node %d counts, and seat %u says that it took that back", node,
				j + 1);
		}
	}
}

void net_check_counted(int tally, int witness)
{
	struct cited cited;
	struct kl_id proposal;
	bool outbid;

	if (!net_certificate(tally, &proposal))
		return;
	read_cited(tally, &proposal, &cited);
	check_answers(tally, witness, &cited);
	check_withdrawn(tally, witness, &cited);
	outbid = net_lying(tally) && is_outbid(witness, tally, &cited);
	for (int i = 0; i < net_nodes() && !outbid; i++) {
		int column = kl_tally_roster_find(net_roster_of(tally), net_id(i));

		if (column < 0 || net_is_false(i) || !must_stand(tally, &cited, i))
			continue;
		NET_CHECK(counts(witness, tally, column),
			"node %d contributed in time to all honest seats and does not count", i);
	}
	free_cited(&cited);
}
