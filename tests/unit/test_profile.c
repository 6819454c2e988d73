#include "core/org_id.h"
#include "core/profile.h"
#include "protocol/payload_profile.h"
#include "tests/unit/harness.h"
#include "tests/unit/mutate.h"

#include <stdlib.h>

static void set(struct kl_profile *p, const char *assignment)
{
	struct kl_fault fault = {0};

	if (kl_profile_assign(p, assignment, &fault))
		fail_msg("%s: %s", assignment, fault.message);
}

static void fill(struct kl_profile *p)
{
	kl_profile_init(p);
	set(p, "name=City of Bradford Metropolitan District Council");
	set(p, "kind=council");
	set(p, "type=metropolitan district");
	set(p, "gss=E08000032");
	set(p, "region=Yorkshire and The Humber");
	set(p, "deprivation_quintile=1");
	set(p, "population=534,300");
	set(p, "Life expectancy of women=81.5");
	set(p, "services=libraries; parks ;planning");
	set(p, "web=https://www.bradford.gov.uk/");
}

static void fields_are_set_by_name(void **state)
{
	struct kl_profile p;

	(void)state;
	fill(&p);
	assert_string_equal(p.attributes.type, "metropolitan_district");
	assert_string_equal(p.attributes.region, "yorkshire_and_the_humber");
	assert_int_equal(p.attributes.deprivation_quintile, 1);
	assert_int_equal(p.population.value, 534300);
	assert_int_equal(p.life_expectancy_women.value, 815);
	assert_int_equal(p.services.n, 3);
	assert_string_equal(p.services.items[1], "parks");
	assert_int_equal(kl_profile_check(&p, NULL), 0);
	set(&p, "population=");
	assert_false(p.population.known);
	set(&p, "services=");
	assert_int_equal(p.services.n, 0);
	kl_profile_deinit(&p);
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *assignment;
		int code;
		const char *words;
	} cases[] = {
		{"populaton=3", KL_E_NOT_FOUND, "populaton"},
		{"population=many", KL_E_INVALID, "whole number"},
		{"population=1.5", KL_E_INVALID, "whole number"},
		{"staff=1.25", KL_E_INVALID, "one decimal"},
		{"gss=E0800003", KL_E_INVALID, "E08000032"},
		{"gss=e0800003x", KL_E_INVALID, "E08000032"},
		{"gss=E08000032 E08000033", KL_E_INVALID, "E08000032"},
		{"org_id=GB-CHC-12", KL_E_INVALID, "GB-CHC-1036460"},
		{"deprivation_quintile=6", KL_E_INVALID, "1 (most deprived)"},
		{"region=Narnia", KL_E_NOT_FOUND, "Narnia"},
		{"kind=bank", KL_E_INVALID, "council, anchor or convenor"},
		{"name=", KL_E_INVALID, "every profile"},
		{"name=a\tb", KL_E_INVALID, "a tab"},
		{"web=javascript:alert(1)", KL_E_INVALID, "https://"},
		{"population", KL_E_USAGE, "FIELD=VALUE"},
		{"=x", KL_E_USAGE, "FIELD=VALUE"},
	};
	struct kl_profile p;

	(void)state;
	fill(&p);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_fault fault = {0};

		assert_int_equal(kl_profile_assign(&p, cases[i].assignment, &fault), cases[i].code);
		assert_non_null(strstr(fault.message, cases[i].words));
	}
	assert_int_equal(p.population.value, 534300); /* untouched */
	assert_string_equal(p.attributes.gss, "E08000032");
	kl_profile_deinit(&p);
}

static void a_near_miss_is_answered_with_the_name(void **state)
{
	struct kl_profile p;
	struct kl_fault fault = {0};

	(void)state;
	kl_profile_init(&p);
	assert_int_equal(kl_profile_assign(&p, "populaton=3", &fault), KL_E_NOT_FOUND);
	assert_string_equal(fault.hint, "did you mean population?");
	kl_profile_deinit(&p);
}

static void codes(void **state)
{
	(void)state;
	assert_true(kl_gss_is_valid("W06000015"));
	assert_false(kl_gss_is_valid("W0600001"));
	assert_false(kl_gss_is_valid("W060000155"));
	assert_true(kl_gss_is_council("E08000032"));
	assert_false(kl_gss_is_council("E92000001")); /* England */
	assert_true(kl_org_id_is_valid("GB-CHC-1036460"));
	assert_true(kl_org_id_is_valid("GB-CHC-299963"));
	assert_true(kl_org_id_is_valid("GB-COH-04113525"));
	assert_true(kl_org_id_is_valid("GB-COH-SC123456"));
	assert_true(kl_org_id_is_valid("GB-COH-IP12345R"));
	assert_true(kl_org_id_is_valid("GB-SC-SC012345"));
	assert_true(kl_org_id_is_valid("GB-NIC-100012"));
	assert_true(kl_org_id_is_valid("GB-UKPRN-10007851"));
	assert_false(kl_org_id_is_valid("GB-COH-4113525"));
	assert_false(kl_org_id_is_valid("GB-CHC-10364600"));
	assert_false(kl_org_id_is_valid("GB-COH-"));
	assert_false(kl_org_id_is_valid("1036460"));
	assert_true(kl_web_is_valid("http://example.org"));
	assert_true(kl_web_is_valid("https://example.org:8080/a?b#c"));
	assert_false(kl_web_is_valid("https://example"));
	assert_false(kl_web_is_valid("https://ex ample.org"));
	assert_false(kl_web_is_valid("https://example.org/\"onload="));
}

