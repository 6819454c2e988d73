/* Payments as councils publish them, and the rules that tell them from what else stands in such a
 * file.
 *
 * payment    one row: a day, a supplier, an amount; a credit note is a negative one
 * redacted   the publisher has hidden who was paid: the amount counts, the place is unknown
 * total row  a row that repeats, as a sum, what stands above it
 * rejected   a row that is not counted; its reason and, where it can be read, its amount are kept,
 *            so that accepted and rejected pounds together are those of the file
 *
 * These rules are ours. Redacted is a name with the word "redacted" or "withheld" or with "personal
 * data" or "personal information" in it, unless it ends in Ltd, Limited, plc, LLP or CIC, or one that
 * says nothing but "private individual", "confidential" and the like (Redactive Example Ltd is a
 * firm). A total row says "total", "grand total", "sub total" or "... total" in one of its cells and
 * lacks a supplier or a day, or calls its supplier just so (Total Example Energy Ltd is a firm). */
#ifndef KL_CORE_SPEND_H
#define KL_CORE_SPEND_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KL_SPEND_TEXT_MAX = 201,      /* names, departments, categories, with the final zero */
	KL_SPEND_REFERENCE_MAX = 41,  /* of a payment */
	KL_SPEND_SAID_MAX = 241,      /* what stands in a rejected row */
	KL_SPEND_TEXTS_MAX = 1 << 20, /* different ones in one file */
	KL_SPEND_FILES_MAX = 2000,
};

/* Numbers of texts of the file, from 1 in order of appearance; 0: nothing. */
struct kl_payment {
	uint32_t line;
	int32_t day; /* core/day.h */
	int64_t pence;
	uint32_t supplier, department, category, body;
	const char *reference; /* "" if there is none; a view */
	size_t reference_len;
};

/* reason, how it is told, in the order of codes */
#define KL_REJECT_MAP(X)                                                                           \
	X(NO_SUPPLIER, "no supplier is named")                                                     \
	X(NO_AMOUNT, "no amount")                                                                  \
	X(BAD_AMOUNT, "the amount cannot be read")                                                 \
	X(NO_DATE, "no date")                                                                      \
	X(BAD_DATE, "the date cannot be read")                                                     \
	X(TOTAL, "a total, not a payment")                                                         \
	X(HEADER, "the header again")                                                              \
	X(REMARK, "a remark, not a payment")                                                       \
	X(SHIFTED, "more cells than the header: a comma that stands in no quotes?")                \
	X(THERE, "already there from an earlier file")

enum kl_reject {
#define X(name, text) KL_REJECT_##name,
	KL_REJECT_MAP(X)
#undef X
		KL_REJECT_COUNT
};

const char *kl_reject_text(enum kl_reject reason);

struct kl_rejected {
	uint32_t line;
	enum kl_reject reason;
	bool has_pence;
	int64_t pence;
	char said[KL_SPEND_SAID_MAX];
};

/* Reads an amount in any of the forms of kl_money_parse(), and in those that only spreadsheets
 * write: "-" for nothing, "£(12.50)", and 12.3449999999 with a fraction of a penny, which is rounded:
 * then *ret_rounded is true. KL_E_INVALID, KL_E_RANGE. */
int kl_spend_amount(const char *text, int64_t *ret_pence, bool *ret_rounded);

bool kl_spend_is_redacted(const char *supplier);

/* Whether a cell says that its row is a total: "Total", "Sub-total", "Grand Total:", "Total for
 * April", "Adult Care total". */
bool kl_spend_says_total(const char *cell);

/* Whether it says nothing else: for the cell of the supplier beside a date. */
bool kl_spend_is_total(const char *supplier);

/* KL_E_MALFORMED or KL_E_RANGE unless day and amount are within bounds, the supplier is there, and no
 * text has a number beyond `texts`. */
int kl_payment_check(const struct kl_payment *payment, uint32_t texts);

/* What tells a payment from others: two payments with the same are taken for one if they stand in
 * different files. `supplier` is the key of the name (core/names.h). */
uint64_t kl_payment_print(const struct kl_payment *payment, uint64_t supplier);

/* A 64-bit hash of a text, for kl_payment_print(). */
uint64_t kl_spend_hash(const char *text);

#endif
