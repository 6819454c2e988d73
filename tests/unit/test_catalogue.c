#include "core/catalogue.h"
#include "core/activity.h"
#include "core/bytes.h"
#include "core/metric.h"
#include "core/words.h"
#include "tests/unit/harness.h"

static void counts_of_the_framework(void **state)
{
	static const uint8_t statements[KL_CHARACTERISTICS] = {4, 6, 5, 6, 9, 7, 5};
	int all = 0, largest = 0;

	(void)state;
	for (size_t i = 0; i < KL_CHARACTERISTICS; i++) {
		const struct kl_characteristic *c = kl_characteristic_at(i);

		assert_int_equal(c->statement_count, statements[i]);
		all += c->statement_count;
		if (c->statement_count > largest)
			largest = c->statement_count;
	}
	assert_int_equal(all, 42);
	assert_int_equal(largest, KL_STATEMENTS_MAX);
	assert_int_equal(KL_PRINCIPLES, 4);
	assert_int_equal(KL_PRACTICES, 4);
}

static void counts_of_the_bank(void **state)
{
	static const int others[KL_CHARACTERISTICS] = {11, 12, 7, 11, 11, 9, 18};
	int key[KL_CHARACTERISTICS] = {0}, example[KL_CHARACTERISTICS] = {0};
	int other[KL_CHARACTERISTICS] = {0};

	(void)state;
	for (size_t i = 0; i < kl_indicator_count(); i++) {
		const struct kl_indicator *it = kl_indicator_at(i);

		key[it->characteristic] += it->kind == KL_INDICATOR_KEY;
		example[it->characteristic] += it->kind == KL_INDICATOR_EXAMPLE;
		other[it->characteristic] += it->kind == KL_INDICATOR_OTHER;
	}
	for (size_t c = 0; c < KL_CHARACTERISTICS; c++) {
		assert_int_equal(key[c], 3);
		assert_int_equal(example[c], 1);
		assert_int_equal(other[c], others[c]);
	}
	assert_int_equal(kl_indicator_count(), 21 + 7 + 79);
}

static void written(const char *text)
{
	assert_non_null(text);
	assert_true(strlen(text) > 2);
	assert_true(kl_text_is_plain(kl_bytes_str(text), false));
}

static void characteristics_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < KL_CHARACTERISTICS; i++) {
		const struct kl_characteristic *c = kl_characteristic_at(i);
		const struct kl_indicator *example = kl_indicator_by_code(c->example_indicator);

		written(c->name);
		written(c->definition);
		written(c->outcome);
		for (size_t k = 0; k < c->statement_count; k++)
			written(c->statements[k]);
		assert_non_null(example);
		assert_int_equal(example->kind, KL_INDICATOR_EXAMPLE);
		assert_int_equal(example->characteristic, i);
		assert_int_equal(c->code[0], 'c');
		assert_int_equal(c->code[1], '1' + (int)i);
	}
	for (size_t i = 0; i < KL_PRINCIPLES; i++) {
		written(kl_principle_at(i)->name);
		written(kl_principle_at(i)->meaning);
		written(kl_practice_at(i)->name);
		written(kl_practice_at(i)->meaning);
	}
}

static void indicators_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < kl_indicator_count(); i++) {
		const struct kl_indicator *it = kl_indicator_at(i);
		const struct kl_indicator *found;

		assert_int_equal(it->code[0], 'c');
		assert_int_equal(it->code[1], '1' + it->characteristic);
		assert_int_equal(it->code[2], '.');
		written(it->name);
		written(it->how);
		assert_ptr_equal(kl_indicator_by_code(it->code), it); /* no code stands twice */
		assert_int_equal(kl_indicator_find(it->name, &found, NULL), 0);
		assert_ptr_equal(found, it);
		assert_in_range(it->component_count, 1, KL_COMPONENTS_MAX);
		for (size_t k = 0; k < it->component_count; k++) {
			written(it->components[k].name);
			assert_int_equal(
				it->component_count > 1, it->components[k].code[0] != '\0');
		}
	}
}

static void no_name_stands_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < kl_indicator_count(); i++)
		for (size_t k = 0; k < i; k++)
			assert_false(
				kl_words_equal(kl_indicator_at(i)->name, kl_indicator_at(k)->name));
}

