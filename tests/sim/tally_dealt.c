/* What contributors dealt: the observer holds all keys, and opens every share. */
#include "tests/sim/tally_end.h"

#include "core/field.h"
#include "core/metric.h"

#include <stdlib.h>
#include <string.h>

enum { DEALT_MAX = NET_TALLIES_MAX * NET_NODES_MAX * 2 };

static struct net_dealt *dealt[DEALT_MAX];
static unsigned dealt_count;

void net_dealt_end(void)
{
	for (unsigned i = 0; i < dealt_count; i++) {
		for (unsigned j = 0; j < KL_SEATS_MAX; j++)
			free(dealt[i]->vectors[j]);
		free(dealt[i]);
	}
	dealt_count = 0;
}

struct kl_cells net_cells(int tally)
{
	struct kl_cells cells;

	NET_CHECK(!kl_tally_call_cells(net_terms_of(tally), &cells), "no cells");
	return cells;
}

unsigned net_contributions(
	int tally, int node, const struct net_record *ret_records[2 * KL_SHARE_NUMBER_MAX])
{
	unsigned count = 0;

	for (unsigned b = 0; b < 2; b++) {
		for (size_t s = 0; s < net_length(node, b) && count < 2 * KL_SHARE_NUMBER_MAX;
			s++) {
			const struct net_record *r = net_record_at(node, b, s);
			bool seen = false;

			if (r->kind != KL_KIND_TALLY_CONTRIB || r->said.tally != tally)
				continue;
			for (unsigned i = 0; i < count; i++)
				seen |= ret_records[i] == r;
			if (!seen)
				ret_records[count++] = r;
		}
	}
	return count;
}

/* A SHARE of a node by the hash of its blob. */
static const struct net_record *share_of(int node, const struct kl_id *blob)
{
	for (unsigned b = 0; b < 2; b++) {
		for (size_t s = 0; s < net_length(node, b); s++) {
			const struct net_record *r = net_record_at(node, b, s);

			if (r->kind == KL_KIND_TALLY_SHARE && kl_id_equal(&r->hash, blob))
				return r;
		}
	}
	return NULL;
}

static uint64_t *open_share(const struct net_dealt *d, unsigned seat)
{
	const struct net_record *share = share_of(d->node, &d->contrib.blobs[seat - 1]);
	const struct kl_tally_call *call = net_terms_of(d->tally);
	const struct kl_share_binding expected = {.tally = *net_tally(d->tally),
		.author = *net_id(d->node),
		.policy = call->policy,
		.schema = call->schema,
		.number = d->contrib.number,
		.seat = (uint8_t)seat};
	size_t cells = net_cells(d->tally).total;
	struct kl_box_keys keys;
	uint64_t *vector;

	if (!share || share->len != kl_share_blob_len(net_committee(d->tally), seat, cells))
		return NULL;
	kl_box_keys_from_seed(net_key_of(net_seat_node(d->tally, seat), d->tally), &keys);
	vector = calloc(kl_share_elements(cells), sizeof(*vector));
	KL_ASSERT(vector);
	if (!kl_share_open(net_committee(d->tally), &expected, cells, &keys,
		    kl_bytes(share->payload, share->len), vector))
		return vector;
	free(vector);
	return NULL;
}

/* ---- polynomials ---------------------------------------------------------------------------- */

void net_line_init(struct net_line *line, const uint64_t *points, unsigned count, unsigned degree)
{
	line->count = count;
	line->degree = degree;
	if (count <= degree)
		return;
	for (unsigned i = degree + 1; i < count; i++)
		kl_field_weights(points, degree + 1, points[i], line->weights[i]);
	kl_field_weights(points, degree + 1, 0, line->weights[count]);
}

bool net_line_fits(const struct net_line *line, const uint64_t *values)
{
	for (unsigned i = line->degree + 1; i < line->count; i++) {
		if (kl_field_dot(line->weights[i], values, 1, line->degree + 1) != values[i])
			return false;
	}
	return true;
}

