/* A tally of 400 contributors, 120 questions of 16 bins and 30 cohorts at 7/3, checked anew from its
 * signed records. Nobody deals shares for it: sums are dealt as they are (all seats say the same), which
 * is what the auditor sees of honest ones, and replies are zeros, which pass. */
#include "core/hash.h"
#include "core/sign.h"
#include "protocol/auditor.h"
#include "protocol/roster.h"
#include "protocol/tally_book.h"
#include "tests/bench/bench.h"

#include <string.h>

enum {
	MEMBERS = 400,
	METRICS = 120,
	OFFERS = 30,
	REGIONS = 12,
	CLASSES = 4,
	QUINTILES = 5,
	BANDS = 6,
	COHORTS = 3 + REGIONS + CLASSES + QUINTILES + BANDS,
};

struct record {
	uint8_t header[KL_HEADER_MAX];
	size_t header_len, len;
	uint8_t signature[KL_SIGNATURE_BYTES];
	uint8_t *payload;
	bool here;
	struct kl_record r;
};

struct home {
	struct kl_sign_keys keys;
	struct kl_head head;
	struct record *records;
	size_t count;
};

static struct home homes[MEMBERS + 1]; /* 0: the convenor */
static struct kl_id network, tally;
static struct kl_roster roster;
static struct kl_tally_roster frozen;
static struct kl_tallies *book; /* of somebody who hears everything */
static uint64_t time_ms = 1780000000000;
static double worst_ms;

/* ---- records --------------------------------------------------------------------------------- */

static void hear(struct record *record)
{
	struct kl_tally_event event = {
		.kind = KL_TALLY_RECORD, .now_ms = time_ms, .wall_ms = time_ms};
	struct kl_tally_update update;

	event.u.record.author = record->r.h.author;
	event.u.record.id = record->r.id;
	event.u.record.kind = record->r.h.kind;
	event.u.record.time_ms = time_ms;
	event.u.record.payload_hash = record->r.h.payload_hash;
	event.u.record.payload = kl_bytes(record->payload, record->len);
	event.u.record.erased = !record->here;
	event.u.record.roster = &frozen;
	if (kl_tallies_step(book, &event, NULL, &update))
		give_up("out of memory");
}

static struct record *say(unsigned home, uint32_t kind, struct kl_bytes payload, bool here)
{
	struct home *h = &homes[home];
	const struct kl_author author = {network, {h->keys.public_key, 0}, &h->keys};
	struct kl_record_memory memory;
	struct record *record;

	h->records = realloc(h->records, (h->count + 1) * sizeof *h->records);
	record = h->records ? &h->records[h->count++] : NULL;
	if (!record)
		give_up("out of memory");
	memset(record, 0, sizeof *record);
	if (kl_record_make(&author, &h->head, kind, time_ms, payload, &memory, &record->r))
		give_up("a record cannot be made");
	record->header_len = record->r.header.len;
	memcpy(record->header, record->r.header.data, record->header_len);
	memcpy(record->signature, record->r.signature.data, KL_SIGNATURE_BYTES);
	record->here = here;
	record->len = here ? payload.len : 0;
	record->payload = malloc(record->len + 1);
	if (!record->payload)
		give_up("out of memory");
	memcpy(record->payload, payload.data, record->len);
	h->head = (struct kl_head){record->r.h.seq, record->r.id};
	return record;
}

static struct kl_id publish(unsigned home, uint32_t kind, struct kl_writer *w)
{
	struct kl_fault fault = {0};
	struct kl_bytes payload;
	struct record *record;

	if (kl_writer_bytes(w, &payload))
		give_up("out of memory");
	record = say(home, kind, payload, true);
	if (kl_kind_is_roster(kind)) {
		record->r.payload = payload;
		if (kl_roster_apply(&roster, &record->r, &fault))
			give_up(fault.message);
	} else {
		hear(record);
	}
	kl_writer_reset(w);
	return record->r.id;
}

/* ---- a network and its call ------------------------------------------------------------------- */

