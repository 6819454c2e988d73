/* A daemon's disk that is full, at its limit or failing. This program has fstatvfs, posix_fallocate and
 * pwrite of its own, so that the disk is as the test says. */
#include "daemon/disk.h"
#include "daemon/node.h"
#include "store/documents.h"
#include "tests/unit/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { KB = 1 << 10, MB = 1 << 20, BALLAST = 256 * KB /* the least */ };

static struct {
	uint64_t free;
	int write, allocate; /* errno to fail with; 0: work */
} disk;

int fstatvfs(int fd, struct statvfs *out)
{
	(void)fd;
	*out = (struct statvfs){
		.f_frsize = 1, .f_bsize = 1, .f_blocks = 10 * MB, .f_bavail = disk.free};
	return 0;
}

int posix_fallocate(int fd, off_t from, off_t len)
{
	return disk.allocate ? disk.allocate : syscall(SYS_fallocate, fd, 0, from, len) ? errno : 0;
}

/* The name is spelt out because a compiler with 64-bit file offsets would call it pwrite64. */
ssize_t failing_pwrite(int fd, const void *data, size_t len, off_t offset) __asm__("pwrite");

ssize_t failing_pwrite(int fd, const void *data, size_t len, off_t offset)
{
	errno = disk.write;
	return disk.write ? -1 : syscall(SYS_pwrite64, fd, data, len, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
	errno = disk.write;
	return disk.write ? -1 : syscall(SYS_writev, fd, parts, n);
}

/* ---- one daemon ------------------------------------------------------------------------------ */

static struct kl_node node;
static struct kl_fault fault;
static char dir[] = "/tmp/keeplocal-disk-XXXXXX", data[64];
static uint8_t bulk[MB];

static void begin(uint64_t max_store)
{
	struct kl_store_options options = {.map_size = max_store,
		.map_max = max_store,
		.map_reserve = kl_disk_reserve(max_store),
		.lacks = kl_disk_lacks,
		.arg = &node};

	node = (struct kl_node){.config.max_store = max_store};
	disk.free = 100 * MB;
	disk.write = disk.allocate = 0;
	assert_non_null(mkdtemp(dir));
	snprintf(node.home.path, sizeof node.home.path, "%s", dir);
	snprintf(data, sizeof data, "%s/data", dir);
	node.home.dir = open(dir, O_RDONLY | O_DIRECTORY);
	assert_true(node.home.dir >= 0);
	assert_int_equal(uv_loop_init(&node.uv), 0);
	kl_disk_prepare(&node);
	if (kl_store_open(data, &options, &fault, &node.store) < 0)
		fail_msg("%s", fault.message);
	kl_disk_start(&node);
}

static void end(void)
{
	static const char *const names[] = {"data/data.mdb", "data/lock.mdb", "ballast"};

	kl_disk_stop(&node);
	uv_run(&node.uv, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&node.uv), 0);
	kl_store_close(node.store);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlinkat(node.home.dir, names[i], 0);
	close(node.home.dir);
	rmdir(data);
	rmdir(dir);
	memcpy(dir + sizeof dir - 7, "XXXXXX", 6);
}

static int keep(const char *name, size_t len, bool urgent)
{
	struct kl_batch *batch = kl_batch_new();
	int rc;

	assert_non_null(batch);
	fault = (struct kl_fault){0};
	kl_document_put(batch, "note", name, kl_bytes(bulk, len));
	if (urgent)
		kl_batch_urge(batch);
	rc = kl_store_commit(node.store, batch, &fault);
	kl_batch_destroy(batch);
	return rc;
}

static bool is_kept(const char *name)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node.store, "note", name, KL_LATEST, &bytes, &len, NULL);

	if (!rc)
		free(bytes);
	return !rc;
}

static bool has_ballast(void)
{
	struct stat file;

	return !fstatat(node.home.dir, "ballast", &file, 0) && file.st_size == BALLAST &&
	       file.st_blocks * 512 >= BALLAST;
}

/* What the timer does. */
static void look(void)
{
	kl_disk_reload(&node);
}

#define assert_said(part) assert_non_null(strstr(fault.message, part))

/* ---- a full disk ----------------------------------------------------------------------------- */

