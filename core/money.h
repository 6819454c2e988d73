/* Money: whole pence in int64_t, as people write it and as people read it.
 *
 * Amounts up to one hundred billion pounds; a sum that would leave int64_t is refused, never
 * wrapped. */
#ifndef KL_CORE_MONEY_H
#define KL_CORE_MONEY_H

#include <stddef.h>
#include <stdint.h>

#define KL_MONEY_MAX INT64_C(10000000000000) /* pence: one hundred billion pounds */

enum { KL_MONEY_TEXT_MAX = 32 };

/* Reads an amount in pounds: "1234.5", "£1,234.56", "(1,234.56)", "-£1,234", "1,234.56-",
 * "12.00 CR" (negative) or "DR". Blanks around it are skipped; a comma may only stand before a
 * group of three digits; more than two decimals are refused unless the rest are zeros.
 * KL_E_INVALID if it is not an amount, KL_E_RANGE beyond KL_MONEY_MAX either way. */
int kl_money_parse(const char *text, int64_t *ret_pence);

/* "£1,234.56", "-£0.05"; whole pounds without pence: "£1,234". Returns `out`. */
const char *kl_money_format(int64_t pence, char out[KL_MONEY_TEXT_MAX]);

/* As the report presents estimates: "about" and two significant figures, with the scale in words for
 * large sums: "about £120m", "about £1.3m", "about £640,000", "about £50". */
const char *kl_money_about(int64_t pence, char out[KL_MONEY_TEXT_MAX]);

/* Two significant figures of a whole number, half away from zero: 1401 -> 1400, 96 -> 96. */
int64_t kl_round_two_figures(int64_t value);

/* "1,401" with commas. Returns `out`. */
const char *kl_count_format(int64_t value, char out[KL_MONEY_TEXT_MAX]);

/* a + b into *ret_sum, or KL_E_RANGE. */
int kl_money_add(int64_t a, int64_t b, int64_t *ret_sum);

/* part / whole as a share 0..1; 0 when whole is 0. Only for showing and comparing. */
double kl_share(int64_t part, int64_t whole);

/* amount * share, rounded to the nearest penny, half away from zero; share within 0..1. */
int64_t kl_money_times(int64_t pence, double share);

#endif
