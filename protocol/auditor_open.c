/* What was opened: with its certificate, no finer than that says, and what it adds up to. */
#include "protocol/auditor_in.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_AT_ONCE = 64 };

/* ---- openings ---------------------------------------------------------------------------------- */

/* Whether what an OPEN cites is its certificate. */
static bool cites(const struct kl_auditor *a, const struct kl_tally_open *open)
{
	struct kl_vote votes[KL_SEATS_MAX];
	struct kl_skip skips[KL_TALLY_CITED_MAX];
	size_t vote_count = 0, skip_count = 0;

	for (unsigned i = 0; i < open->vote_count; i++) {
		const struct kl_audit_said *said = kl_auditor_find(a, &open->votes[i]);
		struct kl_tally_vote vote;

		if (!said || said->kind != KL_KIND_TALLY_VOTE || !said->here ||
			kl_tally_vote_read(kl_audit_payload(said), &vote) || vote.seat < 1 ||
			vote.seat > a->committee.n ||
			!kl_id_equal(&said->author, &a->seats[vote.seat - 1].member))
			continue;
		votes[vote_count++] = (struct kl_vote){vote.seat, vote.attempt, vote.proposal};
	}
	for (unsigned i = 0; i < open->skip_count; i++) {
		const struct kl_audit_said *said = kl_auditor_find(a, &open->skips[i]);
		struct kl_tally_skip skip;

		if (!said || said->kind != KL_KIND_TALLY_SKIP || !said->here ||
			kl_tally_skip_read(kl_audit_payload(said), &skip) || skip.seat < 1 ||
			skip.seat > a->committee.n ||
			!kl_id_equal(&said->author, &a->seats[skip.seat - 1].member))
			continue;
		skips[skip_count++] = (struct kl_skip){skip.seat, skip.attempt};
	}
	return kl_certified(&a->committee, votes, vote_count, skips, skip_count, open->attempt,
		&open->proposal);
}

static size_t missing_of(const struct kl_auditor *a, const struct kl_id *ids, unsigned count)
{
	size_t missing = 0;

	for (unsigned i = 0; i < count; i++)
		missing += kl_auditor_find(a, &ids[i]) == NULL;
	return missing;
}

/* No part of an OPEN without its certificate: that is what everything rests on. */
static void check_certificate(
	struct kl_auditor *a, const struct kl_audit_said *said, const struct kl_tally_open *open)
{
	char name[KL_AUDIT_NAME_MAX + 16];
	size_t missing = missing_of(a, open->votes, open->vote_count) +
			 missing_of(a, open->skips, open->skip_count);

	if (open->seat < 1 || open->seat > a->committee.n ||
		!kl_id_equal(&said->author, &a->seats[open->seat - 1].member) ||
		open->part.number > 1) /* all parts of one OPEN cite the same */
		return;
	kl_auditor_seat_name(a, open->seat, name);
	if (cites(a, open))
		return;
	if (missing)
		kl_auditor_say(a, KL_AUDIT_OPENINGS, KL_MARK_NOT_HERE,
			"%s opened sums, and %zu of the votes and skips that it names are not here",
			name, missing);
	else
		kl_auditor_say(a, KL_AUDIT_OPENINGS, KL_MARK_WRONG,
			"%s opened sums without a certificate", name);
}

static void check_certificates(struct kl_auditor *a)
{
	for (size_t i = 0; i < a->said_count && !a->rc; i++) {
		const struct kl_audit_said *said = &a->said[i];
		struct kl_tally_open open;
		int rc;

		if (said->kind != KL_KIND_TALLY_OPEN || !said->here)
			continue;
		rc = kl_tally_open_read(kl_audit_payload(said), &open);
		if (rc == KL_E_NOMEM)
			a->rc = rc;
		if (rc)
			continue;
		check_certificate(a, said, &open);
		kl_tally_open_deinit(&open);
	}
}

/* One part of an OPEN, against what was certified. */
static void check_part(struct kl_auditor *a, const struct kl_audit_sums *sums)
{
	const struct kl_audit_proposal *p = a->certified;
	char name[KL_AUDIT_NAME_MAX + 16];
	size_t other = 0;

	kl_auditor_seat_name(a, sums->seat, name);
	if (!p || !kl_id_equal(&sums->proposal, &p->id) || sums->attempt != p->attempt) {
		kl_auditor_say(a, KL_AUDIT_OPENINGS, KL_MARK_WRONG,
			"%s opened sums of a proposal that was not certified", name);
		return;
	}
	if (!p->here)
		return;
	if (sums->first + sums->count > p->row_count) {
		kl_auditor_say(a, KL_AUDIT_OPENINGS, KL_MARK_WRONG,
			"%s opened more sums than were certified", name);
		return;
	}
	for (size_t i = 0; i < sums->count; i++) {
		const struct kl_proposal_row *row = &p->rows[sums->first + i];

		other += sums->sums[i].bins != 0 &&
			 sums->sums[i].bins !=
				 a->t->call.metrics[row->metric].level_bins[row->level];
	}
	if (other)
		kl_auditor_say(a, KL_AUDIT_OPENINGS, KL_MARK_WRONG,
			"%s opened %zu sum%s of another fineness than was certified", name, other,
			kl_plural(other));
}

