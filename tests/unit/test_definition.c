#include "protocol/payload_definition.h"
#include "core/observation.h"
#include "tests/unit/harness.h"
#include "tests/unit/mutate.h"

#include <stdlib.h>

static struct kl_definition meals(void)
{
	return (struct kl_definition){.slug = "meals_shared",
		.name = "Meals shared",
		.how = "Count the plates at each shared meal.",
		.version = 1,
		.characteristic = 5,
		.level = KL_OF_NEIGHBOURHOOD,
		.form = KL_QUANTITATIVE,
		.span = KL_TREND,
		.part_count = 1,
		.parts = {{"", "Meals shared", KL_UNIT_COUNT, KL_HIGHER_BETTER}}};
}

static struct kl_bytes encoded(struct kl_writer *w, const struct kl_definition *d)
{
	struct kl_bytes bytes;

	kl_writer_init(w);
	kl_payload_definition_write(w, d);
	assert_int_equal(kl_writer_bytes(w, &bytes), 0);
	return bytes;
}

static void names_make_codes(void **state)
{
	struct kl_id author = {{0xab, 0xcd}};
	char slug[KL_DEFINITION_SLUG_MAX], code[KL_METRIC_CODE_MAX];

	(void)state;
	kl_definition_slug("  Meals shared (2nd try)!", slug);
	assert_string_equal(slug, "meals_shared_2nd_try");
	kl_definition_slug("A name that is much too long for a code of it", slug);
	assert_string_equal(slug, "a_name_that_is_much_too_lon");
	assert_true(kl_definition_slug_is_valid(slug));
	kl_definition_slug("\xc3\x9f \xe2\x82\xac", slug);
	assert_string_equal(slug, "");
	assert_false(kl_definition_slug_is_valid(""));
	assert_false(kl_definition_slug_is_valid("Meals"));
	kl_definition_code(&author, "meals_shared", code);
	assert_string_equal(code, "d.abcd000000000000.meals_shared");
	assert_true(kl_definition_is_code(code));
	assert_false(kl_definition_is_code("c1.lm3"));
	assert_false(kl_definition_is_code("d.abcd.meals"));
}

static void names_of_the_catalogue_are_taken(void **state)
{
	struct kl_fault fault;

	(void)state;
	assert_int_equal(kl_definition_name_check("smoking", &fault), KL_E_EXISTS);
	assert_non_null(strstr(fault.message, "c7.smoking"));
	assert_int_equal(kl_definition_name_check("LM3 score", &fault), KL_E_EXISTS);
	assert_int_equal(kl_definition_name_check("c1.lm3", &fault), KL_E_EXISTS);
	assert_int_equal(kl_definition_name_check("Meals shared", &fault), 0);
}

#define REFUSED(change, expected, words)                                                           \
	do {                                                                                       \
		struct kl_definition d = meals();                                                  \
		struct kl_fault fault = {0};                                                       \
		change;                                                                            \
		assert_int_equal(kl_definition_check(&d, &fault), expected);                       \
		assert_non_null(strstr(fault.message, words));                                     \
	} while (0)

static void what_is_no_definition(void **state)
{
	struct kl_definition good = meals();

	(void)state;
	assert_int_equal(kl_definition_check(&good, NULL), 0);
	REFUSED(d.name[0] = '\0', KL_E_INVALID, "name");
	REFUSED(d.how[0] = '\0', KL_E_INVALID, "collected");
	REFUSED(d.name[1] = '\x01', KL_E_MALFORMED, "name");
	REFUSED(d.slug[0] = 'M', KL_E_INVALID, "code");
	REFUSED(d.version = 0, KL_E_RANGE, "version");
	REFUSED(d.version = KL_DEFINITION_VERSION_MAX + 1, KL_E_RANGE, "version");
	REFUSED(d.characteristic = 7, KL_E_MALFORMED, "characteristic");
	REFUSED(d.part_count = 0, KL_E_RANGE, "numbers");
	REFUSED(d.part_count = KL_COMPONENTS_MAX + 1, KL_E_RANGE, "numbers");
	REFUSED(d.parts[0].unit = KL_UNIT_COUNT_ALL, KL_E_MALFORMED, "unit");
	REFUSED(d.parts[0].code[0] = 'x', KL_E_INVALID, "single one has none");
	REFUSED((d.parts[1] = d.parts[0], d.part_count = 2), KL_E_INVALID, "code each");
	REFUSED((memcpy(d.parts[0].code, "a", 2), d.parts[1] = d.parts[0], d.part_count = 2),
		KL_E_INVALID, "twice");
}

static void written_and_read(void **state)
{
	struct kl_definition d = meals(), got;
	struct kl_id one = {{1}}, two = {{2}}, a, b, c;
	struct kl_writer w, v;
	struct kl_bytes bytes = encoded(&w, &d), later;

	(void)state;
	assert_int_equal(kl_payload_definition_read(bytes, &got, NULL), 0);
	assert_true(kl_definition_same(&d, &got));
	assert_int_equal(got.version, 1);
	kl_definition_id(&one, bytes, &a);
	kl_definition_id(&two, bytes, &b);
	assert_false(kl_id_equal(&a, &b));
	d.version = 2;
	later = encoded(&v, &d);
	kl_definition_id(&one, later, &c);
	assert_false(kl_id_equal(&a, &c));
	assert_true(kl_definition_same(&d, &got)); /* versions aside */
	d.parts[0].polarity = KL_LOWER_BETTER;
	assert_false(kl_definition_same(&d, &got));
	kl_writer_deinit(&w);
	kl_writer_deinit(&v);
}

