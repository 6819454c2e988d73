/* What the files of client/sheet.h share. */
#ifndef KL_CLIENT_SHEET_OWN_H
#define KL_CLIENT_SHEET_OWN_H

#include "client/grid.h"
#include "client/sheet.h"

enum {
	KL_SHEET_FOLDED_MAX = 64,
	KL_SHEET_NONE = -1,
	KL_SHEET_SHOWN_MAX = 40,                /* of a cell in a message */
	KL_SHEET_LIST_MAX = KL_SHEET_FOUND_MAX, /* of several */
};

struct kl_sheet {
	struct kl_grid *grid;
	const struct kl_column *columns;
	unsigned count;
	int at[KL_SHEET_COLUMNS_MAX]; /* cell of each column, or KL_SHEET_NONE */
	char called[KL_SHEET_COLUMNS_MAX][KL_SHEET_SHOWN_MAX + 4];
	unsigned note_count;
	char notes[KL_SHEET_NOTES_MAX][KL_SHEET_NOTE_MAX];
	unsigned title_count;
	struct kl_title {
		char name[KL_SHEET_FOLDED_MAX];
		char text[KL_SHEET_TITLE_MAX];
	} titles[KL_SHEET_TITLES_MAX];
	unsigned width; /* cells of the header */
	uint32_t header_line;
	uint32_t beside; /* rows with something behind the last column of the header */
	char first_beside[KL_XLSX_REF_MAX];
	bool ended;
	struct kl_csv_row row;
};

/* Finds the header, and moves behind it. Faults as of kl_sheet_open(). */
int kl_sheet_read_header(struct kl_sheet *sheet, struct kl_fault *fault);

/* Looks for it only. */
struct kl_sheet_fit kl_sheet_measure(struct kl_sheet *sheet);

/* Adds a text to a list, parted by commas; what does not fit any more is "...". */
void kl_sheet_list(char list[KL_SHEET_LIST_MAX], const char *text);

#endif
