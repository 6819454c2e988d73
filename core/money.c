#include "core/money.h"
#include "core/error.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cursor {
	const char *at, *end;
};

static void trim(struct cursor *c)
{
	while (c->at < c->end && isspace((unsigned char)*c->at))
		c->at++;
	while (c->end > c->at && isspace((unsigned char)c->end[-1]))
		c->end--;
}

static bool take_front(struct cursor *c, const char *what)
{
	size_t n = strlen(what);

	if ((size_t)(c->end - c->at) < n || strncasecmp(c->at, what, n) != 0)
		return false;
	c->at += n;
	trim(c);
	return true;
}

static bool take_back(struct cursor *c, const char *what)
{
	size_t n = strlen(what);

	if ((size_t)(c->end - c->at) < n || strncasecmp(c->end - n, what, n) != 0)
		return false;
	c->end -= n;
	trim(c);
	return true;
}

/* Signs and marks around the digits. An amount carries at most one sign. */
static int take_sign(struct cursor *c, bool *ret_negative)
{
	int minus = 0, credit = 0;

	trim(c);
	if (take_front(c, "(")) {
		if (!take_back(c, ")"))
			return KL_E_INVALID;
		minus++;
	}
	if (take_back(c, "CR"))
		credit++;
	else
		(void)take_back(c, "DR");
	if (take_front(c, "-") || take_front(c, "\xe2\x88\x92")) /* U+2212, the printed minus */
		minus++;
	else
		(void)take_front(c, "+");
	(void)take_front(c, "£");
	if (take_front(c, "-"))
		minus++;
	if (take_back(c, "-"))
		minus++;
	if (minus + credit > 1)
		return KL_E_INVALID;
	*ret_negative = minus + credit;
	return KL_OK;
}

/* Digits with commas before groups of three. */
static int take_pounds(struct cursor *c, int64_t *ret_pounds)
{
	int64_t pounds = 0;
	int run = 0, groups = 0;
	bool any = false;

	for (; c->at < c->end && *c->at != '.'; c->at++) {
		if (*c->at == ',') {
			if (!any || run > 3 || (groups && run != 3))
				return KL_E_INVALID;
			groups++;
			run = 0;
			continue;
		}
		if (!isdigit((unsigned char)*c->at))
			return KL_E_INVALID;
		any = true;
		run++;
		if (pounds <= KL_MONEY_MAX)
			pounds = pounds * 10 + (*c->at - '0');
	}
	if (groups && run != 3)
		return KL_E_INVALID;
	if (!any && c->at == c->end)
		return KL_E_INVALID;
	*ret_pounds = pounds;
	return KL_OK;
}

static int take_pence(struct cursor *c, int64_t *ret_pence)
{
	int64_t pence = 0;
	int digits = 0;

	if (c->at == c->end) {
		*ret_pence = 0;
		return KL_OK;
	}
	for (c->at++; c->at < c->end; c->at++, digits++) {
		if (!isdigit((unsigned char)*c->at) || (digits >= 2 && *c->at != '0'))
			return KL_E_INVALID;
		if (digits < 2)
			pence = pence * 10 + (*c->at - '0');
	}
	if (!digits)
		return KL_E_INVALID;
	*ret_pence = digits == 1 ? pence * 10 : pence;
	return KL_OK;
}

int kl_money_parse(const char *text, int64_t *ret_pence)
{
	struct cursor c = {text, text + strlen(text)};
	int64_t pounds, pence;
	bool negative;
	int rc;

	if ((rc = take_sign(&c, &negative)) || (rc = take_pounds(&c, &pounds)) ||
		(rc = take_pence(&c, &pence)))
		return rc;
	if (pounds > KL_MONEY_MAX / 100 || pounds * 100 + pence > KL_MONEY_MAX)
		return KL_E_RANGE;
	pence += pounds * 100;
	*ret_pence = negative ? -pence : pence;
	return KL_OK;
}

const char *kl_count_format(int64_t value, char out[KL_MONEY_TEXT_MAX])
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%llu",
		value < 0 ? 0ULL - (unsigned long long)value : (unsigned long long)value);
	char *to = out;

	if (value < 0)
		*to++ = '-';
	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return out;
}

const char *kl_money_format(int64_t pence, char out[KL_MONEY_TEXT_MAX])
{
	unsigned long long size =
		pence < 0 ? 0ULL - (unsigned long long)pence : (unsigned long long)pence;
	char pounds[KL_MONEY_TEXT_MAX];

	kl_count_format((int64_t)(size / 100), pounds);
	if (size % 100)
		snprintf(out, KL_MONEY_TEXT_MAX, "%s£%.24s.%02u", pence < 0 ? "-" : "", pounds,
			(unsigned)(size % 100));
	else
		snprintf(out, KL_MONEY_TEXT_MAX, "%s£%.26s", pence < 0 ? "-" : "", pounds);
	return out;
}

int64_t kl_round_two_figures(int64_t value)
{
	int64_t unit = 1, size = value < 0 ? -value : value;

	while (size / unit >= 100)
		unit *= 10;
	size = (size + unit / 2) / unit * unit;
	return value < 0 ? -size : size;
}

const char *kl_money_about(int64_t pence, char out[KL_MONEY_TEXT_MAX])
{
	static const struct {
		int64_t unit;
		const char *name;
	} scales[] = {{1000000000, "bn"}, {1000000, "m"}};
	int64_t pounds = (pence < 0 ? -pence + 50 : pence + 50) / 100;
	const char *sign = pence < 0 ? "-" : "";
	char text[KL_MONEY_TEXT_MAX];

	pounds = kl_round_two_figures(pounds);
	for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
		int64_t tenths = pounds / (scales[i].unit / 10);

		if (pounds < scales[i].unit)
			continue;
		kl_count_format(tenths / 10, text);
		if (tenths % 10)
			snprintf(out, KL_MONEY_TEXT_MAX, "about %s£%.10s.%d%s", sign, text,
				(int)(tenths % 10), scales[i].name);
		else
			snprintf(out, KL_MONEY_TEXT_MAX, "about %s£%.12s%s", sign, text,
				scales[i].name);
		return out;
	}
	kl_count_format(pounds, text);
	snprintf(out, KL_MONEY_TEXT_MAX, "about %s£%.16s", sign, text);
	return out;
}

int kl_money_add(int64_t a, int64_t b, int64_t *ret_sum)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return KL_E_RANGE;
	*ret_sum = sum;
	return KL_OK;
}

double kl_share(int64_t part, int64_t whole)
{
	return whole ? (double)part / (double)whole : 0.0;
}

int64_t kl_money_times(int64_t pence, double share)
{
	double product = (double)pence * share;

	return (int64_t)(product < 0 ? product - 0.5 : product + 0.5);
}