static void twins_know_each_other(void **state)
{
	const struct kl_indicator *twins[KL_TWINS_MAX];
	size_t most = 0;

	(void)state;
	for (size_t i = 0; i < kl_indicator_count(); i++) {
		const struct kl_indicator *it = kl_indicator_at(i);
		size_t n = kl_indicator_twins(it, twins);

		most = n > most ? n : most;
		for (size_t k = 0; k < n; k++) {
			const struct kl_indicator *back[KL_TWINS_MAX];
			size_t found = 0, m;

			assert_non_null(twins[k]);
			assert_ptr_not_equal(twins[k], it);
			for (size_t j = 0; j < k; j++)
				assert_ptr_not_equal(twins[j], twins[k]); /* said once */
			m = kl_indicator_twins(twins[k], back);
			for (size_t j = 0; j < m; j++)
				found += back[j] == it;
			assert_int_equal(found, 1);
		}
	}
	assert_in_range(most, 2, KL_TWINS_MAX);
	assert_int_equal(kl_indicator_twins(kl_indicator_by_code("c5.trust"), twins), 1);
	assert_string_equal(twins[0]->code, "c5.trust_unlike");
	assert_int_equal(kl_indicator_twins(kl_indicator_by_code("c1.lm3"), twins), 0);
}

static void counts_of_activities(void **state)
{
	static const int expected[KL_CHARACTERISTICS] = {13, 8, 9, 8, 14, 17, 13};
	int count[KL_CHARACTERISTICS] = {0};

	(void)state;
	for (size_t i = 0; i < kl_activity_count(); i++) {
		const struct kl_activity *it = kl_activity_at(i);
		const struct kl_activity *found = NULL;

		assert_int_equal(it->code[0], 'a');
		assert_int_equal(it->code[1], '1' + it->characteristic);
		assert_int_equal(it->code[2], '.');
		written(it->name);
		assert_int_equal(kl_activity_find(it->code, &found, NULL), 0);
		assert_ptr_equal(found, it);
		assert_int_equal(kl_activity_find(it->name, &found, NULL), 0);
		assert_ptr_equal(found, it);
		assert_in_range(it->indicator_count, 1, KL_ACTIVITY_INDICATORS_MAX);
		for (size_t k = 0; k < it->indicator_count; k++) {
			assert_non_null(kl_indicator_by_code(it->indicators[k]));
			assert_true(
				kl_activity_shown_by(it, kl_indicator_by_code(it->indicators[k])));
		}
		count[it->characteristic]++;
	}
	for (size_t c = 0; c < KL_CHARACTERISTICS; c++)
		assert_int_equal(count[c], expected[c]);
	assert_int_equal(kl_activity_count(), 82);
}

static void activities_are_found_by_name(void **state)
{
	const struct kl_activity *it = NULL;
	struct kl_fault fault;

	(void)state;
	assert_int_equal(kl_activity_find("tool", &it, &fault), 0);
	assert_string_equal(it->code, "a1.lending_libraries");
	assert_false(kl_activity_shown_by(it, kl_indicator_by_code("c1.lm3")));
	assert_int_equal(kl_activity_find("jobs", &it, &fault), KL_E_AMBIGUOUS);
	assert_int_equal(kl_activity_find("skydiving", &it, &fault), KL_E_NOT_FOUND);
	assert_string_equal(it->code, "a1.lending_libraries");
}

