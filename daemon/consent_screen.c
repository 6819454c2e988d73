#include "daemon/consent_screen.h"
#include "core/day.h"
#include "daemon/committee_words.h"
#include "daemon/find.h"
#include "daemon/tally_words.h"
#include "daemon/veto.h"
#include "daemon/when_words.h"

#include <string.h>

/* ---- who sits -------------------------------------------------------------------------------- */

/* Whether the member sat on the committee of an earlier tally. */
static bool sat_before(
	const struct kl_tallies *book, const struct kl_id *tally, const struct kl_id *member)
{
	for (size_t i = 0; i < kl_tallies_count(book); i++) {
		struct kl_tally_view view;

		if (kl_id_equal(kl_tallies_at(book, i), tally) ||
			kl_tallies_view(book, kl_tallies_at(book, i), &view))
			return false;
		for (unsigned j = 0; j < view.committee.n; j++)
			if (kl_id_equal(&view.seats[j].member, member))
				return true;
	}
	return false;
}

/* Whether the member was on the roster that the call before froze; true as well if there was none. */
static bool was_there(const struct kl_network *network, const struct kl_tally_view *view,
	const struct kl_id *member)
{
	struct kl_tally_view before;

	return !view->call->has_previous ||
	       kl_tallies_view(kl_network_tallies(network), &view->call->previous_call, &before) ||
	       kl_tally_roster_find(before.roster, member) >= 0;
}

static const char *group_of(const struct kl_network *network, const struct kl_id *member)
{
	const struct kl_roster_member *m = kl_roster_find(&network->roster, member);

	return m && m->attributes.control_group[0] ? m->attributes.control_group : NULL;
}

/* Others of the frozen roster that belong to the same control group. */
static void put_others(struct kl_writer *w, const struct kl_network *network,
	const struct kl_tally_view *view, const struct kl_id *member)
{
	const char *group = group_of(network, member);
	size_t n = 0;

	for (int pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < view->roster->count && group; i++) {
			const struct kl_id *id = &view->roster->members[i].id;
			const char *other = group_of(network, id);

			if (kl_id_equal(id, member) || !other || strcmp(other, group) != 0)
				continue;
			if (pass)
				kl_write_text(w, kl_member_name(network, id));
			else
				n++;
		}
		if (!pass)
			kl_put_array(w, "group_members", n);
	}
}

static void put_committee(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	kl_put_array(w, "committee", view->committee.n);
	for (unsigned j = 0; j < view->committee.n; j++) {
		const struct kl_id *member = &view->seats[j].member;

		kl_write_map(w, 8);
		kl_put_text(w, "member", kl_member_name(network, member));
		kl_put_bool(w, "accepted", view->seats[j].accepted);
		kl_put_bool(w, "newly_seated",
			!sat_before(kl_network_tallies(network), &view->id, member));
		kl_put_bool(w, "new_member", !was_there(network, view, member));
		kl_put_bool(w, "own", view->own_seat == j + 1);
		kl_put_text(w, "veto", kl_veto_of(network, member));
		kl_put_text(w, "control_group", group_of(network, member));
		put_others(w, network, view, member);
	}
}

static void put_vetoes(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	const struct kl_config *config = &network->node->config;
	size_t stray = 0;

	kl_put_bool(w, "vetoed", kl_veto_seats(network, view) != 0);
	for (size_t i = 0; i < config->vetoes; i++)
		stray += kl_veto_is_stray(network, config->veto[i]);
	kl_put_array(w, "stray_vetoes", stray);
	for (size_t i = 0; i < config->vetoes; i++)
		if (kl_veto_is_stray(network, config->veto[i]))
			kl_write_text(w, config->veto[i]);
}

/* ---- what the call says of others ------------------------------------------------------------- */

/* Members on this roster that were not there at the call before. */
static void put_new_members(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	struct kl_tally_view before;
	bool known = view->call->has_previous && !kl_tallies_view(kl_network_tallies(network),
							 &view->call->previous_call, &before);
	size_t n = 0;

	for (unsigned i = 0; known && i < view->roster->count; i++)
		n += kl_tally_roster_find(before.roster, &view->roster->members[i].id) < 0;
	kl_put_array(w, "new_members", n);
	for (unsigned i = 0; known && i < view->roster->count; i++)
		if (kl_tally_roster_find(before.roster, &view->roster->members[i].id) < 0)
			kl_write_text(w, kl_member_name(network, &view->roster->members[i].id));
}

/* Members that offer a seat, as far as is known here, but that the call does not let draw: whoever
 * leaves out many chooses who sits. */
static bool passed_over(
	const struct kl_network *network, const struct kl_tally_view *view, unsigned column)
{
	const struct kl_member *m =
		kl_members_find(&network->members, &view->roster->members[column].id);

	return m && !m->endpoints.no_seat && !kl_set_has(&view->call->offers, column);
}

static void put_passed_over(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	size_t n = 0;

	for (unsigned i = 0; i < view->roster->count; i++)
		n += passed_over(network, view, i);
	kl_put_array(w, "passed_over", n);
	for (unsigned i = 0; i < view->roster->count; i++)
		if (passed_over(network, view, i))
			kl_write_text(w, kl_member_name(network, &view->roster->members[i].id));
}

/* Other members whose answer to a metric is public by name, and that the call counts towards the minimum
 * all the same. */
