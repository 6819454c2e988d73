/* The tally machine, fed with anything that may stand in the records of others.
 *
 * The sample is a whole tally: six members with a book each run it to its end, and what the first of
 * them was fed is written down as a script. The target feeds one book with a changed script.
 *
 * A script is a list of [what, argument, length, bytes]:
 *     0..13  a record of that kind by member `argument`; if the highest bit is set, the id of the
 *            first CALL is put where a payload names its tally; if the next one is, the record stands
 *            behind a fork
 *     16     time passes, as many ms as the length says
 *     17     everything stored has been fed     19  the owner agrees: bytes are bins
 *     18     member `argument` was heard        20  the owner declines
 *     21     something could not be done    23  the owner takes its answer back
 *     22     EVIDENCE by member `argument`: bytes are seat, and for one or two records kind, u16 length,
 *            payload, as if that seat had signed them */
#include "core/error.h"
#include "core/hash.h"
#include "protocol/tally.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { MEMBERS = 6, METRICS = 2, FOLLOWING_MAX = 256, RECORDS_MAX = 256 };
enum { TIME = 16, READY, HEARD, AGREE, DECLINE, FAILED, SHOWN, WITHDRAW };
enum { NOBODY, EVERYBODY, SOME_TAKE_IT_BACK }; /* who agrees in a sample */
enum { START_MS = 1000000, ROOM_MAX = 32 << 20, TALLY_ID_AT = 4 };

static const uint8_t kinds[] = {KL_KIND_TALLY_CALL, KL_KIND_TALLY_ACCEPT, KL_KIND_TALLY_SHARE,
	KL_KIND_TALLY_CONTRIB, KL_KIND_TALLY_WITHDRAW, KL_KIND_TALLY_INTAKE, KL_KIND_TALLY_PROPOSE,
	KL_KIND_TALLY_VOTE, KL_KIND_TALLY_SKIP, KL_KIND_TALLY_OPEN, KL_KIND_TALLY_QUIT,
	KL_KIND_TALLY_CLOSE, KL_KIND_TALLY_EVIDENCE, KL_KIND_TALLY_DECLINE};

/* ---- who takes part ------------------------------------------------------------------------ */

static struct kl_tally_member people[MEMBERS];

static struct kl_id id_of(unsigned number)
{
	return (struct kl_id){{(uint8_t)(number + 1), 'm'}};
}

static const struct kl_id convenor = {{0xff, 'c'}};

static const struct kl_tally_roster *the_roster(void)
{
	static struct kl_tally_roster roster = {
		.hash = {{'r'}}, .minimum = 5, .members = people, .count = MEMBERS};

	roster.convenor = convenor;
	for (unsigned i = 0; i < MEMBERS; i++) {
		people[i].id = people[i].control = id_of(i);
		people[i].verified = people[i].offers_seat = true;
		people[i].council = i % 2;
	}
	return &roster;
}

/* ---- one member at work -------------------------------------------------------------------- */

struct following {
	enum kl_tally_event_kind kind;
	struct kl_id tally;
	uint8_t *bytes; /* payload, key or bins; owned */
	size_t len;
	uint32_t record_kind;
};

struct member {
	struct kl_tallies *book;
	unsigned number;
	uint64_t now, steps;
	struct following following[FOLLOWING_MAX];
	size_t first, count;
	/* told of each own record; may be NULL */
	void (*said)(void *data, unsigned member, uint32_t kind, struct kl_bytes payload);
	void *data;
};

static void record_id(unsigned author, uint32_t kind, struct kl_bytes payload, struct kl_id *ret_id)
{
	struct kl_hash hash;

	kl_hash_init(&hash, "fuzz/record");
	kl_hash_add_u32(&hash, author);
	kl_hash_add_u32(&hash, kind);
	kl_hash_add(&hash, payload);
	kl_hash_final(&hash, ret_id);
}

static void follow(struct member *m, struct following next, const void *bytes, size_t len)
{
	if (m->count == FOLLOWING_MAX)
		return;
	next.bytes = malloc(len + 1);
	FUZZ_CHECK(next.bytes);
	if (len)
		memcpy(next.bytes, bytes, len);
	next.len = len;
	m->following[(m->first + m->count++) % FOLLOWING_MAX] = next;
}

