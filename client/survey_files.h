/* The folder that `lm3 survey` fills: for each supplier a letter and a form to send back, one table
 * for all answers, and one table for mail merge.
 *
 *     letters/0001-example-catering-ltd.html
 *     forms/0001-example-catering-ltd.xlsx
 *     answers.xlsx        for answers that come by phone or on paper: lm3 import NAME answers
 *     mail-merge.csv      contact, e-mail, supplier, letter, form
 *
 * Nothing is written over: the folder must be new or empty. */
#ifndef KL_CLIENT_SURVEY_FILES_H
#define KL_CLIENT_SURVEY_FILES_H

#include "client/letter.h"
#include "core/error.h"
#include "core/lm3.h"

#include <stdbool.h>
#include <stddef.h>

struct kl_survey_person {
	char supplier[KL_NAME_MAX];
	char contact[KL_LM3_CONTACT_MAX];
	char email[KL_LM3_EMAIL_MAX];
};

struct kl_survey_plan {
	const char *folder;
	struct kl_letter letter; /* without supplier and contact */
	bool csv;                /* forms as CSV instead of XLSX */
	const struct kl_survey_person *people;
	size_t count;
	/* Told after each supplier; may be NULL. */
	void (*progress)(void *data, size_t done, size_t total);
	void *data;
};

/* KL_E_IO unless there is nothing of that name, or an empty folder. */
int kl_survey_check_folder(const char *folder, struct kl_fault *fault);

/* KL_E_IO, KL_E_TOO_BIG, in words. What was written before a failure stays. */
int kl_survey_write(const struct kl_survey_plan *plan, struct kl_fault *fault);

/* The name of a supplier as part of a file's name: "0001-example-catering-ltd". Returns `out`. */
enum { KL_SURVEY_STEM_MAX = 64 };
const char *kl_survey_stem(size_t number, const char *supplier, char out[KL_SURVEY_STEM_MAX]);

#endif
