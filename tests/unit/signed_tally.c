#include "tests/unit/signed_tally.h"
#include "core/hash.h"
#include "core/metric.h"
#include "protocol/roster.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

enum { START_MS = 1700000000, HEARD_MAX = 4096 };

struct home {
	struct kl_sign_keys keys;
	struct kl_tallies *book;
	struct kl_head head;
	bool silent;
};

/* What somebody still has to hear. */
struct heard {
	int home;
	enum kl_tally_event_kind kind;
	struct kl_id tally;
	int author;
	size_t seq;
	uint8_t key[KL_SEED_BYTES];
	int16_t bins[SIGNED_METRICS];
	size_t count;
};

struct signed_feed signed_feeds[SIGNED_HOMES_MAX];
struct kl_id signed_network;
void (*signed_tamper)(int home, uint32_t kind, uint8_t *payload, size_t len);

static struct home homes[SIGNED_HOMES_MAX];
static int home_count;
static struct kl_roster roster;
static uint64_t now_ms;
static uint32_t fresh;
static struct heard *queue;
static size_t queue_first, queue_count;

const struct kl_id *signed_id(int home)
{
	return &homes[home].keys.public_key;
}

const struct kl_tallies *signed_book(int home)
{
	return homes[home].book;
}

void signed_silence(int home)
{
	homes[home].silent = true;
}

/* ---- feeds ---------------------------------------------------------------------------------- */

static struct kl_author author_of(int home)
{
	return (struct kl_author){signed_network, {*signed_id(home), 0}, &homes[home].keys};
}

static void sign(int home, struct signed_record *r, const struct kl_head *before, uint32_t kind,
	uint64_t time_ms)
{
	const struct kl_author author = author_of(home);
	struct kl_record_memory memory;
	struct kl_record record;

	assert_int_equal(kl_record_make(&author, before, kind, time_ms,
				 kl_bytes(r->payload, r->len), &memory, &record),
		KL_OK);
	r->header_len = record.header.len;
	memcpy(r->header, record.header.data, record.header.len);
	memcpy(r->signature, record.signature.data, KL_SIGNATURE_BYTES);
	r->is_signed = r->here = true;
	r->id = record.id;
	r->h = record.h;
}

struct signed_record *signed_say(int home, uint32_t kind, struct kl_bytes payload)
{
	struct signed_feed *feed = &signed_feeds[home];
	struct signed_record *r;

	feed->records = realloc(feed->records, (feed->count + 1) * sizeof *feed->records);
	assert_non_null(feed->records);
	r = &feed->records[feed->count++];
	memset(r, 0, sizeof *r);
	r->payload = malloc(payload.len + 1);
	assert_non_null(r->payload);
	memcpy(r->payload, payload.data, payload.len);
	r->len = payload.len;
	if (signed_tamper)
		signed_tamper(home, kind, r->payload, r->len);
	sign(home, r, &homes[home].head, kind, now_ms);
	homes[home].head = (struct kl_head){r->h.seq, r->id};
	return r;
}

void signed_again(int home, size_t from)
{
	struct signed_feed *feed = &signed_feeds[home];

	for (size_t i = from; i < feed->count; i++) {
		struct kl_head before = {i, i ? feed->records[i - 1].id : (struct kl_id){{0}}};
		bool here = feed->records[i].here;

		sign(home, &feed->records[i], &before, feed->records[i].h.kind,
			feed->records[i].h.time_ms);
		feed->records[i].here = here;
	}
}

struct signed_record *signed_find(int home, uint32_t kind, size_t n)
{
	for (size_t i = 0; i < signed_feeds[home].count; i++)
		if (signed_feeds[home].records[i].h.kind == kind && n-- == 0)
			return &signed_feeds[home].records[i];
	fail_msg("home %d has said too few of %s", home, kl_kind_name(kind));
	return NULL;
}

/* ---- everybody hears everything -------------------------------------------------------------- */

static void hear(struct heard heard)
{
	assert_true(queue_count < HEARD_MAX);
	queue[(queue_first + queue_count++) % HEARD_MAX] = heard;
}

static void tell_all(int author)
{
	size_t seq = signed_feeds[author].count - 1;

	for (int i = 0; i < home_count; i++)
		hear((struct heard){
			.home = i, .kind = KL_TALLY_RECORD, .author = author, .seq = seq});
}

/* Whoever is told to erase does so in the one store that all share here. */
static void drop(const struct kl_tally_effect *effect)
{
	for (size_t i = 0; i < effect->u.drop.count; i++)
		for (int h = 0; h < home_count; h++)
			for (size_t s = 0; s < signed_feeds[h].count; s++)
				if (kl_id_equal(
					    &signed_feeds[h].records[s].id, &effect->u.drop.ids[i]))
					signed_feeds[h].records[s].here = false;
}