uint64_t net_line_at_zero(const struct net_line *line, const uint64_t *values)
{
	return kl_field_dot(line->weights[line->count], values, 1, line->degree + 1);
}

/* ---- answers -------------------------------------------------------------------------------- */

/* What seats that do not lie hold of a contribution. */
struct held {
	const uint64_t *vectors[KL_SEATS_MAX];
	struct net_line line;
};

/* All but seat `aside`; false if fewer than t hold a share. */
static bool look_at_held(const struct net_dealt *d, unsigned aside, struct held *held)
{
	const struct kl_committee *c = net_committee(d->tally);
	uint64_t points[KL_SEATS_MAX];
	unsigned count = 0;

	for (unsigned j = 1; j <= c->n; j++) {
		if (!d->vectors[j - 1] || net_is_lying(d->tally, j) || j == aside)
			continue;
		points[count] = j;
		held->vectors[count++] = d->vectors[j - 1];
	}
	net_line_init(&held->line, points, count, c->t - 1U);
	return count >= c->t;
}

/* The value at 0 of one cell; false if these seats do not agree. */
static bool value_of(const struct held *held, size_t cell, uint64_t *ret_value)
{
	uint64_t values[KL_SEATS_MAX];

	for (unsigned i = 0; i < held->line.count; i++)
		values[i] = held->vectors[i][cell];
	*ret_value = net_line_at_zero(&held->line, values);
	return net_line_fits(&held->line, values);
}

static bool read_answer(struct net_dealt *d, unsigned aside)
{
	const struct kl_cells cells = net_cells(d->tally);
	struct held held;

	if (!look_at_held(d, aside, &held))
		return false;
	for (unsigned m = 0; m < cells.metrics; m++) {
		bool present = kl_presence_has(d->contrib.presence, m);

		d->bins[m] = KL_ABSENT;
		for (unsigned bin = 0; bin < cells.bins[m]; bin++) {
			uint64_t value;

			if (!value_of(&held, (size_t)cells.offset[m] + bin, &value) || value > 1)
				return false;
			if (value && d->bins[m] != KL_ABSENT)
				return false;
			if (value)
				d->bins[m] = (int16_t)bin;
		}
		if (present != (d->bins[m] != KL_ABSENT))
			return false;
	}
	return true;
}

static struct net_dealt *look_at(const struct net_record *r, int node)
{
	struct net_dealt *d = calloc(1, sizeof(*d));
	const struct kl_committee *c = net_committee(r->said.tally);

	KL_ASSERT(d && dealt_count < DEALT_MAX);
	dealt[dealt_count++] = d;
	d->tally = r->said.tally;
	d->node = node;
	d->id = r->id;
	NET_CHECK(!kl_tally_contrib_read(kl_bytes(r->payload, r->len), &d->contrib),
		"a CONTRIB that was read cannot be read");
	for (unsigned seat = 1; seat <= c->n && d->contrib.blob_count == c->n; seat++)
		d->vectors[seat - 1] = open_share(d, seat);
	/* A seat that was dealt another share than the rest is set aside. */
	for (unsigned aside = 0; aside <= c->n && !d->legal; aside++)
		d->legal = read_answer(d, aside);
	return d;
}

const struct net_dealt *net_dealt(const struct kl_id *contribution)
{
	for (unsigned i = 0; i < dealt_count; i++) {
		if (kl_id_equal(&dealt[i]->id, contribution))
			return dealt[i];
	}
	for (int a = 0; a < net_nodes(); a++) {
		for (unsigned b = 0; b < 2; b++) {
			for (size_t s = 0; s < net_length(a, b); s++) {
				const struct net_record *r = net_record_at(a, b, s);

				if (r->kind == KL_KIND_TALLY_CONTRIB && r->said.tally >= 0 &&
					kl_id_equal(&r->id, contribution))
					return look_at(r, a);
			}
		}
	}
	return NULL;
}
