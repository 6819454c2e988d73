#include "client/xlsx_value.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	DIGITS = 15, /* of a number that a spreadsheet shows; what a double holds beyond is noise */
	LONGEST_PLAIN = 30,
	DAYS_TO_1904 = 1462,
	LAST_DAY = 2958465, /* 9999-12-31 */
	FALSE_LEAP_DAY = 60,
};

/* ---- formats --------------------------------------------------------------------------------- */

enum kl_xlsx_look kl_xlsx_look_of_id(unsigned id)
{
	if (id == 9 || id == 10)
		return KL_XLSX_PERCENT;
	/* The second half are those of East Asian calendars. */
	if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
		(id >= 50 && id <= 54) || id == 57 || id == 58)
		return KL_XLSX_DATE;
	return KL_XLSX_NUMBER;
}

/* Past one thing of a format that is shown as it stands: "text", \x, _x, *x, [Red]; NULL if `at` is
 * none of them. */
static const char *skip_literal(const char *at)
{
	const char *end;

	switch (*at) {
	case '"':
	case '[':
		end = strchr(at + 1, *at == '"' ? '"' : ']');
		return end ? end + 1 : at + strlen(at);
	case '\\':
	case '_':
	case '*':
		return at[1] ? at + 2 : at + 1;
	default:
		return NULL;
	}
}

/* [h], [mm]: hours or minutes that have passed. */
static bool is_elapsed(const char *at)
{
	size_t n = at[0] == '[' ? strspn(at + 1, "hmsHMS") : 0;

	return n && at[1 + n] == ']';
}

enum kl_xlsx_look kl_xlsx_look_of_format(const char *format)
{
	bool day_or_year = false, month = false, clock = false, percent = false;

	if (strncasecmp(format, "general", 7) == 0)
		return KL_XLSX_NUMBER;
	while (*format && *format != ';') {
		const char *next = skip_literal(format);
		char c = (char)tolower((unsigned char)*format);

		clock |= is_elapsed(format);
		if (strncasecmp(format, "am/pm", 5) == 0)
			next = format + 5;
		if (!next) {
			day_or_year |= c == 'd' || c == 'y';
			month |= c == 'm';
			clock |= c == 'h' || c == 's';
			percent |= c == '%';
			next = format + 1;
		}
		format = next;
	}
	if (day_or_year || (month && !clock))
		return KL_XLSX_DATE;
	return percent ? KL_XLSX_PERCENT : KL_XLSX_NUMBER;
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* "0.45", "-1200" of a sign, digits and the place of the point behind the first of them. */
static void put_plain(bool minus, const char *digits, int count, int point, char *out)
{
	char *to = out;

	if (minus)
		*to++ = '-';
	if (point <= 0)
		*to++ = '0';
	for (int i = 0; i < point; i++)
		*to++ = i < count ? digits[i] : '0';
	if (count > point) {
		*to++ = '.';
		for (int i = point; i < 0; i++)
			*to++ = '0';
		for (int i = point < 0 ? 0 : point; i < count; i++)
			*to++ = digits[i];
	}
	*to = '\0';
}

/* The shortest decimal with at most 15 digits, times 10^shift; without an exponent unless it would
 * be longer than anybody writes. */
static void put_number(double value, int shift, char out[KL_XLSX_VALUE_MAX])
{
	char scientific[40], digits[DIGITS + 1];
	int point, count = DIGITS;

	snprintf(scientific, sizeof scientific, "%.*e", DIGITS - 1, fabs(value));
	point = atoi(strchr(scientific, 'e') + 1) + 1 + shift;
	digits[0] = scientific[0];
	memcpy(digits + 1, scientific + 2, DIGITS - 1);
	while (count > 1 && digits[count - 1] == '0')
		count--;
	if (value == 0.0 || fpclassify(value) == FP_SUBNORMAL)
		strcpy(out, "0");
	else if (point > LONGEST_PLAIN || point < -LONGEST_PLAIN)
		snprintf(out, KL_XLSX_VALUE_MAX, "%.15g", value);
	else
		put_plain(value < 0, digits, count, point, out);
}

/* ---- dates ----------------------------------------------------------------------------------- */

/* Year, month and day of a number of days after 1970-01-01, in the calendar of today; counted in
 * years that begin in March, so that a leap day is the last. */
static void put_date(int64_t days, char out[KL_XLSX_VALUE_MAX])
{
	int64_t since = days + 719468; /* 0000-03-01 */
	int64_t era = since / 146097, day = since % 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t of_year = day - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	int64_t of_month = of_year - (153 * month + 2) / 5 + 1;

	month += month < 10 ? 3 : -9;
	snprintf(out, KL_XLSX_VALUE_MAX, "%04d-%02d-%02d", (int)(era * 400 + year + (month <= 2)),
		(int)month, (int)of_month);
}

static bool is_date(double value, bool since_1904, char out[KL_XLSX_VALUE_MAX])
{
	double days = floor(value) + (since_1904 ? DAYS_TO_1904 : 0);
	int64_t serial;

	if (!(days >= 1 && days <= LAST_DAY))
		return false;
	serial = (int64_t)days;
	/* 1900 had no 29 February, but spreadsheets count one: day 1 is 1900-01-01. */
	if (serial == FALSE_LEAP_DAY)
		return false;
	put_date(serial - 25569 + (serial < FALSE_LEAP_DAY), out);
	return true;
}

/* ---- both ------------------------------------------------------------------------------------ */

/* Most numbers are short and plain already. */
static bool is_plain(const char *raw)
{
	size_t n = strspn(raw, "0123456789");

	return n && n <= DIGITS && !raw[n] && (raw[0] != '0' || n == 1);
}

int kl_xlsx_value(
	const char *raw, enum kl_xlsx_look look, bool since_1904, char out[KL_XLSX_VALUE_MAX])
{
	char *end;
	double value;

	if (look == KL_XLSX_NUMBER && is_plain(raw)) {
		strcpy(out, raw);
		return KL_OK;
	}
	/* strtod() alone would also take hexadecimal, inf and blanks. */
	if (!raw[0] || raw[strspn(raw, "+-.0123456789eE")])
		return KL_E_INVALID;
	value = strtod(raw, &end);
	if (*end || end == raw || !isfinite(value))
		return KL_E_INVALID;
	if (look == KL_XLSX_DATE && is_date(value, since_1904, out))
		return KL_OK;
	put_number(value, look == KL_XLSX_PERCENT ? 2 : 0, out);
	if (look == KL_XLSX_PERCENT)
		strcat(out, "%");
	return KL_OK;
}

/* ---- escapes --------------------------------------------------------------------------------- */

static bool is_escape(const char *at)
{
	if (at[0] != '_' || at[1] != 'x')
		return false;
	for (int i = 2; i < 6; i++)
		if (!isxdigit((unsigned char)at[i]))
			return false;
	return at[6] == '_';
}

/* Only what a cell may hold: others stay as they are written. */
static char escaped(const char *at)
{
	char hex[5] = {at[2], at[3], at[4], at[5], '\0'};
	unsigned long code = strtoul(hex, NULL, 16);

	return code == 0x09 || code == 0x0a || code == 0x0d || code == 0x5f ? (char)code : '\0';
}

size_t kl_xlsx_unescape(char *text)
{
	char *to = strstr(text, "_x");

	if (!to)
		return strlen(text);
	for (const char *at = to; *at;) {
		char c = is_escape(at) ? escaped(at) : '\0';

		*to++ = c ? c : *at;
		at += c ? 7 : 1;
	}
	*to = '\0';
	return (size_t)(to - text);
}
