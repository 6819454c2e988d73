#include "tests/bench/bench_tally.h"

#include "core/hash.h"

#include <sodium.h>
#include <string.h>

enum { ENTRIES_IN_PART = 300, ROWS_IN_PART = 600 };

const struct kl_committee committee = {.n = SEATS, .t = 3, .qa = 5, .qv = 5};
struct kl_cells cells;
struct kl_box_keys seats[SEATS];
struct kl_tally_member members[MANY];
struct kl_cohort cohorts[COHORTS];

static const struct kl_id convenor = {{'c'}}, onlooker = {{'o'}};

static uint64_t state = 4;

uint32_t dice(uint32_t sides)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % sides;
}

double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void must(int rc, const char *what)
{
	if (rc)
		give_up(what);
}

/* Three councils to each anchor, in five types, nine regions and so on: thirty cohorts in all. */
static void make_members(void)
{
	struct kl_tally_roster roster = {.members = members, .count = MANY};
	struct kl_cohort usual[KL_COHORTS_MAX];
	uint8_t count;

	for (unsigned i = 0; i < MANY; i++) {
		struct kl_tally_member *m = &members[i];

		m->id.b[0] = m->control.b[0] = (uint8_t)(i >> 8);
		m->id.b[1] = m->control.b[1] = (uint8_t)i;
		m->verified = true;
		m->offers_seat = i < 30; /* for a committee of seven */
		m->council = i % 4 != 0;
		m->deprivation = (uint8_t)(1 + dice(5));
		snprintf(m->type, sizeof m->type, "type %u", dice(5));
		snprintf(m->region, sizeof m->region, "region %u", dice(9));
		snprintf(m->rural, sizeof m->rural, "class %u", dice(6));
		snprintf(m->income, sizeof m->income, "band %u", dice(2));
	}
	must(kl_cohorts_usual(&roster, KL_AUDIT_K_MIN, usual, &count), "no cohorts");
	if (count != COHORTS)
		give_up("not thirty cohorts");
	memcpy(cohorts, usual, sizeof cohorts);
}

void made_begin(void)
{
	uint8_t bins[METRICS];

	memset(bins, BINS, sizeof bins);
	must(kl_cells_init(bins, METRICS, &cells), "no cells");
	for (unsigned j = 0; j < SEATS; j++)
		kl_box_keys_from_seed((const uint8_t[KL_SEED_BYTES]){(uint8_t)(j + 1)}, &seats[j]);
	make_members();
}

/* ---- one contribution ----------------------------------------------------------------------- */

size_t blob_len(unsigned seat)
{
	return kl_share_blob_len(&committee, seat, CELLS);
}

void deal(unsigned member, struct contribution *c)
{
	uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES], one_time[KL_SEED_BYTES];
	uint64_t x[CELLS];
	int16_t answers[METRICS];
	struct kl_dealing dealing;

	for (unsigned m = 0; m < METRICS; m++)
		answers[m] = (int16_t)dice(BINS);
	must(kl_cells_one_hot(&cells, answers, x, c->presence), "no cells");
	randombytes_buf(seeds, sizeof seeds);
	must(kl_deal_init(&committee, x, CELLS, seeds, &dealing), "nothing is dealt");
	c->binding = (struct kl_share_binding){.author = members[member].id, .number = 1};
	for (unsigned j = 1; j <= SEATS; j++) {
		c->binding.seat = (uint8_t)j;
		randombytes_buf(one_time, sizeof one_time);
		must(kl_deal_blob(&dealing, &c->binding, &seats[j - 1].public_key, one_time,
			     c->blobs[j - 1]),
			"nothing is sealed");
		kl_blake2b(kl_bytes(c->blobs[j - 1], blob_len(j)), &c->hashes[j - 1]);
	}
	kl_deal_deinit(&dealing);
}

void contribution_init(struct contribution *c)
{
	memset(c, 0, sizeof *c);
	for (unsigned j = 1; j <= SEATS; j++) {
		c->blobs[j - 1] = malloc(blob_len(j));
		if (!c->blobs[j - 1])
			give_up("no memory");
	}
}

void contribution_deinit(struct contribution *c)
{
	for (unsigned j = 0; j < SEATS; j++)
		free(c->blobs[j]);
}

void challenge_of(struct contribution *c)
{
	const struct kl_challenge_of of = {.tally = c->binding.tally,
		.author = c->binding.author,
		.number = c->binding.number,
		.presence = c->presence,
		.metrics = METRICS,
		.blobs = c->hashes,
		.seats = SEATS};

	kl_challenge_init(&of, &c->challenge);
}

/* ---- a whole tally, as somebody follows it that holds no seat ------------------------------- */

