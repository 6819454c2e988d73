/* The styles of an XLSX, as far as they tell dates and percentages from other numbers. */
#ifndef KL_CLIENT_XLSX_STYLES_H
#define KL_CLIENT_XLSX_STYLES_H

#include "client/xlsx_value.h"
#include "client/xml.h"

#include <stdint.h>

enum { KL_XLSX_STYLES_MAX = 65536, KL_XLSX_FORMATS_MAX = 4096 };

/* Zeroed is empty: every cell is a number. */
struct kl_xlsx_styles {
	uint8_t *looks; /* enum kl_xlsx_look of each style that a cell may name */
	uint32_t count;
};

/* As kl_xlsx_strings_read(). */
int kl_xlsx_styles_read(struct kl_xlsx_styles *styles, const struct kl_xml_source *source,
	uint64_t max, struct kl_fault *fault);
void kl_xlsx_styles_deinit(struct kl_xlsx_styles *styles);

/* KL_XLSX_NUMBER beyond the last. */
enum kl_xlsx_look kl_xlsx_look(const struct kl_xlsx_styles *styles, uint64_t style);

#endif
