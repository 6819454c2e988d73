#include "daemon/metric_words.h"

#include <stdio.h>
#include <string.h>

void kl_put_scaled(struct kl_writer *w, const char *key, int64_t scaled, uint32_t scale)
{
	if (scaled % (int64_t)scale == 0)
		kl_put_int(w, key, scaled / (int64_t)scale);
	else
		kl_put_double(w, key, kl_number_value(scaled, scale));
}

/* What stands behind a number, unless the number says it itself. */
static const char *suffix(const struct kl_metric *metric)
{
	switch (metric->unit) {
	case KL_UNIT_FTE:
		return " FTE";
	case KL_UNIT_PEOPLE:
		return " people";
	case KL_UNIT_HOURS:
		return " hours";
	case KL_UNIT_ACRES:
		return " acres";
	case KL_UNIT_MWH:
		return " MWh";
	case KL_UNIT_TONNES:
		return " tonnes";
	default:
		return "";
	}
}

const char *kl_value_words(
	const struct kl_metric *metric, int64_t value, char out[KL_BIN_WORDS_MAX])
{
	char text[KL_NUMBER_TEXT_MAX];

	snprintf(out, KL_BIN_WORDS_MAX, "%s%s", kl_metric_format(metric, value, text),
		suffix(metric));
	return out;
}

const char *kl_bin_words(const struct kl_metric *metric, const struct kl_bins *bins, uint8_t bin,
	char out[KL_BIN_WORDS_MAX])
{
	bool below = bin == 0 && bins->open_low;
	bool above = bin + 1 == bins->count && bins->open_high;
	int64_t last = bins->edges[bin + 1] - (metric->discrete ? 1 : 0);
	char from[KL_NUMBER_TEXT_MAX] = "", to[KL_NUMBER_TEXT_MAX] = "";

	if (!below)
		kl_metric_format(metric, bins->edges[bin], from);
	if (!above)
		kl_metric_format(metric, last, to);
	if (below)
		snprintf(out, KL_BIN_WORDS_MAX, "below %s%s", to, suffix(metric));
	else if (above)
		snprintf(out, KL_BIN_WORDS_MAX, "%s%s or more", from, suffix(metric));
	else if (metric->discrete && last == bins->edges[bin])
		snprintf(out, KL_BIN_WORDS_MAX, "%s", from);
	else
		snprintf(out, KL_BIN_WORDS_MAX, "%s %s %s%s", from,
			metric->discrete ? "to" : "up to", to, suffix(metric));
	return out;
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
