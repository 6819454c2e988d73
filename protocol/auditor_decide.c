/* What was proposed and voted for, and whether what is released keeps to the rules. */
#include "core/hash.h"
#include "protocol/auditor_in.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_AT_ONCE = 256 };

/* ---- votes ------------------------------------------------------------------------------------- */

/* All votes and skips of a tally, as core/certificate.h takes them. */
struct ballot {
	struct kl_vote votes[KL_SEATS_MAX * KL_AUDIT_VOTES_MAX];
	struct kl_skip skips[KL_SEATS_MAX * KL_AUDIT_VOTES_MAX];
	size_t vote_count, skip_count;
	uint8_t quits[KL_SEATS_MAX];
	size_t quit_count;
};

static void fill(const struct kl_auditor *a, struct ballot *ballot)
{
	for (unsigned j = 0; j < a->committee.n; j++) {
		const struct kl_audit_seat *seat = &a->seats[j];

		for (unsigned i = 0; i < seat->vote_count; i++)
			ballot->votes[ballot->vote_count++] = seat->votes[i].vote;
		for (unsigned i = 0; i < seat->skip_count; i++)
			ballot->skips[ballot->skip_count++] = seat->skips[i];
		if (seat->quit)
			ballot->quits[ballot->quit_count++] = (uint8_t)(j + 1);
	}
}

static unsigned voters(const struct kl_auditor *a, const struct kl_audit_proposal *p)
{
	unsigned count = 0;

	for (unsigned j = 0; j < a->committee.n; j++)
		for (unsigned i = 0; i < a->seats[j].vote_count; i++)
			count += a->seats[j].votes[i].vote.attempt == p->attempt &&
				 kl_id_equal(&a->seats[j].votes[i].vote.proposal, &p->id);
	return count;
}

static void find_certified(struct kl_auditor *a, const struct ballot *ballot)
{
	for (size_t i = 0; i < a->proposal_count; i++) {
		const struct kl_audit_proposal *p = &a->proposals[i];

		if (!kl_certified(&a->committee, ballot->votes, ballot->vote_count, ballot->skips,
			    ballot->skip_count, p->attempt, &p->id))
			continue;
		if (a->certified)
			kl_auditor_say(a, KL_AUDIT_VOTES, KL_MARK_WRONG,
				"two proposals have their votes, in attempts %" PRIu32
				" and %" PRIu32 ": more than %u seats lied",
				a->certified->attempt + 1, p->attempt + 1, a->committee.t - 1U);
		else
			a->certified = p;
	}
}

static void compare_votes(struct kl_auditor *a)
{
	const struct kl_tally *t = a->t;

	if (t->has_certified != (a->certified != NULL) ||
		(a->certified && !kl_id_equal(&t->certified, &a->certified->id)))
		kl_auditor_differs(a, KL_AUDIT_VOTES,
			"the two ways of working it out disagree on what is certified");
	if (t->failed && !a->failed)
		kl_auditor_differs(a, KL_AUDIT_VOTES,
			"the two ways of working it out disagree on whether it failed: too few "
			"seats "
			"gave up for that");
}

/* A QUIT says that it names all votes of its seat. */
static void check_quit(struct kl_auditor *a, unsigned number)
{
	const struct kl_audit_seat *seat = &a->seats[number - 1];
	char name[KL_AUDIT_NAME_MAX + 16];

	for (unsigned i = 0; seat->quit && i < seat->vote_count; i++) {
		bool named = false;

		for (unsigned k = 0; k < seat->quitted.vote_count; k++)
			named |= kl_id_equal(&seat->quitted.votes[k].proposal,
					 &seat->votes[i].vote.proposal) &&
				 seat->quitted.votes[k].attempt == seat->votes[i].vote.attempt;
		if (!named)
			kl_auditor_say(a, KL_AUDIT_VOTES, KL_MARK_NOTE,
				"%s quit without naming its vote in attempt %" PRIu32,
				kl_auditor_seat_name(a, number, name),
				seat->votes[i].vote.attempt + 1);
	}
}

