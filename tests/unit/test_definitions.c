#include "daemon/definitions.h"
#include "tests/unit/harness.h"

#include <stdio.h>

static struct kl_definitions known;
static struct kl_writer payload;

static int setup(void **state)
{
	(void)state;
	known = (struct kl_definitions){0};
	kl_writer_init(&payload);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kl_definitions_deinit(&known);
	kl_writer_deinit(&payload);
	return 0;
}

static const struct kl_id one = {{1}}, two = {{2}};

/* A record of `author` with the payload that was written; its id begins with `number`. */
static struct kl_record record(const struct kl_id *author, uint32_t kind, uint8_t number)
{
	struct kl_record r = {.h = {.author = *author, .kind = kind}, .id = {{number, 1}}};

	assert_int_equal(kl_writer_bytes(&payload, &r.payload), 0);
	return r;
}

static struct kl_record definition(
	const struct kl_id *author, const char *slug, uint32_t version, uint8_t number)
{
	struct kl_definition d = {.how = "Count them.",
		.version = version,
		.part_count = 1,
		.parts = {{"", "plates", KL_UNIT_COUNT, KL_HIGHER_BETTER}}};

	(void)kl_copy_text(d.slug, sizeof d.slug, slug);
	(void)kl_copy_text(d.name, sizeof d.name, slug);
	kl_writer_reset(&payload);
	kl_payload_definition_write(&payload, &d);
	return record(author, KL_KIND_DEFINITION, number);
}

static int publish(const struct kl_id *author, const char *slug, uint32_t version, uint8_t number)
{
	struct kl_record r = definition(author, slug, version, number);

	return kl_definitions_take(&known, &r);
}

static void withdraw(const struct kl_id *author, uint8_t number)
{
	struct kl_id which = {{number, 1}};
	struct kl_record r;

	kl_writer_reset(&payload);
	kl_payload_taken_back_write(&payload, &which);
	r = record(author, KL_KIND_WITHDRAW, 99);
	assert_int_equal(kl_definitions_take(&known, &r), 0);
}

static void the_latest_of_each_counts(void **state)
{
	(void)state;
	assert_int_equal(publish(&one, "meals", 1, 1), 0);
	assert_int_equal(publish(&two, "meals", 1, 2), 0);
	assert_int_equal(publish(&one, "meals", 2, 3), 0);
	assert_int_equal(known.n_published, 2);
	assert_int_equal(kl_definitions_find(&known, &one, "meals")->definition.version, 2);
	assert_int_equal(kl_definitions_find(&known, &two, "meals")->definition.version, 1);
	assert_false(kl_id_equal(&kl_definitions_find(&known, &one, "meals")->id,
		&kl_definitions_find(&known, &two, "meals")->id));
	assert_null(kl_definitions_find(&known, &one, "walks"));
}

static void only_its_author_takes_one_back(void **state)
{
	(void)state;
	assert_int_equal(publish(&one, "meals", 1, 1), 0);
	withdraw(&two, 1);
	assert_false(kl_definitions_find(&known, &one, "meals")->withdrawn);
	assert_int_equal(publish(&one, "meals", 2, 2), 0);
	withdraw(&one, 1); /* an earlier version, which stands there no longer */
	assert_false(kl_definitions_find(&known, &one, "meals")->withdrawn);
	withdraw(&one, 2);
	assert_true(kl_definitions_find(&known, &one, "meals")->withdrawn);
	assert_int_equal(publish(&one, "meals", 2, 3), 0);
	assert_false(kl_definitions_find(&known, &one, "meals")->withdrawn);
}