static struct kl_writer *say(struct story *s, const struct kl_id *author, uint32_t kind)
{
	if (s->said_count == PAYLOADS_MAX)
		give_up("too much is said");
	s->authors[s->said_count] = *author;
	s->kinds[s->said_count] = kind;
	kl_writer_init(&s->said[s->said_count]);
	return &s->said[s->said_count++];
}

/* The id of the latest record: made up of what it says. */
static struct kl_id id_of_last(struct story *s)
{
	struct kl_id *id = &s->ids[s->said_count - 1];
	struct kl_bytes bytes;

	must(kl_writer_bytes(&s->said[s->said_count - 1], &bytes), "no memory");
	kl_blake2b(bytes, id);
	return *id;
}

static void call_tally(struct story *s)
{
	struct kl_tallies_options options = {.own = onlooker};
	struct kl_fault fault = {0};
	struct kl_committee drawn;
	struct kl_tallies *book;

	s->roster = (struct kl_tally_roster){.convenor = convenor,
		.minimum = KL_AUDIT_K_MIN,
		.members = members,
		.count = (uint16_t)s->count};
	s->call.period.year = 2026;
	s->call.metrics = calloc(METRICS, sizeof *s->call.metrics);
	if (!s->call.metrics)
		give_up("no memory");
	s->call.metric_count = METRICS;
	for (unsigned m = 0; m < METRICS; m++) {
		size_t index;

		must(kl_metric_index("spend.local_share", &index), "no metric");
		kl_metric_at(index, &s->call.metrics[m]);
		snprintf(s->call.metrics[m].code, KL_METRIC_CODE_MAX, "made.up%u", m);
	}
	s->call.cohort_count = COHORTS;
	memcpy(s->call.cohorts, cohorts, sizeof cohorts);
	s->call.contribute_ms = s->call.decide_ms = 1000000;
	s->call.minimum = KL_AUDIT_K_MIN;
	must(kl_tallies_new(&options, &book), "no book");
	if (kl_tallies_prepare(book, &s->roster, &s->call, &fault))
		give_up(fault.message);
	must(kl_tallies_draw(book, &s->call, &s->roster, &drawn, s->seat_members, &fault),
		"nobody is drawn");
	if (drawn.n != SEATS || drawn.t != committee.t)
		give_up("another committee");
	kl_tallies_destroy(book);
	kl_tally_call_write(say(s, &convenor, KL_KIND_TALLY_CALL), &s->call);
	s->tally = id_of_last(s);
}

static void accept_seats(struct story *s)
{
	for (unsigned j = 0; j < SEATS; j++) {
		const struct kl_tally_accept accept = {
			s->tally, (uint8_t)(j + 1), seats[j].public_key};

		kl_tally_accept_write(say(s, &s->seat_members[j], KL_KIND_TALLY_ACCEPT), &accept);
		id_of_last(s);
	}
}

/* Deals, and works out what each seat would reply. */
static void contribute(struct story *s, unsigned member)
{
	struct kl_tally_contrib contrib = {.tally = s->tally, .number = 1, .blob_count = SEATS};
	uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES];
	struct contribution c = {
		.binding = {.tally = s->tally, .author = members[member].id, .number = 1}};
	uint64_t x[CELLS];
	int16_t answers[METRICS];
	struct kl_dealing dealing;
	struct kl_id id;

	for (unsigned m = 0; m < METRICS; m++)
		answers[m] =
			s->gaps && m % 5 == 0 && dice(20) == 0 ? KL_ABSENT : (int16_t)dice(BINS);
	must(kl_cells_one_hot(&cells, answers, x, c.presence), "no cells");
	randombytes_buf(seeds, sizeof seeds);
	must(kl_deal_init(&committee, x, CELLS, seeds, &dealing), "nothing is dealt");
	for (unsigned j = 0; j < SEATS; j++)
		c.hashes[j] = contrib.blobs[j] =
			(struct kl_id){{(uint8_t)(member >> 8), (uint8_t)member, (uint8_t)(j + 1)}};
	contrib.presence_len = (uint8_t)kl_presence_len(METRICS);
	memcpy(contrib.presence, c.presence, contrib.presence_len);
	kl_tally_contrib_write(say(s, &members[member].id, KL_KIND_TALLY_CONTRIB), &contrib);
	id = id_of_last(s);
	challenge_of(&c);
	for (unsigned j = 0; j < SEATS; j++) {
		struct kl_intake_entry *entry = &s->entries[j][member];

		*entry = (struct kl_intake_entry){(uint16_t)member, id, KL_INTAKE_OK, {{0}, {0}}};
		kl_reply(&cells, c.presence, &c.challenge, kl_deal_vector(&dealing, j + 1),
			&entry->reply);
	}
	kl_deal_deinit(&dealing);
}