static void one_number_cannot_hold_everything(void **state)
{
	static const struct {
		const char *code, *first, *second;
	} cases[] = {{"c2.enabled", "gva", "jobs"}, {"c4.owners_and_pride", "owners", "pride"},
		{"c6.open_space", "acres", "users"}, {"c5.mirrors_area", "board", "members"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct kl_indicator *it = kl_indicator_by_code(cases[i].code);
		const struct kl_component *component = NULL;
		struct kl_fault fault;

		assert_non_null(it);
		assert_int_equal(kl_component_find(it, cases[i].first, &component, &fault), 0);
		assert_ptr_equal(component, &it->components[0]);
		assert_int_equal(kl_component_find(it, cases[i].second, &component, &fault), 0);
		assert_ptr_equal(component, &it->components[1]);
		assert_int_equal(kl_component_find(it, "", &component, &fault), KL_E_AMBIGUOUS);
		assert_non_null(strstr(fault.message, cases[i].second));
		assert_int_equal(kl_component_find(it, "xyz", &component, &fault), KL_E_NOT_FOUND);
		assert_ptr_equal(component, &it->components[1]);
	}
}

static void people_need_no_codes(void **state)
{
	const struct kl_indicator *it;
	struct kl_fault fault;
	size_t index = 99;

	(void)state;
	assert_int_equal(kl_indicator_find("pay the living wage", &it, &fault), 0);
	assert_string_equal(it->code, "c2.living_wage_jobs");
	assert_int_equal(kl_indicator_find("living wage", &it, &fault), KL_E_AMBIGUOUS);
	assert_int_equal(kl_indicator_find("smoking", &it, &fault), 0);
	assert_string_equal(it->code, "c7.smoking");
	assert_int_equal(kl_indicator_find("share of public investment", &it, &fault), 0);
	assert_string_equal(it->code, "c1.local_investment_share");
	assert_int_equal(kl_indicator_find("trust", &it, &fault), KL_E_AMBIGUOUS);
	assert_non_null(strstr(fault.message, "c5.trust_unlike"));
	assert_int_equal(kl_indicator_find("c5.trust", &it, &fault), 0);
	assert_int_equal(kl_indicator_find("c1.lm4", &it, &fault), KL_E_NOT_FOUND);
	assert_non_null(strstr(fault.hint, "c1.lm3"));
	assert_int_equal(kl_characteristic_find("C3", &index, &fault), 0);
	assert_int_equal(index, 2);
	assert_int_equal(kl_characteristic_find("5", &index, &fault), 0);
	assert_int_equal(index, 4);
	assert_int_equal(kl_characteristic_find("assets", &index, &fault), 0);
	assert_int_equal(index, 3);
	assert_int_equal(kl_characteristic_find("practice.1", &index, &fault), KL_E_NOT_FOUND);
	assert_int_equal(kl_principle_find("place", &index, &fault), 0);
	assert_int_equal(index, 1);
}

static void eleven_subjects_are_scored(void **state)
{
	struct kl_fault fault;
	size_t subject = 99;

	(void)state;
	for (size_t i = 0; i < KL_SUBJECTS; i++) {
		struct kl_metric m;

		assert_int_equal(kl_subject_find(kl_subject_code(i), &subject, &fault), 0);
		assert_int_equal(subject, i);
		assert_int_equal(kl_subject_find(kl_subject_name(i), &subject, &fault), 0);
		assert_int_equal(subject, i);
		assert_int_equal(kl_metric_find(kl_subject_metric(i), &m, &fault), 0);
		assert_int_equal(m.bins, KL_SCORE_MAX + 1);
		assert_non_null(strstr(m.name, kl_subject_name(i) + 1));
	}
	assert_int_equal(kl_subject_find("p2", &subject, &fault), 0);
	assert_int_equal(subject, 8);
	assert_int_equal(kl_subject_find("social value", &subject, &fault), 0);
	assert_int_equal(subject, 9);
	assert_int_equal(kl_subject_find("C8", &subject, &fault), KL_E_NOT_FOUND);
	assert_int_equal(kl_subject_statements(4), 9);
	assert_int_equal(kl_subject_statements(7), 0);
	assert_string_equal(kl_score_word(0), "absent");
	assert_string_equal(kl_score_word(4), "leading");
}

static void codes_have_words(void **state)
{
	const struct kl_indicator *it = kl_indicator_by_code("c7.housing_need");

	(void)state;
	assert_string_equal(kl_indicator_kind_name(it->kind), "example");
	assert_string_equal(kl_indicator_level_name(it->level), "council");
	assert_string_equal(kl_indicator_form_name(it->form), "quantitative");
	assert_string_equal(kl_indicator_span_name(it->span), "trend");
	assert_string_equal(kl_polarity_name(it->components[0].polarity), "lower");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_of_the_framework),
		cmocka_unit_test(counts_of_the_bank),
		cmocka_unit_test(characteristics_are_whole),
		cmocka_unit_test(indicators_are_whole),
		cmocka_unit_test(no_name_stands_twice),
		cmocka_unit_test(twins_know_each_other),
		cmocka_unit_test(counts_of_activities),
		cmocka_unit_test(activities_are_found_by_name),
		cmocka_unit_test(one_number_cannot_hold_everything),
		cmocka_unit_test(people_need_no_codes),
		cmocka_unit_test(eleven_subjects_are_scored),
		cmocka_unit_test(codes_have_words),
	};

	return RUN(tests);
}
