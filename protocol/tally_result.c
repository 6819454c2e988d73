/* What came of a tally: certificate, openings, states, and the answers to questions about it. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

/* ---- certificate and failure ---------------------------------------------------------------- */

static void find_certificate(struct kl_tally *t)
{
	struct kl_vote votes[KL_SEATS_MAX * KL_TALLY_VOTES_MAX];
	size_t count = 0;

	if (t->has_certified)
		return;
	for (unsigned j = 0; j < t->committee.n; j++) {
		for (unsigned i = 0; i < t->seats[j].vote_count; i++)
			votes[count++] = t->seats[j].votes[i];
	}
	for (size_t i = 0; i < count; i++) {
		if (!kl_certified(&t->committee, votes, count, NULL, 0, 0, &votes[i].proposal))
			continue;
		t->has_certified = true;
		t->certified = votes[i].proposal;
		return;
	}
}

static bool has_failed(const struct kl_tally *t)
{
	uint8_t quits[KL_SEATS_MAX];
	size_t count = 0;

	for (unsigned j = 0; j < t->committee.n; j++) {
		if (t->seats[j].quit)
			quits[count++] = (uint8_t)(j + 1);
	}
	return kl_failed(&t->committee, quits, count);
}

/* ---- openings ------------------------------------------------------------------------------- */

static void open_row(const struct kl_tally *t, const struct kl_tally_proposal *p, size_t row,
	struct kl_opening *ret_opening)
{
	const struct kl_proposal_row *r = &p->rows[row];
	const struct kl_metric *metric = &t->call.metrics[r->metric];
	uint8_t bins = metric->level_bins[r->level];
	struct kl_partial partials[KL_SEATS_MAX];
	size_t count = 0;

	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_tally_seat *seat = &t->seats[j];

		if (seat->sum_count <= row || seat->sums[row].bins != bins ||
			!kl_id_equal(&seat->open_proposal, &t->certified))
			continue;
		partials[count].seat = (uint8_t)(j + 1);
		partials[count++].cells = seat->sums[row].cells;
	}
	memset(ret_opening, 0, sizeof(*ret_opening));
	(void)kl_open_partials(&t->committee, partials, count, bins,
		p->outcome.cells[r->metric * t->call.cohort_count + r->cohort].n, ret_opening);
}

static void refresh_openings(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_tally_proposal *p)
{
	if (!t->openings) {
		t->openings = calloc(p->row_count + 1, sizeof(*t->openings));
		t->stale_first = 0;
		t->stale_end = p->row_count;
	}
	if (!t->openings) {
		book->rc = KL_E_NOMEM;
		return;
	}
	for (size_t row = t->stale_first; row < t->stale_end && row < p->row_count; row++)
		open_row(t, p, row, &t->openings[row]);
	t->stale_first = t->stale_end = 0;
}

static bool all_final(const struct kl_tally *t, const struct kl_tally_proposal *p)
{
	for (size_t row = 0; row < p->row_count; row++) {
		if (t->openings[row].state != KL_OPENING_FINAL)
			return false;
	}
	return true;
}

/* True if no seat has anything left to say. A seat that never accepted holds no share. */
static bool nothing_to_come(const struct kl_tally *t)
{
	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_tally_seat *seat = &t->seats[j];

		if (seat->accepted && !seat->quit && !seat->open.complete)
			return false;
	}
	return true;
}

void kl_tally_settle(struct kl_tallies *book, struct kl_tally *t)
{
	const struct kl_tally_proposal *p;

	if (t->closed)
		return;
	for (unsigned i = 0; i < t->proposal_count && !book->rc; i++)
		kl_tally_judge(book, t, t->proposals[i]);
	find_certificate(t);
	p = kl_tally_certified_proposal(t);
	if (p)
		refresh_openings(book, t, p);
	if (book->rc)
		return;
	if (p && all_final(t, p))
		t->closed = true;
	t->failed = !t->closed && has_failed(t);
	if (p && !t->failed && nothing_to_come(t))
		t->closed = true;
}

/* ---- states --------------------------------------------------------------------------------- */

enum kl_tally_state kl_tally_state_of(const struct kl_tally *t, uint64_t wall_ms)
{
	if (t->gate == KL_GATE_INVALID || t->gate == KL_GATE_COUNTED || t->gate == KL_GATE_TRIES)
		return KL_TALLY_INVALID;
	if (t->closed)
		return KL_TALLY_CLOSED;
	if (t->failed)
		return KL_TALLY_ENDED_FAILED;
	if (t->has_certified)
		return KL_TALLY_CERTIFIED;
	if (wall_ms > kl_tally_decide_until(t) + t->call.contribute_ms + t->call.decide_ms)
		return KL_TALLY_STUCK;
	for (unsigned j = 0; j < t->committee.n; j++) {
		if (t->seats[j].intake.complete)
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
	case KL_GATE_COUNTED:
		return "counted";
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
	unsigned duties = 0;

	if (t->closed || t->failed || t->gate != KL_GATE_OPEN)
		return 0;
	if (t->answers && t->own_column >= 0 && !t->columns[t->own_column].contributed &&
		wall_ms < kl_tally_contribute_until(t))
		duties |= KL_DUTY_CONTRIBUTE;
	if (!seat || seat->quit)
		return duties;
	if (!seat->accepted)
		return wall_ms < kl_tally_accept_until(t) ? duties | KL_DUTY_ACCEPT : duties;
	if (t->has_certified)
		return seat->open.complete ? duties : duties | KL_DUTY_OPEN;
	if (!seat->intake.complete)
		duties |= KL_DUTY_INTAKE;
	if (t->own_seat == kl_leader(0, t->committee.n) &&
		(!t->proposal_count || !t->proposals[0]->chain.complete))
		duties |= KL_DUTY_PROPOSE;
	if (seat->vote_count == 0)
		duties |= KL_DUTY_VOTE;
	return duties | KL_DUTY_OPEN;
}

static void view_people(const struct kl_tally *t, struct kl_tally_view *view)
{
	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_tally_seat *seat = &t->seats[j];
		struct kl_tally_seat_view *out = &view->seats[j];

		out->member = seat->member;
		out->accepted = seat->accepted;
		out->intake = seat->intake.complete;
		out->voted = seat->vote_count > 0;
		out->opened = seat->open.complete;
		out->quit = seat->quit;
	}
	for (unsigned i = 0; i < t->roster.count; i++) {
		view->contributors = (uint16_t)(view->contributors + t->columns[i].contributed);
		view->decliners = (uint16_t)(view->decliners + (t->columns[i].declined &&
								       !t->columns[i].contributed));
	}
	if (t->own_column >= 0) {
		view->may_contribute = true;
		view->contributed = t->columns[t->own_column].contributed;
		view->declined = t->columns[t->own_column].declined;
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
	view.agreed = t->answers != NULL;
	view_people(t, &view);
	view.called_ms = t->called_ms;
	view.contribute_until_ms = kl_tally_contribute_until(t);
	view.decide_until_ms = kl_tally_decide_until(t);
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

	if (!t || column >= t->roster.count)
		return KL_E_NOT_FOUND;
	p = kl_tally_certified_proposal(t);
	ret_member->counted = p && kl_set_has(&p->outcome.accepted, column);
	ret_member->contributed = t->columns[column].contributed;
	ret_member->declined = t->columns[column].declined;
	ret_member->presence = t->columns[column].contributed ? t->columns[column].presence : NULL;
	return KL_OK;
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
