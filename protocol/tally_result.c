/* States of a tally, and the answers to questions about it. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

/* ---- states --------------------------------------------------------------------------------- */

/* The clocks of all seats have run out long before. */
uint64_t kl_tally_stuck_after(const struct kl_tally *t)
{
	return kl_tally_decide_until(t) + t->call.contribute_ms + t->call.decide_ms;
}

bool kl_tally_is_doomed(const struct kl_tally *t, uint64_t wall_ms)
{
	return t->gate == KL_GATE_OPEN && !t->has_certified && !t->closed && !t->failed &&
	       wall_ms >= kl_tally_accept_until(t) && kl_tally_accepted(t) < t->committee.qa;
}

enum kl_tally_state kl_tally_state_of(const struct kl_tally *t, uint64_t wall_ms)
{
	if (kl_tally_nobody_takes_part(t))
		return KL_TALLY_INVALID;
	if (t->closed)
		return KL_TALLY_CLOSED;
	if (t->failed)
		return KL_TALLY_ENDED_FAILED;
	if (t->has_certified)
		return KL_TALLY_CERTIFIED;
	if (wall_ms > kl_tally_stuck_after(t))
		return KL_TALLY_STUCK;
	for (unsigned j = 0; j < t->committee.n; j++) {
		if (kl_seat_intake(&t->seats[j]))
			return KL_TALLY_DECIDING;
	}
	return KL_TALLY_OPEN;
}

const char *kl_tally_state_name(enum kl_tally_state state)
{
	switch (state) {
	case KL_TALLY_OPEN:
		return "open";
	case KL_TALLY_DECIDING:
		return "deciding";
	case KL_TALLY_CERTIFIED:
		return "certified";
	case KL_TALLY_CLOSED:
		return "closed";
	case KL_TALLY_ENDED_FAILED:
		return "failed";
	case KL_TALLY_STUCK:
		return "stuck";
	case KL_TALLY_INVALID:
		return "refused";
	}
	return "unknown";
}

const char *kl_tally_gate_name(enum kl_tally_gate gate)
{
	switch (gate) {
	case KL_GATE_OPEN:
		return "open";
	case KL_GATE_INVALID:
		return "invalid";
	case KL_GATE_EARLIER:
		return "earlier";
	case KL_GATE_TRIES:
		return "tries";
	case KL_GATE_PREVIOUS:
		return "previous";
	}
	return "unknown";
}

/* ---- questions ------------------------------------------------------------------------------ */

size_t kl_tallies_stray_keys(const struct kl_tallies *book)
{
	size_t count = 0;

	for (size_t i = 0; i < book->early_count; i++)
		count += book->early[i].has_key;
	return count;
}

size_t kl_tallies_count(const struct kl_tallies *book)
{
	return book->count;
}

const struct kl_id *kl_tallies_at(const struct kl_tallies *book, size_t index)
{
	KL_ASSERT(index < book->count);
	return &book->tallies[index]->id;
}

static unsigned duties_of(const struct kl_tally *t, uint64_t wall_ms)
{
	const struct kl_tally_seat *seat = t->own_seat ? &t->seats[t->own_seat - 1] : NULL;
	const struct kl_part_said *begun;
	unsigned duties = 0;

	if (t->closed || t->failed || t->gate != KL_GATE_OPEN)
		return 0;
	if (kl_tally_is_to_deal(t) && wall_ms < kl_tally_contribute_until(t))
		duties |= KL_DUTY_CONTRIBUTE;
	if (!seat || seat->quit)
		return duties;
	if (!seat->accepted)
		return wall_ms < kl_tally_accept_until(t) ? duties | KL_DUTY_ACCEPT : duties;
	if (t->has_certified)
		return seat->opened ? duties : duties | KL_DUTY_OPEN;
	if (!kl_seat_intake(seat))
		duties |= KL_DUTY_INTAKE;
	if (kl_seat_skipped(seat, t->attempt))
		return duties | KL_DUTY_OPEN;
	begun = kl_parts_furthest(&seat->propose_parts, t->attempt, NULL);
	if (t->own_seat == kl_leader(t->attempt, t->committee.n) && !(begun && !begun->part.more))
		duties |= KL_DUTY_PROPOSE;
	if (!kl_seat_vote(seat, t->attempt))
		duties |= KL_DUTY_VOTE;
	return duties | KL_DUTY_OPEN;
}

