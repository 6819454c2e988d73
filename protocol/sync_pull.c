/* Asking for what others hold: who is asked for which feed, what happens when nobody answers, and
 * everything else of the sync machine that waits for its time. */
#include "core/error.h"
#include "protocol/sync_state.h"

#include <string.h>

/* ---- letting go ---------------------------------------------------------------------------- */

void kl_sync_release(struct kl_sync *s, struct kl_sync_feed *f)
{
	struct kl_sync_slot *slot;

	if (f->step != KL_FEED_ASKED)
		return;
	slot = &s->links[f->link].slots[f->slot];
	if (slot->n)
		slot->n--;
	f->step = KL_FEED_IDLE;
}

void kl_sync_release_link(struct kl_sync *s, uint32_t link)
{
	for (size_t i = 0; i < s->n_feeds; i++)
		if (s->feeds[i]->link == link)
			kl_sync_release(s, s->feeds[i]);
}

void kl_sync_forget_link(struct kl_sync *s, uint32_t link)
{
	kl_sync_release_link(s, link);
	for (size_t i = 0; i < s->n_feeds; i++) {
		kl_link_set_remove(&s->feeds[i]->ahead, link);
		if (s->feeds[i]->look && s->feeds[i]->look_link == link)
			s->feeds[i]->look = 0;
	}
	s->links[link] = (struct kl_sync_link){.up = false,
		.member = s->links[link].member,
		.credit = s->links[link].credit,
		.credit_ms = s->links[link].credit_ms};
}

/* ---- what others told ---------------------------------------------------------------------- */

/* Begins, or goes on with, the search for the place where the branch of `link` leaves ours: a run
 * from there is compared by the store, record by record, and what it finds is the proof. */
void kl_sync_look_back(struct kl_sync_feed *f, uint32_t link, uint64_t place)
{
	f->look = place >= KL_RUN_RECORDS_MAX ? place - KL_RUN_RECORDS_MAX + 2 : 1;
	f->look_link = link;
	kl_link_set_add(&f->ahead, link);
}

/* A peer that knows of a fork hears that we do not, and sends the proof; nothing is pulled before:
 * what it serves may be certain by the proof alone. */
static void ask_proof(struct kl_sync *s, uint32_t link, const struct kl_sync_feed *f)
{
	struct kl_feed_state state = kl_sync_state(f);
	size_t start = kl_sync_send_begin(s);

	kl_frame_heads_write(&s->out, true, false, &state, 1);
	kl_sync_send_end(s, link, start);
}

void kl_sync_note(struct kl_sync *s, uint32_t link, const struct kl_feed_state *state)
{
	struct kl_sync_feed *f = kl_sync_find(s, &state->feed);

	if (!f)
		return;
	if (kl_sync_is_forked(f)) {
		if (!state->forked || state->head.seq > f->common.seq)
			kl_sync_prove(s, f, link);
	} else if (f == s->own) {
		kl_sync_told(s, link, &state->head);
	}
	if (state->forked && !f->forked) {
		ask_proof(s, link, f);
		return;
	}
	if (state->head.seq > f->head.seq) {
		kl_link_set_add(&f->ahead, link);
		if (state->head.seq > f->known)
			f->known = state->head.seq;
	} else if (!f->look || f->look_link != link) {
		kl_link_set_remove(&f->ahead, link);
	}
	if (state->head.seq == f->head.seq && f->head.seq && !kl_sync_end(f) && !f->look &&
		!kl_id_equal(&state->head.id, &f->head.id))
		kl_sync_look_back(f, link, f->head.seq);
}

/* ---- asking -------------------------------------------------------------------------------- */

static bool is_pulled(const struct kl_sync_link *l)
{
	for (size_t i = 0; i < KL_SYNC_GETS_MAX; i++)
		if (l->slots[i].n)
			return true;
	return false;
}

static bool wants(const struct kl_sync *s, const struct kl_sync_feed *f)
{
	const struct kl_head *end = kl_sync_end(f);

	if (f->step != KL_FEED_IDLE || !kl_link_set_any(&f->ahead) || s->now_ms < f->retry_ms ||
		kl_sync_waits(s, f))
		return false;
	if (s->held && f != s->roster)
		return false;
	return (!end || f->head.seq < end->seq) && f->bytes < KL_SYNC_FEED_BYTES_MAX;
}

