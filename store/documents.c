#include "store/documents.h"

#include "store/inside.h"

#include <string.h>

enum { VERSION_BYTES = 8 };

/* Kind and name: what all versions of a document have in front. */
static int label_key(const char *kind, const char *name, struct kl_key *key)
{
	if (kl_label_check(kind, KL_STORE_KIND_MAX) < 0 ||
		kl_label_check(name, KL_STORE_NAME_MAX) < 0)
		return KL_E_INVALID;
	kl_key_init(key);
	kl_key_text(key, kind);
	kl_key_text(key, name);
	return KL_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A change whose key is kind and name, without a version; NULL: the batch's error says why. */
static struct kl_change *add_change(
	struct kl_batch *batch, const char *kind, const char *name, struct kl_bytes bytes)
{
	struct kl_bytes k, v;
	struct kl_change *change;
	struct kl_key key;
	int rc = label_key(kind, name, &key);

	if (rc == KL_OK && bytes.len > KL_STORE_VALUE_MAX)
		rc = KL_E_TOO_BIG;
	if (rc < 0) {
		kl_batch_fail(batch, rc);
		return NULL;
	}
	if (kl_batch_copy(batch, kl_key_view(&key), &k) < 0 || kl_batch_copy(batch, bytes, &v) < 0)
		return NULL;
	change = kl_batch_add(batch);
	if (!change)
		return NULL;
	change->table = KL_TABLE_DOCUMENTS;
	change->key = k;
	change->value = v;
	return change;
}

static void version_key(const struct kl_change *change, uint64_t version, struct kl_key *key)
{
	kl_key_init(key);
	kl_key_bytes(key, change->key);
	kl_key_u64(key, version);
}

static int apply_put(struct kl_txn *txn, struct kl_change *change)
{
	struct kl_key key;

	version_key(change, 0, &key);
	return kl_txn_put(txn, change->table, kl_key_view(&key), change->value);
}

static int apply_add(struct kl_txn *txn, struct kl_change *change)
{
	struct kl_bytes last;
	struct kl_key key;
	uint64_t version = 0;
	int rc = kl_txn_last(txn, change->table, change->key, &last, NULL);

	if (rc < 0 && rc != KL_E_NOT_FOUND)
		return rc;
	if (rc == KL_OK && last.len != change->key.len + VERSION_BYTES)
		return KL_E_DAMAGED;
	if (rc == KL_OK)
		version = kl_key_get_u64(last.data + change->key.len);
	if (version >= KL_LATEST - 1)
		return KL_E_RANGE;
	change->result = version + 1;
	version_key(change, change->result, &key);
	return kl_txn_put(txn, change->table, kl_key_view(&key), change->value);
}

static const char *name_in(const struct kl_change *change)
{
	const char *kind = (const char *)change->key.data;

	return kind + strlen(kind) + 1;
}

static int apply_add_version(struct kl_txn *txn, struct kl_change *change)
{
	struct kl_bytes there;
	struct kl_key key;
	int rc;

	version_key(change, change->number, &key);
	rc = kl_txn_get(txn, change->table, kl_key_view(&key), &there);
	if (rc == KL_OK)
		return kl_fault(txn->fault, KL_E_EXISTS, "version %llu of \"%s\" is already there",
			(unsigned long long)change->number, name_in(change));
	if (rc != KL_E_NOT_FOUND)
		return rc;
	return kl_txn_put(txn, change->table, kl_key_view(&key), change->value);
}

static int nothing_there(struct kl_txn *txn, const struct kl_change *change)
{
	return kl_fault(txn->fault, KL_E_NOT_FOUND, "there is no document \"%s\"", name_in(change));
}

static int apply_delete(struct kl_txn *txn, struct kl_change *change)
{
	struct kl_key key;
	int rc;

	version_key(change, change->number, &key);
	rc = kl_txn_delete(txn, change->table, kl_key_view(&key));
	return rc == KL_E_NOT_FOUND ? nothing_there(txn, change) : rc;
}

/* Values are not looked at: a damaged document can be taken away too. */
static int apply_delete_all(struct kl_txn *txn, struct kl_change *change)
{
	for (size_t n = 0;; n++) {
		struct kl_bytes last;
		struct kl_key key;
		int rc = kl_txn_last(txn, change->table, change->key, &last, NULL);

		if (rc == KL_E_NOT_FOUND)
			return n ? KL_OK : nothing_there(txn, change);
		if (rc < 0)
			return rc;
		kl_key_init(&key);
		kl_key_bytes(&key, last);
		rc = kl_txn_delete(txn, change->table, kl_key_view(&key));
		if (rc < 0)
			return rc;
	}
}

int kl_document_put(
	struct kl_batch *batch, const char *kind, const char *name, struct kl_bytes bytes)
{
	struct kl_change *change = add_change(batch, kind, name, bytes);

	if (!change)
		return kl_batch_error(batch);
	change->apply = apply_put;
	return KL_OK;
}

int kl_document_add(struct kl_batch *batch, const char *kind, const char *name,
	struct kl_bytes bytes, uint64_t *ret_version)
{
	struct kl_change *change = add_change(batch, kind, name, bytes);

	if (!change)
		return kl_batch_error(batch);
	change->apply = apply_add;
	change->ret_result = ret_version;
	return KL_OK;
}

int kl_document_add_version(struct kl_batch *batch, const char *kind, const char *name,
	uint64_t version, struct kl_bytes bytes)
{
	struct kl_change *change;

	if (!version || version == KL_LATEST)
		return kl_batch_fail(batch, KL_E_INVALID);
	change = add_change(batch, kind, name, bytes);
	if (!change)
		return kl_batch_error(batch);
	change->apply = apply_add_version;
	change->number = version;
	return KL_OK;
}

int kl_document_delete(struct kl_batch *batch, const char *kind, const char *name, uint64_t version)
{
	struct kl_change *change = add_change(batch, kind, name, kl_bytes(NULL, 0));

	if (!change)
		return kl_batch_error(batch);
	change->apply = version == KL_LATEST ? apply_delete_all : apply_delete;
	change->number = version;
	return KL_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int find(struct kl_txn *txn, struct kl_key *key, uint64_t version,
	struct kl_bytes *ret_value, uint64_t *ret_version)
{
	size_t front = key->len;
	struct kl_bytes last;
	int rc;

	if (version != KL_LATEST) {
		kl_key_u64(key, version);
		*ret_version = version;
		return kl_txn_get(txn, KL_TABLE_DOCUMENTS, kl_key_view(key), ret_value);
	}
	rc = kl_txn_last(txn, KL_TABLE_DOCUMENTS, kl_key_view(key), &last, ret_value);
	if (rc < 0)
		return rc;
	if (last.len != front + VERSION_BYTES)
		return KL_E_DAMAGED;
	*ret_version = kl_key_get_u64(last.data + front);
	return KL_OK;
}

int kl_document_get(struct kl_store *store, const char *kind, const char *name, uint64_t version,
	uint8_t **ret_bytes, size_t *ret_len, uint64_t *ret_version)
{
	struct kl_bytes value;
	struct kl_txn txn;
	struct kl_key key;
	uint64_t found;
	int rc = label_key(kind, name, &key);

	if (rc < 0)
		return rc;
	rc = kl_txn_begin(store, &txn);
	if (rc != KL_OK)
		return rc;
	rc = find(&txn, &key, version, &value, &found);
	if (rc == KL_OK)
		rc = kl_copy_bytes(value, ret_bytes, ret_len);
	kl_txn_end(&txn);
	if (rc == KL_OK && ret_version)
		*ret_version = found;
	return rc;
}

struct walk {
	kl_document_fn *visit;
	void *arg;
	bool all_versions, waiting;
	struct kl_document document; /* waits to be told: a higher version may follow */
};

static int read_document(
	struct kl_bytes key, struct kl_bytes value, struct kl_document *ret_document)
{
	const uint8_t *kind_end = memchr(key.data, '\0', key.len), *name_end;
	size_t left;

	if (!kind_end)
		return KL_E_DAMAGED;
	left = key.len - (size_t)(kind_end + 1 - key.data);
	name_end = memchr(kind_end + 1, '\0', left);
	if (!name_end || key.len - (size_t)(name_end + 1 - key.data) != VERSION_BYTES)
		return KL_E_DAMAGED;
	*ret_document = (struct kl_document){
		.kind = (const char *)key.data,
		.name = (const char *)kind_end + 1,
		.version = kl_key_get_u64(name_end + 1),
		.bytes = value,
	};
	return KL_OK;
}

static int tell(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct walk *walk = arg;
	struct kl_document next;
	int rc = read_document(key, value, &next);

	if (rc == KL_OK && walk->waiting &&
		(walk->all_versions || strcmp(walk->document.name, next.name) != 0))
		rc = walk->visit(walk->arg, &walk->document);
	walk->waiting = rc == KL_OK;
	if (walk->waiting)
		walk->document = next;
	return rc;
}

int kl_document_visit(struct kl_store *store, const char *kind, const char *prefix,
	bool all_versions, kl_document_fn *visit, void *arg)
{
	struct walk walk = {.visit = visit, .arg = arg, .all_versions = all_versions};
	struct kl_key key;
	struct kl_txn txn;
	int rc = kl_label_check(kind, KL_STORE_KIND_MAX);

	if (rc < 0 || strlen(prefix) > KL_STORE_NAME_MAX)
		return KL_E_INVALID;
	kl_key_init(&key);
	kl_key_text(&key, kind);
	kl_key_bytes(&key, kl_bytes_str(prefix));
	rc = kl_txn_begin(store, &txn);
	if (rc != KL_OK)
		return rc;
	rc = kl_txn_visit(
		&txn, KL_TABLE_DOCUMENTS, kl_key_view(&key), kl_key_view(&key), tell, &walk);
	if (rc == KL_OK && walk.waiting)
		rc = visit(arg, &walk.document);
	kl_txn_end(&txn);
	return rc < 0 ? rc : KL_OK;
}
