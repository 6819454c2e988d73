#include "core/judge.h"
#include "daemon/tally_words_in.h"

#include <stdio.h>

/* ---- while members contribute ------------------------------------------------------------------ */

static void tell_members(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	char yes[KL_WHEN_MAX], all[KL_WHEN_MAX], no[KL_WHEN_MAX], rest[KL_WHEN_MAX];
	char declined[2 * KL_WHEN_MAX] = "", back[KL_WHEN_MAX];

	if (view->decliners)
		(void)snprintf(declined, sizeof declined, ", and %s %s declined",
			kl_number_words(view->decliners, no),
			kl_plural(view->decliners, "has", "have"));
	kl_sentence(out, "%s of %s members %s contributed%s.",
		kl_some_words(view->contributors, yes), kl_number_words(view->roster->count, all),
		kl_plural(view->contributors, "has", "have"), declined);
	if (view->withdrawers)
		kl_sentence(out, "%s %s withdrawn%s.", kl_number_words(view->withdrawers, back),
			kl_plural(view->withdrawers, "has", "have"),
			told->clock.now_ms < view->contribute_until_ms
				? ", and may contribute again"
				: "");
	if (!told->said_nothing && !view->withdrawers)
		kl_sentence(out, "everybody has answered: nobody waits for the clock.");
	else if (!told->said_nothing ||
		 (told->said_nothing == view->roster->count && told->said_nothing > 2))
		return; /* "None of six members have contributed" says it */
	else if (told->said_nothing == 1 && told->waited[0])
		kl_sentence(out, "%s has said nothing yet.", told->waited[0]);
	else if (told->said_nothing == 2 && told->waited[0] && told->waited[1])
		kl_sentence(
			out, "%s and %s have said nothing yet.", told->waited[0], told->waited[1]);
	else
		kl_sentence(out, "%s members have said nothing yet.",
			kl_number_words(told->said_nothing, rest));
}

static uint64_t accept_until(const struct kl_tally_view *view)
{
	return view->called_ms + view->call->contribute_ms / 3;
}

/* Too few seats were taken in time: only that enough of them give up ends it. */
static void tell_doomed(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	const struct kl_tally_need *quit = &told->progress.quit;
	char few[KL_WHEN_MAX], all[KL_WHEN_MAX], needed[KL_WHEN_MAX];

	kl_sentence(out,
		"only %s of the %s seats %s taken in time, and %s are needed: nothing is counted, "
		"and nothing is opened.",
		kl_some_words(told->progress.accept.have, few),
		kl_number_words(view->committee.n, all),
		kl_plural(told->progress.accept.have, "was", "were"),
		kl_number_words(view->committee.qa, needed));
	kl_sentence(out,
		"it has failed, and may be called again, once %s seats have given up; %s %s so "
		"far.",
		kl_number_words(quit->need, needed), kl_some_words(quit->have, few),
		kl_plural(quit->have, "has", "have"));
	kl_tell_who_gives_up(told, out);
}

static void tell_seats_taken(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	const unsigned taken = kl_seats_that(view, KL_SEAT_ACCEPTED);
	const unsigned missing = ((1U << view->committee.n) - 1) & ~taken;
	const unsigned n = kl_seats_count(missing);
	char seats[KL_SEATS_TEXT_MAX], when[KL_WHEN_MAX], needed[KL_WHEN_MAX], all[KL_WHEN_MAX];

	if (!missing)
		return;
	kl_seats_text(told, missing, seats);
	if (told->clock.now_ms < accept_until(view)) {
		kl_sentence(out,
			"%s %s not been taken yet; contributions leave as soon as all are, or from "
			"%s on if at least %s of the %s are.",
			seats, kl_plural(n, "has", "have"),
			kl_when_words(&told->clock, accept_until(view), when),
			kl_number_words(view->committee.qa, needed),
			kl_number_words(view->committee.n, all));
		kl_tell_quiet(told, &told->progress.accept, "the tally", out);
	} else {
		kl_sentence(out, "%s %s not taken in time: the tally goes on without %s%s.", seats,
			kl_plural(n, "was", "were"), kl_plural(n, "it", "them"),
			kl_sitting_lose(view, kl_seats_count(taken))
				? ", and the answers of members who sit are not counted"
				: "");
	}
}

