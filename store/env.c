#include "store/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAP_SIZE_DEFAULT (UINT64_C(1) << 30)
#define MAP_MAX_DEFAULT  (UINT64_C(1) << 36)

/* Read transactions at one time: the ones nested in callbacks, with room to spare. */
enum {
	FIRST_COMMIT_BYTES = 1 << 18,
	READERS_MAX = 32,
	LOCK_FILE_BYTES = 8192 /* more than they need */
};

int kl_lmdb_error(int rc)
{
	switch (rc) {
	case 0:
		return KL_OK;
	case MDB_NOTFOUND:
	case ENOENT:
		return KL_E_NOT_FOUND;
	case MDB_KEYEXIST:
		return KL_E_EXISTS;
	case MDB_PAGE_NOTFOUND:
	case MDB_CORRUPTED:
	case MDB_INVALID:
	case MDB_BAD_TXN:     /* a page was wrong, and LMDB has given the transaction up */
	case MDB_CURSOR_FULL: /* a tree that is deeper than it can be */
		return KL_E_DAMAGED;
	case MDB_VERSION_MISMATCH:
	case MDB_INCOMPATIBLE:
		return KL_E_VERSION;
	case MDB_MAP_FULL:
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return KL_E_FULL;
	case MDB_TXN_FULL:
		return KL_E_TOO_BIG;
	case MDB_READERS_FULL:
	case EAGAIN:
	case EBUSY:
		return KL_E_BUSY;
	case EACCES:
	case EPERM:
	case EROFS:
		return KL_E_PERMISSION;
	case ENOMEM:
		return KL_E_NOMEM;
	case EINVAL:
	case MDB_BAD_DBI:
	case MDB_BAD_RSLOT:
	case MDB_BAD_VALSIZE:
	case MDB_DBS_FULL:
		return KL_E_BUG;
	default: /* EIO, MDB_PANIC and what else a disk can bring forth */
		return KL_E_IO;
	}
}

static int open_fault(const struct kl_store *store, int rc, struct kl_fault *fault)
{
	int code = kl_lmdb_error(rc);

	switch (code) {
	case KL_E_DAMAGED:
		kl_fault(fault, code, "%s: the database is damaged (%s)", store->dir,
			mdb_strerror(rc));
		kl_fault_hint(fault, KL_HINT_DAMAGED);
		break;
	case KL_E_VERSION:
		kl_fault(fault, code, "%s: not a database of this keeplocal (%s)", store->dir,
			mdb_strerror(rc));
		kl_fault_hint(
			fault, "Open it with the version that wrote it, or restore a backup.");
		break;
	case KL_E_PERMISSION:
		kl_fault(fault, code, "%s: may not be opened: %s", store->dir, mdb_strerror(rc));
		kl_fault_hint(fault, "The folder and its files must belong to whoever runs this.");
		break;
	case KL_E_FULL:
		kl_fault(fault, code,
			"%s: the database cannot be opened: no space left on the disk", store->dir);
		kl_fault_hint(fault, "Make room there, and start again; nothing was lost.");
		break;
	default:
		kl_fault(fault, code, "%s: the database cannot be opened: %s", store->dir,
			mdb_strerror(rc));
		kl_fault_hint(fault, "Look at the disk and at the system's log, then start again.");
	}
	return code;
}

/* ---- folder and lock ----------------------------------------------------------------------- */

/* A lock on the folder itself, since LMDB must not be opened twice, least of all in one process. */
static int lock_folder(struct kl_store *store, struct kl_fault *fault)
{
	if (!store->read_only && mkdir(store->dir, 0700) < 0 && errno != EEXIST)
		return open_fault(store, errno, fault);
	store->dir_fd = open(store->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->dir_fd < 0)
		return open_fault(store, errno, fault);
	if (!flock(store->dir_fd, LOCK_EX | LOCK_NB))
		return KL_OK;
	if (errno != EWOULDBLOCK)
		return open_fault(store, errno, fault);
	kl_fault(fault, KL_E_BUSY, "%s: the database is already open", store->dir);
	kl_fault_hint(fault, "stop the daemon that serves this home first");
	return KL_E_BUSY;
}

/* LMDB writes to the table of readers through a map: a hole in that file, on a full disk, would end the
 * process with SIGBUS. */
