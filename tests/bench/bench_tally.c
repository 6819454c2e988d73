/* What counting unseen costs: 120 metrics of 16 bins, 30 cohorts, a committee of 7 with threshold 3, for
 * 400 contributors and for a quarter of them. Each figure is the median of nine turns that change
 * places with what it is compared to: libsodium's own seals, additions and nothing else.
 *
 *     bench_tally FOLDER   (for a store, on the disk that is meant) */
#include "core/echelon.h"
#include "core/field.h"
#include "core/hash.h"
#include "core/judge.h"
#include "core/selection.h"
#include "core/sums.h"
#include "protocol/record.h"
#include "protocol/tally_book.h"
#include "store/feeds.h"
#include "tests/bench/bench.h"

#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	METRICS = 120,
	BINS = 16,
	CELLS = METRICS * BINS,
	COHORTS = 30,
	MANY = 400,
	FEW = MANY / 4,
	COUNCILS_OF_ENGLAND = 317,
	TURNS = 9,
	SEATS = 7,
};

static const struct kl_committee committee = {.n = SEATS, .t = 3, .qa = 5, .qv = 5};

static struct kl_cells cells;
static struct kl_box_keys seats[SEATS];
static struct kl_tally_member members[MANY];
static struct kl_cohort cohorts[KL_COHORTS_MAX];
static uint64_t state = 4;

static uint32_t dice(uint32_t sides)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % sides;
}

/* Seconds of processor time: the neighbours' work does not count. */
static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(int rc, const char *what)
{
	if (rc)
		give_up(what);
}

/* Three councils to each anchor, in five types, nine regions and so on: thirty cohorts in all. */
static void make_members(void)
{
	struct kl_tally_roster roster = {.members = members, .count = MANY};
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
	must(kl_cohorts_usual(&roster, KL_AUDIT_K_MIN, cohorts, &count), "no cohorts");
	if (count != COHORTS)
		give_up("not thirty cohorts");
}

/* ---- one contribution ----------------------------------------------------------------------- */

struct contribution {
	struct kl_challenge challenge;
	struct kl_share_binding binding;
	uint8_t presence[KL_PRESENCE_MAX];
	uint8_t *blobs[SEATS]; /* owned */
	struct kl_id hashes[SEATS];
};

static size_t blob_len(unsigned seat)
{
	return kl_share_blob_len(&committee, seat, CELLS);
}

/* Everything a member does with its answers but writing records. */
static void deal(unsigned member, struct contribution *c)
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

static void contribution_init(struct contribution *c)
{
	memset(c, 0, sizeof *c);
	for (unsigned j = 1; j <= SEATS; j++) {
		c->blobs[j - 1] = malloc(blob_len(j));
		if (!c->blobs[j - 1])
			give_up("no memory");
	}
}

static void contribution_deinit(struct contribution *c)
{
	for (unsigned j = 0; j < SEATS; j++)
		free(c->blobs[j]);
}

static void challenge_of(struct contribution *c)
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

static void open_share(struct contribution *c, unsigned seat, uint64_t *ret_vector)
{
	c->binding.seat = (uint8_t)seat;
	must(kl_share_open(&committee, &c->binding, CELLS, &seats[seat - 1],
		     kl_bytes(c->blobs[seat - 1], blob_len(seat)), ret_vector),
		"a share does not open");
}

/* The same bytes, sealed and opened by libsodium alone. */
static double seal_raw(uint8_t *plain, uint8_t *blob)
{
	double begun = cpu();

	for (unsigned j = 1; j <= SEATS; j++)
		if (crypto_box_seal(
			    blob, plain, blob_len(j) - KL_SEAL_EXTRA, seats[j - 1].public_key.b))
			give_up("libsodium does not seal");
	return cpu() - begun;
}

static double open_raw(const struct contribution *c, uint8_t *plain)
{
	const struct kl_box_keys *keys = &seats[SEATS - 1];
	double begun = cpu();

	if (crypto_box_seal_open(
		    plain, c->blobs[SEATS - 1], blob_len(SEATS), keys->public_key.b, keys->secret))
		give_up("libsodium does not open");
	return cpu() - begun;
}

enum { DEAL, SEAL_RAW, OPEN, OPEN_RAW, REPLY, ONE_KINDS };

