/* Tallies on this machine: carries out what the tally machine wants (records to sign, key files,
 * answers to keep, payloads to erase) and brings it what happened. What happens while it is at work waits
 * in a queue, which is emptied in one loop: however long it grows, the stack does not. */
#include "daemon/consent.h"
#include "daemon/evidence.h"
#include "daemon/find.h"
#include "daemon/log.h"
#include "daemon/network.h"
#include "daemon/retelling.h"
#include "daemon/tally_home.h"

#include <stdlib.h>
#include <string.h>

enum {
	AT_ONCE_MAX = 16, /* records of a tally in one commit: their payloads may be long */
	TURN_MS = 10,     /* of telling once more what is stored, in one turn of the loop */
};

/* What happened while the machine was at work. */
struct happened {
	struct happened *next;
	struct kl_tally_event event;
	struct kl_tally_roster roster; /* CALL; count 0 otherwise */
	bool has_roster;
	size_t size;
	_Alignas(8) uint8_t bytes[]; /* payload, key or answers: wiped when they were given */
};

struct kl_counting {
	struct kl_tallies *book;
	bool working;
	bool ready;     /* everything that was stored has been given */
	bool reviewing; /* the member's consent is being looked at */
	struct happened *first, **last;
	struct kl_retelling retelling;
};

const struct kl_tallies *kl_network_tallies(const struct kl_network *network)
{
	return network->counting->book;
}

/* ---- events -------------------------------------------------------------------------------- */

/* What an event points to. */
static struct kl_bytes carried_by(const struct kl_tally_event *event)
{
	switch (event->kind) {
	case KL_TALLY_RECORD:
	case KL_TALLY_FROZEN:
		return event->u.record.payload;
	case KL_TALLY_KEY:
		return kl_bytes(event->u.key, KL_SEED_BYTES);
	case KL_TALLY_ANSWERS:
	case KL_TALLY_CONTRIBUTE:
		return kl_bytes(event->u.answers.bins,
			event->u.answers.count * sizeof *event->u.answers.bins);
	default:
		return kl_bytes("", 0);
	}
}

/* Takes a copy of everything that the event points to; a roster changes hands. */
static void put_off(struct kl_network *network, const struct kl_tally_event *event)
{
	struct kl_counting *counting = network->counting;
	struct kl_bytes carried = carried_by(event);
	struct happened *h = calloc(1, sizeof *h + carried.len);

	KL_ASSERT(h);
	h->event = *event;
	h->size = carried.len;
	if (carried.len)
		memcpy(h->bytes, carried.data, carried.len);
	if (event->kind == KL_TALLY_RECORD || event->kind == KL_TALLY_FROZEN)
		h->event.u.record.payload = kl_bytes(h->bytes, carried.len);
	else if (event->kind == KL_TALLY_KEY)
		h->event.u.key = h->bytes;
	else if (carried.len)
		h->event.u.answers.bins = (const int16_t *)(const void *)h->bytes;
	if (event->kind == KL_TALLY_RECORD && event->u.record.roster) {
		h->roster = *event->u.record.roster;
		h->has_roster = true;
	}
	*counting->last = h;
	counting->last = &h->next;
}

static void release(struct happened *h)
{
	if (h->has_roster)
		kl_tally_roster_deinit(&h->roster);
	kl_wipe(h, sizeof *h + h->size);
	free(h);
}

/* ---- effects ------------------------------------------------------------------------------- */

static int write_key(struct kl_network *network, const struct kl_tally_effect *effect)
{
	struct kl_tally_event event = {.kind = KL_TALLY_KEY, .tally = effect->tally};
	int rc = kl_tally_home_write_key(network->node, &effect->tally, effect->u.key);

	if (rc)
		return rc;
	event.u.key = effect->u.key;
	put_off(network, &event);
	return KL_OK;
}

static int keep_answers(struct kl_network *network, const struct kl_tally_effect *effect)
{
	struct kl_tally_event event = {.kind = KL_TALLY_ANSWERS, .tally = effect->tally};
	int rc = kl_tally_home_keep(
		network->node, &effect->tally, effect->u.answers.bins, effect->u.answers.count);

	if (rc)
		return rc;
	event.u.answers.bins = effect->u.answers.bins;
	event.u.answers.count = effect->u.answers.count;
	put_off(network, &event);
	return KL_OK;
}

