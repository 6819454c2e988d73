/* What happens when the disk is full, fails or brings back other bytes than were written.
 *
 * This program has pwrite, writev and fdatasync of its own, which LMDB then calls, and which fail
 * on demand. */
#include "store/documents.h"
#include "store/feeds.h"
#include "store/imports.h"
#include "tests/unit/store_home.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a disk that fails ----------------------------------------------------------------------- */

static struct {
	int data, meta, sync; /* errno to fail with; 0: work. SHORT: write only half */
} disk;

enum { SHORT = -1, META_END = 2 * 4096 };

/* The name is spelt out because a compiler with 64-bit file offsets would call it pwrite64. */
ssize_t failing_pwrite(int fd, const void *data, size_t len, off_t offset) __asm__("pwrite");

ssize_t failing_pwrite(int fd, const void *data, size_t len, off_t offset)
{
	int fault = offset < META_END ? disk.meta : disk.data;

	if (fault > 0) {
		errno = fault;
		return -1;
	}
	return syscall(SYS_pwrite64, fd, data, fault == SHORT ? len / 2 : len, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
	if (disk.data > 0) {
		errno = disk.data;
		return -1;
	}
	return syscall(SYS_writev, fd, parts, disk.data == SHORT ? 1 : n);
}

int fdatasync(int fd)
{
	if (disk.sync) {
		errno = disk.sync;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

/* ---- writing --------------------------------------------------------------------------------- */

static void put(struct home *home, const char *name, const char *value)
{
	kl_document_put(home->batch, "note", name, kl_bytes_str(value));
}

static void expect(struct home *home, const char *name, const char *value)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(home->store, "note", name, 0, &bytes, &len, NULL);

	if (!value) {
		assert_rc(rc, KL_E_NOT_FOUND);
		return;
	}
	assert_rc(rc, KL_OK);
	assert_int_equal(len, strlen(value));
	assert_memory_equal(bytes, value, len);
	free(bytes);
}

static void verify_whole(struct home *home)
{
	struct kl_verify_report report;

	home_close(home);
	if (kl_store_verify(home->dir, &home->fault, &report) < 0)
		fail_msg("%s", home->fault.message);
	home_open(home);
}

/* Also when it is noticed in the last moment: some file systems find room only when they sync, or write
 * the meta page somewhere else. */
static void a_full_disk_loses_nothing(void **state)
{
	static const int codes[] = {ENOSPC, EDQUOT, EFBIG};
	int *const places[] = {&disk.data, &disk.meta, &disk.sync};
	struct home *home = *state;

	put(home, "a", "before");
	home_commit(home);
	for (size_t i = 0; i < 3 * sizeof codes / sizeof *codes; i++) {
		put(home, "a", "never");
		*places[i % 3] = codes[i / 3];
		assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_FULL);
		*places[i % 3] = 0;
		assert_non_null(strstr(home->fault.message, "no space left"));
		assert_false(kl_store_is_broken(home->store));
		expect(home, "a", "before");
		kl_batch_reset(home->batch);
	}
	put(home, "a", "after");
	home_commit(home);
	expect(home, "a", "after");
	verify_whole(home);
	expect(home, "a", "after");
}

/* A real limit: the kernel writes what still fits and cuts the rest off. */
static void a_file_at_its_limit_is_a_full_disk(void **state)
{
	struct home *home = *state;
	static uint8_t bulk[KL_STORE_VALUE_MAX];
	struct rlimit old, low;
	struct stat file;
	int full = 0;

	memset(bulk, 7, sizeof bulk);
	put(home, "a", "before");
	home_commit(home);
	assert_int_equal(stat(home_file(home, "data.mdb"), &file), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	low = old;
	low.rlim_cur = (rlim_t)file.st_size + 2000000;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	for (int i = 0; i < 8 && !full; i++) {
		char name[16];

		snprintf(name, sizeof name, "bulk %d", i);
		kl_batch_reset(home->batch);
		kl_document_put(home->batch, "note", name, kl_bytes(bulk, sizeof bulk));
		put(home, "a", "never");
		full = kl_store_commit(home->store, home->batch, &home->fault) == KL_E_FULL;
		if (!full) {
			kl_batch_reset(home->batch);
			put(home, "a", "before");
			home_commit(home);
		}
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_true(full);
	assert_false(kl_store_is_broken(home->store));
	expect(home, "a", "before");
	home_commit(home);
	expect(home, "a", "never");
	verify_whole(home);
}

static bool end_of_trouble(void *arg, enum kl_lack lack, const struct kl_batch *batch)
{
	(void)batch;
	assert_int_equal(lack, *(enum kl_lack *)arg);
	disk.data = 0;
	return true;
}

/* Whoever is told of a full disk can make room: then what is urgent is in the same commit. */
static void what_is_urgent_is_tried_again(void **state)
{
	struct home *home = *state;
	enum kl_lack wanted = KL_LACK_DISK;
	struct kl_store_options options = {.lacks = end_of_trouble, .arg = &wanted};

	home_close(home);
	assert_rc(kl_store_open(home->dir, &options, &home->fault, &home->store), KL_OK);
	put(home, "a", "ordinary");
	disk.data = ENOSPC;
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_FULL);
	assert_int_equal(disk.data, 0);
	expect(home, "a", NULL);
	kl_batch_reset(home->batch);
	put(home, "a", "urgent");
	kl_batch_urge(home->batch);
	disk.data = ENOSPC;
	home_commit(home);
	expect(home, "a", "urgent");

	put(home, "a", "never"); /* on a disk that fails nothing is tried again */
	kl_batch_urge(home->batch);
	wanted = KL_LACK_WRITING;
	disk.data = EIO;
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_IO);
	assert_true(kl_store_is_broken(home->store));
	expect(home, "a", "urgent");
}

/* After any of these nothing is written until the store was opened again. */
static void a_failing_disk_stops_all_writing(void **state)
{
	struct home *home = *state;

	for (int kind = 0; kind < 4; kind++) {
		put(home, "a", "before");
		home_commit(home);
		put(home, "a", "never");
		disk.data = kind == 0 ? EIO : kind == 1 ? SHORT : 0;
		disk.meta = kind == 2 ? EIO : 0;
		disk.sync = kind == 3 ? EIO : 0;
		assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_IO);
		disk.data = disk.meta = disk.sync = 0;
		assert_non_null(strstr(home->fault.hint, "Nothing more is written"));
		assert_true(kl_store_is_broken(home->store));
		expect(home, "a", "before"); /* everybody can read on */
		assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_IO);
		assert_non_null(strstr(home->fault.message, "an earlier write failed"));

		assert_rc(kl_store_reopen(home->store, &home->fault), KL_OK);
		assert_false(kl_store_is_broken(home->store));
		expect(home, "a", "before");
		kl_batch_reset(home->batch);
		put(home, "a", "after");
		home_commit(home);
		expect(home, "a", "after");
		verify_whole(home);
	}
}

