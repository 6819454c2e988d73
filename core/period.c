#include "core/period.h"
#include "core/error.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Reads exactly `n` digits. */
static bool digits(const char **at, int n, unsigned *ret_value)
{
	unsigned value = 0;

	for (int i = 0; i < n; i++) {
		if (!isdigit((unsigned char)(*at)[i]))
			return false;
		value = value * 10 + (unsigned)((*at)[i] - '0');
	}
	*at += n;
	*ret_value = value;
	return true;
}

/* What stands after the year and "/": the next year, with two digits or four. */
static bool next_year(const char **at, unsigned year)
{
	unsigned value;
	const char *from = *at;

	if (digits(at, 4, &value))
		return value == year + 1;
	*at = from;
	return digits(at, 2, &value) && value == (year + 1) % 100;
}

static bool read_rest(const char **at, struct kl_period *p)
{
	unsigned value;
	const char *from;

	if (**at == '/') {
		(*at)++;
		p->kind = KL_PERIOD_FINANCIAL;
		return next_year(at, p->year);
	}
	if (**at != '-') {
		p->kind = KL_PERIOD_YEAR;
		return true;
	}
	(*at)++;
	if (**at == 'Q' || **at == 'q') {
		(*at)++;
		p->kind = KL_PERIOD_QUARTER;
		if (!digits(at, 1, &value) || value < 1 || value > 4)
			return false;
		p->number = (uint8_t)value;
		return true;
	}
	from = *at;
	if (digits(at, 2, &value) && value >= 1 && value <= 12 && !isdigit((unsigned char)**at)) {
		p->kind = KL_PERIOD_MONTH;
		p->number = (uint8_t)value;
		return true;
	}
	*at = from;
	p->kind = KL_PERIOD_FINANCIAL;
	return next_year(at, p->year);
}

int kl_period_parse(const char *text, struct kl_period *ret_period)
{
	struct kl_period p = {0};
	unsigned year;

	while (isspace((unsigned char)*text))
		text++;
	if (!digits(&text, 4, &year) || year < KL_PERIOD_YEAR_MIN || year > KL_PERIOD_YEAR_MAX)
		return KL_E_INVALID;
	p.year = (uint16_t)year;
	if (!read_rest(&text, &p))
		return KL_E_INVALID;
	while (isspace((unsigned char)*text))
		text++;
	if (*text)
		return KL_E_INVALID;
	*ret_period = p;
	return KL_OK;
}

const char *kl_period_format(struct kl_period p, char out[KL_PERIOD_TEXT_MAX])
{
	switch (p.kind) {
	case KL_PERIOD_YEAR:
		snprintf(out, KL_PERIOD_TEXT_MAX, "%04u", p.year);
		break;
	case KL_PERIOD_FINANCIAL:
		snprintf(out, KL_PERIOD_TEXT_MAX, "%04u/%02u", p.year, (p.year + 1u) % 100);
		break;
	case KL_PERIOD_QUARTER:
		snprintf(out, KL_PERIOD_TEXT_MAX, "%04u-Q%u", p.year, p.number);
		break;
	case KL_PERIOD_MONTH:
		snprintf(out, KL_PERIOD_TEXT_MAX, "%04u-%02u", p.year, p.number);
		break;
	}
	return out;
}

bool kl_period_equal(struct kl_period a, struct kl_period b)
{
	return a.kind == b.kind && a.year == b.year && a.number == b.number;
}

uint32_t kl_period_first_month(struct kl_period p)
{
	uint32_t january = p.year * 12u;

	switch (p.kind) {
	case KL_PERIOD_FINANCIAL:
		return january + 3;
	case KL_PERIOD_QUARTER:
		return january + 3u * (p.number - 1u);
	case KL_PERIOD_MONTH:
		return january + p.number - 1u;
	case KL_PERIOD_YEAR:
		break;
	}
	return january;
}

uint32_t kl_period_months(struct kl_period p)
{
	switch (p.kind) {
	case KL_PERIOD_QUARTER:
		return 3;
	case KL_PERIOD_MONTH:
		return 1;
	case KL_PERIOD_YEAR:
	case KL_PERIOD_FINANCIAL:
		break;
	}
	return 12;
}

int kl_period_compare(struct kl_period a, struct kl_period b)
{
	uint32_t first_a = kl_period_first_month(a), first_b = kl_period_first_month(b);

	if (first_a != first_b)
		return first_a < first_b ? -1 : 1;
	return (int)kl_period_months(b) - (int)kl_period_months(a);
}

bool kl_periods_overlap(struct kl_period a, struct kl_period b)
{
	const uint32_t from_a = kl_period_first_month(a), from_b = kl_period_first_month(b);

	return from_a < from_b + kl_period_months(b) && from_b < from_a + kl_period_months(a);
}

struct kl_period kl_period_previous(struct kl_period p)
{
	unsigned last = p.kind == KL_PERIOD_QUARTER ? 4 : p.kind == KL_PERIOD_MONTH ? 12 : 0;

	if (p.number > 1) {
		p.number--;
		return p;
	}
	p.year--;
	p.number = (uint8_t)last;
	return p;
}

bool kl_periods_near(struct kl_period a, struct kl_period b)
{
	return kl_periods_overlap(a, b) || kl_period_equal(kl_period_previous(a), b) ||
	       kl_period_equal(a, kl_period_previous(b));
}
