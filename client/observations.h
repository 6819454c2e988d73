/* Reads a table of observations: indicator, component, period, place, value, text, method,
 * method_version, confidence, source, challenger; a row for each.
 *
 * Only indicator and period must be there, and a value or a text. What an indicator's name means is
 * asked once for each name, of whoever can answer it: indicators that members define are not known
 * here. */
#ifndef KL_CLIENT_OBSERVATIONS_H
#define KL_CLIENT_OBSERVATIONS_H

#include "client/sheet.h"
#include "core/definition.h"
#include "core/observation.h"
#include "protocol/wire.h"

enum {
	KL_OBSERVATIONS_MAX = 200000,    /* rows of one file */
	KL_OBSERVATION_NAMES_MAX = 1000, /* different indicators in one file */
};

/* What a name means: an indicator of the catalogue or a metric by its code alone, one that a member
 * defined with its definition. */
struct kl_meaning {
	char code[KL_METRIC_CODE_MAX];
	bool defined;
	struct kl_id id;
	struct kl_definition definition;
};

/* KL_E_NOT_FOUND or KL_E_AMBIGUOUS with words that say what was meant, perhaps. */
typedef int kl_meaning_fn(
	void *arg, const char *name, struct kl_meaning *ret_meaning, struct kl_fault *fault);

struct kl_observations;

/* Reads the whole file. What kl_sheet_open() says; KL_E_MALFORMED with file, line and column for a
 * cell that cannot be read and for a quantity, period and place that stand twice; KL_E_TOO_BIG. */
int kl_observations_read(const char *path, const char *tab, kl_meaning_fn *meaning, void *arg,
	struct kl_fault *fault, struct kl_observations **ret_observations);
void kl_observations_destroy(struct kl_observations *observations);

size_t kl_observations_count(const struct kl_observations *observations);
const struct kl_sheet *kl_observations_sheet(const struct kl_observations *observations);

/* The next rows for an upload, as kl_link_next_fn; begins at the first. */
int kl_observations_part(void *data, struct kl_writer *rows, struct kl_fault *fault);
size_t kl_observations_bytes(const struct kl_observations *observations);

/* Columns of the table, for telling whether a file is one, and for templates. */
const struct kl_column *kl_observations_columns(unsigned *ret_count);

#endif
