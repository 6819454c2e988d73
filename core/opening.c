#include "core/opening.h"
#include "core/error.h"
#include "core/field.h"

#include <string.h>

/* The partial sums in order of their seats. */
struct partials {
	const struct kl_partial *of[KL_SEATS_MAX];
	size_t count;
	size_t bins;
};

static uint16_t seat_bit(unsigned seat)
{
	return (uint16_t)(1u << (seat - 1));
}

static int sort_partials(const struct kl_committee *committee, const struct kl_partial *partials,
	size_t count, struct partials *ret_sorted)
{
	const struct kl_partial *by_seat[KL_SEATS_MAX + 1] = {0};
	struct partials sorted = {.bins = ret_sorted->bins};

	for (size_t i = 0; i < count; i++) {
		unsigned seat = partials[i].seat;

		if (!seat || seat > committee->n || by_seat[seat])
			return KL_E_INVALID;
		by_seat[seat] = &partials[i];
	}
	for (unsigned seat = 1; seat <= committee->n; seat++)
		if (by_seat[seat])
			sorted.of[sorted.count++] = by_seat[seat];
	*ret_sorted = sorted;
	return KL_OK;
}

/* Value at `at` of bin `bin` of the polynomials through the subset's vectors. */
static uint64_t value_at(const struct partials *partials, const uint8_t *subset, size_t t,
	const uint64_t *weights, size_t bin)
{
	uint64_t values[KL_THRESHOLD_MAX];

	for (size_t i = 0; i < t; i++)
		values[i] = partials->of[subset[i]]->cells[bin];
	return kl_field_dot(weights, values, 1, t);
}

static void weights_at(const struct partials *partials, const uint8_t *subset, size_t t,
	uint64_t at, uint64_t *ret_weights)
{
	uint64_t points[KL_THRESHOLD_MAX];

	for (size_t i = 0; i < t; i++)
		points[i] = partials->of[subset[i]]->seat;
	kl_field_weights(points, t, at, ret_weights);
}

/* True if the whole vector of a seat lies on the polynomials of the subset. */
static bool lies_on(const struct partials *partials, const uint8_t *subset, size_t t,
	const struct kl_partial *partial)
{
	uint64_t weights[KL_THRESHOLD_MAX];

	weights_at(partials, subset, t, partial->seat, weights);
	for (size_t bin = 0; bin < partials->bins; bin++)
		if (value_at(partials, subset, t, weights, bin) != partial->cells[bin])
			return false;
	return true;
}

/* Finds the first subset that enough vectors agree with; returns their seats, 0 if there is none. */
static uint16_t find_agreement(
	const struct kl_committee *committee, const struct partials *partials, uint8_t *ret_subset)
{
	uint8_t subset[KL_THRESHOLD_MAX], t = committee->t;
	size_t wanted = partials->count < committee->qa ? partials->count : committee->qa;

	for (uint8_t i = 0; i < t; i++)
		subset[i] = i;
	do {
		uint16_t seats = 0;

		for (size_t i = 0; i < partials->count; i++)
			if (lies_on(partials, subset, t, partials->of[i]))
				seats |= seat_bit(partials->of[i]->seat);
		if ((size_t)__builtin_popcount(seats) >= wanted) {
			memcpy(ret_subset, subset, sizeof subset);
			return seats;
		}
	} while (kl_next_subset(subset, t, (unsigned)partials->count));
	return 0;
}

/* Counts of a cohort of `size`: none above it, all together exactly it. */
static bool histogram_of(const struct partials *partials, const uint8_t *subset, size_t t,
	uint32_t size, uint32_t *ret_histogram)
{
	uint64_t weights[KL_THRESHOLD_MAX], sum = 0;

	weights_at(partials, subset, t, 0, weights);
	for (size_t bin = 0; bin < partials->bins; bin++) {
		uint64_t count = value_at(partials, subset, t, weights, bin);

		if (count > size)
			return false;
		ret_histogram[bin] = (uint32_t)count;
		sum += count;
	}
	return sum == size;
}

static void settle(const struct kl_committee *committee, const struct partials *partials,
	uint32_t size, struct kl_opening *opening)
{
	uint8_t subset[KL_THRESHOLD_MAX] = {0};
	uint32_t histogram[KL_CELLS_BINS_MAX];
	uint16_t agreeing = find_agreement(committee, partials, subset);

	opening->state = KL_OPENING_VOID;
	if (!agreeing || !histogram_of(partials, subset, committee->t, size, histogram))
		return;
	memcpy(opening->histogram, histogram, partials->bins * sizeof *histogram);
	opening->bins = (uint16_t)partials->bins;
	opening->seats = agreeing;
	opening->state = KL_OPENING_UNCONFIRMED;
	if (__builtin_popcount(agreeing) < committee->qa)
		return;
	opening->state = KL_OPENING_FINAL;
	for (size_t i = 0; i < partials->count; i++)
		if (!(agreeing & seat_bit(partials->of[i]->seat)))
			opening->liars |= seat_bit(partials->of[i]->seat);
}

int kl_open_partials(const struct kl_committee *committee, const struct kl_partial *partials,
	size_t count, size_t bins, uint32_t size, struct kl_opening *ret_opening)
{
	struct partials sorted = {.bins = bins};
	struct kl_opening opening = {.state = KL_OPENING_WAITING};

	if (!bins || bins > KL_CELLS_BINS_MAX || sort_partials(committee, partials, count, &sorted))
		return KL_E_INVALID;
	if (sorted.count >= committee->t)
		settle(committee, &sorted, size, &opening);
	*ret_opening = opening;
	return KL_OK;
}

const char *kl_opening_state_name(enum kl_opening_state state)
{
	switch (state) {
	case KL_OPENING_WAITING:
		return "waiting";
	case KL_OPENING_FINAL:
		return "final";
	case KL_OPENING_UNCONFIRMED:
		return "unconfirmed";
	case KL_OPENING_VOID:
		break;
	}
	return "void";
}
