/* Contributors that deal out something else than one answer, or deal it badly. */
#include "tests/sim/tally_cheat.h"

#include "core/field.h"
#include "core/hash.h"

#include <stdlib.h>
#include <string.h>

/* A contribution before it is written: its CONTRIB, and a blob for each seat. */
struct parcel {
	struct kl_tally_contrib contrib;
	uint8_t *blobs[KL_SEATS_MAX];
	size_t lens[KL_SEATS_MAX];
};

/* SHAREs that machines want to write, until the CONTRIB comes that names them. */
static struct {
	uint8_t *blobs[KL_SEATS_MAX];
	size_t lens[KL_SEATS_MAX];
	unsigned count;
} waiting[NET_NODES_MAX];

static void forget_waiting(int node)
{
	for (unsigned i = 0; i < waiting[node].count; i++)
		free(waiting[node].blobs[i]);
	waiting[node].count = 0;
}

bool cheat_holds_share(const struct cheat *cheat, struct kl_bytes payload)
{
	unsigned i = waiting[cheat->node].count;

	if (i == KL_SEATS_MAX) { /* an earlier contribution did not come to its end */
		forget_waiting(cheat->node);
		i = 0;
	}
	waiting[cheat->node].blobs[i] = malloc(payload.len);
	KL_ASSERT(waiting[cheat->node].blobs[i]);
	memcpy(waiting[cheat->node].blobs[i], payload.data, payload.len);
	waiting[cheat->node].lens[i] = payload.len;
	waiting[cheat->node].count++;
	return true;
}

void cheat_forget_shares(void)
{
	for (int i = 0; i < NET_NODES_MAX; i++)
		forget_waiting(i);
}

static void take_parcel(const struct cheat *cheat, struct kl_bytes payload, struct parcel *parcel)
{
	memset(parcel, 0, sizeof(*parcel));
	NET_CHECK(!kl_tally_contrib_read(payload, &parcel->contrib), "a CONTRIB");
	for (unsigned i = 0; i < waiting[cheat->node].count; i++) {
		struct kl_bytes blob =
			kl_bytes(waiting[cheat->node].blobs[i], waiting[cheat->node].lens[i]);
		struct kl_id hash;

		kl_blake2b(blob, &hash);
		for (unsigned j = 0; j < parcel->contrib.blob_count; j++) {
			if (!kl_id_equal(&hash, &parcel->contrib.blobs[j]))
				continue;
			parcel->blobs[j] = malloc(blob.len + 8);
			KL_ASSERT(parcel->blobs[j]);
			memcpy(parcel->blobs[j], blob.data, blob.len);
			parcel->lens[j] = blob.len;
		}
	}
	forget_waiting(cheat->node);
}

static void drop_parcel(struct parcel *parcel)
{
	for (unsigned j = 0; j < KL_SEATS_MAX; j++)
		free(parcel->blobs[j]);
}

/* Writes SHAREs, and a CONTRIB that names what they are. */
static void send_parcel(const struct cheat *cheat, unsigned branch, struct parcel *parcel)
{
	for (unsigned j = 0; j < parcel->contrib.blob_count; j++) {
		if (!parcel->blobs[j])
			continue;
		kl_blake2b(kl_bytes(parcel->blobs[j], parcel->lens[j]), &parcel->contrib.blobs[j]);
		net_write(cheat->node, branch, KL_KIND_TALLY_SHARE, parcel->blobs[j],
			parcel->lens[j]);
	}
	CHEAT_SAY(cheat, branch, KL_KIND_TALLY_CONTRIB, kl_tally_contrib_write, &parcel->contrib);
}

/* ---- dealing anew --------------------------------------------------------------------------- */

/* What the cheat deals: cells, and how the vectors of the seats are changed before they are sealed. */
typedef void change_dealing_fn(struct kl_dealing *dealing);

static const struct kl_id *key_of(int tally, unsigned seat)
{
	const struct net_record *accept =
		cheat_find(net_seat_node(tally, seat), tally, KL_KIND_TALLY_ACCEPT);

	return accept ? &accept->said.about : NULL;
}

/* Elements of the vectors of a dealing, seat by seat; that of seat 0 is the secret. */
static uint64_t *row_of(struct kl_dealing *dealing, unsigned seat)
{
	return dealing->rows + seat * kl_share_elements(dealing->cells);
}

