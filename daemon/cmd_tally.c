/* tally list, tally show: what is being counted, and how far it is. */
#include "core/cells.h"
#include "core/day.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/tally_told.h"
#include "daemon/veto.h"
#include "daemon/which_tally.h"

#include <stdio.h>
#include <string.h>

/* In UTC, as programs want it. */
static void put_time(struct kl_writer *w, const char *key, uint64_t ms)
{
	char text[KL_UTC_TEXT_MAX];

	kl_put_text(w, key, ms ? kl_utc_format(ms, text) : NULL);
}

/* ---- list ----------------------------------------------------------------------------------- */

/* When what goes on now has to be done; 0 where nothing goes on. */
static uint64_t next_end(const struct kl_tally_view *view)
{
	if (view->doomed)
		return 0;
	if (view->state == KL_TALLY_OPEN && view->gate == KL_GATE_OPEN)
		return view->contribute_until_ms;
	return view->state == KL_TALLY_DECIDING || view->state == KL_TALLY_CERTIFIED
		       ? view->decide_until_ms
		       : 0;
}

static void put_until(struct kl_writer *w, const struct kl_tally_view *view)
{
	const struct kl_clock clock = {kl_node_wall(), kl_local_offset_ms};
	const uint64_t duty = kl_tally_duty_until(view), end = duty ? duty : next_end(view);
	char words[KL_WHEN_MAX];

	put_time(w, "until", end);
	kl_put_text(w, "until_words", end ? kl_when_words(&clock, end, words) : NULL);
	kl_tally_duty_words(view, words);
	kl_put_text(w, "duty", words[0] ? words : NULL);
}

static void put_short(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	char hex[KL_ID_HEX_MAX], period[KL_PERIOD_TEXT_MAX];

	kl_hex(view->id.b, KL_ID_BYTES, hex);
	kl_write_map(w, 13);
	kl_put_text(w, "tally", hex);
	kl_put_text(w, "period", kl_period_format(view->call->period, period));
	kl_put_text(w, "state", kl_tally_state_word(view));
	kl_put_bool(w, "contributed", view->contributed);
	kl_put_bool(w, "declined", view->declined);
	kl_put_bool(w, "withdrawn", view->withdrawn);
	kl_put_bool(w, "waits", kl_tally_asks_us(network, view));
	kl_put_uint(w, "metrics", view->call->metric_count);
	kl_put_uint(w, "members", view->roster->count);
	kl_put_uint(w, "contributors", view->contributors);
	put_until(w, view);
}

int kl_cmd_tally_list(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	const struct kl_tallies *book;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (rc)
		return rc;
	book = kl_network_tallies(network);
	kl_write_map(&ask->out, 1);
	kl_put_array(&ask->out, "tallies", kl_tallies_count(book));
	for (size_t i = 0; i < kl_tallies_count(book); i++) {
		struct kl_tally_view view;

		if (kl_tallies_view(book, kl_tallies_at(book, i), &view))
			return KL_E_BUG;
		put_short(&ask->out, network, &view);
	}
	return kl_ask_answer(ask);
}

/* ---- show ----------------------------------------------------------------------------------- */

static const char *seat_words(const struct kl_tally_seat_view *seat)
{
	if (seat->proven || seat->conflict)
		return "has said two different things";
	if (seat->liar)
		return "has opened sums that do not fit";
	if (seat->quit)
		return "has given up";
	if (seat->opened)
		return "has opened its sums";
	if (seat->skipped_now)
		return "has passed this attempt over";
	if (seat->voted)
		return "has voted";
	if (seat->intake)
		return "has listed what it holds";
	return seat->accepted ? "has taken its seat" : "has not taken its seat";
}

static void put_seats(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	const uint16_t vetoed = kl_veto_seats(network, view);
	char words[128];

	kl_put_array(w, "seats", view->committee.n);
	for (unsigned j = 0; j < view->committee.n; j++) {
		const struct kl_tally_seat_view *seat = &view->seats[j];

		(void)snprintf(words, sizeof words, "%s%s", seat_words(seat),
			vetoed >> j & 1 ? "; on your veto list" : "");
		kl_write_map(w, 11);
		kl_put_uint(w, "seat", j + 1);
		kl_put_text(w, "member", kl_member_name(network, &seat->member));
		kl_put_bool(w, "accepted", seat->accepted);
		kl_put_bool(w, "voted", seat->voted);
		kl_put_bool(w, "opened", seat->opened);
		kl_put_bool(w, "quit", seat->quit);
		kl_put_bool(w, "proven_false", seat->proven);
		kl_put_bool(w, "overruled", seat->liar);
		put_time(w, "last_heard", seat->last_ms);
		kl_put_bool(w, "vetoed", vetoed >> j & 1);
		kl_put_text(w, "words", words);
	}
}

enum { SAID_YES, SAID_NO, SAID_BACK, SAID_NOTHING };

static int said(const struct kl_tallies *book, const struct kl_tally_view *view, uint16_t column)
{
	struct kl_tally_member_view m;

	if (kl_tallies_member(book, &view->id, column, &m))
		return SAID_NOTHING;
	return m.contributed ? SAID_YES
	       : m.declined  ? SAID_NO
	       : m.withdrawn ? SAID_BACK
			     : SAID_NOTHING;
}

static void put_members(struct kl_writer *w, const struct kl_network *network,
	const struct kl_tally_view *view, const char *key, int what)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	size_t n = 0;

	for (uint16_t i = 0; i < view->roster->count; i++)
		n += said(book, view, i) == what;
	kl_put_array(w, key, n);
	for (uint16_t i = 0; i < view->roster->count; i++)
		if (said(book, view, i) == what)
			kl_write_text(w, kl_member_name(network, &view->roster->members[i].id));
}

