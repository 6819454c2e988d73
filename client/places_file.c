#include "client/places_file.h"
#include "client/part_feed.h"
#include "client/words_in.h"
#include "protocol/doc_spend.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME, PLACE, LOCAL, SECTOR, SIZE, COLUMNS };

const struct kl_column kl_places_columns[COLUMNS] = {
	[NAME] = {.name = "supplier",
		.aliases = {"supplier name", "name", "vendor", "vendor name", "creditor", "payee",
			"beneficiary", "beneficiary name", "company", "organisation", NULL},
		.required = true,
		.ranked = true},
	/* what tells where a place lies comes before what only names it */
	[PLACE] = {.name = "postcode",
		.aliases = {"post code", "supplier postcode", "vendor postcode",
			"beneficiary postcode", "payee postcode", "postcode district", "gss code",
			"place", "location", "town", "area", NULL},
		.ranked = true},
	[LOCAL] = {.name = "local",
		.aliases = {"is local", "local supplier", "local (yes/no)", "where", NULL}},
	[SECTOR] = {.name = "sector",
		.aliases = {"type", "supplier type", "supplier sector", NULL},
		.ranked = true},
	[SIZE] = {.name = "size", .aliases = {"supplier size", "company size", NULL}},
};

const unsigned kl_places_column_count = COLUMNS;

struct kl_places_file {
	struct kl_sheet *sheet;
	struct kl_part_feed feed;
	uint32_t rows;
	bool ended;
};

int kl_size_parse(const char *text, enum kl_size *ret_size)
{
	static const struct {
		const char *word;
		enum kl_size size;
	} words[] = {{"", KL_SIZE_UNKNOWN}, {"unknown", KL_SIZE_UNKNOWN}, {"n/a", KL_SIZE_UNKNOWN},
		{"micro", KL_SIZE_MICRO}, {"small", KL_SIZE_SMALL}, {"sme", KL_SIZE_MEDIUM},
		{"medium", KL_SIZE_MEDIUM}, {"medium-sized", KL_SIZE_MEDIUM},
		{"large", KL_SIZE_LARGE}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcasecmp(text, words[i].word)) {
			*ret_size = words[i].size;
			return KL_OK;
		}
	return KL_E_INVALID;
}

static int feed_row(void *data, struct kl_writer *row, struct kl_fault *fault)
{
	struct kl_place place;
	int rc = kl_places_file_next(data, fault, &place);

	if (rc == 1)
		kl_doc_place_encode(row, &place);
	return rc;
}

int kl_places_file_open(
	const char *path, const char *tab, struct kl_fault *fault, struct kl_places_file **ret_file)
{
	struct kl_places_file *f = calloc(1, sizeof *f);
	int rc;

	if (!f)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	kl_part_feed_init(&f->feed, feed_row, f);
	rc = kl_sheet_open(path, tab, kl_places_columns, COLUMNS, fault, &f->sheet);
	if (!rc && !kl_sheet_has(f->sheet, PLACE) && !kl_sheet_has(f->sheet, LOCAL) &&
		!kl_sheet_has(f->sheet, SECTOR) && !kl_sheet_has(f->sheet, SIZE)) {
		kl_fault(fault, KL_E_MALFORMED, "%s: names suppliers and says nothing of them",
			path);
		rc = kl_fault_hint(fault, "columns that can be read: supplier, place or postcode, "
					  "local, sector, size");
	}
	if (rc) {
		kl_places_file_close(f);
		return rc;
	}
	*ret_file = f;
	return KL_OK;
}

void kl_places_file_close(struct kl_places_file *file)
{
	if (!file)
		return;
	kl_part_feed_deinit(&file->feed);
	kl_sheet_close(file->sheet);
	free(file);
}

static int read_row(const struct kl_sheet *sheet, struct kl_place *p, struct kl_fault *fault)
{
	int rc = kl_sheet_check_row(sheet, fault);

	if (rc)
		return rc;
	if (!kl_one_line(kl_sheet_cell(sheet, NAME), p->supplier, sizeof p->supplier))
		return kl_sheet_fault(
			sheet, fault, KL_E_TOO_BIG, NAME, "at most 200 bytes of text");
	if (kl_place_check(p, NULL))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, NAME, "the name of a supplier");
	if (!kl_one_line(kl_sheet_cell(sheet, PLACE), p->place, sizeof p->place))
		return kl_sheet_fault(
			sheet, fault, KL_E_TOO_BIG, PLACE, "at most 120 bytes of text");
	if (kl_local_parse(kl_sheet_cell(sheet, LOCAL), &p->where))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, LOCAL, "yes, no or unknown");
	if (kl_sector_parse(kl_sheet_cell(sheet, SECTOR), &p->sector))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, SECTOR,
			"voluntary, social enterprise, small, large, public or nothing");
	if (kl_size_parse(kl_sheet_cell(sheet, SIZE), &p->size))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, SIZE,
			"micro, small, medium, large or nothing");
	return KL_OK;
}

static int try_row(const struct kl_sheet *sheet, void *data)
{
	struct kl_place place = {.where = KL_WHERE_UNKNOWN};

	(void)data;
	return read_row(sheet, &place, NULL);
}

int kl_places_file_next(
	struct kl_places_file *file, struct kl_fault *fault, struct kl_place *ret_place)
{
	struct kl_place place = {.where = KL_WHERE_UNKNOWN};
	int rc = file->ended ? 0 : kl_sheet_next(file->sheet, fault);

	file->ended = rc != 1;
	if (!rc && !file->rows)
		return kl_fault(fault, KL_E_MALFORMED, "%s: has no suppliers below its header",
			kl_sheet_name(file->sheet));
	if (rc != 1)
		return rc;
	rc = read_row(file->sheet, &place, fault);
	if (rc) {
		file->ended = true;
		return kl_sheet_look_on(file->sheet, try_row, NULL, fault);
	}
	file->rows++;
	*ret_place = place;
	return 1;
}

int kl_places_file_part(void *file, struct kl_writer *rows, struct kl_fault *fault)
{
	struct kl_places_file *f = file;

	return kl_part_feed_next(&f->feed, rows, fault);
}

const struct kl_sheet *kl_places_file_sheet(const struct kl_places_file *file)
{
	return file->sheet;
}
