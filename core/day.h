/* Days of the calendar as numbers, and dates as people and their programs write them.
 *
 * day     whole days since 1 January 1970, negative before it; years 1900..2200
 * order   which number of 04/11/2016 is the month. Dates with the month in letters and those that
 *         begin with a year of four digits say it themselves; others only if one of their numbers is
 *         above twelve. A year of two digits is of this century up to 69, else of the last one
 * fits    the orders under which a text is a date: one bit 1 << KL_DATES_... for each */
#ifndef KL_CORE_DAY_H
#define KL_CORE_DAY_H

#include <stdint.h>

enum kl_date_order {
	KL_DATES_DMY, /* 31/12/2016, as in the United Kingdom */
	KL_DATES_MDY, /* 12/31/2016, as in the United States */
	KL_DATES_YMD, /* 16/12/31: only where somebody said so */
	KL_DATES_ORDERS,
};

enum {
	KL_DATES_ALL = (1 << KL_DATES_ORDERS) - 1,
	KL_DAY_MIN = -25567, /* first day of 1900 */
	KL_DAY_MAX = 84370,  /* last day of 2200 */
};

/* Day of a date that is in the calendar. */
int32_t kl_day_from(int year, int month, int day);
void kl_day_split(int32_t day, int *ret_year, int *ret_month, int *ret_day);

int kl_days_of_month(int year, int month); /* month 1..12 */

/* "2016-11-04". Returns `out`. */
enum { KL_DAY_TEXT_MAX = 11 };
const char *kl_day_format(int32_t day, char out[KL_DAY_TEXT_MAX]);

/* "2016-11-04T13:45:10Z" of milliseconds since 1970; "" after 2200. Returns `out`. */
enum { KL_UTC_TEXT_MAX = 21 };
const char *kl_utc_format(uint64_t ms, char out[KL_UTC_TEXT_MAX]);

/* Reads 4/11/2016, 04-11-16, 4.11.2016, 2016-11-04, 20161104, 4-Nov-2016, 4 November 2016,
 * Nov 4, 2016, a time of day after any of them, and 42678: days as spreadsheets count them, from
 * 1954 to 2119. Fills a day for each order of *ret_fits; which of them is meant is for the caller to
 * say. KL_E_INVALID if it is a date under none. */
int kl_dates_read(const char *text, int32_t ret_days[KL_DATES_ORDERS], unsigned *ret_fits);

/* "dmy", "mdy" or "ymd"; KL_E_INVALID. */
int kl_dates_parse(const char *name, enum kl_date_order *ret_order);

#endif