static bool wants_of(const struct kl_sync *s, const struct kl_sync_feed *f, uint32_t link)
{
	if (!wants(s, f) || !kl_link_set_has(&f->ahead, link))
		return false;
	return !f->look || f->look_link == link;
}

static void ask(struct kl_sync *s, struct kl_sync_feed *f, uint32_t link, uint8_t slot,
	struct kl_range *range)
{
	f->step = KL_FEED_ASKED;
	f->link = link;
	f->slot = slot;
	f->from = f->look ? f->look : f->head.seq + 1;
	s->links[link].slots[slot].n++;
	*range = (struct kl_range){f->key, f->from};
}

/* Fills one get frame for one link: the roster first, then feeds from a place that moves on. */
static size_t ask_link(struct kl_sync *s, uint32_t link, uint8_t slot)
{
	struct kl_range ranges[KL_FRAME_RANGES_MAX];
	size_t n = 0, max = s->links[link].limits.get_ranges, start;

	if (s->roster && wants_of(s, s->roster, link))
		ask(s, s->roster, link, slot, &ranges[n++]);
	for (size_t i = 0; i < s->n_feeds && n < max; i++) {
		struct kl_sync_feed *f = s->feeds[(i + s->turn) % s->n_feeds];

		if (wants_of(s, f, link))
			ask(s, f, link, slot, &ranges[n++]);
	}
	if (!n)
		return 0;
	s->links[link].slots[slot].heard_ms = s->now_ms;
	start = kl_sync_send_begin(s);
	kl_frame_get_write(&s->out, ranges, n);
	kl_sync_send_end(s, link, start);
	return n;
}

/* True while the link may be asked more. */
static bool may_ask(const struct kl_sync *s, const struct kl_sync_link *l, size_t pulled)
{
	return l->ready && s->now_ms >= l->busy_ms &&
	       (is_pulled(l) || pulled < KL_SYNC_PULLED_LINKS_MAX);
}

static size_t count_wanting(const struct kl_sync *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_feeds; i++)
		n += wants(s, s->feeds[i]);
	return n;
}

void kl_sync_pull(struct kl_sync *s)
{
	size_t pulled = 0, wanting = count_wanting(s);

	if (!wanting)
		return;
	s->turn += 7919;
	for (uint32_t link = 0; link < KL_SYNC_LINKS_MAX; link++)
		pulled += is_pulled(&s->links[link]);
	for (uint32_t i = 0; i < KL_SYNC_LINKS_MAX && wanting; i++) {
		uint32_t link = (uint32_t)((i + s->turn) % KL_SYNC_LINKS_MAX);
		struct kl_sync_link *l = &s->links[link];
		bool before = is_pulled(l);

		if (!may_ask(s, l, pulled))
			continue;
		for (uint8_t slot = 0; slot < l->limits.gets && wanting; slot++)
			if (!l->slots[slot].n)
				wanting -= ask_link(s, link, slot);
		pulled += !before && is_pulled(l);
	}
}

/* ---- what waits for its time --------------------------------------------------------------- */

static void send_news(struct kl_sync *s, uint32_t link)
{
	size_t i = 0, n, start;

	while (i < s->n_feeds) {
		for (n = 0; i < s->n_feeds && n < KL_FRAME_HEADS_MAX; i++)
			if (s->feeds[i]->news && s->feeds[i]->news_from != link)
				s->states[n++] = kl_sync_state(s->feeds[i]);
		if (!n)
			return;
		start = kl_sync_send_begin(s);
		kl_frame_heads_write(&s->out, true, false, s->states, n);
		kl_sync_send_end(s, link, start);
	}
}

static void news_due(struct kl_sync *s)
{
	if (!s->news_ms || s->now_ms < s->news_ms)
		return;
	for (uint32_t link = 0; link < KL_SYNC_LINKS_MAX; link++) {
		if (s->links[link].ready && kl_sync_has_room(&s->links[link]))
			send_news(s, link);
		else
			s->links[link].owes_root = s->links[link].ready;
	}
	for (size_t i = 0; i < s->n_feeds; i++)
		s->feeds[i]->news = false;
	s->news_ms = 0;
}

