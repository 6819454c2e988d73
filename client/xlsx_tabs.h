/* What sheets an XLSX has, and in which parts they are. */
#ifndef KL_CLIENT_XLSX_TABS_H
#define KL_CLIENT_XLSX_TABS_H

#include "client/archive.h"

#include <stdbool.h>

enum {
	KL_XLSX_TABS_MAX = 256,
	KL_XLSX_TAB_NAME_MAX = 128, /* bytes; programs write 31 characters */
	KL_XLSX_PART_NAME_MAX = 200,
};

struct kl_xlsx_tab {
	char name[KL_XLSX_TAB_NAME_MAX];
	char part[KL_XLSX_PART_NAME_MAX];
	bool hidden;
};

struct kl_xlsx_tabs {
	bool since_1904; /* how days are counted */
	unsigned count;
	struct kl_xlsx_tab tabs[KL_XLSX_TABS_MAX]; /* in the order of the spreadsheet; no charts */
	char strings[KL_XLSX_PART_NAME_MAX];       /* parts; "" if there is none */
	char styles[KL_XLSX_PART_NAME_MAX];
};

/* Faults are to be put behind the name of the file. */
int kl_xlsx_tabs_read(
	struct kl_archive *archive, struct kl_fault *fault, struct kl_xlsx_tabs *ret_tabs);

/* The sheet of that name, without regard to case; the first that is not hidden if NULL. KL_E_USAGE
 * with the names that there are. */
int kl_xlsx_tabs_find(const struct kl_xlsx_tabs *tabs, const char *path, const char *name,
	struct kl_fault *fault, const struct kl_xlsx_tab **ret_tab);

/* The names of the sheets that are not hidden, but for `except` (may be NULL), as 'A', 'B'. Returns
 * how many there are. */
unsigned kl_xlsx_tabs_list(
	const struct kl_xlsx_tabs *tabs, const struct kl_xlsx_tab *except, char *out, size_t size);

#endif
