#include "client/archive.h"
#include "core/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

enum {
	END = 22,            /* bytes of the record that ends an archive, without its comment */
	LOCATOR = 20,        /* before it: where its 64-bit twin stands */
	END64 = 56,          /* bytes of that twin */
	COMMENT_MAX = 65535, /* of an archive */
	SMALL_PART = 256,
};

struct kl_archive {
	zip_t *zip;
};

struct kl_packed {
	struct kl_xml_source source;
	zip_file_t *file;
};

/* ---- before it is unpacked ------------------------------------------------------------------- */

/* How many parts the record at `end` says there are; 0xffff stands for "see the twin". */
static uint64_t parts_said(int fd, const uint8_t *tail, const uint8_t *end)
{
	uint8_t twin[END64];
	uint64_t at;

	if (kl_get_u16(end + 10) != 0xffff)
		return kl_get_u16(end + 10);
	if (end - tail < LOCATOR || memcmp(end - LOCATOR, "PK\6\7", 4) != 0)
		return 0xffff;
	at = kl_get_u64(end - LOCATOR + 8);
	if (at > INT64_MAX || pread(fd, twin, sizeof twin, (off_t)at) != END64 ||
		memcmp(twin, "PK\6\6", 4) != 0)
		return 0xffff;
	return kl_get_u64(twin + 32);
}

/* libzip keeps a record in memory for each part that an archive claims to have, so this is read
 * first. A comment may hold what looks like an end: the largest claim counts. */
static int check_claims(int fd, off_t size, const char *path, struct kl_fault *fault)
{
	size_t want = END + LOCATOR + COMMENT_MAX;
	size_t len = (uint64_t)size < want ? (size_t)size : want;
	uint8_t *tail = malloc(len);
	uint64_t most = 0;
	ssize_t n;

	if (!tail)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	n = pread(fd, tail, len, size - (off_t)len);
	for (ssize_t i = 0; i + END <= n; i++)
		if (memcmp(tail + i, "PK\5\6", 4) == 0) {
			uint64_t said = parts_said(fd, tail, tail + i);

			most = said > most ? said : most;
		}
	free(tail);
	if (most > KL_ARCHIVE_PARTS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG,
			"%s: claims to hold more than %d parts, which no spreadsheet does", path,
			KL_ARCHIVE_PARTS_MAX);
	return KL_OK;
}

static int check_file(const char *path, struct kl_fault *fault)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		rc = kl_fault(fault, errno == ENOENT ? KL_E_NOT_FOUND : KL_E_IO,
			"%s: cannot be opened: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return rc;
	}
	rc = st.st_size > KL_ARCHIVE_FILE_MAX
		     ? kl_fault(fault, KL_E_TOO_BIG, "%s: larger than a gigabyte", path)
		     : check_claims(fd, st.st_size, path, fault);
	close(fd);
	return rc;
}

/* ---- what it is ------------------------------------------------------------------------------ */

bool kl_archive_has(const struct kl_archive *archive, const char *name)
{
	return zip_name_locate(archive->zip, name, ZIP_FL_NOCASE) >= 0;
}

/* The beginning of a part as text, "" if there is none. */
static void peek(const struct kl_archive *archive, const char *name, char out[SMALL_PART])
{
	zip_file_t *file = zip_fopen(archive->zip, name, 0);
	zip_int64_t n = file ? zip_fread(file, out, SMALL_PART - 1) : 0;

	out[n > 0 ? n : 0] = '\0';
	if (file)
		(void)zip_fclose(file);
}

static int refuse(struct kl_fault *fault, const char *path, const char *what)
{
	kl_fault(fault, KL_E_MALFORMED, "%s: is %s, not an XLSX", path, what);
	(void)kl_fault_hint(fault, "save the table as XLSX or as CSV and try again");
	return KL_E_MALFORMED;
}

