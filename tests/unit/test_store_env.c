#include "store/documents.h"
#include "store/env.h"
#include "tests/unit/store_home.h"

#include <fcntl.h>
#include <lmdb.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void folder_and_files_are_private(void **state)
{
	struct home *home = *state;
	struct kl_store *store;
	char dir[300];

	assert_int_equal(mode_of(home_file(home, "data.mdb")), 0600);
	assert_int_equal(mode_of(home_file(home, "lock.mdb")), 0600);
	snprintf(dir, sizeof dir, "%s/inner", home->dir);
	assert_rc(kl_store_open(dir, NULL, &home->fault, &store), KL_OK);
	assert_int_equal(mode_of(dir), 0700);
	kl_store_close(store);
	unlink(home_file(home, "inner/data.mdb"));
	unlink(home_file(home, "inner/lock.mdb"));
	assert_int_equal(rmdir(dir), 0);
}

static void it_opens_once(void **state)
{
	struct home *home = *state;
	struct kl_verify_report report;
	struct kl_store *second;
	uint64_t before, after;

	assert_rc(kl_store_open(home->dir, NULL, &home->fault, &second), KL_E_BUSY);
	assert_non_null(strstr(home->fault.message, "already open"));
	assert_rc(kl_store_verify(home->dir, &home->fault, &report), KL_E_BUSY);
	assert_rc(kl_store_compact(home->dir, &home->fault, &before, &after), KL_E_BUSY);
	home_close(home);
	home_open(home);
}

static void what_is_not_there_cannot_be_opened(void **state)
{
	struct home *home = *state;
	struct kl_verify_report report;
	struct kl_store *store;
	char dir[300];

	snprintf(dir, sizeof dir, "%s/no/where", home->dir);
	assert_rc(kl_store_open(dir, NULL, &home->fault, &store), KL_E_NOT_FOUND);
	assert_non_null(strstr(home->fault.message, dir));
	assert_rc(kl_store_verify(dir, &home->fault, &report), KL_E_NOT_FOUND);
	kl_store_close(NULL);
}

static void an_unknown_version_is_refused(void **state)
{
	struct home *home = *state;
	struct kl_verify_report report;
	struct kl_store *store;
	uint8_t version[4];

	kl_put_u32(version, KL_SCHEMA_VERSION + 1);
	kl_batch_put(home->batch, KL_TABLE_META, kl_bytes_str("schema"),
		kl_bytes(version, sizeof version));
	home_commit(home);
	home_close(home);
	assert_rc(kl_store_open(home->dir, NULL, &home->fault, &store), KL_E_VERSION);
	assert_non_null(
		strstr(home->fault.message, "has version 3, this keeplocal reads version 2"));
	assert_non_null(strstr(home->fault.hint, "Install the keeplocal that wrote it"));
	assert_rc(kl_store_verify(home->dir, &home->fault, &report), KL_E_VERSION);
}

static void put_raw(const char *dir, const char *table)
{
	char text[] = "some text";
	MDB_val key = {4, text}, value = {4, text + 5};
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;

	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, 4), 0);
	assert_int_equal(mdb_env_open(env, dir, 0, 0600), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, table, MDB_CREATE, &dbi), 0);
	assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_close(env);
}

static void a_database_of_others_is_left_alone(void **state)
{
	static const char *const tables[] = {NULL, "contacts", "meta"};
	struct home *home = *state;
	struct kl_store *store;

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		home_close(home);
		unlink(home_file(home, "data.mdb"));
		put_raw(home->dir, tables[i]);
		assert_rc(kl_store_open(home->dir, NULL, &home->fault, &store), KL_E_VERSION);
		assert_non_null(strstr(home->fault.message, "not one of keeplocal"));
	}
}

