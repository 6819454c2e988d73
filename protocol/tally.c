/* The step: one event in, an update out. */
#include "core/expand.h"
#include "protocol/tally_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory of the book and of one step ----------------------------------------------------- */

void *kl_grow(struct kl_tallies *book, void **items, size_t *count, size_t *capacity, size_t size)
{
	uint8_t *memory = *items;

	if (*count == *capacity) {
		size_t more = *capacity ? 2 * *capacity : 16;

		memory = malloc(more * size);
		if (!memory) {
			book->rc = KL_E_NOMEM;
			return NULL;
		}
		if (*count > 0) { /* effects, and what came early, hold keys */
			memcpy(memory, *items, *count * size);
			kl_wipe(*items, *count * size);
		}
		free(*items);
		*items = memory;
		*capacity = more;
	}
	memory += (*count)++ * size;
	memset(memory, 0, size);
	return memory;
}

void *kl_tally_memory(struct kl_tallies *book, size_t len)
{
	struct kl_block *block = kl_grow(book, (void **)&book->blocks, &book->block_count,
		&book->block_capacity, sizeof(*book->blocks));

	if (!block)
		return NULL;
	block->data = calloc(1, len ? len : 1);
	block->len = len;
	if (!block->data)
		book->rc = KL_E_NOMEM;
	return block->data;
}

static void forget_step(struct kl_tallies *book)
{
	for (size_t i = 0; i < book->block_count; i++) {
		if (book->blocks[i].data)
			kl_wipe(book->blocks[i].data, book->blocks[i].len);
		free(book->blocks[i].data);
	}
	if (book->effect_count)
		kl_wipe(book->effects, book->effect_count * sizeof(*book->effects));
	book->block_count = 0;
	book->effect_count = 0;
	book->draws = 0;
	book->effort_left = book->options.effort;
	book->wake_ms = UINT64_MAX;
}

struct kl_tally_effect *kl_tally_effect(
	struct kl_tallies *book, const struct kl_tally *t, enum kl_tally_effect_kind kind)
{
	struct kl_tally_effect *effect = kl_grow(book, (void **)&book->effects, &book->effect_count,
		&book->effect_capacity, sizeof(*book->effects));

	if (!effect)
		return NULL;
	effect->kind = kind;
	if (t)
		effect->tally = t->id;
	return effect;
}

void kl_tally_append(struct kl_tallies *book, struct kl_tally *t, uint32_t kind, unsigned ask,
	struct kl_writer *w)
{
	struct kl_tally_effect *effect;
	struct kl_bytes written = {0};
	uint8_t *payload = NULL;

	if (kl_writer_bytes(w, &written))
		book->rc = KL_E_NOMEM;
	else
		payload = kl_tally_memory(book, written.len);
	if (payload) {
		memcpy(payload, written.data, written.len);
		effect = kl_tally_effect(book, t, KL_TALLY_APPEND);
		if (effect) {
			effect->u.append.kind = kind;
			effect->u.append.payload = kl_bytes(payload, written.len);
			t->asked |= ask;
		}
	}
	kl_writer_deinit(w);
}

void kl_tally_secret(struct kl_tallies *book, const char *label, uint8_t ret_bytes[KL_SEED_BYTES])
{
	kl_entropy(book->event->entropy, label, book->draws++, ret_bytes, KL_SEED_BYTES);
}

void kl_tally_wake(struct kl_tallies *book, uint64_t in_ms)
{
	if (in_ms < book->wake_ms)
		book->wake_ms = in_ms ? in_ms : 1;
}

/* ---- life ----------------------------------------------------------------------------------- */

int kl_tallies_new(const struct kl_tallies_options *options, struct kl_tallies **ret_book)
{
	struct kl_tallies *book = calloc(1, sizeof(*book));

	if (!book)
		return KL_E_NOMEM;
	book->options = *options;
	if (book->options.part_bytes == 0)
		book->options.part_bytes = KL_TALLY_PART_BYTES;
	book->verifier = (struct kl_verifier){.verify = kl_verify_ed25519};
	if (!book->options.verifier)
		book->options.verifier = &book->verifier;
	if (book->options.effort == 0)
		book->options.effort = KL_TALLY_EFFORT;
	*ret_book = book;
	return KL_OK;
}

void kl_tallies_hand_over(struct kl_tallies *book, const struct kl_id *convenor)
{
	for (size_t i = 0; i < book->count; i++)
		book->tallies[i]->convenor = *convenor;
}

void kl_tallies_offer_seat(struct kl_tallies *book, bool seat)
{
	book->options.seat = seat;
}

