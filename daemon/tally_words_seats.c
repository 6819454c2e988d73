/* What the seats of a committee do, who of them is waited for, and what can go on without whom. */
#include "core/judge.h"
#include "daemon/tally_words_in.h"

#include <stdio.h>

enum { SEATS_NAMED_MAX = 4, QUIET_MS_MIN = 10000, QUIET_SHARE = 10 };

unsigned kl_seats_that(const struct kl_tally_view *view, enum kl_seat_deed deed)
{
	unsigned seats = 0;

	for (unsigned j = 0; j < view->committee.n; j++) {
		const struct kl_tally_seat_view *seat = &view->seats[j];
		const bool did = deed == KL_SEAT_ACCEPTED ? seat->accepted
				 : deed == KL_SEAT_LISTED ? seat->intake
				 : deed == KL_SEAT_OPENED ? seat->opened
							  : seat->quit;

		seats |= did ? 1U << j : 0;
	}
	return seats;
}

const char *kl_seats_text(const struct kl_told *told, unsigned seats, char out[KL_SEATS_TEXT_MAX])
{
	const unsigned all = kl_seats_count(seats);
	unsigned shown = 0;
	size_t len = (size_t)snprintf(out, KL_SEATS_TEXT_MAX, all == 1 ? "seat" : "seats");

	for (unsigned j = 0; j < told->view->committee.n && shown < all; j++) {
		const char *between = shown == 0 ? " " : shown + 1 == all ? " and " : ", ";

		if (!(seats >> j & 1))
			continue;
		shown++;
		len += (size_t)snprintf(out + len, KL_SEATS_TEXT_MAX - len, "%s%u", between, j + 1);
		if (all <= SEATS_NAMED_MAX && len < KL_SEATS_TEXT_MAX)
			len += (size_t)snprintf(out + len, KL_SEATS_TEXT_MAX - len, " (%s)",
				told->names[j] ? told->names[j] : "?");
		if (len >= KL_SEATS_TEXT_MAX)
			break;
	}
	return out;
}

bool kl_tally_lacks_others(const struct kl_tally_view *view, const struct kl_id *member)
{
	unsigned listed = kl_seats_that(view, KL_SEAT_LISTED);

	for (unsigned j = 0; j < view->committee.n; j++)
		if (kl_id_equal(&view->seats[j].member, member))
			return view->committee.n >= KL_OWN_SEAT_FROM &&
			       kl_seats_count(listed & ~(1U << j)) < view->committee.qa;
	return false;
}

const char *kl_some_words(unsigned n, char out[KL_WHEN_MAX])
{
	(void)kl_number_words(n, out);
	return n ? out : "none";
}

const char *kl_attempt_words(uint32_t attempt)
{
	static const char *const words[] = {"first", "second", "third", "fourth", "fifth", "sixth",
		"seventh", "eighth", "ninth", "tenth"};

	return attempt < sizeof words / sizeof *words ? words[attempt] : "next";
}

/* ---- silence ----------------------------------------------------------------------------------- */

/* Of these seats, those that were not heard of for long, if ever since the call. *ret_ms: for how long at
 * least. */
static unsigned quiet(const struct kl_told *told, unsigned seats, uint64_t *ret_ms)
{
	const struct kl_tally_view *view = told->view;
	const uint64_t window =
		view->state == KL_TALLY_OPEN ? view->call->contribute_ms : view->call->decide_ms;
	const uint64_t share = window / QUIET_SHARE, now = told->clock.now_ms;
	const uint64_t longest = share > QUIET_MS_MIN ? share : QUIET_MS_MIN;
	unsigned found = 0;

	*ret_ms = UINT64_MAX;
	for (unsigned j = 0; j < view->committee.n; j++) {
		const uint64_t said = view->seats[j].last_ms, linked = told->linked_ms[j];
		const uint64_t heard = said > linked ? said : linked;
		const uint64_t last = heard > view->called_ms ? heard : view->called_ms;

		if (!(seats >> j & 1) || j + 1U == view->own_seat || last + longest > now)
			continue;
		found |= 1U << j;
		if (now - last < *ret_ms)
			*ret_ms = now - last;
	}
	return found;
}

