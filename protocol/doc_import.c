#include "protocol/doc_import.h"
#include "core/error.h"
#include "protocol/doc.h"
#include "protocol/part.h"

#include <string.h>

enum { NOTE_KEYS = 4, CHANGES_KEYS = 2, CHANGE_ITEMS = 5 };

void kl_doc_import_note_encode(struct kl_writer *w, const struct kl_import_note *note)
{
	kl_write_map(w, NOTE_KEYS);
	kl_put_uint(w, "v", KL_DOC_IMPORT_VERSION);
	kl_doc_put_optional(w, "file", note->file);
	kl_put_uint(w, "at", note->at);
	kl_put_uint(w, "rows", note->rows);
}

/* The first version of the program kept the name of the file and nothing more. */
static int first_note(struct kl_bytes name, struct kl_import_note *ret_note)
{
	struct kl_import_note note = {.at = 0};

	if (name.len >= sizeof note.file || !kl_text_is_plain(name, false))
		return KL_E_MALFORMED;
	if (name.len)
		memcpy(note.file, name.data, name.len);
	*ret_note = note;
	return KL_OK;
}

int kl_doc_import_note_decode(struct kl_bytes bytes, struct kl_import_note *ret_note)
{
	struct kl_import_note note;
	struct kl_value map;
	int rc;

	/* No text begins as a map does. */
	if (!bytes.len || kl_text_is_plain(bytes, false))
		return first_note(bytes, ret_note);
	if ((rc = kl_doc_open(bytes, KL_DOC_IMPORT_VERSION, NOTE_KEYS, &map)) ||
		(rc = kl_doc_optional(&map, "file", note.file, sizeof note.file)) ||
		(rc = kl_get_uint(&map, "at", INT64_MAX, &note.at)) ||
		(rc = kl_get_uint(&map, "rows", INT64_MAX, &note.rows)))
		return kl_doc_strict(rc);
	*ret_note = note;
	return KL_OK;
}

void kl_doc_changes_begin(struct kl_writer *w, size_t count)
{
	kl_write_map(w, CHANGES_KEYS);
	kl_put_uint(w, "v", KL_DOC_IMPORT_VERSION);
	kl_put_array(w, "changes", count);
}

void kl_doc_change_write(struct kl_writer *w, const struct kl_doc_change *change)
{
	kl_write_array(w, CHANGE_ITEMS);
	kl_write_text(w, change->kind);
	kl_write_text(w, change->name);
	kl_write_uint(w, change->version);
	if (change->was_there)
		kl_write_bin(w, change->before);
	else
		kl_write_nil(w);
	if (change->is_there)
		kl_write_id(w, &change->after);
	else
		kl_write_nil(w);
}

int kl_doc_changes_open(struct kl_bytes bytes, struct kl_cursor *ret_changes)
{
	struct kl_value map, changes;
	int rc;

	if ((rc = kl_doc_open(bytes, KL_DOC_IMPORT_VERSION, CHANGES_KEYS, &map)) ||
		(rc = kl_get_array(&map, "changes", &changes)))
		return kl_doc_strict(rc);
	*ret_changes = kl_cursor(&changes);
	return KL_OK;
}

/* The next value if it is not nil. */
static int maybe(struct kl_cursor *values, bool *ret_there, struct kl_value *ret_value)
{
	if (!kl_cursor_next(values, ret_value))
		return KL_E_MALFORMED;
	*ret_there = ret_value->type != KL_WIRE_NIL;
	return KL_OK;
}

int kl_doc_change_next(struct kl_cursor *changes, struct kl_doc_change *ret_change)
{
	struct kl_doc_change c = {.version = 0};
	struct kl_value row, before, after;
	struct kl_cursor values;
	int rc;

	if (!kl_cursor_next(changes, &row))
		return 0;
	if ((rc = kl_row_open(&row, CHANGE_ITEMS, &values)) ||
		(rc = kl_row_text(&values, false, c.kind, sizeof c.kind)) ||
		(rc = kl_row_text(&values, false, c.name, sizeof c.name)) ||
		(rc = kl_row_uint(&values, INT64_MAX, &c.version)) ||
		(rc = maybe(&values, &c.was_there, &before)) ||
		(rc = maybe(&values, &c.is_there, &after)) ||
		(rc = c.was_there ? kl_value_bin(&before, &c.before) : KL_OK) ||
		(rc = c.is_there ? kl_value_id(&after, &c.after) : KL_OK))
		return rc;
	if (c.version && (c.was_there || c.is_there))
		return KL_E_MALFORMED;
	*ret_change = c;
	return 1;
}
