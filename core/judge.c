#include "core/judge.h"
#include "core/error.h"
#include "core/field.h"
#include "core/hash.h"

#include <string.h>

/* ---- challenge and reply -------------------------------------------------------------------- */

void kl_challenge_init(const struct kl_challenge_of *of, struct kl_challenge *ret_challenge)
{
	struct kl_hash common, hash;

	kl_hash_init(&common, "QB1/chal");
	kl_hash_add_id(&common, &of->tally);
	kl_hash_add_id(&common, &of->author);
	kl_hash_add_u32(&common, of->number);
	kl_hash_add(&common, kl_bytes(of->presence, kl_presence_len(of->metrics)));
	kl_hash_begin(&common, (uint32_t)of->seats * KL_ID_BYTES);
	for (unsigned j = 0; j < of->seats; j++)
		kl_hash_feed(&common, kl_id_bytes(&of->blobs[j]));
	for (unsigned rep = 0; rep < KL_SHARE_TESTS; rep++) {
		struct kl_id key;

		hash = common;
		kl_hash_add_u8(&hash, (uint8_t)rep);
		kl_hash_final(&hash, &key);
		memcpy(ret_challenge->keys[rep], key.b, KL_ENTROPY_BYTES);
	}
}

/* What one metric gives in one repetition. */
struct sums {
	uint64_t z; /* sum r x */
	uint64_t t; /* z^2 - sum r^2 x, until lambda comes */
};

_Static_assert(KL_CELLS_BINS_MAX <= 64, "that many products of elements are below 2^128");

static struct sums sums_of(const uint64_t *x, const uint64_t *r, unsigned bins)
{
	kl_u128 z = 0, s = 0;
	struct sums sums;

	for (unsigned i = 0; i < bins; i++) {
		kl_u128 product = (kl_u128)r[i] * x[i];

		z += product;
		s += (kl_u128)r[i] * kl_field_reduce_wide(product);
	}
	sums.z = kl_field_reduce_wide(z);
	sums.t = kl_field_sub(kl_field_mul(sums.z, sums.z), kl_field_reduce_wide(s));
	return sums;
}

/* u - present: how far a metric is from exactly one answer, or from none. */
static uint64_t excess_of(const uint64_t *x, unsigned bins, bool present)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < bins; i++)
		sum = kl_field_add(sum, x[i]);
	return kl_field_sub(sum, present);
}

/* One repetition without w and mask. `excess` stands for all of them. */
static void repeat(const struct kl_cells *cells, const uint64_t *vector, const uint64_t *excess,
	const uint8_t *key, uint64_t *ret_e, uint64_t *ret_c)
{
	struct kl_expansion challenge;
	uint64_t some[KL_CELLS_BINS_MAX], factors[KL_CELLS_METRICS_MAX], t[KL_CELLS_METRICS_MAX];
	uint64_t e = 0, c = 0;

	kl_expansion_init(&challenge, key);
	for (unsigned m = 0; m < cells->metrics; m++) {
		struct sums sums;

		kl_expansion_next(&challenge, cells->bins[m], some);
		sums = sums_of(vector + cells->offset[m], some, cells->bins[m]);
		c = kl_field_add(c, sums.z);
		t[m] = sums.t;
		kl_wipe(&sums, sizeof sums);
	}
	kl_expansion_next(&challenge, cells->metrics, factors);
	for (unsigned m = 0; m < cells->metrics; m++)
		e = kl_field_add(e, kl_field_mul(factors[m], t[m]));
	kl_expansion_next(&challenge, cells->metrics, factors);
	for (unsigned m = 0; m < cells->metrics; m++)
		e = kl_field_add(e, kl_field_mul(factors[m], excess[m]));
	*ret_e = e;
	*ret_c = c;
	kl_wipe(t, cells->metrics * sizeof *t);
}

void kl_reply(const struct kl_cells *cells, const uint8_t *presence,
	const struct kl_challenge *challenge, const uint64_t *vector, struct kl_reply *ret_reply)
{
	const uint64_t *w = vector + cells->total, *mask = w + KL_SHARE_TESTS;
	uint64_t excess[KL_CELLS_METRICS_MAX], e, c;

	for (unsigned m = 0; m < cells->metrics; m++)
		excess[m] = excess_of(
			vector + cells->offset[m], cells->bins[m], kl_presence_has(presence, m));
	for (unsigned rep = 0; rep < KL_SHARE_TESTS; rep++) {
		repeat(cells, vector, excess, challenge->keys[rep], &e, &c);
		ret_reply->e[rep] = kl_field_add(w[rep], e);
		ret_reply->c[rep] = kl_field_add(mask[rep], c);
	}
	kl_wipe(excess, cells->metrics * sizeof *excess);
	kl_wipe(&e, sizeof e);
	kl_wipe(&c, sizeof c);
}

