/* A disk that fails now and then: for LD_PRELOAD, in front of a program that knows nothing of it.
 *
 *     KL_FAULT=KIND:AT:COUNT KL_FAULT_TOLD=FILE LD_PRELOAD=libfaults.so PROGRAM ..
 *
 * Counts the calls that change or sync the files of a database and lets number AT fail, and the COUNT - 1
 * behind it. KIND: EIO, ENOSPC, or `short`: half of what was to be written is (what cannot be halved fails
 * with EIO). Names of calls that failed are written to FILE, a line each. */
#include "tests/integration/faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static struct {
	enum fault_kind kind;
	unsigned at, count, calls, failed;
	bool armed; /* or the environment was looked at */
} faults;

void faults_arm(enum fault_kind kind, unsigned at, unsigned count)
{
	faults.kind = kind;
	faults.at = at;
	faults.count = count;
	faults.calls = faults.failed = 0;
	faults.armed = true;
}

unsigned faults_failed(void)
{
	return faults.failed;
}

static void arm_by_environment(void)
{
	const char *text = getenv("KL_FAULT");
	char kind[8] = "";
	unsigned at = 0, count = 1;

	if (!text || sscanf(text, "%7[^:]:%u:%u", kind, &at, &count) < 2)
		faults_arm(FAULT_NONE, 0, 0);
	else if (!strcmp(kind, "EIO"))
		faults_arm(FAULT_EIO, at, count);
	else if (!strcmp(kind, "ENOSPC"))
		faults_arm(FAULT_ENOSPC, at, count);
	else
		faults_arm(FAULT_SHORT, at, count);
}

static bool is_ours(int fd)
{
	static const char *const names[] = {"data.mdb", "data.mdb.new", "lock.mdb"};
	char link[64], path[4096];
	const char *name;
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	name = strrchr(path, '/');
	for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
		if (!strcmp(name + 1, names[i]))
			return true;
	return false;
}

static void tell(const char *call)
{
	const char *path = getenv("KL_FAULT_TOLD");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
	char line[64];
	int n = snprintf(line, sizeof line, "%s\n", call);

	if (fd < 0)
		return;
	if (syscall(SYS_write, fd, line, (size_t)n) < 0)
		abort();
	close(fd);
}

/* What becomes of a call: FAULT_NONE, or how it fails. */
static enum fault_kind next(int fd, const char *call)
{
	int before = errno;
	enum fault_kind kind = FAULT_NONE;

	if (!faults.armed)
		arm_by_environment();
	if (faults.kind && is_ours(fd) && ++faults.calls >= faults.at &&
		faults.calls < faults.at + faults.count) {
		kind = faults.kind;
		faults.failed++;
		tell(call);
	}
	errno = before;
	return kind;
}

static int number(enum fault_kind kind)
{
	return kind == FAULT_ENOSPC ? ENOSPC : EIO;
}

static ssize_t write_at(int fd, const void *data, size_t len, off_t at)
{
	enum fault_kind kind = next(fd, "pwrite");

	if (kind == FAULT_SHORT)
		return syscall(SYS_pwrite64, fd, data, len / 2, at);
	if (!kind)
		return syscall(SYS_pwrite64, fd, data, len, at);
	errno = number(kind);
	return -1;
}

/* Half of them, and half of the first if it is alone. */
static ssize_t write_parts(int fd, const struct iovec *parts, int n, off_t at, bool positioned)
{
	enum fault_kind kind = next(fd, positioned ? "pwritev" : "writev");
	struct iovec half = {.iov_len = 0};

	if (kind && kind != FAULT_SHORT) {
		errno = number(kind);
		return -1;
	}
	if (kind && n > 1) {
		n /= 2;
	} else if (kind && n == 1) {
		half = (struct iovec){parts->iov_base, parts->iov_len / 2};
		parts = &half;
	}
	return positioned ? syscall(SYS_pwritev, fd, parts, n, at, 0)
			  : syscall(SYS_writev, fd, parts, n);
}

static int without_data(int fd, const char *call, long rc_number, long argument)
{
	enum fault_kind kind = next(fd, call);

	if (!kind)
		return (int)syscall(rc_number, fd, argument);
	errno = number(kind);
	return -1;
}

/* The names are spelt out because a compiler with 64-bit file offsets would call some otherwise. */
#define CALL(type, name, arguments)                                                                \
	type fault_##name arguments __asm__(#name);                                                \
	type fault_##name arguments

CALL(ssize_t, pwrite, (int fd, const void *data, size_t len, off_t at))
{
	return write_at(fd, data, len, at);
}

CALL(ssize_t, pwrite64, (int fd, const void *data, size_t len, off_t at))
{
	return write_at(fd, data, len, at);
}

CALL(ssize_t, pwritev, (int fd, const struct iovec *parts, int n, off_t at))
{
	return write_parts(fd, parts, n, at, true);
}

CALL(ssize_t, pwritev64, (int fd, const struct iovec *parts, int n, off_t at))
{
	return write_parts(fd, parts, n, at, true);
}

CALL(ssize_t, writev, (int fd, const struct iovec *parts, int n))
{
	return write_parts(fd, parts, n, 0, false);
}

CALL(ssize_t, write, (int fd, const void *data, size_t len))
{
	enum fault_kind kind = next(fd, "write");

	if (!kind || kind == FAULT_SHORT)
		return syscall(SYS_write, fd, data, kind ? len / 2 : len);
	errno = number(kind);
	return -1;
}

CALL(int, fsync, (int fd))
{
	return without_data(fd, "fsync", SYS_fsync, 0);
}

CALL(int, fdatasync, (int fd))
{
	return without_data(fd, "fdatasync", SYS_fdatasync, 0);
}

CALL(int, ftruncate, (int fd, off_t len))
{
	return without_data(fd, "ftruncate", SYS_ftruncate, len);
}

CALL(int, ftruncate64, (int fd, off_t len))
{
	return without_data(fd, "ftruncate", SYS_ftruncate, len);
}

static int allocate(int fd, off_t from, off_t len)
{
	enum fault_kind kind = next(fd, "posix_fallocate");

	if (kind)
		return number(kind);
	return syscall(SYS_fallocate, fd, 0, from, len) ? errno : 0;
}

CALL(int, posix_fallocate, (int fd, off_t from, off_t len))
{
	return allocate(fd, from, len);
}

CALL(int, posix_fallocate64, (int fd, off_t from, off_t len))
{
	return allocate(fd, from, len);
}

/* LMDB syncs a map only when it writes through it; no file belongs to the call. */
CALL(int, msync, (void *address, size_t len, int flags))
{
	if (!faults.armed)
		arm_by_environment();
	if (faults.kind && ++faults.calls >= faults.at && faults.calls < faults.at + faults.count) {
		faults.failed++;
		tell("msync");
		errno = number(faults.kind);
		return -1;
	}
	return (int)syscall(SYS_msync, address, len, flags);
}
