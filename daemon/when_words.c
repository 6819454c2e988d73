#include "daemon/when_words.h"
#include "core/day.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#define SECOND_MS UINT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

int64_t kl_local_offset_ms(uint64_t ms)
{
	const time_t seconds = (time_t)(ms / SECOND_MS);
	struct tm tm;

	return localtime_r(&seconds, &tm) ? (int64_t)tm.tm_gmtoff * (int64_t)SECOND_MS : 0;
}

/* Milliseconds since 1970 as a clock on the wall there shows them; never before 1970. */
static uint64_t local(const struct kl_clock *clock, uint64_t ms)
{
	const int64_t shown = (int64_t)ms + (clock->offset_ms ? clock->offset_ms(ms) : 0);

	return shown > 0 ? (uint64_t)shown : 0;
}

static const char *of_day(uint64_t shown, bool seconds, char out[KL_WHEN_MAX])
{
	const unsigned s = (unsigned)(shown % DAY_MS / SECOND_MS);

	if (seconds)
		(void)snprintf(out, KL_WHEN_MAX, "%02u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
	else
		(void)snprintf(out, KL_WHEN_MAX, "%02u:%02u", s / 3600, s / 60 % 60);
	return out;
}

/* The year only if it is not `year_known`. */
static void date(int32_t day, int year_known, char out[KL_WHEN_MAX])
{
	static const char *const months[] = {"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"};
	int year, month, number;

	kl_day_split(day, &year, &month, &number);
	if (year == year_known)
		(void)snprintf(out, KL_WHEN_MAX, "%d %s", number, months[month - 1]);
	else
		(void)snprintf(out, KL_WHEN_MAX, "%d %s %d", number, months[month - 1], year);
}

static int year_of(uint64_t shown)
{
	int year, month, number;

	kl_day_split((int32_t)(shown / DAY_MS), &year, &month, &number);
	return year;
}

const char *kl_when_words(const struct kl_clock *clock, uint64_t at_ms, char out[KL_WHEN_MAX])
{
	/* The first of January 1970 was a Thursday. */
	static const char *const weekdays[] = {
		"Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"};
	const uint64_t shown = local(clock, at_ms), now = local(clock, clock->now_ms);
	const int64_t days = (int64_t)(shown / DAY_MS) - (int64_t)(now / DAY_MS);
	const uint64_t away = at_ms > clock->now_ms ? at_ms - clock->now_ms : clock->now_ms - at_ms;
	char time[KL_WHEN_MAX];

	(void)of_day(shown, away < 10 * MINUTE_MS, time);
	if (days >= -1 && days <= 1)
		(void)snprintf(out, KL_WHEN_MAX, "%.8s %s", time,
			days < 0   ? "yesterday"
			: days > 0 ? "tomorrow"
				   : "today");
	else if (days > -7 && days < 7)
		(void)snprintf(out, KL_WHEN_MAX, "%s%s", days < 0 ? "last " : "",
			weekdays[shown / DAY_MS % 7]);
	else
		date((int32_t)(shown / DAY_MS), year_of(now), out);
	return out;
}

const char *kl_date_words(const struct kl_clock *clock, uint64_t at_ms, char out[KL_WHEN_MAX])
{
	const uint64_t shown = local(clock, at_ms);
	char day[KL_WHEN_MAX], time[KL_WHEN_MAX];

	date((int32_t)(shown / DAY_MS), 0, day);
	(void)snprintf(out, KL_WHEN_MAX, "%.24s, %.8s", day, of_day(shown, false, time));
	return out;
}

const char *kl_zone_words(const struct kl_clock *clock, uint64_t at_ms, char out[KL_ZONE_MAX])
{
	const int minutes =
		clock->offset_ms ? (int)(clock->offset_ms(at_ms) / (int64_t)MINUTE_MS) : 0;
	const unsigned size = (unsigned)(minutes < 0 ? -minutes : minutes) % 6000;

	if (!size)
		(void)snprintf(out, KL_ZONE_MAX, "UTC");
	else if (size % 60)
		(void)snprintf(out, KL_ZONE_MAX, "UTC%c%u:%02u", minutes < 0 ? '-' : '+', size / 60,
			size % 60);
	else
		(void)snprintf(out, KL_ZONE_MAX, "UTC%c%u", minutes < 0 ? '-' : '+', size / 60);
	return out;
}

const char *kl_number_words(uint64_t number, char out[KL_WHEN_MAX])
{
	static const char *const words[] = {"no", "one", "two", "three", "four", "five", "six",
		"seven", "eight", "nine", "ten"};

	if (number < sizeof words / sizeof *words)
		(void)snprintf(out, KL_WHEN_MAX, "%s", words[number]);
	else
		(void)snprintf(out, KL_WHEN_MAX, "%" PRIu64, number);
	return out;
}

const char *kl_span_words(uint64_t ms, char out[KL_WHEN_MAX])
{
	static const struct {
		uint64_t ms;
		const char *one, *many;
	} units[] = {{7 * DAY_MS, "a week", "weeks"}, {DAY_MS, "a day", "days"},
		{HOUR_MS, "an hour", "hours"}, {MINUTE_MS, "a minute", "minutes"},
		{SECOND_MS, "a second", "seconds"}};
	char number[KL_WHEN_MAX];

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		const uint64_t n = ms / units[i].ms;

		/* Up to two weeks, days say more than weeks. */
		if (!n || (i == 0 && n < 2))
			continue;
		if (n == 1)
			(void)snprintf(out, KL_WHEN_MAX, "%s", units[i].one);
		else
			(void)snprintf(out, KL_WHEN_MAX, "%.20s %s", kl_number_words(n, number),
				units[i].many);
		return out;
	}
	(void)snprintf(out, KL_WHEN_MAX, "a moment");
	return out;
}
