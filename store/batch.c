#include "store/inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHUNK_BYTES = 64 << 10,
	CHANGES_FIRST = 16,
	ALIGNMENT = 16,
	/* The file is kept this much longer than its last page: see make_room(). */
	ROOM_BYTES = 1 << 20,
};

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(ALIGNMENT) uint8_t data[];
};

struct kl_batch {
	struct kl_change *changes;
	size_t n, room, bytes;
	struct chunk *chunks; /* the first one is being filled */
	int error;
	bool urgent, conflicted;
	struct kl_conflict conflict;
};

/* ---- gathering ------------------------------------------------------------------------------- */

struct kl_batch *kl_batch_new(void)
{
	return calloc(1, sizeof(struct kl_batch));
}

static void free_chunks(struct chunk *chunk)
{
	while (chunk) {
		struct chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
}

void kl_batch_destroy(struct kl_batch *batch)
{
	if (!batch)
		return;
	free_chunks(batch->chunks);
	free(batch->changes);
	free(batch);
}

/* Keeps the table of changes and one chunk, for the next round. */
void kl_batch_reset(struct kl_batch *batch)
{
	if (batch->chunks) {
		free_chunks(batch->chunks->next);
		batch->chunks->next = NULL;
		batch->chunks->used = 0;
	}
	batch->n = 0;
	batch->bytes = 0;
	batch->error = KL_OK;
	batch->urgent = batch->conflicted = false;
}

void kl_batch_urge(struct kl_batch *batch)
{
	batch->urgent = true;
}

bool kl_batch_is_urgent(const struct kl_batch *batch)
{
	return batch->urgent;
}

size_t kl_batch_bytes(const struct kl_batch *batch)
{
	return batch->bytes;
}

size_t kl_batch_ops(const struct kl_batch *batch)
{
	return batch->n;
}

int kl_batch_fail(struct kl_batch *batch, int code)
{
	if (!batch->error)
		batch->error = code;
	return code;
}

int kl_batch_error(const struct kl_batch *batch)
{
	return batch->error;
}

static struct chunk *chunk_with(struct kl_batch *batch, size_t size)
{
	struct chunk *chunk = batch->chunks;
	size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;

	if (chunk && chunk->size - chunk->used >= size)
		return chunk;
	chunk = malloc(sizeof *chunk + room);
	if (!chunk)
		return NULL;
	*chunk = (struct chunk){.next = batch->chunks, .size = room};
	batch->chunks = chunk;
	return chunk;
}

void *kl_batch_alloc(struct kl_batch *batch, size_t size)
{
	size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	struct chunk *chunk;
	void *memory;

	if (size > KL_BATCH_BYTES_MAX || batch->bytes + size > KL_BATCH_BYTES_MAX) {
		kl_batch_fail(batch, KL_E_TOO_BIG);
		return NULL;
	}
	chunk = chunk_with(batch, rounded ? rounded : ALIGNMENT);
	if (!chunk) {
		kl_batch_fail(batch, KL_E_NOMEM);
		return NULL;
	}
	memory = chunk->data + chunk->used;
	chunk->used += rounded;
	batch->bytes += size;
	return memory;
}

int kl_batch_copy(struct kl_batch *batch, struct kl_bytes bytes, struct kl_bytes *ret_copy)
{
	void *memory = kl_batch_alloc(batch, bytes.len);

	if (!memory)
		return batch->error;
	if (bytes.len)
		memcpy(memory, bytes.data, bytes.len);
	*ret_copy = kl_bytes(memory, bytes.len);
	return KL_OK;
}

struct kl_change *kl_batch_add(struct kl_batch *batch)
{
	struct kl_change *change;

	if (batch->n == KL_BATCH_OPS_MAX) {
		kl_batch_fail(batch, KL_E_TOO_BIG);
		return NULL;
	}
	if (batch->n == batch->room) {
		size_t room = batch->room ? 2 * batch->room : CHANGES_FIRST;
		struct kl_change *more = realloc(batch->changes, room * sizeof *more);

		if (!more) {
			kl_batch_fail(batch, KL_E_NOMEM);
			return NULL;
		}
		batch->changes = more;
		batch->room = room;
	}
	change = &batch->changes[batch->n];
	*change = (struct kl_change){.index = batch->n++};
	return change;
}

void kl_batch_set_conflict(struct kl_batch *batch, const struct kl_conflict *conflict)
{
	batch->conflict = *conflict;
	batch->conflicted = true;
}

int kl_batch_conflict(const struct kl_batch *batch, struct kl_conflict *ret_conflict)
{
	if (!batch->conflicted)
		return KL_E_NOT_FOUND;
	*ret_conflict = batch->conflict;
	return KL_OK;
}

static int apply_put(struct kl_txn *txn, struct kl_change *change)
{
	return kl_txn_put(txn, change->table, change->key, change->value);
}

static int apply_delete(struct kl_txn *txn, struct kl_change *change)
{
	int rc = kl_txn_delete(txn, change->table, change->key);

	return rc == KL_E_NOT_FOUND ? KL_OK : rc;
}

static int add_plain(struct kl_batch *batch, enum kl_table table, struct kl_bytes key,
	struct kl_bytes value, int (*apply)(struct kl_txn *, struct kl_change *))
{
	struct kl_bytes k, v;
	struct kl_change *change;

	KL_ASSERT(table < KL_TABLE_COUNT);
	if (!key.len)
		return kl_batch_fail(batch, KL_E_INVALID);
	if (key.len > KL_STORE_KEY_MAX || value.len > KL_STORE_VALUE_MAX)
		return kl_batch_fail(batch, KL_E_TOO_BIG);
	if (kl_batch_copy(batch, key, &k) < 0 || kl_batch_copy(batch, value, &v) < 0)
		return batch->error;
	change = kl_batch_add(batch);
	if (!change)
		return batch->error;
	change->apply = apply;
	change->table = table;
	change->key = k;
	change->value = v;
	return KL_OK;
}

int kl_batch_put(
	struct kl_batch *batch, enum kl_table table, struct kl_bytes key, struct kl_bytes value)
{
	return add_plain(batch, table, key, value, apply_put);
}

int kl_batch_delete(struct kl_batch *batch, enum kl_table table, struct kl_bytes key)
{
	return add_plain(batch, table, key, kl_bytes(NULL, 0), apply_delete);
}

/* ---- committing ------------------------------------------------------------------------------ */

/* LMDB counts a page as in use that it took at the end of the file and gave back inside the same
 * transaction, without ever writing it. The file is kept a little longer than its last page, so
 * that one which is shorter is surely damaged; the hole takes no space on the disk. If this fails
 * the write itself will tell. */
static void make_room(struct kl_store *store, const struct kl_batch *batch)
{
	MDB_envinfo info;
	MDB_stat stat;
	struct stat file;
	uint64_t need;
	int fd;

	if (mdb_env_info(store->env, &info) || mdb_env_stat(store->env, &stat) ||
		mdb_env_get_fd(store->env, &fd) || fstat(fd, &file) < 0)
		return;
	need = ((uint64_t)info.me_last_pgno + 1) * stat.ms_psize + 2 * batch->bytes + ROOM_BYTES;
	if ((uint64_t)file.st_size < need && ftruncate(fd, (off_t)(need + ROOM_BYTES)) < 0)
		return;
}

static int full(struct kl_store *store, struct kl_fault *fault)
{
	store->lack = KL_LACK_DISK;
	kl_fault(fault, KL_E_FULL, "%s: no space left on the disk", store->dir);
	kl_fault_hint(fault, "Nothing was lost; make room, and what was refused can be repeated.");
	return KL_E_FULL;
}

/* LMDB gives itself up when the meta page could not be written, which is the last of a commit. What was
 * refused is not there then, and by opening it again everybody can read on. */
static bool can_read(struct kl_store *store)
{
	MDB_txn *txn;

	if (!store->env || mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn))
		return kl_store_reopen(store, NULL) == KL_OK;
	mdb_txn_abort(txn);
	return true;
}

