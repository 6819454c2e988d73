/* Reads what suppliers answered when they were asked: supplier, respent_locally and, if they say so,
 * local (whether they are in the area themselves). One table with all answers, or the forms that came
 * back, one after the other.
 *
 * A row without respent_locally is a form that nobody filled in: it is left out and counted. */
#ifndef KL_CLIENT_ANSWERS_H
#define KL_CLIENT_ANSWERS_H

#include "client/sheet.h"
#include "core/error.h"
#include "core/lm3.h"
#include "protocol/wire.h"

#include <stdint.h>

struct kl_answers;

/* `paths` and `tab` (the sheet of a spreadsheet that is meant, or NULL) must outlive what is opened;
 * the first file is looked at already. What kl_sheet_open()
 * says. */
int kl_answers_open(const char *const *paths, size_t count, const char *tab, struct kl_fault *fault,
	struct kl_answers **ret_answers);
void kl_answers_close(struct kl_answers *answers);

/* Next answer: 1; 0 at the end of the last file; negative with a fault that names file, line and
 * column. Without a single answer in all files the end is KL_E_MALFORMED. */
int kl_answers_next(
	struct kl_answers *answers, struct kl_fault *fault, struct kl_lm3_answer *ret_answer);

/* The same in parts (see protocol/part.h), for kl_link_upload(). */
int kl_answers_part(void *data, struct kl_writer *rows, struct kl_fault *fault);

/* So far: rows that had no answer. */
uint32_t kl_answers_empty(const struct kl_answers *answers);

/* Is told what there is to tell about each file once it is read; may be NULL. */
void kl_answers_tell(struct kl_answers *answers,
	void (*tell)(void *data, const struct kl_sheet *sheet), void *data);

/* The columns, for templates and forms: `*ret_count` of them. */
const struct kl_column *kl_answers_columns(unsigned *ret_count);

#endif
