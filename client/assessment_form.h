/* The form on which an assessment is filled in, away from the computer or by several people: a table
 * with a row for each thing to score or to say, and a pair of columns for each assessor.
 *
 * code      what a row is about: "C1" a characteristic, "C1.3" one of its statements, "P2" the
 *           council's practice, "C1 gaps" what all assessors together write of it, "principle 1",
 *           "strategy 1"; and "period", "place", "assessor"
 * question  the same in words, for people; it is not read
 * score     0 to 4, as a number or word, or both ("2 partial"); "none" takes one back
 * in words  why; or what the row asks for
 *
 * The second assessor has "score 2" and "in words 2", and so on. What is empty changes nothing. */
#ifndef KL_CLIENT_ASSESSMENT_FORM_H
#define KL_CLIENT_ASSESSMENT_FORM_H

#include "client/sheet.h"
#include "protocol/assess_rows.h"

enum {
	KL_FORM_ASSESSORS_DRAWN = 3, /* in an empty form; KL_FORM_ASSESSORS_MAX are read */
	KL_FORM_COLUMNS = 2 + 2 * KL_FORM_ASSESSORS_MAX,
};

/* Columns of such a form (template_assessment.c draws the first pairs): code, question, score, in words, score 2, ... */
extern const struct kl_column kl_assessment_columns[KL_FORM_COLUMNS];

struct kl_filled_form {
	char period[KL_FORM_WHERE_MAX], place[KL_ASSESSMENT_PLACE_MAX];
	char assessors[KL_FORM_ASSESSORS_MAX][KL_ASSESSOR_NAME_MAX]; /* "" where not named */
	struct kl_form_row *rows; /* what is filled in, as it goes up */
	size_t count, capacity;
};

/* Reads the current sheet to its end. KL_E_MALFORMED with row and column for what has no place in
 * such a form, KL_E_TOO_BIG; what scores and texts may be, the daemon says. */
int kl_assessment_form_read(
	struct kl_sheet *sheet, struct kl_filled_form *ret_form, struct kl_fault *fault);
void kl_filled_form_deinit(struct kl_filled_form *form);

#endif
