#include "tests/fuzz/feeds.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

const struct kl_id feed_network = {{'f', 'u', 'z', 'z'}};

/* Some kinds count by their own signature, and one is unknown. */
static const uint32_t kinds[FEED_RECORDS] = {KL_KIND_PROFILE, KL_KIND_ENDPOINTS,
	KL_KIND_FIGURE_PUBLISH, KL_KIND_TALLY_ACCEPT, KL_KIND_LESSON, 4000, KL_KIND_TALLY_SHARE,
	KL_KIND_TALLY_CONTRIB, KL_KIND_TALLY_VOTE, KL_KIND_POLICY, KL_KIND_QUESTION,
	KL_KIND_TALLY_OPEN};

static void write_records(struct feed *feed, size_t from, uint8_t mark)
{
	const struct kl_author author = {
		.network = feed_network, .feed = feed->key, .keys = &feed->keys};

	for (size_t i = from; i < FEED_RECORDS; i++) {
		struct kl_head head = {.seq = i};
		size_t len = i * 3 % FEED_PAYLOAD_MAX;

		if (i)
			head.id = feed->records[i - 1].id;
		memset(feed->payloads[i], mark + (int)i, len);
		FUZZ_CHECK(!kl_record_make(&author, &head, kinds[i], 1700000000000 + i,
			kl_bytes(feed->payloads[i], len), &feed->memory[i], &feed->records[i]));
	}
}

static void make(struct feed *feeds)
{
	static const uint8_t seeds[FEEDS][KL_SEED_BYTES] = {{1}, {1}, {2}};

	for (int f = 0; f < FEEDS; f++) {
		kl_sign_keys_from_seed(seeds[f], &feeds[f].keys);
		feeds[f].key.author = feeds[f].keys.public_key;
		write_records(&feeds[f], 0, (uint8_t)(f == FEED_B));
	}
	write_records(&feeds[FEED_A_FORKED], FEED_FORK_AT - 1, 'x');
}

const struct feed *feed_of(enum feed_name name)
{
	static struct feed feeds[FEEDS];
	static bool made;

	if (!made)
		make(feeds);
	made = true;
	return &feeds[name];
}
