/* What became of this member's own word in a tally, in sentences. */
#include "core/judge.h"
#include "daemon/tally_words_in.h"

#include <stdio.h>

static bool may_still_answer(const struct kl_told *told)
{
	const struct kl_tally_view *view = told->view;

	return !kl_tally_has_ended(view) && !view->certified && !view->doomed &&
	       view->gate == KL_GATE_OPEN && told->clock.now_ms < view->contribute_until_ms;
}

const char *kl_tally_late_words(const struct kl_tally_view *view, char out[KL_TALLY_LATE_WORDS_MAX])
{
	unsigned listed = 0, left = 0;
	char n[KL_WHEN_MAX], all[KL_WHEN_MAX];

	for (unsigned j = 0; j < view->committee.n; j++) {
		const struct kl_tally_seat_view *seat = &view->seats[j];
		const bool own = j + 1U == view->own_seat && view->committee.n >= KL_OWN_SEAT_FROM;

		listed += seat->intake;
		left += !seat->intake && !seat->quit && !own;
	}
	out[0] = '\0';
	if (listed)
		(void)snprintf(out, KL_TALLY_LATE_WORDS_MAX,
			"it will %s be counted: %s of the %s seats %s already listed what %s",
			left < view->committee.qa ? "not" : "probably not",
			kl_number_words(listed, n), kl_number_words(view->committee.n, all),
			listed == 1 ? "has" : "have", listed == 1 ? "it holds" : "they hold");
	return out;
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
	else if (view->own_seat &&
		 kl_tally_lacks_others(view, &view->seats[view->own_seat - 1].member))
		kl_sentence(out,
			"you have contributed, but it is not counted: your own seat cannot speak "
			"for it, and too few others listed what they hold.");
	else
		kl_sentence(out,
			"you have contributed, but it is not counted: too few seats had it in "
			"time, or too few could speak for it.");
}

static void tell_withdrawn(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	char when[KL_WHEN_MAX], late[KL_TALLY_LATE_WORDS_MAX];

	kl_sentence(out,
		"you have withdrawn: if a seat of the committee lists that in time, nothing of "
		"yours is counted.");
	if (!may_still_answer(told) || view->number == KL_SHARE_NUMBER_MAX || view->declined)
		return;
	kl_sentence(out,
		"until %s you can contribute again, with the same answers (keeplocal tally "
		"contribute), or say no, so that nobody waits (keeplocal tally decline).",
		kl_when_words(&told->clock, view->contribute_until_ms, when));
	if (kl_tally_late_words(view, late)[0])
		kl_sentence(out, "if you contribute again, %s.", late);
}

/* While a yes or no of this member would be taken. */
static void tell_asked(const struct kl_told *told, const char *when, struct kl_sentences *out)
{
	char seats[KL_SEATS_TEXT_MAX], period[KL_PERIOD_TEXT_MAX], declines[KL_WHEN_MAX];

	if (told->counted_before)
		kl_sentence(out,
			"you were counted for %s before, and this call is for those that were not: "
			"nothing more is taken of you. keeplocal tally decline says so, and nobody "
			"waits.",
			kl_period_format(told->view->call->period, period));
	else if (told->declines_ms)
		kl_sentence(out,
			"your machine answers by itself, as consent = always says: it contributes "
			"as soon as it %s, waits for that until %s, and declines then if it "
			"cannot.",
			told->vetoed ? "has a figure, and nobody sits whom your veto list refuses"
				     : "has a figure",
			kl_when_words(&told->clock, told->declines_ms, declines));
	else if (told->vetoed)
		kl_sentence(out,
			"your veto list refuses %s, so nothing of yours leaves: until %s you can "
			"say no (keeplocal tally decline), or take the name off the list "
			"(keeplocal tally veto says where it stands), and contribute then.",
			kl_seats_text(told, told->vetoed, seats), when);
	else
		kl_sentence(out,
			"it waits for you until %s: keeplocal tally contribute, or "
			"keeplocal tally decline.",
			when);
}

/* What was agreed to and has not left yet. */
static void tell_agreed(const struct kl_told *told, const char *when, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	const struct kl_tally_need *accept = &told->progress.accept;

	if (kl_tally_has_ended(view) || view->doomed ||
		told->clock.now_ms >= view->contribute_until_ms)
		kl_sentence(out, "you had agreed, but your shares have not left: nothing of yours "
				 "is in it.");
	else if (accept->have < view->committee.n && accept->can)
		kl_sentence(out,
			"you have agreed; your shares leave when the committee has taken "
			"its seats: keep this machine running until %s.",
			when);
	else
		kl_sentence(out,
			"you have agreed; your shares leave now: keep this machine running until "
			"they have.");
}

void kl_tally_own_words(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	char when[KL_WHEN_MAX];

	if (told->apart)
		kl_sentence(out, "%s.", told->apart);
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
	else if (view->agreed)
		tell_agreed(told, when, out);
	else if (view->declined)
		kl_sentence(out, "you have declined: nothing of yours is in it.");
	else if (may_still_answer(told))
		tell_asked(told, when, out);
	else
		kl_sentence(out, "you have said nothing: nothing of yours is in it.");
}
