#include "core/histogram.h"

static int64_t floor_div(int64_t a, int64_t b)
{
	int64_t q = a / b;

	return a % b < 0 ? q - 1 : q;
}

static int count_all(const struct kl_bins *bins, const uint32_t *counts, uint32_t *ret_n)
{
	uint64_t n = 0;

	for (uint8_t i = 0; i < bins->count; i++)
		n += counts[i];
	if (n > KL_HISTOGRAM_MEMBERS_MAX)
		return KL_E_RANGE;
	if (!n)
		return KL_E_NOT_FOUND;
	*ret_n = (uint32_t)n;
	return KL_OK;
}

/* Bin of the member at `place`, counted from 1 at the low end. */
static uint8_t bin_of_place(const uint32_t *counts, uint32_t place)
{
	uint32_t passed = 0;
	uint8_t bin = 0;

	while (passed + counts[bin] < place)
		passed += counts[bin++];
	return bin;
}

static bool low_is_open(const struct kl_bins *bins, uint8_t bin)
{
	return bin == 0 && bins->open_low;
}

static bool high_is_open(const struct kl_bins *bins, uint8_t bin)
{
	return bin == bins->count - 1 && bins->open_high;
}

/* In the first bin that holds somebody and reaches a quarters of all: there as far as the members
 * of the bin that are still needed, and at the finite edge if the bin is open. */
static int64_t point_of(const struct kl_bins *bins, const uint32_t *counts, uint32_t a, uint32_t n)
{
	int64_t passed = 0, width, needed;
	uint8_t bin = 0;

	while (!counts[bin] || 4 * (passed + counts[bin]) < (int64_t)a * n)
		passed += counts[bin++];
	if (low_is_open(bins, bin))
		return bins->edges[bin + 1];
	if (high_is_open(bins, bin))
		return bins->edges[bin];
	width = bins->edges[bin + 1] - bins->edges[bin];
	needed = (int64_t)a * n - 4 * passed;
	return bins->edges[bin] + floor_div(width * needed, 4 * (int64_t)counts[bin]);
}

static struct kl_quartile quartile(
	const struct kl_bins *bins, const uint32_t *counts, uint32_t a, uint32_t n)
{
	bool between = a * n % 4 == 0;
	uint32_t place = a * n / 4 + (between ? 0 : 1);
	uint8_t first = bin_of_place(counts, place);
	uint8_t second = bin_of_place(counts, place + (between ? 1 : 0));
	struct kl_quartile q = {
		.low_open = low_is_open(bins, first), .high_open = high_is_open(bins, second)};

	if (!q.low_open)
		q.low = bins->edges[first];
	if (!q.high_open)
		q.high = bins->edges[second + 1];
	q.point = point_of(bins, counts, a, n);
	return q;
}

int kl_histogram_figures(
	const struct kl_bins *bins, const uint32_t *counts, struct kl_figures *ret_figures)
{
	struct kl_figures f = {0};
	int64_t sum = 0;
	int rc = count_all(bins, counts, &f.n);

	if (rc)
		return rc;
	for (uint32_t a = 1; a <= 3; a++)
		f.quartiles[a - 1] = quartile(bins, counts, a, f.n);
	for (uint8_t i = 0; i < bins->count; i++)
		sum += (int64_t)counts[i] * bins->mids[i];
	f.mean = floor_div(sum, f.n);
	*ret_figures = f;
	return KL_OK;
}

int kl_histogram_rank(const struct kl_bins *bins, const uint32_t *counts, uint8_t bin,
	uint32_t *ret_low, uint32_t *ret_high)
{
	uint64_t below = 0;
	uint32_t n;
	int rc = count_all(bins, counts, &n);

	if (rc)
		return rc;
	if (bin >= bins->count)
		return KL_E_RANGE;
	for (uint8_t i = 0; i < bin; i++)
		below += counts[i];
	*ret_low = (uint32_t)(KL_RANK_SCALE * below / n);
	*ret_high = (uint32_t)(KL_RANK_SCALE * (below + counts[bin]) / n);
	return KL_OK;
}