/* Nobody answered: these feeds are asked for elsewhere, and here again once it tells of them. */
static void give_up(struct kl_sync *s, uint32_t link, uint8_t slot)
{
	for (size_t i = 0; i < s->n_feeds; i++) {
		struct kl_sync_feed *f = s->feeds[i];

		if (f->step != KL_FEED_ASKED || f->link != link || f->slot != slot)
			continue;
		kl_sync_release(s, f);
		kl_link_set_remove(&f->ahead, link);
		f->look = 0;
	}
	s->links[link].slots[slot].n = 0;
}

static void slots_due(struct kl_sync *s, uint32_t link)
{
	for (unsigned i = 0; i < KL_SYNC_GETS_MAX; i++) {
		const struct kl_sync_slot *slot = &s->links[link].slots[i];

		if (slot->n && s->now_ms >= slot->heard_ms + KL_SYNC_GET_TIMEOUT_MS)
			give_up(s, link, i);
	}
}

/* Heads are long where digests are short: at most a few times a beat to each link. */
static uint64_t heads_gap(const struct kl_sync *s)
{
	return s->config.beat_ms / 8 < 1000 ? s->config.beat_ms / 8 : 1000;
}

static bool heads_are_due(const struct kl_sync *s, const struct kl_sync_link *l)
{
	return l->owes_heads && kl_sync_has_room(l) && s->now_ms >= l->heads_ms + heads_gap(s);
}

static void beat_due(struct kl_sync *s, uint32_t link)
{
	struct kl_sync_link *l = &s->links[link];

	if (s->now_ms < l->beat_ms)
		return;
	if (s->now_ms >= l->heard_ms + 4 * (uint64_t)s->config.beat_ms) {
		kl_sync_close(s, link, KL_E_TIMEOUT, "nothing was heard for four beats");
		return;
	}
	l->beat_ms = s->now_ms + s->config.beat_ms;
	if (l->ready)
		kl_sync_probe(s, link);
	else if (l->called)
		kl_sync_send_hello(s, link, false);
}

static void link_due(struct kl_sync *s, uint32_t link)
{
	struct kl_sync_link *l = &s->links[link];

	slots_due(s, link);
	if (l->ready && l->owes_root && kl_sync_has_room(l)) {
		l->owes_root = false;
		kl_sync_send_root(s, link, KL_FRAME_ROOT, 0);
	}
	if (l->ready && heads_are_due(s, l))
		kl_sync_send_heads(s, link);
	if (kl_sync_probe_is_due(l))
		kl_sync_probe(s, link);
	beat_due(s, link);
}

void kl_sync_due(struct kl_sync *s)
{
	for (uint32_t link = 0; link < KL_SYNC_LINKS_MAX; link++)
		if (s->links[link].up)
			link_due(s, link);
	news_due(s);
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t link_deadline(const struct kl_sync *s, const struct kl_sync_link *l)
{
	uint64_t at = l->beat_ms;

	for (size_t i = 0; i < KL_SYNC_GETS_MAX; i++)
		if (l->slots[i].n)
			at = sooner(at, l->slots[i].heard_ms + KL_SYNC_GET_TIMEOUT_MS);
	if (l->ready && l->owes_heads && kl_sync_has_room(l))
		at = sooner(at, l->heads_ms + heads_gap(s));
	if (l->busy_ms > s->now_ms)
		at = sooner(at, l->busy_ms);
	return at;
}

uint64_t kl_sync_deadline(const struct kl_sync *s)
{
	uint64_t at = sooner(s->now_ms + s->config.beat_ms, kl_sync_serve_deadline(s));

	if (s->news_ms)
		at = sooner(at, s->news_ms);
	for (uint32_t link = 0; link < KL_SYNC_LINKS_MAX; link++)
		if (s->links[link].up)
			at = sooner(at, link_deadline(s, &s->links[link]));
	for (size_t i = 0; i < s->n_feeds; i++)
		if (s->feeds[i]->retry_ms > s->now_ms)
			at = sooner(at, s->feeds[i]->retry_ms);
	return at;
}
