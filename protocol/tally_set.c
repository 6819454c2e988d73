/* From INTAKEs to sets: who is in, and what of it is released. Everybody computes the same. */
#include "core/hash.h"
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

/* ---- cohorts -------------------------------------------------------------------------------- */

void kl_tally_answered(const struct kl_tally *t, const struct kl_outcome *outcome, unsigned metric,
	const struct kl_set *from, struct kl_set *ret_set)
{
	struct kl_set set = {0};

	for (size_t i = kl_set_next(from, 0); i < t->roster.count; i = kl_set_next(from, i + 1)) {
		unsigned number = outcome->who.numbers[i];

		if (number && !kl_set_has(&outcome->late[metric], i) &&
			kl_presence_has(t->columns[i].contributions[number - 1].presence, metric))
			kl_set_add(&set, i);
	}
	*ret_set = set;
}

void kl_tally_cohort_set(const struct kl_tally *t, const struct kl_outcome *outcome,
	unsigned metric, unsigned cohort, struct kl_set *ret_set)
{
	struct kl_set set;

	kl_tally_answered(t, outcome, metric, &outcome->who.accepted, &set);
	kl_set_meet(&set, &t->cohorts[cohort], ret_set);
}

/* ---- the outcome ---------------------------------------------------------------------------- */

void kl_outcome_deinit(struct kl_outcome *outcome)
{
	free(outcome->late);
	free(outcome->cells);
	free(outcome->rows);
	outcome->late = NULL;
	outcome->cells = NULL;
	outcome->rows = NULL;
}

static void set_hash(const struct kl_tally *t, const struct kl_selected *who,
	const struct kl_set *set, struct kl_id *ret_hash)
{
	struct kl_hash hash;

	kl_hash_init(&hash, "QB1/set");
	for (size_t i = kl_set_next(set, 0); i < t->roster.count; i = kl_set_next(set, i + 1))
		kl_hash_add_id(&hash, &t->columns[i].contributions[who->numbers[i] - 1].id);
	kl_hash_final(&hash, ret_hash);
}

static void fill_rows(const struct kl_tally *t, struct kl_outcome *outcome)
{
	for (unsigned m = 0; m < t->call.metric_count; m++) {
		struct kl_set answered, set;

		kl_tally_answered(t, outcome, m, &outcome->who.accepted, &answered);
		for (unsigned c = 0; c < t->call.cohort_count; c++) {
			const struct kl_outcome_cell *cell =
				&outcome->cells[m * t->call.cohort_count + c];
			struct kl_proposal_row *row = &outcome->rows[outcome->row_count];

			if (cell->why != KL_PLAN_RELEASED)
				continue;
			kl_set_meet(&answered, &t->cohorts[c], &set);
			row->metric = (uint16_t)m;
			row->cohort = (uint8_t)c;
			row->level = cell->level;
			set_hash(t, &outcome->who, &set, &row->set);
			outcome->row_count++;
		}
	}
}

/* Who answered what, as far as the plan looks at it. */
static struct kl_set *sets_by_metric(const struct kl_tally *t, const struct kl_outcome *outcome)
{
	struct kl_set *sets = calloc(t->call.metric_count, 2 * sizeof(*sets));

	for (unsigned m = 0; sets && m < t->call.metric_count; m++) {
		struct kl_set *own = &sets[2 * (size_t)m];

		kl_tally_answered(t, outcome, m, &outcome->who.base, &own[0]);
		kl_tally_answered(t, outcome, m, &outcome->who.accepted, &own[1]);
	}
	return sets;
}

static int plan_cells(struct kl_tallies *book, struct kl_tally *t, const struct kl_id *earlier,
	size_t earlier_count, struct kl_outcome *outcome)
{
	struct kl_set *sets = sets_by_metric(t, outcome);
	const struct kl_plan_input input = {
		.tally = t->id,
		.call = &t->call,
		.roster = &t->roster,
		.end = t->call.metric_count,
		.sets = sets,
		.earlier = earlier,
		.earlier_count = earlier_count,
	};
	int rc = sets ? kl_tally_planned(book, t, &input, outcome->cells) : KL_E_NOMEM;

	free(sets);
	return rc;
}