/* What a seat says of everybody, in parts; the last one's id is that of the whole. */
static void take_in(struct story *s, unsigned seat)
{
	struct kl_tally_intake intake = {.tally = s->tally, .seat = (uint8_t)seat};
	unsigned done = 0;

	do {
		unsigned left = s->count - done;

		intake.part.number++;
		intake.entries = s->entries[seat - 1] + done;
		intake.count = (uint16_t)(left < ENTRIES_IN_PART ? left : ENTRIES_IN_PART);
		done += intake.count;
		intake.part.more = done < s->count;
		kl_tally_intake_write(
			say(s, &s->seat_members[seat - 1], KL_KIND_TALLY_INTAKE), &intake);
		intake.part.before = id_of_last(s);
	} while (intake.part.more);
	s->intakes[seat - 1] = intake.part.before;
}

/* ---- the machine ---------------------------------------------------------------------------- */

double story_step(struct kl_tallies *book, const struct story *s, enum kl_tally_event_kind kind,
	size_t record)
{
	struct kl_tally_event event = {.kind = kind, .now_ms = 1000, .wall_ms = 1000};
	struct kl_tally_update update;
	struct kl_bytes bytes;
	double begun;

	if (kind == KL_TALLY_RECORD) {
		must(kl_writer_bytes(&s->said[record], &bytes), "no memory");
		event.u.record.author = s->authors[record];
		event.u.record.id = event.u.record.payload_hash = s->ids[record];
		event.u.record.kind = s->kinds[record];
		event.u.record.time_ms = 1000;
		event.u.record.payload = bytes;
		event.u.record.roster = &s->roster;
	}
	begun = cpu();
	must(kl_tallies_step(book, &event, NULL, &update), "the machine stands still");
	return cpu() - begun;
}

struct kl_tallies *story_follow(const struct story *s, size_t records)
{
	struct kl_tallies_options options = {.own = onlooker};
	struct kl_tallies *book;

	must(kl_tallies_new(&options, &book), "no book");
	for (size_t i = 0; i < records; i++)
		(void)story_step(book, s, KL_TALLY_RECORD, i);
	(void)story_step(book, s, KL_TALLY_READY, 0);
	return book;
}

/* What an honest leader proposes, in parts. */
static void propose(struct story *s)
{
	struct kl_tallies *book = story_follow(s, s->said_count);
	struct kl_tally *t = kl_tallies_find(book, &s->tally);
	struct kl_tally_propose record = {.tally = s->tally, .cited_count = SEATS};
	struct kl_outcome outcome;
	struct kl_cited cited;
	size_t done = 0;
	int rc = KL_E_BUSY;

	for (unsigned j = 0; j < SEATS; j++)
		record.cited[j] = (struct kl_proposal_cited){(uint8_t)(j + 1), s->intakes[j]};
	if (!kl_tally_cited(t, record.cited, SEATS, &cited))
		give_up("an INTAKE is missing");
	while (rc == KL_E_BUSY) {
		book->effort_left = UINT64_MAX;
		rc = kl_tally_outcome(book, t, &cited, record.earlier, 0, &outcome);
	}
	must(rc, "no outcome");
	do {
		record.part.number++;
		if (done > 0)
			record.cited_count = 0;
		record.rows = outcome.rows + done;
		record.row_count = (uint16_t)(outcome.row_count - done < ROWS_IN_PART
						      ? outcome.row_count - done
						      : ROWS_IN_PART);
		done += record.row_count;
		record.part.more = done < outcome.row_count;
		kl_tally_propose_write(say(s, &s->seat_members[0], KL_KIND_TALLY_PROPOSE), &record);
		record.part.before = id_of_last(s);
	} while (record.part.more);
	kl_outcome_deinit(&outcome);
	kl_tallies_destroy(book);
}

void story_free(struct story *s)
{
	for (size_t i = 0; i < s->said_count; i++)
		kl_writer_deinit(&s->said[i]);
	for (unsigned j = 0; j < SEATS; j++)
		free(s->entries[j]);
	kl_tally_call_deinit(&s->call);
	free(s);
}

struct story *story_tell(unsigned count, bool gaps)
{
	struct story *s = calloc(1, sizeof *s);

	if (!s)
		give_up("no memory");
	s->count = count;
	s->gaps = gaps;
	for (unsigned j = 0; j < SEATS; j++) {
		s->entries[j] = calloc(count, sizeof *s->entries[j]);
		if (!s->entries[j])
			give_up("no memory");
	}
	call_tally(s);
	accept_seats(s);
	for (unsigned i = 0; i < count; i++)
		contribute(s, i);
	for (unsigned j = 1; j <= SEATS; j++)
		take_in(s, j);
	propose(s);
	return s;
}