static void deal_anew(const struct cheat *cheat, const uint64_t *x, uint8_t number,
	change_dealing_fn *change, struct parcel *parcel)
{
	const struct kl_committee *c = net_committee(cheat->tally);
	const struct kl_tally_call *call = net_terms_of(cheat->tally);
	uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES];
	struct kl_dealing dealing;

	cheat_fill(seeds, sizeof(seeds));
	NET_CHECK(!kl_deal_init(c, x, net_cells(cheat->tally).total,
			  (const uint8_t(*)[KL_SEED_BYTES])seeds, &dealing),
		"memory");
	if (change)
		change(&dealing);
	parcel->contrib.number = number;
	for (unsigned seat = 1; seat <= c->n; seat++) {
		const struct kl_id *key = key_of(cheat->tally, seat);
		const struct kl_share_binding binding = {.tally = *net_tally(cheat->tally),
			.author = *net_id(cheat->node),
			.policy = call->policy,
			.schema = call->schema,
			.number = number,
			.seat = (uint8_t)seat};
		uint8_t once[KL_SEED_BYTES];

		free(parcel->blobs[seat - 1]);
		parcel->blobs[seat - 1] = NULL;
		memset(&parcel->contrib.blobs[seat - 1], 0, KL_ID_BYTES);
		if (!key)
			continue;
		cheat_fill(once, sizeof(once));
		parcel->lens[seat - 1] = kl_share_blob_len(c, seat, dealing.cells);
		parcel->blobs[seat - 1] = malloc(parcel->lens[seat - 1] + 8);
		KL_ASSERT(parcel->blobs[seat - 1]);
		if (kl_deal_blob(&dealing, &binding, key, once, parcel->blobs[seat - 1])) {
			free(parcel->blobs[seat - 1]);
			parcel->blobs[seat - 1] = NULL;
		}
	}
	kl_deal_deinit(&dealing);
}

/* Cells of an answer: one for each metric that the CONTRIB says is answered. */
static uint64_t *any_answer(const struct cheat *cheat, const uint8_t *presence)
{
	const struct kl_cells cells = net_cells(cheat->tally);
	uint64_t *x = calloc(cells.total, sizeof(*x));

	KL_ASSERT(x);
	for (unsigned m = 0; m < cells.metrics; m++) {
		if (kl_presence_has(presence, m))
			x[cells.offset[m] + net_random(cells.bins[m])] = 1;
	}
	return x;
}

/* ---- shares that are no answer -------------------------------------------------------------- */

static void off_the_polynomial(struct kl_dealing *dealing)
{
	unsigned seat = dealing->committee.t +
			(unsigned)net_random(dealing->committee.n - dealing->committee.t + 1U);

	for (size_t e = 0; e < dealing->cells; e++)
		row_of(dealing, seat)[e] = net_random(KL_FIELD_P);
}

static void false_blinding(struct kl_dealing *dealing)
{
	for (unsigned seat = dealing->committee.t; seat <= dealing->committee.n; seat++) {
		uint64_t *w = row_of(dealing, seat) + dealing->cells;

		w[net_random(KL_SHARE_EXTRA)] = net_random(KL_FIELD_P);
	}
}

/* What stands in the cells of one metric instead of one 1. */
static void spoil_cells(uint64_t *x, unsigned bins)
{
	unsigned a = (unsigned)net_random(bins), b = (a + 1) % bins;

	switch (net_random(5)) {
	case 0: /* two answers */
		x[a] = x[b] = 1;
		break;
	case 1: /* one that counts for two, and one that takes away */
		memset(x, 0, bins * sizeof(*x));
		x[a] = 2;
		x[b] = KL_FIELD_P - 1;
		break;
	case 2: /* none */
		memset(x, 0, bins * sizeof(*x));
		break;
	case 3: /* a number that ruins the sum */
		x[a] = net_random(KL_FIELD_P);
		break;
	default: /* half here and half there */
		memset(x, 0, bins * sizeof(*x));
		x[a] = x[b] = (KL_FIELD_P + 1) / 2;
		break;
	}
}

static bool deals_no_answer(const struct cheat *cheat, struct kl_bytes payload)
{
	const struct kl_cells cells = net_cells(cheat->tally);
	unsigned m = (unsigned)net_random(cells.metrics);
	struct parcel parcel;
	uint64_t *x;

	take_parcel(cheat, payload, &parcel);
	x = any_answer(cheat, parcel.contrib.presence);
	spoil_cells(x + cells.offset[m], cells.bins[m]);
	deal_anew(cheat, x, parcel.contrib.number, NULL, &parcel);
	send_parcel(cheat, 0, &parcel);
	drop_parcel(&parcel);
	free(x);
	return true;
}

static bool deals_off_polynomial(const struct cheat *cheat, struct kl_bytes payload)
{
	struct parcel parcel;
	uint64_t *x;

	take_parcel(cheat, payload, &parcel);
	x = any_answer(cheat, parcel.contrib.presence);
	deal_anew(cheat, x, parcel.contrib.number,
		cheat_likes(2) ? off_the_polynomial : false_blinding, &parcel);
	send_parcel(cheat, 0, &parcel);
	drop_parcel(&parcel);
	free(x);
	return true;
}