/* Took back what it contributed or had agreed to, and gave nothing since. */
static bool has_withdrawn(const struct kl_tally_column *column)
{
	return kl_column_withdrawn(column) > 0 && !kl_column_contributes(column);
}

/* Seats that gave a wrong sum for some row. */
static uint16_t liars_of(const struct kl_tally *t)
{
	const struct kl_tally_proposal *p = kl_tally_certified_proposal(t);
	uint16_t liars = 0;

	for (size_t row = 0; p && t->openings && row < p->row_count; row++)
		liars = (uint16_t)(liars | t->openings[row].liars);
	return liars;
}

static void view_people(const struct kl_tally *t, struct kl_tally_view *view)
{
	uint16_t liars = liars_of(t);

	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_tally_seat *seat = &t->seats[j];
		struct kl_tally_seat_view *out = &view->seats[j];

		out->member = seat->member;
		out->accepted = seat->accepted;
		out->intake = kl_seat_intake(seat) != NULL;
		out->voted = seat->vote_count > 0;
		out->opened = seat->opened;
		out->quit = seat->quit;
		out->voted_now = kl_seat_vote(seat, t->attempt) != NULL;
		out->skipped_now = kl_seat_skipped(seat, t->attempt);
		out->last_ms = seat->column < 0 ? 0 : t->columns[seat->column].last_ms;
		out->conflict = seat->proof.conflicts;
		out->proven = seat->proof.proven;
		out->liar = liars >> j & 1;
	}
	for (unsigned i = 0; i < t->roster.count; i++) {
		const struct kl_tally_column *column = &t->columns[i];
		bool yes = kl_column_contributes(column);

		view->contributors = (uint16_t)(view->contributors + yes);
		view->withdrawers = (uint16_t)(view->withdrawers + has_withdrawn(column));
		view->decliners = (uint16_t)(view->decliners + (column->declined && !yes));
	}
	if (t->own_column >= 0) {
		const struct kl_tally_column *own = &t->columns[t->own_column];

		view->may_contribute = true;
		view->contributed = kl_column_contributes(own);
		view->withdrawn = has_withdrawn(own) && !t->again;
		view->number = (uint8_t)kl_column_last(own);
		view->declined = own->declined;
	}
}

int kl_tallies_view(
	const struct kl_tallies *book, const struct kl_id *tally, struct kl_tally_view *ret_view)
{
	const struct kl_tally *t = kl_tallies_find(book, tally);
	struct kl_tally_view view = {0};

	if (!t)
		return KL_E_NOT_FOUND;
	view.id = t->id;
	view.convenor = t->convenor;
	view.call = &t->call;
	view.roster = &t->roster;
	view.state = kl_tally_state_of(t, book->wall_ms);
	view.gate = t->gate;
	view.why = t->why;
	view.committee = t->committee;
	view.own_seat = t->own_seat;
	view.duties = duties_of(t, book->wall_ms);
	view_people(t, &view);
	view.agreed = t->answers && !view.withdrawn;
	view.called_ms = t->called_ms;
	view.contribute_until_ms = kl_tally_contribute_until(t);
	view.decide_until_ms = kl_tally_decide_until(t);
	view.doomed = kl_tally_is_doomed(t, book->wall_ms);
	view.certified = t->has_certified;
	if (t->has_certified) {
		view.proposal = t->certified;
		kl_tally_result_hash(&t->certified, &view.result);
	}
	*ret_view = view;
	return KL_OK;
}