void kl_reply_encode(const struct kl_reply *reply, uint8_t ret_bytes[KL_REPLY_BYTES])
{
	kl_field_encode_all(reply->e, KL_SHARE_TESTS, ret_bytes);
	kl_field_encode_all(
		reply->c, KL_SHARE_TESTS, ret_bytes + KL_SHARE_TESTS * KL_ELEMENT_BYTES);
}

int kl_reply_decode(struct kl_bytes bytes, struct kl_reply *ret_reply)
{
	uint64_t elements[KL_REPLY_ELEMENTS];

	if (kl_field_decode_all(bytes, elements, KL_REPLY_ELEMENTS))
		return KL_E_MALFORMED;
	memcpy(ret_reply->e, elements, sizeof ret_reply->e);
	memcpy(ret_reply->c, elements + KL_SHARE_TESTS, sizeof ret_reply->c);
	return KL_OK;
}

/* ---- verdict -------------------------------------------------------------------------------- */

/* Points of a polynomial, and the replies there; NULL: the value is known to be 0. */
struct points {
	uint64_t at[KL_SEATS_MAX + 1];
	const struct kl_reply *reply[KL_SEATS_MAX + 1];
	size_t count;
};

/* True if in every repetition the values at all points lie on one polynomial that the first `enough`
 * of them determine. */
static bool lie_together(const struct points *points, size_t enough, bool consistency)
{
	uint64_t weights[KL_FIELD_POINTS_MAX], values[KL_FIELD_POINTS_MAX] = {0};

	for (size_t i = enough; i < points->count; i++) {
		kl_field_weights(points->at, enough, points->at[i], weights);
		for (unsigned rep = 0; rep < KL_SHARE_TESTS; rep++) {
			const struct kl_reply *wanted = points->reply[i];

			for (size_t k = 0; k < enough; k++) {
				const struct kl_reply *reply = points->reply[k];

				values[k] = !reply        ? 0
					    : consistency ? reply->c[rep]
							  : reply->e[rep];
			}
			if (kl_field_dot(weights, values, 1, enough) !=
				(consistency ? wanted->c[rep] : wanted->e[rep]))
				return false;
		}
	}
	return true;
}

static bool all_fit(const struct kl_committee *committee,
	const struct kl_reply *const replies[KL_SEATS_MAX], uint16_t seats)
{
	struct points e = {.count = 1}, c = {.count = 0}; /* e is 0 at 0 */

	for (unsigned seat = 1; seat <= committee->n; seat++) {
		if (!(seats >> (seat - 1) & 1))
			continue;
		e.at[e.count] = c.at[c.count] = seat;
		e.reply[e.count++] = c.reply[c.count++] = replies[seat - 1];
	}
	return lie_together(&c, committee->t, true) &&
	       lie_together(&e, 2u * committee->t - 1, false);
}

uint16_t kl_replies_heard(const struct kl_committee *committee, uint16_t seats, unsigned own_seat)
{
	if (!own_seat || committee->n < KL_OWN_SEAT_FROM)
		return seats;
	return (uint16_t)(seats & ~(1u << (own_seat - 1)));
}

uint16_t kl_verdict(const struct kl_committee *committee,
	const struct kl_reply *const replies[KL_SEATS_MAX], unsigned own_seat)
{
	uint16_t all = 0, heard;
	int count;

	for (unsigned j = 0; j < committee->n; j++)
		all = (uint16_t)(all | (replies[j] ? 1u << j : 0));
	heard = kl_replies_heard(committee, all, own_seat);
	count = __builtin_popcount(heard);
	if (count < 2 * committee->t - 1)
		return 0;
	if (all_fit(committee, replies, heard))
		return all;
	for (unsigned j = 0; count >= 2 * committee->t + 1 && j < committee->n; j++)
		if (heard >> j & 1 && all_fit(committee, replies, (uint16_t)(heard & ~(1u << j))))
			return (uint16_t)(all & ~(1u << j));
	return 0;
}