static void damaged_ones_are_refused(void **state)
{
	struct kl_definition d = meals(), got = {.version = 77};
	struct kl_writer w;
	struct kl_bytes bytes = encoded(&w, &d);
	uint8_t *out = malloc(bytes.len + 3);

	(void)state;
	for (size_t n = 0; n < bytes.len; n++)
		assert_int_not_equal(
			kl_payload_definition_read(kl_bytes(bytes.data, n), &got, NULL), 0);
	assert_int_equal(got.version, 77);
	for (uint32_t seed = 0; seed < 3000; seed++) {
		size_t n = mutate(seed, bytes.data, bytes.len, out);

		if (!kl_payload_definition_read(kl_bytes(out, n), &got, NULL))
			assert_int_equal(kl_definition_check(&got, NULL), 0);
	}
	free(out);
	kl_writer_deinit(&w);
}

static void taking_back_names_a_record(void **state)
{
	struct kl_id record = {{9}}, got = {{0}};
	struct kl_writer w;
	struct kl_bytes bytes;

	(void)state;
	kl_writer_init(&w);
	kl_payload_taken_back_write(&w, &record);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_taken_back_read(bytes, &got, NULL), 0);
	assert_true(kl_id_equal(&record, &got));
	assert_int_equal(
		kl_payload_taken_back_read(kl_bytes(bytes.data, bytes.len - 1), &got, NULL),
		KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

static void adoptions_are_strict(void **state)
{
	struct kl_definition d = meals();
	struct kl_adopt adopt = {.author = {{4}}, .code = "meals_shared"}, got;
	struct kl_writer w, v;
	struct kl_bytes bytes;
	struct kl_fault fault;

	(void)state;
	adopt.definition = encoded(&w, &d);
	kl_writer_init(&v);
	kl_adopt_write(&v, &adopt);
	assert_int_equal(kl_writer_bytes(&v, &bytes), 0);
	assert_int_equal(kl_adopt_read(bytes, &got, &fault), 0);
	assert_true(kl_bytes_equal(got.definition, adopt.definition));
	kl_write_nil(&v);
	assert_int_equal(kl_writer_bytes(&v, &bytes), 0);
	assert_int_equal(kl_adopt_read(bytes, &got, &fault), KL_E_MALFORMED);

	kl_writer_reset(&v);
	(void)kl_copy_text(adopt.code, sizeof adopt.code, "other");
	kl_adopt_write(&v, &adopt);
	assert_int_equal(kl_writer_bytes(&v, &bytes), 0);
	assert_int_equal(kl_adopt_read(bytes, &got, &fault), KL_E_INVALID);
	assert_non_null(strstr(fault.message, "meals_shared"));

	kl_writer_reset(&v);
	adopt.ends = true;
	kl_adopt_write(&v, &adopt);
	assert_int_equal(kl_writer_bytes(&v, &bytes), 0);
	assert_int_equal(kl_adopt_read(bytes, &got, &fault), 0);
	assert_true(got.ends);
	kl_writer_deinit(&w);
	kl_writer_deinit(&v);
}

static void observations_know_their_definition(void **state)
{
	struct kl_definition d = meals();
	struct kl_observation a, b;
	struct kl_indicator view;
	struct kl_period period = {KL_PERIOD_YEAR, 2016, 0};
	struct kl_id one = {{1}}, two = {{2}};
	const char *why = NULL;
	struct kl_fault fault;

	(void)state;
	kl_definition_view(&d, "d.abcd000000000000.meals_shared", &view);
	assert_int_equal(kl_observation_init_defined(&view, &one, "", period, &a, &fault), 0);
	assert_int_equal(kl_observation_value(&a, "many", &fault), KL_E_INVALID);
	assert_int_equal(kl_observation_value(&a, "-3", &fault), 0);
	assert_int_equal(kl_observation_check(&a, &fault), KL_E_RANGE);
	assert_int_equal(kl_observation_value(&a, "120", &fault), 0);
	assert_int_equal(kl_observation_check(&a, &fault), 0);
	b = a;
	assert_true(kl_observation_comparable(&a, &b, &why));
	b.definition = two;
	assert_false(kl_observation_comparable(&a, &b, &why));
	assert_non_null(strstr(why, "defined anew"));
	b.unit = KL_UNIT_COUNT_ALL;
	assert_int_equal(kl_observation_check(&b, &fault), KL_E_MALFORMED);
	assert_int_equal(kl_observation_init_defined(&view, &one, "plates", period, &a, &fault),
		KL_E_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_make_codes),
		cmocka_unit_test(names_of_the_catalogue_are_taken),
		cmocka_unit_test(what_is_no_definition),
		cmocka_unit_test(written_and_read),
		cmocka_unit_test(damaged_ones_are_refused),
		cmocka_unit_test(taking_back_names_a_record),
		cmocka_unit_test(adoptions_are_strict),
		cmocka_unit_test(observations_know_their_definition),
	};

	return RUN(tests);
}
