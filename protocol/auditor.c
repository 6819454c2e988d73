#include "protocol/auditor.h"
#include "protocol/auditor_in.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- life -------------------------------------------------------------------------------------- */

int kl_auditor_new(const struct kl_auditor_options *options, struct kl_auditor **ret_auditor)
{
	const struct kl_tallies_options nobody = {.network = options->network}; /* no secrets */
	struct kl_auditor *a = calloc(1, sizeof *a);

	if (!a)
		return KL_E_NOMEM;
	a->options = *options;
	a->verifier.verify = kl_verify_ed25519;
	if (kl_tallies_new(&nobody, &a->fold)) {
		free(a);
		return KL_E_NOMEM;
	}
	kl_roster_init(&a->roster, &options->network, &options->convenor);
	*ret_auditor = a;
	return KL_OK;
}

void kl_auditor_destroy(struct kl_auditor *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->feed.count; i++)
		free(a->feed.entries[i].payload);
	for (size_t i = 0; i < a->said_count; i++)
		free(a->said[i].payload);
	for (size_t i = 0; i < a->propose_count; i++)
		free(a->proposes[i].payload);
	free(a->proposes);
	for (size_t i = 0; i < a->proposal_count; i++)
		free(a->proposals[i].rows);
	for (unsigned j = 0; j < KL_SEATS_MAX; j++)
		free(a->cited[j].entries);
	for (size_t i = 0; i < a->sums_count; i++)
		free(a->sums[i].sums);
	kl_roster_deinit(&a->roster);
	kl_tallies_destroy(a->fold);
	free(a->feed.entries);
	free(a->said);
	free(a->by_id);
	free(a->shares);
	free(a->shown);
	free(a->members);
	free(a->proposals);
	free(a->sums);
	free(a->families);
	free(a->openings);
	free(a->late);
	free(a->chosen);
	free(a->presence);
	free(a->findings);
	free(a);
}

const struct kl_tallies *kl_auditor_book(const struct kl_auditor *a)
{
	return a->fold;
}

/* ---- what is shown at this moment -------------------------------------------------------------- */

int kl_auditor_shown(struct kl_auditor *a, const struct kl_tallies *running)
{
	const struct kl_id *tally = &a->options.tally;
	struct kl_tally_view view;
	size_t cohorts;

	if (kl_tallies_view(running, tally, &view))
		return KL_OK;
	cohorts = view.call->cohort_count;
	a->shown = calloc(view.call->metric_count * cohorts + 1, sizeof *a->shown);
	if (!a->shown) {
		a->rc = KL_E_NOMEM;
		return a->rc;
	}
	a->shown_count = view.call->metric_count * cohorts;
	for (size_t i = 0; i < a->shown_count; i++)
		a->shown[i].rc = kl_tallies_result(running, tally, (uint16_t)(i / cohorts),
			(uint8_t)(i % cohorts), &a->shown[i].result);
	for (size_t i = 0; i < a->shown_count; i++)
		a->shown_busy |= a->shown[i].rc == KL_E_BUSY;
	a->shown_planning = kl_tallies_planning(running);
	a->has_shown = true;
	a->shown_state = view.state;
	return KL_OK;
}

/* ---- the first two steps ----------------------------------------------------------------------- */

/* Many records carry no signature: one that follows in the same chain stands for them. */
static void sum_up_signatures(struct kl_auditor *a)
{
	char unfit[64] = "", left[96] = "";

	if (a->counts.unfit)
		(void)snprintf(unfit, sizeof unfit, "; %" PRIu64 " signature%s not fit",
			a->counts.unfit, a->counts.unfit == 1 ? " does" : "s do");
	if (a->counts.left)
		(void)snprintf(left, sizeof left,
			"; %" PRIu64 " record%s not sound, or certified by none: nothing was taken "
			"from %s",
			a->counts.left, a->counts.left == 1 ? " is" : "s are",
			a->counts.left == 1 ? "it" : "them");
	kl_auditor_sum_up(a, KL_AUDIT_SIGNATURES,
		"Each signature that is here was checked, and %" PRIu64 " fit: %" PRIu64
		" records are certified, by their own or by one that follows in the same chain%s%s",
		a->counts.verified, a->counts.chained, unfit, left);
}

/* "3 votes, 7 openings, .." of the tally that is checked. */
static void sum_up_records(struct kl_auditor *a)
{
	kl_auditor_sum_up(a, KL_AUDIT_RECORDS,
		"%" PRIu64 " records of %" PRIu64
		" feeds were read, %zu of them about this tally%s",
		a->counts.records, a->counts.feeds, a->said_count,
		a->counts.lost ? "; some could not be read" : "");
	sum_up_signatures(a);
	a->whole = !a->counts.lost && kl_auditor_mark(a, KL_AUDIT_RECORDS) < KL_MARK_NOT_HERE &&
		   kl_auditor_mark(a, KL_AUDIT_SIGNATURES) < KL_MARK_NOT_HERE;
}

/* ---- step after step --------------------------------------------------------------------------- */

static void read_all(struct kl_auditor *a)
{
	kl_auditor_end_reading(a);
	sum_up_records(a);
}

/* What each turn does. Votes come before the lists, since they say which lists were cited. */
static void (*const turns[])(struct kl_auditor *a) = {
	read_all,
	NULL, /* the fold, a little a turn */
	kl_auditor_check_call,
	kl_auditor_check_draw,
	kl_auditor_gather,
	kl_auditor_check_seats,
	kl_auditor_check_contributions,
	kl_auditor_check_votes,
	kl_auditor_check_proposals,
	kl_auditor_check_intakes,
	kl_auditor_check_members,
	NULL, /* releases, a question a turn */
	NULL, /* openings, a few rows a turn */
	kl_auditor_check_shown,
	kl_auditor_check_evidence,
	kl_auditor_check_close,
};

enum { TURNS = sizeof turns / sizeof *turns, FOLD = 1, CALL = 2, RELEASES = 11 };

/* One turn of a step that takes several. */
static void go_on(struct kl_auditor *a)
{
	bool done = a->step == FOLD       ? kl_auditor_settle(a)
		    : a->step == RELEASES ? kl_auditor_check_releases(a)
					  : kl_auditor_check_openings(a);

	if (!done)
		return;
	a->step++;
	a->row = 0;
}

/* Nothing follows for a tally that nobody takes part in, or that could not be folded. */
static bool goes_on(const struct kl_auditor *a)
{
	return a->step <= CALL || (a->t && a->t->gate != KL_GATE_INVALID &&
					  (a->step == CALL + 1 || a->committee.n > 0));
}

int kl_auditor_work(struct kl_auditor *a, bool *ret_done)
{
	*ret_done = false;
	if (a->rc)
		return a->rc;
	if (a->step < TURNS && goes_on(a)) {
		if (turns[a->step])
			turns[a->step++](a);
		else
			go_on(a);
		return a->rc;
	}
	kl_auditor_tell_limits(a);
	*ret_done = true;
	return a->rc;
}
