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
#include "core/places.h"
#include "core/spend.h"
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
int kl_doc_spend_file_decode(struct kl_bytes bytes, struct kl_spend_file *ret_file);

/* ---- places -------------------------------------------------------------------------------- */

void kl_doc_place_encode(struct kl_writer *w, const struct kl_place *place);
int kl_doc_place_decode(const struct kl_value *row, struct kl_place *ret_place);

#endif
