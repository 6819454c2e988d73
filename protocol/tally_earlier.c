/* What came out before and can be combined with what a call is going to release. */
#include "protocol/tally_book.h"

#include <string.h>

bool kl_tally_near(const char *code, struct kl_period a, struct kl_period b)
{
	return kl_period_equal(a, b) || (kl_metric_is_slow(code) && kl_periods_near(a, b));
}

bool kl_calls_near(const struct kl_tally_call *a, const struct kl_tally_call *b)
{
	for (unsigned m = 0; m < a->metric_count; m++) {
		const char *code = a->metrics[m].code;

		if (kl_call_metric(b, code) >= 0 && kl_tally_near(code, a->period, b->period))
			return true;
	}
	return false;
}

struct id_list {
	struct kl_id *ids;
	size_t count;
	bool full; /* one more did not fit */
};

static void add_id(struct id_list *list, const struct kl_id *id)
{
	size_t place = 0;

	while (place < list->count && kl_id_compare(&list->ids[place], id) < 0)
		place++;
	if (place < list->count && kl_id_equal(&list->ids[place], id))
		return;
	if (list->count == KL_TALLY_EARLIER_MAX) {
		list->full = true;
		return;
	}
	memmove(&list->ids[place + 1], &list->ids[place],
		(list->count - place) * sizeof(*list->ids));
	list->ids[place] = *id;
	list->count++;
}

static bool names(const struct kl_quit_said *quit, const struct kl_id *proposal)
{
	for (unsigned i = 0; i < quit->vote_count; i++) {
		if (kl_id_equal(&quit->votes[i].proposal, proposal))
			return true;
	}
	return false;
}

static bool seat_names(const struct kl_tally_seat *seat, const struct kl_id *proposal)
{
	for (unsigned k = 0; k < seat->quit_count; k++) {
		if (names(&seat->quits[k], proposal))
			return true;
	}
	return false;
}

static bool named_in_quit(const struct kl_tally *t, const struct kl_id *proposal)
{
	for (unsigned j = 0; j < t->committee.n; j++) {
		if (seat_names(&t->seats[j], proposal))
			return true;
	}
	return false;
}

/* ---- what has not come ---------------------------------------------------------------------- */

/* Whether qv seats may have voted for it: those that name it in a QUIT, those of which no QUIT is
 * here, and of those that name others or none as many as may lie. */
static bool may_be_certified(const struct kl_tally *t, const struct kl_id *proposal)
{
	unsigned most = t->committee.t - 1U, voters = 0, others = 0;

	for (unsigned j = 0; j < t->committee.n; j++) {
		if (!t->seats[j].quit || seat_names(&t->seats[j], proposal))
			voters++;
		else
			others++;
	}
	return voters + (others < most ? others : most) >= t->committee.qv;
}

static bool is_judged(const struct kl_tally *t, const struct kl_id *proposal)
{
	for (size_t k = 0; k < t->proposal_count; k++) {
		const struct kl_tally_proposal *p = t->proposals[k];

		if (kl_id_equal(&p->id, proposal))
			return p->verdict != KL_VERDICT_WAIT;
	}
	return false;
}

static bool awaits_any(const struct kl_tally *t, const struct kl_quit_said *quit)
{
	for (unsigned i = 0; i < quit->vote_count; i++) {
		const struct kl_id *proposal = &quit->votes[i].proposal;

		if (!is_judged(t, proposal) && may_be_certified(t, proposal))
			return true;
	}
	return false;
}

/* True if a set may have been opened that nobody can tell here: its proposal, or an INTAKE that it
 * cites, has not come. */
static bool awaits_what_was_opened(const struct kl_tally *t)
{
	if (t->has_certified)
		return !is_judged(t, &t->certified);
	if (!t->failed)
		return false;
	for (unsigned j = 0; j < t->committee.n; j++) {
		for (unsigned k = 0; k < t->seats[j].quit_count; k++) {
			if (awaits_any(t, &t->seats[j].quits[k]))
				return true;
		}
	}
	return false;
}

/* ---- all of it ------------------------------------------------------------------------------ */

const struct kl_tally *kl_tally_awaited(const struct kl_tallies *book,
	const struct kl_tally_call *call, const struct kl_tally *before)
{
	for (size_t i = 0; i < book->count && book->tallies[i] != before; i++) {
		const struct kl_tally *t = book->tallies[i];

		if (t->gate != KL_GATE_INVALID && kl_calls_near(&t->call, call) &&
			awaits_what_was_opened(t))
			return t;
	}
	return NULL;
}

int kl_tally_earlier(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally *before, struct kl_id ret_ids[KL_TALLY_EARLIER_MAX],
	size_t *ret_count)
{
	struct id_list list = {ret_ids, 0, false};

	for (size_t i = 0; i < book->count && book->tallies[i] != before; i++) {
		const struct kl_tally *t = book->tallies[i];

		if (t->gate == KL_GATE_INVALID || !kl_calls_near(&t->call, call))
			continue;
		for (size_t k = 0; k < t->proposal_count; k++) {
			const struct kl_tally_proposal *p = t->proposals[k];
			const struct kl_id *id = &p->id;

			if (p->verdict != KL_VERDICT_GOOD || p->row_count == 0)
				continue;
			if ((t->has_certified && kl_id_equal(id, &t->certified)) ||
				named_in_quit(t, id))
				add_id(&list, id);
		}
	}
	*ret_count = list.count;
	if (kl_tally_awaited(book, call, before))
		return KL_E_BUSY;
	return list.full ? KL_E_TOO_BIG : KL_OK;
}
