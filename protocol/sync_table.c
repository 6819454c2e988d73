/* The table of feeds of the sync machine, and the digest over their heads. */
#include "core/error.h"
#include "core/hash.h"
#include "protocol/sync_state.h"

#include <stdlib.h>
#include <string.h>

/* ---- sets of links ------------------------------------------------------------------------- */

void kl_link_set_add(struct kl_link_set *set, uint32_t link)
{
	set->words[link / 64] |= UINT64_C(1) << link % 64;
}

void kl_link_set_remove(struct kl_link_set *set, uint32_t link)
{
	set->words[link / 64] &= ~(UINT64_C(1) << link % 64);
}

bool kl_link_set_has(const struct kl_link_set *set, uint32_t link)
{
	return set->words[link / 64] >> link % 64 & 1;
}

bool kl_link_set_any(const struct kl_link_set *set)
{
	for (size_t i = 0; i < KL_SYNC_LINK_WORDS; i++)
		if (set->words[i])
			return true;
	return false;
}

/* ---- feeds --------------------------------------------------------------------------------- */

/* Index of the first feed that is not before `key`. */
static size_t place(const struct kl_sync *s, const struct kl_feed_key *key)
{
	size_t low = 0, high = s->n_feeds;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (kl_feed_key_compare(&s->feeds[mid]->key, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct kl_sync_feed *kl_sync_find(const struct kl_sync *s, const struct kl_feed_key *key)
{
	size_t i = place(s, key);

	return i < s->n_feeds && kl_feed_key_equal(&s->feeds[i]->key, key) ? s->feeds[i] : NULL;
}

/* The feed of an author's latest epoch. */
struct kl_sync_feed *kl_sync_find_author(const struct kl_sync *s, const struct kl_id *author)
{
	struct kl_feed_key key = {*author, UINT32_MAX};
	size_t i = place(s, &key);

	if (i < s->n_feeds && kl_id_equal(&s->feeds[i]->key.author, author))
		return s->feeds[i];
	if (i && kl_id_equal(&s->feeds[i - 1]->key.author, author))
		return s->feeds[i - 1];
	return NULL;
}

static int grow(struct kl_sync *s)
{
	size_t capacity = s->feeds_capacity ? 2 * s->feeds_capacity : 64;
	struct kl_sync_feed **feeds;

	if (s->n_feeds < s->feeds_capacity)
		return KL_OK;
	feeds = realloc(s->feeds, capacity * sizeof *feeds);
	if (!feeds)
		return KL_E_NOMEM;
	s->feeds = feeds;
	s->feeds_capacity = capacity;
	return KL_OK;
}

int kl_sync_add(struct kl_sync *s, const struct kl_feed_key *key, struct kl_sync_feed **ret_feed)
{
	size_t i = place(s, key);
	struct kl_sync_feed *f;

	if (s->n_feeds == KL_SYNC_FEEDS_MAX)
		return KL_E_TOO_BIG;
	if (grow(s))
		return KL_E_NOMEM;
	f = calloc(1, sizeof *f);
	if (!f)
		return KL_E_NOMEM;
	f->key = *key;
	memmove(s->feeds + i + 1, s->feeds + i, (s->n_feeds - i) * sizeof *s->feeds);
	s->feeds[i] = f;
	s->n_feeds++;
	if (kl_feed_key_equal(key, &s->config.roster))
		s->roster = f;
	if (kl_feed_key_equal(key, &s->config.own))
		s->own = f;
	*ret_feed = f;
	return KL_OK;
}

void kl_sync_drop(struct kl_sync *s, struct kl_sync_feed *f)
{
	size_t i = place(s, &f->key);

	memmove(s->feeds + i, s->feeds + i + 1, (s->n_feeds - i - 1) * sizeof *s->feeds);
	s->n_feeds--;
	s->root_stale = true;
	if (s->roster == f)
		s->roster = NULL;
	if (s->own == f)
		s->own = NULL;
	free(f);
}

/* ---- ends ---------------------------------------------------------------------------------- */

/* A fork beyond the place where the roster ends the feed changes nothing, in whatever order a
 * member hears of the two: otherwise digests would differ for ever. */
bool kl_sync_is_forked(const struct kl_sync_feed *f)
{
	return f->forked && (!f->ended || f->common.seq < f->end.seq);
}

const struct kl_head *kl_sync_end(const struct kl_sync_feed *f)
{
	if (kl_sync_is_forked(f))
		return &f->common;
	return f->ended ? &f->end : NULL;
}

bool kl_sync_waits(const struct kl_sync *s, const struct kl_sync_feed *f)
{
	struct kl_feed_key key = f->key;
	const struct kl_sync_feed *before;
	const struct kl_head *end;

	if (!key.epoch--)
		return false;
	before = kl_sync_find(s, &key);
	end = before ? kl_sync_end(before) : NULL;
	return before && (!end || before->head.seq < end->seq);
}

void kl_sync_clip(struct kl_sync *s, struct kl_sync_feed *f)
{
	const struct kl_head *end = kl_sync_end(f);

	if (end && f->head.seq > end->seq)
		f->head = *end;
	s->root_stale = true;
}

bool kl_sync_is_told(const struct kl_sync_feed *f)
{
	return f->head.seq || kl_sync_is_forked(f);
}

struct kl_feed_state kl_sync_state(const struct kl_sync_feed *f)
{
	return (struct kl_feed_state){f->key, f->head, kl_sync_is_forked(f)};
}

/* ---- digest -------------------------------------------------------------------------------- */

enum { ROW = KL_ID_BYTES + 4 + 8 + KL_ID_BYTES + 1 };

static void row(const struct kl_sync_feed *f, uint8_t out[ROW])
{
	static const struct kl_id none;
	const struct kl_id *id = f->head.seq ? &f->head.id : &none;

	memcpy(out, f->key.author.b, KL_ID_BYTES);
	kl_put_u32(out + 32, f->key.epoch);
	kl_put_u64(out + 36, f->head.seq);
	memcpy(out + 44, id->b, KL_ID_BYTES);
	out[76] = kl_sync_is_forked(f);
}

void kl_sync_root(struct kl_sync *s, struct kl_id *ret_root)
{
	struct kl_hash hash;
	uint8_t bytes[ROW];

	if (s->root_stale) {
		kl_hash_init(&hash, "KL1/root");
		for (size_t i = 0; i < s->n_feeds; i++) {
			if (!kl_sync_is_told(s->feeds[i]))
				continue;
			row(s->feeds[i], bytes);
			kl_hash_add(&hash, kl_bytes(bytes, ROW));
		}
		kl_hash_final(&hash, &s->root);
		s->root_stale = false;
	}
	*ret_root = s->root;
}
