/* The disk of a process that writes to the store fails: at each of its calls in turn, with EIO, ENOSPC or a
 * short write, once or twice in a row, until a run goes through without any of them having failed.
 *
 * The writer (store_writer.h) writes a few rounds. When one is refused it looks: everything that was
 * confirmed is there, and nothing of what was refused. Then it does what the daemon does, opens the store
 * again after a failed write, and repeats the round, which must work. In the end the store is verified.
 *
 *     store_faults LIBFAULTS.SO [ROUNDS]
 *
 * Starts itself again with LIBFAULTS.SO before everything else (LD_PRELOAD). */
#include "store/imports.h"
#include "tests/integration/faults.h"
#include "tests/integration/store_writer.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 3, CALLS_MAX = 2000, ATTEMPTS_MAX = 5 };
enum { HIT = 0, MISSED = 10, WRONG = 11 };

static const struct fault {
	const char *name;
	enum fault_kind kind;
	unsigned count;
} kinds[] = {
	{"EIO", FAULT_EIO, 1},
	{"EIO, twice", FAULT_EIO, 2},
	{"ENOSPC", FAULT_ENOSPC, 1},
	{"ENOSPC, four times", FAULT_ENOSPC, 4},
	{"a short write", FAULT_SHORT, 1},
	{"a short write, twice", FAULT_SHORT, 2},
};

static void (*arm)(enum fault_kind kind, unsigned at, unsigned count);
static unsigned (*failed)(void);
static char dir[256];
static int words[2]; /* the writer says through it what was wrong */

/* ---- the writer ------------------------------------------------------------------------------ */

static _Noreturn void wrong(const char *what, const struct kl_fault *fault)
{
	char line[700];
	int n = snprintf(
		line, sizeof line, "%s%s%s", what, fault ? ": " : "", fault ? fault->message : "");

	arm(FAULT_NONE, 0, 0);
	if (write(words[1], line, (size_t)n) < 0)
		_exit(1);
	_exit(WRONG);
}

/* In words, with a code that says what to do. */
static void check_refusal(int rc, const struct kl_fault *fault)
{
	if (rc != KL_E_FULL && rc != KL_E_IO)
		wrong("refused with another code", fault);
	if (!fault->message[0] || !fault->hint[0])
		wrong("refused without words", fault);
}

static struct kl_store *open_store(void)
{
	struct kl_store_options small = {.map_size = 1 << 18}; /* grows on the way, too */
	struct kl_fault fault = {0};
	struct kl_store *store;
	int rc = KL_E_BUG;

	for (int i = 0; i < ATTEMPTS_MAX; i++) {
		rc = kl_store_open(dir, &small, &fault, &store);
		if (!rc)
			return store;
		check_refusal(rc, &fault);
	}
	wrong("it cannot be opened when the disk works again", &fault);
}

static void get_over(struct kl_store *store)
{
	struct kl_fault fault = {0};
	int rc = KL_OK;

	for (int i = 0; i < ATTEMPTS_MAX && kl_store_is_broken(store); i++)
		rc = kl_store_reopen(store, &fault);
	if (rc)
		wrong("it cannot be opened again", &fault);
}

/* What was staged goes; this can fail as well. */
static void sweep(struct kl_store *store)
{
	struct kl_fault fault = {0};
	uint64_t parts;
	int rc = KL_E_BUG;

	for (int i = 0; i < ATTEMPTS_MAX && rc; i++) {
		get_over(store);
		rc = kl_imports_sweep(store, &fault, &parts);
	}
	if (rc)
		wrong("what was staged cannot be swept", &fault);
}

static void write_round(struct kl_store *store, struct kl_batch *batch, uint64_t counter)
{
	struct kl_fault fault = {0};
	const char *what;
	int rc = KL_E_BUG;

	for (int i = 0; i < ATTEMPTS_MAX; i++) {
		rc = writer_round(store, batch, counter, &fault);
		if (!rc)
			return;
		check_refusal(rc, &fault);
		if (kl_store_is_broken(store) != (rc == KL_E_IO))
			wrong("its code does not say whether it is broken", &fault);
		sweep(store);
		what = writer_look(store, counter - 1);
		if (what)
			wrong(what, NULL);
	}
	wrong("it is refused when the disk works again", &fault);
}