static void full_and_back(void **state)
{
	(void)state;
	begin(64 * MB);
	assert_true(has_ballast());
	assert_false(kl_disk_trouble(&node, NULL));
	assert_int_equal(keep("before", 10, false), KL_OK);

	disk.free = 0;
	disk.write = ENOSPC;
	assert_int_equal(keep("refused", 10, false), KL_E_FULL);
	assert_said("is full (0 KB free)");
	assert_said(dir);
	assert_non_null(strstr(fault.hint, "524 KB free"));
	assert_true(kl_disk_trouble(&node, &fault));
	assert_false(has_ballast());

	disk.write = 0; /* where the ballast was there is room now, and not for everybody */
	assert_int_equal(keep("held", 10, false), KL_E_FULL);
	assert_said("is full");
	assert_int_equal(keep("urgent", 10, true), KL_OK);
	look();
	assert_int_equal(keep("still held", 10, false), KL_E_FULL);
	disk.free = 2 * BALLAST - 1;
	look();
	assert_int_equal(keep("still held", 10, false), KL_E_FULL);
	assert_false(has_ballast());
	disk.free = 2 * BALLAST;
	disk.allocate = EDQUOT;
	look();
	assert_int_equal(keep("still held", 10, false), KL_E_FULL);
	assert_false(has_ballast());

	disk.allocate = 0;
	look();
	assert_true(has_ballast());
	assert_false(kl_disk_trouble(&node, &fault));
	assert_int_equal(keep("after", 10, false), KL_OK);
	assert_true(is_kept("before") && is_kept("urgent") && is_kept("after"));
	assert_false(is_kept("refused") || is_kept("held") || is_kept("still held"));
	end();
}

/* The commit that found the disk full goes through with the space of the ballast. */
static bool urgent_and_full(void *arg, enum kl_lack lack, const struct kl_batch *batch)
{
	bool more = kl_disk_lacks(arg, lack, batch);

	if (more)
		disk.write = 0;
	return more;
}

static void what_is_urgent_uses_the_ballast(void **state)
{
	struct kl_store_options options = {.lacks = urgent_and_full, .arg = &node};

	(void)state;
	begin(64 * MB);
	kl_store_close(node.store);
	assert_int_equal(kl_store_open(data, &options, &fault, &node.store), KL_OK);
	disk.free = 0;
	disk.write = ENOSPC;
	assert_int_equal(keep("roster", 10, true), KL_OK);
	assert_true(is_kept("roster"));
	assert_false(has_ballast());
	assert_int_equal(keep("owner", 10, false), KL_E_FULL);
	disk.write =
		ENOSPC; /* the ballast is used up as well: it fails, and nothing else happens */
	assert_int_equal(keep("more roster", 10, true), KL_E_FULL);
	assert_false(is_kept("more roster"));
	end();
}

static void a_big_one_alone_is_refused(void **state)
{
	(void)state;
	begin(64 * MB);
	disk.free = MB;
	disk.write = ENOSPC;
	assert_int_equal(keep("big", 900000, false), KL_E_FULL);
	assert_false(kl_disk_trouble(&node, NULL));
	assert_true(has_ballast());
	disk.write = 0;
	assert_int_equal(keep("small", 10, false), KL_OK);
	disk.write = EDQUOT; /* a small one ought to fit: a quota */
	assert_int_equal(keep("small", 10, false), KL_E_FULL);
	assert_true(kl_disk_trouble(&node, NULL));
	end();
}

static void trouble_that_comes_back_is_looked_at_more_rarely(void **state)
{
	uint64_t waits[8];

	(void)state;
	begin(64 * MB);
	for (int i = 0; i < 8; i++) {
		disk.write = ENOSPC;
		assert_int_equal(keep("a", 10, false), KL_E_FULL);
		waits[i] = node.disk.wait_ms;
		disk.write = 0;
		look();
		assert_false(kl_disk_trouble(&node, NULL));
	}
	assert_true(waits[0] >= 1000 && waits[0] <= 5000);
	for (int i = 1; i < 8; i++)
		assert_true(waits[i] == 2 * waits[i - 1] || waits[i] == 60000);
	assert_true(waits[7] == 60000);
	end();
}

