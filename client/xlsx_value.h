/* Numbers of an XLSX as the text that people see or mean.
 *
 * A spreadsheet stores dates as days and percentages as fractions; only the format of a cell tells
 * them from other numbers. */
#ifndef KL_CLIENT_XLSX_VALUE_H
#define KL_CLIENT_XLSX_VALUE_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum kl_xlsx_look { KL_XLSX_NUMBER, KL_XLSX_DATE, KL_XLSX_PERCENT };

enum { KL_XLSX_VALUE_MAX = 64 };

/* What a format makes of a number: of its number in the standard, and of its text ("dd/mm/yyyy",
 * "0.0%"). A time of day alone is no date. */
enum kl_xlsx_look kl_xlsx_look_of_id(unsigned id);
enum kl_xlsx_look kl_xlsx_look_of_format(const char *format);

/* The text of a number as the file holds it ("1234.5600000000001", "1E+5", "42465"): "1234.56",
 * "100000"; a date as "2016-04-05" (a time of day is dropped), a percentage as "45%", for 0.45 and
 * 45 would both leave open what is meant. `since_1904`: days count from there. A date that no
 * calendar has stays a number. KL_E_INVALID if it is no number. */
int kl_xlsx_value(
	const char *raw, enum kl_xlsx_look look, bool since_1904, char out[KL_XLSX_VALUE_MAX]);

/* Takes escapes such as _x000D_ out of a text, in place: line ends and tabs become what they are.
 * Returns the new length. */
size_t kl_xlsx_unescape(char *text);

#endif
