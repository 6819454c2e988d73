/* What is not needed any more once a tally has ended: sealed shares, and the key that opens them. */
#include "protocol/tally_book.h"

#include "core/expand.h"

/* Until when (wall clock) something is going on; 0: nothing is. */
static uint64_t going_on_until(const struct kl_tallies *book)
{
	uint64_t until = 0;

	for (size_t i = 0; i < book->count; i++) {
		const struct kl_tally *t = book->tallies[i];

		if (!t->closed && !t->failed && !kl_tally_nobody_takes_part(t) &&
			book->wall_ms <= kl_tally_decide_until(t) &&
			until < kl_tally_decide_until(t))
			until = kl_tally_decide_until(t);
	}
	return until;
}

/* What is to be removed is asked for again and again until somebody says that it is gone: nobody
 * else looks after it. */
bool kl_tally_time_to_clean(struct kl_tallies *book, uint64_t *next_ms)
{
	uint64_t now_ms = book->event->now_ms;
	bool yes = now_ms >= *next_ms;

	if (yes)
		*next_ms = now_ms + KL_TALLY_CLEAN_MS;
	kl_tally_wake(book, *next_ms - now_ms);
	return yes;
}

/* Each share is dropped by one tally alone, or their answers would take each other for their own. */
static bool is_to_drop(const struct kl_share_seen *share, int index, int stray)
{
	return (share->tally == index || share->tally == stray) &&
	       (share->dropper < 0 || share->dropper == index);
}

/* Shares that no CONTRIB named (a crash came between) go with the last tally that was going on. */
void kl_tally_drop_shares(struct kl_tallies *book, struct kl_tally *t, int index)
{
	uint64_t until = going_on_until(book);
	int stray = until > 0 ? index : -1;
	struct kl_tally_effect *effect;
	struct kl_id *ids;
	size_t count = 0;

	if (until > 0 && book->share_count > 0)
		kl_tally_wake(book, until - book->wall_ms + 1);
	for (size_t i = 0; i < book->share_count; i++)
		count += is_to_drop(&book->shares[i], index, stray);
	if (count == 0 || !kl_tally_time_to_clean(book, &t->drop_next_ms))
		return;
	ids = kl_tally_memory(book, count * sizeof(*ids));
	effect = ids ? kl_tally_effect(book, t, KL_TALLY_DROP) : NULL;
	if (!effect)
		return;
	effect->u.drop.ids = ids;
	effect->u.drop.count = count;
	for (size_t i = 0; i < book->share_count; i++) {
		struct kl_share_seen *share = &book->shares[i];

		if (is_to_drop(share, index, stray)) {
			*ids++ = share->record;
			share->dropper = index;
		} else if (share->dropper == index) {
			share->dropper = -1;
		}
	}
}

void kl_tally_dropped(struct kl_tallies *book, const struct kl_id *tally)
{
	size_t kept = 0;
	int index = 0;

	while ((size_t)index < book->count && !kl_id_equal(&book->tallies[index]->id, tally))
		index++;
	if ((size_t)index == book->count)
		return;
	for (size_t i = 0; i < book->share_count; i++) {
		if (book->shares[i].dropper != index)
			book->shares[kept++] = book->shares[i];
	}
	book->share_count = kept;
	book->tallies[index]->drop_next_ms = 0;
}

/* The key is forgotten at once; its file is when it can be. */
void kl_tally_unlink_key(struct kl_tallies *book, struct kl_tally *t)
{
	if (t->has_key) {
		kl_wipe(&t->keys, sizeof(t->keys));
		t->has_key = false;
		t->unlinked = t->key_stays = true;
		kl_tally_vectors_wipe(t);
	}
	if (t->key_stays && kl_tally_time_to_clean(book, &t->unlink_next_ms))
		(void)kl_tally_effect(book, t, KL_TALLY_KEY_UNLINK);
}

void kl_tally_unlinked(struct kl_tallies *book, const struct kl_id *tally)
{
	struct kl_tally *t = kl_tallies_find(book, tally);

	if (!t)
		return;
	t->key_stays = false;
	t->unlink_next_ms = 0;
}