/* Says that it answered what it did not, or the other way round. */
static bool presence_lies(const struct cheat *cheat, struct kl_bytes payload)
{
	unsigned m = (unsigned)net_random(net_cells(cheat->tally).metrics);
	struct parcel parcel;

	take_parcel(cheat, payload, &parcel);
	parcel.contrib.presence[0] ^= (uint8_t)(1U << m);
	send_parcel(cheat, 0, &parcel);
	drop_parcel(&parcel);
	return true;
}

/* ---- shares that do not arrive, or not for whom they should --------------------------------- */

static bool damages_some(const struct cheat *cheat, struct kl_bytes payload)
{
	struct parcel parcel;

	take_parcel(cheat, payload, &parcel);
	for (unsigned j = 0; j < parcel.contrib.blob_count; j++) {
		if (!parcel.blobs[j] || !cheat_likes(2))
			continue;
		switch (net_random(3)) {
		case 0:
			parcel.blobs[j][net_random(parcel.lens[j])] ^= 1;
			break;
		case 1:
			parcel.lens[j] -= 1 + net_random(7);
			break;
		default:
			cheat_fill(parcel.blobs[j] + parcel.lens[j], 8);
			parcel.lens[j] += 8;
			break;
		}
	}
	send_parcel(cheat, 0, &parcel);
	drop_parcel(&parcel);
	return true;
}

static bool forgets_some(const struct cheat *cheat, struct kl_bytes payload)
{
	struct parcel parcel;

	take_parcel(cheat, payload, &parcel);
	for (unsigned j = 0; j < parcel.contrib.blob_count; j++) {
		if (!cheat_likes(2))
			continue;
		if (cheat_likes(2))
			memset(&parcel.contrib.blobs[j], 0, KL_ID_BYTES);
		free(parcel.blobs[j]);
		parcel.blobs[j] = NULL;
	}
	send_parcel(cheat, 0, &parcel);
	drop_parcel(&parcel);
	return true;
}

static bool swaps_seats(const struct cheat *cheat, struct kl_bytes payload)
{
	struct parcel parcel;
	unsigned a, b;
	uint8_t *blob;
	size_t len;

	take_parcel(cheat, payload, &parcel);
	a = (unsigned)net_random(parcel.contrib.blob_count);
	b = (unsigned)net_random(parcel.contrib.blob_count);
	blob = parcel.blobs[a];
	len = parcel.lens[a];
	parcel.blobs[a] = parcel.blobs[b];
	parcel.lens[a] = parcel.lens[b];
	parcel.blobs[b] = blob;
	parcel.lens[b] = len;
	send_parcel(cheat, 0, &parcel);
	drop_parcel(&parcel);
	return true;
}

/* Says what another member said, with its blobs: perhaps from another tally. */
static bool copies_another(const struct cheat *cheat, struct kl_bytes payload)
{
	const struct net_record *contrib =
		cheat_find(-1, cheat_likes(2) ? -1 : cheat->tally, KL_KIND_TALLY_CONTRIB);
	struct parcel parcel;
	struct kl_tally_contrib other;

	take_parcel(cheat, payload, &parcel);
	if (contrib && !kl_tally_contrib_read(kl_bytes(contrib->payload, contrib->len), &other)) {
		for (unsigned j = 0; j < parcel.contrib.blob_count; j++) {
			const struct net_record *share = NULL;

			for (int a = 0; a < net_nodes() && j < other.blob_count; a++) {
				for (size_t s = 0; s < net_feeds[a].count; s++) {
					if (kl_id_equal(
						    &net_feeds[a].records[s].hash, &other.blobs[j]))
						share = &net_feeds[a].records[s];
				}
			}
			free(parcel.blobs[j]);
			parcel.blobs[j] = share ? malloc(share->len + 8) : NULL;
			if (!share)
				continue;
			KL_ASSERT(parcel.blobs[j]);
			memcpy(parcel.blobs[j], share->payload, share->len);
			parcel.lens[j] = share->len;
		}
	}
	send_parcel(cheat, 0, &parcel);
	drop_parcel(&parcel);
	return true;
}

/* ---- more than one contribution ------------------------------------------------------------- */

static void deal_another(
	const struct cheat *cheat, unsigned branch, uint8_t number, const struct parcel *like)
{
	struct parcel parcel = {.contrib = like->contrib};
	uint64_t *x = any_answer(cheat, parcel.contrib.presence);

	deal_anew(cheat, x, number, NULL, &parcel);
	send_parcel(cheat, branch, &parcel);
	drop_parcel(&parcel);
	free(x);
}

