#include "tests/unit/tally_desk.h"

#include "core/hash.h"

#include <stdlib.h>

enum { RECORDS_MAX = 1000, ASKED_MAX = 64, START_MS = 5000000 };

struct kl_tallies *desk_book;
struct kl_tally_update desk_update;
struct kl_id desk_call;
uint64_t desk_now_ms;
struct kl_id desk_network;

struct written {
	struct kl_record record;
	struct kl_record_memory memory;
	uint8_t *payload;
	bool asked; /* for by the machine */
};

static struct {
	struct kl_sign_keys keys;
	struct kl_head head, before;
	struct kl_id intake; /* of the last part */
} writers[DESK_SEATS + 1];   /* by seat; 0 is the convenor */
static struct written *written[RECORDS_MAX];
static size_t written_count;
static struct kl_tally_member members[DESK_SEATS];
static struct kl_tally_roster roster;
static struct kl_tally_call call;
static const struct kl_record *call_record, *accepts[DESK_SEATS + 1], *declines[DESK_SEATS + 1];
static struct kl_box_keys seat_key;
static unsigned own;
static uint8_t fresh;

/* What was asked for and is to be carried out. */
static struct kl_tally_event waiting[ASKED_MAX];
static uint8_t waiting_keys[ASKED_MAX][KL_SEED_BYTES];
static size_t waiting_count;

/* ---- records -------------------------------------------------------------------------------- */

static const struct kl_record *write_record(unsigned seat, uint32_t kind, struct kl_bytes payload)
{
	struct kl_author author = {
		desk_network, {writers[seat].keys.public_key, 0}, &writers[seat].keys};
	struct written *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	assert_true(written_count < RECORDS_MAX);
	w->payload = malloc(payload.len + 1);
	assert_non_null(w->payload);
	memcpy(w->payload, payload.data, payload.len);
	assert_int_equal(kl_record_make(&author, &writers[seat].head, kind, desk_now_ms,
				 kl_bytes(w->payload, payload.len), &w->memory, &w->record),
		KL_OK);
	writers[seat].before = writers[seat].head;
	writers[seat].head = (struct kl_head){w->record.h.seq, w->record.id};
	written[written_count++] = w;
	return &w->record;
}

static const struct kl_record *write_out(unsigned seat, uint32_t kind, struct kl_writer *w)
{
	const struct kl_record *record;
	struct kl_bytes bytes;

	assert_int_equal(kl_writer_bytes(w, &bytes), KL_OK);
	record = write_record(seat, kind, bytes);
	kl_writer_deinit(w);
	return record;
}