static int erase(struct kl_network *network, const struct kl_tally_effect *effect)
{
	struct kl_batch *batch = kl_batch_new();
	int rc = KL_OK;

	for (size_t i = 0; batch && !rc && i < effect->u.drop.count; i++) {
		struct kl_feed_id feed;
		uint64_t seq;

		rc = kl_feed_find(network->node->store, &effect->u.drop.ids[i], &feed, &seq);
		if (!rc)
			rc = kl_feed_erase(batch, &feed, seq);
		else if (rc == KL_E_NOT_FOUND) /* nothing of it is here */
			rc = KL_OK;
	}
	if (!rc && batch) {
		kl_batch_urge(batch); /* sealed shares go when a tally is over */
		return kl_node_commit(network->node, batch, NULL);
	}
	kl_batch_destroy(batch);
	return rc ? rc : KL_E_NOMEM;
}

/* Of a full disk disk.c tells, once. */
static bool may_tell(struct kl_network *network)
{
	return network->node->disk.state == KL_DISK_FINE &&
	       kl_log_may(&network->put_failures, kl_node_now(network->node));
}

/* What was removed is told; about what was not, the machine asks again by itself. */
static void removed(struct kl_network *network, const struct kl_tally_effect *effect,
	enum kl_tally_event_kind kind, int rc)
{
	struct kl_tally_event event = {.kind = kind, .tally = effect->tally};
	char hex[KL_SHORT_ID_MAX];

	if (!rc)
		put_off(network, &event);
	else if (may_tell(network))
		kl_log(KL_LOG_WARNING,
			"tally %s: %s could not be removed; it will be tried again: %s",
			kl_short_id(&effect->tally, hex),
			kind == KL_TALLY_UNLINKED ? "the key of a seat" : "sealed shares",
			kl_error_text(rc));
}

static void unlink_key(struct kl_network *network, const struct kl_tally_effect *effect)
{
	removed(network, effect, KL_TALLY_UNLINKED,
		kl_tally_home_destroy_key(network->node, &effect->tally));
}

/* What shows that a seat lies can be told later, too: the machine asks again. */
static void publish_evidence(struct kl_network *network, const struct kl_tally_effect *effect)
{
	int rc = kl_evidence_publish(network, effect, NULL);
	char hex[KL_SHORT_ID_MAX];

	if (!rc)
		kl_log(KL_LOG_INFO, "tally %s: shown to everybody: %s",
			kl_short_id(&effect->tally, hex),
			effect->u.evidence.count == 2
				? "two records of a seat that contradict each other"
				: "a record of a seat whose feed was forked");
	else if (may_tell(network))
		kl_log(KL_LOG_WARNING,
			"tally %s: what seat %u said could not be shown to others; it will be "
			"tried "
			"again: %s",
			kl_short_id(&effect->tally, hex), effect->u.evidence.seat,
			kl_error_text(rc));
}

static void tell_soon(struct kl_network *network);

/* Gives everything once more, in the order in which it is given at start, and then READY: until then
 * the machine keeps silent. */
static int replay(struct kl_network *network, const struct kl_id *tally)
{
	int rc = kl_retelling_begin(network, &network->counting->retelling, tally);

	if (!rc)
		tell_soon(network);
	return rc;
}

static void note(const struct kl_tally_effect *effect)
{
	char hex[KL_ID_HEX_MAX];

	kl_hex(effect->tally.b, KL_ID_BYTES, hex);
	kl_log(KL_LOG_INFO, "tally %.16s is %s", hex,
		kl_tally_state_name((enum kl_tally_state)effect->u.state));
}

/* Records that follow each other go into one commit. */
static size_t gather(const struct kl_tally_effect *effects, size_t n, struct kl_saying *sayings)
{
	size_t count = 0;

	while (count < n && count < AT_ONCE_MAX && effects[count].kind == KL_TALLY_APPEND) {
		sayings[count] = (struct kl_saying){
			effects[count].u.append.kind, effects[count].u.append.payload};
		count++;
	}
	return count;
}

