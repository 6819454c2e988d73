/* What this member's machine still owes in a tally, and until when it has to run. */
#include "daemon/tally_words_in.h"

#include <stdio.h>

bool kl_tally_has_ended(const struct kl_tally_view *view)
{
	return view->state == KL_TALLY_CLOSED || view->state == KL_TALLY_ENDED_FAILED ||
	       view->state == KL_TALLY_STUCK || view->state == KL_TALLY_INVALID;
}

enum {
	SEAT_DUTIES =
		KL_DUTY_ACCEPT | KL_DUTY_INTAKE | KL_DUTY_PROPOSE | KL_DUTY_VOTE | KL_DUTY_OPEN
};

uint64_t kl_tally_duty_until(const struct kl_tally_view *view)
{
	if (kl_tally_has_ended(view))
		return 0;
	if (view->own_seat && view->duties & SEAT_DUTIES)
		return view->decide_until_ms;
	return view->duties & KL_DUTY_CONTRIBUTE ? view->contribute_until_ms : 0;
}

const char *kl_tally_duty_words(const struct kl_tally_view *view, char out[KL_WHEN_MAX])
{
	out[0] = '\0';
	if (!kl_tally_duty_until(view))
		return out;
	if (view->own_seat && view->duties & SEAT_DUTIES)
		(void)snprintf(out, KL_WHEN_MAX, "seat %u", view->own_seat);
	else
		(void)snprintf(out, KL_WHEN_MAX, "your shares leave");
	return out;
}

/* A seat that was taken gives up before its time, and with enough others, for this reason alone. */
static bool lost_its_key(const struct kl_tally_view *view)
{
	const struct kl_tally_seat_view *seat = &view->seats[view->own_seat - 1];

	return seat->quit && seat->accepted && !view->doomed &&
	       seat->last_ms < view->decide_until_ms;
}

static void tell_own_seat(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	const struct kl_tally_seat_view *seat = &view->seats[view->own_seat - 1];
	char when[KL_WHEN_MAX];

	kl_when_words(&told->clock, view->decide_until_ms, when);
	if (lost_its_key(view))
		kl_sentence(out,
			"your seat (%u) has given up, and says nothing more in this tally: the "
			"daemon found no key of it (a file in tally/ of its home, which a copy or "
			"a backup of the home does not have).",
			view->own_seat);
	else if (seat->quit)
		kl_sentence(out, "your seat (%u) has given up: it says nothing more in this tally.",
			view->own_seat);
	else if (seat->opened)
		kl_sentence(out, "your seat (%u) has opened its sums: nothing more is asked of it.",
			view->own_seat);
	else if (!seat->accepted && !(view->duties & KL_DUTY_ACCEPT))
		kl_sentence(out,
			"you were drawn for seat %u, and your machine has not taken it in "
			"time: the others go on without it.",
			view->own_seat);
	else if (told->clock.now_ms >= view->decide_until_ms)
		kl_sentence(out,
			"you hold seat %u: keep this machine running until the tally has "
			"ended.",
			view->own_seat);
	else if (!seat->accepted)
		kl_sentence(out,
			"you were drawn for seat %u, and your machine takes it by itself: "
			"keep it running until %s.",
			view->own_seat, when);
	else
		kl_sentence(out, "you hold seat %u until %s: keep this machine running.",
			view->own_seat, when);
}

void kl_tell_own(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;

	if (view->own_seat && view->gate == KL_GATE_OPEN &&
		(!kl_tally_has_ended(view) || lost_its_key(view)))
		tell_own_seat(told, out);
	kl_tally_own_words(told, out);
}
