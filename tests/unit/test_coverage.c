/* Who does what where: cells, rows, places, and who is in them. Names and places are made up. */
#include "core/coverage.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

enum { ITEMS = 6, PLACES = 4 };

/* A made-up member, with room for what its view points to. */
struct made {
	struct kl_text_list lists[2];
	uint64_t pursuits[2 * ITEMS], places[PLACES];
};

static struct kl_pursuits *bank;
static struct made made[4000];
static struct kl_coverage_member members[4000];
static size_t n_members;
static struct kl_coverage grid;

static int setup(void **state)
{
	(void)state;
	bank = kl_pursuits_new();
	return bank ? 0 : -1;
}

static void empty(void)
{
	kl_coverage_deinit(&grid);
	for (size_t i = 0; i < n_members; i++) {
		free(made[i].lists[0].items);
		free(made[i].lists[1].items);
	}
	n_members = 0;
}

static int teardown(void **state)
{
	(void)state;
	empty();
	kl_pursuits_destroy(bank);
	return 0;
}

static void add_item(struct kl_text_list *list, const char *item)
{
	list->items = realloc(list->items, (list->n + 1) * sizeof *list->items);
	assert_non_null(list->items);
	(void)kl_copy_text(list->items[list->n++], KL_PROFILE_TEXT_MAX, item);
}

static void add_items(struct kl_text_list *list, const char *items)
{
	char *copy = strdup(items), *rest = copy, *item;

	while ((item = strsep(&rest, ";")))
		if (*item)
			add_item(list, item);
	free(copy);
}

/* Services and activities apart by `;`, places as digits. */
static void member(const char *services, const char *activities, const char *places)
{
	struct made *m = &made[n_members];
	struct kl_coverage_member *view = &members[n_members++];
	size_t n = 0;

	memset(m, 0, sizeof *m);
	add_items(&m->lists[0], services);
	add_items(&m->lists[1], activities);
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < m->lists[k].n; i++)
			m->pursuits[n++] = kl_pursuit_of(bank, m->lists[k].items[i]);
	for (n = 0; places[n]; n++)
		m->places[n] = (uint64_t)(places[n] - '0');
	*view = (struct kl_coverage_member){&m->lists[0], &m->lists[1], m->pursuits, m->places, n};
}

static void make(bool characteristics, const char *activity, const char *service)
{
	const struct kl_coverage_wanted wanted = {characteristics, activity, service};

	kl_coverage_deinit(&grid);
	assert_int_equal(kl_coverage_make(bank, members, n_members, &wanted, &grid), 0);
}

static size_t place(uint64_t number)
{
	for (size_t i = 0; i < grid.n_places; i++)
		if (grid.places[i].place == number)
			return i;
	fail_msg("no place %u", (unsigned)number);
	return 0;
}

/* The row of an item, or n_rows. */
static size_t row(const char *item)
{
	uint64_t pursuit = kl_pursuit_of(bank, item);
	size_t i = 0;

	while (i < grid.n_rows && grid.rows[i].pursuit != pursuit)
		i++;
	return i;
}

static unsigned at(uint64_t number, const char *item)
{
	assert_true(row(item) < grid.n_rows);
	return kl_coverage_at(&grid, place(number), row(item));
}

static void example(void)
{
	empty();
	member("childcare", "food;growing food", "1");
	member("", "food;Repair cafes", "12");
	member("cafe repair", "debt advice", "2");
	member("", "", "2");
	member("", "energy", "");
}

static void a_member_counts_once_in_a_cell_and_in_every_place(void **state)
{
	(void)state;
	example();
	make(false, NULL, NULL);
	assert_int_equal(at(1, "food"), 2); /* the first says it twice */
	assert_int_equal(at(2, "food"), 1);
	assert_int_equal(at(1, "repair cafe"), 1);
	assert_int_equal(at(2, "repair cafe"), 2);
	assert_int_equal(at(2, "childcare"), 0);
	assert_int_equal(grid.rows[row("food")].members, 2);
	assert_int_equal(
		grid.rows[row("energy")].members, 1); /* in no place, but somebody does it */
	assert_int_equal(at(1, "energy") + at(2, "energy"), 0);
	assert_int_equal(grid.n_places, 2);
	assert_int_equal(grid.places[0].place, 2); /* three members */
	assert_int_equal(grid.places[0].members, 3);
}

