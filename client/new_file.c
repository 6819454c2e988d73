#include "client/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The part that Ctrl-C would leave behind. One at a time is written. */
static char pending[KL_NEW_FILE_PATH_MAX + 16];
static volatile sig_atomic_t is_pending;

void kl_new_file_interrupted(void)
{
	if (is_pending)
		(void)unlink(pending);
}

static int cannot(struct kl_fault *fault, const char *path, int error)
{
	if (error == EEXIST) {
		kl_fault(fault, KL_E_IO, "%s is already there", path);
		(void)kl_fault_hint(fault, "choose another name, or move it away");
		return KL_E_IO;
	}
	return kl_fault(fault, KL_E_IO, "%s: cannot be written: %s", path,
		error ? strerror(error) : "no reason is known");
}

/* "DIR/.keeplocal-XXXXXX" beside the file: within one folder a name can be given at once. */
static int name_part(struct kl_new_file *file, const char *path)
{
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash - path) + 1 : 0;
	int n = snprintf(file->part, sizeof file->part, "%.*s.keeplocal-XXXXXX", dir, path);

	return n > 0 && (size_t)n < sizeof file->part ? KL_OK : KL_E_TOO_BIG;
}

/* mkstemp() makes a file that nobody else may read; this one is as any other file of its owner. */
static void set_usual_mode(int fd)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	(void)fchmod(fd, 0666 & ~mask);
}

/* Why no file may get that name: an errno, or 0. */
static int is_taken(const char *path, bool over)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return 0;
	if (!over)
		return EEXIST;
	return S_ISDIR(st.st_mode) ? EISDIR : 0;
}

static int begin(struct kl_new_file *file, const char *path, bool over, struct kl_fault *fault)
{
	int fd, error;

	memset(file, 0, sizeof *file);
	file->over = over;
	if (strlen(path) >= sizeof file->path || name_part(file, path)) {
		file->part[0] = '\0';
		return kl_fault(fault, KL_E_TOO_BIG, "the name of the file to write is too long");
	}
	memcpy(file->path, path, strlen(path) + 1);
	error = is_taken(path, over);
	fd = error ? -1 : mkstemp(file->part);
	if (fd < 0) {
		file->part[0] = '\0';
		return cannot(fault, path, error ? error : errno);
	}
	memcpy(pending, file->part, sizeof pending);
	is_pending = 1;
	set_usual_mode(fd);
	file->out = fdopen(fd, "wb");
	if (file->out)
		return KL_OK;
	close(fd);
	kl_new_file_drop(file);
	return kl_fault(fault, KL_E_NOMEM, "no memory to write %s", path);
}

int kl_new_file_begin(struct kl_new_file *file, const char *path, struct kl_fault *fault)
{
	return begin(file, path, false, fault);
}

int kl_new_file_begin_over(struct kl_new_file *file, const char *path, struct kl_fault *fault)
{
	return begin(file, path, true, fault);
}

/* A stream remembers that a write failed before, and not why: mostly the disk is full. */
static int why_failed(FILE *out)
{
	struct statvfs disk;

	return fstatvfs(fileno(out), &disk) == 0 && disk.f_bavail == 0 ? ENOSPC : EIO;
}

/* Flushes, writes to the disk and closes; errno, or 0. */
static int close_part(struct kl_new_file *file)
{
	int error = 0;

	errno = 0;
	if (fflush(file->out) != 0 || ferror(file->out))
		error = errno ? errno : why_failed(file->out);
	if (!error && fsync(fileno(file->out)) != 0 && errno != EINVAL)
		error = errno;
	if (fclose(file->out) != 0 && !error)
		error = errno;
	file->out = NULL;
	return error;
}

/* Gives the name without taking it from another file; not every file system knows both ways. */
static int give_name(const struct kl_new_file *file)
{
	if (file->over)
		return rename(file->part, file->path) == 0 ? 0 : errno;
	if (renameat2(AT_FDCWD, file->part, AT_FDCWD, file->path, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
	if (link(file->part, file->path) != 0)
		return errno;
	(void)unlink(file->part);
	return 0;
}

int kl_new_file_keep(struct kl_new_file *file, struct kl_fault *fault)
{
	int error = close_part(file);

	if (!error)
		error = give_name(file);
	if (error) {
		kl_new_file_drop(file);
		return cannot(fault, file->path, error);
	}
	is_pending = 0;
	file->part[0] = '\0';
	return KL_OK;
}

void kl_new_file_drop(struct kl_new_file *file)
{
	if (file->out)
		(void)fclose(file->out);
	file->out = NULL;
	if (!file->part[0])
		return;
	(void)unlink(file->part);
	is_pending = 0;
	file->part[0] = '\0';
}
