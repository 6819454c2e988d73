/* What concerns the own feed: how far peers hold it, and whether another machine has its key. For
 * other members this one is the peer through whom two such machines hear of each other. */
#include "protocol/sync_state.h"

void kl_sync_told(struct kl_sync *s, uint32_t link, const struct kl_head *head)
{
	struct kl_sync_effect *e = kl_sync_effect(s, KL_SYNC_TOLD, link);

	if (!e)
		return;
	e->member = s->links[link].member;
	e->head = *head;
}

static void pass_on(struct kl_sync *s, uint32_t link, const struct kl_here *here)
{
	size_t start;

	if (!kl_sync_has_room(&s->links[link]))
		return;
	start = kl_sync_send_begin(s);
	kl_frame_here_write(&s->out, here);
	kl_sync_send_end(s, link, start);
}

/* The word of a member that is kept, else the place for it: a free one, or the oldest. */
static struct kl_sync_word *word_of(struct kl_sync *s, const struct kl_id *member)
{
	struct kl_sync_word *place = &s->words[0];

	for (size_t i = 0; i < KL_SYNC_LINKS_MAX; i++) {
		struct kl_sync_word *w = &s->words[i];

		if (w->used && kl_id_equal(&w->here.feed.author, member))
			return w;
		if (place->used && (!w->used || w->said_ms < place->said_ms))
			place = w;
	}
	return place;
}

/* The other machine of this member may have been here before. */
void kl_sync_greeted(struct kl_sync *s, uint32_t link)
{
	const struct kl_id *member = &s->links[link].member;
	const struct kl_sync_word *word = word_of(s, member);
	struct kl_sync_effect *e = kl_sync_effect(s, KL_SYNC_GREETED, link);

	if (e)
		e->member = *member;
	if (word->used && kl_id_equal(&word->here.feed.author, member))
		pass_on(s, link, &word->here);
}

void kl_sync_here_in(struct kl_sync *s, uint32_t link, const struct kl_here *here)
{
	const struct kl_id *author = &here->feed.author;
	struct kl_sync_effect *e;

	if (kl_id_equal(author, &s->config.own.author)) {
		e = kl_sync_effect(s, KL_SYNC_HERE, link);
		if (e)
			e->here = here;
		return;
	}
	if (!kl_id_equal(author, &s->links[link].member))
		return; /* members speak for themselves */
	*word_of(s, author) =
		(struct kl_sync_word){.used = true, .said_ms = s->now_ms, .here = *here};
	for (uint32_t other = 0; other < KL_SYNC_LINKS_MAX; other++)
		if (other != link && s->links[other].ready &&
			kl_id_equal(&s->links[other].member, author))
			pass_on(s, other, here);
}
