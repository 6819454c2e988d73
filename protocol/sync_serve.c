/* What peers ask for, one run after the other, and whether they read it. */
#include "core/hash.h"
#include "protocol/sync_state.h"

#include <string.h>

enum {
	CREDIT_MAX = KL_SYNC_CREDIT_MAX,
	CREDIT_PER_MS = 4,
	BUSY_MS = 200,
};

/* ---- what asking costs --------------------------------------------------------------------- */

/* Requests are paid for from a bucket that fills with time: a peer that asks faster than any honest
 * one can read is told to wait. */
bool kl_sync_spend(struct kl_sync *s, uint32_t link, uint32_t cost)
{
	struct kl_sync_link *l = &s->links[link];
	uint64_t passed = s->now_ms - l->credit_ms;
	uint64_t credit = l->credit + (passed > CREDIT_MAX ? CREDIT_MAX : passed * CREDIT_PER_MS);

	l->credit = credit > CREDIT_MAX ? CREDIT_MAX : (uint32_t)credit;
	l->credit_ms = s->now_ms;
	if (l->credit < cost)
		return false;
	l->credit -= cost;
	return true;
}

static void send_busy(struct kl_sync *s, uint32_t link)
{
	size_t start = kl_sync_send_begin(s);

	kl_frame_busy_write(&s->out, BUSY_MS, "asked too much at once");
	kl_sync_send_end(s, link, start);
}

bool kl_sync_pay(struct kl_sync *s, uint32_t link, uint32_t cost)
{
	if (kl_sync_spend(s, link, cost))
		return true;
	send_busy(s, link);
	return false;
}

/* Links that are down remember whose they were, so that hanging up and calling again earns nothing. */
void kl_sync_refill(const struct kl_sync *s, struct kl_sync_link *l)
{
	l->credit = CREDIT_MAX;
	l->credit_ms = s->now_ms;
	for (uint32_t i = 0; i < KL_SYNC_LINKS_MAX; i++) {
		const struct kl_sync_link *other = &s->links[i];

		if (other->credit_ms && other->credit < l->credit &&
			kl_id_equal(&other->member, &l->member)) {
			l->credit = other->credit;
			l->credit_ms = other->credit_ms;
		}
	}
}

/* ---- serving ------------------------------------------------------------------------------- */

static void serve_nothing(struct kl_sync *s, uint32_t link, const struct kl_range *range)
{
	size_t start = kl_sync_send_begin(s);

	kl_frame_run_begin(&s->out, range, 0);
	kl_sync_send_end(s, link, start);
}

static bool is_here(const struct kl_sync_feed *f, const struct kl_range *range)
{
	return f && range->from <= f->head.seq;
}

/* Nobody asks honestly for a feed a second time while it waits for an answer, unless it has given
 * the first request up: the later one counts. */
void kl_sync_want(struct kl_sync *s, uint32_t link, const struct kl_range *range)
{
	struct kl_sync_link *l = &s->links[link];

	if (!is_here(kl_sync_find(s, &range->feed), range)) {
		serve_nothing(s, link, range);
		return;
	}
	for (size_t i = 0; i < l->n_wanted; i++)
		if (kl_feed_key_equal(&l->wanted[i].feed, &range->feed)) {
			l->wanted[i] = *range;
			return;
		}
	if (l->n_wanted < KL_SYNC_WANTED_MAX)
		l->wanted[l->n_wanted++] = *range;
	else
		send_busy(s, link);
}

static void serve_run(struct kl_sync *s, uint32_t link, const struct kl_range *range)
{
	const struct kl_sync_feed *f = kl_sync_find(s, &range->feed);
	const struct kl_head *end = f ? kl_sync_end(f) : NULL;
	struct kl_sync_effect *e;

	if (!is_here(f, range)) { /* no longer */
		serve_nothing(s, link, range);
		return;
	}
	e = kl_sync_effect(s, KL_SYNC_SERVE, link);
	if (!e)
		return;
	e->range = *range;
	e->max_records = s->links[link].limits.run_records;
	e->max_bytes = s->links[link].limits.run_bytes;
	e->ended = end != NULL;
	if (end)
		e->end = *end;
}

static bool can_serve(const struct kl_sync_link *l)
{
	return l->ready && l->n_wanted && kl_sync_has_room(l);
}

/* A run is up to 1 MiB from the disk: one at a time, each link in its turn, so that nothing else
 * has to wait for long. */
void kl_sync_serve(struct kl_sync *s)
{
	if (s->served_ms == s->now_ms)
		return;
	for (uint32_t i = 1; i <= KL_SYNC_LINKS_MAX; i++) {
		uint32_t link = (s->served_link + i) % KL_SYNC_LINKS_MAX;
		struct kl_sync_link *l = &s->links[link];
		struct kl_range range = l->wanted[0];

		if (!can_serve(l))
			continue;
		l->n_wanted--;
		memmove(l->wanted, l->wanted + 1, l->n_wanted * sizeof *l->wanted);
		s->served_ms = s->now_ms;
		s->served_link = link;
		serve_run(s, link, &range);
		return;
	}
}

/* Once more after the last run: only then is known how long it was. */
uint64_t kl_sync_serve_deadline(const struct kl_sync *s)
{
	bool more = s->served_ms == s->now_ms;

	for (uint32_t link = 0; link < KL_SYNC_LINKS_MAX && !more; link++)
		more = can_serve(&s->links[link]);
	return more ? s->served_ms + 1 : UINT64_MAX;
}

/* ---- whether they read it ------------------------------------------------------------------ */

bool kl_sync_has_room(const struct kl_sync_link *l)
{
	return l->flying + l->since < KL_SYNC_WINDOW_BYTES;
}

void kl_sync_sent(struct kl_sync *s, uint32_t link, size_t bytes)
{
	if (link < KL_SYNC_LINKS_MAX && s->links[link].up)
		s->links[link].since += bytes;
}

bool kl_sync_probe_is_due(const struct kl_sync_link *l)
{
	return l->ready && !l->probe && l->since >= KL_SYNC_PROBE_BYTES;
}

/* Nobody knows the number who has not read it. */
static uint64_t draw(struct kl_sync *s)
{
	uint8_t bytes[16];
	const struct kl_bytes parts[] = {kl_bytes(bytes, sizeof bytes)};
	struct kl_id hash;

	kl_put_u64(bytes, s->config.salt);
	kl_put_u64(bytes + 8, ++s->probes);
	kl_hash_of("KL1/probe", parts, 1, &hash);
	return kl_get_u64(hash.b) | 1;
}

void kl_sync_probe(struct kl_sync *s, uint32_t link)
{
	struct kl_sync_link *l = &s->links[link];

	if (!l->probe) {
		l->probe = draw(s);
		l->flying = l->since;
		l->since = 0;
	}
	kl_sync_send_root(s, link, KL_FRAME_PING, l->probe);
}

void kl_sync_echo(struct kl_sync *s, uint32_t link, uint64_t nonce)
{
	struct kl_sync_link *l = &s->links[link];

	if (!l->probe || nonce != l->probe)
		return;
	l->probe = 0;
	l->flying = 0;
}
