/* The columns of published spending files, and what their publishers call them.
 *
 * Each publisher has headers of its own, and changes them from month to month; the lists hold what
 * was seen in use. Where a file has several columns of one meaning, the one whose name comes first is
 * read: the amount without VAT before the one with it, the day of payment before that of the
 * invoice, a supplier's name before its number. */
#ifndef KL_CLIENT_SPEND_COLUMNS_H
#define KL_CLIENT_SPEND_COLUMNS_H

#include "client/sheet.h"

enum kl_spend_column {
	KL_SPEND_COL_SUPPLIER,
	KL_SPEND_COL_AMOUNT,
	KL_SPEND_COL_DATE,
	KL_SPEND_COL_DEPARTMENT,
	KL_SPEND_COL_CATEGORY,
	KL_SPEND_COL_BODY,
	KL_SPEND_COL_REFERENCE,
	KL_SPEND_COL_SIGN, /* "DR" or "CR", where it stands beside the amount */
	KL_SPEND_COL_POSTCODE, /* of the supplier: hardly ever there, and then for the table of places */
	KL_SPEND_COLUMNS,
};

extern const struct kl_column kl_spend_columns[KL_SPEND_COLUMNS];

/* "without VAT", "with VAT" by the header of an amount, or "" where it does not say. */
const char *kl_spend_amount_kind(const char *header);

/* Gives an amount the sign that its cell in KL_SPEND_COL_SIGN says: credits are negative. "" says
 * nothing. KL_E_INVALID if it says neither. */
int kl_spend_amount_signed(const char *sign, int64_t *pence);

#endif