static void found(struct kl_writer *w)
{
	struct kl_network_create create = {.name = "Bench"};
	const struct kl_id *convenor = &homes[0].keys.public_key;

	memset(create.curve_key, 1, sizeof create.curve_key);
	kl_network_id(convenor, create.name, create.nonce, &create.network);
	network = create.network;
	kl_roster_init(&roster, &network, convenor);
	kl_network_create_write(w, &create);
	publish(0, KL_KIND_NETWORK_CREATE, w);
	for (unsigned i = 1; i <= MEMBERS; i++) {
		struct kl_admit a = {.identity = homes[i].keys.public_key};

		kl_put_u32(a.curve_key, i);
		a.curve_key[31] = 1;
		snprintf(a.name, sizeof a.name, "Member %u", i);
		a.attributes.kind = i % 2 ? KL_MEMBER_ANCHOR : KL_MEMBER_COUNCIL;
		(void)kl_copy_text(a.attributes.region, sizeof a.attributes.region,
			kl_regions[i % REGIONS].slug);
		(void)kl_copy_text(a.attributes.rural_urban, sizeof a.attributes.rural_urban,
			kl_rural_urban_classes[i / 3 % CLASSES].slug);
		a.attributes.deprivation_quintile = (uint8_t)(i / 7 % QUINTILES + 1);
		if (a.attributes.kind == KL_MEMBER_ANCHOR)
			(void)kl_copy_text(a.attributes.income_band,
				sizeof a.attributes.income_band,
				kl_income_bands[i / 2 % BANDS].slug);
		kl_admit_write(w, &a);
		publish(0, KL_KIND_ADMIT, w);
	}
	if (kl_tally_roster_freeze(&roster, &frozen))
		give_up("the roster cannot be frozen");
	for (unsigned i = 0; i < frozen.count; i++)
		frozen.members[i].offers_seat = i < OFFERS;
}

static void name_cohort(struct kl_cohort *cohort, unsigned i)
{
	static const char *const quintiles[] = {"1", "2", "3", "4", "5"};
	const char *value;

	if (i < REGIONS) {
		cohort->kind = KL_COHORT_REGION;
		value = kl_regions[i].slug;
	} else if ((i -= REGIONS) < CLASSES) {
		cohort->kind = KL_COHORT_RURAL;
		value = kl_rural_urban_classes[i].slug;
	} else if ((i -= CLASSES) < QUINTILES) {
		cohort->kind = KL_COHORT_DEPRIVATION;
		value = quintiles[i];
	} else {
		cohort->kind = KL_COHORT_INCOME;
		value = kl_income_bands[i - QUINTILES].slug;
	}
	(void)kl_copy_text(cohort->value, sizeof cohort->value, value);
}

static void make_call(struct kl_writer *w)
{
	struct kl_tally_call call = {.contribute_ms = 30000,
		.decide_ms = 20000,
		.minimum = 10,
		.metric_count = METRICS,
		.cohort_count = COHORTS};
	struct kl_fault fault = {0};

	call.period.kind = KL_PERIOD_YEAR;
	call.period.year = 2026;
	call.metrics = calloc(METRICS, sizeof *call.metrics);
	if (!call.metrics)
		give_up("out of memory");
	for (unsigned m = 0; m < METRICS; m++) {
		kl_metric_at(0, &call.metrics[m]);
		snprintf(call.metrics[m].code, sizeof call.metrics[m].code, "bench.m%u", m);
	}
	call.cohorts[1].kind = KL_COHORT_COUNCILS;
	call.cohorts[2].kind = KL_COHORT_ANCHORS;
	for (unsigned i = 0, c = 3; i < REGIONS + CLASSES + QUINTILES + BANDS; i++, c++)
		name_cohort(&call.cohorts[c], i);
	if (kl_tallies_prepare(book, &frozen, &call, &fault))
		give_up(fault.message);
	kl_tally_call_write(w, &call);
	tally = publish(0, KL_KIND_TALLY_CALL, w);
	kl_tally_call_deinit(&call);
}

/* ---- what everybody says ---------------------------------------------------------------------- */

static struct kl_tally *t;
static unsigned seat_home[KL_SEATS_MAX];

static unsigned home_of(const struct kl_id *member)
{
	for (unsigned i = 1; i <= MEMBERS; i++)
		if (kl_id_equal(&homes[i].keys.public_key, member))
			return i;
	give_up("nobody holds a seat");
}

static void accept_seats(struct kl_writer *w)
{
	t = kl_tallies_find(book, &tally);
	if (!t || t->gate != KL_GATE_OPEN || t->committee.n != 7)
		give_up(t ? t->why : "the call is not known");
	for (unsigned j = 0; j < t->committee.n; j++) {
		struct kl_tally_accept accept = {
			.tally = tally, .seat = (uint8_t)(j + 1), .key = {{9}}};

		seat_home[j] = home_of(&t->seats[j].member);
		kl_tally_accept_write(w, &accept);
		publish(seat_home[j], KL_KIND_TALLY_ACCEPT, w);
	}
}

