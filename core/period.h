/* Periods: the year a figure belongs to, or a financial year, a quarter, a month.
 *
 * year             2016       January to December
 * financial year   2016/17    April 2016 to March 2017 (council budgets and accounts)
 * quarter          2016-Q3    July to September
 * month            2016-04 */
#ifndef KL_CORE_PERIOD_H
#define KL_CORE_PERIOD_H

#include <stdbool.h>
#include <stdint.h>

enum kl_period_kind { KL_PERIOD_YEAR, KL_PERIOD_FINANCIAL, KL_PERIOD_QUARTER, KL_PERIOD_MONTH };

struct kl_period {
	enum kl_period_kind kind;
	uint16_t year;  /* 1900..2200; of a financial year, the one it begins in */
	uint8_t number; /* quarter 1..4, month 1..12, else 0 */
};

enum { KL_PERIOD_TEXT_MAX = 16, KL_PERIOD_YEAR_MIN = 1900, KL_PERIOD_YEAR_MAX = 2200 };

/* Reads the four forms above; "2016/2017" and "2016-17" also mean the financial year; "2016-03" is
 * a month. Blanks around are skipped. KL_E_INVALID otherwise. */
int kl_period_parse(const char *text, struct kl_period *ret_period);

/* The canonical form, as above. Returns `out`. */
const char *kl_period_format(struct kl_period period, char out[KL_PERIOD_TEXT_MAX]);

bool kl_period_equal(struct kl_period a, struct kl_period b);

/* By first month, then the longer before the shorter: for qsort and lists. */
int kl_period_compare(struct kl_period a, struct kl_period b);

/* First month as year * 12 + month - 1, and number of months. */
uint32_t kl_period_first_month(struct kl_period period);
uint32_t kl_period_months(struct kl_period period);

/* Whether the two have a month in common, as 2016 and 2016/17 have nine. */
bool kl_periods_overlap(struct kl_period a, struct kl_period b);

/* Whether a figure that hardly changes is about the same in both: they overlap, or are of one kind and
 * one comes right after the other. */
bool kl_periods_near(struct kl_period a, struct kl_period b);

/* The period of the same kind just before: 2016 -> 2015, 2016-Q1 -> 2015-Q4. */
struct kl_period kl_period_previous(struct kl_period period);

#endif
