#include "core/cells.h"
#include "core/error.h"
#include "core/field.h"

#include <string.h>

int kl_cells_init(const uint8_t *bins, size_t metrics, struct kl_cells *ret_cells)
{
	struct kl_cells cells = {0};
	size_t total = 0;

	if (!metrics)
		return KL_E_RANGE;
	if (metrics > KL_CELLS_METRICS_MAX)
		return KL_E_TOO_BIG;
	for (size_t m = 0; m < metrics; m++) {
		if (!bins[m] || bins[m] > KL_CELLS_BINS_MAX)
			return KL_E_RANGE;
		cells.bins[m] = bins[m];
		cells.offset[m] = (uint16_t)total;
		total += bins[m];
	}
	if (total > KL_CELLS_MAX)
		return KL_E_TOO_BIG;
	cells.metrics = (uint16_t)metrics;
	cells.total = (uint16_t)total;
	*ret_cells = cells;
	return KL_OK;
}

int kl_presence_check(struct kl_bytes presence, size_t metrics)
{
	if (presence.len != kl_presence_len(metrics))
		return KL_E_MALFORMED;
	if (metrics % 8 && presence.data[presence.len - 1] >> (metrics % 8))
		return KL_E_MALFORMED;
	return KL_OK;
}

size_t kl_presence_count(const uint8_t *presence, size_t metrics)
{
	size_t count = 0;

	for (size_t m = 0; m < metrics; m++)
		count += kl_presence_has(presence, m);
	return count;
}

int kl_cells_one_hot(const struct kl_cells *cells, const int16_t *answers, uint64_t *ret_values,
	uint8_t *ret_presence)
{
	for (size_t m = 0; m < cells->metrics; m++)
		if (answers[m] != KL_ABSENT && (answers[m] < 0 || answers[m] >= cells->bins[m]))
			return KL_E_RANGE;
	memset(ret_presence, 0, kl_presence_len(cells->metrics));
	for (size_t m = 0; m < cells->metrics; m++) {
		for (unsigned b = 0; b < cells->bins[m]; b++)
			ret_values[cells->offset[m] + b] = answers[m] == (int)b;
		if (answers[m] != KL_ABSENT)
			ret_presence[m / 8] |= (uint8_t)(1u << (m % 8));
	}
	return KL_OK;
}

int kl_runs_check(const struct kl_runs *runs, unsigned bins)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < runs->count; i++) {
		if (!runs->runs[i])
			return KL_E_INVALID;
		sum += runs->runs[i];
	}
	return runs->count && sum == bins ? KL_OK : KL_E_INVALID;
}

void kl_runs_apply(const struct kl_runs *runs, const uint64_t *fine, uint64_t *ret_coarse)
{
	for (unsigned i = 0; i < runs->count; i++) {
		uint64_t sum = 0;

		/* Reading stays at or ahead of writing, so both arrays may be one. */
		for (unsigned j = 0; j < runs->runs[i]; j++)
			sum = kl_field_add(sum, *fine++);
		ret_coarse[i] = sum;
	}
}
