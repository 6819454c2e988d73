/* Forms that tenants filled in, and how what they tell joins what is known. */
#include "client/tenant_forms.h"
#include "tests/unit/tempfile.h"

static const struct kl_activity_word words[] = {{"bakery", 'C', "B1c"}, {"advice", 'Q', ""}};

static int read_form(const char *text, struct kl_tenant *ret, struct kl_fault *fault)
{
	struct kl_sheet *sheet;
	int rc;

	memset(fault, 0, sizeof *fault);
	rc = kl_tenant_form_read(temp_text(text), NULL, words, 2, fault, ret, &sheet);
	if (!rc)
		kl_sheet_close(sheet);
	return rc;
}

static void a_form_as_the_template_has_it(void **state)
{
	static const char form[] =
		"question,answer\r\n"
		"\"Your organisation's name\",Example  Bakery \r\n"
		"\"1. What do you do here? (a few words)\",a bakery\r\n"
		"\"2. How much floor space do you use? (square metres)\",90 sqm\r\n"
		"\"3. What was your turnover last year? (pounds)\",\"£120,000\"\r\n"
		"\"4. How many staff work here? (full-time equivalents: two half-time jobs are "
		"one)\",3.5\r\n";
	struct kl_fault fault;
	struct kl_tenant t;

	(void)state;
	assert_int_equal(read_form(form, &t, &fault), KL_OK);
	assert_string_equal(t.name, "Example Bakery");
	assert_string_equal(t.activity, "a bakery");
	assert_int_equal(t.floor, 900);
	assert_int_equal(t.turnover, 12000000);
	assert_int_equal(t.fte, 35);
	assert_true(t.section == 'C' && t.section_judged);
	assert_string_equal(t.use_class, "B1c");
	assert_true(t.use_class_judged && !t.has_gva);
}

/* An anchor may put its questions in its own way, leave some out and ask in another order. */
static void questions_in_other_words(void **state)
{
	static const char form[] = "Form for tenants\n"
				   "Question;Your answer\n"
				   "Employees (full-time equivalents)?;2\n"
				   "Annual turnover;don't know\n"
				   "Floorspace;\n"
				   "Name of your organisation;Example Advice\n"
				   "How did you hear of us?;a friend\n";
	struct kl_fault fault = {0};
	struct kl_tenant t;
	struct kl_sheet *sheet;

	(void)state;
	assert_int_equal(
		kl_tenant_form_read(temp_text(form), NULL, words, 2, &fault, &t, &sheet), KL_OK);
	assert_string_equal(t.name, "Example Advice");
	assert_int_equal(t.fte, 20);
	assert_false(t.has_turnover || t.has_floor || t.section);
	assert_int_equal(kl_sheet_notes(sheet), 1);
	assert_non_null(strstr(kl_sheet_note(sheet, 0), "How did you hear of us?"));
	kl_sheet_close(sheet);
}

static void forms_that_cannot_be_read(void **state)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{"question,answer\nname,\nstaff,3\n", "does not say whose form it is"},
		{"question,answer\nname,A\nstaff,many\n",
			"line 3, column 'answer': found 'many', expected full-time"},
		{"question,answer\nname,A\nfloor space,-3\n", "expected square metres"},
		{"question,answer\nname,A\nturnover,10k\n", "expected pounds"},
		{"question,answer\nname,A\nstaff,3\nemployees,4\n",
			"line 4: staff is answered twice"},
		{"question,answer\nname,A\nturnover,£1,234\n", "line 3"},
		{"tenant,staff\nA,3\n", "column missing: question, answer"},
		{"", "is empty"},
	};
	struct kl_fault fault;
	struct kl_tenant t;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (read_form(cases[i].text, &t, &fault) != KL_E_MALFORMED ||
			!strstr(fault.message, cases[i].said))
			fail_msg("%zu: %s", i, fault.message);
	}
}

static void a_form_is_known_by_its_columns(void **state)
{
	struct kl_sheet_fit fit;
	struct kl_fault fault;

	(void)state;
	assert_int_equal(
		kl_tenant_form_fit(temp_text("question,answer\nname,A\n"), NULL, &fault, &fit),
		KL_OK);
	assert_true(fit.fits);
	assert_int_equal(
		kl_tenant_form_fit(temp_text("tenant,staff\nA,3\n"), NULL, &fault, &fit), KL_OK);
	assert_false(fit.fits);
	assert_int_equal(kl_tenant_form_fit("/nowhere.csv", NULL, &fault, &fit), KL_E_NOT_FOUND);
}

static void what_is_told_joins_what_is_known(void **state)
{
	struct kl_tenant known = {.name = "A",
		.activity = "bakery",
		.has_floor = true,
		.floor = 900,
		.section = 'C',
		.section_judged = true,
		.use_class = "B1c"};
	struct kl_tenant told = {.name = "A", .has_fte = true, .fte = 35};

	(void)state;
	kl_tenant_merge(&known, &told);
	assert_true(known.has_fte && known.fte == 35 && known.floor == 900);
	assert_string_equal(known.activity, "bakery");
	assert_int_equal(known.section, 'C');

	/* A new activity brings its own judgement, but what somebody gave stays. */
	told = (struct kl_tenant){.name = "A",
		.activity = "advice",
		.section = 'Q',
		.section_judged = true,
		.use_class = "B1a",
		.use_class_judged = true};
	kl_tenant_merge(&known, &told);
	assert_string_equal(known.activity, "advice");
	assert_true(known.section == 'Q' && known.section_judged);
	assert_string_equal(known.use_class, "B1c");
	assert_false(known.use_class_judged);

	/* Words that say nothing take the judgement of the old words away. */
	told = (struct kl_tenant){.name = "A", .activity = "things"};
	kl_tenant_merge(&known, &told);
	assert_int_equal(known.section, 0);
	assert_string_equal(known.use_class, "B1c");

	/* What is given is given, whatever was judged before. */
	told = (struct kl_tenant){.name = "A", .section = 'M'};
	kl_tenant_merge(&known, &told);
	assert_true(known.section == 'M' && !known.section_judged);
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
		cmocka_unit_test(a_form_as_the_template_has_it),
		cmocka_unit_test(questions_in_other_words),
		cmocka_unit_test(forms_that_cannot_be_read),
		cmocka_unit_test(a_form_is_known_by_its_columns),
		cmocka_unit_test(what_is_told_joins_what_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, clean);
}
