/* Reads a table of suppliers: supplier, contact, email, spend, place, local, sector,
 * respent_locally, and latitude and longitude, which a radius needs.
 *
 * Supplier and spend must be there; other columns may be missing and cells empty, which is "not
 * known". Nothing is guessed: a cell that cannot be read is a fault that names file, line, column,
 * what was found and what was expected, and its hint names the other lines to be put right. A row that
 * calls itself a total is left out if it is the sum of those above it, and a fault if it is not;
 * fractions of a penny are rounded; both are told. */
#ifndef KL_CLIENT_SUPPLIERS_H
#define KL_CLIENT_SUPPLIERS_H

#include "client/sheet.h"
#include "core/error.h"
#include "core/lm3.h"
#include "protocol/wire.h"

#include <stdint.h>

struct kl_suppliers;

/* What kl_sheet_open() says. */
int kl_suppliers_open(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_suppliers **ret_suppliers);
void kl_suppliers_close(struct kl_suppliers *suppliers);

/* Next row: 1; 0 at the end; KL_E_MALFORMED, KL_E_INVALID, KL_E_RANGE, ... with a fault, after
 * which nothing follows. A file without a row, or whose rows sum up to less than nothing, is
 * refused at its end: whoever stores rows must be able to drop them until 0 came. */
int kl_suppliers_next(
	struct kl_suppliers *suppliers, struct kl_fault *fault, struct kl_supplier *ret_supplier);

/* The same in parts (see protocol/part.h), for kl_link_upload(): `data` is a struct
 * kl_suppliers. */
int kl_suppliers_part(void *data, struct kl_writer *rows, struct kl_fault *fault);

/* So far: rows, their sum in pence, and the file with what there is to tell about it. */
uint32_t kl_suppliers_rows(const struct kl_suppliers *suppliers);
int64_t kl_suppliers_total(const struct kl_suppliers *suppliers);
const struct kl_sheet *kl_suppliers_sheet(const struct kl_suppliers *suppliers);

/* The columns, for telling whether a file is such a table: `*ret_count` of them. */
const struct kl_column *kl_suppliers_columns(unsigned *ret_count);

#endif