/* A process of others (a tool that looks into the file, say) died while it was reading. */
static void places_of_dead_readers_are_freed(void **state)
{
	struct home *home = *state;
	unsigned freed = 77;
	int status;
	pid_t child;

	assert_rc(kl_store_check_readers(home->store, &freed), KL_OK);
	assert_int_equal(freed, 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		MDB_env *env;
		MDB_txn *txn;

		if (mdb_env_create(&env) || mdb_env_open(env, home->dir, MDB_NOTLS, 0600) ||
			mdb_txn_begin(env, NULL, MDB_RDONLY, &txn))
			_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_rc(kl_store_check_readers(home->store, &freed), KL_OK);
	assert_int_equal(freed, 1);
}

static void reopening_finds_everything_again(void **state)
{
	struct home *home = *state;
	uint8_t *bytes;
	size_t len;

	kl_document_put(home->batch, "note", "n", kl_bytes_str("here"));
	home_commit(home);
	assert_rc(kl_store_reopen(home->store, &home->fault), KL_OK);
	assert_rc(kl_document_get(home->store, "note", "n", 0, &bytes, &len, NULL), KL_OK);
	assert_int_equal(len, 4);
	free(bytes);
	kl_document_put(home->batch, "note", "n", kl_bytes_str("still"));
	home_commit(home);
}

static void a_suspended_store_can_be_verified(void **state)
{
	struct home *home = *state;
	struct kl_verify_report report;
	unsigned freed;

	kl_document_put(home->batch, "note", "n", kl_bytes_str("here"));
	home_commit(home);
	kl_store_suspend(home->store);
	assert_true(kl_store_is_broken(home->store));
	assert_rc(kl_store_check_readers(home->store, &freed), KL_E_IO);
	assert_rc(kl_store_verify(home->dir, &home->fault, &report), KL_OK);
	assert_int_equal(report.entries, 2);
	assert_rc(kl_store_reopen(home->store, &home->fault), KL_OK);
	assert_false(kl_store_is_broken(home->store));
	assert_rc(kl_store_verify(home->dir, &home->fault, &report), KL_E_BUSY);
}

/* If the files went away meanwhile, the store says so to every call, and comes back with them. */
static void a_failed_reopening_can_be_tried_again(void **state)
{
	struct home *home = *state;
	char away[300];
	uint8_t *bytes;
	size_t len;

	kl_document_put(home->batch, "note", "n", kl_bytes_str("here"));
	home_commit(home);
	snprintf(away, sizeof away, "%s.mdb", home->dir);
	assert_int_equal(rename(home->dir, away), 0);
	assert_int_equal(close(open(home->dir, O_CREAT | O_WRONLY, 0600)), 0);
	assert_rc(kl_store_reopen(home->store, &home->fault), KL_E_IO);
	assert_true(kl_store_is_broken(home->store));
	assert_rc(kl_document_get(home->store, "note", "n", 0, &bytes, &len, NULL), KL_E_IO);
	kl_document_put(home->batch, "note", "n", kl_bytes_str("lost?"));
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_IO);
	assert_int_equal(unlink(home->dir), 0);
	assert_int_equal(rename(away, home->dir), 0);
	assert_rc(kl_store_reopen(home->store, &home->fault), KL_OK);
	assert_false(kl_store_is_broken(home->store));
	home_commit(home);
}

static void compacting_leaves_nothing_of_what_was_deleted(void **state)
{
	static const char secret[] = "a figure that was taken back";
	struct home *home = *state;
	static uint8_t bulk[300000];
	uint64_t before, after;
	uint8_t *bytes;
	size_t len;

	kl_document_put(home->batch, "bulk", "b", kl_bytes(bulk, sizeof bulk));
	kl_document_put(home->batch, "note", "secret", kl_bytes_str(secret));
	kl_document_put(home->batch, "note", "kept", kl_bytes_str("kept"));
	home_commit(home);
	kl_document_delete(home->batch, "note", "secret", KL_LATEST);
	kl_document_delete(home->batch, "bulk", "b", KL_LATEST);
	home_commit(home);
	home_close(home);
	assert_true(home_contains(home, secret));
	assert_rc(kl_store_compact(home->dir, &home->fault, &before, &after), KL_OK);
	assert_true(after + sizeof bulk < before);
	assert_false(home_contains(home, secret));
	assert_int_equal(mode_of(home_file(home, "data.mdb")), 0600);
	assert_int_equal(access(home_file(home, "data.mdb.new"), F_OK), -1);
	home_open(home);
	assert_rc(kl_document_get(home->store, "note", "kept", 0, &bytes, &len, NULL), KL_OK);
	free(bytes);
	kl_document_put(home->batch, "note", "kept", kl_bytes_str("and writable"));
	home_commit(home);
}