static int allocate_lock_file(struct kl_store *store)
{
	int fd = openat(store->dir_fd, KL_LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600), rc;

	if (fd < 0)
		return errno;
	rc = posix_fallocate(fd, 0, LOCK_FILE_BYTES);
	close(fd);
	return rc == EOPNOTSUPP || rc == EINVAL ? 0 : rc; /* not every file system can */
}

/* What is empty is a database that was not begun yet. */
static int check_there(const struct kl_store *store)
{
	struct stat file;

	if (fstatat(store->dir_fd, KL_DATA_FILE, &file, 0))
		return errno;
	return file.st_size ? 0 : ENOENT;
}

static int start_environment(struct kl_store *store)
{
	unsigned flags = MDB_NOTLS;
	int rc;

	if (store->read_only)
		flags |= MDB_RDONLY | MDB_NOLOCK;
	else
		unlinkat(store->dir_fd, KL_DATA_FILE_NEW, 0);
	rc = store->read_only ? check_there(store) : allocate_lock_file(store);
	if (rc)
		return rc;
	rc = mdb_env_create(&store->env);
	if (rc) {
		store->env = NULL;
		return rc;
	}
	rc = mdb_env_set_maxdbs(store->env, KL_TABLE_COUNT);
	if (!rc)
		rc = mdb_env_set_maxreaders(store->env, READERS_MAX);
	if (!rc)
		rc = mdb_env_set_mapsize(store->env, store->options.map_size);
	if (!rc)
		rc = mdb_env_open(store->env, store->dir, flags, 0600);
	if (!rc && !store->read_only && fsync(store->dir_fd) < 0)
		rc = errno;
	return rc;
}

/* Pages beyond the end of the file would end the process with SIGBUS when they are read. */
static int check_size(struct kl_store *store, struct kl_fault *fault)
{
	MDB_envinfo info;
	MDB_stat stat;
	struct stat file;
	uint64_t need;
	int fd;

	if (mdb_env_info(store->env, &info) || mdb_env_stat(store->env, &stat) ||
		mdb_env_get_fd(store->env, &fd) || fstat(fd, &file) < 0)
		return kl_fault(
			fault, KL_E_IO, "%s: the size of the database is not known", store->dir);
	need = ((uint64_t)info.me_last_pgno + 1) * stat.ms_psize;
	if ((uint64_t)file.st_size >= need)
		return KL_OK;
	kl_fault(fault, KL_E_DAMAGED,
		"%s: the database is damaged: " KL_DATA_FILE " has %llu of %llu bytes", store->dir,
		(unsigned long long)file.st_size, (unsigned long long)need);
	kl_fault_hint(fault, KL_HINT_DAMAGED);
	return KL_E_DAMAGED;
}

/* The first write reads the list of free pages, and LMDB would crash then. */
static int check_free_pages(struct kl_store *store, struct kl_fault *fault)
{
	struct kl_txn txn;
	uint64_t pages;
	int rc;

	if (store->read_only)
		return KL_OK;
	rc = kl_txn_begin(store, &txn);
	if (rc < 0)
		return kl_fault(fault, rc, "%s: the database cannot be read", store->dir);
	rc = kl_txn_free_pages(&txn, false, &pages);
	kl_txn_end(&txn);
	if (rc < 0) {
		kl_fault(fault, rc, "%s: the database is damaged: its list of free pages",
			store->dir);
		kl_fault_hint(fault, KL_HINT_DAMAGED);
	}
	return rc;
}

/* ---- tables and version ---------------------------------------------------------------------- */

static int not_ours(const struct kl_store *store, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_VERSION, "%s: this LMDB database is not one of keeplocal", store->dir);
	kl_fault_hint(fault, "Choose another folder; nothing was changed here.");
	return KL_E_VERSION;
}

static int check_version(struct kl_txn *txn, uint32_t *ret_version)
{
	const char *dir = txn->store->dir;
	struct kl_bytes value;
	uint32_t version;
	int rc = kl_txn_get(txn, KL_TABLE_META, kl_bytes_str("schema"), &value);

	if (rc == KL_E_NOT_FOUND)
		return not_ours(txn->store, txn->fault);
	if (rc < 0 || value.len != 4)
		return kl_fault(txn->fault, KL_E_DAMAGED,
			"%s: the record of the database's version is damaged", dir);
	version = kl_get_u32(value.data);
	if (version && version <= KL_SCHEMA_VERSION) {
		*ret_version = version;
		return KL_OK;
	}
	kl_fault(txn->fault, KL_E_VERSION,
		"%s: the database has version %u, this keeplocal reads version %d", dir,
		(unsigned)version, (int)KL_SCHEMA_VERSION);
	kl_fault_hint(txn->fault, "Install the keeplocal that wrote it. Nothing was changed.");
	return KL_E_VERSION;
}

