/* Payments as they are uploaded and kept. A file of a million payments is some hundred parts
 * (part.h), each with one row that is a block of them
 *     [1, [text, ...], payments, [[line, reason, pence | nil, said | nil], ...]]
 *
 * text      a name, department, category or body that the payments of this block and of later ones
 *           mean by its number: the first of the file is 1
 * payments  one bin: payment after payment, each
 *               line - line before | day - day before | pence | supplier | department | category |
 *               body | length of reference | reference
 *           as variable-length numbers (seven bits a byte, low ones first, the high bit set on all
 *           but the last byte; day and pence with the sign in the lowest bit), in shortest form.
 *           Before the first of a block, line and day are 0
 * last      the rejected rows
 *
 * and, as the note of the import, one map that says what the file came to. Places (core/places.h) are
 * rows of [supplier, place | nil, where, sector, size] in ordinary parts. */
#ifndef KL_PROTOCOL_DOC_SPEND_H
#define KL_PROTOCOL_DOC_SPEND_H

#include "core/bytes.h"
#include "core/day.h"
#include "core/money.h"
#include "core/places.h"
#include "core/spend.h"
#include "core/spend_sum.h"
#include "protocol/part.h"
#include "protocol/wire.h"

enum { KL_DOC_SPEND_VERSION = 1 };

/* ---- writing a part ------------------------------------------------------------------------ */

struct kl_spend_part {
	/* All private. */
	struct kl_writer texts, rejected;
	uint32_t text_count, rejected_count, line;
	int32_t day;
	size_t len;
	uint8_t rows[KL_PART_MAX + 2048];
};

void kl_spend_part_init(struct kl_spend_part *part);
void kl_spend_part_deinit(struct kl_spend_part *part);

/* Whether it must be written before anything else is put in. */
bool kl_spend_part_full(const struct kl_spend_part *part);
bool kl_spend_part_empty(const struct kl_spend_part *part);

/* Puts in a text (before the payment that needs it), a payment that passed its check, whose line is
 * not before that of the payment before it, or a rejected row. A payment may come with its texts, up
 * to four, without asking in between. */
void kl_spend_part_text(struct kl_spend_part *part, const char *text);
void kl_spend_part_payment(struct kl_spend_part *part, const struct kl_payment *payment);
void kl_spend_part_reject(struct kl_spend_part *part, const struct kl_rejected *rejected);

/* Writes the part as one value and empties it. Errors stick to the writer. */
void kl_spend_part_write(struct kl_spend_part *part, struct kl_writer *out);

/* ---- reading one --------------------------------------------------------------------------- */

struct kl_spend_view {
	/* All private. */
	struct kl_cursor texts, rejected;
	const uint8_t *at, *end;
	uint32_t line;
	int32_t day;
};

/* Opens a block. KL_E_MALFORMED, KL_E_VERSION. Its bytes must outlive the view. */
int kl_spend_view_open(const struct kl_value *block, struct kl_spend_view *ret_view);

/* The next one: 1; 0 behind the last; KL_E_MALFORMED, KL_E_TOO_BIG, KL_E_RANGE. Numbers of texts are
 * for kl_payment_check(). */
int kl_spend_view_text(struct kl_spend_view *view, char ret_text[KL_SPEND_TEXT_MAX]);
int kl_spend_view_payment(struct kl_spend_view *view, struct kl_payment *ret_payment);
int kl_spend_view_rejected(struct kl_spend_view *view, struct kl_rejected *ret_rejected);

/* ---- what a file came to ------------------------------------------------------------------- */

enum { KL_SPEND_FILE_NAME_MAX = 256, KL_SPEND_COLUMN_MAX = 64 };

/* All amounts of a file together, whatever their sign, so that sums over all files fit as well. */
#define KL_SPEND_FILE_PENCE_MAX (100 * KL_MONEY_MAX)

struct kl_spend_file {
	char name[KL_SPEND_FILE_NAME_MAX];       /* without its folder */
	char amount_column[KL_SPEND_COLUMN_MAX]; /* as the file calls it */
	char dates[KL_SPEND_COLUMN_MAX];         /* how they were read, in words */
	uint64_t imported_ms;                    /* since 1970 */
	uint32_t accepted, rejected[KL_REJECT_COUNT],
		unreadable; /* rejected ones without an amount */
	int64_t pence, rejected_pence[KL_REJECT_COUNT];
	bool has_days;
	int32_t first, last;
	struct kl_id content;
};

uint32_t kl_spend_file_rejected(const struct kl_spend_file *file);
int64_t kl_spend_file_rejected_pence(const struct kl_spend_file *file);

void kl_doc_spend_file_encode(struct kl_writer *w, const struct kl_spend_file *file);
/* KL_E_MALFORMED, KL_E_VERSION; KL_E_RANGE beyond KL_SPEND_FILE_PENCE_MAX. */
int kl_doc_spend_file_decode(struct kl_bytes bytes, struct kl_spend_file *ret_file);

/* ---- months ------------------------------------------------------------------------------ */

/* What all files together come to, month by month, as long as nothing changes: so that a share of a
 * year can be told without reading every payment again. */
struct kl_spend_in_month {
	int year, month;
	int64_t pence[KL_SPEND_CLASSES];
	int64_t voluntary, sector_known; /* of all classes */
};

/* `stamp` says what was added up: files, places and area. */
void kl_doc_spend_months_encode(
	struct kl_writer *w, const struct kl_id *stamp, const struct kl_spend_sum *sum);

/* Opens them; then 1 with the next month, 0 behind the last. KL_E_MALFORMED, KL_E_VERSION. */
int kl_doc_spend_months_open(
	struct kl_bytes bytes, struct kl_id *ret_stamp, struct kl_cursor *ret_months);
int kl_doc_spend_months_next(struct kl_cursor *months, struct kl_spend_in_month *ret_month);

/* One month of a sum in this form. */
struct kl_spend_in_month kl_spend_in_month(const struct kl_spend_month *month);

/* ---- places -------------------------------------------------------------------------------- */

void kl_doc_place_encode(struct kl_writer *w, const struct kl_place *place);
int kl_doc_place_decode(const struct kl_value *row, struct kl_place *ret_place);

#endif