static void one_turn(struct contribution *c, double *ret_times)
{
	static uint64_t vector[KL_SHARE_VECTOR_MAX];
	static uint8_t plain[KL_SHARE_PLAIN_MAX], blob[KL_SHARE_BLOB_MAX];
	struct kl_reply reply;
	double begun = cpu();

	deal(7, c);
	ret_times[DEAL] = cpu() - begun;
	ret_times[SEAL_RAW] = seal_raw(plain, blob);
	begun = cpu();
	open_share(c, SEATS, vector);
	ret_times[OPEN] = cpu() - begun;
	ret_times[OPEN_RAW] = open_raw(c, plain);
	begun = cpu();
	challenge_of(c);
	kl_reply(&cells, c->presence, &c->challenge, vector, &reply);
	ret_times[REPLY] = cpu() - begun;
}

static void measure_one(void)
{
	static const char *const names[ONE_KINDS] = {
		"deal", "seal_raw", "open", "open_raw", "reply"};
	double times[ONE_KINDS][TURNS], turn[ONE_KINDS];
	struct contribution c;

	contribution_init(&c);
	for (int i = 0; i < TURNS; i++) {
		one_turn(&c, turn);
		for (int k = 0; k < ONE_KINDS; k++)
			times[k][i] = turn[k];
	}
	for (int k = 0; k < ONE_KINDS; k++)
		printf("tally_%s_us %.2f\n", names[k], 1e6 * median(times[k], TURNS));
	contribution_deinit(&c);
}

/* ---- what a seat adds up -------------------------------------------------------------------- */

static struct kl_set sets[COHORTS];

static void make_sets(unsigned count)
{
	const struct kl_tally_roster roster = {.members = members, .count = (uint16_t)count};

	for (unsigned c = 0; c < COHORTS; c++)
		kl_cohort_members(&roster, &cohorts[c], NULL, &sets[c]);
}

