#include "core/unit.h"
#include "core/money.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char *name;
	uint32_t scale;
	const char *noun, *example;
};

static const struct unit units[KL_UNIT_COUNT_ALL] = {
#define X(name, text, scale, noun, example) [KL_UNIT_##name] = {text, scale, noun, example},
	KL_UNIT_MAP(X)
#undef X
};

const char *kl_unit_name(enum kl_unit unit)
{
	KL_ASSERT(unit < KL_UNIT_COUNT_ALL);
	return units[unit].name;
}

uint32_t kl_unit_scale(enum kl_unit unit)
{
	KL_ASSERT(unit < KL_UNIT_COUNT_ALL);
	return units[unit].scale;
}

int kl_unit_from_name(const char *name, enum kl_unit *ret_unit)
{
	for (int i = 0; i < KL_UNIT_COUNT_ALL; i++)
		if (!strcmp(units[i].name, name)) {
			*ret_unit = (enum kl_unit)i;
			return KL_OK;
		}
	return KL_E_INVALID;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* A number while it is read: digits * 10^exponent. */
struct number {
	bool negative, percent;
	int64_t digits;
	int exponent;
	bool rest; /* digits behind the last one that is kept were not all zero */
};

struct text {
	const char *at, *end;
};

static void trim(struct text *t)
{
	while (t->at < t->end && isspace((unsigned char)*t->at))
		t->at++;
	while (t->end > t->at && isspace((unsigned char)t->end[-1]))
		t->end--;
}

static bool front(struct text *t, const char *what)
{
	size_t n = strlen(what);

	if ((size_t)(t->end - t->at) < n || memcmp(t->at, what, n) != 0)
		return false;
	t->at += n;
	trim(t);
	return true;
}

static bool back(struct text *t, const char *what)
{
	size_t n = strlen(what);

	if ((size_t)(t->end - t->at) < n || strncasecmp(t->end - n, what, n) != 0)
		return false;
	t->end -= n;
	trim(t);
	return true;
}

static void take_marks(struct text *t, enum kl_unit unit, struct number *n)
{
	trim(t);
	n->negative = front(t, "-") || front(t, "\xe2\x88\x92"); /* U+2212, the printed minus */
	if (!n->negative)
		(void)front(t, "+");
	if (unit == KL_UNIT_GBP) {
		(void)front(t, "£");
		if (back(t, "bn"))
			n->exponent = 9;
		else if (back(t, "m"))
			n->exponent = 6;
		else if (back(t, "k"))
			n->exponent = 3;
	}
	if (unit == KL_UNIT_SHARE || unit == KL_UNIT_PERCENT)
		n->percent = back(t, "%");
	if (n->percent && unit == KL_UNIT_SHARE)
		n->exponent = -2;
}

static int take_digit(struct number *n, char c)
{
	if (n->digits > KL_NUMBER_MAX)
		return KL_E_RANGE;
	n->digits = n->digits * 10 + (c - '0');
	return KL_OK;
}

/* "1,250" or "1250": a comma stands only before groups of three. */
static int take_whole(struct text *t, struct number *n, bool *ret_any)
{
	int run = 0, groups = 0;

	for (; t->at < t->end && *t->at != '.'; t->at++) {
		if (*t->at == ',') {
			if (!run || run > 3 || (groups && run != 3))
				return KL_E_INVALID;
			groups++;
			run = 0;
			continue;
		}
		if (!isdigit((unsigned char)*t->at))
			return KL_E_INVALID;
		if (take_digit(n, *t->at))
			return KL_E_RANGE;
		run++;
	}
	*ret_any = run > 0;
	return groups && run != 3 ? KL_E_INVALID : KL_OK;
}

/* Six decimals are kept; of more, only whether there was anything matters. */
static int take_fraction(struct text *t, struct number *n, bool *ret_any)
{
	int kept = 0;

	*ret_any = false;
	if (t->at == t->end)
		return KL_OK;
	for (t->at++; t->at < t->end; t->at++) {
		if (!isdigit((unsigned char)*t->at))
			return KL_E_INVALID;
		*ret_any = true;
		if (kept < 6 && n->digits <= KL_NUMBER_MAX / 10) {
			n->digits = n->digits * 10 + (*t->at - '0');
			n->exponent--;
			kept++;
		} else if (*t->at != '0') {
			n->rest = true;
		}
	}
	return *ret_any ? KL_OK : KL_E_INVALID;
}

/* digits * 10^exponent * scale, cut towards minus infinity; `n->rest` says whether it was cut. */
static int put_together(struct number *n, uint32_t scale, int64_t *ret_scaled)
{
	int64_t value = n->digits;
	bool rest = n->rest;

	for (; scale > 1; scale /= 10)
		n->exponent++;
	for (; n->exponent > 0 && value; n->exponent--) {
		if (value > KL_NUMBER_MAX)
			return KL_E_RANGE;
		value *= 10;
	}
	for (; n->exponent < 0; n->exponent++) {
		rest |= value % 10 != 0;
		value /= 10;
	}
	if (n->negative)
		value = -value - (rest ? 1 : 0);
	n->rest = rest;
	if (value > KL_NUMBER_MAX || value < -KL_NUMBER_MAX)
		return KL_E_RANGE;
	*ret_scaled = value;
	return KL_OK;
}

static int parse(const char *text, enum kl_unit unit, uint32_t scale, int64_t *ret_scaled)
{
	struct text t = {text, text + strlen(text)};
	struct number n = {0};
	bool whole, fraction;
	int rc;

	take_marks(&t, unit, &n);
	rc = take_whole(&t, &n, &whole);
	if (rc)
		return rc;
	rc = take_fraction(&t, &n, &fraction);
	if (rc)
		return rc;
	if (!whole && !fraction)
		return KL_E_INVALID;
	rc = put_together(&n, scale, ret_scaled);
	if (!rc && n.rest && (unit == KL_UNIT_COUNT || unit == KL_UNIT_PEOPLE))
		return KL_E_INVALID;
	return rc;
}

int kl_number_parse(const char *text, enum kl_unit unit, uint32_t scale, int64_t *ret_scaled,
	struct kl_fault *fault)
{
	const struct unit *u = &units[unit];
	int64_t scaled;
	int rc = parse(text, unit, scale, &scaled);

	if (rc == KL_E_RANGE)
		return kl_fault(fault, rc, "%.64s is larger than any figure may be", text);
	if (rc) {
		kl_fault(fault, rc, "\"%.64s\" is not %s", text, u->noun);
		(void)kl_fault_hint(fault, "type it as %s", u->example);
		return rc;
	}
	if (unit == KL_UNIT_SHARE && (scaled < 0 || scaled > (int64_t)scale)) {
		kl_fault(fault, KL_E_RANGE, "\"%.64s\" is not a share between 0 and 1", text);
		(void)kl_fault_hint(fault, "type it as %s", u->example);
		return KL_E_RANGE;
	}
	*ret_scaled = scaled;
	return KL_OK;
}

/* ---- writing ------------------------------------------------------------------------------- */

/* Whole part with commas, then the decimals without final zeros; `pence` keeps two or none. */
static void format_plain(uint64_t size, uint32_t scale, bool pence, char *out, size_t room)
{
	char whole[KL_MONEY_TEXT_MAX], decimals[16];
	uint64_t rest = size % scale;
	int width = 0, n;

	for (uint32_t s = scale; s > 1; s /= 10)
		width++;
	n = snprintf(decimals, sizeof decimals, "%0*llu", width, (unsigned long long)rest);
	while (n > 0 && decimals[n - 1] == '0' && !(pence && n == 2 && rest))
		decimals[--n] = '\0';
	kl_count_format((int64_t)(size / scale), whole);
	snprintf(out, room, "%s%s%s", whole, rest ? "." : "", rest ? decimals : "");
}

const char *kl_number_format(
	int64_t scaled, enum kl_unit unit, uint32_t scale, char out[KL_NUMBER_TEXT_MAX])
{
	char plain[KL_NUMBER_TEXT_MAX + 16];
	uint64_t size = (uint64_t)(scaled == INT64_MIN ? INT64_MAX : scaled < 0 ? -scaled : scaled);
	const char *before = unit == KL_UNIT_GBP ? "£" : "";
	const char *after = unit == KL_UNIT_SHARE || unit == KL_UNIT_PERCENT ? "%" : "";

	if (unit == KL_UNIT_SHARE && scale >= 100)
		scale /= 100;
	else if (unit == KL_UNIT_SHARE)
		size *= 100;
	format_plain(size, scale, unit == KL_UNIT_GBP, plain, sizeof plain);
	(void)snprintf(out, KL_NUMBER_TEXT_MAX, "%s%s%.32s%s", scaled < 0 ? "-" : "", before, plain,
		after);
	return out;
}

double kl_number_value(int64_t scaled, uint32_t scale)
{
	return (double)scaled / scale;
}

int kl_number_from_double(double value, uint32_t scale, int64_t *ret_scaled)
{
	double scaled = value * scale + 1e-6;
	int64_t whole;

	if (!(scaled >= -(double)KL_NUMBER_MAX && scaled <= (double)KL_NUMBER_MAX))
		return KL_E_RANGE;
	whole = (int64_t)scaled; /* cut towards zero */
	*ret_scaled = (double)whole > scaled ? whole - 1 : whole;
	return KL_OK;
}
