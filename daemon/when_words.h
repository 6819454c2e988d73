/* Days and times as people say them, in the local time of the machine on which the daemon runs. (JSON
 * has the same times in UTC.) */
#ifndef KL_DAEMON_WHEN_WORDS_H
#define KL_DAEMON_WHEN_WORDS_H

#include <stdint.h>

enum { KL_WHEN_MAX = 40 };

struct kl_clock {
	uint64_t now_ms;                   /* since 1970 */
	int64_t (*offset_ms)(uint64_t ms); /* local time minus UTC at that moment; NULL: UTC */
};

/* What the system says of its time zone: for kl_clock. */
int64_t kl_local_offset_ms(uint64_t ms);

/* A moment, to stand after "until", "since" or a comma: "14:05 today" (with seconds if it is less than
 * ten minutes away), "14:05 tomorrow", "14:05 yesterday", "Friday", "last Friday", "3 December",
 * "3 December 2027". Returns `out`. */
const char *kl_when_words(const struct kl_clock *clock, uint64_t at_ms, char out[KL_WHEN_MAX]);

/* The same for paper, which is read later: "30 November 2026, 14:05". Returns `out`. */
const char *kl_date_words(const struct kl_clock *clock, uint64_t at_ms, char out[KL_WHEN_MAX]);

/* What has to be known of the clock on a wall to read a time on paper: "UTC", "UTC+1", "UTC-3:30". Returns
 * `out`. */
enum { KL_ZONE_MAX = 16 };
const char *kl_zone_words(const struct kl_clock *clock, uint64_t at_ms, char out[KL_ZONE_MAX]);

/* A span in its largest unit, rounded down: "40 seconds", "an hour", "two days", "three weeks".
 * Returns `out`. */
const char *kl_span_words(uint64_t ms, char out[KL_WHEN_MAX]);

/* "no", "one", .. "ten", then digits. Returns `out`. */
const char *kl_number_words(uint64_t number, char out[KL_WHEN_MAX]);

#endif
