/* What follows from the records that are here: the attempt that is open, certificate, failure, openings,
 * the end. It is computed from the set of them, so that all members come to the same state in whatever
 * order they hear. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

/* ---- attempts ------------------------------------------------------------------------------- */

static size_t skips_of(const struct kl_tally *t, struct kl_skip *ret_skips)
{
	size_t count = 0;

	for (unsigned j = 0; j < t->committee.n; j++) {
		for (uint32_t attempt = 0; attempt < KL_TALLY_ATTEMPTS_MAX; attempt++) {
			if (kl_seat_skipped(&t->seats[j], attempt))
				ret_skips[count++] = (struct kl_skip){(uint8_t)(j + 1), attempt};
		}
	}
	return count;
}

/* The first attempt is open once a proposal can be made at all, a later one when all before it were
 * skipped. */
static void find_attempt(struct kl_tallies *book, struct kl_tally *t)
{
	struct kl_skip skips[KL_SEATS_MAX * KL_TALLY_ATTEMPTS_MAX];
	uint32_t attempt = kl_open_attempt(&t->committee, skips, skips_of(t, skips));
	unsigned intakes = 0;

	for (unsigned j = 0; j < t->committee.n; j++)
		intakes += kl_seat_intake(&t->seats[j]) != NULL;
	if (attempt == 0 && intakes < t->committee.qa)
		return;
	if (t->attempt_since_ms == 0 || attempt != t->attempt)
		t->attempt_since_ms = book->event->now_ms ? book->event->now_ms : 1;
	t->attempt = attempt;
}

/* ---- certificate and failure ---------------------------------------------------------------- */

static size_t votes_of(const struct kl_tally *t, struct kl_vote *ret_votes)
{
	size_t count = 0;

	for (unsigned j = 0; j < t->committee.n; j++) {
		for (unsigned i = 0; i < t->seats[j].vote_count; i++) {
			const struct kl_vote_said *said = &t->seats[j].votes[i];

			ret_votes[count++] =
				(struct kl_vote){(uint8_t)(j + 1), said->attempt, said->proposal};
		}
	}
	return count;
}