static const struct signed_record *by_id(const struct kl_id *id)
{
	for (int h = 0; h < home_count; h++)
		for (size_t s = 0; s < signed_feeds[h].count; s++)
			if (kl_id_equal(&signed_feeds[h].records[s].id, id))
				return &signed_feeds[h].records[s];
	fail_msg("a record that is to be shown is nowhere");
	return NULL;
}

struct kl_id signed_show(
	int home, const struct kl_id *tally, unsigned seat, const struct kl_id *ids, unsigned count)
{
	struct kl_tally_evidence evidence = {
		.tally = *tally, .seat = (uint8_t)seat, .count = (uint8_t)count};
	struct kl_writer records[KL_TALLY_EVIDENCE_MAX], w;
	struct kl_bytes payload;
	struct kl_id id;

	for (unsigned i = 0; i < count; i++) {
		const struct signed_record *r = by_id(&ids[i]);
		const struct kl_record record = {.header = kl_bytes(r->header, r->header_len),
			.signature = kl_bytes(r->signature, KL_SIGNATURE_BYTES),
			.payload = kl_bytes(r->payload, r->len)};

		kl_writer_init(&records[i]);
		kl_record_write(&records[i], &record);
		assert_int_equal(kl_writer_bytes(&records[i], &evidence.records[i]), KL_OK);
	}
	kl_writer_init(&w);
	kl_tally_evidence_write(&w, &evidence);
	assert_int_equal(kl_writer_bytes(&w, &payload), KL_OK);
	id = signed_say(home, KL_KIND_TALLY_EVIDENCE, payload)->id;
	tell_all(home);
	kl_writer_deinit(&w);
	for (unsigned i = 0; i < count; i++)
		kl_writer_deinit(&records[i]);
	return id;
}

static void carry_out(int home, const struct kl_tally_effect *effect)
{
	struct heard heard = {.home = home, .tally = effect->tally};

	switch (effect->kind) {
	case KL_TALLY_APPEND:
		signed_say(home, effect->u.append.kind, effect->u.append.payload);
		tell_all(home);
		break;
	case KL_TALLY_KEY_WRITE:
		heard.kind = KL_TALLY_KEY;
		memcpy(heard.key, effect->u.key, sizeof heard.key);
		hear(heard);
		break;
	case KL_TALLY_KEEP_ANSWERS:
		heard.kind = KL_TALLY_ANSWERS;
		heard.count = effect->u.answers.count;
		memcpy(heard.bins, effect->u.answers.bins, heard.count * sizeof *heard.bins);
		hear(heard);
		break;
	case KL_TALLY_KEY_UNLINK:
		heard.kind = KL_TALLY_UNLINKED;
		hear(heard);
		break;
	case KL_TALLY_EVIDENCE:
		signed_show(home, &effect->tally, effect->u.evidence.seat,
			(const struct kl_id[]){effect->u.evidence.sources[0].record,
				effect->u.evidence.sources[1].record},
			effect->u.evidence.count);
		break;
	case KL_TALLY_DROP:
		drop(effect);
		heard.kind = KL_TALLY_DROPPED;
		hear(heard);
		break;
	default: /* nothing that anybody waits for */
		break;
	}
}

static int step(int home, struct kl_tally_event *event)
{
	struct kl_tally_update update;
	int rc;

	event->now_ms = event->wall_ms = now_ms;
	fresh++;
	for (unsigned i = 0; i < sizeof event->entropy; i++)
		event->entropy[i] = (uint8_t)(fresh >> (8 * (i % 4)));
	rc = kl_tallies_step(homes[home].book, event, NULL, &update);
	for (size_t i = 0; !rc && i < update.count; i++)
		carry_out(home, &update.effects[i]);
	return rc;
}

static void tell(const struct heard *heard)
{
	struct kl_tally_event event = {.kind = heard->kind, .tally = heard->tally};
	struct kl_tally_roster frozen = {0};
	const struct signed_record *r;

	if (heard->kind == KL_TALLY_RECORD) {
		r = &signed_feeds[heard->author].records[heard->seq];
		event.u.record.author = r->h.author;
		event.u.record.id = r->id;
		event.u.record.kind = r->h.kind;
		event.u.record.time_ms = r->h.time_ms;
		event.u.record.payload_hash = r->h.payload_hash;
		event.u.record.payload = kl_bytes(r->payload, r->len);
		event.u.record.erased = !r->here;
		if (r->h.kind == KL_KIND_TALLY_CALL) {
			assert_int_equal(kl_tally_roster_freeze(&roster, &frozen), KL_OK);
			event.u.record.roster = &frozen;
		}
	} else if (heard->kind == KL_TALLY_KEY) {
		event.u.key = heard->key;
	} else if (heard->count) {
		event.u.answers.bins = heard->bins;
		event.u.answers.count = heard->count;
	}
	assert_int_equal(step(heard->home, &event), KL_OK);
	kl_tally_roster_deinit(&frozen);
}

