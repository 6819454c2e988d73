/* What people write into the cells of a table: shares, yes and no, sectors. */
#ifndef KL_CLIENT_WORDS_IN_H
#define KL_CLIENT_WORDS_IN_H

#include "core/area.h"
#include "core/lm3.h"

#include <stdbool.h>

/* "0.45", "45%", "45 %", "1", "100%"; a number above 1 without % is refused, since 45 could mean 45
 * or 4,500 per cent. KL_E_INVALID. */
int kl_share_parse(const char *text, double *ret_share);

/* The number that is written, 45 of "45%" and of "45", and whether there is a per cent sign; for who
 * sees a whole column (client/share_column.h). KL_E_INVALID. */
int kl_share_number(const char *text, double *ret_number, bool *ret_percent);

/* yes, no, unknown and what people write for them; "local" and "elsewhere" too; empty is unknown.
 * KL_E_INVALID. */
int kl_local_parse(const char *text, enum kl_where *ret_where);

/* Words for the five sectors; empty or "unknown" is unknown. KL_E_INVALID. */
int kl_sector_parse(const char *text, enum kl_sector *ret_sector);

#endif
