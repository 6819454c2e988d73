/* Reads a table that says who suppliers are: supplier, place or postcode, local, sector, size.
 *
 * Supplier must be there; everything else may be missing and cells empty, which is "not known". A
 * cell that cannot be read is a fault that names file, line and column, and its hint the other lines
 * to be put right. */
#ifndef KL_CLIENT_PLACES_FILE_H
#define KL_CLIENT_PLACES_FILE_H

#include "client/sheet.h"
#include "core/places.h"
#include "protocol/wire.h"

#include <stdio.h>

struct kl_places_file;

/* What kl_sheet_open() says. */
int kl_places_file_open(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_places_file **ret_file);
void kl_places_file_close(struct kl_places_file *file);

/* Next row: 1; 0 at the end; an error with a fault, after which nothing follows. */
int kl_places_file_next(
	struct kl_places_file *file, struct kl_fault *fault, struct kl_place *ret_place);

/* The same in parts, for kl_link_upload(). */
int kl_places_file_part(void *file, struct kl_writer *rows, struct kl_fault *fault);

const struct kl_sheet *kl_places_file_sheet(const struct kl_places_file *file);

/* micro, small, medium, large, SME and the like; empty or "unknown" is unknown. KL_E_INVALID. */
int kl_size_parse(const char *text, enum kl_size *ret_size);

/* The columns, for a template. */
extern const struct kl_column kl_places_columns[];
extern const unsigned kl_places_column_count;

#endif
