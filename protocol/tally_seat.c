/* What a seat says, and when. Clocks only permit it to speak; what counts is in the records. */
#include "core/sums.h"
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

unsigned kl_tally_accepted(const struct kl_tally *t)
{
	unsigned count = 0;

	for (unsigned j = 0; j < t->committee.n; j++)
		count += t->seats[j].accepted;
	return count;
}

bool kl_tally_everybody_spoke(const struct kl_tally *t)
{
	for (unsigned i = 0; i < t->roster.count; i++) {
		if (!t->columns[i].contributed && !t->columns[i].declined)
			return false;
	}
	return true;
}

static bool heard_from_half(const struct kl_tally *t)
{
	unsigned heard = 0;

	for (unsigned i = 0; i < t->roster.count; i++)
		heard += t->columns[i].heard || t->own_column == (int)i;
	return 2 * heard >= t->roster.count;
}

static bool key_fits(const struct kl_tally *t, const struct kl_tally_seat *seat)
{
	return t->has_key && kl_id_equal(&t->keys.public_key, &seat->key);
}

/* ---- QUIT ----------------------------------------------------------------------------------- */

static bool must_quit(
	struct kl_tallies *book, const struct kl_tally *t, const struct kl_tally_seat *seat)
{
	if (seat->open.parts > 0)
		return false;
	if (seat->accepted && !key_fits(t, seat))
		return true; /* restored without its key */
	if (t->has_certified)
		return false;
	if (book->wall_ms >= kl_tally_decide_until(t))
		return true;
	kl_tally_wake(book, kl_tally_decide_until(t) - book->wall_ms);
	if (kl_tally_accepted(t) >= t->committee.qa)
		return false;
	if (book->wall_ms >= kl_tally_accept_until(t))
		return true;
	kl_tally_wake(book, kl_tally_accept_until(t) - book->wall_ms);
	return false;
}

static void quit(struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_seat *seat)
{
	struct kl_tally_quit record = {.tally = t->id, .seat = t->own_seat};
	struct kl_writer w;

	for (unsigned i = 0; i < seat->vote_count; i++) {
		record.votes[i].attempt = seat->votes[i].attempt;
		record.votes[i].proposal = seat->votes[i].proposal;
		record.votes[i].vote = seat->vote_ids[i];
	}
	record.vote_count = seat->vote_count;
	kl_writer_init(&w);
	kl_tally_quit_write(&w, &record);
	kl_tally_append(book, t, KL_KIND_TALLY_QUIT, KL_ASK_QUIT, &w);
}

/* ---- ACCEPT --------------------------------------------------------------------------------- */

static void take_seat(struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_seat *seat)
{
	struct kl_tally_accept record = {.tally = t->id, .seat = t->own_seat};
	struct kl_tally_effect *effect;
	struct kl_writer w;

	if (seat->accepted || !book->options.seat || t->gate != KL_GATE_OPEN || t->has_certified ||
		t->unlinked || book->wall_ms >= kl_tally_accept_until(t) ||
		(t->asked & (KL_DUTY_ACCEPT | KL_ASK_KEY)))
		return;
	if (!t->has_key) {
		effect = kl_tally_effect(book, t, KL_TALLY_KEY_WRITE);
		if (!effect)
			return;
		kl_tally_secret(book, "tally/key", effect->u.key);
		t->asked |= KL_ASK_KEY;
		return;
	}
	record.key = t->keys.public_key;
	kl_writer_init(&w);
	kl_tally_accept_write(&w, &record);
	kl_tally_append(book, t, KL_KIND_TALLY_ACCEPT, KL_DUTY_ACCEPT, &w);
}

/* ---- INTAKE --------------------------------------------------------------------------------- */

enum { ENTRY_BYTES = 95, ROW_BYTES = 45, FIXED_BYTES = 200 };

static size_t items_in_part(const struct kl_tallies *book, size_t item)
{
	size_t room = book->options.part_bytes;

	return room > FIXED_BYTES + item ? (room - FIXED_BYTES) / item : 1;
}

/* Fills the next entries after those that were said already; true if more remain. */
static bool next_entries(const struct kl_tally *t, const struct kl_tally_seat *seat, size_t most,
	struct kl_tally_intake *intake)
{
	unsigned i = seat->entry_count ? seat->entries[seat->entry_count - 1].member + 1U : 0;