static int stop_writing(struct kl_store *store, int rc, struct kl_fault *fault)
{
	(void)can_read(store);
	store->broken = true;
	kl_fault(fault, KL_E_IO, "%s: writing failed: %s", store->dir, mdb_strerror(rc));
	kl_fault_hint(fault, "Nothing more is written until the database was checked. Look at the "
			     "disk and the system's log.");
	return KL_E_IO;
}

/* A file system that copies on write can lack space for the meta page as well. */
static int full_at_the_end(struct kl_store *store, int rc, struct kl_fault *fault)
{
	return can_read(store) ? full(store, fault) : stop_writing(store, rc, fault);
}

/* What is wrong with the disk or the file, as opposed to what was asked. */
static bool is_foundation(int code)
{
	return code == KL_E_IO || code == KL_E_DAMAGED;
}

static int finish(struct kl_txn *txn)
{
	struct kl_store *store = txn->store;
	int rc = mdb_txn_commit(txn->txn), code = kl_lmdb_error(rc);

	if (rc == MDB_MAP_FULL)
		txn->map_full = true;
	else if (code == KL_E_FULL ||
		 (code == KL_E_IO && rc != MDB_PANIC &&
			 kl_store_disk_is_full(store, 2 * txn->batch->bytes + ROOM_BYTES)))
		return full_at_the_end(store, rc, txn->fault);
	else if (is_foundation(code))
		return stop_writing(store, rc, txn->fault);
	else if (code < 0)
		return kl_fault(
			txn->fault, code, "%s: not written: %s", store->dir, mdb_strerror(rc));
	return code;
}