static void early_free(struct kl_tally_early *early)
{
	if (early->answers) {
		kl_wipe(early->answers, early->answer_count * sizeof(*early->answers));
		free(early->answers);
	}
	kl_wipe(early, sizeof(*early));
}

void kl_tallies_destroy(struct kl_tallies *book)
{
	if (!book)
		return;
	forget_step(book);
	for (size_t i = 0; i < book->count; i++)
		kl_tally_free(book->tallies[i]);
	for (size_t i = 0; i < book->early_count; i++)
		early_free(&book->early[i]);
	free(book->tallies);
	free(book->shares);
	free(book->early);
	free(book->selected);
	free(book->effects);
	free(book->blocks);
	free(book);
}

struct kl_tally *kl_tallies_find(const struct kl_tallies *book, const struct kl_id *id)
{
	for (size_t i = 0; i < book->count; i++) {
		if (kl_id_equal(&book->tallies[i]->id, id))
			return book->tallies[i];
	}
	return NULL;
}

/* ---- secrets -------------------------------------------------------------------------------- */

static struct kl_tally_early *early_of(struct kl_tallies *book, const struct kl_id *tally)
{
	struct kl_tally_early *early;

	for (size_t i = 0; i < book->early_count; i++) {
		if (kl_id_equal(&book->early[i].tally, tally))
			return &book->early[i];
	}
	early = kl_grow(book, (void **)&book->early, &book->early_count, &book->early_capacity,
		sizeof(*book->early));
	if (early)
		early->tally = *tally;
	return early;
}

static int16_t *copy_answers(struct kl_tallies *book, const int16_t *bins, size_t count)
{
	int16_t *answers = calloc(count ? count : 1, sizeof(*answers));

	if (!answers)
		book->rc = KL_E_NOMEM;
	else if (count)
		memcpy(answers, bins, count * sizeof(*answers));
	return answers;
}

static void take_key(struct kl_tallies *book, struct kl_tally *t, const uint8_t *key)
{
	(void)book;
	kl_box_keys_from_seed(key, &t->keys);
	t->has_key = true;
	t->asked &= ~(unsigned)KL_ASK_KEY;
}

/* Kept answers count only in the form in which they were agreed. */
static void take_answers(
	struct kl_tallies *book, struct kl_tally *t, const int16_t *bins, size_t count)
{
	bool any = false;

	t->asked &= ~(unsigned)KL_ASK_ANSWERS;
	if (t->answers || t->gate == KL_GATE_INVALID || count != t->call.metric_count)
		return;
	for (size_t m = 0; m < count; m++) {
		if (bins[m] < KL_ABSENT || bins[m] >= t->call.metrics[m].bins)
			return;
		any |= bins[m] != KL_ABSENT;
	}
	if (any)
		t->answers = copy_answers(book, bins, count);
}

static void key_event(struct kl_tallies *book, const struct kl_tally_event *event)
{
	struct kl_tally *t = kl_tallies_find(book, &event->tally);
	struct kl_tally_early *early;

	if (t) {
		take_key(book, t, event->u.key);
		return;
	}
	early = early_of(book, &event->tally);
	if (early) {
		early->has_key = true;
		memcpy(early->key, event->u.key, KL_SEED_BYTES);
	}
}

static void answers_event(struct kl_tallies *book, const struct kl_tally_event *event)
{
	struct kl_tally *t = kl_tallies_find(book, &event->tally);
	struct kl_tally_early *early;

	if (t) {
		take_answers(book, t, event->u.answers.bins, event->u.answers.count);
		return;
	}
	early = early_of(book, &event->tally);
	if (!early || early->answers)
		return;
	early->answers = copy_answers(book, event->u.answers.bins, event->u.answers.count);
	early->answer_count = early->answers ? event->u.answers.count : 0;
}

/* ---- a CALL --------------------------------------------------------------------------------- */

static void take_early(struct kl_tallies *book, struct kl_tally *t)
{
	for (size_t i = 0; i < book->early_count; i++) {
		struct kl_tally_early *early = &book->early[i];

		if (!kl_id_equal(&early->tally, &t->id))
			continue;
		if (early->has_key)
			take_key(book, t, early->key);
		if (early->answers)
			take_answers(book, t, early->answers, early->answer_count);
		early_free(early);
		*early = book->early[--book->early_count];
		kl_wipe(&book->early[book->early_count], sizeof(*early));
		return;
	}
}

static bool was_spoken_of(struct kl_tallies *book, const struct kl_id *tally)
{
	for (size_t i = 0; i < book->unknown_count; i++) {
		if (kl_id_equal(&book->unknown[i], tally)) {
			book->unknown[i] = book->unknown[--book->unknown_count];
			return true;
		}
	}
	return false;
}