static void tell_open(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	char when[KL_WHEN_MAX];

	if (view->gate != KL_GATE_OPEN) {
		kl_sentence(out, "%s: %s.",
			view->gate == KL_GATE_EARLIER    ? "nobody takes part yet"
			: view->gate == KL_GATE_PREVIOUS ? "this member waits"
							 : "nobody takes part",
			view->why);
		return;
	}
	if (view->doomed) {
		tell_doomed(told, out);
		return;
	}
	kl_when_words(&told->clock, view->contribute_until_ms, when);
	if (told->clock.now_ms < view->contribute_until_ms)
		kl_sentence(out, "members may contribute until %s.", when);
	else
		kl_sentence(out,
			"the time to contribute ended at %s; the committee lists what it "
			"holds.",
			when);
	tell_members(told, out);
	tell_seats_taken(told, out);
}

/* ---- at the end -------------------------------------------------------------------------------- */

static void tell_openings(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_told_openings *o = &told->openings;
	char seats[KL_SEATS_TEXT_MAX], n[KL_WHEN_MAX];

	if (o->unconfirmed)
		kl_sentence(out,
			"%s %s unconfirmed: only %s %s behind %s, and nothing would show it if "
			"they "
			"were wrong together.",
			kl_number_words(o->unconfirmed, n),
			kl_plural(o->unconfirmed, "sum is", "sums are"),
			kl_seats_text(told, o->unconfirmed_by, seats),
			kl_plural(kl_seats_count(o->unconfirmed_by), "stands", "stand"),
			kl_plural(o->unconfirmed, "it", "them"));
	if (o->spoilt)
		kl_sentence(out,
			"%s %s void: the seats' parts do not fit together, and nothing is "
			"guessed.",
			kl_number_words(o->spoilt, n), kl_plural(o->spoilt, "sum is", "sums are"));
}

/* A seat does not speak for its own member's answer. */
static void tell_who_stayed_away(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_committee *c = &told->view->committee;
	const unsigned listed = kl_seats_that(told->view, KL_SEAT_LISTED);
	const unsigned away = ((1U << c->n) - 1) & ~listed;
	char seats[KL_SEATS_TEXT_MAX], few[KL_WHEN_MAX], needed[KL_WHEN_MAX];

	if (c->n < KL_OWN_SEAT_FROM || !listed || kl_seats_count(listed) > c->qa)
		return;
	kl_sentence(out,
		"%s stayed away, so the answers of members who sit are not counted: no seat "
		"speaks for its own member, which leaves the replies of %s others, and %s are "
		"needed.",
		kl_seats_text(told, away, seats), kl_number_words(kl_seats_count(listed) - 1, few),
		kl_number_words(c->qa, needed));
}

static void tell_closed(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_told_openings *o = &told->openings;
	char a[KL_WHEN_MAX], b[KL_WHEN_MAX];

	if (!o->released && !told->view->contributors)
		kl_sentence(out, "it has ended, and nothing is shown: nobody contributed.");
	else if (!o->released && told->not_counted)
		kl_sentence(out,
			"it has ended, and nothing could be shown: %s of %s contributions %s not "
			"counted, and of those that are every cohort was too small, or could have "
			"been subtracted.",
			kl_number_words(told->not_counted, a),
			kl_number_words(told->view->contributors, b),
			kl_plural(told->not_counted, "is", "are"));
	else if (!o->released)
		kl_sentence(out, "it has ended, and nothing could be shown: every cohort was too "
				 "small, or could have been subtracted.");
	else
		kl_sentence(out,
			"it has ended: %s %s shown by keeplocal benchmark, and %s withheld.",
			kl_number_words(o->released, a),
			kl_plural(o->released, "sum is", "sums are"),
			o->withheld ? kl_number_words(o->withheld, b) : "none was");
	if (told->not_counted)
		tell_who_stayed_away(told, out);
}