static void sum_up_votes(struct kl_auditor *a, const struct ballot *ballot)
{
	if (a->certified)
		kl_auditor_sum_up(a, KL_AUDIT_VOTES,
			"Certified in attempt %" PRIu32
			": %u of %u seats voted for it, %u are needed; "
			"%zu skip%s%s",
			a->certified->attempt + 1, voters(a, a->certified), a->committee.n,
			a->committee.qv, ballot->skip_count, kl_plural(ballot->skip_count),
			a->failed ? ". It failed all the same: enough seats gave up before they "
				    "opened anything"
				  : "");
	else if (a->failed)
		kl_auditor_sum_up(a, KL_AUDIT_VOTES,
			"Failed: %zu of %u seats gave up, %u are needed for that; %zu vote%s, none "
			"certified",
			ballot->quit_count, a->committee.n, a->committee.qv, ballot->vote_count,
			kl_plural(ballot->vote_count));
	else
		kl_auditor_sum_up(a, KL_AUDIT_VOTES,
			"Neither certified nor failed so far: %zu vote%s, %zu skip%s, %zu of %u "
			"seats "
			"gave up; %u are needed for each",
			ballot->vote_count, kl_plural(ballot->vote_count), ballot->skip_count,
			kl_plural(ballot->skip_count), ballot->quit_count, a->committee.n,
			a->committee.qv);
}

void kl_auditor_check_votes(struct kl_auditor *a)
{
	struct ballot *ballot = calloc(1, sizeof *ballot);

	if (!ballot) {
		a->rc = KL_E_NOMEM;
		return;
	}
	fill(a, ballot);
	find_certified(a, ballot);
	a->failed = kl_failed(&a->committee, ballot->quits, ballot->quit_count);
	compare_votes(a);
	for (unsigned j = 1; j <= a->committee.n; j++)
		check_quit(a, j);
	sum_up_votes(a, ballot);
	free(ballot);
}

/* ---- proposals --------------------------------------------------------------------------------- */

static bool counts(const struct kl_audit_proposal *p, const struct kl_id *id)
{
	for (unsigned i = 0; i < p->earlier_count; i++)
		if (kl_id_equal(&p->earlier[i], id))
			return true;
	return false;
}

/* It must count what came before: what the call names, and what was released for the period. */
static void check_earlier(struct kl_auditor *a, const struct kl_audit_proposal *p)
{
	struct kl_id required[KL_TALLY_EARLIER_MAX];
	size_t count = 0, missing = 0;
	int rc = kl_tally_earlier(a->fold, &a->t->call, a->t, required, &count);

	if (rc) {
		kl_auditor_say(a, KL_AUDIT_PROPOSALS,
			rc == KL_E_TOO_BIG ? KL_MARK_WRONG : KL_MARK_NOT_HERE, "%s",
			rc == KL_E_TOO_BIG ? "more was released for the period before than a "
					     "proposal can count"
					   : "something that was voted for before, for the same "
					     "period, is not "
					     "here");
		return;
	}
	for (size_t i = 0; i < count; i++)
		missing += !counts(p, &required[i]);
	for (unsigned i = 0; i < a->t->call.earlier_count; i++)
		missing += !counts(p, &a->t->call.earlier[i]);
	if (missing)
		kl_auditor_say(a, KL_AUDIT_PROPOSALS,
			p != a->certified ? KL_MARK_NOTE
			: a->whole        ? KL_MARK_WRONG
					  : KL_MARK_NOT_HERE,
			"the proposal of attempt %" PRIu32
			" leaves out %zu earlier release%s of the "
			"period",
			p->attempt + 1, missing, kl_plural(missing));
}

