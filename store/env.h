/* The database as a whole: opened once, grown when it is full, checked, made smaller.
 *
 * One environment per process, opened after any fork. Everything here runs in one thread. Reading
 * happens in transactions that never outlive the call that started them: a visit calls back inside
 * its transaction, and the views it hands out end with the callback. Callbacks never commit.
 *
 * broken  after a write that failed in the middle (input/output error, LMDB's panic) nothing more
 *         is written until kl_store_reopen(); the caller should have the files verified first
 * verify  walks everything and checks every checksum. Damaged LMDB files can crash the process that
 *         reads them, so this belongs in a child process, before the environment is opened */
#ifndef KL_STORE_ENV_H
#define KL_STORE_ENV_H

#include "core/error.h"
#include "store/schema.h"

#include <stdbool.h>

struct kl_store;
struct kl_batch;

/* Why a commit could not be made. */
enum kl_lack {
	KL_LACK_DISK,    /* no space on the disk */
	KL_LACK_MAP,     /* map_max is reached */
	KL_LACK_WRITING, /* the disk failed: the store is broken */
};

struct kl_store_options {
	uint64_t map_size; /* bytes of address space to start with; 0: 1 GiB. Doubled when full */
	uint64_t map_max;  /* never beyond this; 0: 64 GiB. Then KL_E_FULL */
	uint64_t map_reserve; /* of map_max: for urgent batches only */
	/* Called inside a commit that could not be made; must not commit itself. True: there is more
	 * room now, and an urgent batch is tried once more. May be NULL. */
	bool (*lacks)(void *arg, enum kl_lack lack, const struct kl_batch *batch);
	void *arg;
};

/* Opens the database in `dir`, making both (0700, 0600) if they are not there. `options` may be
 * NULL. Refused: KL_E_BUSY if it is already open, here or in another process; KL_E_VERSION if
 * another version of keeplocal or LMDB wrote it, or it is not ours; KL_E_DAMAGED if the files are
 * cut short or do not hold together; KL_E_PERMISSION, KL_E_FULL, KL_E_IO. The fault says what to
 * do. Does not verify: that is a walk through everything. */
int kl_store_open(const char *dir, const struct kl_store_options *options, struct kl_fault *fault,
	struct kl_store **ret_store);

/* The same to look at it only: nothing is written, not even a lock file, and there must be one. A database
 * of an older version is read as it is. */
int kl_store_open_read_only(const char *dir, struct kl_fault *fault, struct kl_store **ret_store);

void kl_store_close(struct kl_store *store); /* NULL is accepted */

/* Closes the files but keeps the store, broken until kl_store_reopen(): so that another process can
 * verify them in between. */
void kl_store_suspend(struct kl_store *store);

/* Closes the files and opens them again: the way out of the broken state. On failure the store
 * stays broken, reads fail as well, and it may be tried again. */
int kl_store_reopen(struct kl_store *store, struct kl_fault *fault);

/* True after a failed write, until a reopening that went well. */
bool kl_store_is_broken(const struct kl_store *store);

/* Frees places in the table of readers that dead processes left behind; at start (done by opening)
 * and each minute. *ret_freed: how many. */
int kl_store_check_readers(struct kl_store *store, unsigned *ret_freed);

/* From now on batches that are not urgent are refused with this fault, without being tried; NULL: no
 * longer. */
void kl_store_hold(struct kl_store *store, const struct kl_fault *why);

/* Another map_max. Below what is used it has the store grow no further. */
void kl_store_limit(struct kl_store *store, uint64_t map_max, uint64_t map_reserve);

struct kl_store_space {
	uint64_t disk_free,
		disk_size; /* of the disk that the files are on, for whoever runs this */
	uint64_t map_free; /* bytes of pages: free ones, and those up to map_max */
};

/* Walks the list of free pages: not for every turn. KL_E_IO while it is broken. */
int kl_store_space(struct kl_store *store, struct kl_store_space *ret_space);

struct kl_store_info {
	uint64_t map_bytes;  /* address space */
	uint64_t used_bytes; /* up to the last page in use */
	uint64_t file_bytes;
	uint64_t entries[KL_TABLE_COUNT];
};

int kl_store_info(struct kl_store *store, struct kl_store_info *ret_info);

struct kl_verify_report {
	uint64_t entries;
	uint64_t bytes; /* of keys and values */
};

/* Reads everything in `dir` without writing: checksums, order, counts, that feeds have no gaps and
 * fit their heads, that imports have all their parts. KL_E_DAMAGED says in the fault where;
 * KL_E_BUSY while the database is open; KL_E_NOT_FOUND if there is none. May crash on damaged
 * files. */
int kl_store_verify(const char *dir, struct kl_fault *fault, struct kl_verify_report *ret_report);

/* Writes the database anew without its free pages, which may still hold what was erased, and puts
 * the new file in place of the old one. Only while it is not open: KL_E_BUSY. The old file stands
 * until the new one is safely on disk. */
int kl_store_compact(
	const char *dir, struct kl_fault *fault, uint64_t *ret_before, uint64_t *ret_after);

/* Copies the stored bytes of one key: *ret_copy is malloc'd (never NULL, even when *ret_len is 0),
 * the caller frees it. KL_E_NOT_FOUND, KL_E_DAMAGED. The typed readers of documents.h, imports.h
 * and feeds.h are what most callers want. */
int kl_store_get(struct kl_store *store, enum kl_table table, struct kl_bytes key,
	uint8_t **ret_copy, size_t *ret_len);

/* What a callback returns: go on, or end the visit, which then returns 0. Any negative value ends
 * it as well and becomes its result. */
enum { KL_VISIT_ON = 0, KL_VISIT_STOP = 1 };

/* Calls for each key that starts with `prefix` (which may be empty), in order of keys. */
typedef int kl_visit_fn(void *arg, struct kl_bytes key, struct kl_bytes value);
int kl_store_visit(struct kl_store *store, enum kl_table table, struct kl_bytes prefix,
	kl_visit_fn *visit, void *arg);

#endif
