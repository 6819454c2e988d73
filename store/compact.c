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

static int write_copy(struct kl_store *store, struct kl_fault *fault, uint64_t *ret_after)
{
	struct stat file = {0};
	int fd, rc;

	unlinkat(store->dir_fd, KL_DATA_FILE_NEW, 0);
	fd = openat(store->dir_fd, KL_DATA_FILE_NEW,
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return failed(store, errno, fault);
	rc = mdb_env_copyfd2(store->env, fd, MDB_CP_COMPACT);
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