int kl_tallies_member(const struct kl_tallies *book, const struct kl_id *tally, uint16_t column,
	struct kl_tally_member_view *ret_member)
{
	const struct kl_tally *t = kl_tallies_find(book, tally);
	const struct kl_tally_proposal *p;
	const struct kl_tally_column *of;
	unsigned number;

	if (!t || column >= t->roster.count)
		return KL_E_NOT_FOUND;
	p = kl_tally_certified_proposal(t);
	of = &t->columns[column];
	number = p ? p->outcome.who.numbers[column] : 0;
	if (!number && kl_column_contributes(of))
		number = kl_column_last(of);
	ret_member->contributed = kl_column_contributes(of);
	ret_member->withdrawn = has_withdrawn(of);
	ret_member->declined = of->declined;
	ret_member->last_ms = of->last_ms;
	ret_member->counted = p && kl_set_has(&p->outcome.who.accepted, column);
	ret_member->refused = p && kl_set_has(&p->outcome.who.refused, column);
	ret_member->number = (uint8_t)kl_column_last(of);
	ret_member->presence = number ? of->contributions[number - 1].presence : NULL;
	return KL_OK;
}

bool kl_tallies_counts(
	const struct kl_tallies *book, const struct kl_id *tally, uint16_t column, uint16_t metric)
{
	const struct kl_tally *t = kl_tallies_find(book, tally);
	const struct kl_tally_proposal *p = t ? kl_tally_certified_proposal(t) : NULL;
	struct kl_set set;

	if (!p || column >= t->roster.count || metric >= t->call.metric_count)
		return false;
	kl_tally_answered(t, &p->outcome, metric, &p->outcome.who.accepted, &set);
	return kl_set_has(&set, column);
}

int kl_tallies_own_answers(
	const struct kl_tallies *book, const struct kl_id *tally, const int16_t **ret_bins)
{
	const struct kl_tally *t = kl_tallies_find(book, tally);

	if (!t || !t->answers)
		return KL_E_NOT_FOUND;
	*ret_bins = t->answers;
	return KL_OK;
}

bool kl_tallies_planning(const struct kl_tallies *book)
{
	return book->planning;
}

/* Members of a cohort that contributed an answer to a metric, but those that were counted before. */
static uint16_t answered(const struct kl_tally *t, const struct kl_tally_proposal *p,
	unsigned metric, unsigned cohort)
{
	unsigned count = 0;

	for (unsigned i = 0; i < t->roster.count; i++) {
		const struct kl_tally_column *column = &t->columns[i];

		count += kl_column_contributes(column) && kl_set_has(&t->cohorts[cohort], i) &&
			 kl_presence_has(column->contributions[kl_column_last(column) - 1].presence,
				 metric) &&
			 !(p->outcome.late && kl_set_has(&p->outcome.late[metric], i));
	}
	return (uint16_t)count;
}

int kl_tallies_result(const struct kl_tallies *book, const struct kl_id *tally, uint16_t metric,
	uint8_t cohort, struct kl_tally_result *ret_result)
{
	const struct kl_tally *t = kl_tallies_find(book, tally);
	const struct kl_tally_proposal *p;
	const struct kl_outcome_cell *cell;
	struct kl_tally_result result = {0};

	if (!t || !t->has_certified || t->failed || metric >= t->call.metric_count ||
		cohort >= t->call.cohort_count)
		return KL_E_NOT_FOUND;
	p = kl_tally_certified_proposal(t);
	if (!p || !t->openings)
		return KL_E_BUSY;
	cell = &p->outcome.cells[metric * t->call.cohort_count + cohort];
	result.why = cell->why;
	result.n = cell->n;
	result.answered = answered(t, p, metric, cohort);
	result.counted = cell->counted;
	result.needed = (uint16_t)kl_audit_floor(t->call.minimum, KL_LEVEL_COARSE);
	for (size_t row = 0; row < p->row_count; row++) {
		if (p->rows[row].metric != metric || p->rows[row].cohort != cohort)
			continue;
		result.level = p->rows[row].level;
		result.opening = t->openings[row];
	}
	*ret_result = result;
	return KL_OK;
}
