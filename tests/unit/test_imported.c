/* Observations of tables and by hand: which count, where they stand, and one sorted list of them that is
 * made in steps. */
#include "daemon/imported.h"
#include "daemon/observation_list.h"
#include "protocol/doc_observation.h"
#include "protocol/part.h"
#include "store/imports.h"
#include "tests/unit/store_home.h"

#include <stdlib.h>

static struct kl_node node;

static int setup(void **state)
{
	int rc = home_setup(state);

	node = (struct kl_node){.store = ((struct home *)*state)->store};
	return rc;
}

static int teardown(void **state)
{
	kl_imported_destroy(node.imported);
	return home_teardown(state);
}

static struct kl_observation observed(
	const char *name, uint16_t year, const char *place, int number)
{
	struct kl_period period = {.kind = KL_PERIOD_YEAR, .year = year};
	struct kl_observation o;

	assert_rc(kl_observation_init(name, "", period, &o, NULL), KL_OK);
	(void)kl_copy_text(o.place, sizeof o.place, place);
	o.has_number = true;
	o.number = number;
	return o;
}

/* A table of `parts` parts with one row in each: numbers first, first - 1, ..., of as many places. */
static uint64_t keep_table(
	struct home *home, const char *file, const char *name, int parts, int first)
{
	char place[16];
	uint64_t id;

	assert_rc(kl_import_begin(home->store, &id), KL_OK);
	for (int i = 0; i < parts; i++) {
		struct kl_observation o;
		struct kl_part part;
		struct kl_bytes bytes;
		bool full;

		(void)snprintf(place, sizeof place, "ward %03d", first - i);
		o = observed(name, 2016, place, first - i);
		kl_part_init(&part);
		kl_doc_observation_encode(kl_part_row(&part), &o);
		assert_rc(kl_part_end_row(&part, &full), KL_OK);
		assert_rc(kl_part_bytes(&part, &bytes), KL_OK);
		kl_import_part(home->batch, id, (uint32_t)i, bytes);
		kl_part_deinit(&part);
	}
	kl_import_publish(
		home->batch, id, KL_OBSERVATIONS_IMPORT, file, (uint32_t)parts, kl_bytes_str(file));
	home_commit(home);
	return id;
}

static void record(const char *name, uint16_t year, const char *place, int number)
{
	struct kl_observation o = observed(name, year, place, number);
	uint64_t revision;

	assert_rc(kl_own_observation_keep(&node, &o, NULL, &revision, NULL), KL_OK);
}

static size_t count_of(const char *code)
{
	size_t count = 99;

	assert_rc(kl_own_observations_count(&node, code, &count), KL_OK);
	return count;
}

static void the_newest_table_of_a_name_counts(void **state)
{
	struct home *home = *state;

	assert_int_equal(count_of("c6.trees"), 0);
	assert_null(node.imported);
	keep_table(home, "a.csv", "c6.trees", 3, 3);
	assert_int_equal(count_of("c6.trees"), 3);
	keep_table(home, "b.csv", "c6.trees", 2, 5);
	assert_int_equal(count_of("c6.trees"), 5);
	keep_table(home, "a.csv", "c6.trees", 1, 9);
	assert_int_equal(count_of("c6.trees"), 3);
	record("c6.trees", 2016, "WARD 009", 4);
	assert_int_equal(count_of("c6.trees"), 3);
	record("c6.trees", 2017, "ward 009", 4);
	assert_int_equal(count_of("c6.trees"), 4);
	assert_int_equal(count_of("c5.trust"), 0);
}

static void the_latest_period_is_known_without_reading(void **state)
{
	struct kl_period latest;
	bool any = true;

	assert_rc(kl_own_observations_latest(&node, "c6.trees", &any, &latest), KL_OK);
	assert_false(any);
	keep_table(*state, "a.csv", "c6.trees", 2, 2);
	assert_rc(kl_own_observations_latest(&node, "c6.trees", &any, &latest), KL_OK);
	assert_true(any);
	assert_int_equal(latest.year, 2016);
	record("c6.trees", 2015, "", 1);
	assert_rc(kl_own_observations_latest(&node, "c6.trees", &any, &latest), KL_OK);
	assert_int_equal(latest.year, 2016);
	record("c6.trees", 2019, "", 1);
	assert_rc(kl_own_observations_latest(&node, "c6.trees", &any, &latest), KL_OK);
	assert_int_equal(latest.year, 2019);
}

