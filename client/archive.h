/* The archive that an XLSX is: a ZIP of parts, opened within limits.
 *
 * What is no XLSX is named for what it is (an OpenDocument sheet, a text document, an archive of
 * other files), since "damaged" helps nobody. */
#ifndef KL_CLIENT_ARCHIVE_H
#define KL_CLIENT_ARCHIVE_H

#include "client/xml.h"
#include "core/error.h"

#include <stdbool.h>

enum { KL_ARCHIVE_PARTS_MAX = 20000 };
#define KL_ARCHIVE_FILE_MAX (INT64_C(1) << 30) /* bytes */

struct kl_archive;
struct kl_packed;

/* Faults name the file. KL_E_MALFORMED for what cannot be unpacked or is no XLSX, KL_E_TOO_BIG,
 * KL_E_NOT_FOUND, KL_E_IO, KL_E_NOMEM. */
int kl_archive_open(const char *path, struct kl_fault *fault, struct kl_archive **ret_archive);
void kl_archive_close(struct kl_archive *archive);

bool kl_archive_has(const struct kl_archive *archive, const char *name);

/* A part, read as the source of a struct kl_xml. KL_E_NOT_FOUND, KL_E_MALFORMED, KL_E_TOO_BIG if it
 * unpacks to more than `max` bytes; faults name the part only. */
int kl_packed_open(struct kl_archive *archive, const char *name, uint64_t max,
	struct kl_fault *fault, struct kl_packed **ret_part);
void kl_packed_close(struct kl_packed *part);
const struct kl_xml_source *kl_packed_source(const struct kl_packed *part);

#endif