static void attributes_make_sense_together(void **state)
{
	struct kl_attributes a = {.kind = KL_MEMBER_ANCHOR};
	struct kl_fault fault = {0};

	(void)state;
	assert_int_equal(kl_attributes_set(&a, "income-band", "Large", NULL), 0);
	assert_int_equal(kl_attributes_check(&a, NULL), 0);
	assert_int_equal(kl_attributes_set(&a, "type", "county", NULL), 0);
	assert_int_equal(kl_attributes_check(&a, &fault), KL_E_INVALID);
	assert_non_null(strstr(fault.message, "only councils"));
	assert_int_equal(kl_attributes_set(&a, "type", "", NULL), 0);
	assert_int_equal(kl_attributes_check(&a, NULL), 0);
	assert_int_equal(kl_attributes_set(&a, "rural urban", "urban with rural areas", NULL), 0);
	assert_string_equal(a.rural_urban, "urban_with_rural");
}

static void profiles_are_shown_field_by_field(void **state)
{
	struct kl_profile p;
	const char *name, *label;
	char text[64];
	size_t shown = 0, i = 0;

	(void)state;
	fill(&p);
	for (; kl_profile_field(&p, i, &name, &label, text, sizeof text); i++) {
		shown += text[0] != '\0';
		if (!strcmp(name, "life_expectancy_women"))
			assert_string_equal(text, "81.5");
		if (!strcmp(name, "services"))
			assert_string_equal(text, "libraries; parks; planning");
	}
	assert_int_equal(shown, 10);
	assert_int_equal(i, 32);
	kl_profile_deinit(&p);
}

static void profiles_travel(void **state)
{
	struct kl_profile p, copy, got;
	struct kl_writer w, again;
	struct kl_bytes bytes, second;

	(void)state;
	fill(&p);
	assert_int_equal(kl_profile_copy(&p, &copy), 0);
	kl_profile_deinit(&p);
	kl_writer_init(&w);
	kl_writer_init(&again);
	kl_payload_profile_write(&w, &copy);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_profile_read(bytes, &got, NULL), 0);
	assert_string_equal(got.name, copy.name);
	assert_string_equal(got.services.items[2], "planning");
	kl_payload_profile_write(&again, &got);
	assert_int_equal(kl_writer_bytes(&again, &second), 0);
	assert_true(kl_bytes_equal(bytes, second));
	kl_profile_deinit(&got);
	kl_profile_deinit(&copy);
	kl_writer_deinit(&again);
	kl_writer_deinit(&w);
}

static void a_newer_profile_can_be_read(void **state)
{
	static const char newer[] = "\x83\xa4name\xa3Wem\xa4kind\x02\xa6motto!\xa1x";
	struct kl_profile p;

	(void)state;
	assert_int_equal(kl_payload_profile_read(kl_bytes(newer, sizeof newer - 1), &p, NULL), 0);
	assert_string_equal(p.name, "Wem");
	assert_int_equal(p.attributes.kind, KL_MEMBER_ANCHOR);
	kl_profile_deinit(&p);
	assert_int_equal(
		kl_payload_profile_read(kl_bytes_str("\x81\xa4kind\x02"), &p, NULL), KL_E_INVALID);
}

static void damaged_profiles_never_harm(void **state)
{
	struct kl_profile p, got;
	struct kl_writer w;
	struct kl_bytes bytes;
	uint8_t *out;

	(void)state;
	fill(&p);
	kl_writer_init(&w);
	kl_payload_profile_write(&w, &p);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	out = malloc(bytes.len);
	for (uint32_t seed = 0; seed < 3000; seed++) {
		size_t n = mutate(seed, bytes.data, bytes.len, out);

		if (!kl_payload_profile_read(kl_bytes(out, n), &got, NULL)) {
			assert_int_equal(kl_profile_check(&got, NULL), 0);
			kl_profile_deinit(&got);
		}
	}
	free(out);
	kl_writer_deinit(&w);
	kl_profile_deinit(&p);
}