static void versions_are_told_only_after_the_commit(void **state)
{
	struct home *home = *state;
	uint64_t version = 77;

	kl_document_add(home->batch, "note", "a", kl_bytes_str("x"), &version);
	disk.data = ENOSPC;
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_FULL);
	disk.data = 0;
	assert_int_equal(version, 77);
	home_commit(home);
	assert_int_equal(version, 1);
}

/* ---- other bytes ----------------------------------------------------------------------------- */

static void a_changed_byte_is_noticed(void **state)
{
	struct home *home = *state;
	struct kl_verify_report report;
	uint8_t *bytes;
	size_t len;

	put(home, "good", "nothing happened to this one");
	put(home, "bad", "the seventh word of this");
	home_commit(home);
	verify_whole(home);
	home_close(home);
	home_damage(home, "the seventh word", 5);
	assert_rc(kl_store_verify(home->dir, &home->fault, &report), KL_E_DAMAGED);
	assert_non_null(strstr(home->fault.message, "documents"));
	assert_null(strstr(home->fault.message, "word"));
	home_open(home);
	expect(home, "good", "nothing happened to this one");
	assert_rc(kl_document_get(home->store, "note", "bad", 0, &bytes, &len, NULL), KL_E_DAMAGED);
	assert_rc(kl_document_get(home->store, "note", "bad", KL_LATEST, &bytes, &len, NULL),
		KL_E_DAMAGED);
	kl_document_delete(home->batch, "note", "bad", KL_LATEST);
	home_commit(home);
	verify_whole(home);
}

