/* The shared strings of an XLSX: cells hold numbers of them. */
#ifndef KL_CLIENT_XLSX_STRINGS_H
#define KL_CLIENT_XLSX_STRINGS_H

#include "client/xml.h"

#include <stdint.h>

enum {
	KL_XLSX_STRINGS_MAX = 4 << 20,        /* strings */
	KL_XLSX_STRINGS_BYTES_MAX = 96 << 20, /* of all of them */
	KL_XLSX_STRING_MAX = 128 * 1024,      /* bytes of one; programs write 32,767 characters */
};

/* Zeroed is empty. */
struct kl_xlsx_strings {
	char *text;
	size_t len, size;
	uint32_t *starts;
	uint32_t count, room;
};

/* KL_E_TOO_BIG, KL_E_NOMEM, KL_E_MALFORMED; faults are to be put behind the name of the file. */
int kl_xlsx_strings_read(struct kl_xlsx_strings *strings, const struct kl_xml_source *source,
	uint64_t max, struct kl_fault *fault);
void kl_xlsx_strings_deinit(struct kl_xlsx_strings *strings);

/* NULL beyond the last. */
const char *kl_xlsx_string(const struct kl_xlsx_strings *strings, uint64_t index);

#endif
