/* How the tally began: what the CALL says, who was drawn, who took the seat. */
#include "protocol/auditor_in.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the CALL ---------------------------------------------------------------------------------- */

/* Something that must be so. A call that everybody refuses for it is no fault of the records. */
static void must(struct kl_auditor *a, bool holds, const char *otherwise)
{
	bool refused = a->t->gate == KL_GATE_INVALID;

	if (!holds)
		kl_auditor_say(
			a, KL_AUDIT_CALL, refused ? KL_MARK_NOTE : KL_MARK_WRONG, "%s", otherwise);
}

static void check_hashes(struct kl_auditor *a)
{
	struct kl_id schema, policy;

	if (kl_tally_call_hashes(&a->t->call, &schema, &policy)) {
		a->rc = KL_E_NOMEM;
		return;
	}
	must(a, kl_id_equal(&schema, &a->t->call.schema),
		"the hash of its questions is another than it says");
	must(a, kl_id_equal(&policy, &a->t->call.policy),
		"the hash of its minimum, windows and cohorts is another than it says");
}

static void check_terms(struct kl_auditor *a)
{
	const struct kl_tally_call *call = &a->t->call;
	const struct kl_tally_roster *roster = &a->t->roster;

	must(a, kl_id_equal(&call->roster, &roster->hash),
		"it names another roster than the one that was in force at its place");
	must(a, call->member_count == roster->count,
		"it says another number of members than the roster has");
	must(a, call->minimum >= KL_AUDIT_K_MIN && call->minimum >= roster->minimum,
		"its minimum is below the lowest that the charter allows");
	must(a,
		call->has_previous == !kl_id_is_zero(&a->previous) &&
			kl_id_equal(&call->previous_call, &a->previous),
		"it does not name the tally that was called before it");
	must(a, kl_id_equal(&call->previous_result, &a->previous_result),
		"it does not name the last result that the convenor had closed");
}

/* Why the tally could not be folded, if it was not. */
static bool is_folded(struct kl_auditor *a)
{
	const struct kl_audit_said *call = kl_auditor_find(a, &a->options.tally);
	struct kl_tally_call read;

	a->t = kl_tallies_find(a->fold, &a->options.tally);
	if (a->t)
		return true;
	if (!call || !call->here)
		kl_auditor_say(a, KL_AUDIT_CALL, KL_MARK_NOT_HERE,
			"the call is not here, or nothing certifies it");
	else if (!a->convenors_call)
		kl_auditor_say(
			a, KL_AUDIT_CALL, KL_MARK_WRONG, "it was not the convenor who called");
	else if (a->roster_ends)
		kl_auditor_say(a, KL_AUDIT_CALL, KL_MARK_NOT_HERE,
			"the roster cannot be followed beyond record %" PRIu64
			" of the convenor, so nobody can say who was on it at the call",
			a->roster_ends);
	else if (kl_tally_call_read(kl_audit_payload(call), &read))
		kl_auditor_say(a, KL_AUDIT_CALL, KL_MARK_WRONG,
			"it is no call that this program can read");
	else {
		kl_tally_call_deinit(&read);
		kl_auditor_say(a, KL_AUDIT_CALL, KL_MARK_NOT_HERE,
			"it could not be followed: there are too many tallies or members");
	}
	kl_auditor_sum_up_as(a, KL_AUDIT_CALL, KL_MARK_NOTHING,
		"Nothing can be said of this tally without its call and the roster at it");
	return false;
}

void kl_auditor_check_call(struct kl_auditor *a)
{
	const struct kl_tally *t;
	char period[KL_PERIOD_TEXT_MAX];

	if (!is_folded(a))
		return;
	t = a->t;
	if (a->shown_count != (size_t)t->call.metric_count * t->call.cohort_count)
		a->shown_count = 0; /* it shows nothing, or something of another call */
	check_hashes(a);
	check_terms(a);
	if (kl_tally_nobody_takes_part(t)) {
		kl_auditor_say(a, KL_AUDIT_CALL, KL_MARK_NOTE,
			"every member refuses this call and takes no part: %s", t->why);
		kl_auditor_sum_up(a, KL_AUDIT_CALL, "Refused: %s", t->why);
		return;
	}
	kl_auditor_sum_up(a, KL_AUDIT_CALL,
		"%u question%s for %s, %u cohort%s, minimum %u (the charter's %u): roster of %u "
		"members folded again, hashes and what came before fit",
		t->call.metric_count, kl_plural(t->call.metric_count),
		kl_period_format(t->call.period, period), t->call.cohort_count,
		kl_plural(t->call.cohort_count), t->call.minimum, t->roster.minimum,
		t->roster.count);
	if (kl_auditor_mark(a, KL_AUDIT_CALL) == KL_MARK_WRONG)
		kl_auditor_sum_up(a, KL_AUDIT_CALL, "The call does not fit what stands before it");
}

/* ---- the draw ---------------------------------------------------------------------------------- */

/* Those that offered a seat, stood on the roster that the call before froze and are not barred. */
static size_t candidates(const struct kl_auditor *a, const struct kl_tally_roster *before,
	struct kl_candidate *ret_candidates)
{
	const struct kl_tally *t = a->t;
	size_t count = 0;

	for (unsigned i = 0; i < t->roster.count; i++) {
		const struct kl_tally_member *m = &t->roster.members[i];

		if (!kl_set_has(&t->call.offers, i) || kl_id_equal(&m->id, &t->roster.convenor) ||
			kl_tally_roster_find(before, &m->id) < 0 ||
			kl_tally_is_barred(a->fold, &t->call, &m->id))
			continue;
		ret_candidates[count].member = m->id;
		ret_candidates[count++].control = m->control;
	}
	return count;
}