static void without_ballast_it_begins_full(void **state)
{
	(void)state;
	begin(64 * MB);
	kl_disk_stop(&node);
	uv_run(&node.uv, UV_RUN_DEFAULT);
	disk.free = BALLAST;
	unlinkat(node.home.dir, "ballast", 0);
	kl_disk_prepare(&node);
	kl_disk_start(&node);
	assert_true(kl_disk_trouble(&node, NULL));
	assert_int_equal(keep("a", 10, false), KL_E_FULL);
	disk.free = 100 * MB;
	look();
	assert_int_equal(keep("a", 10, false), KL_OK);
	end();
}

/* One that was copied with its holes is no reserve. */
static void a_hole_is_no_ballast(void **state)
{
	(void)state;
	begin(64 * MB);
	kl_disk_stop(&node);
	uv_run(&node.uv, UV_RUN_DEFAULT);
	unlinkat(node.home.dir, "ballast", 0);
	close(openat(node.home.dir, "ballast", O_WRONLY | O_CREAT, 0600));
	assert_int_equal(truncate(strcat(strcpy(data, dir), "/ballast"), BALLAST), 0);
	snprintf(data, sizeof data, "%s/data", dir);
	assert_false(has_ballast());
	kl_disk_prepare(&node);
	assert_true(has_ballast());
	kl_disk_start(&node);
	assert_false(kl_disk_trouble(&node, NULL));
	end();
}

/* ---- max_store ------------------------------------------------------------------------------- */

static void the_limit_is_told_and_can_be_raised(void **state)
{
	char name[16];
	int n = 0;

	(void)state;
	begin(2 * MB);
	do
		snprintf(name, sizeof name, "%d", n);
	while (!keep(name, 30000, false) && ++n < 200);
	assert_in_range(n, 40, 70);
	assert_said("max_store (2 MiB)");
	assert_non_null(strstr(fault.hint, "raise max_store in keeplocald.conf"));
	assert_true(has_ballast()); /* the disk is not full */
	assert_int_equal(keep("tiny", 10, false), KL_E_FULL);
	assert_int_equal(keep("urgent", 10, true), KL_OK);
	look();
	assert_int_equal(keep("tiny", 10, false), KL_E_FULL);
	node.config.max_store = 8 * MB;
	kl_disk_reload(&node);
	assert_false(kl_disk_trouble(&node, NULL));
	for (int i = 0; i < 30; i++) {
		snprintf(name, sizeof name, "more %d", i);
		assert_int_equal(keep(name, 30000, false), KL_OK);
	}
	end();
}

/* ---- a disk that fails ----------------------------------------------------------------------- */

static void a_failed_write_is_told_and_got_over(void **state)
{
	(void)state;
	begin(64 * MB);
	assert_int_equal(keep("before", 10, false), KL_OK);
	disk.write = EIO;
	assert_int_equal(keep("refused", 10, false), KL_E_IO);
	assert_true(kl_disk_trouble(&node, &fault));
	assert_said("writing to the disk of");
	assert_int_equal(keep("held", 10, false), KL_E_IO);
	assert_said("writing to the disk of");
	assert_int_equal(keep("urgent", 10, true), KL_E_IO);
	assert_true(has_ballast());
	disk.write = 0;
	look();
	assert_false(kl_disk_trouble(&node, NULL));
	assert_int_equal(keep("after", 10, false), KL_OK);
	assert_true(is_kept("before") && is_kept("after"));
	assert_false(is_kept("refused") || is_kept("held") || is_kept("urgent"));
	end();
}

static void sizes(void **state)
{
	(void)state;
	assert_true(kl_disk_ballast(UINT64_C(1) << 40) == 16 * MB);
	assert_true(kl_disk_ballast(UINT64_C(1) << 32) == 8 * MB);
	assert_true(kl_disk_ballast(0) == BALLAST);
	assert_true(kl_disk_reserve(UINT64_C(64) << 30) == 16 * MB);
	assert_true(kl_disk_reserve(MB) == 64 * KB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_and_back),
		cmocka_unit_test(what_is_urgent_uses_the_ballast),
		cmocka_unit_test(a_big_one_alone_is_refused),
		cmocka_unit_test(trouble_that_comes_back_is_looked_at_more_rarely),
		cmocka_unit_test(without_ballast_it_begins_full),
		cmocka_unit_test(a_hole_is_no_ballast),
		cmocka_unit_test(the_limit_is_told_and_can_be_raised),
		cmocka_unit_test(a_failed_write_is_told_and_got_over),
		cmocka_unit_test(sizes),
	};

	return RUN(tests);
}