#define WRITE(seat, KIND, name, ...)                                                               \
	struct kl_tally_##name x = {__VA_ARGS__};                                                  \
	struct kl_writer w;                                                                        \
                                                                                                   \
	kl_writer_init(&w);                                                                        \
	kl_tally_##name##_write(&w, &x);                                                           \
	return write_out(seat, KL_KIND_TALLY_##KIND, &w)

const struct kl_record *desk_accept(unsigned seat, uint8_t key)
{
	struct kl_id public_key = {{key}};

	if (key == 0)
		public_key = seat_key.public_key;
	WRITE(seat, ACCEPT, accept, desk_call, (uint8_t)seat, public_key);
}

const struct kl_record *desk_decline(unsigned seat)
{
	WRITE(seat, DECLINE, decline, desk_call);
}

const struct kl_record *desk_vote(unsigned seat, uint32_t attempt, const struct kl_id *proposal)
{
	WRITE(seat, VOTE, vote, desk_call, attempt, (uint8_t)seat, *proposal);
}

const struct kl_record *desk_skip(unsigned seat, uint32_t attempt)
{
	WRITE(seat, SKIP, skip, desk_call, attempt, (uint8_t)seat);
}

const struct kl_record *desk_intake(
	unsigned seat, uint16_t part, bool more, const struct kl_id *before)
{
	struct kl_tally_intake x = {
		.tally = desk_call, .seat = (uint8_t)seat, .part = {part, more}};
	const struct kl_record *record;
	struct kl_writer w;

	if (before)
		x.part.before = *before;
	kl_writer_init(&w);
	kl_tally_intake_write(&w, &x);
	record = write_out(seat, KL_KIND_TALLY_INTAKE, &w);
	writers[seat].intake = record->id;
	return record;
}

const struct kl_record *desk_propose(unsigned seat, uint32_t attempt, unsigned salt)
{
	struct kl_tally_propose x = {.tally = desk_call, .attempt = attempt, .part = {.number = 1}};
	struct kl_writer w;

	for (unsigned i = 1; i <= DESK_SEATS; i++) {
		x.cited[x.cited_count].seat = (uint8_t)i;
		x.cited[x.cited_count++].intake = writers[i].intake;
	}
	if (salt) { /* an earlier release that nobody knows */
		x.earlier[0].b[0] = (uint8_t)salt;
		x.earlier_count = 1;
	}
	kl_writer_init(&w);
	kl_tally_propose_write(&w, &x);
	return write_out(seat, KL_KIND_TALLY_PROPOSE, &w);
}

const struct kl_record *desk_quit(unsigned seat, const struct kl_record *const *votes, size_t count)
{
	struct kl_tally_quit x = {.tally = desk_call, .seat = (uint8_t)seat};
	struct kl_writer w;

	for (size_t i = 0; i < count; i++) {
		struct kl_tally_vote vote;

		assert_int_equal(kl_tally_vote_read(votes[i]->payload, &vote), KL_OK);
		x.votes[x.vote_count++] =
			(struct kl_quit_vote){vote.attempt, vote.proposal, votes[i]->id};
	}
	kl_writer_init(&w);
	kl_tally_quit_write(&w, &x);
	return write_out(seat, KL_KIND_TALLY_QUIT, &w);
}

const struct kl_record *desk_open_sum(unsigned seat, const struct kl_id *proposal, uint64_t cell)
{
	struct kl_open_sum sum = {.bins = 4, .cells = {cell}};
	struct kl_tally_open x = {.tally = desk_call,
		.seat = (uint8_t)seat,
		.proposal = *proposal,
		.votes = {{{1}}, {{2}}, {{3}}, {{4}}},
		.vote_count = 4,
		.part = {.number = 1},
		.sums = &sum,
		.count = 1};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_open_write(&w, &x);
	return write_out(seat, KL_KIND_TALLY_OPEN, &w);
}

const struct kl_record *desk_open_citing(unsigned seat, const struct kl_id *proposal,
	const struct kl_record *const votes[4], unsigned first, unsigned rows)
{
	struct kl_tally_open x = {.tally = desk_call,
		.seat = (uint8_t)seat,
		.proposal = *proposal,
		.vote_count = 4,
		.part = {.number = 1},
		.first = (uint16_t)first,
		.sums = calloc(rows ? rows : 1, sizeof(*x.sums)),
		.count = (uint16_t)rows};
	struct kl_writer w;

	assert_non_null(x.sums);
	for (unsigned i = 0; i < 4; i++)
		x.votes[i] = votes[i]->id;
	kl_writer_init(&w);
	kl_tally_open_write(&w, &x);
	free(x.sums);
	return write_out(seat, KL_KIND_TALLY_OPEN, &w);
}

const struct kl_record *desk_evidence(
	unsigned author, unsigned seat, const struct kl_record *a, const struct kl_record *b)
{
	const struct kl_record *records[2] = {a, b};
	struct kl_tally_evidence x = {
		.tally = desk_call, .seat = (uint8_t)seat, .count = b ? 2 : 1};
	struct kl_writer w, whole[2];
	const struct kl_record *record;

	for (unsigned i = 0; i < x.count; i++) {
		kl_writer_init(&whole[i]);
		kl_record_write(&whole[i], records[i]);
		assert_int_equal(kl_writer_bytes(&whole[i], &x.records[i]), KL_OK);
	}
	kl_writer_init(&w);
	kl_tally_evidence_write(&w, &x);
	record = write_out(author, KL_KIND_TALLY_EVIDENCE, &w);
	for (unsigned i = 0; i < x.count; i++)
		kl_writer_deinit(&whole[i]);
	return record;
}

void desk_fork(unsigned seat)
{
	writers[seat].head = writers[seat].before;
}

/* ---- steps ---------------------------------------------------------------------------------- */

static void remember(const struct kl_tally_effect *effect)
{
	struct kl_tally_event event = {.kind = KL_TALLY_KEY, .tally = effect->tally};

	if (effect->kind == KL_TALLY_APPEND) {
		const struct kl_record *record =
			write_record(own, effect->u.append.kind, effect->u.append.payload);

		written[written_count - 1]->asked = true;
		event.kind = KL_TALLY_RECORD;
		event.u.record.author = record->h.author;
		event.u.record.id = record->id;
		event.u.record.kind = record->h.kind;
		event.u.record.time_ms = record->h.time_ms;
		event.u.record.payload_hash = record->h.payload_hash;
		event.u.record.payload = record->payload;
		if (event.u.record.kind == KL_KIND_TALLY_INTAKE)
			writers[own].intake = record->id;
	} else if (effect->kind == KL_TALLY_KEY_WRITE) {
		memcpy(waiting_keys[waiting_count], effect->u.key, KL_SEED_BYTES);
		event.u.key = waiting_keys[waiting_count];
	} else {
		return;
	}
	assert_true(waiting_count < ASKED_MAX);
	waiting[waiting_count++] = event;
}

static void step(struct kl_tally_event event)
{
	event.now_ms = event.wall_ms = desk_now_ms;
	if (kl_id_is_zero(&event.tally))
		event.tally = desk_call;
	memset(event.entropy, ++fresh, sizeof(event.entropy));
	assert_int_equal(kl_tallies_step(desk_book, &event, NULL, &desk_update), KL_OK);
	for (size_t i = 0; i < desk_update.count; i++)
		remember(&desk_update.effects[i]);
}

void desk_carry_out(void)
{
	for (size_t i = 0; i < waiting_count; i++)
		step(waiting[i]);
	waiting_count = 0;
}

void desk_event(enum kl_tally_event_kind kind)
{
	step((struct kl_tally_event){.kind = kind});
}

void desk_wait(uint64_t ms)
{
	desk_now_ms += ms;
	desk_event(KL_TALLY_TICK);
}

static void feed_as(enum kl_tally_event_kind kind, const struct kl_record *record)
{
	struct kl_tally_event event = {.kind = kind};

	event.u.record.author = record->h.author;
	event.u.record.id = record->id;
	event.u.record.kind = record->h.kind;
	event.u.record.time_ms = record->h.time_ms;
	event.u.record.payload_hash = record->h.payload_hash;
	event.u.record.payload = record->payload;
	event.u.record.roster = &roster;
	step(event);
}

void desk_feed(const struct kl_record *record)
{
	feed_as(KL_TALLY_RECORD, record);
}

void desk_feed_frozen(const struct kl_record *record)
{
	feed_as(KL_TALLY_FROZEN, record);
}

/* ---- asking --------------------------------------------------------------------------------- */

size_t desk_said(uint32_t kind)
{
	size_t count = 0;

	for (size_t i = 0; i < written_count; i++)
		count += written[i]->asked && written[i]->record.h.kind == kind;
	return count;
}

const struct kl_record *desk_last(uint32_t kind)
{
	for (size_t i = written_count; i-- > 0;) {
		if (written[i]->asked && written[i]->record.h.kind == kind)
			return &written[i]->record;
	}
	return NULL;
}

size_t desk_asks(enum kl_tally_effect_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < desk_update.count; i++)
		count += desk_update.effects[i].kind == kind;
	return count;
}

