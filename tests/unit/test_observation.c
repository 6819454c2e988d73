#include "core/observation.h"
#include "tests/unit/harness.h"

static struct kl_period period(const char *text)
{
	struct kl_period p;

	assert_int_equal(kl_period_parse(text, &p), 0);
	return p;
}

static struct kl_observation observe(const char *name, const char *component, const char *value)
{
	struct kl_observation o;
	struct kl_fault fault = {0};

	if (kl_observation_init(name, component, period("2017"), &o, &fault) ||
		kl_observation_value(&o, value, &fault) || kl_observation_check(&o, &fault))
		fail_msg("%s; %s", fault.message, fault.hint);
	return o;
}

static void values_in_their_units(void **state)
{
	static const struct {
		const char *name, *component, *value, *code;
		int64_t number;
	} cases[] = {{"local multiplier", "", "2.43", "c1.lm3", 2430},
		{"enabled contribution", "jobs", "26", "c2.enabled", 260},
		{"c2.enabled", "gva", "£617,010", "c2.enabled", 61701000},
		{"share of public investment", "", "28%", "c1.local_investment_share", 2800},
		{"open space", "acres", "3.25", "c6.open_space", 325},
		{"lm3.score", "", "2.52", "lm3.score", 2520},
		{"enabled.gva", "", "£617,010", "enabled.gva", 617010},
		{"maturity.c1", "", "3", "maturity.c1", 3}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_observation o =
			observe(cases[i].name, cases[i].component, cases[i].value);

		assert_string_equal(o.code, cases[i].code);
		assert_true(o.has_number);
		assert_int_equal(o.number, cases[i].number);
	}
}

/* What people would type for a number of each unit. */
static const char *typed(enum kl_unit unit)
{
	static const char *const values[KL_UNIT_COUNT_ALL] = {[KL_UNIT_SCORE] = "2.43",
		[KL_UNIT_SHARE] = "45%",
		[KL_UNIT_PERCENT] = "7.5%",
		[KL_UNIT_FTE] = "12.5",
		[KL_UNIT_GBP] = "£1.2m",
		[KL_UNIT_COUNT] = "1,250",
		[KL_UNIT_PEOPLE] = "26",
		[KL_UNIT_HOURS] = "120.5",
		[KL_UNIT_ACRES] = "3.25",
		[KL_UNIT_MWH] = "12.5",
		[KL_UNIT_TONNES] = "2.4",
		[KL_UNIT_M2] = "240",
		[KL_UNIT_MILES] = "1,200",
		[KL_UNIT_YEARS] = "79.4"};

	assert_non_null(values[unit]);
	return values[unit];
}

static void the_whole_bank_can_be_recorded(void **state)
{
	size_t numbers = 0, stories = 0;

	(void)state;
	for (size_t i = 0; i < kl_indicator_count(); i++) {
		const struct kl_indicator *it = kl_indicator_at(i);

		for (size_t k = 0; k < it->component_count; k++) {
			const struct kl_component *c = &it->components[k];
			struct kl_observation o = observe(it->name, c->code, typed(c->unit));

			assert_true(o.has_number);
			assert_string_equal(o.code, it->code);
			assert_string_equal(o.component, c->code);
			numbers++;
			if (it->form == KL_QUANTITATIVE)
				continue;
			o = observe(it->name, c->code, "people told us about it");
			assert_false(o.has_number);
			stories++;
		}
	}
	assert_in_range(numbers, kl_indicator_count() + 1, 3 * kl_indicator_count());
	assert_true(stories > 10);
}

static void stories_count_where_they_are_admitted(void **state)
{
	struct kl_observation o = observe("c5.trust", "", "neighbours leave keys with each other");
	struct kl_fault fault;

	(void)state;
	assert_false(o.has_number);
	assert_string_equal(o.text, "neighbours leave keys with each other");
	assert_int_equal(kl_observation_init("c1.lm3", "", period("2017"), &o, &fault), 0);
	assert_int_equal(kl_observation_value(&o, "rather high", &fault), KL_E_INVALID);
	assert_string_equal(
		fault.message, "c1.lm3 (Local multiplier (LM3)): \"rather high\" is not a score");
	assert_int_equal(kl_observation_check(&o, &fault), KL_E_INVALID); /* no value at all */
	strcpy(o.text, "rather high");
	assert_int_equal(kl_observation_check(&o, &fault), KL_E_INVALID); /* words alone */
	assert_int_equal(kl_observation_value(&o, "2.4", &fault), 0);
	assert_int_equal(kl_observation_check(&o, &fault), 0); /* words beside a number */
}

static void what_cannot_be_recorded(void **state)
{
	struct kl_observation o;
	struct kl_fault fault;

	(void)state;
	assert_int_equal(
		kl_observation_init("enabled contribution", "", period("2017"), &o, &fault),
		KL_E_AMBIGUOUS);
	assert_int_equal(
		kl_observation_init("xyzzy", "", period("2017"), &o, &fault), KL_E_NOT_FOUND);
	assert_string_equal(fault.message, "no indicator or metric fits \"xyzzy\"");
	assert_int_equal(kl_observation_init("lm3.score", "gva", period("2017"), &o, &fault),
		KL_E_NOT_FOUND);
	assert_int_equal(
		kl_observation_init("lm3.score", "", period("2017-04"), &o, &fault), KL_E_INVALID);
	assert_int_equal(kl_observation_init("lm3.score", "", period("2017"), &o, &fault), 0);
	assert_int_equal(kl_observation_value(&o, "3.4", &fault), KL_E_RANGE);
	assert_int_equal(kl_observation_init("c5.trust", "", period("2017-04"), &o, &fault), 0);
	assert_int_equal(kl_observation_value(&o, "120%", &fault), KL_E_RANGE);
	assert_int_equal(kl_observation_value(&o, "", &fault), KL_E_INVALID);
}