/* Carries out the first effect, or several records at once; *ret_done: how many. */
static int carry_out(struct kl_network *network, const struct kl_tally_effect *effects, size_t n,
	size_t *ret_done)
{
	struct kl_saying sayings[AT_ONCE_MAX];

	*ret_done = 1;
	switch (effects->kind) {
	case KL_TALLY_APPEND:
		*ret_done = gather(effects, n, sayings);
		return kl_network_append_all(network, sayings, *ret_done, NULL, NULL);
	case KL_TALLY_KEY_WRITE:
		return write_key(network, effects);
	case KL_TALLY_KEY_UNLINK:
		unlink_key(network, effects);
		return KL_OK;
	case KL_TALLY_KEEP_ANSWERS:
		return keep_answers(network, effects);
	case KL_TALLY_DROP:
		removed(network, effects, KL_TALLY_DROPPED, erase(network, effects));
		return KL_OK;
	case KL_TALLY_EVIDENCE:
		publish_evidence(network, effects);
		return KL_OK;
	case KL_TALLY_REPLAY:
		return replay(network, &effects->tally);
	case KL_TALLY_NOTE:
		note(effects);
		return KL_OK;
	}
	return KL_E_BUG;
}

/* ---- steps --------------------------------------------------------------------------------- */

static int give(struct kl_network *network, struct kl_tally_event *event, struct kl_fault *fault);

static void on_tally_timer(uv_timer_t *timer)
{
	struct kl_tally_event event = {.kind = KL_TALLY_TICK};
	struct kl_network *network = timer->data;

	if (network->counting->ready) /* a withdrawal that could not be stored comes first, too */
		kl_consent_hold_back(network);
	(void)give(network, &event, NULL);
}

static void failed(struct kl_network *network, const struct kl_id *tally)
{
	struct kl_tally_event event = {.kind = KL_TALLY_FAILED, .tally = *tally};

	if (may_tell(network))
		kl_log(KL_LOG_WARNING,
			"a step of a tally could not be done; it will be tried again");
	put_off(network, &event);
}

static int step(struct kl_network *network, struct kl_tally_event *event, struct kl_fault *fault)
{
	struct kl_tally_update update = {.wake_ms = UINT64_MAX};
	int rc;

	event->now_ms = kl_node_now(network->node);
	event->wall_ms = kl_node_wall();
	kl_node_entropy(event->entropy);
	rc = kl_tallies_step(network->counting->book, event, fault, &update);
	kl_wipe(event->entropy, sizeof event->entropy);
	if (rc)
		return rc;
	for (size_t i = 0, done; i < update.count; i += done)
		if (carry_out(network, &update.effects[i], update.count - i, &done)) {
			failed(network, &update.effects[i].tally);
			break;
		}
	if (update.wake_ms != UINT64_MAX && !network->closing)
		uv_timer_start(&network->tally_timer, on_tally_timer, update.wake_ms, 0);
	return KL_OK;
}

/* In so many milliseconds at the latest. */
static void wake_in(struct kl_network *network, uint64_t ms)
{
	uv_timer_t *timer = &network->tally_timer;

	if (ms != UINT64_MAX && !network->closing &&
		(!uv_is_active((uv_handle_t *)timer) || uv_timer_get_due_in(timer) > ms))
		uv_timer_start(timer, on_tally_timer, ms, 0);
}

static void empty_queue(struct kl_network *network)
{
	struct kl_counting *counting = network->counting;

	while (counting->first && !network->closing) {
		struct happened *h = counting->first;

		counting->first = h->next;
		if (!counting->first)
			counting->last = &counting->first;
		if (h->has_roster)
			h->event.u.record.roster = &h->roster;
		(void)step(network, &h->event, NULL);
		release(h);
	}
}

/* Whoever does not know yet all that was said agrees to nothing. */
static void review(struct kl_network *network)
{
	struct kl_counting *counting = network->counting;

	if (!counting->ready || counting->reviewing || counting->retelling.whole ||
		network->closing)
		return;
	counting->reviewing = true;
	wake_in(network, kl_consent_review(network));
	counting->reviewing = false;
}

