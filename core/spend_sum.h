/* Payments added up, a row at a time: by place, year, sector, size, category and supplier.
 *
 * class    where the money went: local, elsewhere, unknown, or redacted, whose place is unknown too
 * cut      what falls into one part of the whole, by class: pence, and number of payments. Credit
 *          notes lower the pence; they are no payments (ours)
 * net      payments to one supplier less its credit notes
 *
 * Every cut of one kind (all years, all sectors, ...) adds up to the total, to the penny. Shares are
 * of everything: what is unknown is never counted as local (ours). A supplier is redacted by the rule
 * of core/spend.h, else it is where the table of places says (core/places.h), else unknown. */
#ifndef KL_CORE_SPEND_SUM_H
#define KL_CORE_SPEND_SUM_H

#include "core/area.h"
#include "core/places.h"
#include "core/spend.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kl_spend_class {
	KL_SPEND_UNKNOWN,
	KL_SPEND_LOCAL,
	KL_SPEND_ELSEWHERE,
	KL_SPEND_REDACTED,
	KL_SPEND_CLASSES,
};

struct kl_spend_cut {
	int64_t pence[KL_SPEND_CLASSES];
	uint64_t payments[KL_SPEND_CLASSES];
};

int64_t kl_spend_pence(const struct kl_spend_cut *cut); /* all classes */
uint64_t kl_spend_payments(const struct kl_spend_cut *cut);

/* Share of one class by value or by number, of all classes. False if there is none: nothing was paid,
 * or credit notes outweigh what was, in the class or in the whole; and for local and elsewhere, if no
 * place is known at all. */
bool kl_spend_share(const struct kl_spend_cut *cut, enum kl_spend_class class, double *ret_share);
bool kl_spend_count_share(
	const struct kl_spend_cut *cut, enum kl_spend_class class, double *ret_share);

/* What is asked for: all days, or those from `from` to `to`. */
struct kl_spend_query {
	bool all;
	int32_t from, to;
	struct kl_area area; /* only if has_area; without one nothing is told by its place */
	bool has_area;
};

struct kl_spend_sum;

struct kl_spend_sum *kl_spend_sum_new(const struct kl_spend_query *query); /* NULL: no memory */
void kl_spend_sum_destroy(struct kl_spend_sum *sum);

/* First all places, then file by file its texts, each before the first payment that has its number,
 * and its payments. KL_E_NOMEM, KL_E_TOO_BIG; KL_E_RANGE if a sum leaves int64_t. */
int kl_spend_sum_place(struct kl_spend_sum *sum, const struct kl_place *place);
void kl_spend_sum_file(struct kl_spend_sum *sum); /* the next file begins */
int kl_spend_sum_text(struct kl_spend_sum *sum, const char *text);
int kl_spend_sum_add(struct kl_spend_sum *sum, const struct kl_payment *payment);

/* ---- results ------------------------------------------------------------------------------- */

const struct kl_spend_cut *kl_spend_sum_total(const struct kl_spend_sum *sum);
const struct kl_spend_cut *kl_spend_sum_sector(const struct kl_spend_sum *sum, enum kl_sector s);
const struct kl_spend_cut *kl_spend_sum_size(const struct kl_spend_sum *sum, enum kl_size size);

/* Credit notes: their number and their (negative) sum. */
uint64_t kl_spend_sum_credits(const struct kl_spend_sum *sum, int64_t *ret_pence);

/* First and last day of what was added; false if nothing was. */
bool kl_spend_sum_days(const struct kl_spend_sum *sum, int32_t *ret_first, int32_t *ret_last);

/* Months in which something was paid, in no order. */
struct kl_spend_month {
	int year, month;
	struct kl_spend_cut all, sector_known, voluntary;
};
size_t kl_spend_sum_months(const struct kl_spend_sum *sum);
const struct kl_spend_month *kl_spend_sum_month(const struct kl_spend_sum *sum, size_t index);

/* Categories, departments and bodies, in order of appearance; the name "" is for payments that have
 * none. */
enum kl_spend_group { KL_SPEND_DEPARTMENT, KL_SPEND_CATEGORY, KL_SPEND_BODY, KL_SPEND_GROUPS };
size_t kl_spend_sum_groups(const struct kl_spend_sum *sum, enum kl_spend_group group);
const char *kl_spend_sum_group_name(
	const struct kl_spend_sum *sum, enum kl_spend_group group, size_t index);
const struct kl_spend_cut *kl_spend_sum_group(
	const struct kl_spend_sum *sum, enum kl_spend_group group, size_t index);

/* Suppliers, in order of appearance. The views live until the next row is added. */
struct kl_spend_supplier {
	const char *name;    /* as spelled first */
	const char *matched; /* the place's spelling, where it was matched; else "" */
	const char *place;
	int64_t net;
	uint64_t payments;
	enum kl_spend_class class;
	enum kl_sector sector;
	enum kl_size size;
	bool loose; /* matched only by a loose key */
};
size_t kl_spend_sum_suppliers(const struct kl_spend_sum *sum);
struct kl_spend_supplier kl_spend_sum_supplier(const struct kl_spend_sum *sum, size_t index);

/* Numbers of up to `max` suppliers that `want` lets through, largest net first. KL_E_NOMEM. */
typedef bool kl_spend_want_fn(const struct kl_spend_supplier *supplier);
int kl_spend_sum_largest(const struct kl_spend_sum *sum, kl_spend_want_fn *want, size_t max,
	uint32_t *ret_numbers, size_t *ret_count);

#endif