static void work(void)
{
	while (queue_count > 0) {
		struct heard heard = queue[queue_first];

		queue_first = (queue_first + 1) % HEARD_MAX;
		queue_count--;
		if (!homes[heard.home].silent)
			tell(&heard);
	}
}

void signed_return(int home)
{
	homes[home].silent = false;
	for (int author = 0; author < home_count; author++)
		for (size_t seq = 0; seq < signed_feeds[author].count; seq++)
			hear((struct heard){.home = home,
				.kind = KL_TALLY_RECORD,
				.author = author,
				.seq = seq});
	work();
}

void signed_wait(uint64_t ms)
{
	for (uint64_t until = now_ms + ms; now_ms < until;) {
		now_ms += 1000;
		for (int i = 0; i < home_count; i++) {
			struct kl_tally_event tick = {.kind = KL_TALLY_TICK};

			if (!homes[i].silent)
				assert_int_equal(step(i, &tick), KL_OK);
		}
		work();
	}
}

struct kl_id signed_publish(int home, uint32_t kind, struct kl_bytes payload)
{
	struct kl_id id = signed_say(home, kind, payload)->id;

	tell_all(home);
	work();
	return id;
}

/* ---- the network ----------------------------------------------------------------------------- */

/* The convenor's word on the roster, folded at once. */
static void say_roster(uint32_t kind, struct kl_writer *w)
{
	const struct signed_record *r;
	struct kl_record record = {0};
	struct kl_bytes payload;

	assert_int_equal(kl_writer_bytes(w, &payload), KL_OK);
	r = signed_say(0, kind, payload);
	record.h = r->h;
	record.id = r->id;
	record.payload = kl_bytes(r->payload, r->len);
	assert_int_equal(kl_roster_apply(&roster, &record, NULL), KL_OK);
	kl_writer_deinit(w);
}

static void found(void)
{
	struct kl_network_create create = {.name = "Tests"};
	struct kl_charter charter;
	struct kl_writer w;

	memset(create.curve_key, 1, sizeof create.curve_key);
	kl_network_id(signed_id(0), create.name, create.nonce, &create.network);
	signed_network = create.network;
	kl_roster_init(&roster, &signed_network, signed_id(0));
	kl_writer_init(&w);
	kl_network_create_write(&w, &create);
	say_roster(KL_KIND_NETWORK_CREATE, &w);
	kl_charter_default(&charter);
	charter.minimum = 5;
	kl_writer_init(&w);
	kl_charter_write(&w, &charter);
	say_roster(KL_KIND_CHARTER, &w);
}

static void admit(int home)
{
	struct kl_admit a = {.identity = *signed_id(home)};
	struct kl_writer w;

	memset(a.curve_key, 0x10 + home, sizeof a.curve_key);
	snprintf(a.name, sizeof a.name, "Member %d", home);
	a.attributes.kind = KL_MEMBER_ANCHOR;
	kl_writer_init(&w);
	kl_admit_write(&w, &a);
	say_roster(KL_KIND_ADMIT, &w);
}

void signed_begin(int members)
{
	assert_true(members < SIGNED_HOMES_MAX);
	now_ms = START_MS;
	fresh = 0;
	signed_tamper = NULL;
	queue = calloc(HEARD_MAX, sizeof *queue);
	assert_non_null(queue);
	home_count = members + 1;
	for (int i = 0; i < home_count; i++) {
		uint8_t seed[KL_SEED_BYTES];

		memset(&homes[i], 0, sizeof homes[i]);
		memset(seed, 0x20 + i, sizeof seed);
		kl_sign_keys_from_seed(seed, &homes[i].keys);
	}
	found();
	for (int i = 1; i < home_count; i++)
		admit(i);
	for (int i = 0; i < home_count; i++) {
		const struct kl_tallies_options options = {
			.own = *signed_id(i), .seat = i > 0, .network = signed_network};
		struct kl_tally_event ready = {.kind = KL_TALLY_READY};

		assert_int_equal(kl_tallies_new(&options, &homes[i].book), KL_OK);
		assert_int_equal(step(i, &ready), KL_OK);
	}
}

void signed_end(void)
{
	for (int i = 0; i < home_count; i++) {
		kl_tallies_destroy(homes[i].book);
		for (size_t s = 0; s < signed_feeds[i].count; s++)
			free(signed_feeds[i].records[s].payload);
		free(signed_feeds[i].records);
		signed_feeds[i] = (struct signed_feed){0};
	}
	kl_roster_deinit(&roster);
	free(queue);
	queue = NULL;
	queue_first = queue_count = 0;
}

