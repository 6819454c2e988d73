#include "core/day.h"
#include "core/error.h"
#include "core/period.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NUMBERS = 3, SHEET_FIRST = 20000, SHEET_LAST = 80500, SHEET_OF_1970 = 25569 };

int kl_days_of_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* March begins the year of the count, so that the leap day is its last. */
int32_t kl_day_from(int year, int month, int day)
{
	int y = month > 2 ? year : year - 1, m = (month + 9) % 12;
	int of_year = (153 * m + 2) / 5 + day - 1;

	return y * 365 + y / 4 - y / 100 + y / 400 + of_year - 719468;
}

void kl_day_split(int32_t day, int *ret_year, int *ret_month, int *ret_day)
{
	int z = day + 719468, era = z / 146097, of_era = z % 146097;
	int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

	*ret_day = of_year - (153 * m + 2) / 5 + 1;
	*ret_month = m < 10 ? m + 3 : m - 9;
	*ret_year = era * 400 + y + (*ret_month <= 2);
}

const char *kl_day_format(int32_t day, char out[KL_DAY_TEXT_MAX])
{
	int y, m, d;

	kl_day_split(day, &y, &m, &d);
	snprintf(out, KL_DAY_TEXT_MAX, "%04u-%02u-%02u", (unsigned)y % 10000, (unsigned)m % 100,
		(unsigned)d % 100);
	return out;
}

const char *kl_utc_format(uint64_t ms, char out[KL_UTC_TEXT_MAX])
{
	uint64_t seconds = ms / 1000, day = seconds / (24 * 60 * 60);
	unsigned of_day = (unsigned)(seconds % (24 * 60 * 60));
	char text[KL_DAY_TEXT_MAX];

	out[0] = '\0';
	if (day <= KL_DAY_MAX)
		snprintf(out, KL_UTC_TEXT_MAX, "%sT%02u:%02u:%02uZ",
			kl_day_format((int32_t)day, text), of_day / 3600 % 24, of_day / 60 % 60,
			of_day % 60);
	return out;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* What stands in a text: up to three numbers with their digits, and at most one month in letters,
 * which takes the place of a number. */
struct pieces {
	int count, value[NUMBERS], digits[NUMBERS];
	int named; /* which of them was written in letters, or -1 */
};

static const char *const months[] = {"january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december"};

static int month_of(const char *at, size_t len)
{
	for (int i = 0; i < 12; i++)
		if (len >= 3 && len <= strlen(months[i]) && !strncasecmp(at, months[i], len))
			return i + 1;
	return len == 4 && !strncasecmp(at, "sept", 4) ? 9 : 0;
}

static bool take_number(const char **at, struct pieces *p)
{
	int value = 0, digits = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++) {
		if (++digits > 8)
			return false;
		value = value * 10 + (**at - '0');
	}
	if (digits > 4 && p->count)
		return false;
	p->value[p->count] = value;
	p->digits[p->count++] = digits;
	return true;
}

static bool take_month(const char **at, struct pieces *p)
{
	size_t len = 0;
	int month;

	while (isalpha((unsigned char)(*at)[len]))
		len++;
	month = month_of(*at, len);
	if (!month || p->named >= 0)
		return false;
	*at += len;
	p->named = p->count;
	p->value[p->count] = month;
	p->digits[p->count++] = 0;
	return true;
}

/* A time of day: 00:00, 13:45:10.123, T00:00:00Z, 12:00:00 AM. */
static bool is_time(const char *at)
{
	if (*at == 'T' || *at == 't')
		at++;
	if (!isdigit((unsigned char)*at))
		return false;
	at += strspn(at, "0123456789:.");
	while (*at == ' ')
		at++;
	if (!strcasecmp(at, "am") || !strcasecmp(at, "pm") || !strcasecmp(at, "z"))
		return true;
	return !*at;
}

static bool is_between(char c)
{
	return c == '/' || c == '-' || c == '.' || c == ' ' || c == ',';
}

/* Takes a text apart; false if something in it belongs into no date. */
static bool take_apart(const char *at, struct pieces *p)
{
	*p = (struct pieces){.named = -1};
	while (*at == ' ')
		at++;
	while (*at && p->count < NUMBERS) {
		if (is_between(*at) && p->count)
			at++;
		else if (!(isalpha((unsigned char)*at)
					 ? take_month(&at, p)
					 : isdigit((unsigned char)*at) && take_number(&at, p)))
			return false;
		if (p->count == 1 && p->digits[0] > 4)
			break; /* 20161104, 42678 */
	}
	while (*at == ' ' || *at == ',')
		at++;
	return !*at || is_time(at);
}