static bool wrongly_counted(const struct kl_network *network, const struct kl_tally_view *view,
	const struct kl_ballot *ballot, unsigned column)
{
	const struct kl_tally_call *call = view->call;

	if (kl_id_equal(&view->roster->members[column].id, &network->own.author))
		return false;
	for (size_t m = 0; m < ballot->count; m++)
		if (kl_set_has(&ballot->known[m], column) &&
			!(call->named && kl_set_has(&call->named[m], column)))
			return true;
	return false;
}

static void put_wrongly_counted(struct kl_writer *w, const struct kl_network *network,
	const struct kl_tally_view *view, const struct kl_ballot *ballot)
{
	size_t n = 0;

	for (unsigned i = 0; i < view->roster->count; i++)
		n += wrongly_counted(network, view, ballot, i);
	kl_put_array(w, "wrongly_counted", n);
	for (unsigned i = 0; i < view->roster->count; i++)
		if (wrongly_counted(network, view, ballot, i))
			kl_write_text(w, kl_member_name(network, &view->roster->members[i].id));
}

/* ---- who was proven false before ---------------------------------------------------------------- */

enum { FALSE_SHOWN_MAX = 32 };

static bool sits(const struct kl_tally_view *view, const struct kl_id *member)
{
	for (unsigned j = 0; j < view->committee.n; j++)
		if (kl_id_equal(&view->seats[j].member, member))
			return true;
	return false;
}

static void put_false(struct kl_writer *w, const struct kl_network *network,
	const struct kl_tally_view *view, const char *key, const struct kl_tally_barred *members,
	size_t count)
{
	kl_put_array(w, key, count);
	for (size_t i = 0; i < count; i++) {
		char hex[KL_ID_HEX_MAX];

		kl_hex(members[i].tally.b, KL_ID_BYTES, hex);
		kl_write_map(w, 4);
		kl_put_text(w, "member", kl_member_name(network, &members[i].member));
		kl_put_text(w, "tally", hex);
		kl_put_uint(w, "seat", members[i].seat);
		kl_put_bool(w, "sits", sits(view, &members[i].member));
	}
}

/* Whom the call keeps off its committee, and whom it does not though it could. */
static void put_proven_false(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	struct kl_tally_barred members[FALSE_SHOWN_MAX];
	size_t n = kl_tallies_barred(book, &view->id, members, FALSE_SHOWN_MAX);

	put_false(w, network, view, "barred", members, n < FALSE_SHOWN_MAX ? n : FALSE_SHOWN_MAX);
	n = kl_tallies_passed_over(book, &view->id, members, FALSE_SHOWN_MAX);
	put_false(
		w, network, view, "not_barred", members, n < FALSE_SHOWN_MAX ? n : FALSE_SHOWN_MAX);
}

/* ---- what could go wrong ---------------------------------------------------------------------- */

/* The result that a draw rests on is to come after the roster that it draws from: else the convenor knew
 * it when it could still say who is on that roster. */
static bool draw_could_be_foreseen(
	const struct kl_network *network, const struct kl_tally_view *view)
{
	struct kl_tally_view before;

	return kl_tallies_view(kl_network_tallies(network), &view->call->previous_call, &before) ||
	       !before.certified || !kl_id_equal(&before.result, &view->call->previous_result);
}

static void put_risks(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	struct kl_sentences said = {.count = 0};
	char late[KL_TALLY_LATE_WORDS_MAX];
	char period[KL_PERIOD_TEXT_MAX];

	kl_learn_words(&view->committee, view->call->minimum, &said);
	kl_put_sentences(w, "learn", &said);
	said.count = 0;
	if (kl_tally_late_words(view, late)[0])
		kl_sentence(&said, "if you contribute now, %s.", late);
	if (!view->call->has_previous)
		kl_sentence(&said, "this is the network's first tally: the convenor could have "
				   "influenced who was drawn for the committee.");
	else if (draw_could_be_foreseen(network, view))
		kl_sentence(&said,
			"the tally that was called before this one had no result yet: the "
			"convenor knew what this draw rests on, and could have "
			"influenced who was drawn for the committee.");
	kl_sentence(&said,
		"the convenor sees no answer, but it decides who is on the roster: invented "
		"members could surround you, or fill a committee.");
	kl_sentence(&said,
		"everybody sees that you took part and which questions you answered; what "
		"you leave out can hint at a weak or missing figure.");
	kl_sentence(&said,
		"what you leave out now stays out for %s: no later tally of the same question and "
		"period takes an answer from you, even if you have the figure by then.",
		kl_period_format(view->call->period, period));
	kl_sentence(&said,
		"a published sum cannot be recalled. If all of a cohort stand in one bin, or "
		"none does, that tells about each of them.");
	kl_put_sentences(w, "risks", &said);
}

void kl_put_consent_screen(struct kl_writer *w, const struct kl_network *network,
	const struct kl_tally_view *view, const struct kl_ballot *ballot)
{
	const struct kl_clock clock = {kl_node_wall(), kl_local_offset_ms};
	char text[KL_WHEN_MAX];

	kl_put_text(w, "until", kl_utc_format(view->contribute_until_ms, text));
	kl_put_text(w, "until_words", kl_when_words(&clock, view->contribute_until_ms, text));
	kl_put_uint(w, "readers", view->committee.t);
	kl_put_uint(w, "minimum", view->call->minimum);
	put_committee(w, network, view);
	put_vetoes(w, network, view);
	put_new_members(w, network, view);
	put_passed_over(w, network, view);
	put_wrongly_counted(w, network, view, ballot);
	put_proven_false(w, network, view);
	put_risks(w, network, view);
}
