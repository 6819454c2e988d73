/* Reads the data files that estimates need: densities, GVA per job, words for activities.
 *
 * Each is a CSV table whose first rows give its name, its source and its year; the files that come
 * with the program lie in client/data/ and are found by kl_data_path(). Anybody can use others of
 * the same form. */
#ifndef KL_CLIENT_FACTOR_FILES_H
#define KL_CLIENT_FACTOR_FILES_H

#include "core/error.h"
#include "core/factors.h"

#include <stddef.h>

#define KL_DATA_DENSITY "employment-density-2015.csv"
#define KL_DATA_GVA     "gva-per-job-2016.csv"
#define KL_DATA_WORDS   "activity-words.csv"

enum { KL_WORDS_MAX = 1024, KL_DATA_PATH_MAX = 4096 };

/* Columns use_class, use, low_m2, high_m2, area_basis. KL_E_MALFORMED, KL_E_INVALID, KL_E_RANGE
 * with file and line; what kl_sheet_open() says. */
int kl_density_read(const char *path, struct kl_fault *fault, struct kl_density_table *ret_table);

/* Columns section, industry, gva_million, jobs, caution ("lumped", "imputed rent" or nothing); GVA for
 * each job is worked out here, rounded to the penny. A column gva_per_job, in pounds, stands for
 * gva_million and jobs. */
int kl_gva_read(const char *path, struct kl_fault *fault, struct kl_gva_table *ret_table);

/* Columns word, section, use_class. The array is the caller's, to be freed with free(). */
int kl_activity_words_read(const char *path, struct kl_fault *fault,
	struct kl_activity_word **ret_words, size_t *ret_count);

/* Which of both tables a file is, by its columns, read into the table of its kind; for "factors
 * import FILE". *ret_is_gva says which. */
int kl_factors_read(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_factors *factors, bool *ret_is_gva);

/* Where a file that comes with the program lies: beside the program while it is not installed, else
 * in its share/keeplocal. KL_E_NOT_FOUND. */
int kl_data_path(const char *name, struct kl_fault *fault, char ret_path[KL_DATA_PATH_MAX]);

#endif