/* Why a committee gave up, as far as its records tell. */
static void reason(const struct kl_told *told, char out[KL_SENTENCE_MAX / 4])
{
	const struct kl_tally_view *view = told->view;
	const struct kl_committee *c = &view->committee;
	const unsigned taken = kl_seats_count(kl_seats_that(view, KL_SEAT_ACCEPTED));
	const unsigned listed = kl_seats_count(kl_seats_that(view, KL_SEAT_LISTED));
	char few[KL_WHEN_MAX], needed[KL_WHEN_MAX];

	if (taken < c->qa)
		(void)snprintf(out, KL_SENTENCE_MAX / 4,
			"only %s of its seats were taken, and %s are needed",
			kl_number_words(taken, few), kl_number_words(c->qa, needed));
	else if (listed < c->qa)
		(void)snprintf(out, KL_SENTENCE_MAX / 4,
			"only %s of them listed what they hold, and %s have to",
			kl_number_words(listed, few), kl_number_words(c->qa, needed));
	else if (told->progress.attempt)
		(void)snprintf(out, KL_SENTENCE_MAX / 4,
			"no proposal found the %s votes that it needs in time, in %s attempts",
			kl_number_words(c->qv, needed),
			kl_number_words(told->progress.attempt + 1U, few));
	else
		(void)snprintf(out, KL_SENTENCE_MAX / 4,
			"no proposal found the %s votes that it needs in time",
			kl_number_words(c->qv, needed));
}

static void tell_failed(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	char gave_up[KL_WHEN_MAX], all[KL_WHEN_MAX], why[KL_SENTENCE_MAX / 4];

	reason(told, why);
	kl_sentence(out, "it failed: %s of the %s seats gave up, because %s.",
		kl_number_words(kl_seats_count(kl_seats_that(view, KL_SEAT_QUIT)), gave_up),
		kl_number_words(view->committee.n, all), why);
	kl_sentence(out,
		"nothing was opened. It may be called again%s; whoever contributed would "
		"answer the same again.",
		told->convenes ? " (keeplocal tally call)" : "");
}

static void tell_stuck(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	char needed[KL_WHEN_MAX];

	kl_number_words(view->committee.qv, needed);
	kl_sentence(out,
		"it is stuck: its time has passed, and there are neither %s votes for one "
		"proposal nor %s seats that have given up. Nothing was opened.",
		needed, needed);
	kl_tell_who_gives_up(told, out);
	kl_sentence(out, "until it has ended, what it asks is not counted for the period again: "
			 "privacy goes before progress.");
}

void kl_tally_words(const struct kl_told *told, struct kl_sentences *ret_sentences)
{
	const struct kl_tally_view *view = told->view;
	struct kl_sentences *out = ret_sentences;

	out->count = 0;
	switch (view->state) {
	case KL_TALLY_OPEN:
		tell_open(told, out);
		break;
	case KL_TALLY_DECIDING:
		kl_tell_deciding(told, out);
		break;
	case KL_TALLY_CERTIFIED:
		kl_tell_certified(told, out);
		break;
	case KL_TALLY_CLOSED:
		tell_closed(told, out);
		break;
	case KL_TALLY_ENDED_FAILED:
		tell_failed(told, out);
		break;
	case KL_TALLY_STUCK:
		tell_stuck(told, out);
		break;
	case KL_TALLY_INVALID:
		kl_sentence(out, "the call breaks a rule, and nobody takes part: %s.", view->why);
		return;
	}
	if (view->certified && view->state != KL_TALLY_ENDED_FAILED)
		tell_openings(told, out);
	kl_tell_false_seats(told, out);
	kl_tell_own(told, out);
}
