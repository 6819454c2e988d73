#include "client/grid.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char separators[] = {',', ';', '\t'};

struct kl_grid {
	struct kl_csv *csv; /* one of the two */
	struct kl_xlsx *xlsx;
	unsigned way; /* of the look */
	struct kl_csv_at at;
};

/* Only of files: what was read from a pipe is gone. */
static bool is_zip(const char *path)
{
	struct stat st;
	char start[4] = "";
	int fd;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, start, sizeof start) != (ssize_t)sizeof start)
		start[0] = '\0';
	close(fd);
	return memcmp(start, "PK\3\4", 4) == 0 || memcmp(start, "PK\5\6", 4) == 0;
}

static int open_csv(struct kl_grid *grid, const char *path, const char *tab, struct kl_fault *fault)
{
	int rc = kl_csv_open(path, fault, &grid->csv);

	if (rc || !tab)
		return rc;
	kl_fault(fault, KL_E_USAGE, "%s: is no spreadsheet with several sheets", path);
	(void)kl_fault_hint(fault, "leave --sheet out");
	return KL_E_USAGE;
}

int kl_grid_open(
	const char *path, const char *tab, struct kl_fault *fault, struct kl_grid **ret_grid)
{
	struct kl_grid *grid = calloc(1, sizeof *grid);
	int rc;

	if (!grid)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	rc = is_zip(path) ? kl_xlsx_open(path, tab, fault, &grid->xlsx)
			  : open_csv(grid, path, tab, fault);
	if (rc) {
		kl_grid_close(grid);
		return rc;
	}
	*ret_grid = grid;
	return KL_OK;
}

void kl_grid_close(struct kl_grid *grid)
{
	if (!grid)
		return;
	kl_csv_close(grid->csv);
	kl_xlsx_close(grid->xlsx);
	free(grid);
}

const char *kl_grid_name(const struct kl_grid *grid)
{
	return grid->xlsx ? kl_xlsx_name(grid->xlsx) : kl_csv_name(grid->csv);
}

const char *kl_grid_word(const struct kl_grid *grid)
{
	return grid->xlsx ? "row" : "line";
}

unsigned kl_grid_ways(const struct kl_grid *grid)
{
	return grid->xlsx ? 1 : sizeof separators;
}

const struct kl_xlsx *kl_grid_book(const struct kl_grid *grid)
{
	return grid->xlsx;
}

void kl_grid_look_from_start(struct kl_grid *grid, unsigned way)
{
	grid->way = way;
	grid->at = (struct kl_csv_at){0};
	if (grid->xlsx)
		(void)kl_xlsx_rewind(grid->xlsx, NULL);
}

int kl_grid_look(struct kl_grid *grid, struct kl_csv_row *row)
{
	if (grid->xlsx)
		return kl_xlsx_next(grid->xlsx, row, NULL) == 1;
	return kl_csv_peek(grid->csv, separators[grid->way], &grid->at, row);
}

int kl_grid_begin(struct kl_grid *grid, unsigned way, struct kl_fault *fault)
{
	if (grid->xlsx)
		return kl_xlsx_rewind(grid->xlsx, fault);
	kl_csv_set_separator(grid->csv, separators[way]);
	return KL_OK;
}

int kl_grid_next(struct kl_grid *grid, struct kl_csv_row *row, struct kl_fault *fault)
{
	return grid->xlsx ? kl_xlsx_next(grid->xlsx, row, fault)
			  : kl_csv_next(grid->csv, row, fault);
}

void kl_grid_progress(const struct kl_grid *grid, uint64_t *ret_done, uint64_t *ret_total)
{
	*ret_done = *ret_total = 0;
	if (grid->csv)
		kl_csv_progress(grid->csv, ret_done, ret_total);
}

void kl_grid_forgive(struct kl_grid *grid)
{
	if (grid->csv)
		kl_csv_forgive(grid->csv);
}

uint32_t kl_grid_forgiven(const struct kl_grid *grid)
{
	return grid->csv ? kl_csv_forgiven(grid->csv) : 0;
}
