/* Frames of peers, as the sync machine takes them. Nothing here trusts a byte: what breaks the
 * protocol is a strike, what is merely late or lost is not. */
#include "core/error.h"
#include "protocol/sync_state.h"

#include <string.h>

enum {
	PROOF_COSTS = 16, /* of credit: two signatures to verify */
	BUSY_MS_MAX = 60000,
	HOUR_MS = 3600 * 1000,
};

/* ---- hello --------------------------------------------------------------------------------- */

static uint32_t lower(uint32_t theirs, uint32_t ours)
{
	return theirs < ours ? theirs : ours;
}

static void take_limits(struct kl_sync_link *l, const struct kl_sync_limits *limits)
{
	l->limits.run_records = lower(limits->run_records, KL_RUN_RECORDS_MAX);
	l->limits.run_bytes = lower(limits->run_bytes, KL_RUN_BYTES_MAX);
	l->limits.get_ranges = lower(limits->get_ranges, KL_FRAME_RANGES_MAX);
	l->limits.gets = lower(limits->gets, KL_SYNC_GETS_MAX);
}

/* Heads that stand in the greeting: theirs of their own feed, and theirs of ours. They mean the epoch
 * that the peer knows of. */
static void note_greeting(struct kl_sync *s, uint32_t link, const struct kl_hello *hello)
{
	const struct kl_feed_key key = {s->links[link].member, hello->own_epoch};
	const struct kl_sync_feed *theirs = kl_sync_find(s, &key);
	struct kl_feed_state state;

	if (theirs && theirs == s->roster && hello->own.seq < theirs->head.seq)
		kl_sync_remark(s, link, KL_E_CONFLICT,
			"the convenor holds less of the roster than is here: was an old copy of "
			"its "
			"home put back? The roster does not go back here");
	if (theirs && theirs != s->own) {
		state = (struct kl_feed_state){theirs->key, hello->own, kl_sync_is_forked(theirs)};
		kl_sync_note(s, link, &state);
	}
	if (s->own && s->own->key.epoch == hello->your_epoch) {
		state = (struct kl_feed_state){
			s->own->key, hello->yours, kl_sync_is_forked(s->own)};
		kl_sync_note(s, link, &state);
	}
}

static void on_hello(struct kl_sync *s, uint32_t link, const struct kl_frame *frame)
{
	const struct kl_hello *hello = &frame->u.hello;
	struct kl_sync_link *l = &s->links[link];
	bool same;

	if (!kl_id_equal(&hello->network, &s->config.network)) {
		kl_sync_close(s, link, KL_E_DENIED, "this daemon belongs to another network");
		return;
	}
	if (hello->version_min > KL_PROTOCOL_VERSION || hello->version_max < KL_PROTOCOL_VERSION) {
		kl_sync_close(s, link, KL_E_VERSION, "no common version of the protocol");
		return;
	}
	if (kl_id_equal(&l->member, &s->config.own.author)) {
		same = kl_id_equal(&hello->store_id, &s->config.store_id);
		if (!same)
			(void)kl_sync_effect(s, KL_SYNC_TWIN, link);
		kl_sync_close(s, link, KL_E_CONFLICT,
			same ? "this daemon called itself"
			     : "another daemon runs with the same identity");
		return;
	}
	kl_sync_release_link(s, link); /* after a second greeting nothing is owed */
	memset(l->slots, 0, sizeof l->slots);
	l->n_wanted = 0;
	take_limits(l, &hello->limits);
	l->ready = true;
	if (frame->kind == KL_FRAME_HELLO)
		kl_sync_send_hello(s, link, true);
	l->owes_root = true;
	kl_sync_greeted(s, link);
	note_greeting(s, link, hello);
}

/* ---- digests and heads --------------------------------------------------------------------- */

static void on_root(struct kl_sync *s, uint32_t link, const struct kl_frame *frame)
{
	struct kl_sync_link *l = &s->links[link];
	struct kl_id root;

	if (frame->kind == KL_FRAME_PING)
		kl_sync_send_root(s, link, KL_FRAME_PONG, frame->u.root.nonce);
	if (frame->kind == KL_FRAME_PONG)
		kl_sync_echo(s, link, frame->u.root.nonce);
	kl_sync_root(s, &root);
	l->in_sync = kl_id_equal(&root, &frame->u.root.root);
	l->owes_heads = !l->in_sync;
	if (l->in_sync && s->own)
		kl_sync_told(s, link, &s->own->head);
}

static void on_heads(struct kl_sync *s, uint32_t link, const struct kl_frame *frame)
{
	for (size_t i = 0; i < frame->u.heads.n && s->links[link].up; i++)
		kl_sync_note(s, link, &frame->u.heads.items[i]);
}

/* ---- serving ------------------------------------------------------------------------------- */