/* "seat 3 (Cedar) has been silent for two days" */
static void silence(
	const struct kl_told *told, unsigned silent, uint64_t ms, char out[KL_SEATS_TEXT_MAX + 128])
{
	char seats[KL_SEATS_TEXT_MAX], span[KL_WHEN_MAX];
	const unsigned n = kl_seats_count(silent);

	(void)snprintf(out, KL_SEATS_TEXT_MAX + 128, "%s %s been silent for %s%s",
		kl_seats_text(told, silent, seats), kl_plural(n, "has", "have"),
		n > 1 ? "at least " : "", kl_span_words(ms, span));
}

void kl_tell_quiet(const struct kl_told *told, const struct kl_tally_need *need, const char *what,
	struct kl_sentences *out)
{
	uint64_t ms;
	const unsigned silent = quiet(told, need->can, &ms), n = kl_seats_count(silent);
	const unsigned left = need->have + kl_seats_count(need->can & ~silent);
	const unsigned lacking = need->need > left ? need->need - left : 0;
	char words[KL_SEATS_TEXT_MAX + 128], number[KL_WHEN_MAX];

	if (!silent || need->have >= need->need)
		return;
	silence(told, silent, ms, words);
	if (!lacking)
		kl_sentence(out, "%s; %s can go on without %s.", words, what,
			kl_plural(n, "it", "them"));
	else if (n == 1)
		kl_sentence(out, "%s; %s needs it.", words, what);
	else
		kl_sentence(out, "%s; %s needs %s of them.", words, what,
			lacking < n ? kl_number_words(lacking, number) : "all");
}

static void tell_waited(
	const struct kl_told *told, const struct kl_tally_need *need, struct kl_sentences *out)
{
	char seats[KL_SEATS_TEXT_MAX];

	if (need->can && need->have < need->need)
		kl_sentence(out, "waited for: %s.", kl_seats_text(told, need->can, seats));
}

/* ---- deciding ---------------------------------------------------------------------------------- */

static unsigned leader_of(const struct kl_told *told, uint32_t attempt)
{
	return kl_leader(attempt, told->view->committee.n);
}

/* If those of these seats that are silent stay so, members who sit lose their answers. */
static void tell_loss(const struct kl_told *told, unsigned seats, struct kl_sentences *out)
{
	uint64_t ms;
	const unsigned silent = quiet(told, seats, &ms);
	const struct kl_tally_need *need = &told->progress.intake;

	if (silent && kl_sitting_lose(told->view, need->have + kl_seats_count(need->can & ~silent)))
		kl_sentence(out, "if %s away, the answers of members who sit are not counted.",
			kl_seats_count(silent) == 1 ? "it stays" : "they stay");
}

static void tell_intakes(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_need *need = &told->progress.intake;
	char have[KL_WHEN_MAX], of[KL_WHEN_MAX];

	kl_sentence(out, "each seat lists what it holds: %s of the %s that are needed %s.",
		kl_some_words(need->have, have), kl_number_words(need->need, of),
		kl_plural(need->have, "has", "have"));
	tell_waited(told, need, out);
	kl_tell_quiet(told, need, "the tally", out);
	tell_loss(told, need->can, out);
}

/* Who leads an attempt that is not the first, and why. */
static void tell_attempt(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_progress *p = &told->progress;
	char seats[KL_SEATS_TEXT_MAX];

	if (p->attempt_open && p->attempt && p->leader)
		kl_sentence(out,
			"the %s attempt is led by %s, since the %s found no agreement in "
			"time.",
			kl_attempt_words(p->attempt),
			kl_seats_text(told, 1U << (p->leader - 1), seats),
			kl_attempt_words(p->attempt - 1));
}

