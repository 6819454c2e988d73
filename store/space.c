#include "store/inside.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum { FIRST_PAGE = 2 /* behind the two meta pages */ };

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

/* One entry of LMDB's table of free pages: how many there are, then their numbers, falling. LMDB takes
 * them as they stand there: one that is wrong ends the process, or overwrites what is in use. */
static int read_free(const MDB_val *value, uint64_t end, uint8_t *seen, uint64_t *pages)
{
	const uint8_t *bytes = value->mv_data;
	size_t n = 0, page, before = end;

	if (value->mv_size < sizeof n)
		return KL_E_DAMAGED;
	memcpy(&n, bytes, sizeof n);
	if (n > value->mv_size / sizeof n - 1)
		return KL_E_DAMAGED;
	for (size_t i = 1; i <= n; i++, before = page) {
		memcpy(&page, bytes + i * sizeof page, sizeof page);
		if (page >= before || page < FIRST_PAGE)
			return KL_E_DAMAGED;
		if (seen && seen[page / 8] & 1 << page % 8)
			return KL_E_DAMAGED;
		if (seen)
			seen[page / 8] |= (uint8_t)(1 << page % 8);
	}
	*pages += n;
	return KL_OK;
}

int kl_txn_free_pages(struct kl_txn *txn, bool thorough, uint64_t *ret_pages)
{
	uint8_t *seen = NULL;
	MDB_cursor *cursor;
	MDB_envinfo info;
	MDB_val k, v;
	uint64_t pages = 0, end;
	int rc = KL_OK, end_of_list;

	if (mdb_env_info(txn->store->env, &info) || mdb_cursor_open(txn->txn, 0, &cursor))
		return KL_E_DAMAGED;
	end = (uint64_t)info.me_last_pgno + 1;
	if (thorough && !(seen = calloc(end / 8 + 1, 1)))
		rc = KL_E_NOMEM;
	while (!rc && !(end_of_list = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)))
		rc = k.mv_size == sizeof(size_t) ? read_free(&v, end, seen, &pages) : KL_E_DAMAGED;
	if (!rc && end_of_list != MDB_NOTFOUND)
		rc = KL_E_DAMAGED;
	mdb_cursor_close(cursor);
	free(seen);
	if (!rc)
		*ret_pages = pages;
	return rc;
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
	rc = kl_txn_free_pages(&txn, false, &pages);
	if (!rc)
		rc = kl_lmdb_error(mdb_env_info(store->env, &info));
	if (!rc)
		rc = kl_lmdb_error(mdb_env_stat(store->env, &stat));
	kl_txn_end(&txn);
	if (rc)
		return rc;
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
