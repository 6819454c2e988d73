#include "tests/unit/store_home.h"

#include <lmdb.h>
#include <stdlib.h>
#include <unistd.h>

static void remove_files(const struct home *home)
{
	static const char *const names[] = {"data.mdb", "lock.mdb", "data.mdb.new"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(home_file(home, names[i]));
	rmdir(home->dir);
}

int home_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct home *home = calloc(1, sizeof *home);

	if (!home)
		return -1;
	snprintf(home->dir, sizeof home->dir, "%s/keeplocal-store-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(home->dir)) {
		free(home);
		return -1;
	}
	*state = home;
	home->batch = kl_batch_new();
	home_open(home);
	return home->batch ? 0 : -1;
}

int home_teardown(void **state)
{
	struct home *home = *state;

	home_close(home);
	kl_batch_destroy(home->batch);
	remove_files(home);
	free(home);
	return 0;
}

void home_close(struct home *home)
{
	kl_store_close(home->store);
	home->store = NULL;
}

void home_open(struct home *home)
{
	if (kl_store_open(home->dir, NULL, &home->fault, &home->store) < 0)
		fail_msg("%s", home->fault.message);
}

void home_make_old(struct home *home)
{
	uint8_t value[4 + KL_CHECKSUM_BYTES];
	char schema[] = "schema";
	MDB_val key = {sizeof schema - 1, schema}, data = {sizeof value, value};
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;

	kl_put_u32(value, 1);
	kl_checksum_make(KL_TABLE_META, kl_bytes_str(schema), kl_bytes(value, 4), value + 4);
	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, KL_TABLE_COUNT), 0);
	assert_int_equal(mdb_env_open(env, home->dir, 0, 0600), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	for (int t = KL_TABLE_COUNT_1; t < KL_TABLE_COUNT; t++) {
		assert_int_equal(mdb_dbi_open(txn, kl_table_name((enum kl_table)t), 0, &dbi), 0);
		assert_int_equal(mdb_drop(txn, dbi, 1), 0);
	}
	assert_int_equal(mdb_dbi_open(txn, kl_table_name(KL_TABLE_META), 0, &dbi), 0);
	assert_int_equal(mdb_put(txn, dbi, &key, &data, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_close(env);
}

const char *home_file(const struct home *home, const char *name)
{
	static char path[512];

	snprintf(path, sizeof path, "%s/%s", home->dir, name);
	return path;
}

void home_commit(struct home *home)
{
	if (kl_store_commit(home->store, home->batch, &home->fault) < 0)
		fail_msg("%s", home->fault.message);
	kl_batch_reset(home->batch);
}

static char *read_data(const struct home *home, size_t *ret_len)
{
	FILE *file = fopen(home_file(home, "data.mdb"), "rb");
	char *data;
	long len;

	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	len = ftell(file);
	rewind(file);
	data = malloc((size_t)len);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, (size_t)len, file), len);
	fclose(file);
	*ret_len = (size_t)len;
	return data;
}

bool home_contains(struct home *home, const char *text)
{
	size_t len;
	char *data = read_data(home, &len);
	bool found = memmem(data, len, text, strlen(text)) != NULL;

	free(data);
	return found;
}

void home_damage(struct home *home, const char *text, size_t offset)
{
	size_t len;
	char *data = read_data(home, &len), *at = memmem(data, len, text, strlen(text));
	FILE *file = fopen(home_file(home, "data.mdb"), "r+b");

	assert_non_null(at);
	assert_non_null(file);
	fseek(file, at - data + (long)offset, SEEK_SET);
	fputc(at[offset] ^ 0x10, file);
	fclose(file);
	free(data);
}
