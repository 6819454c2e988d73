#include "core/personal.h"
#include "tests/unit/harness.h"

/* All that is found in a text, each in brackets behind the first letter of its kind. */
static const char *found(const char *text)
{
	static char out[256];
	struct kl_personal p = {0};

	out[0] = '\0';
	for (size_t at = 0; kl_personal_find(text, at, &p); at = p.begin + p.len) {
		strcat(out, p.kind == KL_PERSONAL_EMAIL   ? "e["
			    : p.kind == KL_PERSONAL_PHONE ? "p["
							  : "n[");
		strncat(out, text + p.begin, p.len);
		strcat(out, "]");
	}
	return out;
}

static void addresses_numbers_and_names_are_found(void **state)
{
	(void)state;
	assert_string_equal(
		found("Write to a.person@hall.example.org."), "e[a.person@hall.example.org]");
	assert_string_equal(found("Ring 01632 960123 or +44 (1632) 960-124, ask for Ms Example"),
		"p[01632 960123]p[+44 (1632) 960-124]n[Ms Example]");
	assert_string_equal(found("Thanks to Cllr Anna Made-Up and Dr. O'Example!"),
		"n[Cllr Anna Made-Up]n[Dr. O'Example]");
	assert_string_equal(found("0044 1632 960123, 01632.960.123. Then 2016"),
		"p[0044 1632 960123]p[01632.960.123]");
	assert_string_equal(found("(01632) 960123"), "p[01632) 960123]");
	assert_string_equal(found("x@y.example,z@y.example"), "e[x@y.example]e[z@y.example]");
}

static void what_is_none_is_passed_over(void **state)
{
	static const char *const texts[] = {"",
		"In 2016 and 2017 we spent 1,250,000 pounds on 12 schemes",
		"org-id GB-COH-04113525, GSS E08000033", "3 @ 4 each", "@", "a@b", "mail me@ home",
		"the drawing room of Mr", "a Dr in the house", "Lordship Lane",
		"0.66 of 100 000 000", "ISBN 978-0-00-000000-2", "ISBN 0-306-40615-2",
		"the Lord Mayor opened it", "0.123456789012", "at 09:00 on 01/04/2016",
		"00000000000000000000"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_string_equal(found(texts[i]), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_numbers_and_names_are_found),
		cmocka_unit_test(what_is_none_is_passed_over),
	};

	return RUN(tests);
}
