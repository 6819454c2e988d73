#include "daemon/when_words.h"
#include "core/day.h"
#include "tests/unit/harness.h"

#define HOUR UINT64_C(3600000)
#define DAY  (24 * HOUR)

/* Milliseconds of a day of the calendar and a time of day, in UTC. */
static uint64_t at(int year, int month, int day, unsigned hour, unsigned minute)
{
	return (uint64_t)kl_day_from(year, month, day) * DAY + hour * HOUR + minute * (HOUR / 60);
}

static const char *when(const struct kl_clock *clock, uint64_t ms)
{
	static char out[KL_WHEN_MAX];

	return kl_when_words(clock, ms, out);
}

static void days_by_their_names(void **state)
{
	/* A Monday. */
	const struct kl_clock clock = {.now_ms = at(2026, 11, 30, 14, 5)};

	(void)state;
	assert_string_equal(when(&clock, at(2026, 11, 30, 18, 0)), "18:00 today");
	assert_string_equal(when(&clock, at(2026, 11, 30, 0, 0)), "00:00 today");
	assert_string_equal(when(&clock, at(2026, 12, 1, 9, 30)), "09:30 tomorrow");
	assert_string_equal(when(&clock, at(2026, 11, 29, 23, 59)), "23:59 yesterday");
	assert_string_equal(when(&clock, at(2026, 12, 4, 9, 30)), "Friday");
	assert_string_equal(when(&clock, at(2026, 12, 6, 23, 0)), "Sunday");
	assert_string_equal(when(&clock, at(2026, 12, 7, 0, 0)), "7 December");
	assert_string_equal(when(&clock, at(2026, 11, 27, 9, 30)), "last Friday");
	assert_string_equal(when(&clock, at(2026, 11, 23, 9, 30)), "23 November");
	assert_string_equal(when(&clock, at(2027, 1, 3, 9, 30)), "3 January 2027");
}

static void short_windows_have_seconds(void **state)
{
	const struct kl_clock clock = {.now_ms = at(2026, 11, 30, 23, 58)};

	(void)state;
	assert_string_equal(when(&clock, clock.now_ms + 30000), "23:58:30 today");
	assert_string_equal(when(&clock, clock.now_ms + 180000), "00:01:00 tomorrow");
	assert_string_equal(when(&clock, clock.now_ms - 599000), "23:48:01 today");
	assert_string_equal(when(&clock, clock.now_ms - 600000), "23:48 today");
}

/* Summer time in Britain ended on 25 October 2026 at 01:00 UTC. */
static int64_t london(uint64_t ms)
{
	return ms < at(2026, 10, 25, 1, 0) ? (int64_t)HOUR : 0;
}

static void days_are_those_of_the_place(void **state)
{
	const struct kl_clock clock = {.now_ms = at(2026, 10, 24, 22, 30), .offset_ms = london};

	(void)state;
	assert_string_equal(when(&clock, at(2026, 10, 24, 23, 30)), "00:30 tomorrow");
	assert_string_equal(when(&clock, at(2026, 10, 25, 12, 0)), "12:00 tomorrow");
	assert_string_equal(when(&clock, at(2026, 10, 26, 0, 0)), "Monday");
	assert_string_equal(when(&clock, at(2026, 10, 23, 23, 10)), "00:10 today");
}

static void dates_for_paper(void **state)
{
	const struct kl_clock clock = {.now_ms = at(2026, 10, 24, 22, 30), .offset_ms = london};
	char out[KL_WHEN_MAX];

	(void)state;
	assert_string_equal(
		kl_date_words(&clock, at(2026, 10, 24, 23, 30), out), "25 October 2026, 00:30");
	assert_string_equal(
		kl_date_words(&clock, at(2026, 9, 30, 9, 5), out), "30 September 2026, 10:05");
}

static int64_t elsewhere(uint64_t ms)
{
	(void)ms;
	return -(3 * 60 + 30) * 60000;
}

static void the_clock_that_is_meant(void **state)
{
	struct kl_clock clock = {.now_ms = at(2026, 10, 24, 22, 30), .offset_ms = london};
	char out[KL_ZONE_MAX];

	(void)state;
	assert_string_equal(kl_zone_words(&clock, at(2026, 9, 30, 9, 5), out), "UTC+1");
	assert_string_equal(kl_zone_words(&clock, at(2026, 12, 30, 9, 5), out), "UTC");
	clock.offset_ms = elsewhere;
	assert_string_equal(kl_zone_words(&clock, at(2026, 12, 30, 9, 5), out), "UTC-3:30");
	clock.offset_ms = NULL;
	assert_string_equal(kl_zone_words(&clock, at(2026, 9, 30, 9, 5), out), "UTC");
}

static const char *span(uint64_t ms)
{
	static char out[KL_WHEN_MAX];

	return kl_span_words(ms, out);
}

static void spans_in_one_unit(void **state)
{
	(void)state;
	assert_string_equal(span(999), "a moment");
	assert_string_equal(span(1000), "a second");
	assert_string_equal(span(40000), "40 seconds");
	assert_string_equal(span(2 * HOUR / 60), "two minutes");
	assert_string_equal(span(HOUR), "an hour");
	assert_string_equal(span(47 * HOUR), "a day");
	assert_string_equal(span(2 * DAY), "two days");
	assert_string_equal(span(13 * DAY), "13 days");
	assert_string_equal(span(21 * DAY), "three weeks");
}

static void numbers_up_to_ten_are_words(void **state)
{
	char out[KL_WHEN_MAX];

	(void)state;
	assert_string_equal(kl_number_words(0, out), "no");
	assert_string_equal(kl_number_words(10, out), "ten");
	assert_string_equal(kl_number_words(11, out), "11");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_by_their_names),
		cmocka_unit_test(short_windows_have_seconds),
		cmocka_unit_test(days_are_those_of_the_place),
		cmocka_unit_test(dates_for_paper),
		cmocka_unit_test(the_clock_that_is_meant),
		cmocka_unit_test(spans_in_one_unit),
		cmocka_unit_test(numbers_up_to_ten_are_words),
	};

	return RUN(tests);
}