	for (; i < t->roster.count; i++) {
		const struct kl_tally_column *column = &t->columns[i];

		if (!column->contributed)
			continue;
		if (intake->count == most)
			return true;
		intake->entries[intake->count].member = (uint16_t)i;
		intake->entries[intake->count].contribution = column->contribution;
		intake->entries[intake->count++].status = column->status;
	}
	return false;
}

static void next_part(const struct kl_chain *chain, struct kl_tally_part *ret_part)
{
	memset(ret_part, 0, sizeof(*ret_part));
	ret_part->number = (uint16_t)(chain->parts + 1);
	if (chain->parts > 0)
		ret_part->before = chain->last;
}

static void intake(struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_seat *seat)
{
	struct kl_tally_intake record = {.tally = t->id, .seat = t->own_seat};
	size_t most = items_in_part(book, ENTRY_BYTES);
	struct kl_writer w;

	if (!seat->accepted || seat->intake.complete || t->has_certified ||
		(t->asked & KL_DUTY_INTAKE))
		return;
	if (seat->intake.parts == 0 && !kl_tally_everybody_spoke(t) &&
		book->wall_ms < kl_tally_contribute_until(t)) {
		kl_tally_wake(book, kl_tally_contribute_until(t) - book->wall_ms);
		return;
	}
	if (seat->intake.parts == 0 && !heard_from_half(t))
		return;
	record.entries = kl_tally_memory(book, (t->roster.count + 1U) * sizeof(*record.entries));
	if (!record.entries)
		return;
	next_part(&seat->intake, &record.part);
	record.part.more = next_entries(t, seat, most, &record);
	kl_writer_init(&w);
	kl_tally_intake_write(&w, &record);
	kl_tally_append(book, t, KL_KIND_TALLY_INTAKE, KL_DUTY_INTAKE, &w);
}

/* ---- PROPOSE -------------------------------------------------------------------------------- */

/* INTAKEs that are here, as bits; and whether every seat that could still give one has. */
static uint16_t intakes_here(const struct kl_tally *t, bool *ret_all)
{
	uint16_t here = 0;

	*ret_all = true;
	for (unsigned j = 0; j < t->committee.n; j++) {
		if (t->seats[j].intake.complete)
			here = (uint16_t)(here | 1U << j);
		else if (!t->seats[j].quit && t->seats[j].accepted)
			*ret_all = false;
	}
	return here;
}

static bool time_to_propose(struct kl_tallies *book, struct kl_tally *t, uint16_t here, bool all)
{
	uint64_t quarter = t->call.decide_ms / 4, held;

	if (__builtin_popcount(here) < t->committee.qa)
		return false;
	if (t->enough_since_ms == 0)
		t->enough_since_ms = book->event->now_ms ? book->event->now_ms : 1;
	if (all)
		return true;
	held = book->event->now_ms - t->enough_since_ms;
	if (held >= quarter)
		return true;
	kl_tally_wake(book, quarter - held);
	return false;
}

/* The first part names what is cited; later ones follow it, also after a restart. */
static bool begin_proposal(struct kl_tallies *book, struct kl_tally *t,
	const struct kl_tally_proposal *begun, struct kl_tally_propose *record)
{
	bool all;
	uint16_t here = intakes_here(t, &all);
	size_t count;

	if (begun) {
		record->cited_count = begun->cited_count;
		memcpy(record->cited, begun->cited, sizeof(record->cited));
		record->earlier_count = begun->earlier_count;
		memcpy(record->earlier, begun->earlier, sizeof(record->earlier));
		return true;
	}
	if (!time_to_propose(book, t, here, all) ||
		kl_tally_earlier(book, &t->call, t, record->earlier, &count))
		return false;
	record->earlier_count = (uint8_t)count;
	for (unsigned j = 0; j < t->committee.n; j++) {
		if (!(here >> j & 1))
			continue;
		record->cited[record->cited_count].seat = (uint8_t)(j + 1);
		record->cited[record->cited_count++].intake = t->seats[j].intake.last;
	}
	return true;
}

static uint16_t cited_bits(const struct kl_proposal_cited *cited, unsigned count)
{
	uint16_t bits = 0;

	for (unsigned i = 0; i < count; i++)
		bits = (uint16_t)(bits | 1U << (cited[i].seat - 1));
	return bits;
}