static void check_own(struct member *m, uint32_t kind, struct kl_bytes payload)
{
	struct kl_tally_open open;
	struct kl_id tally;

	FUZZ_CHECK(payload.len <= KL_PAYLOAD_MAX);
	if (kind != KL_KIND_TALLY_SHARE && kind != KL_KIND_TALLY_CALL)
		FUZZ_CHECK(!kl_tally_payload_tally(payload, &tally));
	if (kind == KL_KIND_TALLY_OPEN) {
		FUZZ_CHECK(!kl_tally_open_read(payload, &open) && open.vote_count >= 5);
		kl_tally_open_deinit(&open);
	}
	if (m->said)
		m->said(m->data, m->number, kind, payload);
}

static void carry_out(struct member *m, const struct kl_tally_effect *e)
{
	struct following next = {.tally = e->tally};

	switch (e->kind) {
	case KL_TALLY_APPEND:
		check_own(m, e->u.append.kind, e->u.append.payload);
		next.kind = KL_TALLY_RECORD;
		next.record_kind = e->u.append.kind;
		follow(m, next, e->u.append.payload.data, e->u.append.payload.len);
		break;
	case KL_TALLY_KEY_WRITE:
		next.kind = KL_TALLY_KEY;
		follow(m, next, e->u.key, KL_SEED_BYTES);
		break;
	case KL_TALLY_KEEP_ANSWERS:
		next.kind = KL_TALLY_ANSWERS;
		follow(m, next, e->u.answers.bins, e->u.answers.count * sizeof(int16_t));
		break;
	default:
		break;
	}
}

static int step(struct member *m, struct kl_tally_event *event)
{
	struct kl_tally_update update = {0};
	struct kl_fault fault = {0};
	int rc;

	event->now_ms = event->wall_ms = m->now;
	kl_put_u64(event->entropy, ++m->steps);
	event->entropy[8] = (uint8_t)m->number;
	rc = kl_tallies_step(m->book, event, &fault, &update);
	FUZZ_CHECK(rc != KL_E_NOMEM && rc != KL_E_BUG);
	for (size_t i = 0; i < update.count; i++)
		carry_out(m, &update.effects[i]);
	return rc;
}

static void feed_as(struct member *m, enum kl_tally_event_kind how, unsigned author, uint32_t kind,
	struct kl_bytes payload)
{
	struct kl_tally_event event = {.kind = how};

	event.u.record.author = author < MEMBERS ? id_of(author) : convenor;
	event.u.record.kind = kind;
	event.u.record.time_ms = START_MS;
	event.u.record.payload = payload;
	record_id(author, kind, payload, &event.u.record.id);
	kl_blake2b(payload, &event.u.record.payload_hash);
	if (kind == KL_KIND_TALLY_CALL)
		event.u.record.roster = the_roster();
	step(m, &event);
}

static void feed_record(struct member *m, unsigned author, uint32_t kind, struct kl_bytes payload)
{
	feed_as(m, KL_TALLY_RECORD, author, kind, payload);
}

/* What the member owes to itself: its own records, keys and answers come back. */
static void catch_up(struct member *m)
{
	for (unsigned turns = 0; m->count && turns < FOLLOWING_MAX; turns++) {
		struct following f = m->following[m->first];
		struct kl_tally_event event = {.kind = f.kind, .tally = f.tally};
		int16_t bins[METRICS] = {0};

		m->first = (m->first + 1) % FOLLOWING_MAX;
		m->count--;
		if (f.kind == KL_TALLY_RECORD) {
			feed_record(m, m->number, f.record_kind, kl_bytes(f.bytes, f.len));
		} else if (f.kind == KL_TALLY_KEY) {
			event.u.key = f.bytes;
			step(m, &event);
		} else if (f.len <= sizeof bins) {
			memcpy(bins, f.bytes, f.len);
			event.u.answers.bins = bins;
			event.u.answers.count = f.len / sizeof *bins;
			step(m, &event);
		}
		free(f.bytes);
	}
}

/* Every signature is a good one: forgers have no use for a fuzzer. */
static bool believe(void *context, const struct kl_id *public_key, struct kl_bytes message,
	const uint8_t signature[KL_SIGNATURE_BYTES])
{
	(void)context;
	(void)public_key;
	(void)message;
	(void)signature;
	return true;
}