/* ---- tallies --------------------------------------------------------------------------------- */

static void describe(struct kl_tally_call *call, int year, int metrics)
{
	static const char *const codes[SIGNED_METRICS] = {"lm3.score", "maturity.c1"};

	memset(call, 0, sizeof *call);
	call->period.kind = KL_PERIOD_YEAR;
	call->period.year = (uint16_t)year;
	call->metrics = calloc((size_t)metrics, sizeof *call->metrics);
	assert_non_null(call->metrics);
	call->metric_count = (uint16_t)metrics;
	for (int m = 0; m < metrics; m++)
		assert_int_equal(kl_metric_find(codes[m], &call->metrics[m], NULL), KL_OK);
	call->cohort_count = 2;
	call->cohorts[1].kind = KL_COHORT_COUNCILS;
	call->contribute_ms = SIGNED_CONTRIBUTE_MS;
	call->decide_ms = SIGNED_DECIDE_MS;
	call->minimum = 5;
}

struct kl_id signed_call(int year, int metrics)
{
	struct kl_tally_roster frozen;
	struct kl_tally_call call;
	struct kl_fault fault = {0};
	struct kl_bytes payload;
	struct kl_writer w;
	struct kl_id id;

	describe(&call, year, metrics);
	assert_int_equal(kl_tally_roster_freeze(&roster, &frozen), KL_OK);
	if (kl_tallies_prepare(homes[0].book, &frozen, &call, &fault))
		fail_msg("%s", fault.message);
	kl_writer_init(&w);
	kl_tally_call_write(&w, &call);
	assert_int_equal(kl_writer_bytes(&w, &payload), KL_OK);
	id = signed_publish(0, KL_KIND_TALLY_CALL, payload);
	kl_writer_deinit(&w);
	kl_tally_call_deinit(&call);
	kl_tally_roster_deinit(&frozen);
	return id;
}

void signed_contribute(int home, const struct kl_id *tally, int16_t score, int16_t maturity)
{
	struct kl_tally_event event = {.kind = KL_TALLY_CONTRIBUTE, .tally = *tally};
	const int16_t bins[SIGNED_METRICS] = {score, maturity};
	struct kl_tally_view view;

	assert_int_equal(kl_tallies_view(homes[home].book, tally, &view), KL_OK);
	event.u.answers.bins = bins;
	event.u.answers.count = view.call->metric_count;
	assert_int_equal(step(home, &event), KL_OK);
	work();
}

static void say(int home, enum kl_tally_event_kind kind, const struct kl_id *tally)
{
	struct kl_tally_event event = {.kind = kind, .tally = *tally};

	assert_int_equal(step(home, &event), KL_OK);
	work();
}

void signed_decline(int home, const struct kl_id *tally)
{
	say(home, KL_TALLY_DECLINE, tally);
}

void signed_withdraw(int home, const struct kl_id *tally)
{
	say(home, KL_TALLY_WITHDRAW, tally);
}

/* ---- auditing -------------------------------------------------------------------------------- */

static void give(struct kl_auditor *auditor, int home)
{
	const struct kl_feed_key key = {*signed_id(home), 0};
	const struct signed_feed *feed = &signed_feeds[home];

	assert_int_equal(kl_auditor_feed(auditor, &key), KL_OK);
	for (size_t i = 0; i < feed->count; i++) {
		const struct signed_record *r = &feed->records[i];
		const struct kl_audited record = {.seq = i + 1,
			.id = r->id,
			.header = kl_bytes(r->header, r->header_len),
			.signature = r->is_signed ? r->signature : NULL,
			.here = r->here,
			.contested = r->contested,
			.payload = r->here ? kl_bytes(r->payload, r->len) : kl_bytes("", 0)};

		if (r->lost)
			assert_int_equal(kl_auditor_lost(auditor, i + 1), KL_OK);
		else
			assert_int_equal(kl_auditor_record(auditor, &record), KL_OK);
	}
}

struct kl_auditor *signed_audit(const struct kl_id *tally, const struct kl_tallies *running)
{
	const struct kl_auditor_options options = {.network = signed_network,
		.convenor = *signed_id(0),
		.tally = *tally,
		.wall_ms = now_ms};
	struct kl_auditor *auditor = NULL;
	bool done = false;

	assert_int_equal(kl_auditor_new(&options, &auditor), KL_OK);
	if (running)
		assert_int_equal(kl_auditor_shown(auditor, running), KL_OK);
	for (int i = 0; i < home_count; i++)
		give(auditor, i);
	while (!done)
		assert_int_equal(kl_auditor_work(auditor, &done), KL_OK);
	return auditor;
}