static void tell_skips(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_progress *p = &told->progress;
	const unsigned next = leader_of(told, p->attempt + 1);
	char have[KL_WHEN_MAX], need[KL_WHEN_MAX], seats[KL_SEATS_TEXT_MAX];

	if (p->attempt_open && p->skip.have && p->skip.have < p->skip.need)
		kl_sentence(out,
			"%s of the %s seats that it takes %s passed this attempt over: "
			"then %s leads the next.",
			kl_number_words(p->skip.have, have), kl_number_words(p->skip.need, need),
			kl_plural(p->skip.have, "has", "have"),
			kl_seats_text(told, 1U << (next - 1), seats));
}

static void tell_next_leader(
	const struct kl_told *told, const char *words, struct kl_sentences *out)
{
	const unsigned next = leader_of(told, told->progress.attempt + 1);
	char seats[KL_SEATS_TEXT_MAX];

	kl_sentence(out,
		"%s; the others pass it over by themselves, and %s leads the next attempt.", words,
		kl_seats_text(told, 1U << (next - 1), seats));
}

/* The leader is within its rights: others owe it something. Whoever is silent is told, and blamed for
 * nothing. */
static void tell_lists_out(const struct kl_told *told, const char *leader, struct kl_sentences *out)
{
	const struct kl_tally_progress *p = &told->progress;
	char seats[KL_SEATS_TEXT_MAX], words[KL_SEATS_TEXT_MAX + 128], when[KL_WHEN_MAX];
	const unsigned n = kl_seats_count(p->lists_out);
	unsigned silent;
	uint64_t ms;

	kl_sentence(out,
		"%s leads, and proposes who is in once it has the list%s of %s, or without %s from "
		"%s on.",
		leader, kl_plural(n, "", "s"), kl_seats_text(told, p->lists_out, seats),
		kl_plural(n, "it", "them"),
		kl_when_words(&told->clock, told->clock.now_ms + p->lists_left_ms, when));
	silent = quiet(told, p->lists_out | 1U << (p->leader - 1), &ms);
	if (!silent)
		return;
	silence(told, silent, ms, words);
	kl_sentence(out, "%s; the tally can go on without %s.", words,
		kl_plural(kl_seats_count(silent), "it", "them"));
	tell_loss(told, p->lists_out, out);
}

static void tell_proposal(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_progress *p = &told->progress;
	char leader[KL_SEATS_TEXT_MAX], words[KL_SEATS_TEXT_MAX + 128];
	struct kl_tally_need others = p->vote;
	unsigned seat;
	uint64_t ms;

	if (!p->leader)
		return;
	seat = 1U << (p->leader - 1);
	kl_seats_text(told, seat, leader);
	if (told->view->seats[p->leader - 1].quit) {
		(void)snprintf(words, sizeof words, "%s would lead, but has given up", leader);
		tell_next_leader(told, words, out);
	} else if (p->lists_out) {
		tell_lists_out(told, leader, out);
		return;
	} else {
		kl_sentence(out, "%s leads, and has not proposed yet who is in.", leader);
		if (quiet(told, seat, &ms)) {
			silence(told, seat, ms, words);
			tell_next_leader(told, words, out);
			others.can = (uint16_t)(others.can & ~seat);
		}
	}
	kl_tell_quiet(told, &others, "voting", out);
}

static void tell_votes(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_need *need = &told->progress.vote;
	char have[KL_WHEN_MAX], of[KL_WHEN_MAX];

	kl_sentence(out, "%s of the %s votes that a proposal needs %s here.",
		kl_some_words(need->have, have), kl_number_words(need->need, of),
		kl_plural(need->have, "is", "are"));
	tell_waited(told, need, out);
	kl_tell_quiet(told, need, "voting", out);
}

