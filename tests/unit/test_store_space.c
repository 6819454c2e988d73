/* What the store does without space: the hold, the reserve of the map, growing while it serves. */
#include "store/documents.h"
#include "store/feeds.h"
#include "store/imports.h"
#include "tests/unit/store_home.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KB = 1 << 10, MB = 1 << 20, BULK = 60000 };

static uint8_t bulk[BULK];

static void reopen(struct home *home, const struct kl_store_options *options)
{
	home_close(home);
	assert_rc(kl_store_open(home->dir, options, &home->fault, &home->store), KL_OK);
}

static int put(struct home *home, const char *name, size_t len, bool urgent)
{
	int rc;

	kl_batch_reset(home->batch);
	kl_document_put(home->batch, "note", name, kl_bytes(bulk, len));
	if (urgent)
		kl_batch_urge(home->batch);
	rc = kl_store_commit(home->store, home->batch, &home->fault);
	kl_batch_reset(home->batch);
	return rc;
}

static bool is_there(struct home *home, const char *name)
{
	uint8_t *bytes;
	size_t len;

	if (kl_document_get(home->store, "note", name, KL_LATEST, &bytes, &len, NULL))
		return false;
	free(bytes);
	return true;
}

/* ---- held ------------------------------------------------------------------------------------ */

static void while_it_is_held_only_what_is_urgent_is_written(void **state)
{
	struct home *home = *state;
	struct kl_fault why = {.code = KL_E_FULL, .message = "for the test", .hint = "wait"};

	kl_store_hold(home->store, &why);
	assert_rc(put(home, "a", 10, false), KL_E_FULL);
	assert_string_equal(home->fault.message, "for the test");
	assert_string_equal(home->fault.hint, "wait");
	assert_rc(put(home, "b", 10, true), KL_OK);
	assert_rc(put(home, "c", 10, false), KL_E_FULL); /* resetting a batch ends its urgency */
	kl_batch_reset(home->batch);
	home_commit(home); /* nothing to write is nothing to refuse */
	kl_store_hold(home->store, NULL);
	assert_rc(put(home, "d", 10, false), KL_OK);
	assert_false(is_there(home, "a"));
	assert_true(is_there(home, "b"));
	assert_false(is_there(home, "c"));
	assert_true(is_there(home, "d"));
}

/* ---- the limit ------------------------------------------------------------------------------- */

struct lacking {
	struct home *home;
	int map, disk, writing;
	bool urgent;
	uint64_t limit; /* 0: nothing is done */
	size_t bytes;
};

static bool note_lack(void *arg, enum kl_lack lack, const struct kl_batch *batch)
{
	struct lacking *l = arg;

	l->map += lack == KL_LACK_MAP;
	l->disk += lack == KL_LACK_DISK;
	l->writing += lack == KL_LACK_WRITING;
	l->urgent = kl_batch_is_urgent(batch);
	l->bytes = kl_batch_bytes(batch);
	if (l->limit)
		kl_store_limit(l->home->store, l->limit, 0);
	return l->limit != 0;
}

/* Until one is refused; how many were written. */
static int fill(struct home *home, const char *front, bool urgent)
{
	char name[32];

	for (int i = 0; i < 1000; i++) {
		int rc;

		snprintf(name, sizeof name, "%s-%d", front, i);
		rc = put(home, name, BULK, urgent);
		if (rc) {
			assert_rc(rc, KL_E_FULL);
			return i;
		}
	}
	fail_msg("there is no limit");
	return 0;
}

static void the_reserve_is_for_what_is_urgent(void **state)
{
	struct home *home = *state;
	struct lacking lacking = {.home = home};
	struct kl_store_options small = {.map_size = 256 * KB,
		.map_max = 2 * MB,
		.map_reserve = 512 * KB,
		.lacks = note_lack,
		.arg = &lacking};
	struct kl_store_space space;
	int ordinary, urgent;

	reopen(home, &small);
	ordinary = fill(home, "ordinary", false);
	assert_true(ordinary > 15 && ordinary < 26);
	assert_int_equal(lacking.map, 1);
	assert_false(lacking.urgent);
	assert_in_range(lacking.bytes, BULK, BULK + 200);
	assert_rc(kl_store_space(home->store, &space), KL_OK);
	assert_in_range(space.map_free, 512 * KB, 512 * KB + 2 * BULK);
	urgent = fill(home, "urgent", true);
	assert_in_range(urgent, 5, 10); /* free pages that no big value fitted into, too */
	assert_true(lacking.urgent);

	/* what an urgent batch had of the reserve is nobody else's */
	kl_batch_reset(home->batch);
	for (int i = 0; i < urgent; i++) {
		char name[32];

		snprintf(name, sizeof name, "urgent-%d", i);
		kl_document_delete(home->batch, "note", name, KL_LATEST);
	}
	kl_batch_urge(home->batch);
	home_commit(home);
	for (int i = 0; i < 3; i++) /* pages that were given up take a commit to be free */
		assert_rc(put(home, "tiny", 10, true), KL_OK);
	assert_rc(kl_store_space(home->store, &space), KL_OK);
	assert_true(space.map_free > 5 * BULK);

	/* of the file itself nothing is lost, also by another opening */
	reopen(home, &small);
	assert_true(is_there(home, "ordinary-0"));
	assert_true(is_there(home, "ordinary-14"));
	assert_rc(put(home, "after", BULK, true), KL_OK);
}