static void on_get(struct kl_sync *s, uint32_t link, const struct kl_frame *frame)
{
	for (size_t i = 0; i < frame->u.get.n; i++) {
		if (!kl_sync_pay(s, link, 1))
			return;
		kl_sync_want(s, link, &frame->u.get.items[i]);
	}
}

/* ---- records ------------------------------------------------------------------------------- */

static void put(struct kl_sync *s, struct kl_sync_feed *f, uint32_t link, const struct kl_run *run)
{
	struct kl_sync_effect *e = kl_sync_effect(s, KL_SYNC_PUT, link);
	size_t bytes = 0;

	if (!e)
		return;
	for (size_t i = 0; i < run->n; i++)
		bytes += run->records[i].header.len + run->records[i].signature.len +
			 run->records[i].payload.len;
	e->run = *run;
	e->range = (struct kl_range){run->feed, run->from};
	f->step = KL_FEED_PUTTING;
	f->link = link;
	f->from = run->from;
	f->put_last = run->last.seq;
	f->put_n = (uint32_t)run->n;
	f->put_bytes = (uint32_t)bytes;
}

/* Whether the run follows our head. The genesis of a run from 1 was checked with it. */
static bool follows(const struct kl_sync_feed *f, const struct kl_run *run)
{
	if (run->from != f->head.seq + 1)
		return false;
	return !f->head.seq || kl_id_equal(&run->prev, &f->head.id);
}

/* A checked run of a feed that waits for nothing else. One that leaves our chain before our head is
 * put as well: the store compares, and finds the place. */
static void take_run(
	struct kl_sync *s, struct kl_sync_feed *f, uint32_t link, const struct kl_run *run)
{
	if (follows(f, run) || run->from <= f->head.seq)
		put(s, f, link, run);
	else if (run->from == f->head.seq + 1 && !kl_sync_end(f))
		kl_sync_look_back(f, link, f->head.seq);
	else
		kl_link_set_remove(&f->ahead, link);
}

/* Cuts records beyond the end of a feed: a server that has not heard of the end sends them. */
static size_t cut(const struct kl_sync_feed *f, size_t n, bool *ret_cut)
{
	const struct kl_head *end = kl_sync_end(f);
	uint64_t from = n ? f->from : 0;

	*ret_cut = n && end && from + n - 1 > end->seq;
	if (!*ret_cut)
		return n;
	return from > end->seq ? 0 : (size_t)(end->seq - from + 1);
}

static void on_run(struct kl_sync *s, uint32_t link, const struct kl_frame *frame)
{
	const struct kl_range *range = &frame->u.run.range;
	struct kl_sync_feed *f = kl_sync_find(s, &range->feed);
	struct kl_run run;
	bool shorter = false;
	size_t n;
	int rc;

	if (!f || f->step != KL_FEED_ASKED || f->link != link || f->from != range->from)
		return; /* late, or twice: somebody else was asked since */
	s->links[link].slots[f->slot].heard_ms = s->now_ms;
	kl_sync_release(s, f);
	rc = kl_frame_records(&frame->u.run.records, s->records, &n);
	if (!rc && n && s->records[0].h.seq != range->from)
		rc = KL_E_MALFORMED;
	if (!rc) {
		n = cut(f, n, &shorter);
		if (!n) {
			f->look = 0;
			kl_link_set_remove(&f->ahead, link);
			return;
		}
		rc = kl_run_check(&s->config.network, &f->key, kl_sync_end(f), s->records, n,
			s->config.verifier, &run);
	}
	if (!rc) {
		take_run(s, f, link, &run);
		return;
	}
	f->look = 0;
	kl_link_set_remove(&f->ahead, link);
	if (rc != KL_E_SIGNATURE || !shorter)
		kl_sync_strike(s, link, rc, "a run did not hold together");
}

/* How many records and bytes of a feed are taken in an hour without having been asked for. */
static bool is_live(struct kl_sync *s, struct kl_sync_feed *f, size_t bytes)
{
	if (s->now_ms - f->live_ms >= HOUR_MS) {
		f->live_ms = s->now_ms;
		f->live_records = f->live_bytes = 0;
	}
	if (f->live_records >= KL_SYNC_LIVE_RECORDS_MAX ||
		f->live_bytes + bytes > KL_SYNC_LIVE_BYTES_MAX)
		return false;
	f->live_records++;
	f->live_bytes += (uint32_t)bytes;
	return true;
}

