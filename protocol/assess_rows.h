/* What the command uploads for assessments, row by row in parts (part.h).
 *
 * form row   one answer of a filled-in form: [where in the file, number of the assessor, field,
 *            assignment]; field and assignment as core/assessment_fill.h reads them
 * piece      some bytes of a file, in their order: [number of the file, bytes] */
#ifndef KL_PROTOCOL_ASSESS_ROWS_H
#define KL_PROTOCOL_ASSESS_ROWS_H

#include "core/assessment_fill.h"
#include "protocol/wire.h"

enum {
	KL_FORM_ASSESSORS_MAX = 6, /* in one form */
	KL_FORM_ROWS_MAX = 2000,   /* in one upload */
	KL_FORM_WHERE_MAX = 64,    /* all sizes with the final zero */
	KL_FORM_FIELD_MAX = 32,
	KL_PIECE_MAX = 48 * 1024, /* bytes of one piece */
};

struct kl_form_row {
	char where[KL_FORM_WHERE_MAX]; /* "row 12, column 'score 2'" */
	uint8_t assessor;              /* below KL_FORM_ASSESSORS_MAX */
	char field[KL_FORM_FIELD_MAX];
	char assignment[KL_FILL_TEXT_MAX];
};

void kl_form_row_encode(struct kl_writer *w, const struct kl_form_row *row);

/* KL_E_MALFORMED, KL_E_TOO_BIG. */
int kl_form_row_decode(const struct kl_value *value, struct kl_form_row *ret_row);

struct kl_file_piece {
	uint32_t file;
	struct kl_bytes bytes; /* read: a view of what was decoded */
};

void kl_file_piece_encode(struct kl_writer *w, const struct kl_file_piece *piece);

/* KL_E_MALFORMED, KL_E_TOO_BIG. */
int kl_file_piece_decode(const struct kl_value *value, struct kl_file_piece *ret_piece);

#endif