static void numbers_stay_within_what_they_mean(void **state)
{
	static const struct {
		const char *name, *component, *value, *hint; /* NULL: it is taken */
	} cases[] = {{"c1.lm3", "", "7", "it lies between 1 and 3"},
		{"c1.lm3", "", "0.99", "it lies between 1 and 3"}, {"c1.lm3", "", "1", NULL},
		{"c1.lm3", "", "3.00", NULL}, {"c5.trust", "", "100%", NULL},
		{"c2.living_wage_jobs", "", "-5", "it is 0 or more"},
		{"c2.living_wage_jobs", "", "0", NULL},
		{"c2.enabled", "jobs", "-0.5", "it is 0 or more"},
		{"c6.open_space", "acres", "-1", "it is 0 or more"},
		{"c6.energy_carbon", "carbon", "-2", NULL},
		{"c4.asset_profit", "", "-£1,200", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_observation o;
		struct kl_fault fault = {0};

		assert_int_equal(kl_observation_init(cases[i].name, cases[i].component,
					 period("2017"), &o, &fault),
			0);
		assert_int_equal(kl_observation_value(&o, cases[i].value, &fault), 0);
		assert_int_equal(
			kl_observation_check(&o, &fault), cases[i].hint ? KL_E_RANGE : KL_OK);
		assert_string_equal(fault.hint, cases[i].hint ? cases[i].hint : "");
	}
}

#define REFUSED(change)                                                                            \
	do {                                                                                       \
		struct kl_observation o = observe("c5.trust", "", "45%");                          \
		change;                                                                            \
		assert_true(kl_observation_check(&o, NULL) < 0);                                   \
	} while (0)

static void what_came_from_elsewhere_is_checked(void **state)
{
	(void)state;
	REFUSED(strcpy(o.code, "c9.none"));
	REFUSED(o.code[0] = '\0');
	REFUSED(memset(o.code, 'c', sizeof o.code));
	REFUSED(strcpy(o.component, "gva"));
	REFUSED(o.number = 10001);
	REFUSED(o.number = -1);
	REFUSED(o.has_number = false);
	REFUSED(o.confidence = (enum kl_confidence)7);
	REFUSED(o.source[0] = '\n');
	REFUSED(o.text[0] = '\x1b');
	REFUSED((strcpy(o.code, "c1.lm3"), o.number = INT64_MAX));
	REFUSED((strcpy(o.code, "lm3.score"), o.number = 999));
	REFUSED((strcpy(o.code, "lm3.score"), o.number = 2000, o.period.kind = KL_PERIOD_MONTH));
}

static void methods_are_never_mixed(void **state)
{
	struct kl_observation a = observe("c5.trust", "", "45%"),
			      b = observe("c5.trust", "", "50%");
	struct kl_observation other = observe("c5.trust_unlike", "", "50%");
	struct kl_observation story = observe("c5.trust", "", "people talk");
	const char *why = "";

	(void)state;
	strcpy(a.method, "residents' survey");
	strcpy(b.method, "Residents' Survey");
	assert_true(kl_observation_comparable(&a, &b, &why));
	strcpy(b.method_version, "2");
	assert_false(kl_observation_comparable(&a, &b, &why));
	assert_string_equal(why, "the method had changed in between");
	strcpy(b.method, "focus group");
	assert_false(kl_observation_comparable(&a, &b, &why));
	assert_string_equal(why, "they were found out by different methods");
	assert_false(kl_observation_comparable(&a, &other, &why));
	assert_string_equal(why, "they are different quantities");
	assert_false(kl_observation_comparable(&a, &story, &why));
	b = a;
	b.period = period("2017/18");
	assert_true(kl_observation_comparable(&a, &b, &why));
	a.period = period("2017-03");
	b.period = period("2017-Q2");
	assert_false(kl_observation_comparable(&a, &b, &why));
	assert_string_equal(why, "their periods are not of the same length");
}

static void confidence_in_words(void **state)
{
	enum kl_confidence c = KL_CONFIDENCE_UNSTATED;

	(void)state;
	assert_int_equal(kl_confidence_parse("High", &c), 0);
	assert_int_equal(c, KL_CONFIDENCE_HIGH);
	assert_string_equal(kl_confidence_name(KL_CONFIDENCE_MODERATE), "moderate");
	assert_int_equal(kl_confidence_parse("green", &c), KL_E_INVALID);
	assert_int_equal(kl_confidence_parse("", &c), KL_E_INVALID);
	assert_int_equal(c, KL_CONFIDENCE_HIGH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_in_their_units),
		cmocka_unit_test(the_whole_bank_can_be_recorded),
		cmocka_unit_test(stories_count_where_they_are_admitted),
		cmocka_unit_test(what_cannot_be_recorded),
		cmocka_unit_test(numbers_stay_within_what_they_mean),
		cmocka_unit_test(what_came_from_elsewhere_is_checked),
		cmocka_unit_test(methods_are_never_mixed),
		cmocka_unit_test(confidence_in_words),
	};

	return RUN(tests);
}
