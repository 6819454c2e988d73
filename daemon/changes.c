#include "daemon/changes.h"
#include "core/hash.h"
#include "store/documents.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND "undo" /* of the documents that hold changes; their name is the id of the import */

enum { ID_TEXT_MAX = 21 };

struct kl_changes {
	struct kl_node *node;
	struct kl_batch *batch;
	bool own_batch;
	struct kl_doc_change *list; /* `before` is on the heap */
	size_t count, room;
	int error;
};

/* ---- gathering ----------------------------------------------------------------------------- */

struct kl_changes *kl_changes_on(struct kl_node *node, struct kl_batch *batch)
{
	struct kl_changes *changes = calloc(1, sizeof *changes);

	if (!changes)
		return NULL;
	changes->node = node;
	changes->batch = batch;
	return changes;
}

struct kl_changes *kl_changes_new(struct kl_node *node)
{
	struct kl_batch *batch = kl_batch_new();
	struct kl_changes *changes = batch ? kl_changes_on(node, batch) : NULL;

	if (!changes) {
		kl_batch_destroy(batch);
		return NULL;
	}
	changes->own_batch = true;
	return changes;
}

static void free_bytes(struct kl_bytes bytes)
{
	union {
		const uint8_t *in;
		void *out;
	} data = {.in = bytes.data}; /* a view has no other type for what is ours */

	free(data.out);
}

void kl_changes_destroy(struct kl_changes *changes)
{
	if (!changes)
		return;
	for (size_t i = 0; i < changes->count; i++)
		free_bytes(changes->list[i].before);
	free(changes->list);
	if (changes->own_batch)
		kl_batch_destroy(changes->batch);
	free(changes);
}

/* A change at the end of the list; NULL once something went wrong. */
static struct kl_doc_change *append(struct kl_changes *c, const char *kind, const char *name)
{
	size_t room = c->room ? 2 * c->room : 8;
	struct kl_doc_change *list;

	if (c->error)
		return NULL;
	if (c->count == KL_CHANGES_MAX) {
		c->error = KL_E_TOO_BIG;
		return NULL;
	}
	if (c->count == c->room) {
		list = realloc(c->list, room * sizeof *list);
		if (!list) {
			c->error = KL_E_NOMEM;
			return NULL;
		}
		c->list = list;
		c->room = room;
	}
	c->list[c->count] = (struct kl_doc_change){.version = 0};
	(void)kl_copy_text(c->list[c->count].kind, KL_CHANGE_KIND_MAX, kind);
	(void)kl_copy_text(c->list[c->count].name, KL_CHANGE_NAME_MAX, name);
	return &c->list[c->count++];
}

/* The last change of a document in this import. */
static struct kl_doc_change *find(struct kl_changes *c, const char *kind, const char *name)
{
	for (size_t i = c->count; i-- > 0;)
		if (!strcmp(c->list[i].name, name) && !strcmp(c->list[i].kind, kind))
			return &c->list[i];
	return NULL;
}

/* The change of a document that is replaced, with what it held before this import. */
static struct kl_doc_change *replaced(struct kl_changes *c, const char *kind, const char *name)
{
	struct kl_doc_change *change = find(c, kind, name);
	uint8_t *bytes;
	size_t len;
	int rc;

	if (change)
		return change;
	rc = kl_document_get(c->node->store, kind, name, 0, &bytes, &len, NULL);
	if (rc && rc != KL_E_NOT_FOUND) {
		c->error = c->error ? c->error : rc;
		return NULL;
	}
	change = append(c, kind, name);
	if (change && !rc) {
		change->was_there = true;
		change->before = kl_bytes(bytes, len);
	} else if (!rc) {
		free(bytes);
	}
	return change;
}

void kl_changes_put(
	struct kl_changes *changes, const char *kind, const char *name, struct kl_bytes bytes)
{
	struct kl_doc_change *change = changes ? replaced(changes, kind, name) : NULL;

	if (!change)
		return;
	change->is_there = true;
	kl_blake2b(bytes, &change->after);
	(void)kl_document_put(changes->batch, kind, name, bytes);
}

void kl_changes_delete(struct kl_changes *changes, const char *kind, const char *name)
{
	struct kl_doc_change *change = changes ? replaced(changes, kind, name) : NULL;

	if (!change)
		return;
	change->is_there = false;
	change->after = (struct kl_id){{0}};
	(void)kl_document_delete(changes->batch, kind, name, 0);
}

