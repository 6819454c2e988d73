#include "tests/model/tally_world.h"
#include "tests/model/tally_room.h"

#include "core/hash.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MEMBERS_MAX = ROOM_MEMBERS_MAX,
	RECORDS_MAX = 2048,
	CONVENOR = 0xc0,
	BIN = 2, /* everybody's answer */
};

struct proposal {
	const struct world_record *parts[WORLD_PARTS];
	unsigned part_count;
};

static struct kl_tally_member members[MEMBERS_MAX];
static unsigned member_count;
static struct kl_tally_roster roster;
static struct kl_tally_call call;
static struct kl_committee committee;
static struct room room;             /* in which the tally was prepared */
static unsigned seats[KL_SEATS_MAX]; /* members, by seat - 1 */
static struct world_record records[RECORDS_MAX];
static size_t record_count, base_count; /* base: up to the INTAKEs */
static struct proposal proposals[WORLD_ATTEMPTS][WORLD_VARIANTS];
/* Made once each; by seat - 1. */
static const struct world_record *votes_made[KL_SEATS_MAX][WORLD_ATTEMPTS][WORLD_VARIANTS];
static const struct world_record *opens_made[KL_SEATS_MAX][WORLD_ATTEMPTS][WORLD_VARIANTS];
static const struct world_record *skips_made[KL_SEATS_MAX][WORLD_ATTEMPTS];
static const struct world_record *quits_made[KL_SEATS_MAX][WORLD_VARIANTS + 1][WORLD_VARIANTS + 1];