static int year_of(const struct pieces *p, int i)
{
	int y = p->value[i];

	if (p->digits[i] == 4)
		return y;
	if (p->digits[i] != 2)
		return 0;
	return y < 70 ? 2000 + y : 1900 + y;
}

/* Day with year, month and day at these places; false if the calendar has no such day. */
static bool day_at(const struct pieces *p, int year, int month, int day, int32_t *ret_day)
{
	int y = year_of(p, year), m = p->value[month], d = p->value[day];

	if (y < KL_PERIOD_YEAR_MIN || y > KL_PERIOD_YEAR_MAX || m < 1 || m > 12 || d < 1 ||
		p->digits[month] > 2 || p->digits[day] > 2 || d > kl_days_of_month(y, m))
		return false;
	*ret_day = kl_day_from(y, m, d);
	return true;
}

static unsigned same_for_all(int32_t day, int32_t days[KL_DATES_ORDERS])
{
	for (int i = 0; i < KL_DATES_ORDERS; i++)
		days[i] = day;
	return KL_DATES_ALL;
}

/* One long number: a date without separators, or days since the end of 1899. */
static unsigned read_one(const struct pieces *p, int32_t days[KL_DATES_ORDERS])
{
	struct pieces apart = {3, {p->value[0] / 10000, p->value[0] / 100 % 100, p->value[0] % 100},
		{4, 2, 2}, -1};
	int32_t day;

	if (p->digits[0] == 8 && day_at(&apart, 0, 1, 2, &day))
		return same_for_all(day, days);
	if (p->digits[0] == 5 && p->value[0] >= SHEET_FIRST && p->value[0] <= SHEET_LAST)
		return same_for_all(p->value[0] - SHEET_OF_1970, days);
	return 0;
}

/* 4 Nov 2016, 2016-Nov-04, Nov 4, 2016. */
static bool read_named(const struct pieces *p, int32_t *ret_day)
{
	if (p->named == 0)
		return day_at(p, 2, 0, 1, ret_day);
	if (p->named == 1 && p->digits[0] == 4)
		return day_at(p, 0, 1, 2, ret_day);
	return p->named == 1 && day_at(p, 2, 1, 0, ret_day);
}

static unsigned read_three(const struct pieces *p, int32_t days[KL_DATES_ORDERS])
{
	unsigned fits = 0;
	int32_t day;

	if (p->named >= 0)
		return read_named(p, &day) ? same_for_all(day, days) : 0;
	if (p->digits[0] == 4)
		return day_at(p, 0, 1, 2, &day) ? same_for_all(day, days) : 0;
	if (day_at(p, 2, 1, 0, &days[KL_DATES_DMY]))
		fits |= 1 << KL_DATES_DMY;
	if (day_at(p, 2, 0, 1, &days[KL_DATES_MDY]))
		fits |= 1 << KL_DATES_MDY;
	if (day_at(p, 0, 1, 2, &days[KL_DATES_YMD]))
		fits |= 1 << KL_DATES_YMD;
	return fits;
}

int kl_dates_read(const char *text, int32_t ret_days[KL_DATES_ORDERS], unsigned *ret_fits)
{
	int32_t days[KL_DATES_ORDERS] = {0};
	struct pieces p;
	unsigned fits = 0;

	if (!take_apart(text, &p))
		return KL_E_INVALID;
	if (p.count == 1)
		fits = read_one(&p, days);
	else if (p.count == NUMBERS)
		fits = read_three(&p, days);
	if (!fits)
		return KL_E_INVALID;
	memcpy(ret_days, days, sizeof days);
	*ret_fits = fits;
	return KL_OK;
}

int kl_dates_parse(const char *name, enum kl_date_order *ret_order)
{
	static const char *const names[] = {"dmy", "mdy", "ymd"};

	for (int i = 0; i < KL_DATES_ORDERS; i++)
		if (!strcasecmp(name, names[i])) {
			*ret_order = (enum kl_date_order)i;
			return KL_OK;
		}
	return KL_E_INVALID;
}
