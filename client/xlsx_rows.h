/* The rows of one sheet of an XLSX, from its XML. For client/xlsx.c and its tests. */
#ifndef KL_CLIENT_XLSX_ROWS_H
#define KL_CLIENT_XLSX_ROWS_H

#include "client/xlsx.h"
#include "client/xlsx_strings.h"
#include "client/xlsx_styles.h"

struct kl_xlsx_rows;

/* What cells refer to; must outlive the rows. */
struct kl_xlsx_shared {
	struct kl_xlsx_strings strings;
	struct kl_xlsx_styles styles;
	bool since_1904;
};

int kl_xlsx_rows_new(const struct kl_xml_source *source, const struct kl_xlsx_shared *shared,
	struct kl_fault *fault, struct kl_xlsx_rows **ret_rows);
void kl_xlsx_rows_free(struct kl_xlsx_rows *rows);

/* As kl_xlsx_next(); faults name the cell, and are to be put behind the name of the file. */
int kl_xlsx_rows_next(struct kl_xlsx_rows *rows, struct kl_csv_row *row, struct kl_fault *fault);
const struct kl_xlsx_remarks *kl_xlsx_rows_remarks(const struct kl_xlsx_rows *rows);

#endif