const struct kl_tally_effect *desk_wish(enum kl_tally_effect_kind kind)
{
	for (size_t i = 0; i < desk_update.count; i++) {
		if (desk_update.effects[i].kind == kind)
			return &desk_update.effects[i];
	}
	fail_msg("nothing of that kind is asked for");
	return NULL;
}

struct kl_tally_view desk_view(void)
{
	struct kl_tally_view view;

	assert_int_equal(kl_tallies_view(desk_book, &desk_call, &view), KL_OK);
	return view;
}

struct kl_tally_progress desk_progress(void)
{
	struct kl_tally_progress progress;

	assert_int_equal(kl_tallies_progress(desk_book, &desk_call, &progress), KL_OK);
	return progress;
}

const struct kl_id *desk_member(unsigned seat)
{
	return &writers[seat].keys.public_key;
}

/* ---- the table ------------------------------------------------------------------------------ */

static void new_book(const struct kl_id *member)
{
	struct kl_tallies_options options = {.own = *member, .seat = true, .network = desk_network};

	kl_tallies_destroy(desk_book);
	assert_int_equal(kl_tallies_new(&options, &desk_book), KL_OK);
}

static int by_key(const void *a, const void *b)
{
	return kl_id_compare(
		&((const struct kl_tally_member *)a)->id, &((const struct kl_tally_member *)b)->id);
}

