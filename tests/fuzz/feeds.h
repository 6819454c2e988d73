/* Feeds for the targets: two authors in one network, one of whom signed two different records for
 * one place. Keys come from fixed seeds, so that every run sees the same bytes. */
#ifndef KL_TESTS_FUZZ_FEEDS_H
#define KL_TESTS_FUZZ_FEEDS_H

#include "protocol/record.h"

enum {
	FEED_RECORDS = 12,
	FEED_FORK_AT = 5, /* seq of the first record that stands twice */
	FEED_PAYLOAD_MAX = 40,
};

enum feed_name { FEED_A, FEED_A_FORKED, FEED_B, FEEDS };

struct feed {
	struct kl_sign_keys keys;
	struct kl_feed_key key;
	struct kl_record records[FEED_RECORDS]; /* each signed; seq 1 first */
	struct kl_record_memory memory[FEED_RECORDS];
	uint8_t payloads[FEED_RECORDS][FEED_PAYLOAD_MAX];
};

extern const struct kl_id feed_network;

/* Made at the first call, then the same memory. */
const struct feed *feed_of(enum feed_name name);

#endif
