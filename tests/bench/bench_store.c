/* What the store costs over raw LMDB: values of 300 bytes, put in commits of 1, 100 and 1,000.
 *
 * Both write the same keys into files of their own in one folder and take turns, commit by commit,
 * so that whatever else the machine does hits both. Prints the median time of a commit.
 *
 *     bench_store [FOLDER]   (where the disk is that is meant; the current folder otherwise) */
#include "store/batch.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { VALUE_BYTES = 300, KEY_BYTES = 44, COMMITS_MAX = 400 };

struct raw {
	MDB_env *env;
	MDB_dbi dbi;
};

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "bench_store: %s\n", what);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Keys as records have them: 36 bytes the same, then a rising number. */
static void make_key(uint8_t key[KEY_BYTES], uint64_t number)
{
	memset(key, 7, KEY_BYTES);
	for (int i = 0; i < 8; i++)
		key[36 + i] = (uint8_t)(number >> (8 * (7 - i)));
}

static double commit_raw(struct raw *raw, uint64_t from, unsigned n, uint8_t *value)
{
	double start = now();
	uint8_t key[KEY_BYTES];
	MDB_txn *txn;

	if (mdb_txn_begin(raw->env, NULL, 0, &txn))
		give_up("no transaction");
	for (unsigned i = 0; i < n; i++) {
		MDB_val k = {KEY_BYTES, key}, v = {VALUE_BYTES, value};

		make_key(key, from + i);
		if (mdb_put(txn, raw->dbi, &k, &v, 0))
			give_up("LMDB does not write");
	}
	if (mdb_txn_commit(txn))
		give_up("LMDB does not commit");
	return now() - start;
}

static double commit_store(struct kl_store *store, struct kl_batch *batch, uint64_t from,
	unsigned n, const uint8_t *value)
{
	double start = now();
	uint8_t key[KEY_BYTES];

	kl_batch_reset(batch);
	for (unsigned i = 0; i < n; i++) {
		make_key(key, from + i);
		kl_batch_put(batch, KL_TABLE_RECORDS, kl_bytes(key, KEY_BYTES),
			kl_bytes(value, VALUE_BYTES));
	}
	if (kl_store_commit(store, batch, NULL) < 0)
		give_up("the store does not commit");
	return now() - start;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *times, size_t n)
{
	qsort(times, n, sizeof *times, by_size);
	return times[n / 2];
}

static void measure(struct raw *raw, struct kl_store *store, unsigned n, unsigned commits)
{
	static double raw_times[COMMITS_MAX], store_times[COMMITS_MAX];
	static uint64_t next;
	static uint8_t value[VALUE_BYTES] = "some value";
	struct kl_batch *batch = kl_batch_new();
	double r, s;

	if (!batch)
		give_up("no memory");
	for (unsigned i = 0; i < commits; i++, next += n) {
		raw_times[i] = commit_raw(raw, next, n, value);
		store_times[i] = commit_store(store, batch, next, n, value);
	}
	r = median(raw_times, commits);
	s = median(store_times, commits);
	printf("%4u a commit: LMDB %8.0f us, %9.0f puts/s; store %8.0f us, %9.0f puts/s; x %.2f\n",
		n, r * 1e6, n / r, s * 1e6, n / s, s / r);
	kl_batch_destroy(batch);
}

static void remove_files(const char *dir)
{
	char path[400];

	snprintf(path, sizeof path, "%s/data.mdb", dir);
	unlink(path);
	snprintf(path, sizeof path, "%s/lock.mdb", dir);
	unlink(path);
	rmdir(dir);
}

int main(int argc, char **argv)
{
	char folder[256], raw_dir[300], store_dir[300];
	struct kl_fault fault = {0};
	struct kl_store *store;
	struct raw raw;
	MDB_txn *txn;

	snprintf(folder, sizeof folder, "%s/bench-store-XXXXXX", argc > 1 ? argv[1] : ".");
	if (!mkdtemp(folder))
		give_up("no folder");
	snprintf(raw_dir, sizeof raw_dir, "%s/raw", folder);
	snprintf(store_dir, sizeof store_dir, "%s/store", folder);
	if (mkdir(raw_dir, 0700) < 0 || mdb_env_create(&raw.env) ||
		mdb_env_set_mapsize(raw.env, 1u << 30) ||
		mdb_env_open(raw.env, raw_dir, MDB_NOTLS, 0600) ||
		mdb_txn_begin(raw.env, NULL, 0, &txn) || mdb_dbi_open(txn, NULL, 0, &raw.dbi) ||
		mdb_txn_commit(txn))
		give_up("LMDB does not open");
	if (kl_store_open(store_dir, NULL, &fault, &store) < 0)
		give_up(fault.message);
	measure(&raw, store, 1, COMMITS_MAX);
	measure(&raw, store, 100, 200);
	measure(&raw, store, 1000, 100);
	kl_store_close(store);
	mdb_env_close(raw.env);
	remove_files(raw_dir);
	remove_files(store_dir);
	rmdir(folder);
	return 0;
}