void world_fail(const char *format, ...)
{
	va_list args;

	printf("not ok - the tally machine\n# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	_Exit(1);
}

static uint64_t luck = 1;

void world_seed(uint64_t seed)
{
	luck = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (int i = 0; i < 10; i++)
		world_random(1);
}

uint64_t world_random(uint64_t below)
{
	luck ^= luck << 13;
	luck ^= luck >> 7;
	luck ^= luck << 17;
	return (luck * UINT64_C(2685821657736338717) >> 11) % below;
}

const struct kl_committee *world_committee(void)
{
	return &committee;
}

const struct kl_id *world_tally(void)
{
	return &records[0].id;
}

unsigned world_leader(unsigned attempt)
{
	return 1 + attempt % committee.n;
}

/* ---- records -------------------------------------------------------------------------------- */

static struct kl_id id_of(unsigned byte)
{
	struct kl_id id;

	memset(id.b, (int)byte, sizeof(id.b));
	return id;
}

/* The same author, kind and payload are the same record. */
const struct world_record *world_record(
	const struct kl_id *author, uint32_t kind, struct kl_bytes payload)
{
	struct world_record *r = &records[record_count];
	struct kl_hash hash;
	uint8_t *memory;

	kl_blake2b(payload, &r->hash);
	kl_hash_init(&hash, "model/record");
	kl_hash_add_id(&hash, author);
	kl_hash_add_u32(&hash, kind);
	kl_hash_add_id(&hash, &r->hash);
	kl_hash_final(&hash, &r->id);
	for (size_t i = 0; i < record_count; i++) {
		if (kl_id_equal(&records[i].id, &r->id))
			return &records[i];
	}
	KL_ASSERT(record_count + 1 < RECORDS_MAX);
	memory = malloc(payload.len + 1);
	KL_ASSERT(memory);
	memcpy(memory, payload.data, payload.len);
	r->author = *author;
	r->kind = kind;
	r->time_ms = WORLD_START_MS;
	r->payload = kl_bytes(memory, payload.len);
	record_count++;
	return r;
}

static const struct world_record *written(
	const struct kl_id *author, uint32_t kind, struct kl_writer *w)
{
	const struct world_record *r;
	struct kl_bytes payload;

	KL_ASSERT(kl_writer_bytes(w, &payload) == KL_OK);
	r = world_record(author, kind, payload);
	kl_writer_deinit(w);
	return r;
}

static const struct kl_id *member_of(unsigned seat)
{
	return &members[seats[seat - 1]].id;
}

const struct world_record *world_vote(unsigned seat, unsigned attempt, unsigned variant)
{
	struct kl_tally_vote vote = {.tally = *world_tally(),
		.attempt = attempt,
		.seat = (uint8_t)seat,
		.proposal = *world_proposal_id(attempt, variant)};
	struct kl_writer w;

	const struct world_record **made = &votes_made[seat - 1][attempt][variant];

	if (!*made) {
		kl_writer_init(&w);
		kl_tally_vote_write(&w, &vote);
		*made = written(member_of(seat), KL_KIND_TALLY_VOTE, &w);
	}
	return *made;
}

const struct world_record *world_skip(unsigned seat, unsigned attempt)
{
	struct kl_tally_skip skip = {
		.tally = *world_tally(), .attempt = attempt, .seat = (uint8_t)seat};
	const struct world_record **made = &skips_made[seat - 1][attempt];
	struct kl_writer w;

	if (!*made) {
		kl_writer_init(&w);
		kl_tally_skip_write(&w, &skip);
		*made = written(member_of(seat), KL_KIND_TALLY_SKIP, &w);
	}
	return *made;
}

const struct world_record *world_quit(unsigned seat, struct world_votes votes)
{
	const struct world_record **made = &quits_made[seat - 1][votes.in[0]][votes.in[1]];
	struct kl_tally_quit quit = {.tally = *world_tally(), .seat = (uint8_t)seat};
	struct kl_writer w;

	if (*made)
		return *made;
	for (unsigned a = 0; a < WORLD_ATTEMPTS; a++) {
		struct kl_quit_vote *vote = &quit.votes[quit.vote_count];

		if (votes.in[a] == 0)
			continue;
		vote->attempt = a;
		vote->proposal = *world_proposal_id(a, votes.in[a] - 1U);
		vote->vote = world_vote(seat, a, votes.in[a] - 1U)->id;
		quit.vote_count++;
	}
	kl_writer_init(&w);
	kl_tally_quit_write(&w, &quit);
	*made = written(member_of(seat), KL_KIND_TALLY_QUIT, &w);
	return *made;
}

const struct world_record *world_forged(unsigned seat, const struct world_record *record)
{
	return world_record(member_of(seat), record->kind, record->payload);
}

/* ---- proposals ------------------------------------------------------------------------------ */

const struct world_record *world_proposal(unsigned attempt, unsigned variant, unsigned part)
{
	return proposals[attempt][variant].parts[part];
}

unsigned world_parts(unsigned attempt, unsigned variant)
{
	return proposals[attempt][variant].part_count;
}

const struct kl_id *world_proposal_id(unsigned attempt, unsigned variant)
{
	const struct proposal *p = &proposals[attempt][variant];

	return &p->parts[p->part_count - 1]->id;
}

static void add_part(unsigned attempt, unsigned variant, const struct kl_tally_propose *propose)
{
	struct proposal *p = &proposals[attempt][variant];
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_propose_write(&w, propose);
	p->parts[p->part_count++] =
		written(member_of(world_leader(attempt)), KL_KIND_TALLY_PROPOSE, &w);
}

/* The same sets once more, in two parts: a proposal as valid as the first, and another one. */
static void propose_otherwise(unsigned attempt, struct kl_tally_propose propose)
{
	struct kl_tally_propose rest = {.tally = propose.tally, .attempt = attempt};

	rest.part.number = 2;
	rest.rows = propose.rows + 1;
	rest.row_count = (uint16_t)(propose.row_count - 1);
	propose.part.more = true;
	propose.row_count = 1;
	add_part(attempt, 1, &propose);
	rest.part.before = proposals[attempt][1].parts[0]->id;
	add_part(attempt, 1, &rest);
}

static void make_proposals(struct kl_bytes payload)
{
	struct kl_tally_propose propose;

	WORLD_CHECK(kl_tally_propose_read(payload, &propose) == KL_OK,
		"a proposal that nobody can read");
	WORLD_CHECK(propose.part.number == 1 && !propose.part.more && propose.row_count == 2,
		"a proposal of %u rows in parts", propose.row_count);
	for (unsigned a = 0; a < WORLD_ATTEMPTS; a++) {
		propose.attempt = a;
		add_part(a, 0, &propose);
		propose_otherwise(a, propose);
	}
	kl_tally_propose_deinit(&propose);
}

/* ---- events --------------------------------------------------------------------------------- */

struct kl_tally_update world_step(
	struct kl_tallies *book, struct kl_tally_event *event, uint64_t now_ms, uint64_t wall_ms)
{
	struct kl_tally_update update;
	struct kl_fault fault = {0};
	int rc;

	event->now_ms = now_ms;
	event->wall_ms = wall_ms;
	memset(event->entropy, 0x5e, sizeof(event->entropy));
	rc = kl_tallies_step(book, event, &fault, &update);
	WORLD_CHECK(rc == KL_OK, "a step gives %d: %s", rc, fault.message);
	return update;
}

struct kl_tally_update world_feed(struct kl_tallies *book, const struct world_record *record,
	uint64_t now_ms, uint64_t wall_ms)
{
	struct kl_tally_event event = {.kind = KL_TALLY_RECORD};

	event.u.record.author = record->author;
	event.u.record.id = record->id;
	event.u.record.kind = record->kind;
	event.u.record.time_ms = record->time_ms;
	event.u.record.payload_hash = record->hash;
	event.u.record.payload = record->payload;
	event.u.record.roster = record->kind == KL_KIND_TALLY_CALL ? &roster : NULL;
	return world_step(book, &event, now_ms, wall_ms);
}

struct kl_tally_update world_tell(
	struct kl_tallies *book, enum kl_tally_event_kind kind, uint64_t now_ms, uint64_t wall_ms)
{
	struct kl_tally_event event = {.kind = kind, .tally = *world_tally()};

	return world_step(book, &event, now_ms, wall_ms);
}

static struct kl_tallies *new_book(const struct kl_id *own)
{
	struct kl_tallies_options options = {.own = *own, .seat = true};
	struct kl_tallies *book;

	KL_ASSERT(kl_tallies_new(&options, &book) == KL_OK);
	return book;
}

static void give_key(struct kl_tallies *book, unsigned member)
{
	struct kl_tally_event event = {
		.kind = KL_TALLY_KEY, .tally = *world_tally(), .u.key = room.keys[member]};

	(void)world_step(book, &event, WORLD_NOW_MS, WORLD_EARLY_MS);
}

/* ---- preparing ------------------------------------------------------------------------------ */

static void make_members(unsigned n)
{
	member_count = n == 10 ? MEMBERS_MAX : n;
	memset(members, 0, sizeof(members));
	for (unsigned i = 0; i < member_count; i++) {
		members[i].id = members[i].control = id_of(i + 1);
		members[i].verified = members[i].offers_seat = true;
	}
	roster = (struct kl_tally_roster){.hash = id_of(0xa0),
		.convenor = id_of(CONVENOR),
		.minimum = 5,
		.members = members,
		.count = (uint16_t)member_count};
}

/* Two questions of five bins each, one cohort. */
static void make_terms(void)
{
	memset(&call, 0, sizeof(call));
	call.period.kind = KL_PERIOD_YEAR;
	call.period.year = 2025;
	call.metrics = calloc(2, sizeof(*call.metrics));
	KL_ASSERT(call.metrics);
	kl_metric_at(0, &call.metrics[0]);
	kl_metric_at(1, &call.metrics[1]);
	call.metric_count = 2;
	call.cohort_count = 1;
	call.contribute_ms = WORLD_CONTRIBUTE_MS;
	call.decide_ms = WORLD_DECIDE_MS;
	call.minimum = 5;
}

const struct world_record *world_call(const struct kl_tallies *book, uint64_t wall_ms)
{
	struct kl_id convenor = roster.convenor;
	const struct world_record *record;
	struct kl_fault fault = {0};
	struct kl_writer w;

	WORLD_CHECK(kl_tallies_prepare(book, &roster, &call, &fault) == KL_OK, "no call: %s",
		fault.message);
	kl_writer_init(&w);
	kl_tally_call_write(&w, &call);
	record = written(&convenor, KL_KIND_TALLY_CALL, &w);
	records[record - records].time_ms = wall_ms;
	return record;
}

static void find_seats(void)
{
	struct kl_tally_view view;

	KL_ASSERT(kl_tallies_view(room.books[0], world_tally(), &view) == KL_OK);
	committee = view.committee;
	for (unsigned j = 0; j < committee.n; j++)
		seats[j] = (unsigned)kl_tally_roster_find(&roster, &view.seats[j].member);
}

static const struct world_record *first_call(void)
{
	struct kl_tallies *book = new_book(&roster.convenor);
	const struct world_record *record = world_call(book, WORLD_START_MS);

	kl_tallies_destroy(book);
	return record;
}

void world_begin(unsigned n)
{
	const struct world_record *proposed;

	make_members(n);
	make_terms();
	room = (struct room){.count = member_count,
		.bin = BIN,
		.until = KL_KIND_TALLY_PROPOSE,
		.now_ms = WORLD_NOW_MS,
		.wall_ms = WORLD_START_MS};
	(void)first_call();
	for (unsigned i = 0; i < member_count; i++) {
		room.ids[i] = &members[i].id;
		room.books[i] = new_book(&members[i].id);
		(void)world_tell(room.books[i], KL_TALLY_READY, WORLD_NOW_MS, WORLD_START_MS);
	}
	room_run(&room, &records[0], call.metric_count);
	WORLD_CHECK(room.stopped, "nothing is proposed to a committee of %u", n);
	proposed = room.said[room.said_count - 1].record;
	base_count = (size_t)(proposed - records);
	find_seats();
	WORLD_CHECK(committee.n == n, "a committee of %u, not %u", committee.n, n);
	for (unsigned i = 0; i < member_count; i++)
		kl_tallies_destroy(room.books[i]);
	make_proposals(proposed->payload);
}

unsigned world_members(void)
{
	return member_count;
}

const struct kl_id *world_member(unsigned member)
{
	return &members[member].id;
}

unsigned world_seat_of(unsigned member)
{
	for (unsigned j = 0; j < committee.n; j++) {
		if (seats[j] == member)
			return j + 1;
	}
	return 0;
}

void world_end(void)
{
	for (size_t i = 0; i < record_count; i++)
		free((uint8_t *)(uintptr_t)records[i].payload.data);
	kl_tally_call_deinit(&call);
	record_count = base_count = 0;
	memset(proposals, 0, sizeof(proposals));
	memset(votes_made, 0, sizeof(votes_made));
	memset(opens_made, 0, sizeof(opens_made));
	memset(skips_made, 0, sizeof(skips_made));
	memset(quits_made, 0, sizeof(quits_made));
}

/* ---- seats ---------------------------------------------------------------------------------- */

struct kl_tallies *world_book(unsigned seat, bool key, bool shares)
{
	struct kl_tallies *book = new_book(member_of(seat));

	if (key)
		give_key(book, seats[seat - 1]);
	for (size_t i = 0; i < base_count; i++) {
		if (shares || records[i].kind != KL_KIND_TALLY_SHARE)
			(void)world_feed(book, &records[i], WORLD_NOW_MS, WORLD_EARLY_MS);
	}
	return book;
}

static void feed_certificate(struct kl_tallies *book, unsigned attempt, unsigned variant)
{
	for (unsigned i = 0; i < world_parts(attempt, variant); i++)
		(void)world_feed(
			book, world_proposal(attempt, variant, i), WORLD_NOW_MS, WORLD_EARLY_MS);
	for (unsigned seat = 1; seat <= committee.qv; seat++) {
		for (unsigned a = 0; a < attempt; a++)
			(void)world_feed(book, world_skip(seat, a), WORLD_NOW_MS, WORLD_EARLY_MS);
		(void)world_feed(
			book, world_vote(seat, attempt, variant), WORLD_NOW_MS, WORLD_EARLY_MS);
	}
}

const struct world_record *world_open(unsigned seat, unsigned attempt, unsigned variant)
{
	const struct world_record **made = &opens_made[seat - 1][attempt][variant];
	struct kl_tallies *book;
	struct kl_tally_update update;

	if (*made)
		return *made;
	book = world_book(seat, true, true);
	feed_certificate(book, attempt, variant);
	update = world_tell(book, KL_TALLY_READY, WORLD_NOW_MS, WORLD_EARLY_MS);
	for (size_t i = 0; i < update.count; i++) {
		if (update.effects[i].kind == KL_TALLY_APPEND &&
			update.effects[i].u.append.kind == KL_KIND_TALLY_OPEN)
			*made = world_record(member_of(seat), KL_KIND_TALLY_OPEN,
				update.effects[i].u.append.payload);
	}
	kl_tallies_destroy(book);
	WORLD_CHECK(*made, "seat %u does not open what was certified in attempt %u", seat, attempt);
	return *made;
}