static int draw(struct kl_auditor *a, const struct kl_tally_roster *before, size_t *ret_groups,
	struct kl_committee *ret_committee, struct kl_id ret_seats[KL_SEATS_MAX])
{
	const struct kl_tally *t = a->t;
	struct kl_candidate *list = calloc(t->roster.count + 1U, sizeof *list);
	struct kl_id seed;
	size_t count;
	int rc;

	if (!list)
		return KL_E_NOMEM;
	count = candidates(a, before, list);
	rc = kl_control_groups(list, count, ret_groups);
	if (!rc)
		rc = kl_committee_for(*ret_groups, ret_committee);
	kl_draw_seed(&a->previous_result, &before->hash, t->call.tries, &seed);
	if (!rc)
		rc = kl_draw(&seed, list, count, ret_committee->n, ret_seats);
	free(list);
	return rc;
}

static void compare(struct kl_auditor *a, const struct kl_id seats[KL_SEATS_MAX])
{
	char name[KL_AUDIT_NAME_MAX];

	for (unsigned j = 0; j < a->committee.n; j++) {
		a->seats[j].member = seats[j];
		if (j < a->t->committee.n && kl_id_equal(&seats[j], &a->t->seats[j].member))
			continue;
		kl_auditor_differs(a, KL_AUDIT_DRAW,
			"the two ways of working it out disagree on who drew seat %u: by one it is "
			"%s",
			j + 1, kl_auditor_name(a, &seats[j], name));
	}
	if (a->committee.n != a->t->committee.n)
		kl_auditor_differs(a, KL_AUDIT_DRAW,
			"the two ways of working it out disagree on how many seats there are: %u "
			"or "
			"%u",
			a->committee.n, a->t->committee.n);
}

static void tell_barred(struct kl_auditor *a)
{
	struct kl_tally_barred barred[KL_TALLY_CITED_MAX];
	size_t count = kl_tallies_barred(a->fold, &a->t->id, barred, KL_TALLY_CITED_MAX);
	char name[KL_AUDIT_NAME_MAX];

	for (size_t i = 0; i < count; i++)
		kl_auditor_say(a, KL_AUDIT_DRAW, KL_MARK_NOTE,
			"%s is kept off the committee: its seat in an earlier tally was proven "
			"false",
			kl_auditor_name(a, &barred[i].member, name));
	count = kl_tallies_passed_over(a->fold, &a->t->id, barred, KL_TALLY_CITED_MAX);
	for (size_t i = 0; i < count && i < KL_TALLY_CITED_MAX; i++)
		kl_auditor_say(a, KL_AUDIT_DRAW, KL_MARK_NOTE,
			"%s is not kept off the committee, though its seat in an earlier tally was "
			"proven false: the convenor may not have known it at the call",
			kl_auditor_name(a, &barred[i].member, name));
}

void kl_auditor_check_draw(struct kl_auditor *a)
{
	const struct kl_tally *previous =
		kl_id_is_zero(&a->previous) ? NULL : kl_tallies_find(a->fold, &a->previous);
	struct kl_id seats[KL_SEATS_MAX];
	size_t groups = 0;
	int rc = draw(
		a, previous ? &previous->roster : &a->t->roster, &groups, &a->committee, seats);

	if (rc == KL_E_NOMEM) {
		a->rc = rc;
		return;
	}
	if (rc) {
		memset(&a->committee, 0, sizeof a->committee);
		kl_auditor_say(a, KL_AUDIT_DRAW,
			a->t->gate == KL_GATE_INVALID ? KL_MARK_NOTE : KL_MARK_WRONG,
			"only %zu independent members offered a seat: no committee can be drawn",
			groups);
		return;
	}
	compare(a, seats);
	kl_auditor_sum_up(a, KL_AUDIT_DRAW,
		"%u seats drawn anew from %zu independent members that offered one: %s. %u of them "
		"together could read answers, %u could not",
		a->committee.n, groups,
		kl_auditor_mark(a, KL_AUDIT_DRAW) == KL_MARK_WRONG ? "others than those that sat"
								   : "the same",
		a->committee.t, a->committee.t - 1U);
	tell_barred(a);
	if (!previous)
		kl_auditor_say(a, KL_AUDIT_DRAW, KL_MARK_NOTE,
			"it is the first tally: the convenor could have influenced this draw");
}

/* ---- ACCEPT ------------------------------------------------------------------------------------ */

void kl_auditor_check_seats(struct kl_auditor *a)
{
	char name[KL_AUDIT_NAME_MAX + 16];
	unsigned accepted = 0;

	for (unsigned j = 0; j < a->committee.n; j++) {
		const struct kl_audit_seat *seat = &a->seats[j];
		bool folded = a->t->seats[j].accepted;

		accepted += seat->accept != NULL;
		if ((seat->accept != NULL) != folded)
			kl_auditor_differs(a, KL_AUDIT_SEATS,
				"the two ways of working it out disagree on whether %s was taken",
				kl_auditor_seat_name(a, j + 1, name));
		else if (!seat->accept)
			kl_auditor_say(a, KL_AUDIT_SEATS, KL_MARK_NOTE, "%s was not taken",
				kl_auditor_seat_name(a, j + 1, name));
	}
	kl_auditor_sum_up(a, KL_AUDIT_SEATS, "%u of %u seats were taken%s", accepted,
		a->committee.n,
		accepted < a->committee.qa ? ", which is too few to count with" : "");
}
