/* Dates as people and their programs write them, and which of their numbers is the month. */
#include "core/day.h"
#include "core/error.h"
#include "tests/unit/harness.h"

enum { DMY = 1 << KL_DATES_DMY, MDY = 1 << KL_DATES_MDY, YMD = 1 << KL_DATES_YMD };

static void days_count_both_ways(void **state)
{
	int y, m, d;

	(void)state;
	assert_int_equal(kl_day_from(1970, 1, 1), 0);
	assert_int_equal(kl_day_from(2000, 2, 29), 11016);
	assert_int_equal(kl_day_from(1900, 1, 1), KL_DAY_MIN);
	assert_int_equal(kl_day_from(2200, 12, 31), KL_DAY_MAX);
	for (int day = KL_DAY_MIN; day <= KL_DAY_MAX; day++) {
		kl_day_split(day, &y, &m, &d);
		assert_int_equal(kl_day_from(y, m, d), day);
		assert_in_range(m, 1, 12);
		assert_in_range(d, 1, kl_days_of_month(y, m));
	}
}

/* Reads as these days: 0 where the text is no date in that order. */
static void reads(const char *text, const char *dmy, const char *mdy, const char *ymd)
{
	const char *const wanted[] = {dmy, mdy, ymd};
	int32_t days[KL_DATES_ORDERS];
	char out[KL_DAY_TEXT_MAX];
	unsigned fits = 0;

	if (kl_dates_read(text, days, &fits))
		fail_msg("'%s' is no date", text);
	for (int i = 0; i < KL_DATES_ORDERS; i++) {
		if (!!wanted[i] != !!(fits & 1U << i))
			fail_msg("'%s' in order %d", text, i);
		if (wanted[i])
			assert_string_equal(kl_day_format(days[i], out), wanted[i]);
	}
}

static void dates_are_read_in_every_order(void **state)
{
	static const char *const plain[] = {"2012-11-13", "20121113", "13-Nov-2012",
		"13 November 2012", "13/Nov/12", "Nov 13, 2012", "2012-11-13T00:00:00Z",
		"2012-11-13 13:45:10", "13.Nov.2012", " 13-Nov-2012 ", "13 Nov 2012 12:00 AM",
		"41226", "2012/11/13", "2012-Nov-13"};

	(void)state;
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		reads(plain[i], "2012-11-13", "2012-11-13", "2012-11-13");
	reads("13/11/2012", "2012-11-13", NULL, NULL);
	reads("11/13/2012", NULL, "2012-11-13", NULL);
	reads("04/11/2016", "2016-11-04", "2016-04-11", NULL);
	reads("4.11.2016 00:00", "2016-11-04", "2016-04-11", NULL);
	reads("07/07/2016", "2016-07-07", "2016-07-07", NULL);
	reads("13/11/12", "2012-11-13", NULL, "2013-11-12");
	reads("01-02-70", "1970-02-01", "1970-01-02", NULL);
	reads("29/02/2016", "2016-02-29", NULL, NULL);
	reads("3 Sept 2016", "2016-09-03", "2016-09-03", "2016-09-03");
}

static void what_is_no_date_is_refused(void **state)
{
	static const char *const none[] = {"", "x", "32/13/2016", "29/02/2015", "2015-02-29", "1/2",
		"1/2/3/4", "Novembre 4 2016", "2016", "13-No-2012", "1/1/1899", "1/1/2201",
		"£12.00", "Nov Nov 2012", "12.50", "99999", "20121345", "1/2/20123", "4-Nov",
		"04/11/2016 x"};
	int32_t days[KL_DATES_ORDERS] = {42};
	unsigned fits = 77;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (kl_dates_read(none[i], days, &fits) != KL_E_INVALID)
			fail_msg("'%s' is a date", none[i]);
	assert_int_equal(fits, 77);
	assert_int_equal(days[0], 42);
}

static void moments_are_told_in_utc(void **state)
{
	char out[KL_UTC_TEXT_MAX];

	(void)state;
	assert_string_equal(kl_utc_format(0, out), "1970-01-01T00:00:00Z");
	assert_string_equal(kl_utc_format(1456790399999, out), "2016-02-29T23:59:59Z");
	assert_string_equal(kl_utc_format(UINT64_MAX, out), "");
}

static void orders_have_names(void **state)
{
	enum kl_date_order order = KL_DATES_YMD;

	(void)state;
	assert_int_equal(kl_dates_parse("MDY", &order), 0);
	assert_int_equal(order, KL_DATES_MDY);
	assert_int_equal(kl_dates_parse("american", &order), KL_E_INVALID);
	assert_int_equal(DMY | MDY | YMD, KL_DATES_ALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_count_both_ways),
		cmocka_unit_test(dates_are_read_in_every_order),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(moments_are_told_in_utc),
		cmocka_unit_test(orders_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