static int attempt(struct kl_txn *txn)
{
	struct kl_batch *batch = txn->batch;
	int rc = mdb_txn_begin(txn->store->env, NULL, 0, &txn->txn);

	if (rc && is_foundation(kl_lmdb_error(rc)))
		return stop_writing(txn->store, rc, txn->fault);
	if (rc)
		return kl_fault(txn->fault, kl_lmdb_error(rc), "%s: not written: %s",
			txn->store->dir, mdb_strerror(rc));
	for (size_t i = 0; i < batch->n && rc == KL_OK; i++)
		rc = batch->changes[i].apply(txn, &batch->changes[i]);
	if (rc < 0) {
		mdb_txn_abort(txn->txn);
		if (rc == KL_E_IO)
			txn->store->broken = true;
		return rc;
	}
	return finish(txn);
}

/* With no transaction open. A map that could not be made again leaves LMDB without any: the only
 * way on is to close and open. */
static int resize(struct kl_store *store, uint64_t size, struct kl_fault *fault)
{
	int rc = mdb_env_set_mapsize(store->env, size);

	if (rc) {
		mdb_env_close(store->env);
		store->env = NULL;
		return stop_writing(store, rc, fault);
	}
	store->options.map_size = size;
	return KL_OK;
}

/* How far the map may grow for this batch: the last part of it is kept for what is urgent. */
static uint64_t limit_of(const struct kl_store *store, const struct kl_batch *batch)
{
	return store->options.map_max - (batch->urgent ? 0 : store->options.map_reserve);
}

static int grow(struct kl_store *store, const struct kl_batch *batch, struct kl_fault *fault)
{
	uint64_t size, limit = limit_of(store, batch);
	MDB_envinfo info;
	int rc = mdb_env_info(store->env, &info);

	if (rc)
		return stop_writing(store, rc, fault);
	size = 2 * (uint64_t)info.me_mapsize;
	if (size > limit)
		size = limit;
	if (size > info.me_mapsize)
		return resize(store, size, fault);
	store->lack = KL_LACK_MAP;
	kl_fault(fault, KL_E_FULL, "%s: this does not fit below max_store, the limit of %llu bytes",
		store->dir, (unsigned long long)store->options.map_max);
	kl_fault_hint(fault,
		"Raise max_store in keeplocald.conf, or take an import back: keeplocal undo");
	return KL_E_FULL;
}

/* Takes back what an urgent batch had of the reserve, or what the limit was lowered by. LMDB keeps the
 * map as large as what is used. */
static int shrink(struct kl_store *store, const struct kl_batch *batch, struct kl_fault *fault)
{
	uint64_t limit = limit_of(store, batch);

	return store->options.map_size > limit ? resize(store, limit, fault) : KL_OK;
}

static int commit(struct kl_store *store, struct kl_batch *batch, struct kl_fault *fault)
{
	int rc = shrink(store, batch, fault);

	while (rc == KL_OK) {
		struct kl_txn txn = {.store = store, .fault = fault, .batch = batch};

		rc = attempt(&txn);
		if (!txn.map_full)
			return rc;
		rc = grow(store, batch, fault);
	}
	return rc;
}

/* Tells whoever looks after the disk. If that makes room, what is urgent is tried once more. */
static int in_trouble(
	struct kl_store *store, struct kl_batch *batch, int rc, struct kl_fault *fault)
{
	const struct kl_store_options *o = &store->options;
	enum kl_lack lack = store->broken ? KL_LACK_WRITING : store->lack;
	bool more = o->lacks && o->lacks(o->arg, lack, batch);

	if (rc == KL_E_FULL && more && batch->urgent)
		rc = commit(store, batch, fault);
	if (rc == KL_E_FULL && store->held && fault)
		*fault = store->hold;
	return rc;
}

int kl_store_commit(struct kl_store *store, struct kl_batch *batch, struct kl_fault *fault)
{
	int rc;

	KL_ASSERT(!store->reading && !store->read_only);
	batch->conflicted = false;
	if (batch->error)
		return kl_fault(fault, batch->error, "%s: not written: %s", store->dir,
			kl_error_text(batch->error));
	if (batch->n && store->held && !batch->urgent) {
		if (fault)
			*fault = store->hold;
		return store->hold.code;
	}
	if (store->broken || !store->env) {
		kl_fault(fault, KL_E_IO, "%s: not written: an earlier write failed", store->dir);
		kl_fault_hint(fault, "The database has to be checked and opened again.");
		return KL_E_IO;
	}
	if (!batch->n)
		return KL_OK;
	make_room(store, batch);
	rc = commit(store, batch, fault);
	if (rc == KL_E_FULL || store->broken)
		rc = in_trouble(store, batch, rc, fault);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < batch->n; i++)
		if (batch->changes[i].ret_result)
			*batch->changes[i].ret_result = batch->changes[i].result;
	return KL_OK;
}