static void nobody_fills_the_memory_of_others(void **state)
{
	char slug[KL_DEFINITION_SLUG_MAX];

	(void)state;
	for (int i = 0; i < KL_MEMBER_DEFINITIONS_MAX + 5; i++) {
		(void)snprintf(slug, sizeof slug, "d%d", i);
		assert_int_equal(publish(&one, slug, 1, (uint8_t)i), 0);
	}
	assert_int_equal(known.n_published, KL_MEMBER_DEFINITIONS_MAX);
	assert_int_equal(publish(&one, "d0", 2, 200), 0);
	assert_int_equal(kl_definitions_find(&known, &one, "d0")->definition.version, 2);
	assert_int_equal(publish(&two, "meals", 1, 201), 0);
	assert_non_null(kl_definitions_find(&known, &two, "meals"));
	assert_false(kl_definitions_room(&known, &one, "more"));
	assert_true(kl_definitions_room(&known, &one, "d0"));
	assert_true(kl_definitions_room(&known, &two, "more"));
}

static void what_was_taken_back_makes_room(void **state)
{
	char slug[KL_DEFINITION_SLUG_MAX];

	(void)state;
	for (int i = 0; i < KL_MEMBER_DEFINITIONS_MAX; i++) {
		(void)snprintf(slug, sizeof slug, "d%d", i);
		assert_int_equal(publish(&one, slug, 1, (uint8_t)i), 0);
	}
	withdraw(&one, 7);
	assert_true(kl_definitions_find(&known, &one, "d7")->withdrawn);
	assert_true(kl_definitions_room(&known, &one, "more"));
	assert_int_equal(publish(&one, "more", 1, 210), 0);
	assert_int_equal(known.n_published, KL_MEMBER_DEFINITIONS_MAX);
	assert_non_null(kl_definitions_find(&known, &one, "more"));
	assert_null(kl_definitions_find(&known, &one, "d7"));
	assert_false(kl_definitions_room(&known, &one, "d7"));
}

static void what_is_malformed_or_erased_is_passed_over(void **state)
{
	struct kl_record r = definition(&one, "meals", 1, 1);

	(void)state;
	r.payload.len--;
	assert_int_equal(kl_definitions_take(&known, &r), 0);
	r.payload.len++;
	r.erased = true;
	assert_int_equal(kl_definitions_take(&known, &r), 0);
	r.erased = false;
	r.h.kind = KL_KIND_LESSON;
	assert_int_equal(kl_definitions_take(&known, &r), 0);
	assert_int_equal(known.n_published, 0);
}

static void adopted_ones_are_kept_apart(void **state)
{
	struct kl_adopt adopt = {.author = one, .code = "meals"};
	struct kl_record r = definition(&one, "meals", 1, 1);
	struct kl_writer w;

	(void)state;
	assert_int_equal(kl_definitions_take(&known, &r), 0);
	adopt.definition = r.payload;
	kl_writer_init(&w);
	kl_adopt_write(&w, &adopt);
	assert_int_equal(kl_writer_bytes(&w, &r.payload), 0);
	assert_int_equal(kl_definitions_adopt(&known, &r), 0);
	assert_int_equal(known.n_adopted, 1);
	assert_true(kl_id_equal(&known.adopted[0].id, &known.published[0].id));
	assert_int_equal(publish(&one, "meals", 2, 2), 0);
	withdraw(&one, 2);
	assert_int_equal(known.adopted[0].definition.version, 1);

	adopt.ends = true;
	kl_writer_reset(&w);
	kl_adopt_write(&w, &adopt);
	assert_int_equal(kl_writer_bytes(&w, &r.payload), 0);
	assert_int_equal(kl_definitions_adopt(&known, &r), 0);
	assert_int_equal(known.n_adopted, 0);
	assert_int_equal(known.n_published, 1);
	kl_writer_deinit(&w);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(the_latest_of_each_counts),
		FRESH(only_its_author_takes_one_back),
		FRESH(nobody_fills_the_memory_of_others),
		FRESH(what_was_taken_back_makes_room),
		FRESH(what_is_malformed_or_erased_is_passed_over),
		FRESH(adopted_ones_are_kept_apart),
	};

	return RUN(tests);
}