static void a_file_cut_short_is_not_opened(void **state)
{
	static uint8_t bulk[200000];
	struct home *home = *state;
	struct kl_verify_report report;
	struct kl_store_info info;
	struct kl_store *store;
	off_t sizes[4];

	kl_document_put(home->batch, "note", "bulk", kl_bytes(bulk, sizeof bulk));
	home_commit(home);
	assert_rc(kl_store_info(home->store, &info), KL_OK);
	home_close(home);
	sizes[0] = (off_t)info.used_bytes - 1;
	sizes[1] = (off_t)info.used_bytes / 2;
	sizes[2] = 5000;
	sizes[3] = 100;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		assert_int_equal(truncate(home_file(home, "data.mdb"), sizes[i]), 0);
		assert_rc(kl_store_open(home->dir, NULL, &home->fault, &store), KL_E_DAMAGED);
		assert_non_null(strstr(home->fault.message, "damaged"));
		assert_non_null(strstr(home->fault.hint, "Restore the last backup"));
		assert_rc(kl_store_verify(home->dir, &home->fault, &report), KL_E_DAMAGED);
	}
}

static void a_file_of_something_else_is_not_opened(void **state)
{
	struct home *home = *state;
	struct kl_store *store;
	FILE *file;

	home_close(home);
	file = fopen(home_file(home, "data.mdb"), "wb");
	assert_non_null(file);
	for (int i = 0; i < 20000; i++)
		fputc("not a database "[i % 15], file);
	fclose(file);
	assert_rc(kl_store_open(home->dir, NULL, &home->fault, &store), KL_E_DAMAGED);
}

/* The file always reaches a little beyond its last page, so that one which is shorter is damaged
 * for sure; also when pages at its end were taken and given back in one transaction. */
static void a_sound_file_is_never_too_short(void **state)
{
	struct home *home = *state;
	static uint8_t bulk[30000];
	struct kl_store_info info;

	for (int round = 0; round < 30; round++) {
		for (int i = 0; i < 40; i++) {
			uint8_t key[2] = {(uint8_t)(i + 1), (uint8_t)round};
			size_t len = (size_t)(i * 733 + round * 97) % sizeof bulk;

			kl_batch_put(
				home->batch, KL_TABLE_PARTS, kl_bytes(key, 2), kl_bytes(bulk, len));
			if ((i + round) % 3)
				kl_batch_delete(home->batch, KL_TABLE_PARTS, kl_bytes(key, 2));
		}
		home_commit(home);
		assert_rc(kl_store_info(home->store, &info), KL_OK);
		assert_true(info.file_bytes >= info.used_bytes);
	}
}

/* ---- anything at all --------------------------------------------------------------------------- */

static void fill(struct home *home)
{
	static const uint8_t signature[KL_STORE_SIGNATURE_BYTES];
	struct kl_feed_id feed = {.author = {{1}}, .epoch = 1};
	struct kl_id prev = {{0}};
	uint64_t id;
	char name[32];

	for (unsigned i = 1; i <= 60; i++) {
		struct kl_stored_record record = {.seq = i,
			.id = {{(uint8_t)i}},
			.header = kl_bytes_str("a header"),
			.signature = i % 3 ? NULL : signature,
			.payload = kl_bytes_str("a payload")};

		kl_feed_append(home->batch, &feed, &prev, &record, 1);
		prev = record.id;
		snprintf(name, sizeof name, "name %u", i);
		put(home, name, "some text that is kept under a name");
	}
	assert_rc(kl_import_begin(home->store, &id), KL_OK);
	for (unsigned i = 0; i < 4; i++)
		kl_import_part(home->batch, id, i, kl_bytes_str("rows of a table"));
	kl_import_publish(home->batch, id, "suppliers", "2024", 4, kl_bytes_str("note"));
	home_commit(home);
}