static void several_identifiers_of_one_organisation(void **state)
{
	struct kl_fault fault = {0};
	struct kl_profile p, copy;
	char text[256];
	const char *name, *label;

	(void)state;
	fill(&p);
	set(&p, "org_id=gb-chc-1036460; GB-COH-04113525, GB-CHC-1036460");
	assert_string_equal(p.org_id, "GB-CHC-1036460");
	assert_int_equal(p.other_org_ids.n, 1); /* each once */
	assert_string_equal(p.other_org_ids.items[0], "GB-COH-04113525");
	assert_int_equal(kl_profile_check(&p, NULL), 0);
	assert_int_equal(kl_profile_copy(&p, &copy), 0);
	assert_string_equal(copy.other_org_ids.items[0], "GB-COH-04113525");
	kl_profile_deinit(&copy);
	assert_int_equal(
		kl_profile_assign(&p, "org_id=GB-CHC-1036460; nonsense", &fault), KL_E_INVALID);
	assert_int_equal(p.other_org_ids.n, 1); /* untouched */
	set(&p, "other_org_ids=GB-SC-SC012345");
	assert_string_equal(p.other_org_ids.items[0], "GB-SC-SC012345");
	assert_int_equal(kl_profile_assign(&p,
				 "org_id=GB-CHC-1036461;GB-CHC-1036462;GB-CHC-1036463;"
				 "GB-CHC-1036464;GB-CHC-1036465",
				 &fault),
		KL_E_INVALID);
	set(&p, "org_id=");
	assert_int_equal(p.other_org_ids.n, 0);
	for (size_t i = 0; kl_profile_field(&p, i, &name, &label, text, sizeof text); i++)
		if (!strcmp(name, "other_org_ids"))
			assert_string_equal(text, "");
	kl_profile_deinit(&p);
}

static void what_is_wrong_with_an_identifier_is_told(void **state)
{
	static const char *const cases[][2] = {
		{"1036460", "GB-CHC-1036460"}, /* a number without its register */
		{"SC012345", "GB-SC-.."},
		{"GB-CHC-12", "six or seven digits"},
		{"GB-SC-012345", "SC and six digits"},
		{"GB-NIC-12", "six digits"},
		{"GB-COH-4113525", "GB-COH-04113525"},  /* noughts in front */
		{"GB-COH-XQ123456", "Companies House"}, /* letters that it does not give */
		{"GB-COH-041135255", "eight characters"},
		{"x", "GB-CHC-1036460"},
		{"bank", "GB-CHC-1036460"},
	};
	static const char *const spellings[][2] = {{"gb chc 1036460", "GB-CHC-1036460"},
		{"GB-CHC-1036 460", "GB-CHC-1036460"},
		{"GB\u2013CHC\u20131036460", "GB-CHC-1036460"},
		{"GB SC SC012345", "GB-SC-SC012345"}, {"gb-nic-nic100012", "GB-NIC-100012"},
		{"GB COH 04113525", "GB-COH-04113525"}, {"gb mpr 12345r", "GB-MPR-12345R"}};
	char id[KL_ORG_ID_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_fault fault = {0};

		assert_int_equal(kl_org_id_set("org_id", cases[i][0], id, &fault), KL_E_INVALID);
		if (!strstr(fault.message, cases[i][1]) && !strstr(fault.hint, cases[i][1]))
			fail_msg("%s: %s (%s)", cases[i][0], fault.message, fault.hint);
	}
	assert_int_equal(kl_org_id_set("org_id", " gb-coh-sc123456 ", id, NULL), 0);
	assert_string_equal(id, "GB-COH-SC123456");
	assert_int_equal(kl_org_id_set("org_id", "GB-COH-R0000123", id, NULL), 0);
	/* One organisation, one spelling: as people type and word processors change it. */
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		assert_int_equal(kl_org_id_set("org_id", spellings[i][0], id, NULL), 0);
		assert_string_equal(id, spellings[i][1]);
	}
	assert_int_equal(kl_org_id_set("org_id", "GB-COH-CE012345", id, NULL), 0);
	/* What an older program let through is still read. */
	assert_true(kl_org_id_is_valid("GB-COH-XQ123456"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_set_by_name),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(a_near_miss_is_answered_with_the_name),
		cmocka_unit_test(codes),
		cmocka_unit_test(attributes_make_sense_together),
		cmocka_unit_test(profiles_are_shown_field_by_field),
		cmocka_unit_test(profiles_travel),
		cmocka_unit_test(a_newer_profile_can_be_read),
		cmocka_unit_test(damaged_profiles_never_harm),
		cmocka_unit_test(several_identifiers_of_one_organisation),
		cmocka_unit_test(what_is_wrong_with_an_identifier_is_told),
	};

	return RUN(tests);
}
