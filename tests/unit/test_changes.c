/* Imports are taken back whole: tables, and the documents that came with them. */
#include "daemon/changes.h"
#include "daemon/rows.h"
#include "store/documents.h"
#include "tests/unit/store_home.h"

#include <stdlib.h>

static struct kl_node *node_of(struct home *home)
{
	static struct kl_node node;

	node = (struct kl_node){.store = home->store};
	return &node;
}

static void holds(struct home *home, const char *kind, const char *name, const char *expected)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(home->store, kind, name, KL_LATEST, &bytes, &len, NULL);

	if (!expected) {
		assert_rc(rc, KL_E_NOT_FOUND);
		return;
	}
	assert_rc(rc, KL_OK);
	assert_true(kl_bytes_equal(kl_bytes(bytes, len), kl_bytes_str(expected)));
	free(bytes);
}

static void by_hand(struct home *home, const char *name, const char *text)
{
	kl_document_put(home->batch, "note", name, kl_bytes_str(text));
	home_commit(home);
}

static void publish(struct home *home, struct kl_changes *changes, const char *name)
{
	const struct kl_import_about about = {"notes", name, "notes.csv", 3};

	assert_rc(kl_changes_publish(changes, &about, &home->fault), KL_OK);
}

static int undo(struct home *home, const char *name, size_t *ret_put_back)
{
	struct kl_import import;
	int rc;

	assert_rc(kl_import_latest(home->store, "notes", name, &import), KL_OK);
	home->fault = (struct kl_fault){.code = KL_OK};
	rc = kl_changes_undo(node_of(home), home->batch, &import, ret_put_back, &home->fault);
	if (!rc)
		home_commit(home);
	kl_batch_reset(home->batch);
	return rc;
}

static void what_was_replaced_comes_back(void **state)
{
	struct home *home = *state;
	struct kl_changes *changes = kl_changes_new(node_of(home));
	struct kl_import import;
	size_t n = 0;

	by_hand(home, "one", "before");
	by_hand(home, "two", "before too");
	kl_changes_put(changes, "note", "one", kl_bytes_str("first try"));
	kl_changes_put(changes, "note", "one", kl_bytes_str("after"));
	kl_changes_delete(changes, "note", "two");
	kl_changes_put(changes, "note", "three", kl_bytes_str("new"));
	publish(home, changes, "a");
	holds(home, "note", "one", "after");
	holds(home, "note", "two", NULL);
	holds(home, "note", "three", "new");

	assert_rc(undo(home, "a", &n), KL_OK);
	assert_int_equal(n, 3);
	holds(home, "note", "one", "before");
	holds(home, "note", "two", "before too");
	holds(home, "note", "three", NULL);
	assert_rc(kl_import_latest(home->store, "notes", "a", &import), KL_E_NOT_FOUND);
	holds(home, "undo", "1", NULL);
}

static void imports_go_back_one_after_the_other(void **state)
{
	struct home *home = *state;
	struct kl_changes *changes = kl_changes_new(node_of(home));
	size_t n;

	kl_changes_put(changes, "note", "one", kl_bytes_str("first"));
	publish(home, changes, "a");
	changes = kl_changes_new(node_of(home));
	kl_changes_put(changes, "note", "one", kl_bytes_str("second"));
	publish(home, changes, "b");

	/* The earlier one cannot go first: the later stands on it. */
	assert_rc(undo(home, "a", &n), KL_E_CONFLICT);
	holds(home, "note", "one", "second");
	assert_rc(undo(home, "b", &n), KL_OK);
	holds(home, "note", "one", "first");
	assert_rc(undo(home, "a", &n), KL_OK);
	holds(home, "note", "one", NULL);
}

static void versions_that_were_added_go_and_earlier_ones_stay(void **state)
{
	struct home *home = *state;
	struct kl_changes *changes;
	uint64_t version = 0;
	size_t n = 0;

	kl_document_add(home->batch, "plan", "p", kl_bytes_str("v1"), NULL);
	home_commit(home);
	changes = kl_changes_new(node_of(home));
	kl_changes_add(changes, "plan", "p", kl_bytes_str("v2"), &version);
	assert_int_equal(version, 2);
	kl_changes_add(changes, "plan", "p", kl_bytes_str("v3"), &version);
	assert_int_equal(version, 3);
	kl_changes_add(changes, "plan", "q", kl_bytes_str("q1"), &version);
	assert_int_equal(version, 1);
	publish(home, changes, "a");
	holds(home, "plan", "p", "v3");

	assert_rc(undo(home, "a", &n), KL_OK);
	assert_int_equal(n, 3);
	holds(home, "plan", "p", "v1");
	holds(home, "plan", "q", NULL);
}

