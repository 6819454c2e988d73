/* What fewer than t seats can learn: nothing. Shown for two members at a time, a and b, who stand in the
 * same sums and gave different answers: the observer writes down the other world, in which they gave
 * each other's, and sees that nobody could tell. In it
 *
 *     what t - 1 chosen seats hold is the same, to the last bit,
 *     what all other seats hold is on polynomials of the right degree, as an honest dealer makes it,
 *     every reply to a test is the one that was given, and every sum the one that was opened.
 *
 * Both dealers draw uniformly among all dealings, so both worlds are equally likely. */
#include "tests/sim/tally_end.h"

#include "core/field.h"

#include <stdlib.h>
#include <string.h>

unsigned net_worlds;

/* ---- nothing secret in any record ----------------------------------------------------------- */

enum { SLOTS = 1 << 16 };

static uint64_t slots[SLOTS];
static unsigned used[SLOTS], used_count;

static unsigned slot_of(uint64_t value)
{
	unsigned slot = (unsigned)(value * UINT64_C(0x9e3779b97f4a7c15) >> 48);

	while (slots[slot] && slots[slot] != value)
		slot = (slot + 1) % SLOTS;
	return slot;
}

static void must_not_show(uint64_t value)
{
	unsigned slot = slot_of(value);

	if (!value || slots[slot] || used_count > SLOTS / 2)
		return;
	slots[slot] = value;
	used[used_count++] = slot;
}

static void collect_secrets(int tally)
{
	size_t elements = kl_share_elements(net_cells(tally).total);
	uint64_t value;

	for (int i = 0; i < net_nodes(); i++) {
		const struct net_record *records[2 * KL_SHARE_NUMBER_MAX];
		unsigned count = net_contributions(tally, i, records);

		memcpy(&value, net_key_of(i, tally), sizeof(value));
		must_not_show(value);
		for (unsigned k = 0; k < count && !net_is_false(i); k++) {
			const struct net_dealt *d = net_dealt(&records[k]->id);

			for (unsigned j = 0; j < KL_SEATS_MAX; j++) {
				for (size_t e = 0; d->vectors[j] && e < elements; e++)
					must_not_show(d->vectors[j][e]);
			}
		}
	}
}

static void search(int author, const struct net_record *r)
{
	for (size_t at = 0; at + 8 <= r->len; at++) {
		uint64_t value;

		memcpy(&value, r->payload + at, 8);
		if (value && slots[slot_of(value)])
			net_fail("a %s of node %d shows what only its owner may hold",
				kl_kind_name(r->kind), author);
	}
}

static void check_records(int tally)
{
	used_count = 0;
	collect_secrets(tally);
	for (int a = 0; a < net_nodes(); a++) {
		for (unsigned b = 0; b < 2; b++) {
			for (size_t s = 0; s < net_length(a, b); s++)
				search(a, net_record_at(a, b, s));
		}
	}
	for (unsigned i = 0; i < used_count; i++)
		slots[used[i]] = 0;
}

/* ---- another world -------------------------------------------------------------------------- */

/* Up to t - 1 seats that put together what they hold: those that lie first. */
static uint16_t choose_curious(int tally)
{
	const struct kl_committee *c = net_committee(tally);
	uint16_t curious = net_lying(tally);

	while (__builtin_popcount(curious) < c->t - 1)
		curious |= (uint16_t)(1U << net_random(c->n));
	return curious;
}

/* Product of (1 - at/s) over the curious seats s: 1 at 0, and 0 at each of them. */
static uint64_t away_from(uint16_t curious, unsigned at)
{
	uint64_t product = 1;

	for (unsigned s = 1; s <= KL_SEATS_MAX; s++) {
		if (curious >> (s - 1) & 1)
			product = kl_field_mul(
				product, kl_field_sub(1, kl_field_mul(at, kl_field_inverse(s))));
	}
	return product;
}

/* Polynomials through what seats hold, and through 0 at 0 if `zero_at_zero`. */
static void line_through(
	uint64_t *const *vectors, unsigned degree, bool zero_at_zero, struct net_line *ret_line)
{
	uint64_t points[KL_SEATS_MAX + 1] = {0};
	unsigned count = zero_at_zero;

	for (unsigned j = 1; j <= KL_SEATS_MAX; j++) {
		if (vectors[j - 1])
			points[count++] = j;
	}
	net_line_init(ret_line, points, count, degree);
}

static bool fits(
	uint64_t *const *vectors, size_t element, bool zero_at_zero, const struct net_line *line)
{
	uint64_t values[KL_SEATS_MAX + 1] = {0};
	unsigned count = zero_at_zero;

	for (unsigned j = 0; j < KL_SEATS_MAX; j++) {
		if (vectors[j])
			values[count++] = vectors[j][element];
	}
	return net_line_fits(line, values);
}

static void challenge_of(const struct net_dealt *d, struct kl_challenge *ret_challenge)
{
	const struct kl_challenge_of of = {.tally = *net_tally(d->tally),
		.author = *net_id(d->node),
		.number = d->contrib.number,
		.presence = d->contrib.presence,
		.metrics = net_terms_of(d->tally)->metric_count,
		.blobs = d->contrib.blobs,
		.seats = net_committee(d->tally)->n};

	kl_challenge_init(&of, ret_challenge);
}

