#include "client/figure_cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 20 };

bool kl_figure_round(const char *text, int decimals, char out[KL_FIGURE_TEXT_MAX])
{
	const char *point = strchr(text, '.');
	size_t len = strlen(text);
	char *end;
	double value;

	if (!point || len > DIGITS_MAX || strspn(text, "0123456789.") != len ||
		strlen(point + 1) <= (size_t)decimals)
		return false;
	value = strtod(text, &end);
	if (*end)
		return false;
	snprintf(out, KL_FIGURE_TEXT_MAX, "%.*f", decimals, value);
	return true;
}

int kl_figure_read(const struct kl_sheet *sheet, unsigned column, const struct kl_figure *figure,
	struct kl_fault *fault, int64_t *ret_value, bool *ret_rounded)
{
	const char *cell = kl_sheet_cell(sheet, column);
	char text[KL_FIGURE_TEXT_MAX];
	int64_t value = 0;
	int rc = figure->parse(cell, &value);

	*ret_rounded = rc == KL_E_INVALID && kl_figure_round(cell, figure->decimals, text);
	if (*ret_rounded)
		rc = figure->parse(text, &value);
	if (rc || value < 0)
		return kl_sheet_fault(sheet, fault, rc == KL_E_RANGE ? rc : KL_E_MALFORMED, column,
			figure->expected);
	*ret_value = value;
	return KL_OK;
}
