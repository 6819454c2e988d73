/* Reads a spending file as a council published it, row by row, into parts for the daemon.
 *
 * accepted   a row that is a payment
 * rejected   any other row that is not blank: it is kept with its reason (core/spend.h) and its
 *            amount, and is no error
 * order      of numeric dates (core/day.h): as the caller says, or as the first date says that can be
 *            read one way only. A file whose dates can all be read both ways, or in which some say
 *            the one and some the other, is refused until somebody says --dates
 *
 * A total is known by its words, or as the sum of what stands above it. The file is read from its
 * beginning until its order of dates is known, and then once; twice more if a thousand dates that need
 * no order come first. */
#ifndef KL_CLIENT_SPEND_FILE_H
#define KL_CLIENT_SPEND_FILE_H

#include "client/sheet.h"
#include "core/day.h"
#include "core/spend.h"
#include "protocol/wire.h"

struct kl_spend_options {
	const char *tab; /* sheet of a spreadsheet, or NULL */
	bool has_order;
	enum kl_date_order order;
	bool has_day; /* of all payments, for a file without a column of dates */
	int32_t day;
};

struct kl_spend_reader;

/* What kl_sheet_open() says; KL_E_MALFORMED if the dates cannot be told or are missing, KL_E_USAGE for
 * what is no file. `path` must outlive the reader. */
int kl_spend_reader_open(const char *path, const struct kl_spend_options *options,
	struct kl_fault *fault, struct kl_spend_reader **ret_reader);
void kl_spend_reader_close(struct kl_spend_reader *reader);

/* The next part (protocol/doc_spend.h), for kl_link_upload(): `reader` is a struct
 * kl_spend_reader. */
int kl_spend_reader_part(void *reader, struct kl_writer *out, struct kl_fault *fault);

/* So far: rows that were not blank, those of them that are no payments, and the sum of all amounts
 * that could be read, of either kind. */
struct kl_spend_read {
	uint32_t rows, rejected, rounded;
	int64_t pence;
};
struct kl_spend_read kl_spend_reader_read(const struct kl_spend_reader *reader);

const struct kl_sheet *kl_spend_reader_sheet(const struct kl_spend_reader *reader);

/* The header of the column of amounts, and in words how dates are read, as far as is known by now. */
const char *kl_spend_reader_amount(const struct kl_spend_reader *reader);
const char *kl_spend_reader_dates(const struct kl_spend_reader *reader);

#endif