static void begin(struct member *m, unsigned number)
{
	static struct kl_verifier verifier = {believe, NULL, 0};
	struct kl_tallies_options options = {
		.own = id_of(number), .seat = true, .verifier = &verifier};

	*m = (struct member){.number = number, .now = START_MS};
	FUZZ_CHECK(!kl_tallies_new(&options, &m->book));
}

static void end(struct member *m)
{
	while (m->count) {
		free(m->following[m->first].bytes);
		m->first = (m->first + 1) % FOLLOWING_MAX;
		m->count--;
	}
	kl_tallies_destroy(m->book);
}

static void simple_event(struct member *m, enum kl_tally_event_kind kind, const struct kl_id *tally,
	const int16_t *bins, size_t count)
{
	struct kl_tally_event event = {.kind = kind};

	if (tally)
		event.tally = *tally;
	if (bins) {
		event.u.answers.bins = bins;
		event.u.answers.count = count;
	} else if (kind == KL_TALLY_HEARD) {
		event.u.member = *tally;
	}
	step(m, &event);
	catch_up(m);
}

/* ---- the sample ---------------------------------------------------------------------------- */

struct record {
	unsigned author;
	uint32_t kind;
	struct kl_bytes payload;
	uint8_t *memory;
};

struct story {
	struct member members[MEMBERS];
	struct record records[RECORDS_MAX];
	size_t n, fed[MEMBERS];
	struct kl_writer script; /* of what member 0 was fed */
	struct kl_id tally;
};

static void publish(void *data, unsigned member, uint32_t kind, struct kl_bytes payload)
{
	struct story *s = data;
	struct record *r = &s->records[s->n];

	FUZZ_CHECK(s->n < RECORDS_MAX);
	r->memory = malloc(payload.len + 1);
	FUZZ_CHECK(r->memory);
	memcpy(r->memory, payload.data, payload.len);
	*r = (struct record){member, kind, kl_bytes(r->memory, payload.len), r->memory};
	s->n++;
}

static void write_down(struct story *s, const struct record *r)
{
	uint8_t index = 0;

	while (kinds[index] != r->kind)
		index++;
	fuzz_step(&s->script, index, (uint8_t)r->author, r->payload);
}

/* Everybody gets everything that was said, until nobody has more to say. */
static void spread(struct story *s)
{
	for (bool more = true; more;) {
		more = false;
		for (unsigned i = 0; i < MEMBERS; i++) {
			if (s->fed[i] == s->n)
				continue;
			const struct record r = s->records[s->fed[i]++];

			more = true;
			if (r.author == i)
				continue;
			if (i == 0)
				write_down(s, &r);
			feed_record(&s->members[i], r.author, r.kind, r.payload);
			catch_up(&s->members[i]);
		}
	}
}

static void wait_for(struct story *s, uint16_t ms)
{
	uint8_t head[4] = {TIME, 0, (uint8_t)ms, (uint8_t)(ms >> 8)};

	kl_write_raw(&s->script, kl_bytes(head, sizeof head));
	for (unsigned i = 0; i < MEMBERS; i++) {
		s->members[i].now += ms;
		simple_event(&s->members[i], KL_TALLY_TICK, NULL, NULL, 0);
	}
	spread(s);
}

static void call(struct story *s)
{
	static const char *const codes[METRICS] = {"lm3.score", "maturity.c1"};
	struct kl_metric *metrics = calloc(METRICS, sizeof *metrics);
	struct kl_tally_call terms = {.period = {KL_PERIOD_YEAR, 2016, 0},
		.metrics = metrics,
		.metric_count = METRICS,
		.contribute_ms = 30000,
		.decide_ms = 20000,
		.cohorts = {{KL_COHORT_EVERYBODY, ""}},
		.cohort_count = 1,
		.minimum = 5};
	struct kl_bytes payload;
	struct kl_writer w;

	FUZZ_CHECK(metrics);
	for (size_t i = 0; i < METRICS; i++)
		FUZZ_CHECK(!kl_metric_find(codes[i], &metrics[i], NULL));
	FUZZ_CHECK(!kl_tallies_prepare(s->members[0].book, the_roster(), &terms, NULL));
	kl_writer_init(&w);
	kl_tally_call_write(&w, &terms);
	FUZZ_CHECK(!kl_writer_bytes(&w, &payload));
	record_id(MEMBERS, KL_KIND_TALLY_CALL, payload, &s->tally);
	publish(s, MEMBERS, KL_KIND_TALLY_CALL, payload);
	kl_writer_deinit(&w);
	kl_tally_call_deinit(&terms);
}

