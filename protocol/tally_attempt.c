/* One attempt after the other: its leader proposes, the others vote or skip. A seat that voted in an
 * attempt never skips it, and the other way round; so an attempt that qv seats skipped can never be
 * certified any more, and the next one may. */
#include "protocol/tally_book.h"

#include <string.h>

const struct kl_intake_said *kl_seat_intake(const struct kl_tally_seat *seat)
{
	return seat->intake_count > 0 ? &seat->intakes[0] : NULL;
}

const struct kl_vote_said *kl_seat_vote(const struct kl_tally_seat *seat, uint32_t attempt)
{
	for (unsigned i = 0; i < seat->vote_count; i++) {
		if (seat->votes[i].attempt == attempt)
			return &seat->votes[i];
	}
	return NULL;
}

bool kl_seat_skipped(const struct kl_tally_seat *seat, uint32_t attempt)
{
	return attempt < KL_TALLY_ATTEMPTS_MAX && (seat->skipped >> attempt & 1);
}

/* How long the attempt at hand has been open here. */
static uint64_t open_for_ms(const struct kl_tallies *book, const struct kl_tally *t)
{
	return book->now_ms - t->attempt_since_ms;
}

/* ---- PROPOSE -------------------------------------------------------------------------------- */

enum { ROW_BYTES = 45 };

/* The INTAKE of a seat, if all that it names is here: otherwise nobody could vote yet. */
static const struct kl_intake_said *citable(
	const struct kl_tally *t, const struct kl_tally_seat *seat)
{
	const struct kl_intake_said *said = kl_seat_intake(seat);

	return said && kl_tally_resolved(t, said) ? said : NULL;
}

/* The first leader waits a while for INTAKEs that could still be given and cited, later ones have waited
 * enough. */
uint16_t kl_tally_lists_out(
	const struct kl_tallies *book, const struct kl_tally *t, uint64_t *ret_left_ms)
{
	const uint64_t quarter = t->call.decide_ms / 4;
	unsigned out = 0;

	if (t->attempt > 0 || t->attempt_since_ms == 0 || open_for_ms(book, t) >= quarter)
		return 0;
	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_tally_seat *seat = &t->seats[j];

		if (!citable(t, seat) && !seat->quit && seat->accepted)
			out |= 1U << j;
	}
	*ret_left_ms = quarter - open_for_ms(book, t);
	return (uint16_t)out;
}

static bool time_to_propose(struct kl_tallies *book, const struct kl_tally *t)
{
	uint64_t left_ms;

	if (!kl_tally_lists_out(book, t, &left_ms))
		return true;
	kl_tally_wake(book, left_ms);
	return false;
}

static void cite_intakes(const struct kl_tally *t, struct kl_tally_propose *record)
{
	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_intake_said *said = citable(t, &t->seats[j]);

		if (!said)
			continue;
		record->cited[record->cited_count].seat = (uint8_t)(j + 1);
		record->cited[record->cited_count++].intake = said->id;
	}
}

/* The first part names what is cited; later ones follow it, also after a restart. `path`: those that stand
 * already. */
static bool begin_proposal(struct kl_tallies *book, struct kl_tally *t, const struct kl_path *path,
	struct kl_tally_propose *record)
{
	size_t count;

	if (path->count > 0) {
		const struct kl_tally_propose *head = path->of[0]->head;

		record->cited_count = head->cited_count;
		memcpy(record->cited, head->cited, sizeof(record->cited));
		record->earlier_count = head->earlier_count;
		memcpy(record->earlier, head->earlier, sizeof(record->earlier));
		return true;
	}
	cite_intakes(t, record);
	if (record->cited_count < t->committee.qa || !time_to_propose(book, t) ||
		kl_tally_earlier(book, &t->call, t, record->earlier, &count))
		return false;
	record->earlier_count = (uint8_t)count;
	return true;
}