/* The highest version, in the store or among the changes; 0: none. */
static int latest(struct kl_node *node, const char *kind, const char *name, uint64_t *ret_version)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, kind, name, KL_LATEST, &bytes, &len, ret_version);

	if (!rc)
		free(bytes);
	if (rc == KL_E_NOT_FOUND)
		*ret_version = 0;
	return rc == KL_E_NOT_FOUND ? KL_OK : rc;
}

void kl_changes_add(struct kl_changes *changes, const char *kind, const char *name,
	struct kl_bytes bytes, uint64_t *ret_version)
{
	struct kl_doc_change *before = changes ? find(changes, kind, name) : NULL, *change;
	uint64_t version = before ? before->version : 0;
	int rc;

	if (!changes)
		return;
	rc = before ? KL_OK : latest(changes->node, kind, name, &version);
	if (rc)
		changes->error = changes->error ? changes->error : rc;
	change = append(changes, kind, name);
	if (!change)
		return;
	change->version = version + 1;
	if (ret_version)
		*ret_version = change->version;
	(void)kl_document_add_version(changes->batch, kind, name, change->version, bytes);
}

/* ---- publishing ---------------------------------------------------------------------------- */

static const char *id_text(uint64_t id, char out[ID_TEXT_MAX])
{
	(void)snprintf(out, ID_TEXT_MAX, "%" PRIu64, id);
	return out;
}

static int put_list(struct kl_changes *c, uint64_t id)
{
	char name[ID_TEXT_MAX];
	struct kl_bytes bytes;
	struct kl_writer w;
	int rc;

	if (!c->count)
		return KL_OK;
	kl_writer_init(&w);
	kl_doc_changes_begin(&w, c->count);
	for (size_t i = 0; i < c->count; i++)
		kl_doc_change_write(&w, &c->list[i]);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_document_put(c->batch, KIND, id_text(id, name), bytes);
	kl_writer_deinit(&w);
	return rc;
}

static int put_import(struct kl_changes *c, uint64_t id, uint32_t parts,
	const struct kl_import_about *about, struct kl_fault *fault)
{
	struct kl_import_note note = {.at = kl_node_wall(), .rows = about->rows};
	struct kl_bytes bytes;
	struct kl_writer w;
	int rc;

	(void)kl_copy_text(note.file, sizeof note.file, about->file);
	kl_writer_init(&w);
	kl_doc_import_note_encode(&w, &note);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_import_publish(c->batch, id, about->kind, about->name, parts, bytes);
	kl_writer_deinit(&w);
	return rc ? kl_fault(fault, rc, "%s cannot be kept: %s", about->file, kl_error_text(rc))
		  : KL_OK;
}

int kl_changes_end(struct kl_changes *changes, uint64_t id, uint32_t parts,
	const struct kl_import_about *about, struct kl_fault *fault)
{
	int rc = changes ? changes->error : KL_E_NOMEM;

	if (!rc)
		rc = put_list(changes, id);
	if (rc == KL_E_TOO_BIG) {
		kl_fault(
			fault, rc, "%s changes more at once than could be taken back", about->file);
		return kl_fault_hint(fault, "split the file in two and import both parts");
	}
	if (rc)
		return kl_fault(fault, rc, "%s cannot be kept: %s", about->file, kl_error_text(rc));
	return put_import(changes, id, parts, about, fault);
}

int kl_changes_publish(
	struct kl_changes *changes, const struct kl_import_about *about, struct kl_fault *fault)
{
	uint64_t id = 0;
	int rc = changes ? kl_import_begin(changes->node->store, &id) : KL_E_NOMEM;

	if (rc)
		kl_fault(fault, rc, "%s cannot be kept: %s", about->file, kl_error_text(rc));
	if (!rc)
		rc = kl_changes_end(changes, id, 0, about, fault);
	if (!rc)
		rc = kl_store_commit(changes->node->store, changes->batch, fault);
	kl_changes_destroy(changes);
	return rc;
}

/* ---- taking back --------------------------------------------------------------------------- */

static int changed_since(const struct kl_doc_change *change, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_CONFLICT,
		"what this import brought was changed by hand since (%s, %.80s): taking it back "
		"would lose that",
		change->kind, change->name);
	(void)kl_fault_hint(
		fault, "bring in a corrected file instead: it takes the place of this one");
	return KL_E_CONFLICT;
}

