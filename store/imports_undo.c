#include "store/imports.h"

#include "store/inside.h"

enum { DISCARD_PARTS = 256 }; /* taken away in one commit */

static void id_key(struct kl_key *key, uint64_t id)
{
	kl_key_init(key);
	kl_key_u64(key, id);
}

/* ---- turning back ---------------------------------------------------------------------------- */

static int apply_undo(struct kl_txn *txn, struct kl_change *change)
{
	struct kl_key key;
	int rc;

	id_key(&key, change->number);
	rc = kl_txn_delete(txn, KL_TABLE_IMPORTS, kl_key_view(&key));
	if (rc == KL_E_NOT_FOUND)
		return kl_fault(txn->fault, KL_E_NOT_FOUND, "there is no import to turn back");
	return rc;
}

int kl_import_undo(struct kl_batch *batch, uint64_t order)
{
	struct kl_change *change = kl_batch_add(batch);

	if (!change)
		return kl_batch_error(batch);
	change->apply = apply_undo;
	change->number = order;
	return KL_OK;
}

struct gather {
	struct kl_batch *batch;
	uint64_t n;
};

static int gather_part(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct gather *gather = arg;
	int rc = kl_batch_delete(gather->batch, KL_TABLE_PARTS, key);

	(void)value;
	if (rc < 0)
		return rc;
	return ++gather->n == DISCARD_PARTS ? KL_VISIT_STOP : KL_VISIT_ON;
}

/* One commit's worth of an upload's parts; *ret_n: how many, 0 at the end. */
static int discard_some(struct kl_store *store, uint64_t id, struct kl_batch *batch,
	struct kl_fault *fault, uint64_t *ret_n)
{
	struct gather gather = {.batch = batch};
	struct kl_key key;
	struct kl_txn txn;
	bool visible;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	txn.fault = fault;
	id_key(&key, id);
	rc = kl_import_is_visible(&txn, id, &visible);
	if (rc == KL_OK && visible)
		rc = kl_fault(fault, KL_E_EXISTS, "import %llu is in use", (unsigned long long)id);
	if (rc == KL_OK)
		rc = kl_txn_visit_keys(&txn, KL_TABLE_PARTS, kl_key_view(&key), kl_key_view(&key),
			gather_part, &gather);
	kl_txn_end(&txn);
	if (rc == KL_OK)
		rc = kl_store_commit(store, batch, fault);
	if (rc == KL_OK)
		*ret_n = gather.n;
	return rc;
}

static int discard(struct kl_store *store, uint64_t id, struct kl_fault *fault, uint64_t *ret_parts)
{
	struct kl_batch *batch = kl_batch_new();
	uint64_t n = 0, parts = 0;
	int rc = KL_OK;

	if (!batch)
		return kl_fault(fault, KL_E_NOMEM, "%s", kl_error_text(KL_E_NOMEM));
	do {
		kl_batch_reset(batch);
		kl_batch_urge(batch); /* it makes room */
		rc = discard_some(store, id, batch, fault, &n);
		if (rc < 0)
			break;
		parts += n;
	} while (n);
	kl_batch_destroy(batch);
	if (rc == KL_OK)
		*ret_parts = parts;
	return rc;
}

int kl_import_discard(struct kl_store *store, uint64_t id, struct kl_fault *fault)
{
	uint64_t parts;

	return discard(store, id, fault, &parts);
}

static int take_id(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	(void)value;
	if (key.len != KL_PART_KEY_BYTES)
		return KL_E_DAMAGED;
	*(uint64_t *)arg = kl_key_get_u64(key.data);
	return KL_VISIT_STOP;
}

/* The lowest import id from `from` on that has parts; 0: none. */
static int next_id(struct kl_store *store, uint64_t from, struct kl_fault *fault, uint64_t *ret_id,
	bool *ret_visible)
{
	struct kl_bytes all = {0};
	struct kl_key key;
	struct kl_txn txn;
	uint64_t id = 0;
	bool visible = false;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	txn.fault = fault;
	id_key(&key, from);
	rc = kl_txn_visit_keys(&txn, KL_TABLE_PARTS, all, kl_key_view(&key), take_id, &id);
	if (rc == KL_OK && id)
		rc = kl_import_is_visible(&txn, id, &visible);
	kl_txn_end(&txn);
	if (rc < 0)
		return rc;
	*ret_id = id;
	*ret_visible = visible;
	return KL_OK;
}

int kl_imports_sweep(struct kl_store *store, struct kl_fault *fault, uint64_t *ret_parts)
{
	uint64_t id = 0, parts = 0, n = 0;
	bool visible;
	int rc;

	for (;;) {
		rc = next_id(store, id + 1, fault, &id, &visible);
		if (rc < 0)
			return rc;
		if (!id || id == UINT64_MAX)
			break;
		if (visible)
			continue;
		rc = discard(store, id, fault, &n);
		if (rc < 0)
			return rc;
		parts += n;
	}
	*ret_parts = parts;
	return KL_OK;
}