static void append_proposal(struct kl_tallies *book, struct kl_tally *t,
	const struct kl_tally_proposal *begun, const struct kl_outcome *outcome,
	struct kl_tally_propose *record)
{
	static const struct kl_chain none;
	size_t done = begun ? begun->row_count : 0, most = items_in_part(book, ROW_BYTES);
	struct kl_writer w;

	next_part(begun ? &begun->chain : &none, &record->part);
	if (begun) { /* stands in the first part */
		record->cited_count = 0;
		record->earlier_count = 0;
	}
	record->rows = outcome->rows + done;
	record->row_count =
		(uint16_t)(outcome->row_count - done < most ? outcome->row_count - done : most);
	record->part.more = done + record->row_count < outcome->row_count;
	kl_writer_init(&w);
	kl_tally_propose_write(&w, record);
	kl_tally_append(book, t, KL_KIND_TALLY_PROPOSE, KL_DUTY_PROPOSE, &w);
}

static void propose(struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_seat *seat)
{
	const struct kl_tally_proposal *begun = t->proposal_count ? t->proposals[0] : NULL;
	struct kl_tally_propose record = {.tally = t->id, .attempt = 0};
	struct kl_outcome outcome = {0};
	int rc;

	if (!seat->accepted || t->own_seat != kl_leader(0, t->committee.n) || t->has_certified ||
		(t->asked & KL_DUTY_PROPOSE) || (begun && begun->chain.complete) ||
		!begin_proposal(book, t, begun, &record))
		return;
	rc = kl_tally_outcome(book, t, cited_bits(record.cited, record.cited_count), record.earlier,
		record.earlier_count, &outcome);
	if (rc == KL_E_NOMEM)
		book->rc = rc;
	if (!rc)
		append_proposal(book, t, begun, &outcome, &record);
	kl_outcome_deinit(&outcome);
}

/* ---- VOTE ----------------------------------------------------------------------------------- */

static bool counts_earlier(const struct kl_tally_proposal *p, const struct kl_id *id)
{
	for (unsigned i = 0; i < p->earlier_count; i++) {
		if (kl_id_equal(&p->earlier[i], id))
			return true;
	}
	return false;
}

/* True if an INTAKE that was held for long and is not cited would take in more members. */
static bool could_be_larger(
	struct kl_tallies *book, const struct kl_tally *t, const struct kl_tally_proposal *p)
{
	uint16_t cited = cited_bits(p->cited, p->cited_count);

	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_tally_seat *seat = &t->seats[j];
		struct kl_set base, accepted;

		if ((cited >> j & 1) || !seat->intake.complete ||
			book->event->now_ms - seat->intake_since_ms < t->call.decide_ms / 4)
			continue;
		if (kl_tally_select(t, (uint16_t)(cited | 1U << j), &base, &accepted))
			continue;
		if (kl_set_count(&accepted) > kl_set_count(&p->outcome.accepted))
			return true;
	}
	return false;
}

static bool acceptable(
	struct kl_tallies *book, const struct kl_tally *t, const struct kl_tally_proposal *p)
{
	struct kl_id required[KL_TALLY_EARLIER_MAX];
	size_t count;

	if (p->verdict != KL_VERDICT_GOOD || kl_tally_earlier(book, &t->call, t, required, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!counts_earlier(p, &required[i]))
			return false;
	}
	for (unsigned i = 0; i < t->call.earlier_count; i++) {
		if (!counts_earlier(p, &t->call.earlier[i]))
			return false;
	}
	return !could_be_larger(book, t, p);
}

static void vote(struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_seat *seat)
{
	struct kl_tally_vote record = {.tally = t->id, .attempt = 0, .seat = t->own_seat};
	struct kl_writer w;

	if (!seat->accepted || seat->vote_count > 0 || t->has_certified ||
		(t->asked & KL_DUTY_VOTE))
		return;
	for (unsigned i = 0; i < t->proposal_count; i++) {
		if (!acceptable(book, t, t->proposals[i]))
			continue;
		record.proposal = t->proposals[i]->chain.last;
		kl_writer_init(&w);
		kl_tally_vote_write(&w, &record);
		kl_tally_append(book, t, KL_KIND_TALLY_VOTE, KL_DUTY_VOTE, &w);
		return;
	}
}

