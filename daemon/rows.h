/* Tables in the store and what is done with their rows, one part a turn of the loop.
 *
 * table   the newest import of a kind and name ("suppliers" of a project): see store/imports.h
 * sink    whoever wants the rows: it takes them one by one, and then there is a result
 *
 * The same sink serves an upload (rows are looked at while they arrive, and nothing is visible until
 * the sink agreed with all of them) and a later reading. `data` belongs to these functions from the
 * call on: `destroy` is called exactly once, also after a failure. */
#ifndef KL_DAEMON_ROWS_H
#define KL_DAEMON_ROWS_H

#include "daemon/changes.h"
#include "daemon/node.h"
#include "store/imports.h"

struct kl_rows_sink {
	/* Reading several tables, may be NULL: the rows of table `index` follow. */
	int (*table)(void *data, size_t index, struct kl_fault *fault);
	/* One row; negative with words in `fault` ends everything. */
	int (*row)(void *data, const struct kl_value *row, struct kl_fault *fault);
	/* All rows were there: writes the answer's map into ask->out, or refuses. After reading it
	 * may also return KL_ROWS_GO_ON: it has made the ask an upload, or something else that is
	 * answered later. */
	int (*end)(void *data, struct kl_ask *ask);
	/* Upload only, may be NULL: what is left to do after the last row and before `end`, a little
	 * a turn; KL_ROWS_GO_ON until it is done. */
	int (*more)(void *data, struct kl_fault *fault);
	/* Upload only, may be NULL: what is kept instead of a part whose rows were just taken. The
	 * bytes live until the next row is. */
	int (*rewrite)(void *data, struct kl_bytes *ret_part, struct kl_fault *fault);
	/* Upload only, may be NULL: how many rows a list of imports tells, where one row of a part is
	 * a block of many. */
	uint64_t (*count)(const void *data);
	/* Upload only, may be NULL: changes of documents for the commit that makes the table visible,
	 * made with the functions of changes.h, so that they are taken back with the table. */
	int (*publish)(void *data, struct kl_changes *changes, struct kl_fault *fault);
	/* Upload only, may be NULL: the table is visible now. */
	void (*kept)(void *data);
	void (*destroy)(void *data);
};

enum { KL_ROWS_GO_ON = 1 };

/* Hands the rows of a table to the sink and answers with what it writes. No table: no rows. `what`
 * says in the progress what is being done. */
int kl_rows_read(struct kl_node *node, struct kl_ask *ask, const char *kind, const char *name,
	const char *what, const struct kl_rows_sink *sink, void *data);

/* The same with several tables, one after the other; `imports` is copied. */
int kl_rows_read_all(struct kl_node *node, struct kl_ask *ask, const struct kl_import *imports,
	size_t count, const char *what, const struct kl_rows_sink *sink, void *data);

/* Takes an upload of rows out of a file of that name. The parts are staged in commits of at most
 * 4 MiB; the last commit makes them visible together, as one import that can be taken back. */
int kl_rows_upload(struct kl_node *node, struct kl_ask *ask, const char *kind, const char *name,
	struct kl_bytes file, const struct kl_rows_sink *sink, void *data);

/* All rows of these tables within one call, for what is small. */
int kl_rows_each(struct kl_node *node, const struct kl_import *imports, size_t count,
	const struct kl_rows_sink *sink, void *data, struct kl_fault *fault);

/* The same with the newest table of a kind and name. KL_E_NOT_FOUND if there is none. */
int kl_rows_all(struct kl_node *node, const char *kind, const char *name,
	const struct kl_rows_sink *sink, void *data, struct kl_fault *fault);

/* The rows of one part of a table, for whoever goes from part to part. KL_E_NOT_FOUND behind the
 * last. */
int kl_rows_part(struct kl_node *node, const struct kl_import *import, uint32_t index,
	const struct kl_rows_sink *sink, void *data, struct kl_fault *fault);

/* Puts into the batch that every visible table of this kind and name is turned back, for good: what
 * stands in its place is no import. *ret_count (may be NULL): how many. */
int kl_rows_undo(struct kl_node *node, struct kl_batch *batch, const char *kind, const char *name,
	size_t *ret_count);

#endif