static void find_certificate(struct kl_tally *t)
{
	struct kl_vote votes[KL_SEATS_MAX *
			     (KL_TALLY_ATTEMPTS_MAX * KL_TALLY_VOTES_MAX + KL_TALLY_WANTED_MAX)];
	struct kl_skip skips[KL_SEATS_MAX * KL_TALLY_ATTEMPTS_MAX];
	size_t count = votes_of(t, votes), skip_count = skips_of(t, skips);

	for (size_t i = 0; i < count && !t->has_certified; i++) {
		if (!kl_certified(&t->committee, votes, count, skips, skip_count, votes[i].attempt,
			    &votes[i].proposal))
			continue;
		t->has_certified = true;
		t->certified_attempt = votes[i].attempt;
		t->certified = votes[i].proposal;
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

enum { KL_ROW_SUMS_MAX = 4 };

/* The different sums that seats gave for one row. An honest seat gives one. */
struct row_sums {
	const struct kl_open_sum *of[KL_SEATS_MAX][KL_ROW_SUMS_MAX];
	uint8_t count[KL_SEATS_MAX];
	uint8_t bins;
	uint32_t size; /* of the cohort */
};

/* Keeps the least different ones, in order: which, does not depend on which came first. */
static void add_sum(struct row_sums *sums, unsigned j, const struct kl_open_sum *sum)
{
	const struct kl_open_sum **of = sums->of[j];
	unsigned at = 0;

	while (at < sums->count[j]) {
		int order = memcmp(of[at]->cells, sum->cells, sums->bins * sizeof(*sum->cells));

		if (order == 0)
			return;
		if (order > 0)
			break;
		at++;
	}
	if (at == KL_ROW_SUMS_MAX)
		return;
	if (sums->count[j] < KL_ROW_SUMS_MAX)
		sums->count[j]++;
	memmove(&of[at + 1], &of[at], (sums->count[j] - at - 1) * sizeof(struct kl_open_sum *));
	of[at] = sum;
}

static void gather_sums(const struct kl_tally *t, size_t row, struct row_sums *sums)
{
	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_parts *parts = &t->seats[j].open_parts;

		for (size_t i = 0; i < parts->count; i++) {
			const struct kl_part_said *p = &parts->of[i];
			const struct kl_open_sum *said = p->items;

			if (p->chained && row >= p->first && row < p->end &&
				said[row - p->first].bins == sums->bins &&
				p->attempt == t->certified_attempt &&
				kl_id_equal(&p->proposal, &t->certified))
				add_sum(sums, j, &said[row - p->first]);
		}
	}
}

/* Opens with one sum of each seat: the one chosen; of seats that gave several, if `only_one`, none. */
static void open_chosen(const struct kl_tally *t, const struct row_sums *sums,
	const uint8_t *choice, bool only_one, struct kl_opening *ret_opening)
{
	struct kl_partial partials[KL_SEATS_MAX] = {{0}};
	size_t count = 0;

	for (unsigned j = 0; j < t->committee.n; j++) {
		if (sums->count[j] == 0 || (only_one && sums->count[j] > 1))
			continue;
		partials[count].seat = (uint8_t)(j + 1);
		partials[count++].cells = sums->of[j][choice[j]]->cells;
	}
	memset(ret_opening, 0, sizeof(*ret_opening));
	(void)kl_open_partials(&t->committee, partials, count, sums->bins, sums->size, ret_opening);
}

static bool next_choice(const struct row_sums *sums, uint8_t *choice)
{
	for (unsigned j = 0; j < KL_SEATS_MAX; j++) {
		if (choice[j] + 1 < sums->count[j]) {
			choice[j]++;
			return true;
		}
		choice[j] = 0;
	}
	return false;
}

/* Seats that gave several sums count if one of these makes the row final: then 2t - 1 lie on one
 * polynomial, and more honest ones among them than it takes to know it. Short of that they count for
 * nothing. */
static void open_row(
	const struct kl_tally *t, struct row_sums *sums, struct kl_opening *ret_opening)
{
	uint8_t choice[KL_SEATS_MAX] = {0};
	struct kl_opening opening;
	uint16_t several = 0;

	for (unsigned j = 0; j < t->committee.n; j++) {
		if (sums->count[j] > 1)
			several = (uint16_t)(several | 1U << j);
	}
	open_chosen(t, sums, choice, true, ret_opening);
	if (several == 0 || __builtin_popcount(several) >= t->committee.t)
		return;
	do {
		open_chosen(t, sums, choice, false, &opening);
		if (opening.state == KL_OPENING_FINAL &&
			(ret_opening->state != KL_OPENING_FINAL ||
				__builtin_popcount(opening.seats) >
					__builtin_popcount(ret_opening->seats)))
			*ret_opening = opening;
	} while (next_choice(sums, choice));
	if (ret_opening->state == KL_OPENING_FINAL)
		ret_opening->liars = (uint16_t)(ret_opening->liars | several);
}

static void refresh_row(struct kl_tally *t, const struct kl_tally_proposal *p, size_t row)
{
	const struct kl_proposal_row *r = &p->rows[row];
	struct row_sums sums = {.bins = t->call.metrics[r->metric].level_bins[r->level],
		.size = p->outcome.cells[r->metric * t->call.cohort_count + r->cohort].n};

	gather_sums(t, row, &sums);
	open_row(t, &sums, &t->openings[row]);
	/* What nobody tested may have been dealt wrongly: then the seat does not lie. */
	t->openings[row].liars &= kl_selected_seats(&p->outcome.who);
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
		refresh_row(t, p, row);
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

		if (seat->accepted && !seat->quit && !seat->opened)
			return false;
	}
	return true;
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* Rows that are all final and qv QUITs exclude each other: a seat does one or the other. With rows that
 * are not, or without rows, failure comes first: what was certified then is named in a QUIT, and counts
 * as released. */
void kl_tally_settle(struct kl_tallies *book, struct kl_tally *t)
{
	const struct kl_tally_proposal *p;
	bool final;

	find_attempt(book, t);
	if (!t->has_certified)
		find_certificate(t);
	kl_whole_wanted(book, t);
	for (size_t i = 0; i < t->proposal_count && !book->rc; i++)
		kl_tally_judge(book, t, t->proposals[i]);
	p = kl_tally_certified_proposal(t);
	if (p)
		refresh_openings(book, t, p);
	if (book->rc)
		return;
	final = p && p->row_count > 0 && all_final(t, p);
	t->failed = !final && has_failed(t);
	t->closed = final || (p && !t->failed && (p->row_count == 0 || nothing_to_come(t)));
}
