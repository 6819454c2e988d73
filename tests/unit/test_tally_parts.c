/* Parts of long records: whatever comes first, the same ones belong together. */
#include "protocol/tally_book.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

static struct kl_tallies book;
static struct kl_parts parts;

static int set_up(void **state)
{
	(void)state;
	memset(&book, 0, sizeof(book));
	memset(&parts, 0, sizeof(parts));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kl_parts_free(&parts);
	return 0;
}

static struct kl_id id_of(unsigned number)
{
	return (struct kl_id){{(uint8_t)number, (uint8_t)(number >> 8), 1}};
}

/* Part `id` stands behind part `before` (0: none) and tells of members, or rows, from `first` on. */
static struct kl_part_said part_of(
	unsigned id, unsigned number, unsigned before, bool more, unsigned first, unsigned count)
{
	static struct kl_intake_entry entries[KL_TALLY_MEMBERS_MAX];
	struct kl_part_said part = {.id = id_of(id),
		.part = {.number = (uint16_t)number, .more = more},
		.first = first,
		.end = first + count,
		.items = entries,
		.count = count};

	for (unsigned i = 0; i < count; i++)
		entries[i].member = (uint16_t)(first + i);
	if (before > 0)
		part.part.before = id_of(before);
	return part;
}

static const struct kl_part_said *add(struct kl_part_said part)
{
	return kl_parts_add(&book, &parts, &part, sizeof(struct kl_intake_entry));
}

static bool is_whole(unsigned id)
{
	const struct kl_id last = id_of(id);

	return kl_parts_whole(&parts, &last) != NULL;
}

/* ---- what goes on behind what --------------------------------------------------------------- */

static void a_part_waits_for_the_one_before_it(void **state)
{
	(void)state;
	assert_non_null(add(part_of(3, 3, 2, false, 4, 2)));
	assert_non_null(add(part_of(2, 2, 1, true, 2, 2)));
	assert_false(is_whole(3));
	assert_null(kl_parts_furthest(&parts, 0, NULL));
	assert_non_null(add(part_of(1, 1, 0, true, 0, 2)));
	assert_true(is_whole(3));
	assert_false(is_whole(2)); /* more follows it */
	assert_int_equal(kl_parts_furthest(&parts, 0, NULL)->part.number, 3);
	assert_null(add(part_of(2, 2, 1, true, 2, 2))); /* it is here */
	assert_int_equal(parts.count, 3);
}

/* Of a story with an end at each part, all ends are found, whatever came first. */
static void a_story_that_branches_hides_none_of_its_ends(void **state)
{
	enum { PARTS = 20, ENDS = 100, ORDERS = 20 };
	struct kl_part_said told[2 * PARTS];

	(void)state;
	for (unsigned i = 0; i < PARTS; i++) {
		told[2 * i] = part_of(1 + i, 1 + i, i, i + 1 < PARTS, i, 1);
		told[2 * i + 1] = part_of(ENDS + i, 1 + i, i, false, i, 1);
	}
	for (unsigned order = 0; order < ORDERS; order++) {
		srand(order);
		for (unsigned i = 2 * PARTS; i-- > 1;) {
			unsigned k = (unsigned)rand() % (i + 1);
			struct kl_part_said kept = told[i];

			told[i] = told[k];
			told[k] = kept;
		}
		for (unsigned i = 0; i < 2 * PARTS; i++)
			assert_non_null(add(told[i]));
		for (unsigned i = 0; i < PARTS; i++) {
			assert_true(is_whole(ENDS + i));
			assert_int_equal(is_whole(1 + i), i + 1 == PARTS);
		}
		kl_parts_free(&parts);
	}
}

static void a_part_of_something_else_does_not_go_on(void **state)
{
	struct kl_part_said part;

	(void)state;
	assert_non_null(add(part_of(1, 1, 0, true, 0, 2)));
	assert_non_null(add(part_of(2, 1, 0, false, 0, 2)));
	(void)add(part_of(10, 3, 1, false, 2, 2)); /* one is left out */
	(void)add(part_of(11, 2, 2, false, 2, 2)); /* behind an end */
	part = part_of(12, 2, 1, false, 2, 2);
	part.attempt = 1;
	(void)add(part);
	part = part_of(13, 2, 1, false, 2, 2);
	part.proposal = id_of(7);
	(void)add(part);
	(void)add(part_of(14, 2, 1, false, 1, 2)); /* a member comes again */
	assert_int_equal(parts.count, 7);
	for (unsigned id = 10; id <= 14; id++)
		assert_false(is_whole(id));
}

static void members_ascend_also_over_a_part_without_any(void **state)
{
	(void)state;
	(void)add(part_of(1, 1, 0, true, 5, 2));
	(void)add(part_of(2, 2, 1, true, 0, 0));
	(void)add(part_of(3, 3, 2, false, 6, 1));
	assert_false(is_whole(3));
	(void)add(part_of(4, 3, 2, false, 9, 1));
	assert_true(is_whole(4));
}

static void of_sums_no_row_is_left_out(void **state)
{
	(void)state;
	parts.sums = true;
	(void)add(part_of(1, 1, 0, true, 1, 2));
	(void)add(part_of(2, 2, 1, false, 3, 2));
	assert_false(is_whole(2));
	(void)add(part_of(3, 1, 0, true, 0, 2));
	(void)add(part_of(4, 2, 3, false, 3, 2));
	assert_false(is_whole(4));
	(void)add(part_of(5, 2, 3, false, 2, 2));
	assert_true(is_whole(5));
}

/* ---- what is made of them ------------------------------------------------------------------- */

static void a_way_has_all_items_in_their_order(void **state)
{
	const struct kl_part_said *last;
	struct kl_intake_entry *entries;
	struct kl_path path;

	(void)state;
	(void)add(part_of(3, 3, 2, false, 7, 3));
	(void)add(part_of(9, 2, 1, false, 2, 40)); /* another end */
	(void)add(part_of(2, 2, 1, true, 0, 0));
	(void)add(part_of(1, 1, 0, true, 0, 2));
	last = kl_parts_whole(&parts, &(struct kl_id){{3, 0, 1}});
	assert_non_null(last);
	kl_parts_path(&parts, last, &path);
	assert_int_equal(path.count, 3);
	assert_int_equal(kl_path_items(&path), 5);
	entries = kl_path_join(&book, &path, sizeof(*entries));
	assert_non_null(entries);
	assert_int_equal(entries[1].member, 1);
	assert_int_equal(entries[2].member, 7);
	assert_int_equal(entries[4].member, 9);
	free(entries);
}

static void there_is_an_end_to_what_is_kept(void **state)
{
	unsigned count = 0;

	(void)state;
	while (count < 1000 && add(part_of(1 + count, 1, 0, false, 0, KL_TALLY_MEMBERS_MAX)))
		count++;
	assert_in_range(count, 10, 999);
	assert_int_equal(book.rc, 0);
	assert_true(is_whole(count));
	assert_false(is_whole(count + 1));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_part_waits_for_the_one_before_it),
		TEST(a_story_that_branches_hides_none_of_its_ends),
		TEST(a_part_of_something_else_does_not_go_on),
		TEST(members_ascend_also_over_a_part_without_any),
		TEST(of_sums_no_row_is_left_out),
		TEST(a_way_has_all_items_in_their_order),
		TEST(there_is_an_end_to_what_is_kept),
	};
#undef TEST

	return RUN(tests);
}