static void append_proposal(struct kl_tallies *book, struct kl_tally *t, const struct kl_path *path,
	const struct kl_outcome *outcome, struct kl_tally_propose *record)
{
	size_t done = kl_path_items(path), most = kl_tally_items_in_part(book, ROW_BYTES);
	struct kl_writer w;

	kl_tally_next_part(path->count ? path->of[path->count - 1] : NULL, &record->part);
	if (path->count > 0) { /* stands in the first part */
		record->cited_count = 0;
		record->earlier_count = 0;
	}
	if (done > outcome->row_count)
		return;
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
	const struct kl_part_said *last = kl_parts_furthest(&seat->propose_parts, t->attempt, NULL);
	struct kl_tally_propose record = {.tally = t->id, .attempt = t->attempt};
	struct kl_outcome outcome = {0};
	struct kl_path path = {.count = 0};
	struct kl_cited cited;
	int rc;

	if (t->own_seat != kl_leader(t->attempt, t->committee.n) ||
		kl_seat_skipped(seat, t->attempt) || (t->asked & (KL_DUTY_PROPOSE | KL_ASK_SKIP)) ||
		(last && !last->part.more))
		return;
	if (last)
		kl_parts_path(&seat->propose_parts, last, &path);
	if (!begin_proposal(book, t, &path, &record))
		return;
	kl_whole_cited(book, t, record.cited, record.cited_count);
	if (!kl_tally_cited(t, record.cited, record.cited_count, &cited))
		return;
	rc = kl_tally_outcome(book, t, &cited, record.earlier, record.earlier_count, &outcome);
	if (rc == KL_E_NOMEM)
		book->rc = rc;
	if (!rc)
		append_proposal(book, t, &path, &outcome, &record);
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
	struct kl_cited cited;

	if (!kl_tally_cited(t, p->cited, p->cited_count, &cited))
		return false;
	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_intake_said *said = kl_seat_intake(&t->seats[j]);
		struct kl_cited more = cited;
		struct kl_selected who;
		int rc;

		if (cited.of[j] || !said ||
			book->event->now_ms - said->since_ms < t->call.decide_ms / 4)
			continue;
		more.of[j] = said;
		rc = kl_tally_select(book, t, &more, &who);
		if (rc == KL_E_NOMEM)
			book->rc = rc;
		if (!rc && kl_set_count(&who.accepted) > kl_set_count(&p->outcome.who.accepted))
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
	struct kl_tally_vote record = {.tally = t->id, .attempt = t->attempt, .seat = t->own_seat};
	struct kl_writer w;

	if (kl_seat_vote(seat, t->attempt) || kl_seat_skipped(seat, t->attempt) ||
		(t->asked & (KL_DUTY_VOTE | KL_ASK_SKIP)))
		return;
	for (size_t i = 0; i < t->proposal_count; i++) {
		if (t->proposals[i]->attempt != t->attempt || !acceptable(book, t, t->proposals[i]))
			continue;
		record.proposal = t->proposals[i]->id;
		kl_writer_init(&w);
		kl_tally_vote_write(&w, &record);
		kl_tally_append(book, t, KL_KIND_TALLY_VOTE, KL_DUTY_VOTE, &w);
		return;
	}
}

/* ---- SKIP ----------------------------------------------------------------------------------- */

/* How long an attempt is waited for: the first one also for INTAKEs. */
static uint64_t patience_ms(const struct kl_tally *t)
{
	return t->attempt == 0 ? t->call.decide_ms / 8 * 3 : t->call.decide_ms / 8;
}

static void skip(struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_seat *seat)
{
	struct kl_tally_skip record = {.tally = t->id, .attempt = t->attempt, .seat = t->own_seat};
	struct kl_writer w;

	if (kl_seat_vote(seat, t->attempt) || kl_seat_skipped(seat, t->attempt) ||
		t->attempt + 1 >= KL_TALLY_ATTEMPTS_MAX ||
		(t->asked & (KL_DUTY_PROPOSE | KL_DUTY_VOTE | KL_ASK_SKIP)))
		return;
	if (open_for_ms(book, t) < patience_ms(t)) {
		kl_tally_wake(book, patience_ms(t) - open_for_ms(book, t));
		return;
	}
	kl_writer_init(&w);
	kl_tally_skip_write(&w, &record);
	kl_tally_append(book, t, KL_KIND_TALLY_SKIP, KL_ASK_SKIP, &w);
}

/* ---- all of it ------------------------------------------------------------------------------ */

void kl_tally_attempt(struct kl_tallies *book, struct kl_tally *t)
{
	const struct kl_tally_seat *seat = &t->seats[t->own_seat - 1];

	if (!seat->accepted || t->has_certified || t->attempt_since_ms == 0 ||
		t->attempt >= KL_TALLY_ATTEMPTS_MAX)
		return;
	propose(book, t, seat);
	vote(book, t, seat);
	skip(book, t, seat);
}