static int digest_entry(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	uint64_t *digest = arg;

	for (size_t i = 0; i < key.len; i++)
		*digest = (*digest ^ key.data[i]) * UINT64_C(1099511628211);
	for (size_t i = 0; i < value.len; i++)
		*digest = (*digest ^ value.data[i]) * UINT64_C(1099511628211);
	return KL_VISIT_ON;
}

static int digest_of(const char *dir, uint64_t *ret_digest)
{
	uint64_t digest = UINT64_C(14695981039346656037);
	struct kl_store *store;
	int rc = kl_store_open(dir, NULL, NULL, &store);

	if (rc < 0)
		return rc;
	for (int t = 0; t < KL_TABLE_COUNT && rc == KL_OK; t++)
		rc = kl_store_visit(
			store, (enum kl_table)t, kl_bytes(NULL, 0), digest_entry, &digest);
	kl_store_close(store);
	*ret_digest = digest;
	return rc;
}

enum { WHOLE = 0, DAMAGED = 10, LIED = 11 };

/* In a process of its own, as the daemon does it: damaged files can crash LMDB. */
static int judge(const char *dir, uint64_t digest)
{
	struct kl_verify_report report;
	uint64_t now;
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDERR_FILENO);
		dup2(null, STDOUT_FILENO);
		signal(SIGALRM, SIG_DFL);
		alarm(20);
		if (kl_store_verify(dir, NULL, &report) < 0)
			_exit(DAMAGED);
		if (digest_of(dir, &now) < 0 || now != digest)
			_exit(LIED);
		_exit(WHOLE);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		fail_msg("verifying does not come to an end");
	return WIFEXITED(status) ? WEXITSTATUS(status) : DAMAGED;
}

static void copy_with_damage(
	const uint8_t *sound, size_t len, const char *path, size_t at, uint8_t by)
{
	int fd = open(path, O_WRONLY);
	uint8_t byte = sound[at] ^ by;

	assert_true(fd >= 0);
	assert_int_equal(syscall(SYS_pwrite64, fd, sound, len, 0), len);
	assert_int_equal(syscall(SYS_pwrite64, fd, &byte, 1, at), 1);
	close(fd);
}

/* One byte anywhere in use is changed: verifying finds it (or dies of it), or nothing that is kept
 * has changed. It never says "whole" of other contents. */
static void verifying_never_calls_other_contents_whole(void **state)
{
	struct home *home = *state;
	const char *given = getenv("KL_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : 20261123u, random = seed;
	struct kl_store_info info;
	uint64_t digest = 0;
	uint8_t *sound;
	FILE *file;
	int damaged = 0;

	fill(home);
	assert_rc(kl_store_info(home->store, &info), KL_OK);
	home_close(home);
	assert_rc(digest_of(home->dir, &digest), KL_OK);
	assert_int_equal(judge(home->dir, digest), WHOLE);
	sound = malloc(info.used_bytes);
	file = fopen(home_file(home, "data.mdb"), "rb");
	assert_non_null(sound);
	assert_non_null(file);
	assert_int_equal(fread(sound, 1, info.used_bytes, file), info.used_bytes);
	fclose(file);
	for (int i = 0; i < 40; i++) {
		size_t at;
		int verdict;

		random = random * 1103515245u + 12345u;
		at = (random >> 4) % info.used_bytes;
		copy_with_damage(sound, info.used_bytes, home_file(home, "data.mdb"), at,
			(uint8_t)(1u << (random >> 28) % 8));
		verdict = judge(home->dir, digest);
		if (verdict == LIED)
			fail_msg("seed %u, byte %zu: other contents were called whole", seed, at);
		damaged += verdict != WHOLE;
	}
	free(sound);
	assert_true(damaged > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(a_full_disk_loses_nothing),
		home_test(a_file_at_its_limit_is_a_full_disk),
		home_test(what_is_urgent_is_tried_again),
		home_test(a_failing_disk_stops_all_writing),
		home_test(versions_are_told_only_after_the_commit),
		home_test(a_changed_byte_is_noticed),
		home_test(a_file_cut_short_is_not_opened),
		home_test(a_file_of_something_else_is_not_opened),
		home_test(a_sound_file_is_never_too_short),
		home_test(verifying_never_calls_other_contents_whole),
	};

	return RUN(tests);
}