/* Tables from `first` on, which are not there yet, and the version. */
static int make_tables(struct kl_txn *txn, int first)
{
	uint8_t version[4];
	int rc = 0;

	for (int t = first; t < KL_TABLE_COUNT && !rc; t++)
		rc = mdb_dbi_open(txn->txn, kl_table_name((enum kl_table)t), MDB_CREATE,
			&txn->store->tables[t]);
	if (rc)
		return open_fault(txn->store, rc, txn->fault);
	txn->store->n_tables = KL_TABLE_COUNT;
	kl_put_u32(version, KL_SCHEMA_VERSION);
	return kl_txn_put(
		txn, KL_TABLE_META, kl_bytes_str("schema"), kl_bytes(version, sizeof version));
}

/* From version 1: what is new is empty, and posts that came before have to be numbered. */
static int upgrade(struct kl_txn *txn)
{
	int rc = make_tables(txn, KL_TABLE_COUNT_1);

	return rc < 0 ? rc
		      : kl_txn_put(txn, KL_TABLE_META, kl_bytes_str(KL_META_OWED), kl_bytes("", 0));
}

static int open_tables(struct kl_txn *txn)
{
	struct kl_store *store = txn->store;
	int rc = mdb_dbi_open(txn->txn, kl_table_name(KL_TABLE_META), 0, &store->tables[0]);
	uint32_t version = 0;

	if (rc == MDB_NOTFOUND || rc == MDB_INCOMPATIBLE)
		return not_ours(store, txn->fault);
	if (rc)
		return open_fault(store, rc, txn->fault);
	rc = check_version(txn, &version);
	if (rc < 0)
		return rc;
	store->n_tables = version == 1 ? KL_TABLE_COUNT_1 : KL_TABLE_COUNT;
	for (int t = 1; t < store->n_tables; t++) {
		const char *name = kl_table_name((enum kl_table)t);

		if (mdb_dbi_open(txn->txn, name, 0, &store->tables[t]))
			return kl_fault(txn->fault, KL_E_DAMAGED,
				"%s: the database is damaged: table %s is missing", store->dir,
				name);
	}
	return KL_OK;
}

static int make_all(struct kl_txn *txn)
{
	return make_tables(txn, 0);
}

/* One transaction around one of the above: there is no half-made database. */
static int in_transaction(struct kl_store *store, unsigned flags, int (*step)(struct kl_txn *),
	struct kl_fault *fault)
{
	struct kl_txn txn = {.store = store, .fault = fault};
	int rc = mdb_txn_begin(store->env, NULL, flags, &txn.txn);

	if (rc)
		return open_fault(store, rc, fault);
	rc = step(&txn);
	if (rc < 0) {
		mdb_txn_abort(txn.txn);
		return rc;
	}
	rc = mdb_txn_commit(txn.txn);
	if (rc == EIO && kl_store_disk_is_full(store, FIRST_COMMIT_BYTES))
		rc = ENOSPC;
	return rc ? open_fault(store, rc, fault) : KL_OK;
}

