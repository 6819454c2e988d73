/* Late batches: a question that was released for a period may be asked again, of those that were not
 * counted then. Everybody computes who was, and comes to the same whatever it has heard so far. */
#include "protocol/tally_book.h"

#include <string.h>

static bool released(const struct kl_tally_proposal *p, int metric)
{
	for (size_t r = 0; r < p->row_count; r++) {
		if (p->rows[r].metric == metric)
			return true;
	}
	return false;
}

static void add_counted(const struct kl_tally *t, const struct kl_outcome *outcome, unsigned metric,
	const struct kl_tally_roster *roster, struct kl_set *set)
{
	struct kl_set counted;

	kl_tally_answered(t, outcome, metric, &outcome->who.accepted, &counted);
	for (size_t i = kl_set_next(&counted, 0); i < t->roster.count;
		i = kl_set_next(&counted, i + 1)) {
		int column = kl_tally_roster_find(roster, &t->roster.members[i].id);

		if (column >= 0)
			kl_set_add(set, (size_t)column);
	}
}

/* A tally can be certified first and fail later, and some hear of both before others hear of the second.
 * The convenor's feed says the same to all: what it had closed as failed when it made a call. */
static bool failed_before(const struct kl_tallies *book, const struct kl_tally *t, size_t place)
{
	return t->closed_failed ? t->closed_failed_at <= place : t->failed && place == book->count;
}

static size_t place_of(const struct kl_tallies *book, const struct kl_tally *before)
{
	size_t place = 0;

	while (place < book->count && book->tallies[place] != before)
		place++;
	return place;
}

static bool has_id(struct kl_late_of of, const struct kl_id *id)
{
	for (size_t i = 0; i < of.count; i++) {
		if (kl_id_equal(&of.ids[i], id))
			return true;
	}
	return false;
}

/* True if one of those that are named is a proposal of this tally. */
static bool names_any(struct kl_late_of of, const struct kl_tally *t)
{
	for (size_t k = 0; k < t->proposal_count; k++) {
		if (has_id(of, &t->proposals[k]->id))
			return true;
	}
	return false;
}

int kl_tally_late(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally *before, struct kl_late_of of, const struct kl_tally_roster *roster,
	unsigned metric, struct kl_set *ret_set)
{
	size_t place = place_of(book, before);
	int rc = KL_OK;

	memset(ret_set, 0, sizeof(*ret_set));
	for (size_t i = 0; i < place; i++) {
		const struct kl_tally *t = book->tallies[i];
		const struct kl_tally_proposal *p;
		int same = kl_call_metric(&t->call, call->metrics[metric].code);

		if (same < 0 || !kl_period_equal(t->call.period, call->period) ||
			t->gate == KL_GATE_INVALID || failed_before(book, t, place) ||
			(of.ids && !names_any(of, t)))
			continue;
		p = kl_tally_certified_proposal(t);
		if (!p)
			rc = KL_E_BUSY;
		else if (released(p, same) && (!of.ids || has_id(of, &t->certified)))
			add_counted(t, &p->outcome, (unsigned)same, roster, ret_set);
	}
	return rc;
}

bool kl_tallies_counted(
	const struct kl_tallies *book, const struct kl_tally_call *call, unsigned metric)
{
	for (size_t i = 0; i < book->count; i++) {
		const struct kl_tally *t = book->tallies[i];
		const struct kl_tally_proposal *p = kl_tally_certified_proposal(t);

		if (p && !t->failed && kl_period_equal(t->call.period, call->period) &&
			released(p, kl_call_metric(&t->call, call->metrics[metric].code)))
			return true;
	}
	return false;
}

bool kl_tallies_own_counted(
	const struct kl_tallies *book, const struct kl_id *tally, uint16_t metric)
{
	const struct kl_tally *t = kl_tallies_find(book, tally);
	struct kl_set late;

	if (!t || t->own_column < 0 || metric >= t->call.metric_count)
		return false;
	(void)kl_tally_late(book, &t->call, t, (struct kl_late_of){0}, &t->roster, metric, &late);
	return kl_set_has(&late, (size_t)t->own_column);
}
