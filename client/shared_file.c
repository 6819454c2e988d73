#include "client/shared_file.h"
#include "client/json.h"
#include "client/new_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- writing ------------------------------------------------------------------------------- */

int kl_shared_file_free(const char *path, struct kl_fault *fault)
{
	struct stat there;

	if (lstat(path, &there) != 0)
		return KL_OK;
	kl_fault(fault, KL_E_IO, "%s is already there", path);
	(void)kl_fault_hint(fault, "choose another name, or move it away");
	return KL_E_IO;
}

int kl_shared_file_write(const char *path, const struct kl_value *map, struct kl_fault *fault)
{
	struct kl_new_file file;
	json_t *json = NULL;
	int rc = kl_json_from_value(map, &json);

	if (rc)
		return kl_fault(fault, rc, "the daemon's answer is damaged");
	rc = kl_new_file_begin(&file, path, fault);
	if (!rc) {
		/* It is for those whom it names, and for nobody else on this machine. What could
		 * not be written is told when the file is to be kept. */
		(void)fchmod(fileno(file.out), 0600);
		(void)json_dumpf(json, file.out, JSON_INDENT(2));
		(void)fputc('\n', file.out);
		rc = kl_new_file_keep(&file, fault);
	}
	json_decref(json);
	return rc;
}

/* ---- reading ------------------------------------------------------------------------------- */

static int cannot_read(const char *path, struct kl_fault *fault)
{
	return kl_fault(
		fault, errno == ENOENT ? KL_E_NOT_FOUND : KL_E_IO, "%s: %s", path, strerror(errno));
}

/* What of it fits; one byte more tells that it is too large. */
static int slurp(const char *path, char *text, size_t *ret_len, struct kl_fault *fault)
{
	struct stat about;
	FILE *in;

	if (stat(path, &about) != 0)
		return cannot_read(path, fault);
	if (!S_ISREG(about.st_mode)) /* a pipe might never end */
		return kl_fault(fault, KL_E_MALFORMED, "%s is %s", path,
			S_ISDIR(about.st_mode) ? "a folder, not a file" : "no ordinary file");
	in = fopen(path, "re");
	if (!in)
		return cannot_read(path, fault);
	*ret_len = fread(text, 1, KL_SHARED_FILE_MAX + 1, in);
	if (ferror(in)) {
		fclose(in);
		return kl_fault(fault, KL_E_IO, "%s cannot be read", path);
	}
	fclose(in);
	if (*ret_len > KL_SHARED_FILE_MAX)
		return kl_fault(
			fault, KL_E_TOO_BIG, "%s is larger than any exported assessment", path);
	return KL_OK;
}

static int no_such_file(const char *path, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_MALFORMED, "%s is no exported assessment", path);
	(void)kl_fault_hint(
		fault, "such a file is made with: keeplocal assess export --for NAME --out FILE");
	return KL_E_MALFORMED;
}

static int parse(
	const char *path, const char *text, size_t len, struct kl_writer *w, struct kl_fault *fault)
{
	json_error_t error;
	json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	const char *mark;
	int rc = KL_OK;

	if (!json) {
		kl_fault(fault, KL_E_MALFORMED, "%s, line %d: this is no JSON", path, error.line);
		(void)kl_fault_hint(fault,
			"an exported assessment is meant, as keeplocal assess export writes it");
		return KL_E_MALFORMED;
	}
	mark = json_string_value(json_object_get(json, "keeplocal"));
	if (!mark || strcmp(mark, "assessment") != 0 || kl_json_to_value(json, w))
		rc = no_such_file(path, fault);
	json_decref(json);
	return rc;
}

int kl_shared_file_read(const char *path, struct kl_writer *w, struct kl_fault *fault)
{
	char *text = malloc(KL_SHARED_FILE_MAX + 1);
	size_t len = 0;
	int rc;

	if (!text)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	rc = slurp(path, text, &len, fault);
	if (!rc)
		rc = parse(path, text, len, w, fault);
	free(text);
	return rc;
}