static void tell_quits(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_need *need = &told->progress.quit;
	char have[KL_WHEN_MAX], of[KL_WHEN_MAX];

	kl_sentence(out,
		"its time to decide has passed; %s of the %s seats that it takes %s given up.",
		kl_some_words(need->have, have), kl_number_words(need->need, of),
		kl_plural(need->have, "has", "have"));
	tell_waited(told, need, out);
	kl_tell_quiet(told, need, "giving up", out);
}

/* Nobody here can tell yet what an earlier tally may have opened. */
static void tell_lacking(const struct kl_told *told, struct kl_sentences *out)
{
	char id[KL_ID_HEX_MAX];

	if (!told->progress.lacks_earlier || told->progress.wait == KL_WAIT_QUITS)
		return;
	kl_hex(told->progress.lacks_of.b, KL_ID_BYTES, id);
	kl_sentence(out,
		"something that tally %.8s may have opened before it ended has not arrived here: a "
		"proposal that its seats name, or a list that it rests on. Until it has, this "
		"member "
		"neither proposes nor votes; it comes by itself once whoever holds it is in touch.",
		id);
}

void kl_tell_deciding(const struct kl_told *told, struct kl_sentences *out)
{
	char when[KL_WHEN_MAX];

	kl_sentence(out, "the committee agrees on who is in; nothing is opened before it has.");
	tell_lacking(told, out);
	tell_attempt(told, out);
	if (told->progress.wait == KL_WAIT_INTAKES)
		tell_intakes(told, out);
	if (told->progress.wait == KL_WAIT_PROPOSAL)
		tell_proposal(told, out);
	if (told->progress.wait == KL_WAIT_VOTES)
		tell_votes(told, out);
	if (told->progress.wait == KL_WAIT_QUITS)
		tell_quits(told, out);
	else
		tell_skips(told, out);
	kl_when_words(&told->clock, told->view->decide_until_ms, when);
	if (told->clock.now_ms < told->view->decide_until_ms)
		kl_sentence(out, "if it has not agreed by %s, it gives up, and nothing is opened.",
			when);
}

void kl_tell_certified(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_need *need = &told->progress.open;
	char have[KL_WHEN_MAX], of[KL_WHEN_MAX];

	kl_sentence(
		out, "certified: which sums are opened is fixed, and the committee opens them.");
	kl_sentence(out, "%s of the seats %s opened its sums; with %s they are sure, whoever lies.",
		kl_some_words(need->have, have), kl_plural(need->have, "has", "have"),
		kl_number_words(need->need, of));
	tell_waited(told, need, out);
	kl_tell_quiet(told, need, "opening", out);
}

/* ---- seats that were false --------------------------------------------------------------------- */

void kl_tell_false_seats(const struct kl_told *told, struct kl_sentences *out)
{
	const struct kl_tally_view *view = told->view;
	unsigned proven = 0, conflict = 0, liars = 0;
	char seats[KL_SEATS_TEXT_MAX], calls[KL_WHEN_MAX];

	for (unsigned j = 0; j < view->committee.n; j++) {
		proven |= view->seats[j].proven ? 1U << j : 0;
		conflict |= view->seats[j].conflict && !view->seats[j].proven ? 1U << j : 0;
		liars |= view->seats[j].liar ? 1U << j : 0;
	}
	if (proven)
		kl_sentence(out,
			"%s said two different things, which everybody can see, and %s barred "
			"from the committees of the next %s calls.",
			kl_seats_text(told, proven, seats),
			kl_plural(kl_seats_count(proven), "is", "are"),
			kl_number_words(KL_TALLY_BARRED, calls));
	if (conflict)
		kl_sentence(out,
			"%s said two different things; once a seat or the convenor has shown "
			"both to everybody, %s barred.",
			kl_seats_text(told, conflict, seats),
			kl_plural(kl_seats_count(conflict), "it is", "they are"));
	if (liars)
		kl_sentence(out,
			"what %s opened does not fit the others' sums; the result stands "
			"without %s.",
			kl_seats_text(told, liars, seats),
			kl_plural(kl_seats_count(liars), "it", "them"));
}
