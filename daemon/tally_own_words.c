/* What became of this member's own word in a tally, in sentences. */
#include "daemon/tally_words.h"

static bool may_still_answer(const struct kl_told *told)
{
	const struct kl_tally_view *view = told->view;

	return !kl_tally_has_ended(view) && !view->certified && view->gate == KL_GATE_OPEN &&
	       told->clock.now_ms < view->contribute_until_ms;
}

/* Once everybody has agreed on who is in. */
static void tell_outcome(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;

	if (view->withdrawn && told->counted)
		kl_sentence(out,
			"you withdrew your contribution, but no seat had listed that in time: it "
			"is counted.");
	else if (view->withdrawn)
		kl_sentence(out, "you withdrew your contribution, and it is not counted.");
	else if (told->counted)
		kl_sentence(out, "you have contributed.");
	else if (told->refused)
		kl_sentence(out,
			"you have contributed, but it is not counted: its shares did not pass the "
			"tests. If your machine runs as it was delivered, tell the convenor.");
	else
		kl_sentence(out,
			"you have contributed, but it is not counted: too few seats had it in "
			"time, or too few could speak for it.");
}

static void tell_withdrawn(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	char when[KL_WHEN_MAX];

	kl_sentence(out,
		"you have withdrawn: if a seat of the committee lists that in time, nothing of "
		"yours is counted.");
	if (!may_still_answer(told) || view->number == KL_SHARE_NUMBER_MAX || view->declined)
		return;
	kl_sentence(out,
		"until %s you can contribute again, with the same answers (keeplocal tally "
		"contribute), or say no, so that nobody waits (keeplocal tally decline).",
		kl_when_words(&told->clock, view->contribute_until_ms, when));
}

void kl_tally_own_words(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	char when[KL_WHEN_MAX];

	if (!view->may_contribute)
		return;
	kl_when_words(&told->clock, view->contribute_until_ms, when);
	if (view->certified && view->state != KL_TALLY_ENDED_FAILED &&
		(view->contributed || view->withdrawn))
		tell_outcome(told, out);
	else if (view->contributed)
		kl_sentence(out, "you have contributed.");
	else if (view->withdrawn)
		tell_withdrawn(told, out);
	else if (view->agreed && !kl_tally_has_ended(view) &&
		 told->clock.now_ms < view->contribute_until_ms)
		kl_sentence(out,
			"you have agreed; your shares leave when the committee has taken "
			"its seats: keep this machine running until %s.",
			when);
	else if (view->agreed)
		kl_sentence(out, "you had agreed, but your shares have not left: nothing of yours "
				 "is in it.");
	else if (view->declined)
		kl_sentence(out, "you have declined: nothing of yours is in it.");
	else if (may_still_answer(told))
		kl_sentence(out,
			"it waits for you until %s: keeplocal tally contribute, or "
			"keeplocal tally decline.",
			when);
	else
		kl_sentence(out, "you have said nothing: nothing of yours is in it.");
}
