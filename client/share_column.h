/* Shares in a column of a table, as people write them: 45%, 0.45 and 45.
 *
 * A per cent sign is always clear, and so is 0. Without one, numbers above 1 are per cent and those
 * below are shares, unless the column has both kinds, or a 1 beside per cents: then nobody can tell
 * what is meant, and the row is pointed out together with the one that it contradicts. Where the head
 * of the column says "%", numbers up to 1 need a sign. */
#ifndef KL_CLIENT_SHARE_COLUMN_H
#define KL_CLIENT_SHARE_COLUMN_H

#include "client/sheet.h"

#include <stdint.h>

enum { KL_SHARE_SHOWN_MAX = 16 };

/* What was seen of a column so far; zeroed at its beginning. */
struct kl_share_column {
	struct kl_share_seen {
		uint32_t line; /* 0: not seen */
		char text[KL_SHARE_SHOWN_MAX];
	} sign, fraction, one, percent;
};

/* Reads the cell of the current row, which must not be empty. KL_E_MALFORMED with a fault. */
int kl_share_column_read(struct kl_share_column *seen, const struct kl_sheet *sheet,
	unsigned column, struct kl_fault *fault, double *ret_share);

/* At the end: tells, if it was so, that numbers above 1 were taken for per cent. */
void kl_share_column_tell(
	const struct kl_share_column *seen, struct kl_sheet *sheet, unsigned column);

#endif
