/* Observations that came in as tables: which imports count, and where the rows of a code stand.
 *
 * in force  of each name of a file the newest import; all files count beside each other
 * index     the codes that stand in each part, made anew when other imports are in force: a table of
 *           100,000 rows is not read through for every question. It is made a part a turn of the loop
 *           as soon as imports change; who asks before it is whole waits for the rest */
#ifndef KL_DAEMON_IMPORTED_H
#define KL_DAEMON_IMPORTED_H

#include "core/observation.h"
#include "daemon/node.h"

#define KL_OBSERVATIONS_IMPORT "observations" /* kind of the imports */

struct kl_imported;

void kl_imported_destroy(struct kl_imported *imported); /* NULL is accepted */

/* Imports may have changed: the index is made in the background, if another is needed. */
void kl_imported_begin(struct kl_node *node);

/* A row as it is kept; `order` of the import that it came in with. */
typedef int kl_imported_fn(void *arg, struct kl_bytes row, uint64_t order);

/* Where rows of a code stand, in the order in which they came in. They stay there until the import is
 * taken away, which may happen between two calls: then reading them is KL_E_NOT_FOUND. */
struct kl_imported_spot {
	uint64_t id, order;
	uint32_t part;
};

/* *ret_spots is to be freed; NULL if there are none. */
int kl_imported_spots(struct kl_node *node, const char *code, struct kl_imported_spot **ret_spots,
	size_t *ret_count);

/* Calls for the rows of a code in one of these. Ends when `visit` returns non-zero, which is
 * returned. */
int kl_imported_rows(struct kl_node *node, const struct kl_imported_spot *spot, const char *code,
	kl_imported_fn *visit, void *arg);

/* Hash of a quantity, period and place (compared without case). */
uint64_t kl_observation_hash(
	const char *code, const char *component, const char *period, const char *place);

/* How many different quantities, periods and places there are of a code. */
int kl_imported_count(struct kl_node *node, const char *code, size_t *ret_count);

/* The latest period of a code's rows, if there are any. */
int kl_imported_latest(
	struct kl_node *node, const char *code, bool *ret_any, struct kl_period *ret_latest);

/* Whether the hash of a quantity, period and place is among them. */
int kl_imported_has(struct kl_node *node, uint64_t hash, bool *ret_has);

#endif