static double add_sums(const uint64_t *const *rows, unsigned count)
{
	static const uint8_t each[BINS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
	const struct kl_runs runs = {each, BINS};
	uint64_t sum[BINS];
	double begun = cpu();

	for (unsigned m = 0; m < METRICS; m++)
		for (unsigned c = 0; c < COHORTS; c++)
			must(kl_partial_sum(&cells, m, &runs, rows, count, &sets[c], sum),
				"a set has no sum");
	return cpu() - begun;
}

/* The same additions, and nothing else. */
static double add_raw(const uint64_t *const *rows, unsigned count, uint64_t *ret_sum)
{
	double begun = cpu();

	for (unsigned m = 0; m < METRICS; m++)
		for (unsigned c = 0; c < COHORTS; c++)
			for (size_t i = kl_set_next(&sets[c], 0); i < count;
				i = kl_set_next(&sets[c], i + 1))
				for (unsigned b = 0; b < BINS; b++)
					ret_sum[b] = kl_field_add(
						ret_sum[b], rows[i][cells.offset[m] + b]);
	return cpu() - begun;
}

static void measure_sums(unsigned count)
{
	const uint64_t *rows[MANY];
	double ours[TURNS], raw[TURNS];
	uint64_t sum[BINS] = {0};
	uint8_t key[KL_ENTROPY_BYTES] = {0};

	for (unsigned i = 0; i < count; i++) {
		uint64_t *row = malloc(kl_share_elements(CELLS) * sizeof *row);

		if (!row)
			give_up("no memory");
		key[0] = (uint8_t)i;
		kl_expand(key, kl_share_elements(CELLS), row);
		rows[i] = row;
	}
	make_sets(count);
	for (int i = 0; i < TURNS; i++) {
		ours[i] = add_sums(rows, count);
		raw[i] = add_raw(rows, count, sum);
	}
	printf("tally_sums_%u_ms %.3f\n", count, 1e3 * median(ours, TURNS));
	printf("tally_sums_raw_%u_ms %.3f\n", count, 1e3 * median(raw, TURNS));
	for (unsigned i = 0; i < count; i++)
		free((void *)(uintptr_t)rows[i]);
	if (sum[0] == UINT64_MAX)
		give_up("no element");
}

/* ---- what may be released ------------------------------------------------------------------- */

static void measure_audit(unsigned count)
{
	static struct kl_plan_candidate candidates[COHORTS];
	static struct kl_plan_row rows[COHORTS];
	static uint16_t controls[MANY];
	const struct kl_population population = {controls, count};
	const struct kl_set *family[COHORTS];
	const struct kl_id key = {{1}};
	double audits[TURNS], plans[TURNS];
	size_t smallest;

	make_sets(count);
	for (unsigned i = 0; i < count; i++)
		controls[i] = (uint16_t)i;
	for (unsigned c = 0; c < COHORTS; c++) {
		family[c] = &sets[c];
		candidates[c].set = sets[c];
	}
	for (int i = 0; i < TURNS; i++) {
		double begun = cpu();

		must(kl_echelon_smallest(&population, family, COHORTS, &key, 0, &smallest),
			"no audit");
		audits[i] = cpu() - begun;
		begun = cpu();
		must(kl_audit_plan(
			     &population, KL_AUDIT_K_MIN, &key, NULL, 0, candidates, COHORTS, rows),
			"no plan");
		plans[i] = cpu() - begun;
	}
	printf("tally_audit_%u_ms %.3f\n", count, 1e3 * median(audits, TURNS));
	printf("tally_plan_%u_ms %.3f\n", count, 1e3 * median(plans, TURNS));
}

/* ---- a whole tally, as somebody follows it that holds no seat ------------------------------- */

static const struct kl_id convenor = {{'c'}}, onlooker = {{'o'}};

enum { PAYLOADS_MAX = MANY + 64, ENTRIES_IN_PART = 300, ROWS_IN_PART = 600 };

/* One tally: its CALL, and what everybody says until the leader has proposed. */
struct story {
	unsigned count; /* contributors */
	bool gaps;      /* everybody leaves another twentieth of the metrics out */
	struct kl_tally_roster roster;
	struct kl_tally_call call;
	struct kl_id tally;
	struct kl_id seat_members[SEATS];
	struct kl_intake_entry *entries[SEATS];
	struct kl_writer said[PAYLOADS_MAX];
	struct kl_id authors[PAYLOADS_MAX], ids[PAYLOADS_MAX];
	uint32_t kinds[PAYLOADS_MAX];
	size_t said_count;
	struct kl_id intakes[SEATS];
};

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
	memcpy(s->call.cohorts, cohorts, sizeof s->call.cohorts);
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
		answers[m] = s->gaps && dice(20) == 0 ? KL_ABSENT : (int16_t)dice(BINS);
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

static double step(struct kl_tallies *book, const struct story *s, enum kl_tally_event_kind kind,
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

static struct kl_tallies *follow(const struct story *s, size_t records)
{
	struct kl_tallies_options options = {.own = onlooker};
	struct kl_tallies *book;

	must(kl_tallies_new(&options, &book), "no book");
	for (size_t i = 0; i < records; i++)
		(void)step(book, s, KL_TALLY_RECORD, i);
	(void)step(book, s, KL_TALLY_READY, 0);
	return book;
}

/* What an honest leader proposes, in parts. */
static void propose(struct story *s)
{
	struct kl_tallies *book = follow(s, s->said_count);
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

/* From the proposal's last part to the verdict: all of it, and the longest turn of the machine. */
static void judge(const struct story *s, double *ret_all, double *ret_longest)
{
	struct kl_tallies *book = follow(s, s->said_count - 1);
	const struct kl_tally_proposal *p;
	double took = step(book, s, KL_TALLY_RECORD, s->said_count - 1);

	*ret_all = *ret_longest = took;
	p = kl_tallies_proposal(book, &s->ids[s->said_count - 1], NULL);
	while (p && p->verdict == KL_VERDICT_WAIT) {
		took = step(book, s, KL_TALLY_TICK, 0);
		*ret_all += took;
		*ret_longest = took > *ret_longest ? took : *ret_longest;
	}
	if (!p || p->verdict != KL_VERDICT_GOOD)
		give_up("the proposal is refused");
	kl_tallies_destroy(book);
}

static void story_deinit(struct story *s)
{
	for (size_t i = 0; i < s->said_count; i++)
		kl_writer_deinit(&s->said[i]);
	for (unsigned j = 0; j < SEATS; j++)
		free(s->entries[j]);
	kl_tally_call_deinit(&s->call);
	free(s);
}

static struct story *tell(unsigned count, bool gaps)
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

static void measure_judging(unsigned count, bool gaps)
{
	struct story *s = tell(count, gaps);
	double all[TURNS], longest[TURNS];

	for (int i = 0; i < TURNS; i++)
		judge(s, &all[i], &longest[i]);
	printf("tally_judge_%u_%s_ms %.3f\n", count, gaps ? "gaps" : "all",
		1e3 * median(all, TURNS));
	printf("tally_turn_%u_%s_ms %.3f\n", count, gaps ? "gaps" : "all",
		1e3 * median(longest, TURNS));
	story_deinit(s);
}

/* ---- what lies in everybody's store --------------------------------------------------------- */

static void keep(struct kl_batch *batch, const struct kl_feed_id *feed, const struct kl_head *head,
	const struct kl_record *r)
{
	const struct kl_stored_record stored = {.seq = r->h.seq,
		.id = r->id,
		.header = r->header,
		.signature = r->signature.len ? r->signature.data : NULL,
		.payload = r->payload};

	must(kl_feed_append(batch, feed, head->seq ? &head->id : NULL, &stored, 1),
		"the batch does not take a record");
}

/* Shares and CONTRIB of one member, signed, in a feed of its own; gives their bytes. */
static size_t keep_contribution(struct kl_store *store, unsigned member, struct contribution *c)
{
	const uint8_t seed[KL_SEED_BYTES] = {(uint8_t)(member >> 8), (uint8_t)member};
	struct kl_tally_contrib contrib = {.number = 1, .blob_count = SEATS};
	struct kl_batch *batch = kl_batch_new();
	struct kl_head head = {0};
	struct kl_sign_keys keys;
	struct kl_writer w;
	struct kl_bytes payload;
	size_t bytes = 0;

	kl_sign_keys_from_seed(seed, &keys);
	kl_writer_init(&w);
	memcpy(contrib.blobs, c->hashes, sizeof c->hashes);
	contrib.presence_len = (uint8_t)kl_presence_len(METRICS);
	kl_tally_contrib_write(&w, &contrib);
	must(kl_writer_bytes(&w, &payload), "no memory");
	for (unsigned j = 1; j <= SEATS + 1; j++) {
		const struct kl_author author = {{{'n'}}, {keys.public_key, 0}, &keys};
		const struct kl_feed_id feed = {keys.public_key, 0};
		struct kl_record_memory memory;
		struct kl_record record;

		must(kl_record_make(&author, &head,
			     j <= SEATS ? KL_KIND_TALLY_SHARE : KL_KIND_TALLY_CONTRIB, 1000,
			     j <= SEATS ? kl_bytes(c->blobs[j - 1], blob_len(j)) : payload, &memory,
			     &record),
			"no record");
		keep(batch, &feed, &head, &record);
		bytes += record.header.len + record.signature.len + record.payload.len;
		head = (struct kl_head){record.h.seq, record.id};
		if (kl_store_commit(store, batch, NULL))
			give_up("the store does not commit");
		kl_batch_reset(batch);
	}
	kl_batch_destroy(batch);
	kl_writer_deinit(&w);
	return bytes;
}

static void measure_store(const char *folder, unsigned count)
{
	char place[4096];
	struct kl_store_info before, after;
	struct kl_fault fault;
	struct kl_store *store;
	struct contribution c;
	size_t bytes = 0;

	snprintf(place, sizeof place, "%s/tally%u", folder, count);
	if (kl_store_open(place, NULL, &fault, &store))
		give_up(fault.message);
	must(kl_store_info(store, &before), "the store says nothing");
	contribution_init(&c);
	for (unsigned i = 0; i < count; i++) {
		deal(i, &c);
		bytes += keep_contribution(store, i, &c);
	}
	must(kl_store_info(store, &after), "the store says nothing");
	printf("tally_records_%u_bytes %zu\n", count, bytes);
	printf("tally_store_%u_bytes %.0f\n", count,
		(double)(after.used_bytes - before.used_bytes));
	contribution_deinit(&c);
	kl_store_close(store);
}

int main(int argc, char **argv)
{
	uint8_t bins[METRICS];

	memset(bins, BINS, sizeof bins);
	must(kl_cells_init(bins, METRICS, &cells), "no cells");
	for (unsigned j = 0; j < SEATS; j++)
		kl_box_keys_from_seed((const uint8_t[KL_SEED_BYTES]){(uint8_t)(j + 1)}, &seats[j]);
	make_members();
	measure_one();
	measure_sums(FEW);
	measure_sums(MANY);
	measure_audit(FEW);
	measure_audit(COUNCILS_OF_ENGLAND);
	for (int gaps = 0; gaps < 2; gaps++) {
		measure_judging(FEW, gaps);
		measure_judging(MANY, gaps);
	}
	measure_store(argc > 1 ? argv[1] : ".", FEW);
	measure_store(argc > 1 ? argv[1] : ".", MANY);
	return 0;
}
