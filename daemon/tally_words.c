#include "daemon/tally_words.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SEATS_TEXT_MAX = 640, SEATS_NAMED_MAX = 4, QUIET_MS_MIN = 10000, QUIET_SHARE = 10 };

#define ALL_SEATS(view) ((1U << (view)->committee.n) - 1U)

/* ---- small ones ----------------------------------------------------------------------------- */

/* A text that was cut ends with a whole character. */
static void mend(char *text, size_t size)
{
	size_t len = strlen(text);

	if (len + 1 < size)
		return;
	while (len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
		len--;
	text[len > 0 ? len - 1 : 0] = '\0';
}

void kl_sentence(struct kl_sentences *sentences, const char *format, ...)
{
	char *text;
	va_list args;

	if (sentences->count == KL_SENTENCES_MAX)
		return;
	text = sentences->text[sentences->count++];
	va_start(args, format);
	(void)vsnprintf(text, KL_SENTENCE_MAX, format, args);
	va_end(args);
	mend(text, KL_SENTENCE_MAX);
	text[0] = (char)toupper((unsigned char)text[0]);
}

static unsigned count_of(unsigned seats)
{
	return (unsigned)__builtin_popcount(seats);
}

/* "seat 3 (Example Trust)", "seats 3 (Example Trust) and 5 (..)"; names of the first few only. */
static const char *seats_text(const struct kl_told *told, unsigned seats, char out[SEATS_TEXT_MAX])
{
	const unsigned all = count_of(seats);
	unsigned shown = 0;
	size_t len = (size_t)snprintf(out, SEATS_TEXT_MAX, all == 1 ? "seat" : "seats");

	for (unsigned j = 0; j < told->view->committee.n && shown < all; j++) {
		const char *between = shown == 0 ? " " : shown + 1 == all ? " and " : ", ";

		if (!(seats >> j & 1))
			continue;
		shown++;
		if (all > SEATS_NAMED_MAX)
			len += (size_t)snprintf(
				out + len, SEATS_TEXT_MAX - len, "%s%u", between, j + 1);
		else
			len += (size_t)snprintf(out + len, SEATS_TEXT_MAX - len, "%s%u (%s)",
				between, j + 1, told->names[j] ? told->names[j] : "?");
		if (len >= SEATS_TEXT_MAX)
			break;
	}
	mend(out, SEATS_TEXT_MAX);
	return out;
}

static const char *plural(unsigned n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

/* "none", "one", "two": where "of seven" follows or is meant. */
static const char *some(unsigned n, char out[KL_WHEN_MAX])
{
	(void)kl_number_words(n, out);
	return n ? out : "none";
}

/* ---- who does what ---------------------------------------------------------------------------- */

enum seat_deed { ACCEPTED, LISTED, VOTED, OPENED, QUIT };

static unsigned seats_that(const struct kl_tally_view *view, enum seat_deed deed)
{
	unsigned seats = 0;

	for (unsigned j = 0; j < view->committee.n; j++) {
		const struct kl_tally_seat_view *seat = &view->seats[j];
		const bool did = deed == ACCEPTED ? seat->accepted
				 : deed == LISTED ? seat->intake
				 : deed == VOTED  ? seat->voted
				 : deed == OPENED ? seat->opened
						  : seat->quit;

		seats |= did ? 1U << j : 0;
	}
	return seats;
}

/* Of these seats, those that were not heard of for long. *ret_ms: for how long at least. */
static unsigned quiet(const struct kl_told *told, unsigned seats, uint64_t *ret_ms)
{
	const struct kl_tally_view *view = told->view;
	const uint64_t window =
		view->state == KL_TALLY_OPEN ? view->call->contribute_ms : view->call->decide_ms;
	uint64_t longest = window / QUIET_SHARE;
	unsigned found = 0;

	longest = longest > QUIET_MS_MIN ? longest : QUIET_MS_MIN;
	*ret_ms = UINT64_MAX;
	for (unsigned j = 0; j < view->committee.n; j++) {
		const uint64_t last = told->last_ms[j], now = told->clock.now_ms;

		if (!(seats >> j & 1) || !last || last + longest > now)
			continue;
		found |= 1U << j;
		if (now - last < *ret_ms)
			*ret_ms = now - last;
	}
	return found;
}

/* Seats that owe something and are silent: whether the rest suffices for `needed`, of which `done` have
 * done it. */
static void tell_quiet(const struct kl_told *told, unsigned waited, unsigned done, unsigned needed,
	const char *what, struct kl_sentences *out)
{
	uint64_t ms;
	const unsigned silent = quiet(told, waited, &ms);
	const unsigned left = done + count_of(waited & ~silent);
	char seats[SEATS_TEXT_MAX], span[KL_WHEN_MAX], lacking[KL_WHEN_MAX];

	if (!silent)
		return;
	if (left >= needed)
		kl_sentence(out, "%s %s been silent for %s%s; %s can go on without %s.",
			seats_text(told, silent, seats), plural(count_of(silent), "has", "have"),
			count_of(silent) > 1 ? "at least " : "", kl_span_words(ms, span), what,
			plural(count_of(silent), "it", "them"));
	else
		kl_sentence(out, "%s %s been silent for %s%s; %s needs %s%s.",
			seats_text(told, silent, seats), plural(count_of(silent), "has", "have"),
			count_of(silent) > 1 ? "at least " : "", kl_span_words(ms, span), what,
			count_of(silent) == 1 ? "it"
			: needed - left >= count_of(silent)
				? "all"
				: kl_number_words(needed - left, lacking),
			count_of(silent) == 1 ? "" : " of them");
}

/* ---- while members contribute ------------------------------------------------------------------ */

static void tell_members(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	char yes[KL_WHEN_MAX], all[KL_WHEN_MAX], no[KL_WHEN_MAX], rest[KL_WHEN_MAX];
	char declined[2 * KL_WHEN_MAX] = "";

	if (view->decliners)
		(void)snprintf(declined, sizeof declined, ", and %s %s declined",
			kl_number_words(view->decliners, no),
			plural(view->decliners, "has", "have"));
	kl_sentence(out, "%s of %s members %s contributed%s.", some(view->contributors, yes),
		kl_number_words(view->roster->count, all),
		plural(view->contributors, "has", "have"), declined);
	if (!told->said_nothing)
		kl_sentence(out, "everybody has answered: nobody waits for the clock.");
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

static void tell_seats_taken(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	const unsigned taken = seats_that(view, ACCEPTED), missing = ALL_SEATS(view) & ~taken;
	char seats[SEATS_TEXT_MAX], when[KL_WHEN_MAX], few[KL_WHEN_MAX], all[KL_WHEN_MAX];
	char needed[KL_WHEN_MAX];

	if (!missing)
		return;
	seats_text(told, missing, seats);
	kl_when_words(&told->clock, accept_until(view), when);
	if (told->clock.now_ms < accept_until(view))
		kl_sentence(out,
			"%s %s not been taken yet; contributions leave as soon as all are, or with "
			"those that are from %s on.",
			seats, plural(count_of(missing), "has", "have"), when);
	else if (count_of(taken) >= view->committee.qa)
		kl_sentence(out, "%s %s not taken in time: the tally goes on without %s.", seats,
			plural(count_of(missing), "was", "were"),
			plural(count_of(missing), "it", "them"));
	else
		kl_sentence(out,
			"only %s of the %s seats were taken in time, and %s are needed: the "
			"committee gives up, nothing is opened, and it may be called again.",
			kl_number_words(count_of(taken), few),
			kl_number_words(view->committee.n, all),
			kl_number_words(view->committee.qa, needed));
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

/* ---- while the committee decides --------------------------------------------------------------- */

static void tell_deciding(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	const struct kl_committee *c = &view->committee;
	const unsigned quit = seats_that(view, QUIT), listed = seats_that(view, LISTED);
	const unsigned voted = seats_that(view, VOTED), able = seats_that(view, ACCEPTED) & ~quit;
	char a[KL_WHEN_MAX], b[KL_WHEN_MAX], n[KL_WHEN_MAX], when[KL_WHEN_MAX];
	char seats[SEATS_TEXT_MAX];

	kl_sentence(out, "the committee agrees on who is in; nothing is opened before it has.");
	kl_sentence(out,
		"%s of its %s seats %s listed what they hold, and %s %s voted; %s votes "
		"are needed.",
		some(count_of(listed), a), kl_number_words(c->n, n),
		plural(count_of(listed), "has", "have"), some(count_of(voted), b),
		plural(count_of(voted), "has", "have"), kl_number_words(c->qv, when));
	if (able & ~voted && count_of(voted) < c->qv)
		kl_sentence(out, "waited for: %s.", seats_text(told, able & ~voted, seats));
	tell_quiet(told, able & ~voted, count_of(voted), c->qv, "voting", out);
	if (quit)
		kl_sentence(out, "%s %s given up; if %s do, it has failed.",
			seats_text(told, quit, seats), plural(count_of(quit), "has", "have"),
			kl_number_words(c->qv, n));
	kl_when_words(&told->clock, view->decide_until_ms, when);
	if (told->clock.now_ms < view->decide_until_ms)
		kl_sentence(out, "if it has not agreed by %s, it gives up, and nothing is opened.",
			when);
}

static void tell_certified(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	const unsigned opened = seats_that(view, OPENED);
	const unsigned waited = seats_that(view, ACCEPTED) & ~opened & ~seats_that(view, QUIT);
	char a[KL_WHEN_MAX], b[KL_WHEN_MAX], seats[SEATS_TEXT_MAX];

	kl_sentence(
		out, "certified: which sums are opened is fixed, and the committee opens them.");
	kl_sentence(out, "%s %s opened its sums; with %s they are sure, whoever lies.",
		plural(count_of(opened), "one seat", kl_number_words(count_of(opened), a)),
		plural(count_of(opened), "has", "seats have"),
		kl_number_words(view->committee.qa, b));
	if (waited && count_of(opened) < view->committee.qa)
		kl_sentence(out, "waited for: %s.", seats_text(told, waited, seats));
	tell_quiet(told, waited, count_of(opened), view->committee.qa, "opening", out);
}

/* ---- at the end -------------------------------------------------------------------------------- */

static void tell_openings(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_told_openings *o = &told->openings;
	char seats[SEATS_TEXT_MAX], n[KL_WHEN_MAX];

	if (o->unconfirmed)
		kl_sentence(out,
			"%s %s unconfirmed: only %s %s behind %s, and nothing would show it if "
			"they "
			"were wrong together.",
			kl_number_words(o->unconfirmed, n),
			plural(o->unconfirmed, "sum is", "sums are"),
			seats_text(told, o->unconfirmed_by, seats),
			plural(count_of(o->unconfirmed_by), "stands", "stand"),
			plural(o->unconfirmed, "it", "them"));
	if (o->spoilt)
		kl_sentence(out,
			"%s %s void: the seats' parts do not fit together, and nothing is "
			"guessed.",
			kl_number_words(o->spoilt, n), plural(o->spoilt, "sum is", "sums are"));
	if (o->liars)
		kl_sentence(out,
			"what %s opened does not fit the others' sums; the result stands "
			"without %s.",
			seats_text(told, o->liars, seats),
			plural(count_of(o->liars), "it", "them"));
}

static void tell_closed(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_told_openings *o = &told->openings;
	char a[KL_WHEN_MAX], b[KL_WHEN_MAX];

	if (!o->released)
		kl_sentence(out, "it has ended, and nothing could be shown: every cohort was too "
				 "small, or could have been subtracted.");
	else
		kl_sentence(out,
			"it has ended: %s %s shown by keeplocal benchmark, and %s withheld.",
			kl_number_words(o->released, a), plural(o->released, "sum is", "sums are"),
			o->withheld ? kl_number_words(o->withheld, b) : "none was");
}

/* Why a committee gave up, as far as its records tell. */
static void reason(const struct kl_tally_view *view, char out[KL_SENTENCE_MAX / 4])
{
	const struct kl_committee *c = &view->committee;
	const unsigned taken = count_of(seats_that(view, ACCEPTED));
	const unsigned listed = count_of(seats_that(view, LISTED));
	char few[KL_WHEN_MAX], needed[KL_WHEN_MAX];

	if (taken < c->qa)
		(void)snprintf(out, KL_SENTENCE_MAX / 4,
			"only %s of its seats were taken, and %s are needed",
			kl_number_words(taken, few), kl_number_words(c->qa, needed));
	else if (listed < c->qa)
		(void)snprintf(out, KL_SENTENCE_MAX / 4,
			"only %s of them listed what they hold, and %s have to",
			kl_number_words(listed, few), kl_number_words(c->qa, needed));
	else
		(void)snprintf(out, KL_SENTENCE_MAX / 4,
			"no proposal found the %s votes that it needs in time",
			kl_number_words(c->qv, needed));
}

static void tell_failed(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	char gave_up[KL_WHEN_MAX], all[KL_WHEN_MAX], why[KL_SENTENCE_MAX / 4];

	reason(view, why);
	kl_sentence(out, "it failed: %s of the %s seats gave up, because %s.",
		kl_number_words(count_of(seats_that(view, QUIT)), gave_up),
		kl_number_words(view->committee.n, all), why);
	kl_sentence(out,
		"nothing was opened. It may be called again%s; whoever contributed would "
		"answer the same again.",
		told->convenes ? " (keeplocal tally call)" : "");
}

static void tell_stuck(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	const unsigned silent =
		ALL_SEATS(view) & ~seats_that(view, QUIT) & ~seats_that(view, OPENED);
	char needed[KL_WHEN_MAX], seats[SEATS_TEXT_MAX];

	kl_number_words(view->committee.qv, needed);
	kl_sentence(out,
		"it is stuck: its time has passed, and there are neither %s votes for one "
		"proposal nor %s seats that have given up. Nothing was opened.",
		needed, needed);
	if (silent)
		kl_sentence(out, "it can still end if they speak: %s.",
			seats_text(told, silent, seats));
	kl_sentence(out, "until it has ended, what it asks is not counted for the period again: "
			 "privacy goes before progress.");
}

/* ---- this member ------------------------------------------------------------------------------ */

static bool ended(const struct kl_tally_view *view)
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
	if (ended(view))
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

static void tell_own_seat(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	const struct kl_tally_seat_view *seat = &view->seats[view->own_seat - 1];
	char when[KL_WHEN_MAX];

	kl_when_words(&told->clock, view->decide_until_ms, when);
	if (seat->quit)
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

static void tell_own_answer(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	char when[KL_WHEN_MAX];

	if (!view->may_contribute)
		return;
	kl_when_words(&told->clock, view->contribute_until_ms, when);
	if (view->contributed)
		kl_sentence(out, "you have contributed.");
	else if (view->agreed && !ended(view) && told->clock.now_ms < view->contribute_until_ms)
		kl_sentence(out,
			"you have agreed; your shares leave when the committee has taken "
			"its seats: keep this machine running until %s.",
			when);
	else if (view->agreed)
		kl_sentence(out, "you had agreed, but your shares have not left: nothing of yours "
				 "is in it.");
	else if (view->declined)
		kl_sentence(out, "you have declined: nothing of yours is in it.");
	else if (!ended(view) && view->gate == KL_GATE_OPEN &&
		 told->clock.now_ms < view->contribute_until_ms)
		kl_sentence(out,
			"it waits for you until %s: keeplocal tally contribute, or "
			"keeplocal tally decline.",
			when);
	else
		kl_sentence(out, "you have said nothing: nothing of yours is in it.");
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
		tell_deciding(told, out);
		break;
	case KL_TALLY_CERTIFIED:
		tell_certified(told, out);
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
	if (view->own_seat && !ended(view) && view->gate == KL_GATE_OPEN)
		tell_own_seat(told, out);
	tell_own_answer(told, out);
}