/* A SHARE does not say of which tally it is: one that came before its CALL has to be tried again. */
static bool any_stray_share(const struct kl_tallies *book)
{
	for (size_t i = 0; i < book->share_count; i++) {
		if (book->shares[i].tally < 0)
			return true;
	}
	return false;
}

void kl_tally_want_replay(struct kl_tallies *book, const struct kl_id *tally)
{
	book->replay_of = book->replay ? (struct kl_id){{0}} : *tally;
	book->replay = true;
}

static void call_event(struct kl_tallies *book, const struct kl_tally_event *event)
{
	const struct kl_tally_roster *roster = event->u.record.roster;
	struct kl_tally_call call;
	struct kl_tally *t = NULL;
	struct kl_tally **place;

	/* Any member can write a CALL into its feed: it must not take a place in the book. */
	if (book->count >= KL_TALLIES_MAX || !roster || event->u.record.erased ||
		!kl_id_equal(&event->u.record.author, &roster->convenor) ||
		kl_tallies_find(book, &event->u.record.id))
		return;
	if (kl_tally_call_read(event->u.record.payload, &call))
		return;
	book->rc = kl_tally_create(book, event, &call, &t);
	if (book->rc)
		return;
	place = (struct kl_tally **)kl_grow(book, (void **)&book->tallies, &book->count,
		&book->capacity, sizeof(struct kl_tally *));
	if (!place) {
		kl_tally_free(t);
		return;
	}
	*place = t;
	take_early(book, t);
	if (was_spoken_of(book, &t->id) || book->unknown_more ||
		(t->own_seat && any_stray_share(book)))
		kl_tally_want_replay(book, &t->id);
}

/* ---- what follows from an event ------------------------------------------------------------- */

static void note_state(struct kl_tallies *book, struct kl_tally *t)
{
	enum kl_tally_state state = kl_tally_state_of(t, book->wall_ms);
	struct kl_tally_effect *effect;

	if ((state == KL_TALLY_OPEN || state == KL_TALLY_DECIDING) &&
		book->wall_ms <= kl_tally_stuck_after(t))
		kl_tally_wake(book, kl_tally_stuck_after(t) - book->wall_ms + 1);
	if (!book->ready || t->noted == (int)state)
		return;
	t->noted = (int)state;
	effect = kl_tally_effect(book, t, KL_TALLY_NOTE);
	if (effect)
		effect->u.state = (int)state;
}

static void close_record(struct kl_tallies *book, struct kl_tally *t)
{
	struct kl_tally_close close = {.tally = t->id};
	struct kl_writer w;

	if (!kl_id_equal(&t->convenor, &book->options.own) || t->close_seen ||
		(t->asked & KL_ASK_CLOSE))
		return;
	close.outcome = t->failed ? KL_CLOSE_FAILED : KL_CLOSE_RESULT;
	if (!t->failed)
		kl_tally_result_hash(&t->certified, &close.result);
	kl_writer_init(&w);
	kl_tally_close_write(&w, &close);
	kl_tally_append(book, t, KL_KIND_TALLY_CLOSE, KL_ASK_CLOSE, &w);
}

/* A plan that is made serves those who speak in the tally; one in the making uses all effort up. */
static void forget_plan(const struct kl_tallies *book, struct kl_tally *t)
{
	if (book->effort_left == 0)
		return;
	kl_tally_plan_free(t->plan);
	t->plan = NULL;
}

/* What has ended changes by what is said of it, or of one before it, and as long as a proposal is not
 * judged: that may take more effort than one step has. */
static bool may_have_changed(const struct kl_tallies *book, const struct kl_tally *t, size_t index)
{
	if ((!t->closed && !t->failed) || book->touched <= index)
		return true;
	for (size_t i = 0; i < t->proposal_count; i++) {
		if (t->proposals[i]->verdict == KL_VERDICT_WAIT)
			return true;
	}
	return false;
}

static void look_at(struct kl_tallies *book, size_t index)
{
	struct kl_tally *t = book->tallies[index];
	const struct kl_tally_seat *seat = t->own_seat ? &t->seats[t->own_seat - 1] : NULL;

	if (t->gate == KL_GATE_INVALID) {
		note_state(book, t);
		return;
	}
	if (may_have_changed(book, t, index)) {
		kl_tally_settle(book, t);
		kl_tally_gate(book, t);
	}
	note_state(book, t);
	if (!book->ready)
		return;
	if (kl_tally_nobody_takes_part(t))
		kl_tally_unlink_key(book, t);
	if (t->closed || t->failed) {
		forget_plan(book, t);
		kl_tally_unlink_key(book, t);
		kl_tally_drop_shares(book, t, (int)index);
		if (!book->backoff)
			close_record(book, t);
	}
	if (seat && (seat->quit || seat->opened))
		kl_tally_unlink_key(book, t);
	if (!book->backoff && !t->closed && !t->failed) {
		kl_tally_contribute(book, t);
		kl_tally_seat(book, t);
	}
	if (!book->backoff)
		kl_tally_publish(book, t);
}

