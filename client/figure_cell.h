/* A figure in a cell: an amount, square metres, full-time equivalents.
 *
 * What a formula leaves may have more decimals than are kept, while the spreadsheet shows fewer: such a
 * number is rounded, and whoever reads the table tells so. */
#ifndef KL_CLIENT_FIGURE_CELL_H
#define KL_CLIENT_FIGURE_CELL_H

#include "client/sheet.h"

enum { KL_FIGURE_TEXT_MAX = 40 };

struct kl_figure {
	int (*parse)(const char *text, int64_t *ret_value);
	int decimals;         /* that parse() takes */
	const char *expected; /* for the fault, such as "square metres such as 120" */
};

/* The figure of a cell that says something; none is below nought. KL_E_MALFORMED, KL_E_RANGE. */
int kl_figure_read(const struct kl_sheet *sheet, unsigned column, const struct kl_figure *figure,
	struct kl_fault *fault, int64_t *ret_value, bool *ret_rounded);

/* "92.903" with one decimal is "92.9"; false for what is no plain number or has no more decimals. */
bool kl_figure_round(const char *text, int decimals, char out[KL_FIGURE_TEXT_MAX]);

#endif