static void the_whole_bank_has_rows_and_own_words_come_behind(void **state)
{
	(void)state;
	example();
	make(false, NULL, NULL);
	assert_int_equal(grid.n_rows, kl_activity_count() + 1);
	for (size_t i = 0; i < kl_activity_count(); i++) {
		assert_int_equal(grid.rows[i].pursuit, i);
		assert_null(grid.rows[i].words);
	}
	assert_string_equal(grid.rows[kl_activity_count()].words, "Repair cafes");
}

static void characteristics_take_in_what_belongs_to_them(void **state)
{
	(void)state;
	example();
	make(true, NULL, NULL);
	assert_int_equal(grid.n_rows, KL_CHARACTERISTICS);
	assert_int_equal(kl_coverage_at(&grid, place(1), 5), 2); /* environment: food */
	assert_int_equal(kl_coverage_at(&grid, place(1), 1), 1); /* business network: childcare */
	assert_int_equal(kl_coverage_at(&grid, place(2), 2), 1); /* finance: advice */
	assert_int_equal(kl_coverage_at(&grid, place(2), 1), 0); /* a repair cafe is in none */
	assert_int_equal(grid.rows[5].members, 2);
	assert_int_equal(grid.rows[3].members, 1); /* energy, in no place */
}

static void only_what_is_asked_for_has_rows(void **state)
{
	(void)state;
	example();
	make(false, "food", NULL);
	for (size_t i = 0; i < grid.n_rows; i++)
		assert_non_null(kl_pursuit_activity(grid.rows[i].pursuit));
	assert_int_equal(at(1, "food"), 2);
	assert_int_equal(row("childcare"), grid.n_rows);
	assert_true(kl_coverage_fits(&grid, &members[0]));
	assert_false(kl_coverage_fits(&grid, &members[2]));

	make(false, NULL,
		"cafes: repair"); /* said as an activity by one, as a service by another */
	assert_int_equal(grid.n_rows, 1);
	assert_int_equal(grid.rows[0].members, 1);
	assert_int_equal(kl_coverage_at(&grid, place(2), 0), 1);
	assert_true(kl_coverage_fits(&grid, &members[2]));
	assert_false(kl_coverage_fits(&grid, &members[1]));

	make(false, "childcare", NULL); /* of the bank: a service counts, too */
	assert_int_equal(at(1, "childcare"), 1);
	make(false, NULL, "food"); /* and so does an activity where a service is asked for */
	assert_int_equal(at(1, "food"), 2);
	assert_true(kl_coverage_fits(&grid, &members[0]));
	make(false, "advice", "repair"); /* rows of either, members with both */
	assert_true(kl_coverage_fits(&grid, &members[2]));
	assert_false(kl_coverage_fits(&grid, &members[1]));
	make(false, "no such thing", NULL);
	assert_int_equal(grid.n_rows, 0);
}

static void cells_name_their_members(void **state)
{
	uint32_t who[4][KL_COVERAGE_WHO_MAX] = {{0}};
	size_t cell;

	(void)state;
	example();
	make(false, NULL, NULL);
	cell = place(1) * grid.n_rows + row("food");
	assert_int_equal(kl_coverage_who(&grid, members, n_members, cell, cell + 2, &who[1]), 0);
	assert_int_equal(who[1][0], 0);
	assert_int_equal(who[1][1], 1);
	assert_int_equal(kl_coverage_who(&grid, members, n_members, 3, 3, who), 0);
}