static void look_at_all(struct kl_tallies *book)
{
	struct kl_tally_effect *effect;

	/* Nothing is said before everything that was stored is known. */
	if (book->ready && book->replay && !book->backoff) {
		book->replay = false;
		book->ready = false;
		book->replaying = true;
		effect = kl_tally_effect(book, NULL, KL_TALLY_REPLAY);
		if (effect)
			effect->tally = book->replay_of;
	}
	book->planning = false;
	if (book->backoff)
		kl_tally_wake(book, KL_TALLY_RETRY_MS);
	/* One tally's end opens the gate of the next, so they are looked at in their order. */
	for (size_t i = 0; i < book->count && !book->rc; i++)
		look_at(book, i);
}

static void heard_event(struct kl_tallies *book, const struct kl_id *member)
{
	for (size_t i = 0; i < book->count; i++) {
		struct kl_tally *t = book->tallies[i];

		if (!t->closed && !t->failed && t->gate != KL_GATE_INVALID)
			kl_tally_heard(t, member, book->wall_ms);
	}
}

/* What was left out of the update may have been of any tally, and what was done has come back. */
static void failed_event(struct kl_tallies *book)
{
	for (size_t i = 0; i < book->count; i++)
		book->tallies[i]->asked = 0;
	book->backoff = true;
	if (book->replaying) {
		book->replaying = false;
		if (book->replay) /* for another tally */
			book->replay_of = (struct kl_id){{0}};
		book->replay = true;
		book->ready = true;
	}
}

static int owner_event(
	struct kl_tallies *book, const struct kl_tally_event *event, struct kl_fault *fault)
{
	struct kl_tally *t = kl_tallies_find(book, &event->tally);

	if (!t)
		return kl_fault(fault, KL_E_NOT_FOUND, "no such tally");
	if (event->kind == KL_TALLY_CONTRIBUTE)
		return kl_tally_agree(book, t, fault);
	if (event->kind == KL_TALLY_WITHDRAW)
		return kl_tally_take_back(book, t, fault);
	return kl_tally_refuse(book, t, fault);
}

int kl_tallies_step(struct kl_tallies *book, const struct kl_tally_event *event,
	struct kl_fault *fault, struct kl_tally_update *ret_update)
{
	int answer = KL_OK;

	forget_step(book);
	book->event = event;
	book->wall_ms = event->wall_ms;
	book->now_ms = event->now_ms;
	book->touched = SIZE_MAX;
	switch (event->kind) {
	case KL_TALLY_RECORD:
		if (event->u.record.kind == KL_KIND_TALLY_CALL)
			call_event(book, event);
		else
			kl_tally_record(book);
		break;
	case KL_TALLY_FROZEN: /* what the convenor says behind a fork calls and closes nothing */
		if (event->u.record.kind != KL_KIND_TALLY_CALL &&
			event->u.record.kind != KL_KIND_TALLY_CLOSE)
			kl_tally_record(book);
		break;
	case KL_TALLY_KEY:
		key_event(book, event);
		break;
	case KL_TALLY_ANSWERS:
		answers_event(book, event);
		break;
	case KL_TALLY_UNLINKED:
		kl_tally_unlinked(book, &event->tally);
		break;
	case KL_TALLY_DROPPED:
		kl_tally_dropped(book, &event->tally);
		break;
	case KL_TALLY_READY:
		book->ready = true;
		book->replaying = false;
		break;
	case KL_TALLY_HEARD:
		heard_event(book, &event->u.member);
		break;
	case KL_TALLY_CONTRIBUTE:
	case KL_TALLY_DECLINE:
	case KL_TALLY_WITHDRAW:
		answer = owner_event(book, event, fault);
		break;
	case KL_TALLY_FAILED:
		failed_event(book);
		break;
	case KL_TALLY_TICK:
		book->backoff = false;
		break;
	}
	if (!book->rc && answer == KL_OK)
		look_at_all(book);
	book->event = NULL;
	if (book->rc)
		return book->rc;
	ret_update->effects = book->effects;
	ret_update->count = book->effect_count;
	ret_update->wake_ms = book->wake_ms;
	return answer;
}