/* ---- adding up --------------------------------------------------------------------------------- */

/* The different sums that seats gave for one row; an honest seat gives one. */
struct given {
	const struct kl_open_sum *of[KL_SEATS_MAX][KL_TALLY_SAID_MAX];
	uint8_t count[KL_SEATS_MAX];
	uint8_t bins;
	uint32_t size;
};

static void add(struct given *given, unsigned j, const struct kl_open_sum *sum)
{
	for (unsigned k = 0; k < given->count[j]; k++)
		if (!memcmp(given->of[j][k]->cells, sum->cells, given->bins * sizeof *sum->cells))
			return;
	if (given->count[j] < KL_TALLY_SAID_MAX)
		given->of[j][given->count[j]++] = sum;
}

static void gather(const struct kl_auditor *a, size_t row, struct given *given)
{
	for (size_t i = 0; i < a->sums_count; i++) {
		const struct kl_audit_sums *sums = &a->sums[i];

		if (sums->chained && row >= sums->first && row < sums->first + sums->count &&
			sums->attempt == a->certified->attempt &&
			kl_id_equal(&sums->proposal, &a->certified->id) &&
			sums->sums[row - sums->first].bins == given->bins)
			add(given, sums->seat - 1U, &sums->sums[row - sums->first]);
	}
}

/* Opens with the chosen sum of each seat; those of which the choice is none are left out. */
static void open_with(const struct kl_auditor *a, const struct given *given,
	const int choice[KL_SEATS_MAX], struct kl_opening *ret_opening)
{
	struct kl_partial partials[KL_SEATS_MAX];
	size_t count = 0;

	for (unsigned j = 0; j < a->committee.n; j++) {
		if (choice[j] < 0)
			continue;
		partials[count].seat = (uint8_t)(j + 1);
		partials[count++].cells = given->of[j][choice[j]]->cells;
	}
	memset(ret_opening, 0, sizeof *ret_opening);
	(void)kl_open_partials(
		&a->committee, partials, count, given->bins, given->size, ret_opening);
}

static bool next_choice(const struct given *given, int choice[KL_SEATS_MAX])
{
	for (unsigned j = 0; j < KL_SEATS_MAX; j++) {
		if (given->count[j] < 2)
			continue;
		if (choice[j] + 1 < given->count[j]) {
			choice[j]++;
			return true;
		}
		choice[j] = 0;
	}
	return false;
}

/* A seat that gave several sums counts if one of them makes the row final, else for nothing. */
static void add_up(
	const struct kl_auditor *a, const struct given *given, struct kl_opening *ret_best)
{
	int choice[KL_SEATS_MAX];
	uint16_t several = 0;

	for (unsigned j = 0; j < KL_SEATS_MAX; j++) {
		choice[j] = given->count[j] == 1 ? 0 : -1;
		if (given->count[j] > 1)
			several = (uint16_t)(several | 1U << j);
	}
	open_with(a, given, choice, ret_best);
	if (!several || __builtin_popcount(several) >= a->committee.t)
		return;
	for (unsigned j = 0; j < KL_SEATS_MAX; j++)
		if (several >> j & 1)
			choice[j] = 0;
	do {
		struct kl_opening opening;

		open_with(a, given, choice, &opening);
		if (opening.state == KL_OPENING_FINAL &&
			(ret_best->state != KL_OPENING_FINAL ||
				__builtin_popcount(opening.seats) >
					__builtin_popcount(ret_best->seats)))
			*ret_best = opening;
	} while (next_choice(given, choice));
	if (ret_best->state == KL_OPENING_FINAL)
		ret_best->liars = (uint16_t)(ret_best->liars | several);
}

static bool same_opening(const struct kl_opening *a, const struct kl_opening *b)
{
	return a->state == b->state && a->seats == b->seats && a->liars == b->liars &&
	       a->bins == b->bins &&
	       memcmp(a->histogram, b->histogram, a->bins * sizeof *a->histogram) == 0;
}

