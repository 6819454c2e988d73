#include "core/metric_words.h"

#include <stdio.h>

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