static int check_kind(const struct kl_archive *archive, const char *path, struct kl_fault *fault)
{
	char mimetype[SMALL_PART];
	const char *first;

	if (kl_archive_has(archive, "xl/workbook.bin"))
		return refuse(fault, path, "a binary spreadsheet (XLSB)");
	if (kl_archive_has(archive, "[Content_Types].xml"))
		return kl_archive_has(archive, "word/document.xml")
			       ? refuse(fault, path, "a text document (DOCX)")
		       : kl_archive_has(archive, "ppt/presentation.xml")
			       ? refuse(fault, path, "a presentation (PPTX)")
			       : KL_OK;
	peek(archive, "mimetype", mimetype);
	if (strstr(mimetype, "opendocument.spreadsheet"))
		return refuse(fault, path, "an OpenDocument spreadsheet (ODS)");
	if (strstr(mimetype, "opendocument"))
		return refuse(fault, path, "an OpenDocument file");
	if (kl_archive_has(archive, "Index/Document.iwa"))
		return refuse(fault, path, "a spreadsheet of Numbers");
	first = zip_get_name(archive->zip, 0, 0);
	if (!first)
		return refuse(fault, path, "an empty archive (ZIP)");
	kl_fault(fault, KL_E_MALFORMED,
		"%s: is an archive (ZIP) of other files, '%.60s' for one, not an XLSX", path,
		first);
	(void)kl_fault_hint(fault, "unpack it and take the table out of it");
	return KL_E_MALFORMED;
}

int kl_archive_open(const char *path, struct kl_fault *fault, struct kl_archive **ret_archive)
{
	struct kl_archive *archive;
	int rc = check_file(path, fault), error = 0;

	if (rc)
		return rc;
	archive = calloc(1, sizeof *archive);
	if (!archive)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	archive->zip = zip_open(path, ZIP_RDONLY, &error);
	if (!archive->zip) {
		free(archive);
		kl_fault(fault, error == ZIP_ER_MEMORY ? KL_E_NOMEM : KL_E_MALFORMED,
			"%s: is damaged or cut off: it begins as a spreadsheet (XLSX) and cannot "
			"be "
			"unpacked",
			path);
		return kl_fault_hint(fault, "fetch it again, or open it and save it anew");
	}
	rc = check_kind(archive, path, fault);
	if (rc) {
		kl_archive_close(archive);
		return rc;
	}
	*ret_archive = archive;
	return KL_OK;
}

void kl_archive_close(struct kl_archive *archive)
{
	if (!archive)
		return;
	zip_discard(archive->zip);
	free(archive);
}

/* ---- parts ----------------------------------------------------------------------------------- */

static int64_t read_part(void *data, void *out, size_t size)
{
	struct kl_packed *part = data;

	return zip_fread(part->file, out, size);
}

static int check_part(const zip_stat_t *st, const char *name, uint64_t max, struct kl_fault *fault)
{
	if ((st->valid & ZIP_STAT_ENCRYPTION_METHOD) && st->encryption_method != ZIP_EM_NONE) {
		kl_fault(fault, KL_E_MALFORMED, "is locked with a password");
		return kl_fault_hint(fault, "save it without a password and try again");
	}
	if ((st->valid & ZIP_STAT_SIZE) && st->size > max)
		return kl_fault(fault, KL_E_TOO_BIG,
			"its part %.80s unpacks to more than a table may hold (%llu MiB)", name,
			(unsigned long long)(max >> 20));
	return KL_OK;
}

int kl_packed_open(struct kl_archive *archive, const char *name, uint64_t max,
	struct kl_fault *fault, struct kl_packed **ret_part)
{
	zip_int64_t index = zip_name_locate(archive->zip, name, ZIP_FL_NOCASE);
	struct kl_packed *part;
	zip_stat_t st;
	int rc;

	if (index < 0 || zip_stat_index(archive->zip, (zip_uint64_t)index, 0, &st) != 0)
		return kl_fault(
			fault, KL_E_NOT_FOUND, "is damaged: its part %.80s is missing", name);
	rc = check_part(&st, name, max, fault);
	if (rc)
		return rc;
	part = calloc(1, sizeof *part);
	if (!part)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read it");
	part->source = (struct kl_xml_source){read_part, part};
	part->file = zip_fopen_index(archive->zip, (zip_uint64_t)index, 0);
	if (!part->file) {
		free(part);
		return kl_fault(fault, KL_E_MALFORMED, "is damaged: its part %.80s: %s", name,
			zip_strerror(archive->zip));
	}
	*ret_part = part;
	return KL_OK;
}

void kl_packed_close(struct kl_packed *part)
{
	if (!part)
		return;
	(void)zip_fclose(part->file);
	free(part);
}

const struct kl_xml_source *kl_packed_source(const struct kl_packed *part)
{
	return &part->source;
}