static void tell_proposal(struct kl_auditor *a, const struct kl_audit_proposal *p)
{
	char name[KL_AUDIT_NAME_MAX + 16];
	unsigned votes = voters(a, p);

	kl_auditor_seat_name(a, p->leader, name);
	if (!p->here) {
		kl_auditor_say(a, KL_AUDIT_PROPOSALS,
			p == a->certified ? KL_MARK_NOT_HERE : KL_MARK_NOTE,
			"attempt %" PRIu32
			": %u seat%s voted for a proposal of %s that is not whole "
			"here",
			p->attempt + 1, votes, kl_plural(votes), name);
		return;
	}
	kl_auditor_say(a, KL_AUDIT_PROPOSALS, KL_MARK_WELL,
		"attempt %" PRIu32
		": %s proposed %zu sum%s from the lists of %u seats; %u voted for "
		"it",
		p->attempt + 1, name, p->row_count, kl_plural(p->row_count), p->cited_count, votes);
	if (p->cited_count < a->committee.qa && p == a->certified)
		kl_auditor_say(a, KL_AUDIT_PROPOSALS, KL_MARK_WRONG,
			"it was certified, though it cites %u lists only, and %u are needed",
			p->cited_count, a->committee.qa);
	check_earlier(a, p);
}

void kl_auditor_check_proposals(struct kl_auditor *a)
{
	uint32_t last = 0;

	for (size_t i = 0; i < a->proposal_count; i++) {
		tell_proposal(a, &a->proposals[i]);
		if (a->proposals[i].attempt > last)
			last = a->proposals[i].attempt;
	}
	if (a->proposal_count)
		kl_auditor_sum_up(a, KL_AUDIT_PROPOSALS, "%zu proposal%s in %" PRIu32 " attempt%s",
			a->proposal_count, kl_plural(a->proposal_count), last + 1,
			kl_plural(last + 1));
	else
		kl_auditor_sum_up_as(
			a, KL_AUDIT_PROPOSALS, KL_MARK_NOTHING, "Nothing was proposed");
}

/* ---- what may be released ---------------------------------------------------------------------- */

/* Members in the sum of one row, as computed here. */
static void row_set(
	const struct kl_auditor *a, const struct kl_proposal_row *row, struct kl_set *ret_set)
{
	const struct kl_tally_roster *roster = &a->t->roster;
	struct kl_set set = {0};

	for (size_t i = kl_set_next(&a->accepted, 0); i < roster->count;
		i = kl_set_next(&a->accepted, i + 1))
		if (kl_presence_has(a->presence[i], row->metric) &&
			!kl_set_has(&a->late[row->metric], i) &&
			kl_cohort_has(&a->t->call.cohorts[row->cohort], &roster->members[i]))
			kl_set_add(&set, i);
	*ret_set = set;
}

size_t kl_auditor_row_size(const struct kl_auditor *a, const struct kl_proposal_row *row)
{
	struct kl_set set;

	row_set(a, row, &set);
	return kl_set_count(&set);
}

/* Independent members of the set whose answer is not public by name. */
static size_t counted(
	const struct kl_auditor *a, const struct kl_proposal_row *row, const struct kl_set *set)
{
	const struct kl_population population = {a->controls, a->t->roster.count};
	const struct kl_set *named = &a->t->call.named[row->metric];
	struct kl_set hidden = *set;

	for (size_t i = 0; i < KL_SET_WORDS; i++)
		hidden.words[i] &= ~named->words[i];
	return kl_audit_support(&population, &hidden);
}

static void row_name(const struct kl_auditor *a, const struct kl_proposal_row *row, char out[160])
{
	char cohort[KL_COHORT_TEXT_MAX];

	snprintf(out, 160, "%.64s of %s", a->t->call.metrics[row->metric].code,
		kl_cohort_format(&a->t->call.cohorts[row->cohort], cohort));
}

static void check_row(struct kl_auditor *a, const struct kl_proposal_row *row)
{
	size_t floor, count;
	struct kl_hash hash;
	struct kl_set set;
	struct kl_id id;
	char name[160];

	row_name(a, row, name);
	row_set(a, row, &set);
	kl_hash_init(&hash, "QB1/set");
	for (size_t i = kl_set_next(&set, 0); i < a->t->roster.count; i = kl_set_next(&set, i + 1))
		kl_hash_add_id(&hash, &a->chosen[i]);
	kl_hash_final(&hash, &id);
	if (!kl_id_equal(&id, &row->set))
		kl_auditor_differs(a, KL_AUDIT_RELEASES,
			"%s: the certified set is not the set of members that follows from the "
			"lists",
			name);
	count = counted(a, row, &set);
	floor = kl_audit_floor(a->t->call.minimum, row->level);
	if (count < floor)
		kl_auditor_differs(a, KL_AUDIT_RELEASES,
			"%s: %zu independent members at level %u, where %zu are the least", name,
			count, row->level, floor);
}

