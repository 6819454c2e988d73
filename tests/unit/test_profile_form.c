/* A filled-in table of a profile. */
#include "client/profile_form.h"
#include "tests/unit/tempfile.h"

static struct kl_profile_form_read form;

static int read_text(const char *text, struct kl_fault *fault)
{
	memset(fault, 0, sizeof *fault);
	return kl_profile_form_read(temp_text(text), NULL, fault, &form);
}

static void fields_are_read_by_name_or_label(void **state)
{
	struct kl_fault fault;

	(void)state;
	assert_int_equal(read_text("profile field,value\npopulation,\"211,439\"\n"
				   "Rural or urban,sparse and rural\nservices,a;  b\nstaff,\n",
				 &fault),
		0);
	assert_int_equal(form.n, 3); /* an empty cell leaves its field as it is */
	assert_string_equal(form.assignments[0], "population=211,439");
	assert_string_equal(form.assignments[1], "rural_urban=sparse and rural");
	assert_string_equal(form.assignments[2], "services=a; b");
	kl_profile_form_deinit(&form);
}

static void bad_rows_are_named(void **state)
{
	static const char *const cases[][2] = {
		{"field,value\nstaff,12\nstuff,1\n", "line 3, column 'field': found 'stuff'"},
		{"field,value\npopulation,many\n", "line 2"},
		{"field,value\npopulation,many\n", "whole number"},
		{"field,value\norg_id,GB-CHC-12\n", "six or seven digits"},
		{"field,value\nregion,Narnia\n", "Narnia"},
		{"field,value\nstaff,1\nStaff (full-time equivalent),2\n", "each field once"},
		{"field,value\nstaff,\n", "no field has a value"},
		{"field,what\nstaff,1\n", "value"},
	};
	struct kl_fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(read_text(cases[i][0], &fault), KL_E_MALFORMED);
		if (!strstr(fault.message, cases[i][1]))
			fail_msg("%s: %s", cases[i][0], fault.message);
		assert_int_equal(form.n, 0);
	}
}

static int clean(void **state)
{
	(void)state;
	temp_file(NULL, 0);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_read_by_name_or_label),
		cmocka_unit_test(bad_rows_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, clean);
}