static void agrees(struct story *s, unsigned member)
{
	int16_t bins[METRICS] = {(int16_t)(member % 3), (int16_t)(member % 5)};

	if (member == 0)
		fuzz_step(&s->script, AGREE, 0, kl_bytes(bins, sizeof bins));
	simple_event(&s->members[member], KL_TALLY_CONTRIBUTE, &s->tally, bins, METRICS);
	spread(s);
}

static void add_shown(struct kl_writer *w, const struct record *r)
{
	uint8_t head[3] = {0, (uint8_t)r->payload.len, (uint8_t)(r->payload.len >> 8)};

	while (kinds[head[0]] != r->kind)
		head[0]++;
	kl_write_raw(w, kl_bytes(head, sizeof head));
	kl_write_raw(w, r->payload);
}

/* A seat that votes has skipped, too. */
static void show_a_lie(struct story *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct kl_tally_skip skip = {.tally = s->tally};
		struct record lie = {.kind = KL_KIND_TALLY_SKIP};
		struct kl_writer w, bytes;
		struct kl_bytes written;
		struct kl_tally_vote vote;

		if (s->records[i].kind != KL_KIND_TALLY_VOTE || s->records[i].author == 0)
			continue;
		FUZZ_CHECK(!kl_tally_vote_read(s->records[i].payload, &vote));
		skip.attempt = vote.attempt;
		skip.seat = vote.seat;
		kl_writer_init(&w);
		kl_writer_init(&bytes);
		kl_tally_skip_write(&w, &skip);
		FUZZ_CHECK(!kl_writer_bytes(&w, &lie.payload));
		kl_write_raw(&bytes, kl_bytes(&vote.seat, 1));
		add_shown(&bytes, &s->records[i]);
		add_shown(&bytes, &lie);
		FUZZ_CHECK(!kl_writer_bytes(&bytes, &written));
		fuzz_step(&s->script, SHOWN, MEMBERS, written);
		kl_writer_deinit(&bytes);
		kl_writer_deinit(&w);
		return;
	}
}

static void takes_back(struct story *s, unsigned member)
{
	if (member == 0)
		fuzz_step(&s->script, WITHDRAW, 0, kl_bytes(NULL, 0));
	simple_event(&s->members[member], KL_TALLY_WITHDRAW, &s->tally, NULL, 0);
	spread(s);
}

/* The last one speaks when the others are done: then no seat waits any more. */
static void answer(struct story *s, int who)
{
	for (unsigned i = 0; i + 1 < MEMBERS; i++)
		agrees(s, i);
	if (who == SOME_TAKE_IT_BACK) {
		takes_back(s, 0);
		takes_back(s, 1);
		agrees(s, 0);
	}
	agrees(s, MEMBERS - 1);
}

static void play(struct story *s, int who)
{
	for (unsigned i = 0; i < MEMBERS; i++) {
		begin(&s->members[i], i);
		s->members[i].said = publish;
		s->members[i].data = s;
		if (i == 0)
			fuzz_step(&s->script, READY, 0, kl_bytes(NULL, 0));
		simple_event(&s->members[i], KL_TALLY_READY, NULL, NULL, 0);
	}
	call(s);
	spread(s);
	wait_for(s, 1000);
	if (who != NOBODY)
		answer(s, who);
	for (unsigned i = 0; i < 12; i++)
		wait_for(s, 10000);
	show_a_lie(s);
}

void kl_fuzz_samples_tally_book(struct fuzz_corpus *corpus)
{
	for (int who = SOME_TAKE_IT_BACK; who >= NOBODY; who--) {
		struct story *s = calloc(1, sizeof *s);
		struct kl_tally_view view;

		FUZZ_CHECK(s);
		kl_writer_init(&s->script);
		play(s, who);
		FUZZ_CHECK(!kl_tallies_view(s->members[0].book, &s->tally, &view));
		FUZZ_CHECK(who == NOBODY || view.certified);
		FUZZ_CHECK(view.contributors == (who == NOBODY ? 0 : MEMBERS - who + 1));
		fuzz_sample_written(corpus, &s->script);
		for (unsigned i = 0; i < MEMBERS; i++)
			end(&s->members[i]);
		for (size_t i = 0; i < s->n; i++)
			free(s->records[i].memory);
		kl_writer_deinit(&s->script);
		free(s);
	}
}