static int give(struct kl_network *network, struct kl_tally_event *event, struct kl_fault *fault)
{
	struct kl_counting *counting = network->counting;
	int rc;

	if (network->closing)
		return KL_OK;
	if (counting->working) {
		put_off(network, event);
		return KL_OK;
	}
	counting->working = true;
	rc = step(network, event, fault);
	empty_queue(network);
	counting->working = false;
	review(network);
	return rc;
}

/* ---- what is stored, once more -------------------------------------------------------------- */

static void fill_record(const struct kl_record *record, struct kl_tally_event *event)
{
	event->u.record.author = record->h.author;
	event->u.record.id = record->id;
	event->u.record.kind = record->h.kind;
	event->u.record.time_ms = record->h.time_ms;
	event->u.record.payload_hash = record->h.payload_hash;
	event->u.record.payload = record->payload;
	event->u.record.erased = record->erased;
}

static void retell(struct kl_network *network, const struct kl_record *record, bool frozen)
{
	struct kl_tally_event event = {.kind = frozen ? KL_TALLY_FROZEN : KL_TALLY_RECORD};

	fill_record(record, &event);
	put_off(network, &event); /* the store is being read */
}

/* Tells the next record; false if nothing is left. */
static bool tell_next(struct kl_network *network)
{
	struct kl_counting *counting = network->counting;
	struct kl_tally_event end = {.kind = KL_TALLY_READY};
	bool whole = counting->retelling.whole;
	int rc = kl_retelling_next(network, &counting->retelling, retell);

	if (rc) {
		kl_retelling_end(&counting->retelling);
		if (rc != KL_E_NOT_FOUND) /* who does not know all that was said says nothing */
			end.kind = KL_TALLY_FAILED;
		if (whole)
			put_off(network, &end);
	}
	counting->working = true;
	empty_queue(network);
	counting->working = false;
	return !rc;
}

static void tell_all(struct kl_network *network)
{
	while (!network->closing && tell_next(network))
		;
}

static void on_tell_timer(uv_timer_t *timer)
{
	struct kl_network *network = timer->data;
	uint64_t until = uv_hrtime() + TURN_MS * UINT64_C(1000000);
	bool more = true;

	while (more && !network->closing && uv_hrtime() < until)
		more = tell_next(network);
	if (more)
		tell_soon(network);
	else
		review(network);
}

static void tell_soon(struct kl_network *network)
{
	if (!network->closing)
		uv_timer_start(&network->tell_timer, on_tell_timer, 0, 0);
}

/* What the owner says is held against all that was said. */
static int give_word(
	struct kl_network *network, struct kl_tally_event *event, struct kl_fault *fault)
{
	if (network->counting->retelling.whole && !network->counting->working)
		tell_all(network);
	return give(network, event, fault);
}

/* ---- what the rest of the daemon says ------------------------------------------------------- */

static bool speaks_of_tallies(uint32_t kind)
{
	return kind >= KL_KIND_TALLY_FIRST && kind <= KL_KIND_TALLY_LAST;
}

void kl_counting_record(struct kl_network *network, const struct kl_record *record)
{
	struct kl_tally_event event = {.kind = KL_TALLY_RECORD};
	struct kl_tally_roster roster;
	bool call = record->h.kind == KL_KIND_TALLY_CALL, later = network->counting->working;

	if (!speaks_of_tallies(record->h.kind))
		return;
	fill_record(record, &event);
	if (call) {
		if (kl_tally_roster_freeze(&network->roster, &roster)) {
			kl_log(KL_LOG_ERROR, "a tally cannot be followed: its roster is too large");
			return;
		}
		event.u.record.roster = &roster;
	}
	if (give(network, &event, NULL))
		kl_log(KL_LOG_ERROR, "out of memory: tallies are not followed until a restart");
	if (call && !later)
		kl_tally_roster_deinit(&roster);
}

/* At start nothing waits: what is said next rests on all that is stored. */
int kl_counting_frozen(struct kl_network *network, const struct kl_feed_id *feed)
{
	struct kl_counting *counting = network->counting;
	int rc = kl_retelling_add_frozen(&counting->retelling, feed);

	if (!rc && (counting->ready || counting->working))
		tell_soon(network);
	else if (!rc)
		tell_all(network);
	return rc;
}

