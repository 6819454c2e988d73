/* What is shown of a tally, and how it ended. */
#include "protocol/auditor_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is shown ----------------------------------------------------------------------------- */

static bool is_released(const struct kl_auditor *a, unsigned metric, unsigned cohort)
{
	const struct kl_audit_proposal *p = a->certified;

	for (size_t r = 0; p && r < p->row_count; r++)
		if (p->rows[r].metric == metric && p->rows[r].cohort == cohort)
			return true;
	return false;
}

/* What is withheld must not be shown. */
static size_t shown_though_withheld(struct kl_auditor *a)
{
	size_t count = 0;

	for (unsigned m = 0; a->shown_count && m < a->t->call.metric_count; m++)
		for (unsigned c = 0; c < a->t->call.cohort_count; c++) {
			const struct kl_audit_shown *shown =
				&a->shown[m * a->t->call.cohort_count + c];

			count += !shown->rc && shown->result.why == KL_PLAN_RELEASED &&
				 !is_released(a, m, c);
		}
	return count;
}

void kl_auditor_check_shown(struct kl_auditor *a)
{
	enum kl_tally_state state = kl_tally_state_of(a->t, a->options.wall_ms);
	size_t withheld;

	if (!a->has_shown) {
		kl_auditor_sum_up_as(a, KL_AUDIT_SHOWN, KL_MARK_NOTHING,
			"No member shows anything here that could be compared");
		return;
	}
	if (a->shown_busy) {
		kl_auditor_say(a, KL_AUDIT_SHOWN, KL_MARK_NOT_HERE,
			a->shown_planning
				? "this member is still working out what it may show, as after "
				  "each start "
				  "of its daemon: ask again in a moment"
				: "not all of what was certified has arrived here, so nothing is "
				  "shown; it "
				  "comes by itself: ask again once other members were in touch");
		kl_auditor_sum_up_as(a, KL_AUDIT_SHOWN, KL_MARK_NOT_HERE,
			"Nothing is shown here yet that could be compared");
		return;
	}
	if (a->shown_state != state)
		kl_auditor_differs(a, KL_AUDIT_SHOWN,
			"this member shows the tally as %s, and by the records it is %s",
			kl_tally_state_name(a->shown_state), kl_tally_state_name(state));
	withheld = shown_though_withheld(a);
	if (withheld)
		kl_auditor_differs(a, KL_AUDIT_SHOWN,
			"this member shows %zu sum%s that %s not certified", withheld,
			kl_plural(withheld), withheld == 1 ? "was" : "were");
	kl_auditor_sum_up(a, KL_AUDIT_SHOWN,
		kl_auditor_mark(a, KL_AUDIT_SHOWN) == KL_MARK_WRONG
			? "This member shows something else than follows from the records"
		: kl_auditor_mark(a, KL_AUDIT_SHOWN) == KL_MARK_NOT_HERE
			? "Not all that this member shows follows from the records that are here"
			: "What this member shows (%s) is what follows from the records",
		kl_tally_state_name(state));
}

/* ---- CLOSE ------------------------------------------------------------------------------------- */

/* All sums are there for good. */
static bool is_final(const struct kl_auditor *a)
{
	return a->certified && a->certified->here && a->selected && a->rows_fit &&
	       a->states[KL_OPENING_FINAL] == a->certified->row_count;
}

/* Nobody who took a seat has anything left to say. */
static bool nothing_to_come(const struct kl_auditor *a)
{
	for (unsigned j = 0; j < a->committee.n; j++)
		if (a->seats[j].accept && !a->seats[j].quit && !a->seats[j].opened)
			return false;
	return true;
}

static void compare_end(struct kl_auditor *a)
{
	bool final = is_final(a), failed = !final && a->failed;
	bool closed = final || (a->certified && a->certified->here && a->selected && !failed &&
				       nothing_to_come(a));

	if ((a->t->closed != closed || a->t->failed != failed) && (a->selected || !a->certified))
		kl_auditor_differs(a, KL_AUDIT_CLOSE,
			"the two ways of working it out disagree on how it ended");
}

static void check_close(struct kl_auditor *a, const struct kl_tally_close *close)
{
	struct kl_id result = {0};
	bool right, sure = a->whole && (a->selected || !a->certified);

	if (a->certified)
		kl_tally_result_hash(&a->certified->id, &result);
	right = close->outcome == KL_CLOSE_FAILED
			? a->t->failed
			: a->t->closed && kl_id_equal(&close->result, &result);
	if (!right)
		kl_auditor_say(a, KL_AUDIT_CLOSE, sure ? KL_MARK_WRONG : KL_MARK_NOT_HERE,
			"the convenor closed it as %s, and that is not what the records %ssay",
			close->outcome == KL_CLOSE_FAILED ? "failed" : "counted",
			sure ? "" : "that are here ");
}

void kl_auditor_check_close(struct kl_auditor *a)
{
	const char *state = kl_tally_state_name(kl_tally_state_of(a->t, a->options.wall_ms));
	size_t count = 0;

	compare_end(a);
	for (size_t i = 0; i < a->said_count; i++) {
		struct kl_tally_close close;

		if (a->said[i].kind != KL_KIND_TALLY_CLOSE || !a->said[i].here ||
			!kl_id_equal(&a->said[i].author, &a->t->convenor) ||
			kl_tally_close_read(kl_audit_payload(&a->said[i]), &close))
			continue;
		if (count++ == 0) /* the first one counts */
			check_close(a, &close);
	}
	if (kl_auditor_mark(a, KL_AUDIT_CLOSE) == KL_MARK_NOT_HERE)
		kl_auditor_sum_up(a, KL_AUDIT_CLOSE,
			"By the records that are here it is %s; how it ended is not sure", state);
	else if (kl_auditor_mark(a, KL_AUDIT_CLOSE) == KL_MARK_WRONG)
		kl_auditor_sum_up(a, KL_AUDIT_CLOSE, "It is %s, whatever the convenor says", state);
	else if (count)
		kl_auditor_sum_up(a, KL_AUDIT_CLOSE, "It is %s, and the convenor says so", state);
	else
		kl_auditor_sum_up(
			a, KL_AUDIT_CLOSE, "It is %s; the convenor has not closed it", state);
}

/* ---- what cannot be checked -------------------------------------------------------------------- */

void kl_auditor_tell_limits(struct kl_auditor *a)
{
	static const char *const never[] = {
		"What members really answered: nobody ever had it but they themselves",
		"Whether an answer is true: the tests only show that it is one answer, in a bin "
		"that "
		"there is",
		"Whether members on the roster are who the convenor says they are",
		"Whether keys and shares were erased on other machines",
		"Whether more was said: of each feed, records that follow the last one that is "
		"here "
		"may be kept back, and that looks as if they had not been made yet",
	};

	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		kl_auditor_say(a, KL_AUDIT_LIMITS, KL_MARK_NOTHING, "%s", never[i]);
	if (a->t && (a->t->closed || a->t->failed))
		kl_auditor_say(a, KL_AUDIT_LIMITS, KL_MARK_NOTHING,
			"Whether each seat answered the tests from its shares: they are gone; only "
			"whether the replies fit together can be seen");
	kl_auditor_sum_up_as(
		a, KL_AUDIT_LIMITS, KL_MARK_NOTHING, "What nobody can check, or nobody any more");
}
