#include "core/trend.h"

#include <stdio.h>
#include <string.h>

const char *kl_way_name(enum kl_way direction)
{
	static const char *const names[] = {"same", "better", "worse", "no clear direction"};

	return names[direction];
}

enum kl_way kl_way_of(enum kl_polarity polarity, int64_t from, int64_t to)
{
	if (from == to)
		return KL_WAY_SAME;
	if (polarity == KL_NEITHER_BETTER)
		return KL_WAY_UNCLEAR;
	return (to > from) == (polarity == KL_HIGHER_BETTER) ? KL_WAY_BETTER : KL_WAY_WORSE;
}

void kl_trend_add(struct kl_trend *trend, int64_t number)
{
	if (!trend->count++)
		trend->first = number;
	else if (number > trend->last)
		trend->rises++;
	else if (number < trend->last)
		trend->falls++;
	trend->last = number;
}

enum kl_way kl_trend_way(const struct kl_trend *trend, enum kl_polarity polarity)
{
	if (trend->rises && trend->falls)
		return KL_WAY_UNCLEAR;
	return kl_way_of(polarity, trend->first, trend->last);
}

const char *kl_change_words(
	int64_t from, int64_t to, enum kl_unit unit, uint32_t scale, char out[KL_CHANGE_TEXT_MAX])
{
	bool points = unit == KL_UNIT_SHARE || unit == KL_UNIT_PERCENT;
	char size[KL_NUMBER_TEXT_MAX];
	size_t len;

	if (from == to) {
		(void)snprintf(out, KL_CHANGE_TEXT_MAX, "unchanged");
		return out;
	}
	kl_number_format(to > from ? to - from : from - to, unit, scale, size);
	len = strlen(size);
	if (points && len && size[len - 1] == '%')
		size[len - 1] = '\0';
	(void)snprintf(out, KL_CHANGE_TEXT_MAX, "%s by %s%s", to > from ? "up" : "down", size,
		!points              ? ""
		: !strcmp(size, "1") ? " point"
				     : " points");
	return out;
}

enum kl_polarity kl_metric_polarity(const struct kl_metric *metric)
{
	return strncmp(metric->code, "policy.", 7) == 0 ? KL_NEITHER_BETTER : KL_HIGHER_BETTER;
}
