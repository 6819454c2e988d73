#include "daemon/policies.h"
#include "protocol/payload_definition.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

static struct kl_policies known;
static struct kl_writer payload;

static int setup(void **state)
{
	(void)state;
	known = (struct kl_policies){0};
	kl_writer_init(&payload);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kl_policies_deinit(&known);
	kl_writer_deinit(&payload);
	return 0;
}

static const struct kl_id one = {{1}}, two = {{2}};

/* Record number `seq` of the author; its id says so. */
static struct kl_record record(const struct kl_id *author, uint32_t kind, uint64_t seq)
{
	struct kl_record r = {
		.h = {.author = *author, .kind = kind, .seq = seq, .time_ms = 1000 * seq}};

	kl_put_u64(r.id.b, seq);
	r.id.b[31] = author->b[0];
	assert_int_equal(kl_writer_bytes(&payload, &r.payload), 0);
	return r;
}

static void take(struct kl_record r)
{
	assert_int_equal(kl_policies_take(&known, &r), 0);
}

static void publish(const struct kl_id *author, uint64_t seq, const char *assignment)
{
	struct kl_policy p;

	kl_policy_init(&p);
	assert_int_equal(kl_policy_assign(&p, assignment, NULL), 0);
	kl_writer_reset(&payload);
	kl_payload_policy_write(&payload, &p);
	take(record(author, KL_KIND_POLICY, seq));
	kl_policy_deinit(&p);
}

static void publish_erased(const struct kl_id *author, uint64_t seq)
{
	struct kl_record r;

	kl_writer_reset(&payload);
	r = record(author, KL_KIND_POLICY, seq);
	r.erased = true;
	take(r);
}

static void withdraw(const struct kl_id *author, uint64_t seq, uint64_t which)
{
	struct kl_id id = {{0}};

	kl_put_u64(id.b, which);
	id.b[31] = author->b[0];
	kl_writer_reset(&payload);
	kl_payload_taken_back_write(&payload, &id);
	take(record(author, KL_KIND_WITHDRAW, seq));
}

static const char *title_of(const struct kl_id *author)
{
	const struct kl_policy *p = kl_policy_in_force(&known, author);

	return p ? p->title : "(none)";
}

static void the_newest_is_in_force(void **state)
{
	(void)state;
	publish(&two, 1, "title=Of two");
	publish(&one, 1, "title=First");
	publish(&one, 4, "title=Second");
	publish(&one, 4, "title=Second"); /* it came a second time */
	publish(&one, 1, "title=First");
	assert_string_equal(title_of(&one), "Second");
	assert_string_equal(title_of(&two), "Of two");
	assert_int_equal(kl_policies_find(&known, &one)->total, 2);
	assert_int_equal(kl_policy_newest(kl_policies_find(&known, &one))->time_ms, 4000);
	assert_null(kl_policies_find(&known, &(struct kl_id){{3}}));
}

static void no_older_one_comes_back(void **state)
{
	(void)state;
	publish(&one, 1, "title=First");
	publish(&one, 2, "title=Second");
	withdraw(&one, 3, 1); /* an older version leaves the one in force alone */
	assert_string_equal(title_of(&one), "Second");
	withdraw(&one, 4, 2);
	assert_string_equal(title_of(&one), "(none)");
	publish(&one, 5, "title=Third");
	assert_string_equal(title_of(&one), "Third");
	assert_int_equal(kl_policies_find(&known, &one)->total, 3);
}

static void nobody_withdraws_for_others(void **state)
{
	struct kl_id id = {{0}};

	(void)state;
	publish(&one, 1, "title=Mine");
	kl_put_u64(id.b, 1);
	id.b[31] = one.b[0];
	kl_writer_reset(&payload);
	kl_payload_taken_back_write(&payload, &id);
	take(record(&two, KL_KIND_WITHDRAW, 1));
	assert_string_equal(title_of(&one), "Mine");
}

static bool told(const struct kl_id *author)
{
	const struct kl_member_policy *m = kl_policies_find(&known, author);

	return m && m->told;
}

static void a_weight_that_was_told_stays_told(void **state)
{
	(void)state;
	publish(&one, 1, "title=Without a weight");
	assert_false(told(&one));
	publish(&one, 2, "weight_percent=20");
	publish(&one, 3, "title=Again without");
	assert_true(told(&one));
	withdraw(&one, 4, 2);
	assert_true(told(&one));
}

/* After a restart nobody can tell any more what a withdrawn policy said. */
static void what_is_gone_is_taken_to_have_told_it(void **state)
{
	(void)state;
	publish_erased(&one, 1);
	assert_string_equal(title_of(&one), "(none)");
	assert_true(kl_policies_find(&known, &one)->versions[0].withdrawn);
	assert_true(told(&one));
	kl_writer_reset(&payload);
	kl_write_map(&payload, 1);
	kl_put_text(&payload, "weight_percent", "a fifth");
	take(record(&two, KL_KIND_POLICY, 1)); /* cannot be read here: no version */
	assert_int_equal(kl_policies_find(&known, &two)->total, 0);
	assert_true(told(&two));
}

static void versions_are_bounded(void **state)
{
	const struct kl_member_policy *m;

	(void)state;
	for (uint64_t i = 1; i <= 3 * KL_POLICY_VERSIONS_MAX; i++)
		publish(&one, i, "title=One of many");
	m = kl_policies_find(&known, &one);
	assert_int_equal(m->n, KL_POLICY_VERSIONS_MAX);
	assert_int_equal(m->total, 3 * KL_POLICY_VERSIONS_MAX);
	assert_int_equal(m->versions[0].seq, 2 * KL_POLICY_VERSIONS_MAX + 1);
	assert_int_equal(kl_policy_newest(m)->seq, 3 * KL_POLICY_VERSIONS_MAX);
	withdraw(&one, 1000, 1); /* of one that is not remembered */
	assert_string_equal(title_of(&one), "One of many");
}

static void five_thousand_of_them(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 5000; i++) {
		struct kl_id id = {{0}};

		kl_put_u32(id.b, i * 2654435761u);
		publish(&id, 1, "weight_percent=20");
	}
	assert_int_equal(known.n, 5000);
	for (size_t i = 1; i < known.n; i++)
		assert_true(kl_id_compare(&known.items[i - 1]->id, &known.items[i]->id) < 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_newest_is_in_force),
		TEST(no_older_one_comes_back),
		TEST(nobody_withdraws_for_others),
		TEST(a_weight_that_was_told_stays_told),
		TEST(what_is_gone_is_taken_to_have_told_it),
		TEST(versions_are_bounded),
		TEST(five_thousand_of_them),
	};

	return RUN(tests);
}
