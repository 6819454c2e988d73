#include "daemon/metric_words.h"

void kl_put_scaled(struct kl_writer *w, const char *key, int64_t scaled, uint32_t scale)
{
	if (scaled % (int64_t)scale == 0)
		kl_put_int(w, key, scaled / (int64_t)scale);
	else
		kl_put_double(w, key, kl_number_value(scaled, scale));
}

uint8_t kl_bin_coarser(const struct kl_metric *metric, enum kl_level level, uint8_t fine)
{
	uint8_t bin = 0, end = metric->runs[level][0];

	while (fine >= end && bin + 1 < metric->level_bins[level])
		end = (uint8_t)(end + metric->runs[level][++bin]);
	return bin;
}

int kl_bin_at_level(
	const struct kl_metric *metric, enum kl_level level, int64_t value, uint8_t *ret_bin)
{
	uint8_t fine;
	int rc = kl_metric_bin(metric, value, &fine);

	if (!rc)
		*ret_bin = kl_bin_coarser(metric, level, fine);
	return rc;
}
