/* What several tests of tallies read from the known answers: the schema, elements, cases.
 *
 * Everything fails the running test when a file is not of the form that is expected. */
#ifndef KL_TESTS_UNIT_QB1_H
#define KL_TESTS_UNIT_QB1_H

#include "core/audit.h"
#include "core/cells.h"
#include "core/committee.h"
#include "core/share.h"
#include "tests/unit/vectors.h"

enum { QB1_METRICS_MAX = 8, QB1_FULL_METRICS = 120, QB1_FULL_BINS = 16 };

struct qb1_schema {
	struct kl_cells cells;
	struct kl_id tally, policy, schema;
	uint8_t run_lengths[QB1_METRICS_MAX][KL_LEVELS][KL_CELLS_BINS_MAX];
	struct kl_runs levels[QB1_METRICS_MAX][KL_LEVELS]; /* point into run_lengths */
};

/* Reads schema.json; the struct must stay where it is. */
void qb1_schema(struct qb1_schema *ret_schema);

/* Committee of a case, from its member "n"; checks "t". */
struct kl_committee qb1_committee(const json_t *object);

/* Exactly `count` elements of a hex vector. */
void qb1_elements(const json_t *string, uint64_t *ret_elements, size_t count);

/* Number of elements of a hex vector of at most `max`. */
size_t qb1_elements_up_to(const json_t *string, uint64_t *ret_elements, size_t max);

/* Member "1".."10" of an object whose keys are seats; NULL if that seat has none. */
const json_t *qb1_of_seat(const json_t *object, unsigned seat);

/* Deals a case of shares.json or full.json: its answers' cells `x` under its seeds. */
void qb1_deal(const json_t *object, const struct kl_committee *committee, const uint64_t *x,
	size_t cells, struct kl_dealing *ret_dealing);

/* Binding of an author's first contribution to the tally of schema.json. */
struct kl_share_binding qb1_binding(
	const struct qb1_schema *schema, const json_t *author, unsigned seat);

/* A set of members from a list of their numbers. */
void qb1_set(const json_t *members, struct kl_set *ret_set);

/* The members of a case of audit.json. Without "control", everybody is of a group of its own.
 * `controls` has room for KL_SET_MEMBERS_MAX. */
struct kl_population qb1_population(const json_t *object, uint16_t *controls);

#endif
