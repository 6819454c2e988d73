/* Rows of cells, from whatever file people bring: CSV (client/csv.h) or XLSX (client/xlsx.h). What
 * the file is, its first bytes say; what it is called does not matter.
 *
 * way   how a file may be taken apart: a CSV in three ways, by comma, semicolon or tab, an XLSX in
 *       one. The first rows can be looked at in each way before the reading begins. */
#ifndef KL_CLIENT_GRID_H
#define KL_CLIENT_GRID_H

#include "client/csv.h"
#include "client/xlsx.h"
#include "core/error.h"

#include <stdbool.h>

struct kl_grid;

/* `tab` is the sheet that is meant; NULL: the first. "-" is standard input, for a CSV. Faults name
 * the file: see kl_csv_open() and kl_xlsx_open(); KL_E_USAGE for a sheet of a CSV. */
int kl_grid_open(
	const char *path, const char *tab, struct kl_fault *fault, struct kl_grid **ret_grid);
void kl_grid_close(struct kl_grid *grid);

const char *kl_grid_name(const struct kl_grid *grid); /* as messages give it */
const char *kl_grid_word(const struct kl_grid *grid); /* "line" of a CSV, "row" of an XLSX */
unsigned kl_grid_ways(const struct kl_grid *grid);

/* NULL for a CSV. */
const struct kl_xlsx *kl_grid_book(const struct kl_grid *grid);

/* Looks at the first rows in one way: 1 with the next, 0 behind the last that can be looked at.
 * Errors end it, too. */
void kl_grid_look_from_start(struct kl_grid *grid, unsigned way);
int kl_grid_look(struct kl_grid *grid, struct kl_csv_row *row);

/* Begins to read in one way, once. */
int kl_grid_begin(struct kl_grid *grid, unsigned way, struct kl_fault *fault);

/* As kl_csv_forgive(); an XLSX holds no such characters. */
void kl_grid_forgive(struct kl_grid *grid);
uint32_t kl_grid_forgiven(const struct kl_grid *grid);

/* As kl_csv_progress(); an XLSX does not know beforehand. */
void kl_grid_progress(const struct kl_grid *grid, uint64_t *ret_done, uint64_t *ret_total);

/* As kl_csv_next(). */
int kl_grid_next(struct kl_grid *grid, struct kl_csv_row *row, struct kl_fault *fault);

#endif