/* ---- the target ---------------------------------------------------------------------------- */

static void check_results(const struct kl_tallies *book, const struct kl_tally_view *view)
{
	struct kl_tally_result result;

	for (uint16_t metric = 0; metric <= view->call->metric_count; metric++)
		for (uint8_t cohort = 0; cohort <= view->call->cohort_count; cohort++) {
			if (kl_tallies_result(book, &view->id, metric, cohort, &result))
				continue;
			FUZZ_CHECK(view->certified && metric < view->call->metric_count);
			FUZZ_CHECK(cohort < view->call->cohort_count);
			FUZZ_CHECK(result.counted <= result.n);
			if (result.why == KL_PLAN_RELEASED)
				FUZZ_CHECK(result.counted >= view->call->minimum);
		}
}

static void check_seats(const struct kl_tallies *book, const struct kl_tally_view *view)
{
	struct kl_tally_progress progress;
	struct kl_tally_barred who[MEMBERS];

	FUZZ_CHECK(!kl_tallies_progress(book, &view->id, &progress));
	FUZZ_CHECK(progress.vote.have <= view->committee.n);
	FUZZ_CHECK(progress.open.have <= view->committee.n);
	FUZZ_CHECK(progress.quit.have <= view->committee.n);
	FUZZ_CHECK(kl_tally_wait_name(progress.wait)[0]);
	for (unsigned j = 0; j < view->committee.n; j++)
		FUZZ_CHECK(view->seats[j].conflict || !view->seats[j].proven);
	FUZZ_CHECK(kl_tallies_barred(book, &view->id, who, MEMBERS) <= MEMBERS * KL_TALLIES_MAX);
	FUZZ_CHECK(
		kl_tallies_passed_over(book, &view->id, who, MEMBERS) <= MEMBERS * KL_TALLIES_MAX);
}

static void check_book(const struct kl_tallies *book, size_t before)
{
	FUZZ_CHECK(kl_tallies_count(book) <= KL_TALLIES_MAX);
	for (size_t i = 0; i < kl_tallies_count(book); i++) {
		const struct kl_id *id = kl_tallies_at(book, i);
		struct kl_tally_view view;

		FUZZ_CHECK(!kl_tallies_view(book, id, &view));
		FUZZ_CHECK(kl_id_equal(&view.id, id) && view.why);
		FUZZ_CHECK(view.contributors + view.decliners <= MEMBERS);
		FUZZ_CHECK(view.contributors + view.withdrawers <= MEMBERS);
		FUZZ_CHECK(!(view.contributed && view.withdrawn) && view.number <= 3);
		FUZZ_CHECK(kl_tally_state_name(view.state)[0] && kl_tally_gate_name(view.gate)[0]);
		if (view.call)
			check_results(book, &view);
		check_seats(book, &view);
	}
	FUZZ_CHECK(fuzz_allocated() < before + ROOM_MAX);
}

static void comes_record(struct member *m, uint8_t what, uint8_t who, struct kl_bytes bytes)
{
	uint8_t *payload = malloc(bytes.len + 1);
	unsigned author = who % (MEMBERS + 1);

	FUZZ_CHECK(payload);
	if (bytes.len)
		memcpy(payload, bytes.data, bytes.len);
	if (what & 0x80 && bytes.len >= TALLY_ID_AT + KL_ID_BYTES && kl_tallies_count(m->book))
		memcpy(payload + TALLY_ID_AT, kl_tallies_at(m->book, 0)->b, KL_ID_BYTES);
	if (author != m->number)
		feed_as(m, what & 0x40 ? KL_TALLY_FROZEN : KL_TALLY_RECORD, author,
			kinds[(what & 0x1f) % sizeof kinds], kl_bytes(payload, bytes.len));
	free(payload);
	catch_up(m);
}

