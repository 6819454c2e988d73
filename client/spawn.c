#include "client/spawn.h"
#include "core/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define PROGRAM "keeplocald"

/* Where the program may be beside this one; else its bare name, for PATH. */
static const char *find_program(char out[PATH_MAX])
{
	static const char *const beside[] = {"/" PROGRAM, "/../daemon/" PROGRAM};
	char own[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);
	char *slash;

	if (len > 0) {
		own[len] = '\0';
		slash = strrchr(own, '/');
		if (slash)
			*slash = '\0';
		for (size_t i = 0; slash && i < sizeof beside / sizeof *beside; i++)
			if (snprintf(out, PATH_MAX, "%s%s", own, beside[i]) < PATH_MAX &&
				!access(out, X_OK))
				return out;
	}
	return strcpy(out, PROGRAM);
}

/* Files in memory take what it prints: nobody need read while it runs. */
static int start(const char *program, char *const *argv, int out, int err, pid_t *ret_child)
{
	posix_spawn_file_actions_t actions;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc)
		return rc;
	if (!(rc = posix_spawn_file_actions_addopen(
		      &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)) &&
		!(rc = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO)) &&
		!(rc = posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO)))
		rc = posix_spawnp(ret_child, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static void read_all(int file, char *out, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len + 1 < size && (n = pread(file, out + len, size - 1 - len, (off_t)len)) > 0)
		len += (size_t)n;
	out[len] = '\0';
}

/* A code whose exit code this is; what it means stands in the words. */
static int code_of(int exit_code)
{
	static const int codes[] = {KL_E_NOT_FOUND, KL_E_USAGE, KL_E_INVALID, KL_E_UNREACHABLE,
		KL_E_IO, KL_E_BUSY, KL_E_CONFIG};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (kl_error_exit(codes[i]) == exit_code)
			return codes[i];
	return KL_E_BUG;
}

/* Its last words are "keeplocald: MESSAGE", and on the next line "  HINT" if it has one; log lines
 * may stand before. */
static int take_words(char *err, int exit_code, struct kl_fault *fault)
{
	static const char mark[] = PROGRAM ": ";
	char *message = NULL, *hint, *end;

	for (char *at = err; (at = strstr(at, mark)); at++)
		if (at == err || at[-1] == '\n')
			message = at;
	if (!message)
		return kl_fault(
			fault, code_of(exit_code), PROGRAM " failed with exit code %d", exit_code);
	message += strlen(mark);
	hint = strchr(message, '\n');
	if (hint)
		*hint++ = '\0';
	kl_fault(fault, code_of(exit_code), "%s", message);
	if (hint && !strncmp(hint, "  ", 2)) {
		end = strchr(hint, '\n');
		if (end)
			*end = '\0';
		(void)kl_fault_hint(fault, "%s", hint + 2);
	}
	return fault->code;
}

static int wait_for(pid_t child, char *err, struct kl_fault *fault, int file)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return kl_fault(fault, KL_E_IO, PROGRAM " was lost: %s", strerror(errno));
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return KL_OK;
	if (!WIFEXITED(status))
		return kl_fault(fault, KL_E_BUG, PROGRAM " died of signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status) == 127)
		return kl_fault(fault, KL_E_CONFIG, PROGRAM " cannot be started");
	read_all(file, err, KL_SPAWN_OUT_MAX);
	return take_words(err, WEXITSTATUS(status), fault);
}

int kl_spawn_daemon(const char *const *args, char *ret_out, size_t size, struct kl_fault *fault)
{
	char program[PATH_MAX], err[KL_SPAWN_OUT_MAX];
	char *argv[KL_SPAWN_ARGS_MAX + 2];
	size_t n = 0;
	int out_file = memfd_create("out", MFD_CLOEXEC), rc;
	int err_file = memfd_create("err", MFD_CLOEXEC);
	pid_t child;

	argv[n++] = (char *)(uintptr_t)find_program(program);
	for (size_t i = 0; args[i]; i++) {
		KL_ASSERT(i < KL_SPAWN_ARGS_MAX);
		argv[n++] = (char *)(uintptr_t)args[i]; /* posix_spawn changes nothing in them */
	}
	argv[n] = NULL;
	if (out_file < 0 || err_file < 0) {
		rc = kl_fault(fault, KL_E_IO, "no files in memory: %s", strerror(errno));
		goto done;
	}
	rc = start(program, argv, out_file, err_file, &child);
	if (rc) {
		kl_fault(fault, KL_E_CONFIG, PROGRAM " cannot be started: %s", strerror(rc));
		rc = kl_fault_hint(fault, "it belongs beside keeplocal, or on PATH");
		goto done;
	}
	rc = wait_for(child, err, fault, err_file);
	if (!rc)
		read_all(out_file, ret_out, size);
done:
	if (out_file >= 0)
		close(out_file);
	if (err_file >= 0)
		close(err_file);
	return rc;
}
