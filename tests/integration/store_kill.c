/* A process that writes to the store is killed at any moment, fifty times over.
 *
 * The writer commits one batch after the other; each belongs together: a counter, four documents, a
 * record at the head of a feed, and an upload that becomes visible. After each commit it tells its
 * counter through a pipe. When it was killed, the store is verified and opened again, and must hold
 * everything that was told, at most one batch more, and nothing by halves.
 *
 *     store_kill [ROUNDS] [SEED] */
#include "store/documents.h"
#include "store/feeds.h"
#include "store/imports.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DOCUMENTS = 4, PARTS = 3, LONGEST_US = 30000, PART_BYTES = 9000 };

static char dir[256];

static _Noreturn void bail_out(const char *what, const struct kl_fault *fault)
{
	printf("Bail out! %s: %s\n", what, fault ? fault->message : "");
	exit(1);
}

/* ---- the writer ------------------------------------------------------------------------------ */

static uint64_t counter_of(struct kl_store *store, const char *name)
{
	uint8_t *bytes;
	uint64_t counter;
	size_t len;
	int rc = kl_document_get(store, "count", name, 0, &bytes, &len, NULL);

	if (rc == KL_E_NOT_FOUND)
		return 0;
	if (rc < 0 || len < 8)
		bail_out("a document is not readable", NULL);
	counter = kl_get_u64(bytes);
	free(bytes);
	return counter;
}

static void put_documents(struct kl_batch *batch, uint64_t counter)
{
	uint8_t bytes[500] = {0};
	char name[16];

	kl_put_u64(bytes, counter);
	for (int i = 0; i < DOCUMENTS; i++) {
		snprintf(name, sizeof name, "%d", i);
		kl_document_put(batch, "count", name,
			kl_bytes(bytes, 100 + (counter * 37 + (uint64_t)i * 11) % 400));
	}
}

static struct kl_id id_of(uint64_t seq)
{
	struct kl_id id = {{1}};

	kl_put_u64(id.b + 8, seq);
	return id;
}

static const struct kl_feed_id feed = {.author = {{7}}, .epoch = 1};

static void put_record(struct kl_batch *batch, uint64_t seq)
{
	static const uint8_t signature[KL_STORE_SIGNATURE_BYTES];
	static const uint8_t payload[3000];
	struct kl_id prev = id_of(seq - 1);
	struct kl_stored_record record = {
		.seq = seq,
		.id = id_of(seq),
		.header = kl_bytes_str("a header"),
		.signature = signature,
		.payload = kl_bytes(payload, seq * 131 % sizeof payload),
	};

	kl_feed_append(batch, &feed, &prev, &record, 1);
}

static void commit(struct kl_store *store, struct kl_batch *batch)
{
	struct kl_fault fault = {0};

	if (kl_store_commit(store, batch, &fault) < 0)
		_exit(2);
	kl_batch_reset(batch);
}

static uint64_t stage_import(struct kl_store *store, struct kl_batch *batch)
{
	static const uint8_t rows[PART_BYTES];
	uint64_t id;

	if (kl_import_begin(store, &id) < 0)
		_exit(3);
	for (uint32_t i = 0; i < PARTS; i++) {
		kl_import_part(batch, id, i, kl_bytes(rows, sizeof rows));
		if (i == 1)
			commit(store, batch);
	}
	commit(store, batch);
	return id;
}

/* Runs until it is killed. */
static _Noreturn void write_on(int pipe_fd)
{
	struct kl_store_options small = {.map_size = 1 << 18}; /* grows on the way, too */
	struct kl_batch *batch = kl_batch_new();
	struct kl_store *store;
	uint64_t parts;

	if (!batch || kl_store_open(dir, &small, NULL, &store) < 0 ||
		kl_imports_sweep(store, NULL, &parts) < 0)
		_exit(4);
	for (uint64_t counter = counter_of(store, "0") + 1;; counter++) {
		uint64_t id = stage_import(store, batch);

		put_documents(batch, counter);
		put_record(batch, counter);
		kl_import_publish(batch, id, "table", "t", PARTS, kl_bytes(NULL, 0));
		if (counter > 3)
			kl_import_undo(batch, counter - 3);
		commit(store, batch);
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

static int sum_imports(void *arg, const struct kl_import *import)
{
	uint64_t *imports = arg;

	if (import->parts != PARTS || import->bytes != (uint64_t)PARTS * PART_BYTES)
		return KL_E_DAMAGED;
	imports[0]++;
	imports[1] = import->order;
	return KL_VISIT_ON;
}

/* `known`: the last batch that was acknowledged, or seen in the store before. */
static const char *look(struct kl_store *store, uint64_t known, uint64_t *ret_counter)
{
	uint64_t counter = counter_of(store, "0"), imports[2] = {0}, parts;
	struct kl_feed_head head;
	struct kl_store_info info;
	char name[16];

	if (counter < known)
		return "an acknowledged batch is lost";
	if (counter > known + 1)
		return "more than one batch that was not acknowledged";
	for (int i = 1; i < DOCUMENTS; i++) {
		snprintf(name, sizeof name, "%d", i);
		if (counter_of(store, name) != counter)
			return "half of the documents of a batch";
	}
	if (kl_feed_head(store, &feed, &head) < 0 || head.seq != counter)
		return "a batch without its record";
	if (kl_import_visit(store, NULL, sum_imports, imports) < 0)
		return "half of an import is visible";
	if (imports[1] != counter || imports[0] != (counter < 3 ? counter : 3))
		return "a batch without its import";
	if (kl_imports_sweep(store, NULL, &parts) < 0 || kl_store_info(store, &info) < 0 ||
		info.entries[KL_TABLE_PARTS] != PARTS * imports[0])
		return "parts are left over";
	*ret_counter = counter;
	return NULL;
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

static void remove_files(void)
{
	static const char *const names[] = {"data.mdb", "lock.mdb"};
	char path[300];

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
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
		remove_files();
	return failed ? 1 : 0;
}