/* Whether a replaced document is as the import left it. */
static int check_replaced(
	struct kl_node *node, const struct kl_doc_change *change, struct kl_fault *fault)
{
	struct kl_id now = {{0}};
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, change->kind, change->name, 0, &bytes, &len, NULL);

	if (rc && rc != KL_E_NOT_FOUND)
		return rc;
	if (!rc) {
		kl_blake2b(kl_bytes(bytes, len), &now);
		free(bytes);
	}
	if (change->is_there ? rc || !kl_id_equal(&now, &change->after) : !rc)
		return changed_since(change, fault);
	return KL_OK;
}

/* Whether the version that was added is the last one, or the import itself added the next. */
static int check_added(struct kl_node *node, const struct kl_doc_change *change,
	const struct kl_doc_change *next, struct kl_fault *fault)
{
	uint64_t version;
	int rc;

	if (next)
		return KL_OK;
	rc = latest(node, change->kind, change->name, &version);
	if (!rc && version != change->version)
		rc = changed_since(change, fault);
	return rc;
}

static int put_back(struct kl_node *node, struct kl_batch *batch, struct kl_changes *list,
	struct kl_fault *fault)
{
	int rc = KL_OK;

	for (size_t i = list->count; !rc && i-- > 0;) {
		const struct kl_doc_change *c = &list->list[i];
		const struct kl_doc_change *last = find(list, c->kind, c->name);

		rc = c->version ? check_added(node, c, last == c ? NULL : last, fault)
				: check_replaced(node, c, fault);
		if (rc)
			break;
		if (c->was_there)
			(void)kl_document_put(batch, c->kind, c->name, c->before);
		else if (c->version || c->is_there)
			(void)kl_document_delete(batch, c->kind, c->name, c->version);
	}
	return rc;
}

/* The changes as they were written down; views on `bytes` become copies of the list's own. */
static int read_list(struct kl_changes *list, struct kl_bytes bytes)
{
	struct kl_doc_change change, *mine;
	struct kl_cursor cursor;
	int rc = kl_doc_changes_open(bytes, &cursor);

	while (!rc && (rc = kl_doc_change_next(&cursor, &change)) == 1) {
		uint8_t *copy = malloc(change.before.len + 1);

		mine = copy ? append(list, change.kind, change.name) : NULL;
		if (!mine) {
			free(copy);
			return list->error ? list->error : KL_E_NOMEM;
		}
		*mine = change;
		if (change.before.len)
			memcpy(copy, change.before.data, change.before.len);
		mine->before = kl_bytes(copy, change.before.len);
		rc = KL_OK;
	}
	return rc;
}

int kl_changes_undo(struct kl_node *node, struct kl_batch *batch, const struct kl_import *import,
	size_t *ret_put_back, struct kl_fault *fault)
{
	struct kl_changes list = {.node = node};
	char name[ID_TEXT_MAX];
	uint8_t *bytes = NULL;
	size_t len;
	int rc = kl_document_get(
		node->store, KIND, id_text(import->id, name), 0, &bytes, &len, NULL);

	if (!rc)
		rc = read_list(&list, kl_bytes(bytes, len));
	if (!rc && bytes)
		rc = put_back(node, batch, &list, fault);
	if (!rc && bytes)
		(void)kl_document_delete(batch, KIND, name, 0);
	if (rc == KL_E_NOT_FOUND)
		rc = KL_OK; /* it changed no documents */
	if (!rc)
		(void)kl_import_undo(batch, import->order);
	if (!rc)
		*ret_put_back = list.count;
	else if (fault && !fault->code)
		kl_fault(
			fault, rc, "what the import changed cannot be read: %s", kl_error_text(rc));
	free(bytes);
	for (size_t i = 0; i < list.count; i++)
		free_bytes(list.list[i].before);
	free(list.list);
	return rc;
}

int kl_changes_drop(struct kl_node *node, struct kl_batch *batch, const struct kl_import *import)
{
	char name[ID_TEXT_MAX];
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(
		node->store, KIND, id_text(import->id, name), 0, &bytes, &len, NULL);

	if (!rc) {
		free(bytes);
		(void)kl_document_delete(batch, KIND, name, 0);
	}
	if (rc && rc != KL_E_NOT_FOUND)
		return rc;
	return kl_import_undo(batch, import->order);
}