int kl_tally_outcome(struct kl_tallies *book, struct kl_tally *t, const struct kl_cited *cited,
	const struct kl_id *earlier, size_t earlier_count, struct kl_outcome *ret_outcome)
{
	size_t count = (size_t)t->call.metric_count * t->call.cohort_count;
	const struct kl_late_of of = {earlier, earlier_count};
	struct kl_outcome outcome = {0};
	int rc;

	outcome.late = calloc(t->call.metric_count, sizeof(*outcome.late));
	outcome.cells = calloc(count, sizeof(*outcome.cells));
	outcome.rows = calloc(count, sizeof(*outcome.rows));
	rc = outcome.late && outcome.cells && outcome.rows ? KL_OK : KL_E_NOMEM;
	if (!rc)
		rc = kl_tally_select(book, t, cited, &outcome.who);
	for (unsigned m = 0; m < t->call.metric_count && !rc; m++)
		rc = kl_tally_late(book, &t->call, t, of, &t->roster, m, &outcome.late[m]);
	if (!rc)
		rc = plan_cells(book, t, earlier, earlier_count, &outcome);
	if (rc) {
		kl_outcome_deinit(&outcome);
		return rc;
	}
	fill_rows(t, &outcome);
	*ret_outcome = outcome;
	return KL_OK;
}

/* ---- proposals ------------------------------------------------------------------------------ */

struct kl_tally_proposal *kl_tallies_proposal(
	const struct kl_tallies *book, const struct kl_id *id, struct kl_tally **ret_tally)
{
	for (size_t i = 0; i < book->count; i++) {
		struct kl_tally *t = book->tallies[i];

		for (size_t k = 0; k < t->proposal_count; k++) {
			struct kl_tally_proposal *p = t->proposals[k];

			if (!kl_id_equal(&p->id, id))
				continue;
			if (ret_tally)
				*ret_tally = t;
			return p;
		}
	}
	return NULL;
}

struct kl_tally_proposal *kl_tally_certified_proposal(const struct kl_tally *t)
{
	if (!t->has_certified)
		return NULL;
	for (size_t k = 0; k < t->proposal_count; k++) {
		struct kl_tally_proposal *p = t->proposals[k];

		if (p->verdict == KL_VERDICT_GOOD && p->attempt == t->certified_attempt &&
			kl_id_equal(&p->id, &t->certified))
			return p;
	}
	return NULL;
}

static bool same_rows(const struct kl_tally_proposal *p, const struct kl_outcome *outcome)
{
	if (p->row_count != outcome->row_count)
		return false;
	for (size_t r = 0; r < p->row_count; r++) {
		const struct kl_proposal_row *a = &p->rows[r], *b = &outcome->rows[r];

		if (a->metric != b->metric || a->cohort != b->cohort || a->level != b->level ||
			!kl_id_equal(&a->set, &b->set))
			return false;
	}
	return true;
}

bool kl_tally_cited(const struct kl_tally *t, const struct kl_proposal_cited *cited, unsigned count,
	struct kl_cited *ret_cited)
{
	memset(ret_cited, 0, sizeof(*ret_cited));
	for (unsigned i = 0; i < count; i++) {
		const struct kl_tally_seat *seat = &t->seats[cited[i].seat - 1];
		const struct kl_intake_said *found = NULL;

		for (size_t k = 0; k < seat->intake_count && !found; k++) {
			if (kl_id_equal(&seat->intakes[k].id, &cited[i].intake))
				found = &seat->intakes[k];
		}
		if (!found)
			return false;
		ret_cited->of[cited[i].seat - 1] = found;
	}
	return true;
}

static bool cites_seats(const struct kl_tally *t, const struct kl_tally_proposal *p)
{
	for (unsigned i = 0; i < p->cited_count; i++) {
		if (p->cited[i].seat < 1 || p->cited[i].seat > t->committee.n)
			return false;
	}
	return true;
}

/* What a proposal counts as released has to be here, and good: what never comes must not cost anything
 * each time that somebody looks. */
static bool earlier_is_good(const struct kl_tallies *book, const struct kl_tally_proposal *p)
{
	for (unsigned i = 0; i < p->earlier_count; i++) {
		const struct kl_tally_proposal *earlier =
			kl_tallies_proposal(book, &p->earlier[i], NULL);

		if (!earlier || earlier->verdict != KL_VERDICT_GOOD)
			return false;
	}
	return true;
}

void kl_tally_judge(struct kl_tallies *book, struct kl_tally *t, struct kl_tally_proposal *p)
{
	struct kl_cited cited;
	int rc;

	if (p->verdict != KL_VERDICT_WAIT)
		return;
	if (!cites_seats(t, p)) {
		p->verdict = KL_VERDICT_BAD;
		return;
	}
	kl_whole_cited(book, t, p->cited, p->cited_count);
	if (!kl_tally_cited(t, p->cited, p->cited_count, &cited) || !earlier_is_good(book, p))
		return;
	rc = kl_tally_outcome(book, t, &cited, p->earlier, p->earlier_count, &p->outcome);
	if (rc == KL_E_NOMEM)
		book->rc = rc;
	if (rc == KL_E_BUSY || rc == KL_E_NOMEM)
		return;
	p->verdict = rc == KL_OK && same_rows(p, &p->outcome) ? KL_VERDICT_GOOD : KL_VERDICT_BAD;
}
