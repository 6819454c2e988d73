/* A process that writes to the store is killed at any moment, fifty times over.
 *
 * The writer writes one round after the other (store_writer.h), and tells each through a pipe once it is
 * committed. When it was killed, the store is verified and opened again, and must hold
 * everything that was told, at most one batch more, and nothing by halves.
 *
 *     store_kill [ROUNDS] [SEED] */
#include "store/imports.h"
#include "tests/integration/store_writer.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST_US = 30000 };

static char dir[256];

static _Noreturn void bail_out(const char *what, const struct kl_fault *fault)
{
	printf("Bail out! %s: %s\n", what, fault ? fault->message : "");
	exit(1);
}

/* ---- the writer ------------------------------------------------------------------------------ */

/* Runs until it is killed. */
static _Noreturn void write_on(int pipe_fd)
{
	struct kl_store_options small = {.map_size = 1 << 18}; /* grows on the way, too */
	struct kl_batch *batch = kl_batch_new();
	struct kl_store *store;
	uint64_t parts, counter;

	if (!batch || kl_store_open(dir, &small, NULL, &store) < 0 ||
		kl_imports_sweep(store, NULL, &parts) < 0 || writer_counter(store, &counter) < 0)
		_exit(4);
	for (;;) {
		counter++;
		if (writer_round(store, batch, counter, NULL) < 0)
			_exit(2);
		if (write(pipe_fd, &counter, sizeof counter) != sizeof counter)
			_exit(5);
	}
}

/* ---- the one who kills and looks --------------------------------------------------------------- */

/* Kills after `after_us` from the writer's first word (or from its start, in some rounds). */
static uint64_t run_writer(unsigned after_us, bool wait_for_first)
{
	struct timespec pause = {.tv_nsec = (long)after_us * 1000};
	uint64_t told = 0, next;
	int ends[2], status;
	pid_t writer;

	if (pipe(ends) < 0)
		bail_out("no pipe", NULL);
	fflush(stdout);
	writer = fork();
	if (writer < 0)
		bail_out("no process", NULL);
	if (!writer) {
		close(ends[0]);
		write_on(ends[1]);
	}
	close(ends[1]);
	if (wait_for_first && read(ends[0], &next, sizeof next) == sizeof next)
		told = next;
	nanosleep(&pause, NULL);
	kill(writer, SIGKILL);
	while (read(ends[0], &next, sizeof next) == sizeof next)
		told = next;
	close(ends[0]);
	waitpid(writer, &status, 0);
	if (!WIFSIGNALED(status)) {
		printf("# the writer ended by itself, code %d\n", WEXITSTATUS(status));
		return UINT64_MAX;
	}
	return told;
}

/* `known`: the last round that was told, or seen in the store before. One more may be there. */
static const char *look(struct kl_store *store, uint64_t known, uint64_t *ret_counter)
{
	uint64_t counter;

	if (writer_counter(store, &counter) < 0)
		return "a document is not readable";
	if (counter < known)
		return "an acknowledged round is lost";
	if (counter > known + 1)
		return "more than one round that was not acknowledged";
	*ret_counter = counter;
	return writer_look(store, counter);
}

static const char *check(uint64_t told, uint64_t *ret_counter)
{
	uint64_t known = told > *ret_counter ? told : *ret_counter;
	static struct kl_fault fault;
	struct kl_verify_report report;
	struct kl_store *store;
	const char *wrong;
	int rc;

	if (told == UINT64_MAX)
		return "the writer failed";
	rc = kl_store_verify(dir, &fault, &report);
	/* killed before there was anything: a folder, or a file without tables */
	if (rc < 0 && known)
		return fault.message;
	if (kl_store_open(dir, NULL, &fault, &store) < 0)
		return fault.message;
	wrong = look(store, known, ret_counter);
	kl_store_close(store);
	return wrong;
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 50;
	unsigned seed = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : (unsigned)time(NULL);
	const char *tmp = getenv("TMPDIR");
	uint64_t counter = 0, before;
	int failed = 0;

	snprintf(dir, sizeof dir, "%s/keeplocal-kill-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		bail_out("no folder", NULL);
	srandom(seed);
	printf("TAP version 13\n1..%u\n# seed %u\n", rounds, seed);
	for (unsigned i = 1; i <= rounds; i++) {
		unsigned after = (unsigned)random() % LONGEST_US;
		uint64_t told = run_writer(after, i % 5 != 0);
		const char *wrong;

		before = counter;
		wrong = check(told, &counter);
		printf("%sok %u - killed after %llu commits, %u us\n", wrong ? "not " : "", i,
			(unsigned long long)(counter - before), after);
		if (wrong)
			printf("# %s (seed %u, acknowledged %llu)\n", wrong, seed,
				(unsigned long long)told);
		failed += wrong != NULL;
	}
	if (failed)
		printf("# the files are kept in %s\n", dir);
	else
		writer_remove(dir);
	return failed ? 1 : 0;
}