/* A record as that member would have signed it. */
static void write_whole(
	struct kl_writer *w, const struct kl_id *author, uint32_t kind, struct kl_bytes payload)
{
	static const uint8_t signature[KL_SIGNATURE_BYTES];
	struct kl_header h = {
		.author = *author, .seq = 1, .kind = kind, .payload_len = (uint32_t)payload.len};
	struct kl_record record = {
		.signature = kl_bytes(signature, sizeof signature), .payload = payload};
	uint8_t header[KL_HEADER_MAX];

	kl_key_id(author, h.key_id);
	kl_blake2b(payload, &h.payload_hash);
	record.header = kl_bytes(header, kl_header_encode(&h, header));
	kl_record_write(w, &record);
}

static void comes_shown(struct member *m, uint8_t who, struct kl_bytes bytes)
{
	struct fuzz_script script = {bytes.data, bytes.len};
	struct kl_writer records[KL_TALLY_EVIDENCE_MAX], w;
	struct kl_tally_evidence evidence = {.seat = fuzz_u8(&script)};
	struct kl_tally_view view;
	struct kl_bytes payload;

	if (!kl_tallies_count(m->book) || who % (MEMBERS + 1) == m->number)
		return;
	FUZZ_CHECK(!kl_tallies_view(m->book, kl_tallies_at(m->book, 0), &view));
	if (evidence.seat < 1 || evidence.seat > view.committee.n)
		return;
	evidence.tally = view.id;
	kl_writer_init(&w);
	while (script.len && evidence.count < KL_TALLY_EVIDENCE_MAX) {
		struct kl_writer *r = &records[evidence.count];
		uint32_t kind = kinds[fuzz_u8(&script) % sizeof kinds];
		uint16_t size = fuzz_u16(&script);

		kl_writer_init(r);
		write_whole(
			r, &view.seats[evidence.seat - 1].member, kind, fuzz_bytes(&script, size));
		FUZZ_CHECK(!kl_writer_bytes(r, &evidence.records[evidence.count++]));
	}
	kl_tally_evidence_write(&w, &evidence);
	FUZZ_CHECK(!kl_writer_bytes(&w, &payload));
	feed_record(m, who % (MEMBERS + 1), KL_KIND_TALLY_EVIDENCE, payload);
	catch_up(m);
	for (unsigned i = 0; i < evidence.count; i++)
		kl_writer_deinit(&records[i]);
	kl_writer_deinit(&w);
}

static void one_step(struct member *m, struct fuzz_script *script)
{
	uint8_t what = fuzz_u8(script), who = fuzz_u8(script);
	uint16_t size = fuzz_u16(script);
	const struct kl_id *tally =
		kl_tallies_count(m->book) ? kl_tallies_at(m->book, 0) : &convenor;
	struct kl_id heard = id_of(who);
	int16_t bins[METRICS] = {0};
	struct kl_bytes bytes;

	switch (what & 0x1f) {
	case TIME:
		m->now += size;
		simple_event(m, KL_TALLY_TICK, NULL, NULL, 0);
		break;
	case READY:
		simple_event(m, KL_TALLY_READY, NULL, NULL, 0);
		break;
	case HEARD:
		simple_event(m, KL_TALLY_HEARD, &heard, NULL, 0);
		break;
	case AGREE:
		bytes = fuzz_bytes(script, size);
		memcpy(bins, bytes.data, bytes.len < sizeof bins ? bytes.len : sizeof bins);
		simple_event(m, KL_TALLY_CONTRIBUTE, tally, bins, METRICS);
		break;
	case DECLINE:
		simple_event(m, KL_TALLY_DECLINE, tally, NULL, 0);
		break;
	case WITHDRAW:
		simple_event(m, KL_TALLY_WITHDRAW, tally, NULL, 0);
		break;
	case FAILED:
		simple_event(m, KL_TALLY_FAILED, tally, NULL, 0);
		break;
	case SHOWN:
		comes_shown(m, who, fuzz_bytes(script, size));
		break;
	default:
		comes_record(m, what, who, fuzz_bytes(script, size));
	}
}

int kl_fuzz_tally_book(const uint8_t *data, size_t len)
{
	struct fuzz_script script = {data, len};
	struct member *m = calloc(1, sizeof *m);
	size_t before = fuzz_allocated();

	FUZZ_CHECK(m);
	begin(m, 0);
	while (script.len)
		one_step(m, &script);
	check_book(m->book, before);
	end(m);
	free(m);
	return 1;
}