static bool contributes_twice(const struct cheat *cheat, struct kl_bytes payload)
{
	struct parcel parcel;

	take_parcel(cheat, payload, &parcel);
	send_parcel(cheat, 0, &parcel);
	deal_another(cheat, 0, parcel.contrib.number, &parcel);
	drop_parcel(&parcel);
	return true;
}

/* Numbers 2 and 3 with nothing withdrawn before. */
static bool jumps_numbers(const struct cheat *cheat, struct kl_bytes payload)
{
	struct parcel parcel;

	take_parcel(cheat, payload, &parcel);
	if (cheat_likes(2))
		send_parcel(cheat, 0, &parcel);
	deal_another(cheat, 0, (uint8_t)(2 + net_random(2)), &parcel);
	drop_parcel(&parcel);
	return true;
}

static bool contributes_in_two_ways(const struct cheat *cheat, struct kl_bytes payload)
{
	struct parcel parcel;

	take_parcel(cheat, payload, &parcel);
	cheat_fork(cheat);
	send_parcel(cheat, 0, &parcel);
	deal_another(cheat, 1, parcel.contrib.number, &parcel);
	drop_parcel(&parcel);
	return true;
}

static bool contributes_and_declines(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_decline decline = {.tally = *net_tally(cheat->tally)};
	struct parcel parcel;
	bool first = cheat_likes(2);

	take_parcel(cheat, payload, &parcel);
	if (first)
		CHEAT_SAY(cheat, 0, KL_KIND_TALLY_DECLINE, kl_tally_decline_write, &decline);
	send_parcel(cheat, 0, &parcel);
	if (!first)
		CHEAT_SAY(cheat, 0, KL_KIND_TALLY_DECLINE, kl_tally_decline_write, &decline);
	drop_parcel(&parcel);
	return true;
}

static bool withdraws_at_once(const struct cheat *cheat, struct kl_bytes payload)
{
	struct kl_tally_withdraw withdraw = {
		.tally = *net_tally(cheat->tally), .number = (uint8_t)(1 + net_random(3))};
	struct parcel parcel;
	bool first = cheat_likes(2);

	take_parcel(cheat, payload, &parcel);
	if (first)
		CHEAT_SAY(cheat, 0, KL_KIND_TALLY_WITHDRAW, kl_tally_withdraw_write, &withdraw);
	send_parcel(cheat, 0, &parcel);
	if (!first)
		CHEAT_SAY(cheat, 0, KL_KIND_TALLY_WITHDRAW, kl_tally_withdraw_write, &withdraw);
	drop_parcel(&parcel);
	return true;
}

/* Shares without a CONTRIB: nobody can say what they are. */
static bool keeps_contribution(const struct cheat *cheat, struct kl_bytes payload)
{
	struct parcel parcel;

	take_parcel(cheat, payload, &parcel);
	for (unsigned j = 0; j < parcel.contrib.blob_count; j++) {
		if (parcel.blobs[j])
			net_write(cheat->node, 0, KL_KIND_TALLY_SHARE, parcel.blobs[j],
				parcel.lens[j]);
	}
	cheat_keep_back(cheat, KL_KIND_TALLY_CONTRIB, payload);
	drop_parcel(&parcel);
	return true;
}

const struct strategy cheat_share_strategies[] = {
	{"damages, cuts or pads some of its shares", KL_KIND_TALLY_CONTRIB, damages_some},
	{"forgets some seats", KL_KIND_TALLY_CONTRIB, forgets_some},
	{"gives one seat the share of another", KL_KIND_TALLY_CONTRIB, swaps_seats},
	{"copies what another contributed", KL_KIND_TALLY_CONTRIB, copies_another},
	{"contributes twice under one number", KL_KIND_TALLY_CONTRIB, contributes_twice},
	{"contributes under a later number", KL_KIND_TALLY_CONTRIB, jumps_numbers},
	{"contributes one thing before one half and another before the other",
		KL_KIND_TALLY_CONTRIB, contributes_in_two_ways},
	{"contributes and declines", KL_KIND_TALLY_CONTRIB, contributes_and_declines},
	{"withdraws at once, or before", KL_KIND_TALLY_CONTRIB, withdraws_at_once},
	{"says what its shares are when all is over", KL_KIND_TALLY_CONTRIB, keeps_contribution},
	{"deals what is no answer", KL_KIND_TALLY_CONTRIB, deals_no_answer},
	{"deals shares off the polynomial, or with false blinding", KL_KIND_TALLY_CONTRIB,
		deals_off_polynomial},
	{"says that it answered what it did not", KL_KIND_TALLY_CONTRIB, presence_lies},
	{NULL, 0, NULL},
};
