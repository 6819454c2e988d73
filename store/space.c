#include "store/inside.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* A write that was cut short comes out of LMDB as EIO, also when the disk was simply full. */
bool kl_store_disk_is_full(const struct kl_store *store, uint64_t need)
{
	struct statvfs disk;
	struct rlimit limit;
	struct stat file;
	int fd;

	if (!fstatvfs(store->dir_fd, &disk) && (uint64_t)disk.f_bavail * disk.f_frsize < need)
		return true;
	if (getrlimit(RLIMIT_FSIZE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return false;
	return !mdb_env_get_fd(store->env, &fd) && !fstat(fd, &file) &&
	       (uint64_t)file.st_size + need > limit.rlim_cur;
}

void kl_store_hold(struct kl_store *store, const struct kl_fault *why)
{
	store->held = why != NULL;
	if (why)
		store->hold = *why;
}

void kl_store_limit(struct kl_store *store, uint64_t map_max, uint64_t map_reserve)
{
	KL_ASSERT(map_reserve < map_max);
	store->options.map_max = map_max;
	store->options.map_reserve = map_reserve;
}

/* LMDB's own table of free pages: for each transaction that gave pages back their number, which comes
 * first, and the pages. */
static int count_free_pages(MDB_txn *txn, uint64_t *ret_pages)
{
	MDB_cursor *cursor;
	MDB_val k, v;
	uint64_t pages = 0;
	int rc = mdb_cursor_open(txn, 0, &cursor);

	if (rc)
		return rc;
	while (!(rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT))) {
		size_t n = 0;

		if (v.mv_size < sizeof n)
			break;
		memcpy(&n, v.mv_data, sizeof n);
		pages += n;
	}
	mdb_cursor_close(cursor);
	*ret_pages = pages;
	return rc == MDB_NOTFOUND ? 0 : MDB_CORRUPTED;
}

int kl_store_space(struct kl_store *store, struct kl_store_space *ret_space)
{
	struct kl_store_space space = {0};
	uint64_t pages = 0, used, max;
	struct statvfs disk;
	MDB_envinfo info;
	struct kl_txn txn;
	MDB_stat stat;
	int rc = kl_txn_begin(store, &txn);

	if (rc != KL_OK)
		return rc;
	rc = count_free_pages(txn.txn, &pages);
	if (!rc)
		rc = mdb_env_info(store->env, &info);
	if (!rc)
		rc = mdb_env_stat(store->env, &stat);
	kl_txn_end(&txn);
	if (rc)
		return kl_lmdb_error(rc);
	used = (uint64_t)info.me_last_pgno + 1;
	max = store->options.map_max / stat.ms_psize;
	space.map_free = (pages + (max > used ? max - used : 0)) * stat.ms_psize;
	if (!fstatvfs(store->dir_fd, &disk)) {
		space.disk_free = (uint64_t)disk.f_bavail * disk.f_frsize;
		space.disk_size = (uint64_t)disk.f_blocks * disk.f_frsize;
	}
	*ret_space = space;
	return KL_OK;
}
