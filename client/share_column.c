#include "client/share_column.h"
#include "client/words_in.h"
#include "core/bytes.h"

#include <stdio.h>
#include <string.h>

static void keep(struct kl_share_seen *seen, const struct kl_sheet *sheet, const char *cell)
{
	if (seen->line)
		return;
	seen->line = kl_sheet_line(sheet);
	(void)kl_copy_text(seen->text, sizeof seen->text, cell);
}

/* The two rows cannot be meant in one way. */
static int contradicts(const struct kl_sheet *sheet, unsigned column,
	const struct kl_share_seen *other, struct kl_fault *fault)
{
	char expected[160];

	snprintf(expected, sizeof expected,
		"one way of writing in all rows, 45%% or 0.45: %s %u has '%s', so it is not clear "
		"what is meant",
		kl_sheet_word(sheet), other->line, other->text);
	return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, column, expected);
}

static int no_share(const struct kl_sheet *sheet, unsigned column, struct kl_fault *fault)
{
	return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, column,
		"a share such as 45% or 0.45, or nothing for no answer");
}

/* Without a per cent sign. */
static int read_plain(struct kl_share_column *seen, const struct kl_sheet *sheet, unsigned column,
	double number, struct kl_fault *fault)
{
	const char *cell = kl_sheet_cell(sheet, column);
	const struct kl_share_seen *against;
	struct kl_share_seen *kind;

	if (number > 1.0) {
		kind = &seen->percent;
		against = seen->fraction.line ? &seen->fraction : &seen->one;
	} else if (number == 1.0) {
		kind = &seen->one;
		against = seen->percent.line ? &seen->percent : &seen->sign;
	} else {
		kind = &seen->fraction;
		against = &seen->percent;
	}
	if (against->line)
		return contradicts(sheet, column, against, fault);
	if (number <= 1.0 && strchr(kl_sheet_called(sheet, column), '%'))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, column,
			"a per cent sign, such as 45% or 0.5%, since the column is called so");
	keep(kind, sheet, cell);
	return KL_OK;
}

int kl_share_column_read(struct kl_share_column *seen, const struct kl_sheet *sheet,
	unsigned column, struct kl_fault *fault, double *ret_share)
{
	const char *cell = kl_sheet_cell(sheet, column);
	bool percent;
	double number;
	int rc = KL_OK;

	if (kl_share_number(cell, &number, &percent) || number > 100.0)
		return no_share(sheet, column, fault);
	if (percent && seen->one.line)
		return contradicts(sheet, column, &seen->one, fault);
	if (percent)
		keep(&seen->sign, sheet, cell);
	else if (number > 0.0)
		rc = read_plain(seen, sheet, column, number, fault);
	if (rc)
		return rc;
	*ret_share = percent || number > 1.0 ? number / 100.0 : number;
	return KL_OK;
}

void kl_share_column_tell(
	const struct kl_share_column *seen, struct kl_sheet *sheet, unsigned column)
{
	if (seen->percent.line)
		kl_sheet_tell(sheet,
			"in column '%s' numbers above 1 are per cent: '%s' in %s %u is %s%%",
			kl_sheet_called(sheet, column), seen->percent.text, kl_sheet_word(sheet),
			seen->percent.line, seen->percent.text);
}
