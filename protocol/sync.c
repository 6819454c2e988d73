#include "protocol/sync.h"
#include "core/error.h"
#include "protocol/sync_state.h"

#include <stdlib.h>
#include <string.h>

struct kl_sync *kl_sync_new(const struct kl_sync_config *config)
{
	struct kl_sync *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->config = *config;
	if (!s->config.beat_ms)
		s->config.beat_ms = KL_SYNC_BEAT_MS;
	s->turn = config->salt;
	s->root_stale = true;
	kl_writer_init(&s->out);
	return s;
}

void kl_sync_destroy(struct kl_sync *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_feeds; i++)
		free(s->feeds[i]);
	free(s->feeds);
	free(s->effects);
	free(s->starts);
	kl_writer_deinit(&s->out);
	free(s);
}

/* ---- events: feeds ------------------------------------------------------------------------- */

static void owe_roots(struct kl_sync *s)
{
	for (uint32_t link = 0; link < KL_SYNC_LINKS_MAX; link++)
		s->links[link].owes_root = s->links[link].ready;
}

static int on_feed(struct kl_sync *s, const struct kl_sync_event *ev)
{
	struct kl_sync_feed *f = kl_sync_find(s, &ev->u.feed.key);
	int rc;

	if (!f) {
		rc = kl_sync_add(s, &ev->u.feed.key, &f);
		if (rc)
			return rc;
		f->head = ev->u.feed.head;
		f->bytes = ev->u.feed.bytes;
		f->forked = ev->u.feed.forked;
		f->common = ev->u.feed.common;
		f->live_ms = s->now_ms;
	}
	f->ended = ev->u.feed.ended;
	f->end = ev->u.feed.end;
	kl_sync_clip(s, f);
	owe_roots(s); /* others have perhaps told of this feed when it meant nothing here */
	return KL_OK;
}

static int on_feed_gone(struct kl_sync *s, const struct kl_sync_event *ev)
{
	struct kl_sync_feed *f = kl_sync_find(s, &ev->u.feed_gone);

	if (!f)
		return KL_E_NOT_FOUND;
	kl_sync_release(s, f);
	kl_sync_drop(s, f);
	return KL_OK;
}

static bool is_small(uint64_t records, uint64_t bytes)
{
	return records == 1 && bytes <= KL_SYNC_REC_BYTES;
}

static int on_appended(struct kl_sync *s, const struct kl_sync_event *ev)
{
	struct kl_sync_feed *f = s->own;

	if (!f)
		return KL_E_NOT_FOUND;
	f->head = ev->u.appended.head;
	f->bytes += ev->u.appended.bytes;
	kl_sync_clip(s, f);
	kl_sync_tell(s, f, KL_SYNC_NO_LINK, is_small(1, ev->u.appended.bytes));
	return KL_OK;
}

/* ---- events: outcomes of a put ------------------------------------------------------------- */

/* The search compared a whole run and found no difference: it goes on behind it, or there is none
 * and the link told of something that it does not have. */
static void look_on(struct kl_sync_feed *f)
{
	if (!f->look)
		return;
	if (f->put_last < f->head.seq) {
		f->look = f->put_last + 1;
		return;
	}
	f->look = 0;
	kl_link_set_remove(&f->ahead, f->look_link);
}

static void stored_ok(struct kl_sync *s, struct kl_sync_feed *f, const struct kl_head *head)
{
	bool moved = head->seq > f->head.seq;
	uint64_t steps = head->seq - f->head.seq;

	look_on(f);
	if (!moved)
		return;
	f->head = *head;
	f->bytes += f->put_bytes;
	if (f->known <= head->seq)
		f->ahead = (struct kl_link_set){{0}};
	kl_sync_clip(s, f);
	kl_sync_tell(s, f, f->link, is_small(steps, f->put_bytes) && f->put_n == 1);
}

static void stored_conflict(
	struct kl_sync *s, struct kl_sync_feed *f, const struct kl_sync_event *ev)
{
	struct kl_fork fork;
	uint64_t place = ev->u.stored.place;

	if (!ev->u.stored.proof.len) { /* the branches part before the run: look further back */
		f->look = 0;
		if (place && place < f->from)
			kl_sync_look_back(f, f->link, place);
		else
			kl_link_set_remove(&f->ahead, f->link);
		return;
	}
	f->look = 0;
	if (kl_fork_check(ev->u.stored.proof, &s->config.network, s->config.verifier, &fork) ||
		!kl_feed_key_equal(&fork.feed, &f->key)) {
		kl_sync_remark(s, f->link, KL_E_BUG, "the store's proof of a fork proves nothing");
		kl_link_set_remove(&f->ahead, f->link);
		return;
	}
	kl_sync_freeze(s, f, &fork, ev->u.stored.proof, KL_SYNC_NO_LINK);
}