void kl_counting_handed_over(struct kl_network *network)
{
	kl_tallies_hand_over(network->counting->book, &network->roster.feed.author);
}

void kl_counting_heard(struct kl_network *network, const struct kl_id *member)
{
	struct kl_tally_event event = {.kind = KL_TALLY_HEARD};

	event.u.member = *member;
	(void)give(network, &event, NULL);
}

int kl_counting_contribute(struct kl_network *network, const struct kl_id *tally,
	const int16_t *bins, size_t count, struct kl_fault *fault)
{
	struct kl_tally_event event = {.kind = KL_TALLY_CONTRIBUTE, .tally = *tally};

	event.u.answers.bins = bins;
	event.u.answers.count = count;
	return give_word(network, &event, fault);
}

int kl_counting_decline(
	struct kl_network *network, const struct kl_id *tally, struct kl_fault *fault)
{
	struct kl_tally_event event = {.kind = KL_TALLY_DECLINE, .tally = *tally};

	return give_word(network, &event, fault);
}

int kl_counting_withdraw(
	struct kl_network *network, const struct kl_id *tally, struct kl_fault *fault)
{
	struct kl_tally_event event = {.kind = KL_TALLY_WITHDRAW, .tally = *tally};

	return give_word(network, &event, fault);
}

/* ---- start and end -------------------------------------------------------------------------- */

static void give_key(void *arg, const struct kl_id *tally, const uint8_t key[KL_SEED_BYTES])
{
	struct kl_tally_event event = {.kind = KL_TALLY_KEY, .tally = *tally};

	event.u.key = key;
	(void)give(arg, &event, NULL);
}

static void give_answers(void *arg, const struct kl_id *tally, const int16_t *bins, size_t count)
{
	struct kl_tally_event event = {.kind = KL_TALLY_ANSWERS, .tally = *tally};

	event.u.answers.bins = bins;
	event.u.answers.count = count;
	(void)give(arg, &event, NULL);
}

int kl_counting_open(struct kl_network *network, struct kl_fault *fault)
{
	const struct kl_tallies_options options = {.own = network->own.author,
		.seat = network->node->config.seat,
		.network = network->ticket.network,
		.verifier = &network->verifier};
	int rc;

	network->counting = calloc(1, sizeof *network->counting);
	if (!network->counting)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	network->counting->last = &network->counting->first;
	if (kl_tallies_new(&options, &network->counting->book))
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	rc = kl_tally_home_keys(network->node, give_key, network, fault);
	if (!rc)
		rc = kl_tally_home_answers(network->node, give_answers, network);
	return rc < 0 ? kl_fault(fault, rc, "answers that were contributed cannot be read") : KL_OK;
}

void kl_counting_ready(struct kl_network *network)
{
	struct kl_tally_event event = {.kind = KL_TALLY_READY};

	/* What was agreed to leaves as soon as the machine may speak: vetoes are newer than that. */
	kl_consent_hold_back(network);
	network->counting->ready = true;
	if (!network->counting->retelling.whole) /* else it comes behind that */
		(void)give(network, &event, NULL);
	if (kl_tallies_stray_keys(network->counting->book))
		kl_log(KL_LOG_WARNING,
			"%zu files in tally/ are keys of seats in tallies of which nothing is "
			"known here",
			kl_tallies_stray_keys(network->counting->book));
}

void kl_counting_resettle(struct kl_network *network)
{
	kl_tallies_offer_seat(network->counting->book, network->node->config.seat);
	if (network->counting->ready)
		kl_counting_ready(network); /* so that whatever waits is looked at anew */
}

void kl_counting_close(struct kl_network *network)
{
	struct kl_counting *counting = network->counting;

	if (!counting)
		return;
	while (counting->first) {
		struct happened *h = counting->first;

		counting->first = h->next;
		release(h);
	}
	kl_retelling_end(&counting->retelling);
	kl_tallies_destroy(counting->book);
	free(counting);
}