/* Only the next record of a feed is worth looking into; a later one says that there is more. */
static void on_rec(struct kl_sync *s, uint32_t link, const struct kl_frame *frame)
{
	const struct kl_range *range = &frame->u.run.range;
	struct kl_sync_feed *f = kl_sync_find(s, &range->feed);
	const struct kl_head *end = f ? kl_sync_end(f) : NULL;
	struct kl_run run;
	size_t n;
	int rc;

	if (!f || range->from <= f->head.seq || (end && range->from > end->seq))
		return;
	kl_link_set_add(&f->ahead, link);
	if (range->from > f->known)
		f->known = range->from;
	if (range->from != f->head.seq + 1 || f->step != KL_FEED_IDLE || f->look ||
		kl_sync_waits(s, f) || !is_live(s, f, frame->u.run.records.raw.len))
		return;
	rc = kl_frame_records(&frame->u.run.records, s->records, &n);
	if (!rc && s->records[0].h.seq != range->from)
		rc = KL_E_MALFORMED;
	if (!rc)
		rc = kl_run_check(
			&s->config.network, &f->key, end, s->records, n, s->config.verifier, &run);
	if (!rc) {
		take_run(s, f, link, &run);
		return;
	}
	kl_link_set_remove(&f->ahead, link);
	kl_sync_strike(s, link, rc, "a record did not hold together");
}

/* ---- the rest ------------------------------------------------------------------------------ */

static void on_fork(struct kl_sync *s, uint32_t link, const struct kl_frame *frame)
{
	struct kl_sync_feed *f;
	struct kl_fork fork;
	int rc;

	if (!kl_sync_pay(s, link, PROOF_COSTS))
		return;
	rc = kl_fork_check(frame->u.proof, &s->config.network, s->config.verifier, &fork);
	if (rc) {
		kl_sync_strike(s, link, rc, "a proof of a fork proved nothing");
		return;
	}
	f = kl_sync_find(s, &fork.feed);
	if (f)
		kl_sync_freeze(s, f, &fork, frame->u.proof, link);
}

static void on_busy(struct kl_sync *s, uint32_t link, const struct kl_frame *frame)
{
	uint32_t wait = frame->u.said.retry_ms;

	s->links[link].busy_ms = s->now_ms + (wait < BUSY_MS_MAX ? wait : BUSY_MS_MAX);
	kl_sync_release_link(s, link);
	memset(s->links[link].slots, 0, sizeof s->links[link].slots);
}

static void dispatch(struct kl_sync *s, uint32_t link, const struct kl_frame *frame)
{
	static const char unknown[] = "frames of this number are not known here";
	size_t start;

	switch (frame->kind) {
	case KL_FRAME_ROOT:
	case KL_FRAME_PING:
	case KL_FRAME_PONG:
		on_root(s, link, frame);
		break;
	case KL_FRAME_HEADS:
	case KL_FRAME_HAVE:
		on_heads(s, link, frame);
		break;
	case KL_FRAME_GET:
		on_get(s, link, frame);
		break;
	case KL_FRAME_RUN:
		on_run(s, link, frame);
		break;
	case KL_FRAME_REC:
		on_rec(s, link, frame);
		break;
	case KL_FRAME_FORK:
		on_fork(s, link, frame);
		break;
	case KL_FRAME_HERE:
		if (kl_sync_pay(s, link, PROOF_COSTS))
			kl_sync_here_in(s, link, &frame->u.here);
		break;
	case KL_FRAME_BUSY:
		on_busy(s, link, frame);
		break;
	default:
		start = kl_sync_send_begin(s);
		kl_frame_err_write(&s->out, KL_E_VERSION, unknown);
		kl_sync_send_end(s, link, start);
	}
}

/* A frame before the greeting: the peer takes up a link that was lost here. It is greeted, which
 * begins the link anew on both sides. */
static void greet(struct kl_sync *s, uint32_t link)
{
	struct kl_sync_link *l = &s->links[link];

	if (s->now_ms < l->greet_ms)
		return;
	l->greet_ms = s->now_ms + s->config.beat_ms / 4;
	kl_sync_send_hello(s, link, false);
}

/* Never answered: two could go on for ever. */
static void on_err(struct kl_sync *s, uint32_t link, const struct kl_frame *frame)
{
	if (kl_sync_spend(s, link, PROOF_COSTS))
		kl_sync_remark(s, link, frame->u.said.code, "the peer reports an error");
}

void kl_sync_frame_in(struct kl_sync *s, uint32_t link, struct kl_bytes bytes)
{
	struct kl_sync_link *l = &s->links[link];
	int rc = kl_frame_decode(bytes, &s->frame);

	l->heard_ms = s->now_ms;
	if (rc)
		kl_sync_strike(s, link, rc, "a frame was not understood");
	else if (s->frame.kind == KL_FRAME_HELLO || s->frame.kind == KL_FRAME_WELCOME)
		on_hello(s, link, &s->frame);
	else if (s->frame.kind == KL_FRAME_ERR)
		on_err(s, link, &s->frame);
	else if (!l->ready)
		greet(s, link);
	else
		dispatch(s, link, &s->frame);
}