static _Noreturn void write_rounds(const struct fault *fault, unsigned at, unsigned rounds)
{
	struct kl_batch *batch = kl_batch_new();
	struct kl_store *store;
	unsigned hits;

	if (!batch)
		_exit(1);
	arm(fault->kind, at, fault->count);
	store = open_store();
	for (unsigned counter = 1; counter <= rounds; counter++)
		write_round(store, batch, counter);
	hits = failed();
	kl_store_close(store);
	_exit(hits ? HIT : MISSED);
}

/* ---- the one who looks ----------------------------------------------------------------------- */

static int run(const struct fault *fault, unsigned at, unsigned rounds, char out[800])
{
	ssize_t n;
	int status;
	pid_t writer;

	if (pipe(words) < 0)
		return WRONG;
	fflush(stdout);
	writer = fork();
	if (writer < 0)
		return WRONG;
	if (!writer)
		write_rounds(fault, at, rounds);
	close(words[1]);
	n = read(words[0], out, 799);
	out[n > 0 ? n : 0] = '\0';
	close(words[0]);
	waitpid(writer, &status, 0);
	if (!WIFEXITED(status))
		snprintf(out, 800, "the writer crashed, signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) == HIT || WEXITSTATUS(status) == MISSED)
		return WEXITSTATUS(status);
	return WRONG;
}

static const char *check(unsigned rounds)
{
	static struct kl_fault fault;
	struct kl_verify_report report;
	struct kl_store *store;
	const char *what;

	if (kl_store_verify(dir, &fault, &report) < 0)
		return fault.message;
	if (kl_store_open(dir, NULL, &fault, &store) < 0)
		return fault.message;
	what = writer_look(store, rounds);
	kl_store_close(store);
	return what;
}

static void make_folder(void)
{
	const char *tmp = getenv("TMPDIR");
	const char *place = tmp ? tmp : access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";

	snprintf(dir, sizeof dir, "%s/keeplocal-faults-XXXXXX", place);
	if (!mkdtemp(dir)) {
		printf("Bail out! no folder\n");
		exit(1);
	}
}

/* All calls of one kind; how many there were, or 0 if something was wrong. */
static unsigned try_all(const struct fault *fault, unsigned rounds)
{
	for (unsigned at = 1; at < CALLS_MAX; at++) {
		char out[800] = "";
		const char *what;
		int rc;

		make_folder();
		rc = run(fault, at, rounds, out);
		what = rc == WRONG ? out : check(rounds);
		if (what) {
			printf("# call %u: %s\n# the files are kept in %s\n", at, what, dir);
			return 0;
		}
		writer_remove(dir);
		if (rc == MISSED)
			return at - 1;
	}
	printf("# it never comes to an end\n");
	return 0;
}

int main(int argc, char **argv)
{
	const size_t n = sizeof kinds / sizeof *kinds;
	unsigned rounds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : ROUNDS;
	int bad = 0;

	*(void **)&arm = dlsym(RTLD_DEFAULT, "faults_arm");
	*(void **)&failed = dlsym(RTLD_DEFAULT, "faults_failed");
	if (argc < 2 || (!arm && getenv("LD_PRELOAD"))) {
		fputs("usage: store_faults LIBFAULTS.SO [ROUNDS]\n", stderr);
		return 64;
	}
	if (!arm) { /* sanitizers want to be first, and need not be */
		setenv("LD_PRELOAD", argv[1], 1);
		setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
		execv("/proc/self/exe", argv);
		return 1;
	}
	printf("TAP version 13\n1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		unsigned calls = try_all(&kinds[i], rounds);

		bad += calls < 20; /* there are more: it looked at none of them */
		printf("%sok %zu - %s at each of %u calls\n", calls < 20 ? "not " : "", i + 1,
			kinds[i].name, calls);
	}
	return bad ? 1 : 0;
}