static int on_stored(struct kl_sync *s, const struct kl_sync_event *ev)
{
	struct kl_sync_feed *f = kl_sync_find(s, &ev->u.stored.key);

	if (!f || f->step != KL_FEED_PUTTING)
		return KL_OK; /* the roster took the feed away meanwhile */
	f->step = KL_FEED_IDLE;
	switch (ev->u.stored.result) {
	case KL_SYNC_STORED_OK:
		stored_ok(s, f, &ev->u.stored.head);
		break;
	case KL_SYNC_STORED_CONFLICT:
		stored_conflict(s, f, ev);
		break;
	case KL_SYNC_STORED_FAILED:
		f->retry_ms = s->now_ms + KL_SYNC_RETRY_MS;
		break;
	}
	return KL_OK;
}

/* ---- events: links ------------------------------------------------------------------------- */

static int on_link_up(struct kl_sync *s, const struct kl_sync_event *ev)
{
	struct kl_sync_link *l = &s->links[ev->link];
	struct kl_sync_link fresh = {.up = true,
		.called = ev->u.up.called,
		.member = ev->u.up.member,
		.heard_ms = s->now_ms,
		.beat_ms = s->now_ms + s->config.beat_ms};

	if (l->up)
		kl_sync_forget_link(s, ev->link);
	kl_sync_refill(s, &fresh);
	*l = fresh;
	if (l->called)
		kl_sync_send_hello(s, ev->link, false);
	return KL_OK;
}

static int on_link(struct kl_sync *s, const struct kl_sync_event *ev)
{
	if (ev->link >= KL_SYNC_LINKS_MAX)
		return KL_E_RANGE;
	if (ev->kind == KL_SYNC_LINK_UP)
		return on_link_up(s, ev);
	if (!s->links[ev->link].up)
		return KL_OK; /* closed already, and the daemon did not know yet */
	if (ev->kind == KL_SYNC_LINK_DOWN)
		kl_sync_forget_link(s, ev->link);
	else
		kl_sync_frame_in(s, ev->link, ev->u.frame);
	return KL_OK;
}

/* ---- the step ------------------------------------------------------------------------------ */

static int handle(struct kl_sync *s, const struct kl_sync_event *ev)
{
	switch (ev->kind) {
	case KL_SYNC_FEED:
		return on_feed(s, ev);
	case KL_SYNC_FEED_GONE:
		return on_feed_gone(s, ev);
	case KL_SYNC_STORED:
		return on_stored(s, ev);
	case KL_SYNC_APPENDED:
		return on_appended(s, ev);
	case KL_SYNC_LINK_UP:
	case KL_SYNC_LINK_DOWN:
	case KL_SYNC_FRAME:
		return on_link(s, ev);
	case KL_SYNC_HOLD:
		s->held = ev->u.hold;
		break;
	case KL_SYNC_TICK:
		break;
	}
	return KL_OK;
}

/* Frames were written one behind the other into memory that moved as it grew: only now does it
 * stand still. Without memory frames are lost like any others, and the next beat makes good. */
static void settle(struct kl_sync *s)
{
	struct kl_bytes out = {0};
	size_t kept = 0;
	bool whole = kl_writer_bytes(&s->out, &out) == KL_OK;

	for (size_t i = 0; i < s->n_effects; i++) {
		struct kl_sync_effect *e = &s->effects[i];

		if (s->starts[i] != SIZE_MAX) {
			if (!whole)
				continue;
			e->bytes.data = out.data + s->starts[i];
		}
		s->effects[kept++] = *e;
	}
	s->n_effects = kept;
}

int kl_sync_step(struct kl_sync *s, const struct kl_sync_event *event,
	const struct kl_sync_update **ret_update)
{
	int rc;

	s->n_effects = 0;
	kl_writer_reset(&s->out);
	if (event->now_ms > s->now_ms)
		s->now_ms = event->now_ms;
	rc = handle(s, event);
	if (rc)
		return rc;
	kl_sync_due(s);
	kl_sync_pull(s);
	kl_sync_serve(s);
	settle(s);
	s->update = (struct kl_sync_update){s->effects, s->n_effects, kl_sync_deadline(s)};
	*ret_update = &s->update;
	return KL_OK;
}

/* ---- looking in ---------------------------------------------------------------------------- */

int kl_sync_feed(
	const struct kl_sync *s, const struct kl_feed_key *key, struct kl_feed_state *ret_state)
{
	const struct kl_sync_feed *f = kl_sync_find(s, key);

	if (!f)
		return KL_E_NOT_FOUND;
	*ret_state = kl_sync_state(f);
	return KL_OK;
}

size_t kl_sync_feeds(const struct kl_sync *s)
{
	return s->n_feeds;
}

int kl_sync_peer(const struct kl_sync *s, uint32_t link, struct kl_sync_peer *ret_peer)
{
	const struct kl_sync_link *l;

	if (link >= KL_SYNC_LINKS_MAX || !s->links[link].up)
		return KL_E_NOT_FOUND;
	l = &s->links[link];
	*ret_peer = (struct kl_sync_peer){
		l->member, l->ready, l->in_sync, l->strikes, l->heard_ms, l->flying + l->since};
	return KL_OK;
}
