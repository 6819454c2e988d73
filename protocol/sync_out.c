/* What the sync machine wishes: effects, and the frames that it writes itself. */
#include "core/error.h"
#include "protocol/sync_state.h"

#include <stdlib.h>
#include <string.h>

enum { PROVING_COSTS = 16 }; /* of credit: as much as it costs a peer to show us one */

static int grow(struct kl_sync *s)
{
	size_t capacity = s->effects_capacity ? 2 * s->effects_capacity : 64;
	struct kl_sync_effect *effects;
	size_t *starts;

	if (s->n_effects < s->effects_capacity)
		return KL_OK;
	effects = realloc(s->effects, capacity * sizeof *effects);
	if (!effects)
		return KL_E_NOMEM;
	s->effects = effects;
	starts = realloc(s->starts, capacity * sizeof *starts);
	if (!starts)
		return KL_E_NOMEM;
	s->starts = starts;
	s->effects_capacity = capacity;
	return KL_OK;
}

/* NULL without memory: the effect is lost, and what it was for is found again by digests. */
struct kl_sync_effect *kl_sync_effect(
	struct kl_sync *s, enum kl_sync_effect_kind kind, uint32_t link)
{
	struct kl_sync_effect *e;

	if (grow(s))
		return NULL;
	s->starts[s->n_effects] = SIZE_MAX;
	e = &s->effects[s->n_effects++];
	*e = (struct kl_sync_effect){.kind = kind, .link = link};
	return e;
}

size_t kl_sync_send_begin(struct kl_sync *s)
{
	return s->out.buffer.size;
}

void kl_sync_send_end(struct kl_sync *s, uint32_t link, size_t start)
{
	struct kl_sync_effect *e = kl_sync_effect(s, KL_SYNC_SEND, link);

	if (!e)
		return;
	s->starts[s->n_effects - 1] = start;
	e->bytes.len = s->out.buffer.size - start;
	s->links[link].since += e->bytes.len;
}

void kl_sync_send_root(struct kl_sync *s, uint32_t link, enum kl_frame_kind kind, uint64_t nonce)
{
	size_t start = kl_sync_send_begin(s);
	struct kl_id root;

	kl_sync_root(s, &root);
	kl_frame_root_write(&s->out, kind, &root, nonce);
	kl_sync_send_end(s, link, start);
}

void kl_sync_send_heads(struct kl_sync *s, uint32_t link)
{
	size_t i = 0, start;

	do {
		size_t n = 0;

		for (; i < s->n_feeds && n < KL_FRAME_HEADS_MAX; i++)
			if (kl_sync_is_told(s->feeds[i]))
				s->states[n++] = kl_sync_state(s->feeds[i]);
		start = kl_sync_send_begin(s);
		kl_frame_heads_write(&s->out, false, i < s->n_feeds, s->states, n);
		kl_sync_send_end(s, link, start);
	} while (i < s->n_feeds);
	s->links[link].heads_ms = s->now_ms;
	s->links[link].owes_heads = false;
}

void kl_sync_send_hello(struct kl_sync *s, uint32_t link, bool welcome)
{
	const struct kl_sync_feed *theirs = kl_sync_find_author(s, &s->links[link].member);
	struct kl_hello hello = {.version_min = KL_PROTOCOL_VERSION,
		.version_max = KL_PROTOCOL_VERSION,
		.network = s->config.network,
		.store_id = s->config.store_id,
		.limits = {KL_RUN_RECORDS_MAX, KL_RUN_BYTES_MAX, KL_FRAME_RANGES_MAX,
			KL_SYNC_GETS_MAX}};
	size_t start = kl_sync_send_begin(s);

	if (s->roster)
		hello.roster_seq = s->roster->head.seq;
	hello.own_epoch = s->config.own.epoch;
	if (s->own)
		hello.own = s->own->head;
	if (theirs) {
		hello.yours = theirs->head;
		hello.your_epoch = theirs->key.epoch;
	}
	kl_frame_hello_write(&s->out, welcome, &hello);
	kl_sync_send_end(s, link, start);
}