static bool rows_can_be(struct kl_auditor *a, const struct kl_audit_proposal *p)
{
	for (size_t r = 0; r < p->row_count; r++)
		if (p->rows[r].metric >= a->t->call.metric_count ||
			p->rows[r].cohort >= a->t->call.cohort_count ||
			p->rows[r].level >= KL_LEVELS) {
			kl_auditor_say(a, KL_AUDIT_RELEASES, KL_MARK_WRONG,
				"a certified row names a question, cohort or level that there is "
				"not");
			return false;
		}
	return true;
}

/* Members that an earlier tally counted for a question and period are not counted again. */
static void find_late(struct kl_auditor *a)
{
	const struct kl_late_of of = {a->certified->earlier, a->certified->earlier_count};
	size_t count = 0;

	for (unsigned m = 0; m < a->t->call.metric_count; m++) {
		(void)kl_tally_late(a->fold, &a->t->call, a->t, of, &a->t->roster, m, &a->late[m]);
		count += kl_set_count(&a->late[m]) > 0;
	}
	if (count)
		kl_auditor_say(a, KL_AUDIT_RELEASES, KL_MARK_NOTE,
			"for %zu question%s it is a late batch: members that were counted before "
			"are "
			"left out",
			count, kl_plural(count));
}

/* What has to be asked once, before the rows. */
static void begin_releases(struct kl_auditor *a)
{
	find_late(a);
	a->rows_fit = rows_can_be(a, a->certified);
	if (!kl_tally_certified_proposal(a->t))
		kl_auditor_differs(
			a, KL_AUDIT_RELEASES, "what was certified is not what the lists allow");
}

/* Cohorts in which somebody answered a question, whether that is shown or not. */
static size_t answered_cells(const struct kl_auditor *a)
{
	size_t count = 0;

	for (unsigned m = 0; m < a->t->call.metric_count; m++)
		for (unsigned c = 0; c < a->t->call.cohort_count; c++) {
			const struct kl_proposal_row row = {
				.metric = (uint16_t)m, .cohort = (uint8_t)c};

			count += kl_auditor_row_size(a, &row) > 0;
		}
	return count;
}

static void sum_up_releases(struct kl_auditor *a)
{
	size_t shown = a->certified->row_count, withheld = answered_cells(a);

	withheld -= withheld < shown ? withheld : shown;
	kl_auditor_sum_up(a, KL_AUDIT_RELEASES,
		"%zu sum%s may be shown, %zu %s withheld or had no answer: members and levels "
		"worked out again, "
		"alone "
		"and together with all else that was released for the period",
		shown, kl_plural(shown), withheld, withheld == 1 ? "is" : "are");
}

/* Some rows, or all that was released of one question, a turn. */
bool kl_auditor_check_releases(struct kl_auditor *a)
{
	size_t rows;

	if (!a->certified || !a->certified->here || !a->selected) {
		kl_auditor_sum_up_as(a, KL_AUDIT_RELEASES,
			a->certified ? KL_MARK_NOT_HERE : KL_MARK_NOTHING, "%s",
			a->certified ? "What may be released cannot be worked out from what is here"
				     : "Nothing was certified, so nothing may be released");
		return true;
	}
	if (a->row == 0)
		begin_releases(a);
	rows = a->rows_fit ? a->certified->row_count : 0;
	for (size_t i = 0; i < ROWS_AT_ONCE && a->row < rows; i++)
		check_row(a, &a->certified->rows[a->row++]);
	if (a->row < rows)
		return false;
	if (a->rows_fit && a->row < rows + a->t->call.metric_count) {
		kl_auditor_test_family(a, (unsigned)(a->row++ - rows));
		return false;
	}
	sum_up_releases(a);
	return true;
}