/* Memory of pages is used again from commit to commit, and not cleared between them. */
static void compacting_wipes_what_pages_held_before(void **state)
{
	static const char secret[] = "a text that was taken back";
	struct home *home = *state;
	static uint8_t secrets[3500], text[2500];
	uint64_t before, after;
	char name[16];
	uint8_t *bytes;
	size_t len;

	for (size_t at = 0; at + sizeof secret < sizeof secrets; at += sizeof secret)
		memcpy(secrets + at, secret, sizeof secret);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 20; i++) {
			(void)snprintf(name, sizeof name, "%d", i);
			kl_document_put(home->batch, "text", name,
				round ? kl_bytes(text, sizeof text)
				      : kl_bytes(secrets, sizeof secrets));
		}
		home_commit(home);
	}
	home_close(home);
	assert_true(home_contains(home, secret));
	assert_rc(kl_store_compact(home->dir, &home->fault, &before, &after), KL_OK);
	assert_false(home_contains(home, secret));
	home_open(home);
	assert_rc(kl_document_get(home->store, "text", "19", 0, &bytes, &len, NULL), KL_OK);
	assert_int_equal(len, sizeof text);
	assert_memory_equal(bytes, text, len);
	free(bytes);
}

static void a_compaction_that_did_not_end_is_cleared_away(void **state)
{
	struct home *home = *state;
	uint64_t before, after;

	home_close(home);
	assert_int_equal(close(open(home_file(home, "data.mdb.new"), O_CREAT | O_WRONLY, 0600)), 0);
	assert_rc(kl_store_compact(home->dir, &home->fault, &before, &after), KL_OK);
	assert_int_equal(close(open(home_file(home, "data.mdb.new"), O_CREAT | O_WRONLY, 0600)), 0);
	home_open(home);
	assert_int_equal(access(home_file(home, "data.mdb.new"), F_OK), -1);
}

static void the_checksum_covers_table_key_and_value(void **state)
{
	uint8_t a[KL_CHECKSUM_BYTES], b[KL_CHECKSUM_BYTES];

	(void)state;
	kl_checksum_make(KL_TABLE_META, kl_bytes_str("k"), kl_bytes_str("v"), a);
	kl_checksum_make(KL_TABLE_IDS, kl_bytes_str("k"), kl_bytes_str("v"), b);
	assert_memory_not_equal(a, b, sizeof a);
	kl_checksum_make(KL_TABLE_META, kl_bytes_str("kv"), kl_bytes_str(""), b);
	assert_memory_not_equal(a, b, sizeof a);
	kl_checksum_make(KL_TABLE_META, kl_bytes_str("k"), kl_bytes_str("w"), b);
	assert_memory_not_equal(a, b, sizeof a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(folder_and_files_are_private),
		home_test(it_opens_once),
		home_test(what_is_not_there_cannot_be_opened),
		home_test(an_unknown_version_is_refused),
		home_test(a_database_of_others_is_left_alone),
		home_test(places_of_dead_readers_are_freed),
		home_test(reopening_finds_everything_again),
		home_test(a_suspended_store_can_be_verified),
		home_test(a_failed_reopening_can_be_tried_again),
		home_test(compacting_leaves_nothing_of_what_was_deleted),
		home_test(compacting_wipes_what_pages_held_before),
		home_test(a_compaction_that_did_not_end_is_cleared_away),
		cmocka_unit_test(the_checksum_covers_table_key_and_value),
	};

	return RUN(tests);
}