/* The sealed shares are gone: their headers stand, with sizes and hashes. */
static void contribute(struct kl_writer *w)
{
	uint8_t *blob = calloc(1, KL_PAYLOAD_MAX);

	if (!blob)
		give_up("out of memory");
	for (unsigned i = 1; i <= MEMBERS; i++) {
		struct kl_tally_contrib contrib = {.tally = tally,
			.number = 1,
			.presence_len = METRICS / 8,
			.blob_count = t->committee.n};

		memset(contrib.presence, 0xff, sizeof contrib.presence);
		contrib.presence[i % 8] = (uint8_t)(i % 5 ? 0xff : 0xfe); /* some leave some out */
		memset(contrib.presence + METRICS / 8, 0, sizeof contrib.presence - METRICS / 8);
		for (unsigned j = 0; j < t->committee.n; j++) {
			struct record *share;

			kl_put_u32(blob, i * 16 + j);
			share = say(i, KL_KIND_TALLY_SHARE,
				kl_bytes(blob,
					kl_share_blob_len(&t->committee, j + 1, t->cells.total)),
				false);
			contrib.blobs[j] = share->r.h.payload_hash;
			hear(share);
		}
		kl_tally_contrib_write(w, &contrib);
		publish(i, KL_KIND_TALLY_CONTRIB, w);
	}
	free(blob);
}

static void list(struct kl_writer *w)
{
	enum { IN_A_PART = 250 };
	static struct kl_intake_entry entries[MEMBERS];

	for (unsigned i = 0; i < MEMBERS; i++) {
		entries[i].member = (uint16_t)i;
		entries[i].contribution = t->columns[i].contributions[0].id;
	}
	for (unsigned j = 0; j < t->committee.n; j++) {
		struct kl_tally_intake intake = {.tally = tally, .seat = (uint8_t)(j + 1)};

		for (unsigned first = 0; first < MEMBERS; first += IN_A_PART) {
			unsigned left = MEMBERS - first;

			intake.part.number++;
			intake.part.more = left > IN_A_PART;
			intake.entries = entries + first;
			intake.count = (uint16_t)(left > IN_A_PART ? IN_A_PART : left);
			kl_tally_intake_write(w, &intake);
			intake.part.before = publish(seat_home[j], KL_KIND_TALLY_INTAKE, w);
		}
	}
}

static struct kl_outcome propose(struct kl_writer *w, struct kl_id *ret_proposal)
{
	enum { IN_A_PART = 500 };
	struct kl_tally_propose propose = {.tally = tally};
	struct kl_outcome outcome;
	struct kl_cited cited;

	for (unsigned j = 0; j < t->committee.n; j++) {
		propose.cited[j].seat = (uint8_t)(j + 1);
		propose.cited[j].intake = t->seats[j].intakes[0].id;
	}
	propose.cited_count = t->committee.n;
	if (!kl_tally_cited(t, propose.cited, propose.cited_count, &cited) ||
		kl_tally_outcome(book, t, &cited, NULL, 0, &outcome))
		give_up("no proposal can be made");
	for (size_t first = 0; first < outcome.row_count; first += IN_A_PART) {
		size_t left = outcome.row_count - first;

		propose.part.number++;
		propose.part.more = left > IN_A_PART;
		propose.rows = outcome.rows + first;
		propose.row_count = (uint16_t)(left > IN_A_PART ? IN_A_PART : left);
		kl_tally_propose_write(w, &propose);
		propose.part.before = *ret_proposal =
			publish(seat_home[0], KL_KIND_TALLY_PROPOSE, w);
		propose.cited_count = 0;
	}
	return outcome;
}

static void vote(struct kl_writer *w, const struct kl_id *proposal, struct kl_tally_open *open)
{
	for (unsigned j = 0; j < t->committee.n; j++) {
		struct kl_tally_vote v = {
			.tally = tally, .seat = (uint8_t)(j + 1), .proposal = *proposal};
		struct kl_id id;

		kl_tally_vote_write(w, &v);
		id = publish(seat_home[j], KL_KIND_TALLY_VOTE, w);
		if (j < t->committee.qv)
			open->votes[open->vote_count++] = id;
	}
}

static void open_sums(
	struct kl_writer *w, const struct kl_outcome *outcome, const struct kl_tally_open *open)
{
	enum { IN_A_PART = 180 };
	struct kl_open_sum *sums = calloc(outcome->row_count, sizeof *sums);

