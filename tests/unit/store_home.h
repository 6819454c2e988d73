/* A folder for a database in a test, and what tests say often about one. */
#ifndef KL_TESTS_UNIT_STORE_HOME_H
#define KL_TESTS_UNIT_STORE_HOME_H

#include "store/batch.h"
#include "tests/unit/harness.h"

#include <stdio.h>

struct home {
	char dir[256];
	struct kl_store *store;
	struct kl_batch *batch;
	struct kl_fault fault;
};

/* For cmocka_unit_test_setup_teardown(): a folder with an open store and an empty batch; *state is
 * the struct home. Everything is taken away at the end. */
int home_setup(void **state);
int home_teardown(void **state);

#define home_test(function) cmocka_unit_test_setup_teardown(function, home_setup, home_teardown)

void home_close(struct home *home);
void home_open(struct home *home); /* asserts that it opens */

/* Path of a file of the database; static memory. */
const char *home_file(const struct home *home, const char *name);

/* Commits the batch, asserts that it went well, and empties it. */
void home_commit(struct home *home);

/* Turns over one byte `offset` behind the first place in data.mdb where `text` stands. */
void home_damage(struct home *home, const char *text, size_t offset);

/* Makes the closed database one of version 1: tables that came later are gone. */
void home_make_old(struct home *home);

/* True if `text` stands anywhere in data.mdb. */
bool home_contains(struct home *home, const char *text);

#define assert_rc(expression, code)                                                                \
	assert_string_equal(kl_error_name(expression), kl_error_name(code))

#endif