static void whoever_looks_after_the_space_can_make_more(void **state)
{
	struct home *home = *state;
	struct lacking lacking = {.home = home};
	struct kl_store_options small = {
		.map_size = 256 * KB, .map_max = 1 * MB, .lacks = note_lack, .arg = &lacking};

	reopen(home, &small);
	(void)fill(home, "before", true);
	assert_int_equal(lacking.map, 1);
	lacking.limit = 4 * MB;
	assert_rc(put(home, "urgent", BULK, true), KL_OK); /* in the commit that lacked it */
	assert_int_equal(lacking.map, 2);
	assert_true(is_there(home, "urgent"));

	lacking.limit = 0;
	kl_store_limit(home->store, 256 * KB, 0); /* below what is used already */
	assert_rc(put(home, "ordinary", BULK, false), KL_E_FULL);
	lacking.limit = 8 * MB;
	assert_rc(put(home, "ordinary", BULK, false), KL_E_FULL); /* asked to repeat it */
	assert_rc(put(home, "ordinary", BULK, false), KL_OK);
}

/* ---- growing --------------------------------------------------------------------------------- */

struct walk {
	uint64_t n, bytes;
};

static int sum(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	struct walk *walk = arg;

	(void)key;
	walk->n++;
	walk->bytes += value.len;
	return KL_VISIT_ON;
}

static int check_head(void *arg, const struct kl_feed_head *head)
{
	*(uint64_t *)arg = head->seq;
	return KL_VISIT_ON;
}

static void append(struct home *home, uint64_t seq)
{
	static const uint8_t signature[KL_STORE_SIGNATURE_BYTES];
	struct kl_feed_id feed = {.author = {{7}}, .epoch = 0};
	struct kl_id prev = {{1}};
	struct kl_stored_record record = {.seq = seq,
		.id = {{1}},
		.header = kl_bytes_str("a header"),
		.signature = signature,
		.payload = kl_bytes(bulk, seq * 97 % 5000)};

	kl_put_u64(prev.b + 8, seq - 1);
	kl_put_u64(record.id.b + 8, seq);
	kl_feed_append(home->batch, &feed, &prev, &record, 1);
}

/* From 128 KiB to 32 MiB: documents, parts and a feed grow together, and between any two commits
 * somebody reads all three, as a daemon's callers do. */
static void it_grows_through_many_doublings_while_it_serves(void **state)
{
	struct home *home = *state;
	struct kl_store_options small = {.map_size = 128 * KB};
	struct kl_store_info info;
	uint64_t map = 0, head, seq = 0;
	int doublings = 0;
	char name[32];

	reopen(home, &small);
	while (doublings < 8) {
		struct walk documents = {0}, parts = {0};

		append(home, ++seq);
		snprintf(name, sizeof name, "%llu", (unsigned long long)seq);
		kl_document_put(home->batch, "note", name, kl_bytes(bulk, seq * 31 % 900));
		for (int i = 0; i < (int)(seq % 7) * 4;
			i++) { /* some commits need several at once */
			snprintf(name, sizeof name, "%06llu-%d", (unsigned long long)seq, i);
			kl_batch_put(home->batch, KL_TABLE_PARTS, kl_bytes_str(name),
				kl_bytes(bulk, BULK));
		}
		home_commit(home);
		assert_rc(kl_store_info(home->store, &info), KL_OK);
		doublings += info.map_bytes > map;
		map = info.map_bytes;
		assert_rc(kl_store_visit(home->store, KL_TABLE_DOCUMENTS, kl_bytes(NULL, 0), sum,
				  &documents),
			KL_OK);
		assert_int_equal(documents.n, seq);
		if (seq % 8 == 0) {
			assert_rc(kl_store_visit(home->store, KL_TABLE_PARTS, kl_bytes(NULL, 0),
					  sum, &parts),
				KL_OK);
			assert_int_equal(parts.bytes, parts.n * BULK);
			assert_int_equal(parts.n, info.entries[KL_TABLE_PARTS]);
		}
		assert_rc(kl_feed_visit_heads(home->store, check_head, &head), KL_OK);
		assert_int_equal(head, seq);
	}
	assert_true(map >= 16 * MB);
	reopen(home, NULL);
	assert_rc(kl_feed_visit_heads(home->store, check_head, &head), KL_OK);
	assert_int_equal(head, seq);
}

/* ---- opening --------------------------------------------------------------------------------- */

static void no_hole_is_in_the_lock_file(void **state)
{
	struct home *home = *state;
	struct stat file;

	home_close(home);
	assert_int_equal(truncate(home_file(home, "lock.mdb"), 0), 0);
	home_open(home);
	assert_int_equal(stat(home_file(home, "lock.mdb"), &file), 0);
	assert_true((off_t)file.st_blocks * 512 >= file.st_size);
	assert_rc(put(home, "a", 10, false), KL_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(while_it_is_held_only_what_is_urgent_is_written),
		home_test(the_reserve_is_for_what_is_urgent),
		home_test(whoever_looks_after_the_space_can_make_more),
		home_test(it_grows_through_many_doublings_while_it_serves),
		home_test(no_hole_is_in_the_lock_file),
	};

	memset(bulk, 7, sizeof bulk);
	return RUN(tests);
}
