/* Big tables travel and are kept in parts: each one msgpack array of rows, stored as it came.
 *
 * row    one msgpack array with its values in a fixed order; which, its codec says (doc_supplier.h,
 *        doc_enabled.h)
 * part   at most KL_PART_MAX bytes of them */
#ifndef KL_PROTOCOL_PART_H
#define KL_PROTOCOL_PART_H

#include "core/bytes.h"
#include "protocol/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KL_PART_MAX = 64 * 1024 };

/* Collects rows until a part is full:
 *     kl_doc_supplier_encode(kl_part_row(&part), supplier);
 *     rc = kl_part_end_row(&part, &full);
 *     if (full) { kl_part_bytes(&part, &bytes); send; kl_part_next(&part); } */
struct kl_part {
	struct kl_writer rows, row, whole;
	uint32_t count;
};

void kl_part_init(struct kl_part *part);
void kl_part_deinit(struct kl_part *part);

/* Where to write the next row; whatever was begun before is dropped. */
struct kl_writer *kl_part_row(struct kl_part *part);

/* Takes the row if it fits, and then *ret_full is false. Else *ret_full is true, the part without
 * that row is to be sent, and kl_part_next() begins the next part with it. KL_E_TOO_BIG for a row
 * larger than a part, KL_E_NOMEM. */
int kl_part_end_row(struct kl_part *part, bool *ret_full);

/* The part so far; lives until the next call with this part. An empty part is an empty array. */
int kl_part_bytes(struct kl_part *part, struct kl_bytes *ret_bytes);

/* Starts anew with the row that did not fit, if there is one. */
int kl_part_next(struct kl_part *part);

/* Opens a part for reading: KL_E_TOO_BIG, KL_E_MALFORMED. Rows follow by kl_cursor_next(). */
int kl_part_open(struct kl_bytes bytes, struct kl_cursor *ret_rows);

/* ---- reading a row value by value ------------------------------------------------------------ */

/* Opens a row of exactly `items` values. */
int kl_row_open(const struct kl_value *row, uint32_t items, struct kl_cursor *ret_values);

/* The next value. Text is one line of plain UTF-8 and fits with its final zero; `optional` text may
 * be nil and then is empty, but is never written as an empty string. KL_E_MALFORMED,
 * KL_E_TOO_BIG. */
int kl_row_text(struct kl_cursor *values, bool optional, char *out, size_t size);
int kl_row_int(struct kl_cursor *values, int64_t *ret_value);
int kl_row_uint(struct kl_cursor *values, uint64_t max, uint64_t *ret_value);
int kl_row_bool(struct kl_cursor *values, bool *ret_value);
int kl_row_maybe_int(struct kl_cursor *values, bool *ret_has, int64_t *ret_value);
int kl_row_maybe_double(struct kl_cursor *values, bool *ret_has, double *ret_value);

/* Writing of the same: empty text and what is absent become nil. */
void kl_write_maybe_text(struct kl_writer *w, const char *text);
void kl_write_maybe_int(struct kl_writer *w, bool has, int64_t value);

#endif