/* Parts hold one row each, in the wrong order: every number of runs is merged. */
static void a_list_is_sorted_whatever_stood_where(void **state)
{
	struct kl_listed_observation listed;
	struct kl_observation_list *list;
	struct kl_fault fault = {0};

	for (int parts = 1; parts < 20; parts++) {
		int steps = 0, rc;

		keep_table(*state, "a.csv", "c6.trees", parts, parts);
		assert_rc(kl_observation_list_begin(&node, "c6.trees", &list, &fault), KL_OK);
		while ((rc = kl_observation_list_step(list, &fault)) == 1)
			steps++;
		assert_rc(rc, KL_OK);
		assert_true(steps >= parts);
		assert_int_equal(kl_observation_list_count(list), parts);
		for (int i = 0; i < parts; i++) {
			assert_rc(kl_observation_list_at(list, (size_t)i, &listed, &fault), KL_OK);
			assert_int_equal(listed.observation.number, i + 1);
			assert_true(listed.begins);
			assert_false(listed.superseded);
			assert_int_equal(listed.revision, 0);
		}
		kl_observation_list_destroy(list);
	}
}

static void what_was_recorded_by_hand_stands_above_tables(void **state)
{
	struct kl_listed_observation listed[5];
	struct kl_observation_list *list;
	struct kl_fault fault = {0};

	record("c6.trees", 2016, "Ward 001", 70);
	keep_table(*state, "a.csv", "c6.trees", 2, 2);
	record("c6.trees", 2016, "ward 001", 80);
	record("c6.trees", 2017, "ward 001", 90);
	assert_rc(kl_observation_list_new(&node, "c6.trees", &list, &fault), KL_OK);
	assert_int_equal(kl_observation_list_count(list), 5);
	for (size_t i = 0; i < 5; i++)
		assert_rc(kl_observation_list_at(list, i, &listed[i], &fault), KL_OK);
	kl_observation_list_destroy(list);
	assert_int_equal(listed[0].observation.number, 1);
	assert_true(listed[0].superseded && listed[0].begins);
	assert_int_equal(listed[1].observation.number, 70);
	assert_int_equal(listed[1].revision, 1);
	assert_true(listed[1].superseded && !listed[1].begins);
	assert_int_equal(listed[2].observation.number, 80);
	assert_int_equal(listed[2].revision, 2);
	assert_false(listed[2].superseded || listed[2].begins);
	assert_int_equal(listed[3].observation.number, 90);
	assert_false(listed[3].superseded || listed[3].begins);
	assert_int_equal(listed[4].observation.number, 2);
	assert_true(listed[4].begins && !listed[4].superseded);
}

static void a_table_taken_back_meanwhile_is_told(void **state)
{
	struct home *home = *state;
	struct kl_observation_list *list;
	struct kl_fault fault = {0};
	uint64_t id = keep_table(home, "a.csv", "c6.trees", 2, 2);

	assert_rc(kl_observation_list_begin(&node, "c6.trees", &list, &fault), KL_OK);
	assert_int_equal(kl_observation_list_step(list, &fault), 1);
	kl_import_undo(home->batch, 1);
	home_commit(home);
	assert_rc(kl_import_discard(home->store, id, &fault), KL_OK);
	assert_rc(kl_observation_list_step(list, &fault), KL_E_BUSY);
	assert_non_null(strstr(fault.message, "taken back"));
	kl_observation_list_destroy(list);
	assert_int_equal(count_of("c6.trees"), 0);
	assert_null(node.imported);
}

static void a_mistake_is_taken_out(void **state)
{
	struct kl_observation o = observed("c6.trees", 2016, "ward 001", 0), found;
	struct kl_fault fault = {0};
	uint64_t revision;

	(void)state;
	record("c6.trees", 2016, "Ward 001", 70);
	record("c6.trees", 2016, "ward 001", 71);
	assert_rc(kl_own_observation_by_hand(&node, &o, &found, &revision, &fault), KL_OK);
	assert_int_equal(found.number, 71);
	assert_int_equal(revision, 2);
	assert_rc(kl_own_observation_remove(&node, &o, &fault), KL_OK);
	assert_rc(kl_own_observation_by_hand(&node, &o, &found, NULL, &fault), KL_E_NOT_FOUND);
	assert_int_equal(count_of("c6.trees"), 0);
	record("c6.trees", 2016, "ward 001", 72);
	assert_rc(kl_own_observation_by_hand(&node, &o, &found, &revision, &fault), KL_OK);
	assert_int_equal(revision, 1);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(the_newest_table_of_a_name_counts),
		FRESH(the_latest_period_is_known_without_reading),
		FRESH(a_list_is_sorted_whatever_stood_where),
		FRESH(what_was_recorded_by_hand_stands_above_tables),
		FRESH(a_table_taken_back_meanwhile_is_told),
		FRESH(a_mistake_is_taken_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