static int prepare_tables(struct kl_store *store, struct kl_fault *fault)
{
	MDB_stat stat;
	int rc;

	if (mdb_env_stat(store->env, &stat))
		return kl_fault(fault, KL_E_IO, "%s: the database cannot be read", store->dir);
	if (!stat.ms_entries && !store->read_only)
		return in_transaction(store, 0, make_all, fault);
	rc = in_transaction(store, MDB_RDONLY, open_tables, fault);
	if (rc < 0 || store->read_only || store->n_tables == KL_TABLE_COUNT)
		return rc;
	return in_transaction(store, 0, upgrade, fault);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void shut(struct kl_store *store)
{
	KL_ASSERT(!store->reading);
	if (store->env)
		mdb_env_close(store->env);
	store->env = NULL;
	if (store->dir_fd >= 0)
		close(store->dir_fd);
	store->dir_fd = -1;
}

static int start(struct kl_store *store, struct kl_fault *fault)
{
	int rc = lock_folder(store, fault), dead;
	bool new;

	if (rc < 0)
		goto fail;
	new = !store->read_only &&faccessat(store->dir_fd, KL_DATA_FILE, F_OK, 0) < 0;
	rc = start_environment(store);
	if (rc) {
		rc = open_fault(store, rc, fault);
		if (new) /* a page or two of a file that never was a database */
			unlinkat(store->dir_fd, KL_DATA_FILE, 0);
		goto fail;
	}
	rc = check_size(store, fault);
	if (rc < 0)
		goto fail;
	rc = check_free_pages(store, fault);
	if (rc < 0)
		goto fail;
	rc = prepare_tables(store, fault);
	if (rc < 0)
		goto fail;
	if (!store->read_only)
		mdb_reader_check(store->env, &dead);
	return KL_OK;
fail:
	shut(store);
	return rc;
}

static int open_store(const char *dir, const struct kl_store_options *options, bool read_only,
	struct kl_fault *fault, struct kl_store **ret_store)
{
	struct kl_store *store = calloc(1, sizeof *store);
	int rc;

	if (!store)
		return kl_fault(fault, KL_E_NOMEM, "%s", kl_error_text(KL_E_NOMEM));
	store->dir_fd = -1;
	store->read_only = read_only;
	if (options)
		store->options = *options;
	if (!store->options.map_size)
		store->options.map_size = MAP_SIZE_DEFAULT;
	if (!store->options.map_max)
		store->options.map_max = MAP_MAX_DEFAULT;
	KL_ASSERT(store->options.map_reserve < store->options.map_max);
	store->dir = strdup(dir);
	if (!store->dir)
		rc = kl_fault(fault, KL_E_NOMEM, "%s", kl_error_text(KL_E_NOMEM));
	else
		rc = start(store, fault);
	if (rc < 0) {
		kl_store_close(store);
		return rc;
	}
	*ret_store = store;
	return KL_OK;
}

int kl_store_open(const char *dir, const struct kl_store_options *options, struct kl_fault *fault,
	struct kl_store **ret_store)
{
	return open_store(dir, options, false, fault, ret_store);
}

int kl_store_open_read_only(const char *dir, struct kl_fault *fault, struct kl_store **ret_store)
{
	return open_store(dir, NULL, true, fault, ret_store);
}

void kl_store_close(struct kl_store *store)
{
	if (!store)
		return;
	shut(store);
	free(store->dir);
	free(store);
}

void kl_store_suspend(struct kl_store *store)
{
	shut(store);
	store->broken = true;
}

int kl_store_reopen(struct kl_store *store, struct kl_fault *fault)
{
	int rc;

	kl_store_suspend(store);
	rc = start(store, fault);
	if (rc < 0)
		return rc;
	store->broken = false;
	return KL_OK;
}

bool kl_store_is_broken(const struct kl_store *store)
{
	return store->broken;
}

int kl_store_check_readers(struct kl_store *store, unsigned *ret_freed)
{
	int dead = 0, rc;

	if (!store->env)
		return KL_E_IO;
	rc = mdb_reader_check(store->env, &dead);
	if (rc)
		return kl_lmdb_error(rc);
	*ret_freed = (unsigned)dead;
	return KL_OK;
}

int kl_store_info(struct kl_store *store, struct kl_store_info *ret_info)
{
	struct kl_store_info info = {0};
	struct kl_txn txn;
	MDB_envinfo env;
	MDB_stat stat;
	struct stat file;
	int fd, rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	for (int t = 0; t < store->n_tables && !rc; t++) {
		rc = mdb_stat(txn.txn, store->tables[t], &stat);
		info.entries[t] = rc ? 0 : stat.ms_entries;
	}
	if (!rc)
		rc = mdb_env_info(store->env, &env);
	if (!rc)
		rc = mdb_env_get_fd(store->env, &fd);
	if (!rc && fstat(fd, &file) < 0)
		rc = errno;
	kl_txn_end(&txn);
	if (rc)
		return kl_lmdb_error(rc);
	info.map_bytes = env.me_mapsize;
	info.used_bytes = ((uint64_t)env.me_last_pgno + 1) * stat.ms_psize;
	info.file_bytes = (uint64_t)file.st_size;
	*ret_info = info;
	return KL_OK;
}