static void what_was_changed_by_hand_is_not_lost(void **state)
{
	struct home *home = *state;
	struct kl_changes *changes = kl_changes_new(node_of(home));
	size_t n;

	kl_changes_put(changes, "note", "one", kl_bytes_str("imported"));
	kl_changes_add(changes, "plan", "p", kl_bytes_str("v1"), NULL);
	publish(home, changes, "a");
	by_hand(home, "one", "by hand");
	assert_rc(undo(home, "a", &n), KL_E_CONFLICT);
	assert_non_null(strstr(home->fault.message, "changed by hand since (note, one)"));
	holds(home, "note", "one", "by hand");
	holds(home, "plan", "p", "v1");

	/* As it was, and it can go; but for the version that came on top. */
	by_hand(home, "one", "imported");
	kl_document_add(home->batch, "plan", "p", kl_bytes_str("v2"), NULL);
	home_commit(home);
	assert_rc(undo(home, "a", &n), KL_E_CONFLICT);
	assert_non_null(strstr(home->fault.message, "(plan, p)"));
	holds(home, "plan", "p", "v2");
}

static void what_was_deleted_and_is_there_again_stays(void **state)
{
	struct home *home = *state;
	struct kl_changes *changes = kl_changes_new(node_of(home));
	size_t n;

	by_hand(home, "one", "before");
	kl_changes_delete(changes, "note", "one");
	publish(home, changes, "a");
	by_hand(home, "one", "again");
	assert_rc(undo(home, "a", &n), KL_E_CONFLICT);
	holds(home, "note", "one", "again");
}

static void an_import_without_documents_goes_back_too(void **state)
{
	struct home *home = *state;
	struct kl_import import;
	size_t n = 9;

	publish(home, kl_changes_new(node_of(home)), "a");
	assert_rc(undo(home, "a", &n), KL_OK);
	assert_int_equal(n, 0);
	assert_rc(kl_import_latest(home->store, "notes", "a", &import), KL_E_NOT_FOUND);
}

/* Whatever was put in the place of an import by hand is no import: what it changed stays. */
static void a_table_that_is_dropped_leaves_its_documents(void **state)
{
	struct home *home = *state;
	struct kl_changes *changes = kl_changes_new(node_of(home));
	struct kl_import import;
	size_t n = 0;

	kl_changes_put(changes, "note", "one", kl_bytes_str("imported"));
	publish(home, changes, "a");
	assert_rc(kl_rows_undo(node_of(home), home->batch, "notes", "a", &n), KL_OK);
	home_commit(home);
	assert_int_equal(n, 1);
	assert_rc(kl_import_latest(home->store, "notes", "a", &import), KL_E_NOT_FOUND);
	holds(home, "note", "one", "imported");
	holds(home, "undo", "1", NULL);
}

static void more_than_can_be_taken_back_is_refused_whole(void **state)
{
	struct home *home = *state;
	struct kl_changes *changes = kl_changes_new(node_of(home));
	const struct kl_import_about about = {"notes", "a", "notes.csv", 3};
	static uint8_t big[600 << 10];
	struct kl_import import;

	kl_document_put(home->batch, "note", "one", kl_bytes(big, sizeof big));
	kl_document_put(home->batch, "note", "two", kl_bytes(big, sizeof big));
	home_commit(home);
	kl_changes_put(changes, "note", "one", kl_bytes_str("x"));
	kl_changes_put(changes, "note", "two", kl_bytes_str("x"));
	assert_rc(kl_changes_publish(changes, &about, &home->fault), KL_E_TOO_BIG);
	assert_non_null(strstr(home->fault.message, "notes.csv changes more at once"));
	assert_rc(kl_import_latest(home->store, "notes", "a", &import), KL_E_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(what_was_replaced_comes_back),
		home_test(imports_go_back_one_after_the_other),
		home_test(versions_that_were_added_go_and_earlier_ones_stay),
		home_test(what_was_changed_by_hand_is_not_lost),
		home_test(what_was_deleted_and_is_there_again_stays),
		home_test(an_import_without_documents_goes_back_too),
		home_test(a_table_that_is_dropped_leaves_its_documents),
		home_test(more_than_can_be_taken_back_is_refused_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
