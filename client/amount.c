#include "client/amount.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Digits behind the point that are worth printing for a number of the unit. */
static uint32_t scale_for(enum kl_unit unit, double number)
{
	if (unit == KL_UNIT_GBP)
		return number > -100 && number < 100 ? 100 : 1;
	return unit == KL_UNIT_SCORE ? 1000 : kl_unit_scale(unit);
}

static bool says_its_unit(enum kl_unit unit)
{
	return unit == KL_UNIT_SCORE || unit == KL_UNIT_SHARE || unit == KL_UNIT_PERCENT ||
	       unit == KL_UNIT_GBP || unit == KL_UNIT_COUNT;
}

static const char *amount(const struct kl_value *map, const char *key, const char *unit_name,
	bool exact, const char *none, char out[KL_AMOUNT_TEXT_MAX])
{
	char text[KL_NUMBER_TEXT_MAX];
	enum kl_unit unit;
	double number;
	int64_t scaled;
	uint32_t scale;

	if (kl_get_double(map, key, &number) || kl_unit_from_name(unit_name, &unit)) {
		snprintf(out, KL_AMOUNT_TEXT_MAX, "%s", none);
		return out;
	}
	scale = exact ? kl_unit_scale(unit) : scale_for(unit, number);
	if (kl_number_from_double(number, scale, &scaled)) {
		snprintf(out, KL_AMOUNT_TEXT_MAX, "%g", number);
		return out;
	}
	snprintf(out, KL_AMOUNT_TEXT_MAX, "%s%s%s", kl_number_format(scaled, unit, scale, text),
		says_its_unit(unit) ? "" : " ", says_its_unit(unit) ? "" : unit_name);
	return out;
}

const char *kl_amount(const struct kl_value *map, const char *key, const char *unit_name,
	const char *none, char out[KL_AMOUNT_TEXT_MAX])
{
	return amount(map, key, unit_name, false, none, out);
}

const char *kl_amount_exact(const struct kl_value *map, const char *key, const char *unit_name,
	const char *none, char out[KL_AMOUNT_TEXT_MAX])
{
	return amount(map, key, unit_name, true, none, out);
}

const char *kl_span(uint64_t seconds, char out[KL_SPAN_TEXT_MAX])
{
	static const struct {
		uint64_t seconds;
		const char *name;
	} units[] = {
		{7 * 86400, "week"}, {86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
	size_t at = 0, last = sizeof units / sizeof *units - 1;
	uint64_t many, rest;
	int len;

	while (at < last && seconds < units[at].seconds)
		at++;
	many = seconds / units[at].seconds;
	len = snprintf(out, KL_SPAN_TEXT_MAX, "%" PRIu64 " %s%s", many, units[at].name,
		many == 1 ? "" : "s");
	if (at == last)
		return out;
	rest = seconds % units[at].seconds / units[at + 1].seconds;
	if (rest)
		snprintf(out + len, KL_SPAN_TEXT_MAX - (size_t)len, " %" PRIu64 " %s%s", rest,
			units[at + 1].name, rest == 1 ? "" : "s");
	return out;
}