/* Whose contribution is not counted, once that is certain, and why: no more is said of anybody than that. */
static const char *why_not_counted(
	const struct kl_tallies *book, const struct kl_tally_view *view, uint16_t column)
{
	struct kl_tally_member_view m;

	if (!view->certified || view->state == KL_TALLY_ENDED_FAILED ||
		kl_tallies_member(book, &view->id, column, &m) || !m.contributed || m.counted)
		return NULL;
	if (m.refused)
		return "its shares did not pass the tests";
	return kl_tally_lacks_others(view, &view->roster->members[column].id)
		       ? "it sits itself, its own seat cannot speak for it, and too few others "
			 "listed what they hold"
		       : "too few seats had it or could speak for it";
}

static void put_not_counted(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	size_t n = 0;

	for (uint16_t i = 0; i < view->roster->count; i++)
		n += why_not_counted(book, view, i) != NULL;
	kl_put_array(w, "not_counted", n);
	for (uint16_t i = 0; i < view->roster->count; i++) {
		const char *why = why_not_counted(book, view, i);

		if (!why)
			continue;
		kl_write_map(w, 2);
		kl_put_text(w, "member", kl_member_name(network, &view->roster->members[i].id));
		kl_put_text(w, "why", why);
	}
}

/* Which metrics were answered by how many: everybody can see that before anything is opened. */
static void put_metrics(
	struct kl_writer *w, const struct kl_tallies *book, const struct kl_tally_view *view)
{
	kl_put_array(w, "metrics", view->call->metric_count);
	for (unsigned m = 0; m < view->call->metric_count; m++) {
		unsigned answered = 0;

		for (uint16_t i = 0; i < view->roster->count; i++) {
			struct kl_tally_member_view member;

			answered += !kl_tallies_member(book, &view->id, i, &member) &&
				    member.presence && kl_presence_has(member.presence, m);
		}
		kl_write_map(w, 3);
		kl_put_text(w, "metric", view->call->metrics[m].code);
		kl_put_text(w, "name", view->call->metrics[m].name);
		kl_put_uint(w, "answered", answered);
	}
}

static void put_own(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	kl_put_map(w, "own", 8);
	kl_put_bool(w, "may_contribute", view->may_contribute);
	kl_put_bool(w, "agreed", view->agreed);
	kl_put_bool(w, "contributed", view->contributed);
	kl_put_bool(w, "declined", view->declined);
	kl_put_bool(w, "withdrawn", view->withdrawn);
	kl_put_uint(w, "number", view->number);
	kl_put_bool(w, "waits", kl_tally_asks_us(network, view));
	kl_write_text(w, "seat");
	if (view->own_seat)
		kl_write_uint(w, view->own_seat);
	else
		kl_write_nil(w);
}

static void put_left(struct kl_writer *w, const char *key, uint64_t until_ms)
{
	uint64_t now = kl_node_wall();

	kl_put_uint(w, key, until_ms > now ? (until_ms - now) / 1000 : 0);
}

static void put_times(struct kl_writer *w, const struct kl_tally_view *view)
{
	put_time(w, "called", view->called_ms);
	put_time(w, "contribute_until", view->contribute_until_ms);
	put_time(w, "decide_until", view->decide_until_ms);
}

/* "words" is what goes on, "sentences" everything that there is to say. */
static void put_words(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	struct kl_sentences said;
	struct kl_told told;

	kl_tally_told(network, view, &told);
	kl_tally_words(&told, &said);
	kl_tally_tell_moved(network->node, view, &said);
	kl_put_text(w, "waits_for", kl_tally_wait_name(told.progress.wait));
	kl_put_uint(w, "attempt", told.progress.attempt + 1U);
	kl_put_uint(w, "leader", told.progress.leader);
	kl_put_text(w, "words", said.count ? said.text[0] : "");
	kl_put_sentences(w, "sentences", &said);
}

static void put_tally(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	char text[512];

	kl_write_map(w, 26);
	kl_hex(view->id.b, KL_ID_BYTES, text);
	kl_put_text(w, "tally", text);
	kl_put_text(w, "period", kl_period_format(view->call->period, text));
	kl_put_text(w, "state", kl_tally_state_word(view));
	put_words(w, network, view);
	kl_put_uint(w, "minimum", view->call->minimum);
	kl_put_bool(w, "first", !view->call->has_previous);
	put_left(w, "contribute_left_seconds", view->contribute_until_ms);
	put_left(w, "decide_left_seconds", view->decide_until_ms);
	put_times(w, view);
	kl_put_uint(w, "readers", view->committee.t);
	if (view->certified)
		kl_hex(view->result.b, KL_ID_BYTES, text);
	kl_put_text(w, "result", view->certified ? text : NULL);
	put_own(w, network, view);
	put_seats(w, network, view);
	put_members(w, network, view, "contributors", SAID_YES);
	put_members(w, network, view, "decliners", SAID_NO);
	put_members(w, network, view, "withdrawn", SAID_BACK);
	put_members(w, network, view, "silent", SAID_NOTHING);
	put_not_counted(w, network, view);
	put_metrics(w, kl_network_tallies(network), view);
	kl_put_array(w, "cohorts", view->call->cohort_count);
	for (unsigned c = 0; c < view->call->cohort_count; c++)
		kl_write_text(w, kl_cohort_format(&view->call->cohorts[c], text));
}

int kl_cmd_tally_show(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	struct kl_tally_view view;
	char text[KL_ID_HEX_MAX];
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc && kl_get_text_or(&ask->args, "tally", "", text, sizeof text))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "no tally has so long a name");
	if (!rc)
		rc = kl_which_tally(network, text, &view, &ask->fault);
	if (rc)
		return rc;
	put_tally(&ask->out, network, &view);
	return kl_ask_answer(ask);
}