/* Proofs are long, and a peer can bring them about: without room, or credit, it asks again. */
void kl_sync_prove(struct kl_sync *s, const struct kl_sync_feed *f, uint32_t link)
{
	struct kl_sync_effect *e = NULL;

	if (kl_sync_has_room(&s->links[link]) && kl_sync_spend(s, link, PROVING_COSTS))
		e = kl_sync_effect(s, KL_SYNC_PROVE, link);
	if (e)
		e->range = (struct kl_range){f->key, 0};
}

void kl_sync_remark(struct kl_sync *s, uint32_t link, int code, const char *text)
{
	struct kl_sync_effect *e = kl_sync_effect(s, KL_SYNC_REMARK, link);

	if (!e)
		return;
	e->code = code;
	e->text = text;
}

void kl_sync_close(struct kl_sync *s, uint32_t link, int code, const char *text)
{
	size_t start = kl_sync_send_begin(s);
	struct kl_sync_effect *e;

	kl_frame_err_write(&s->out, code, text);
	kl_sync_send_end(s, link, start);
	e = kl_sync_effect(s, KL_SYNC_CLOSE, link);
	if (e) {
		e->code = code;
		e->text = text;
	}
	kl_sync_forget_link(s, link);
}

void kl_sync_strike(struct kl_sync *s, uint32_t link, int code, const char *text)
{
	struct kl_sync_link *l = &s->links[link];
	size_t start;

	if (++l->strikes >= KL_SYNC_STRIKES_MAX) {
		kl_sync_close(s, link, code, text);
		return;
	}
	start = kl_sync_send_begin(s);
	kl_frame_err_write(&s->out, code, text);
	kl_sync_send_end(s, link, start);
	kl_sync_remark(s, link, code, text);
}

/* Who has not read what was sent before gets our digest instead, once it has. */
static size_t others(struct kl_sync *s, uint32_t from)
{
	size_t n = 0;

	for (uint32_t link = 0; link < KL_SYNC_LINKS_MAX; link++) {
		struct kl_sync_link *l = &s->links[link];

		if (!l->ready || link == from)
			continue;
		if (kl_sync_has_room(l))
			s->offer_links[n++] = link;
		else
			l->owes_root = true;
	}
	return n;
}

void kl_sync_tell(struct kl_sync *s, struct kl_sync_feed *f, uint32_t from, bool small_single)
{
	struct kl_sync_effect *e;
	size_t n;

	if (!small_single) {
		f->news_from = f->news && f->news_from != from ? KL_SYNC_NO_LINK : from;
		f->news = true;
		if (!s->news_ms)
			s->news_ms = s->now_ms + KL_SYNC_HAVE_DELAY_MS;
		return;
	}
	n = others(s, from);
	e = n ? kl_sync_effect(s, KL_SYNC_OFFER, KL_SYNC_NO_LINK) : NULL;
	if (!e)
		return;
	e->range = (struct kl_range){f->key, f->head.seq};
	e->links = s->offer_links;
	e->n_links = n;
}

void kl_sync_freeze(struct kl_sync *s, struct kl_sync_feed *f, const struct kl_fork *fork,
	struct kl_bytes proof, uint32_t from)
{
	struct kl_sync_effect *e;

	if (f->forked && f->common.seq <= fork->common.seq)
		return;
	f->forked = true;
	f->common = fork->common;
	f->look = 0;
	kl_sync_clip(s, f);
	if (from != KL_SYNC_NO_LINK && f->head.seq < f->common.seq)
		kl_link_set_add(&f->ahead, from);
	e = kl_sync_effect(s, KL_SYNC_FREEZE, from);
	if (!e)
		return;
	s->starts[s->n_effects - 1] = kl_sync_send_begin(s);
	kl_write_raw(&s->out, proof);
	e->bytes.len = proof.len;
	e->range = (struct kl_range){f->key, fork->common.seq + 1};
	e->head = fork->common;
	for (uint32_t link = 0; link < KL_SYNC_LINKS_MAX; link++)
		if (s->links[link].ready && link != from)
			kl_sync_prove(s, f, link);
}
