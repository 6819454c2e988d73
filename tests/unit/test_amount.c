#include "client/amount.h"
#include "tests/unit/harness.h"

static const char *amount(double number, const char *unit, char out[KL_AMOUNT_TEXT_MAX])
{
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_value map;

	kl_writer_init(&w);
	kl_write_map(&w, 2);
	kl_put_double(&w, "value", number);
	kl_put_nil(&w, "nothing");
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_value_open(bytes, &map), 0);
	assert_string_equal(kl_amount(&map, "nothing", unit, "none", out), "none");
	assert_string_equal(kl_amount(&map, "absent", unit, "", out), "");
	kl_amount(&map, "value", unit, "?", out);
	kl_writer_deinit(&w);
	return out;
}

static void amounts_say_their_unit(void **state)
{
	char out[KL_AMOUNT_TEXT_MAX];

	(void)state;
	assert_string_equal(amount(2.43, "score", out), "2.43");
	assert_string_equal(amount(1401, "FTE", out), "1,401 FTE");
	assert_string_equal(amount(60.5, "FTE", out), "60.5 FTE");
	assert_string_equal(amount(617010, "GBP", out), "£617,010");
	assert_string_equal(amount(12.5, "GBP", out), "£12.50");
	assert_string_equal(amount(0.45, "share", out), "45%");
	assert_string_equal(amount(7.5, "percent", out), "7.5%");
	assert_string_equal(amount(26, "people", out), "26 people");
	assert_string_equal(amount(26, "count", out), "26");
}

static void what_was_recorded_is_shown_to_the_penny(void **state)
{
	char out[KL_AMOUNT_TEXT_MAX];
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_value map;

	(void)state;
	kl_writer_init(&w);
	kl_write_map(&w, 2);
	kl_put_double(&w, "pence", 1234.99);
	kl_put_double(&w, "pounds", 1234);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_value_open(bytes, &map), 0);
	assert_string_equal(kl_amount_exact(&map, "pence", "GBP", "?", out), "£1,234.99");
	assert_string_equal(kl_amount_exact(&map, "pounds", "GBP", "?", out), "£1,234");
	assert_string_equal(kl_amount_exact(&map, "absent", "GBP", "none", out), "none");
	kl_writer_deinit(&w);
}

/* A daemon of another version may name a unit that is not known here. */
static void an_unknown_unit_shows_nothing_wrong(void **state)
{
	char out[KL_AMOUNT_TEXT_MAX];

	(void)state;
	assert_string_equal(amount(3, "parsec", out), "?");
}

static void spans_are_told_in_two_units(void **state)
{
	char out[KL_SPAN_TEXT_MAX];

	(void)state;
	assert_string_equal(kl_span(0, out), "0 seconds");
	assert_string_equal(kl_span(1, out), "1 second");
	assert_string_equal(kl_span(59, out), "59 seconds");
	assert_string_equal(kl_span(60, out), "1 minute");
	assert_string_equal(kl_span(61, out), "1 minute 1 second");
	assert_string_equal(kl_span(7200, out), "2 hours");
	assert_string_equal(kl_span(86400 + 7200, out), "1 day 2 hours");
	assert_string_equal(kl_span(86400 + 59, out), "1 day");
	assert_string_equal(kl_span(21 * 86400, out), "3 weeks");
	assert_string_equal(kl_span(22 * 86400, out), "3 weeks 1 day");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_say_their_unit),
		cmocka_unit_test(what_was_recorded_is_shown_to_the_penny),
		cmocka_unit_test(an_unknown_unit_shows_nothing_wrong),
		cmocka_unit_test(spans_are_told_in_two_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
