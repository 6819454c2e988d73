#include "daemon/spend_files.h"
#include "daemon/which_area.h"
#include "protocol/doc.h"
#include "store/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_KIND "spend file"
#define AREA_KIND "spend area"

enum { NUMBER_TEXT_MAX = 21 };

/* ---- files --------------------------------------------------------------------------------- */

static int add_import(void *arg, const struct kl_import *import)
{
	struct kl_spend_files *files = arg;
	struct kl_spend_entry *more;

	if (files->count % 64 == 0) {
		more = realloc(files->items, (files->count + 64) * sizeof *more);
		if (!more)
			return KL_E_NOMEM;
		files->items = more;
	}
	files->items[files->count] = (struct kl_spend_entry){.import = *import};
	files->items[files->count].import.note = kl_bytes(NULL, 0);
	files->items[files->count++].number = strtoull(import->name, NULL, 10);
	return KL_VISIT_ON;
}

static int load_file(struct kl_node *node, struct kl_spend_entry *entry)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, FILE_KIND, entry->import.name, 0, &bytes, &len, NULL);

	if (rc)
		return rc == KL_E_NOT_FOUND ? KL_E_DAMAGED : rc;
	rc = kl_doc_spend_file_decode(kl_bytes(bytes, len), &entry->file);
	free(bytes);
	return rc;
}

int kl_spend_files_load(
	struct kl_node *node, struct kl_spend_files *ret_files, struct kl_fault *fault)
{
	struct kl_spend_files files = {.count = 0};
	int rc = kl_import_visit(node->store, KL_SPEND_KIND, add_import, &files);

	for (size_t i = 0; !rc && i < files.count; i++)
		rc = load_file(node, &files.items[i]);
	if (rc) {
		free(files.items);
		return kl_fault(
			fault, rc, "the spending files cannot be read: %s", kl_error_text(rc));
	}
	*ret_files = files;
	return KL_OK;
}

static int keep_written(struct kl_changes *changes, const char *kind, const char *name,
	const struct kl_writer *w, struct kl_fault *fault)
{
	struct kl_bytes bytes;
	int rc = kl_writer_bytes(w, &bytes);

	if (rc)
		return kl_fault(fault, rc, "no memory to keep the file");
	kl_changes_put(changes, kind, name, bytes);
	return KL_OK;
}

int kl_spend_file_keep(struct kl_changes *changes, uint64_t number,
	const struct kl_spend_file *file, struct kl_fault *fault)
{
	char name[NUMBER_TEXT_MAX];
	struct kl_writer w;
	int rc;

	snprintf(name, sizeof name, "%llu", (unsigned long long)number);
	kl_writer_init(&w);
	kl_doc_spend_file_encode(&w, file);
	rc = keep_written(changes, FILE_KIND, name, &w, fault);
	kl_writer_deinit(&w);
	return rc;
}

/* ---- area ---------------------------------------------------------------------------------- */

static int decode_area(struct kl_bytes bytes, struct kl_area *ret_area)
{
	char text[KL_AREA_TEXT_MAX];
	struct kl_value map;
	int rc;

	if ((rc = kl_doc_open(bytes, 1, 2, &map)) ||
		(rc = kl_get_text(&map, "area", text, sizeof text)))
		return kl_doc_strict(rc);
	return kl_area_parse(text, NULL, ret_area);
}

static int own_area(struct kl_node *node, struct kl_area *ret_area,
	enum kl_spend_area_from *ret_from, struct kl_fault *fault)
{
	int rc = kl_own_area(node, ret_area, fault);

	if (rc && rc != KL_E_NOT_FOUND)
		return rc;
	*ret_from = rc ? KL_SPEND_AREA_NONE : KL_SPEND_AREA_PROFILE;
	return KL_OK;
}

int kl_spend_area_get(struct kl_node *node, struct kl_area *ret_area,
	enum kl_spend_area_from *ret_from, struct kl_fault *fault)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, AREA_KIND, KL_SPEND_OWN, 0, &bytes, &len, NULL);

	if (rc == KL_E_NOT_FOUND)
		return own_area(node, ret_area, ret_from, fault);
	if (!rc) {
		rc = decode_area(kl_bytes(bytes, len), ret_area);
		free(bytes);
	}
	if (rc)
		return kl_fault(fault, rc, "the area cannot be read: %s", kl_error_text(rc));
	*ret_from = KL_SPEND_AREA_SAID;
	return KL_OK;
}

int kl_spend_area_keep(
	struct kl_changes *changes, const struct kl_area *area, struct kl_fault *fault)
{
	char text[KL_AREA_TEXT_MAX];
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_write_map(&w, 2);
	kl_put_uint(&w, "v", 1);
	kl_put_text(&w, "area", kl_area_format(area, text));
	rc = keep_written(changes, AREA_KIND, KL_SPEND_OWN, &w, fault);
	kl_writer_deinit(&w);
	return rc;
}