/* ---- OPEN ----------------------------------------------------------------------------------- */

static void cite_votes(const struct kl_tally *t, struct kl_tally_open *record)
{
	for (unsigned j = 0; j < t->committee.n && record->vote_count < t->committee.qv; j++) {
		const struct kl_tally_seat *seat = &t->seats[j];

		for (unsigned i = 0; i < seat->vote_count; i++) {
			if (seat->votes[i].attempt == 0 &&
				kl_id_equal(&seat->votes[i].proposal, &t->certified)) {
				record->votes[record->vote_count++] = seat->vote_ids[i];
				break;
			}
		}
	}
}

/* The sum of exactly the set of one row, or none. */
static void sum_row(const struct kl_tally *t, const struct kl_tally_proposal *p,
	const uint64_t *const *vectors, size_t row, struct kl_open_sum *ret_sum)
{
	const struct kl_proposal_row *r = &p->rows[row];
	const struct kl_metric *metric = &t->call.metrics[r->metric];
	const struct kl_runs runs = {metric->runs[r->level], metric->level_bins[r->level]};
	struct kl_set set;

	memset(ret_sum, 0, sizeof(*ret_sum));
	kl_tally_cohort_set(t, r->metric, r->cohort, &p->outcome.accepted, &set);
	if (kl_partial_sum(&t->cells, r->metric, &runs, vectors, t->roster.count, &set,
		    ret_sum->cells) == KL_OK)
		ret_sum->bins = runs.count;
}

static void open_rows(struct kl_tallies *book, const struct kl_tally *t,
	const struct kl_tally_proposal *p, struct kl_tally_open *record)
{
	const uint64_t **vectors = kl_tally_memory(book, (t->roster.count + 1U) * sizeof(*vectors));
	size_t bytes = FIXED_BYTES, row = record->first;

	record->sums = kl_tally_memory(book, (p->row_count - row) * sizeof(*record->sums));
	if (!vectors || !record->sums)
		return;
	for (unsigned i = 0; i < t->roster.count; i++)
		vectors[i] = t->columns[i].vector;
	do {
		sum_row(t, p, vectors, row, &record->sums[record->count]);
		bytes += 3 + 8U * record->sums[record->count++].bins;
	} while (++row < p->row_count &&
		 bytes + 3 + 8 * KL_METRIC_BINS_MAX <= book->options.part_bytes);
	record->part.more = row < p->row_count;
}

static void open_sums(struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_seat *seat)
{
	const struct kl_tally_proposal *p = kl_tally_certified_proposal(t);
	struct kl_tally_open record = {.tally = t->id, .seat = t->own_seat, .attempt = 0};
	struct kl_writer w;

	if (!p || p->row_count == 0 || !seat->accepted || !key_fits(t, seat) ||
		seat->open.complete || (t->asked & KL_DUTY_OPEN))
		return;
	record.proposal = t->certified;
	record.first = (uint16_t)seat->sum_count;
	if (record.first >= p->row_count)
		return;
	cite_votes(t, &record);
	next_part(&seat->open, &record.part);
	open_rows(book, t, p, &record);
	if (book->rc)
		return;
	kl_writer_init(&w);
	kl_tally_open_write(&w, &record);
	kl_tally_append(book, t, KL_KIND_TALLY_OPEN, KL_DUTY_OPEN, &w);
}

/* ---- all of it ------------------------------------------------------------------------------ */

void kl_tally_seat(struct kl_tallies *book, struct kl_tally *t)
{
	const struct kl_tally_seat *seat;

	if (!t->own_seat || t->gate == KL_GATE_INVALID || t->gate == KL_GATE_COUNTED ||
		t->gate == KL_GATE_TRIES)
		return;
	seat = &t->seats[t->own_seat - 1];
	if (seat->quit || (t->asked & KL_ASK_QUIT))
		return;
	/* What was asked for comes back first: a QUIT names all votes, and follows no OPEN. */
	if (must_quit(book, t, seat)) {
		if (t->asked == 0)
			quit(book, t, seat);
		return;
	}
	take_seat(book, t, seat);
	intake(book, t, seat);
	propose(book, t, seat);
	vote(book, t, seat);
	open_sums(book, t, seat);
}
