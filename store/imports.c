#include "store/imports.h"

#include "store/inside.h"

#include <string.h>

enum {
	ID_BYTES = 8,
	ROW_FRONT_BYTES = 20,
	COUNTERS_BYTES = 16,
};

#define COUNTERS "imports"

static void id_key(struct kl_key *key, uint64_t id)
{
	kl_key_init(key);
	kl_key_u64(key, id);
}

static void part_key(struct kl_key *key, uint64_t id, uint32_t index)
{
	id_key(key, id);
	kl_key_u32(key, index);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* A text with its final zero from the front of `rest`. */
static int take_text(struct kl_bytes *rest, size_t max, const char **ret_text)
{
	const uint8_t *end = rest->len ? memchr(rest->data, '\0', rest->len) : NULL;
	size_t len = end ? (size_t)(end - rest->data) : 0;

	if (!len || len > max)
		return KL_E_DAMAGED;
	*ret_text = (const char *)rest->data;
	*rest = kl_bytes(end + 1, rest->len - len - 1);
	return KL_OK;
}

int kl_import_row_read(struct kl_bytes value, struct kl_import_row *ret_row)
{
	struct kl_import_row row;
	struct kl_bytes rest;

	if (value.len < ROW_FRONT_BYTES)
		return KL_E_DAMAGED;
	row.id = kl_get_u64(value.data);
	row.parts = kl_get_u32(value.data + 8);
	row.bytes = kl_get_u64(value.data + 12);
	rest = kl_bytes(value.data + ROW_FRONT_BYTES, value.len - ROW_FRONT_BYTES);
	if (take_text(&rest, KL_STORE_KIND_MAX, &row.kind) < 0 ||
		take_text(&rest, KL_STORE_NAME_MAX, &row.name) < 0)
		return KL_E_DAMAGED;
	row.note = rest;
	*ret_row = row;
	return KL_OK;
}

static int open_row(struct kl_bytes key, struct kl_bytes value, struct kl_import *ret_import)
{
	struct kl_import_row row;

	if (key.len != ID_BYTES || kl_import_row_read(value, &row) < 0)
		return KL_E_DAMAGED;
	*ret_import = (struct kl_import){
		.id = row.id,
		.order = kl_key_get_u64(key.data),
		.parts = row.parts,
		.bytes = row.bytes,
		.note = row.note,
	};
	kl_copy_text(ret_import->kind, sizeof ret_import->kind, row.kind);
	kl_copy_text(ret_import->name, sizeof ret_import->name, row.name);
	return KL_OK;
}

/* Highest id and order that were ever given: neither is used twice, even after an undo. */
static int read_counters(struct kl_txn *txn, uint64_t *ret_id, uint64_t *ret_order)
{
	struct kl_bytes value;
	int rc = kl_txn_get(txn, KL_TABLE_META, kl_bytes_str(COUNTERS), &value);

	if (rc == KL_E_NOT_FOUND) {
		*ret_id = *ret_order = 0;
		return KL_OK;
	}
	if (rc < 0)
		return rc;
	if (value.len != COUNTERS_BYTES)
		return KL_E_DAMAGED;
	*ret_id = kl_get_u64(value.data);
	*ret_order = kl_get_u64(value.data + 8);
	return KL_OK;
}

struct wanted {
	uint64_t id;
	bool found;
};

static int look_for_id(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct wanted *wanted = arg;
	struct kl_import_row row;

	(void)key;
	if (kl_import_row_read(value, &row) < 0)
		return KL_E_DAMAGED;
	wanted->found = row.id == wanted->id;
	return wanted->found ? KL_VISIT_STOP : KL_VISIT_ON;
}

int kl_import_is_visible(struct kl_txn *txn, uint64_t id, bool *ret_visible)
{
	struct wanted wanted = {.id = id};
	struct kl_bytes all = {0};
	int rc = kl_txn_visit(txn, KL_TABLE_IMPORTS, all, all, look_for_id, &wanted);

	if (rc < 0)
		return rc;
	*ret_visible = wanted.found;
	return KL_OK;
}

/* ---- uploading ------------------------------------------------------------------------------- */

static int last_id(struct kl_txn *txn, uint64_t *ret_id)
{
	struct kl_bytes none = {0}, key;
	uint64_t id, order, staged;
	int rc = read_counters(txn, &id, &order);

	if (rc < 0)
		return rc;
	rc = kl_txn_last(txn, KL_TABLE_PARTS, none, &key, NULL);
	if (rc < 0 && rc != KL_E_NOT_FOUND)
		return rc;
	if (rc == KL_OK && key.len != KL_PART_KEY_BYTES)
		return KL_E_DAMAGED;
	staged = rc == KL_OK ? kl_key_get_u64(key.data) : 0;
	*ret_id = staged > id ? staged : id;
	return KL_OK;
}

int kl_import_begin(struct kl_store *store, uint64_t *ret_id)
{
	struct kl_txn txn;
	uint64_t last = 0;
	int rc;

	if (!store->next_import) {
		rc = kl_txn_begin(store, &txn);
		if (rc != KL_OK)
			return rc;
		rc = last_id(&txn, &last);
		kl_txn_end(&txn);
		if (rc < 0)
			return rc;
		store->next_import = last + 1;
	}
	*ret_id = store->next_import++;
	return KL_OK;
}

int kl_import_part(struct kl_batch *batch, uint64_t id, uint32_t index, struct kl_bytes bytes)
{
	struct kl_key key;

	if (!id)
		return kl_batch_fail(batch, KL_E_INVALID);
	if (index >= KL_STORE_PARTS_MAX || bytes.len > KL_STORE_PART_MAX)
		return kl_batch_fail(batch, KL_E_TOO_BIG);
	part_key(&key, id, index);
	return kl_batch_put(batch, KL_TABLE_PARTS, kl_key_view(&key), bytes);
}

struct count {
	uint32_t parts;
	uint64_t bytes;
	bool gap;
};

static int count_part(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct count *count = arg;

	if (key.len != KL_PART_KEY_BYTES)
		return KL_E_DAMAGED;
	if (kl_key_get_u32(key.data + ID_BYTES) != count->parts)
		count->gap = true;
	count->parts++;
	count->bytes += value.len;
	return KL_VISIT_ON;
}

static int check_staged(struct kl_txn *txn, const struct kl_import_row *row, uint64_t *ret_bytes)
{
	struct count count = {0};
	struct kl_key key;
	bool visible;
	int rc = kl_import_is_visible(txn, row->id, &visible);

	if (rc < 0)
		return rc;
	if (visible)
		return kl_fault(txn->fault, KL_E_EXISTS, "import %llu is already there",
			(unsigned long long)row->id);
	id_key(&key, row->id);
	rc = kl_txn_visit_keys(
		txn, KL_TABLE_PARTS, kl_key_view(&key), kl_key_view(&key), count_part, &count);
	if (rc < 0)
		return rc;
	if (count.gap || count.parts != row->parts)
		return kl_fault(txn->fault, KL_E_INVALID,
			"import %llu is not complete: %u of %u parts came",
			(unsigned long long)row->id, (unsigned)count.parts, (unsigned)row->parts);
	*ret_bytes = count.bytes;
	return KL_OK;
}

static int put_counters(struct kl_txn *txn, uint64_t id, uint64_t order)
{
	uint8_t counters[COUNTERS_BYTES];

	kl_put_u64(counters, id);
	kl_put_u64(counters + 8, order);
	return kl_txn_put(
		txn, KL_TABLE_META, kl_bytes_str(COUNTERS), kl_bytes(counters, sizeof counters));
}

/* `more` is the row with kind, name and note behind it; its front is filled in here. */
static int apply_publish(struct kl_txn *txn, struct kl_change *change)
{
	uint64_t id = 0, order = 0, bytes = 0;
	struct kl_import_row row;
	struct kl_key key;
	int rc = kl_import_row_read(change->value, &row);

	if (rc == KL_OK)
		rc = check_staged(txn, &row, &bytes);
	if (rc == KL_OK)
		rc = read_counters(txn, &id, &order);
	if (rc == KL_OK)
		rc = put_counters(txn, row.id > id ? row.id : id, order + 1);
	if (rc < 0)
		return rc;
	kl_put_u64((uint8_t *)change->more + 12, bytes);
	id_key(&key, order + 1);
	return kl_txn_put(txn, KL_TABLE_IMPORTS, kl_key_view(&key), change->value);
}

int kl_import_publish(struct kl_batch *batch, uint64_t id, const char *kind, const char *name,
	uint32_t parts, struct kl_bytes note)
{
	size_t kind_size, name_size;
	struct kl_change *change;
	uint8_t *row;

	if (!id || kl_label_check(kind, KL_STORE_KIND_MAX) < 0 ||
		kl_label_check(name, KL_STORE_NAME_MAX) < 0)
		return kl_batch_fail(batch, KL_E_INVALID);
	if (parts > KL_STORE_PARTS_MAX || note.len > KL_STORE_NOTE_MAX)
		return kl_batch_fail(batch, KL_E_TOO_BIG);
	kind_size = strlen(kind) + 1;
	name_size = strlen(name) + 1;
	row = kl_batch_alloc(batch, ROW_FRONT_BYTES + kind_size + name_size + note.len);
	change = row ? kl_batch_add(batch) : NULL;
	if (!change)
		return kl_batch_error(batch);
	kl_put_u64(row, id);
	kl_put_u32(row + 8, parts);
	kl_put_u64(row + 12, 0);
	memcpy(row + ROW_FRONT_BYTES, kind, kind_size);
	memcpy(row + ROW_FRONT_BYTES + kind_size, name, name_size);
	if (note.len)
		memcpy(row + ROW_FRONT_BYTES + kind_size + name_size, note.data, note.len);
	change->apply = apply_publish;
	change->value = kl_bytes(row, ROW_FRONT_BYTES + kind_size + name_size + note.len);
	change->more = row;
	return KL_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

struct pick {
	const char *kind, *name; /* NULL: any */
	kl_import_fn *visit;
	void *arg;
};

static int offer(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	const struct pick *pick = arg;
	struct kl_import import;

	if (open_row(key, value, &import) < 0)
		return KL_E_DAMAGED;
	if ((pick->kind && strcmp(pick->kind, import.kind) != 0) ||
		(pick->name && strcmp(pick->name, import.name) != 0))
		return KL_VISIT_ON;
	return pick->visit(pick->arg, &import);
}

static int keep_latest(void *arg, const struct kl_import *import)
{
	struct kl_import *latest = arg;

	*latest = *import;
	latest->note = kl_bytes(NULL, 0);
	return KL_VISIT_ON;
}

int kl_import_latest(
	struct kl_store *store, const char *kind, const char *name, struct kl_import *ret_import)
{
	struct kl_import latest = {0};
	struct pick pick = {.kind = kind, .name = name, .visit = keep_latest, .arg = &latest};
	int rc = kl_store_visit(store, KL_TABLE_IMPORTS, kl_bytes(NULL, 0), offer, &pick);

	if (rc < 0)
		return rc;
	if (!latest.id)
		return KL_E_NOT_FOUND;
	*ret_import = latest;
	return KL_OK;
}

int kl_import_visit(struct kl_store *store, const char *kind, kl_import_fn *visit, void *arg)
{
	struct pick pick = {.kind = kind, .visit = visit, .arg = arg};

	return kl_store_visit(store, KL_TABLE_IMPORTS, kl_bytes(NULL, 0), offer, &pick);
}

int kl_import_read_part(
	struct kl_store *store, uint64_t id, uint32_t index, uint8_t **ret_bytes, size_t *ret_len)
{
	struct kl_key key;

	part_key(&key, id, index);
	return kl_store_get(store, KL_TABLE_PARTS, kl_key_view(&key), ret_bytes, ret_len);
}