	if (!sums)
		give_up("out of memory");
	for (size_t r = 0; r < outcome->row_count; r++) {
		const struct kl_proposal_row *row = &outcome->rows[r];

		sums[r].bins = t->call.metrics[row->metric].level_bins[row->level];
		sums[r].cells[r % sums[r].bins] =
			outcome->cells[row->metric * COHORTS + row->cohort].n;
	}
	for (unsigned j = 0; j < t->committee.n; j++) {
		struct kl_tally_open part = *open;

		part.seat = (uint8_t)(j + 1);
		for (size_t first = 0; first < outcome->row_count; first += IN_A_PART) {
			size_t left = outcome->row_count - first;

			part.part.number++;
			part.part.more = left > IN_A_PART;
			part.first = (uint16_t)first;
			part.sums = sums + first;
			part.count = (uint16_t)(left > IN_A_PART ? IN_A_PART : left);
			kl_tally_open_write(w, &part);
			part.part.before = publish(seat_home[j], KL_KIND_TALLY_OPEN, w);
		}
	}
	free(sums);
}

static size_t run_tally(void)
{
	struct kl_tally_close close = {.tally = tally, .outcome = KL_CLOSE_RESULT};
	struct kl_tally_open open = {.tally = tally};
	struct kl_outcome outcome;
	struct kl_writer w;
	size_t rows;

	kl_writer_init(&w);
	found(&w);
	make_call(&w);
	accept_seats(&w);
	contribute(&w);
	list(&w);
	outcome = propose(&w, &open.proposal);
	open.tally = close.tally = tally;
	vote(&w, &open.proposal, &open);
	open_sums(&w, &outcome, &open);
	kl_tally_result_hash(&open.proposal, &close.result);
	kl_tally_close_write(&w, &close);
	publish(0, KL_KIND_TALLY_CLOSE, &w);
	rows = outcome.row_count;
	kl_outcome_deinit(&outcome);
	kl_writer_deinit(&w);
	return rows;
}

/* ---- the audit -------------------------------------------------------------------------------- */

/* Of this process, since others are at work, too. */
static double worked(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void note(double begin)
{
	double took = 1000 * (worked() - begin);

	if (took > worst_ms)
		worst_ms = took;
}

static size_t read_all(struct kl_auditor *auditor)
{
	size_t records = 0;

	for (unsigned i = 0; i <= MEMBERS; i++) {
		const struct kl_feed_key key = {homes[i].keys.public_key, 0};

		if (kl_auditor_feed(auditor, &key))
			give_up("out of memory");
		for (size_t k = 0; k < homes[i].count; k++) {
			const struct record *r = &homes[i].records[k];
			const struct kl_audited record = {k + 1, r->r.id,
				kl_bytes(r->header, r->header_len), r->signature, r->here,
				kl_bytes(r->payload, r->len), false};
			double begin = worked();

			if (kl_auditor_record(auditor, &record))
				give_up("out of memory");
			note(begin);
			records++;
		}
	}
	return records;
}

int main(void)
{
	const struct kl_tallies_options nobody = {.effort = UINT64_MAX};
	const struct kl_auditor_options options = {
		network, homes[0].keys.public_key, tally, time_ms};
	struct kl_auditor_options of = options;
	struct kl_auditor *auditor;
	double begin, read, reading_worst;
	size_t rows, records;
	bool done = false;

	for (unsigned i = 0; i <= MEMBERS; i++) {
		uint8_t seed[KL_SEED_BYTES] = {(uint8_t)i, (uint8_t)(i >> 8), 7};

		kl_sign_keys_from_seed(seed, &homes[i].keys);
	}
	if (kl_tallies_new(&nobody, &book))
		give_up("out of memory");
	rows = run_tally();
	of = (struct kl_auditor_options){network, homes[0].keys.public_key, tally, time_ms};
	if (kl_auditor_new(&of, &auditor) || kl_auditor_shown(auditor, book))
		give_up("out of memory");
	begin = worked();
	records = read_all(auditor);
	read = worked() - begin;
	reading_worst = worst_ms;
	worst_ms = 0;
	begin = worked();
	while (!done) {
		double turn = worked();

		if (kl_auditor_work(auditor, &done))
			give_up("out of memory");
		note(turn);
	}
	if (kl_auditor_worst(auditor) > KL_MARK_NOTE)
		give_up("the tally does not fit");
	printf("audit_records %zu\naudit_rows %zu\naudit_read_s %.3f\naudit_read_worst_ms %.2f\n"
	       "audit_work_s %.3f\naudit_work_worst_ms %.2f\n",
		records, rows, read, reading_worst, worked() - begin, worst_ms);
	return 0;
}