/* True if what this member shows of the row is what was opened, or if it shows nothing. */
static bool is_shown(const struct kl_auditor *a, const struct kl_proposal_row *row, size_t size,
	const struct kl_opening *opening)
{
	const struct kl_audit_shown *shown;

	if (!a->has_shown || a->shown_count == 0 || a->shown_busy)
		return true;
	shown = &a->shown[(size_t)row->metric * a->t->call.cohort_count + row->cohort];
	if (shown->rc)
		return shown->rc == KL_E_NOT_FOUND && a->t->failed;
	return shown->result.why == KL_PLAN_RELEASED && shown->result.level == row->level &&
	       shown->result.n == size && same_opening(&shown->result.opening, opening);
}

static void check_row(struct kl_auditor *a, size_t index)
{
	const struct kl_proposal_row *row = &a->certified->rows[index];
	const char *code = a->t->call.metrics[row->metric].code;
	struct given given = {.bins = a->t->call.metrics[row->metric].level_bins[row->level],
		.size = (uint32_t)kl_auditor_row_size(a, row)};
	char cohort[KL_COHORT_TEXT_MAX];
	struct kl_opening opening;

	gather(a, index, &given);
	add_up(a, &given, &opening);
	a->openings[index] = opening;
	a->states[opening.state]++;
	a->liars = (uint16_t)(a->liars | opening.liars);
	kl_cohort_format(&a->t->call.cohorts[row->cohort], cohort);
	if (!a->t->openings || !same_opening(&opening, &a->t->openings[index]))
		kl_auditor_differs(a, KL_AUDIT_OPENINGS,
			"%s of %s: the two ways of adding up what the seats opened give different "
			"sums",
			code, cohort);
	if (!is_shown(a, row, given.size, &opening))
		kl_auditor_differs(a, KL_AUDIT_SHOWN,
			"%s of %s: this member shows something else than the seats opened", code,
			cohort);
}

static void sum_up_openings(struct kl_auditor *a)
{
	char name[KL_AUDIT_NAME_MAX + 16];

	for (unsigned j = 0; j < a->committee.n; j++)
		if (a->liars >> j & 1)
			kl_auditor_say(a, KL_AUDIT_OPENINGS, KL_MARK_NOTE,
				"%s opened something else than its shares add up to, and was "
				"overruled",
				kl_auditor_seat_name(a, j + 1, name));
	kl_auditor_sum_up(a, KL_AUDIT_OPENINGS,
		"%zu sum%s added up again: %zu final, %zu unconfirmed, %zu void, %zu still waiting "
		"for seats",
		a->certified->row_count, kl_plural(a->certified->row_count),
		a->states[KL_OPENING_FINAL], a->states[KL_OPENING_UNCONFIRMED],
		a->states[KL_OPENING_VOID], a->states[KL_OPENING_WAITING]);
}

/* A few rows a turn; true when there are no more. */
bool kl_auditor_check_openings(struct kl_auditor *a)
{
	const struct kl_audit_proposal *p = a->certified;
	bool can = p && p->here && a->selected && a->rows_fit;

	if (a->row == 0) {
		if (can && !a->openings)
			a->openings = calloc(p->row_count + 1, sizeof *a->openings);
		if (can && !a->openings)
			a->rc = KL_E_NOMEM;
		check_certificates(a);
		for (size_t i = 0; i < a->sums_count; i++)
			check_part(a, &a->sums[i]);
	}
	if (!can) {
		kl_auditor_sum_up_as(a, KL_AUDIT_OPENINGS, p ? KL_MARK_NOT_HERE : KL_MARK_NOTHING,
			"%s",
			p ? "What was opened cannot be held against anything that is here"
			  : "Nothing was certified, and nothing may be opened");
		return true;
	}
	for (size_t i = 0; i < ROWS_AT_ONCE && a->row < p->row_count && !a->rc; i++)
		check_row(a, a->row++);
	if (a->row < p->row_count && !a->rc)
		return false;
	sum_up_openings(a);
	return true;
}

size_t kl_auditor_sums(const struct kl_auditor *a)
{
	return a->openings ? a->certified->row_count : 0;
}

void kl_auditor_sum(const struct kl_auditor *a, size_t index, struct kl_audited_sum *ret_sum)
{
	const struct kl_proposal_row *row = &a->certified->rows[index];

	KL_ASSERT(index < kl_auditor_sums(a));
	ret_sum->metric = &a->t->call.metrics[row->metric];
	ret_sum->cohort = &a->t->call.cohorts[row->cohort];
	ret_sum->level = (enum kl_level)row->level;
	ret_sum->members = kl_auditor_row_size(a, row);
	ret_sum->opening = &a->openings[index];
}
