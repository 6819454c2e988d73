/* Reads an anchor's table of tenants: tenant, activity, floor_space_m2, turnover, staff_fte and,
 * for who knows them, sic, use_class, area_basis, gva.
 *
 * Only the tenant's name must be there; an empty cell is "not known". Where no section or use class
 * is given, the activity is looked up in a table of plain words, and the row says that it was
 * judged so. */
#ifndef KL_CLIENT_TENANTS_H
#define KL_CLIENT_TENANTS_H

#include "client/sheet.h"
#include "core/enabled.h"
#include "core/error.h"
#include "protocol/wire.h"

#include <stddef.h>
#include <stdint.h>

struct kl_tenants;

/* `words` (may be NULL with a count of 0) must outlive the reader. What kl_sheet_open() says. */
int kl_tenants_open(const char *path, const char *tab, const struct kl_activity_word *words,
	size_t word_count, struct kl_fault *fault, struct kl_tenants **ret_tenants);
void kl_tenants_close(struct kl_tenants *tenants);

/* As kl_suppliers_next() and kl_suppliers_part(). KL_E_TOO_BIG beyond KL_TENANTS_MAX. A file
 * without a row is refused at its end. */
int kl_tenants_next(
	struct kl_tenants *tenants, struct kl_fault *fault, struct kl_tenant *ret_tenant);
int kl_tenants_part(void *data, struct kl_writer *rows, struct kl_fault *fault);

uint32_t kl_tenants_rows(const struct kl_tenants *tenants);
const struct kl_sheet *kl_tenants_sheet(const struct kl_tenants *tenants);

/* The columns, for telling whether a file is such a table: `*ret_count` of them. */
const struct kl_column *kl_tenants_columns(unsigned *ret_count);

#endif
