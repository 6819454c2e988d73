#include "store/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int failed(const struct kl_store *store, int rc, struct kl_fault *fault)
{
	kl_fault(fault, kl_lmdb_error(rc), "%s: the database was not compacted: %s", store->dir,
		mdb_strerror(rc));
	kl_fault_hint(fault, "The old database is as it was.");
	return kl_lmdb_error(rc);
}

/* The copying thread of LMDB is better not started when it is going to fail half-way. */
static int check_space(struct kl_store *store, struct kl_fault *fault, uint64_t *ret_before)
{
	struct kl_store_info info;
	struct statvfs disk;
	int rc = kl_store_info(store, &info);

	if (rc < 0)
		return kl_fault(fault, rc, "%s: the database cannot be read", store->dir);
	if (!fstatvfs(store->dir_fd, &disk) &&
		(uint64_t)disk.f_bavail * disk.f_frsize < info.used_bytes) {
		kl_fault(fault, KL_E_FULL, "%s: compacting needs up to %llu bytes of free space",
			store->dir, (unsigned long long)info.used_bytes);
		return KL_E_FULL;
	}
	*ret_before = info.file_bytes;
	return KL_OK;
}

/* LMDB copies its pages whole, and with them what stood once where nothing stands now: in the gap
 * between the places of a page (u16, which grow up) and its entries (which grow down), and behind values
 * that take pages of their own. Its layout, version 1 of the file:
 *   page    number u64, two bytes, flags u16, end of the places u16, begin of the entries u16, places;
 *           a value of its own: number u64, two bytes, flags u16, how many pages u32, bytes
 *   entry   size of the value u16 and u16 (upper half), flags u16, size of the key u16, key, then the
 *           value, or the number u64 of the first page that it has for itself */
enum {
	PAGE_HEAD = 16,
	PAGE_BRANCH = 0x01,
	PAGE_LEAF = 0x02,
	PAGE_OVERFLOW = 0x04,
	PAGE_MAX = 1 << 16,
	ENTRY_HEAD = 8,
	ENTRY_ELSEWHERE = 0x01,
};

struct copy {
	int fd;
	size_t size; /* of a page */
	uint8_t page[PAGE_MAX];
};

static uint16_t u16_at(const struct copy *copy, size_t at)
{
	uint16_t value;

	memcpy(&value, copy->page + at, sizeof value);
	return value;
}

static int wipe(const struct copy *copy, uint64_t from, uint64_t to)
{
	static const uint8_t zeros[PAGE_MAX];

	if (from > to || to - from > copy->size)
		return EINVAL;
	return pwrite(copy->fd, zeros, to - from, (off_t)from) == (ssize_t)(to - from) ? 0 : EIO;
}

/* Behind the value of an entry, if it stands elsewhere. */
static int wipe_behind(const struct copy *copy, size_t entry)
{
	uint64_t size, first, end;
	size_t at;

	if (entry + ENTRY_HEAD > copy->size)
		return EINVAL;
	at = entry + ENTRY_HEAD + u16_at(copy, entry + 6);
	if (!(u16_at(copy, entry + 4) & ENTRY_ELSEWHERE))
		return 0;
	if (at + sizeof first > copy->size)
		return EINVAL;
	size = u16_at(copy, entry) | (uint64_t)u16_at(copy, entry + 2) << 16;
	memcpy(&first, copy->page + at, sizeof first);
	end = first * copy->size + PAGE_HEAD + size;
	return wipe(copy, end, (end + copy->size - 1) / copy->size * copy->size);
}

static int wipe_page(const struct copy *copy, uint64_t number)
{
	size_t low = u16_at(copy, 12), high = u16_at(copy, 14);
	int rc = 0;

	if (low < PAGE_HEAD || low > high || high > copy->size)
		return EINVAL;
	for (size_t at = PAGE_HEAD; !rc && u16_at(copy, 10) & PAGE_LEAF && at < low; at += 2)
		rc = wipe_behind(copy, u16_at(copy, at));
	return rc ? rc : wipe(copy, number * copy->size + low, number * copy->size + high);
}

static int wipe_gaps(struct kl_store *store, int fd)
{
	static struct copy copy;
	uint64_t number = 2; /* behind the two pages that tell of the file itself */
	MDB_stat stat;
	int rc = mdb_env_stat(store->env, &stat);

	copy.fd = fd;
	copy.size = stat.ms_psize;
	if (rc || copy.size > PAGE_MAX)
		return rc ? rc : EINVAL;
	while (!rc && pread(fd, copy.page, copy.size, (off_t)(number * copy.size)) ==
			      (ssize_t)copy.size) {
		uint64_t own;
		uint32_t pages = 1;

		memcpy(&own, copy.page, sizeof own);
		if (own != number)
			return EINVAL;
		if (u16_at(&copy, 10) & (PAGE_BRANCH | PAGE_LEAF))
			rc = wipe_page(&copy, number);
		else if (u16_at(&copy, 10) & PAGE_OVERFLOW)
			memcpy(&pages, copy.page + 12, sizeof pages);
		number += pages ? pages : 1;
	}
	return rc;
}

static int write_copy(struct kl_store *store, struct kl_fault *fault, uint64_t *ret_after)
{
	struct stat file = {0};
	int fd, rc;

	unlinkat(store->dir_fd, KL_DATA_FILE_NEW, 0);
	fd = openat(store->dir_fd, KL_DATA_FILE_NEW,
		O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return failed(store, errno, fault);
	rc = mdb_env_copyfd2(store->env, fd, MDB_CP_COMPACT);
	if (!rc)
		rc = wipe_gaps(store, fd);
	if (!rc && (fsync(fd) < 0 || fstat(fd, &file) < 0))
		rc = errno;
	close(fd);
	if (rc) {
		unlinkat(store->dir_fd, KL_DATA_FILE_NEW, 0);
		return failed(store, rc, fault);
	}
	*ret_after = (uint64_t)file.st_size;
	return KL_OK;
}

static int put_in_place(struct kl_store *store, struct kl_fault *fault)
{
	if (renameat(store->dir_fd, KL_DATA_FILE_NEW, store->dir_fd, KL_DATA_FILE) < 0 ||
		fsync(store->dir_fd) < 0)
		return failed(store, errno, fault);
	return KL_OK;
}

int kl_store_compact(
	const char *dir, struct kl_fault *fault, uint64_t *ret_before, uint64_t *ret_after)
{
	struct kl_verify_report report;
	uint64_t before = 0, after = 0;
	struct kl_store *store;
	int rc;

	/* what is damaged is evidence, and a copy of it would be damaged too */
	rc = kl_store_verify(dir, fault, &report);
	if (rc < 0)
		return rc;
	rc = kl_store_open_read_only(dir, fault, &store);
	if (rc < 0)
		return rc;
	rc = check_space(store, fault, &before);
	if (rc == KL_OK)
		rc = write_copy(store, fault, &after);
	if (rc == KL_OK)
		rc = put_in_place(store, fault);
	kl_store_close(store);
	if (rc < 0)
		return rc;
	*ret_before = before;
	*ret_after = after;
	return KL_OK;
}