static void nobody_at_all_is_a_grid_without_places(void **state)
{
	(void)state;
	empty();
	make(false, NULL, NULL);
	assert_int_equal(grid.n_places, 0);
	assert_int_equal(grid.n_rows, kl_activity_count());
}

/* Beyond the limits, the places with most members and the words that most say are kept. */
static void limits_keep_the_most_common(void **state)
{
	char items[64];

	(void)state;
	empty();
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(items, sizeof items, "thing%u;common", i);
		member("", items, "");
		made[n_members - 1].places[0] = i;
		made[n_members - 1].places[1] = 5000;
		members[n_members - 1].n_places = 2;
	}
	make(false, NULL, NULL);
	assert_int_equal(grid.all_places, 1001);
	assert_int_equal(grid.n_places, KL_COVERAGE_PLACES_MAX);
	assert_int_equal(grid.places[0].place, 5000);
	assert_int_equal(grid.all_rows, kl_activity_count() + 1001);
	assert_int_equal(grid.n_rows, KL_COVERAGE_ROWS_MAX);
	assert_string_equal(grid.rows[kl_activity_count()].words, "common");
	assert_int_equal(at(5000, "common"), 1000);
}

/* ---- against a plain count ------------------------------------------------------------------- */

static const char *const things[] = {"food", "bees", "litter", "workspace", "repair cafe",
	"Cafe of repairs", "childcare", "lunch clubs", "choir", "advice", "a4.energy"};

static uint32_t luck_state = 7;

static unsigned luck(unsigned below)
{
	luck_state = luck_state * 1664525 + 1013904223;
	return (luck_state >> 8) % below;
}

static void random_member(void)
{
	char lists[2][128] = {"", ""}, places[PLACES + 1] = "";

	for (unsigned i = 0; i < 5; i++) {
		char *list = lists[luck(2)];

		strcat(list, things[luck(sizeof things / sizeof *things)]);
		strcat(list, ";");
	}
	for (unsigned i = luck(PLACES); i > 0; i--)
		places[strlen(places)] = (char)('0' + luck(9));
	member(lists[0], lists[1], places);
}

static bool does(size_t m, uint64_t pursuit, uint64_t where)
{
	bool here = false, so = false;

	for (size_t k = 0; k < members[m].n_places; k++)
		here |= members[m].places[k] == where;
	for (size_t i = 0; i < members[m].services->n + members[m].activities->n; i++)
		so |= members[m].pursuits[i] == pursuit;
	return here && so;
}

static void every_cell_is_what_a_plain_count_gives(void **state)
{
	(void)state;
	empty();
	while (n_members < 300)
		random_member();
	make(false, NULL, NULL);
	for (size_t p = 0; p < grid.n_places; p++)
		for (size_t r = 0; r < grid.n_rows; r++) {
			uint32_t who[1][KL_COVERAGE_WHO_MAX];
			unsigned count = 0;

			assert_int_equal(kl_coverage_who(&grid, members, n_members,
						 p * grid.n_rows + r, p * grid.n_rows + r + 1, who),
				0);
			for (size_t m = 0; m < n_members; m++) {
				if (!does(m, grid.rows[r].pursuit, grid.places[p].place))
					continue;
				if (count < KL_COVERAGE_WHO_MAX)
					assert_int_equal(who[0][count], m);
				count++;
			}
			assert_int_equal(kl_coverage_at(&grid, p, r), count);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_counts_once_in_a_cell_and_in_every_place),
		cmocka_unit_test(the_whole_bank_has_rows_and_own_words_come_behind),
		cmocka_unit_test(characteristics_take_in_what_belongs_to_them),
		cmocka_unit_test(only_what_is_asked_for_has_rows),
		cmocka_unit_test(cells_name_their_members),
		cmocka_unit_test(nobody_at_all_is_a_grid_without_places),
		cmocka_unit_test(limits_keep_the_most_common),
		cmocka_unit_test(every_cell_is_what_a_plain_count_gives),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