static void make_roster(void)
{
	for (unsigned i = 0; i < DESK_SEATS; i++) {
		members[i] = (struct kl_tally_member){.id = writers[i + 1].keys.public_key,
			.control = writers[i + 1].keys.public_key,
			.verified = true,
			.offers_seat = true};
	}
	qsort(members, DESK_SEATS, sizeof(members[0]), by_key);
	roster = (struct kl_tally_roster){.hash = {{7}},
		.convenor = writers[0].keys.public_key,
		.minimum = 5,
		.members = members,
		.count = DESK_SEATS};
}

static void make_call(void)
{
	struct kl_bytes bytes;
	struct kl_writer w;

	memset(&call, 0, sizeof(call));
	call.period.kind = KL_PERIOD_YEAR;
	call.period.year = 2016;
	call.metrics = calloc(1, sizeof(*call.metrics));
	assert_non_null(call.metrics);
	kl_metric_at(0, &call.metrics[0]);
	call.metric_count = 1;
	call.cohort_count = 1; /* everybody */
	call.contribute_ms = DESK_CONTRIBUTE_MS;
	call.decide_ms = DESK_DECIDE_MS;
	call.minimum = 5;
	new_book(&writers[0].keys.public_key);
	assert_int_equal(kl_tallies_prepare(desk_book, &roster, &call, NULL), KL_OK);
	kl_writer_init(&w);
	kl_tally_call_write(&w, &call);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	call_record = write_record(0, KL_KIND_TALLY_CALL, bytes);
	desk_call = call_record->id;
	kl_writer_deinit(&w);
}

/* The keys of who was drawn for a seat come to that place. */
static void order_by_seat(void)
{
	struct kl_tally_view view;

	desk_feed(call_record);
	view = desk_view();
	for (unsigned seat = 1; seat <= DESK_SEATS; seat++) {
		for (unsigned i = seat; i <= DESK_SEATS; i++) {
			struct kl_sign_keys kept = writers[seat].keys;

			if (!kl_id_equal(&writers[i].keys.public_key, &view.seats[seat - 1].member))
				continue;
			writers[seat].keys = writers[i].keys;
			writers[i].keys = kept;
			break;
		}
	}
}

void desk_begin(unsigned own_seat)
{
	static const uint8_t seed[KL_SEED_BYTES] = {42};

	memset(writers, 0, sizeof(writers));
	memset(&desk_network, 0x11, sizeof(desk_network));
	desk_now_ms = START_MS;
	fresh = 0;
	for (unsigned i = 0; i <= DESK_SEATS; i++) {
		uint8_t secret[KL_SEED_BYTES] = {(uint8_t)(i + 1)};

		kl_sign_keys_from_seed(secret, &writers[i].keys);
	}
	kl_box_keys_from_seed(seed, &seat_key);
	make_roster();
	make_call();
	order_by_seat();
	own = own_seat;
	for (unsigned seat = 1; seat <= DESK_SEATS; seat++) {
		accepts[seat] = desk_accept(seat, seat == own ? 0 : (uint8_t)(seat + 1));
		declines[seat] = desk_decline(seat);
	}
	desk_restart();
}

void desk_restart(void)
{
	waiting_count = 0;
	new_book(&writers[own].keys.public_key);
}

void desk_end(void)
{
	kl_tallies_destroy(desk_book);
	desk_book = NULL;
	kl_tally_call_deinit(&call);
	for (size_t i = 0; i < written_count; i++) {
		free(written[i]->payload);
		free(written[i]);
	}
	written_count = 0;
}

void desk_open(void)
{
	static const uint8_t seed[KL_SEED_BYTES] = {42};

	desk_feed(call_record);
	step((struct kl_tally_event){.kind = KL_TALLY_KEY, .u.key = seed});
	for (unsigned seat = 1; seat <= DESK_SEATS; seat++) {
		desk_feed(accepts[seat]);
		desk_feed(declines[seat]);
	}
	desk_event(KL_TALLY_READY);
	desk_carry_out();
}

void desk_hand_in(void)
{
	for (unsigned seat = 1; seat <= DESK_SEATS; seat++) {
		if (seat != own)
			desk_feed(desk_intake(seat, 1, false, NULL));
	}
	desk_carry_out();
}