bool net_reply_of(const struct net_dealt *d, unsigned seat, struct kl_reply *ret_reply)
{
	const struct kl_cells cells = net_cells(d->tally);
	struct kl_challenge challenge;

	if (!d->vectors[seat - 1])
		return false;
	challenge_of(d, &challenge);
	kl_reply(&cells, d->contrib.presence, &challenge, d->vectors[seat - 1], ret_reply);
	return true;
}

/* The share of one seat in the other world, in which the dealer's answers are `other`. */
static uint64_t *other_vector(const struct net_dealt *d, const int16_t *other, unsigned seat,
	uint16_t curious, const struct kl_challenge *challenge)
{
	const struct kl_cells cells = net_cells(d->tally);
	uint64_t *v = malloc(kl_share_elements(cells.total) * sizeof(*v));
	uint64_t factor = away_from(curious, seat);
	struct kl_reply before, after;

	KL_ASSERT(v);
	memcpy(v, d->vectors[seat - 1], kl_share_elements(cells.total) * sizeof(*v));
	for (unsigned m = 0; m < cells.metrics; m++) {
		uint64_t *x = v + cells.offset[m];

		if (other[m] == d->bins[m])
			continue;
		x[other[m]] = kl_field_add(x[other[m]], factor);
		x[d->bins[m]] = kl_field_sub(x[d->bins[m]], factor);
	}
	kl_reply(&cells, d->contrib.presence, challenge, d->vectors[seat - 1], &before);
	kl_reply(&cells, d->contrib.presence, challenge, v, &after);
	for (unsigned rep = 0; rep < KL_SHARE_TESTS; rep++) {
		uint64_t *w = &v[cells.total + rep], *mask = w + KL_SHARE_TESTS;

		*w = kl_field_add(*w, kl_field_sub(before.e[rep], after.e[rep]));
		*mask = kl_field_add(*mask, kl_field_sub(before.c[rep], after.c[rep]));
	}
	kl_reply(&cells, d->contrib.presence, challenge, v, &after);
	NET_CHECK(!memcmp(&before, &after, sizeof(before)), "a reply would be another");
	return v;
}

static void check_world(const struct net_dealt *d, const int16_t *other, uint16_t curious)
{
	const struct kl_committee *c = net_committee(d->tally);
	size_t cells = net_cells(d->tally).total;
	uint64_t *vectors[KL_SEATS_MAX] = {0};
	struct kl_challenge challenge;
	struct net_line low, high;

	challenge_of(d, &challenge);
	for (unsigned j = 1; j <= c->n; j++) {
		if (!d->vectors[j - 1])
			continue;
		vectors[j - 1] = other_vector(d, other, j, curious, &challenge);
		NET_CHECK(!(curious >> (j - 1) & 1) ||
				  !memcmp(vectors[j - 1], d->vectors[j - 1],
					  kl_share_elements(cells) * sizeof(uint64_t)),
			"seat %u would hold something else if node %d had answered otherwise", j,
			d->node);
	}
	line_through(vectors, c->t - 1U, false, &low);
	line_through(vectors, 2U * c->t - 2, true, &high);
	for (size_t e = 0; e < kl_share_elements(cells); e++) {
		bool is_w = e >= cells && e < cells + KL_SHARE_TESTS;

		NET_CHECK(fits(vectors, e, is_w, is_w ? &high : &low),
			"element %zu of what node %d dealt gives its answer away", e, d->node);
	}
	for (unsigned j = 0; j < KL_SEATS_MAX; j++)
		free(vectors[j]);
}

/* ---- two members ---------------------------------------------------------------------------- */

static bool stand_together(int a, int b)
{
	unsigned count;
	const struct net_opened *all = net_opened(&count);

	for (unsigned i = 0; i < count; i++) {
		if ((all[i].nodes >> a & 1) != (all[i].nodes >> b & 1))
			return false;
	}
	return true;
}

/* The first contribution of an honest member, NULL without. */
static const struct net_dealt *dealt_by(int tally, int node)
{
	const struct net_record *records[2 * KL_SHARE_NUMBER_MAX];
	const struct net_dealt *d;

	if (net_is_false(node) || !net_contributions(tally, node, records))
		return NULL;
	d = net_dealt(&records[0]->id);
	NET_CHECK(!d || d->legal, "what node %d dealt is not its answer", node);
	return d;
}

static bool could_swap(const struct net_dealt *a, const struct net_dealt *b, unsigned metrics)
{
	bool differ = false;

	for (unsigned m = 0; m < metrics; m++) {
		if ((a->bins[m] == KL_ABSENT) != (b->bins[m] == KL_ABSENT))
			return false;
		differ |= a->bins[m] != b->bins[m];
	}
	return differ;
}

void net_check_unread(int tally)
{
	unsigned metrics = net_terms_of(tally)->metric_count;
	int first = (int)net_random((uint64_t)net_nodes());

	if (!net_committee(tally)->n)
		return;
	check_records(tally);
	for (int i = 0; i < net_nodes(); i++) {
		int a = (first + i) % net_nodes();
		const struct net_dealt *da = dealt_by(tally, a);

		for (int b = 0; b < net_nodes() && da; b++) {
			const struct net_dealt *db = b == a ? NULL : dealt_by(tally, b);

			if (!db || !could_swap(da, db, metrics) || !stand_together(a, b))
				continue;
			check_world(da, db->bins, choose_curious(tally));
			check_world(db, da->bins, choose_curious(tally));
			net_worlds++;
			return;
		}
	}
}
