/* tally contribute, tally decline: this member's word, after it saw what leaves and to whom. */
#include "core/cells.h"
#include "daemon/commands.h"
#include "daemon/consent.h"
#include "daemon/find.h"
#include "daemon/metric_words.h"
#include "daemon/which_tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what leaves ----------------------------------------------------------------------------- */

/* What leaves is the bin; the value of today has nothing to do with one that was agreed before. */
static void put_leaving(struct kl_writer *w, const struct kl_metric *metric,
	const struct kl_ballot *ballot, size_t m, int own)
{
	char words[KL_BIN_WORDS_MAX], hex[KL_ID_HEX_MAX], id[KL_SHORT_ID_MAX];
	bool locked = !kl_id_is_zero(&ballot->from[m]);
	struct kl_bins bins;

	kl_hex(ballot->from[m].b, KL_ID_BYTES, hex);
	kl_metric_bins(metric, KL_LEVEL_FINE, &bins);
	kl_write_map(w, 7);
	kl_put_text(w, "metric", metric->code);
	kl_put_text(w, "name", metric->name);
	kl_put_bool(w, "public", own >= 0 && kl_set_has(&ballot->known[m], (size_t)own));
	if (locked) {
		snprintf(words, sizeof words, "as agreed to tally %s",
			kl_short_id(&ballot->from[m], id));
		kl_put_text(w, "value", NULL);
	} else {
		kl_value_words(metric, ballot->values[m], words);
		kl_put_scaled(w, "value", ballot->values[m], metric->scale);
	}
	kl_put_text(w, "shown", words);
	kl_put_text(w, "bin", kl_bin_words(metric, &bins, (uint8_t)ballot->bins[m], words));
	kl_put_text(w, "agreed_to", locked ? hex : NULL);
}

static void put_ballot(struct kl_writer *w, const struct kl_network *network,
	const struct kl_tally_view *view, const struct kl_ballot *ballot)
{
	const struct kl_tally_call *call = view->call;
	int own = kl_tally_roster_find(view->roster, &network->own.author);

	kl_put_array(w, "metrics", ballot->answered);
	for (size_t m = 0; m < ballot->count; m++) {
		if (ballot->bins[m] != KL_ABSENT)
			put_leaving(w, &call->metrics[m], ballot, m, own);
	}
	kl_put_array(w, "left_out", ballot->count - ballot->answered);
	for (size_t m = 0; m < ballot->count; m++) {
		if (ballot->bins[m] != KL_ABSENT)
			continue;
		kl_write_map(w, 3);
		kl_put_text(w, "metric", call->metrics[m].code);
		kl_put_text(w, "name", call->metrics[m].name);
		kl_put_text(w, "why", ballot->why[m]);
	}
}

/* ---- to whom --------------------------------------------------------------------------------- */

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

static void put_committee(
	struct kl_writer *w, const struct kl_network *network, const struct kl_tally_view *view)
{
	kl_put_array(w, "committee", view->committee.n);
	for (unsigned j = 0; j < view->committee.n; j++) {
		const struct kl_id *member = &view->seats[j].member;

		kl_write_map(w, 4);
		kl_put_text(w, "member", kl_member_name(network, member));
		kl_put_bool(w, "accepted", view->seats[j].accepted);
		kl_put_bool(w, "newly_seated",
			!sat_before(kl_network_tallies(network), &view->id, member));
		kl_put_bool(w, "own", view->own_seat == j + 1);
	}
}

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

/* ---- what could go wrong ---------------------------------------------------------------------- */

/* With five or six who offer a seat, everybody sits: then those who may read and those who are read
 * are the same people. */
static size_t everybody_sits(const struct kl_tally_view *view, char out[2][256])
{
	unsigned n = view->committee.n;

	if (n >= 7)
		return 0;
	snprintf(out[0], 256,
		"all %u members that offer a seat sit. Two of them who talk to each other read no "
		"answer, but can take their own figures off a sum and see what the others say "
		"together",
		n);
	snprintf(out[1], 256,
		"three of these %u who talk to each other can read every answer to this tally, "
		"yours too",
		n);
	return 2;
}

static void put_risks(struct kl_writer *w, const struct kl_tally_view *view)
{
	char sits[2][256], readers[256];
	size_t n = everybody_sits(view, sits);

	snprintf(readers, sizeof readers,
		"fewer than %u of the committee together learn nothing; %u together could read the "
		"answers to this tally",
		view->committee.t, view->committee.t);
	kl_put_array(w, "risks", 2 + n + !view->call->has_previous);
	kl_write_text(w, readers);
	for (size_t i = 0; i < n; i++)
		kl_write_text(w, sits[i]);
	if (!view->call->has_previous)
		kl_write_text(w, "this is the network's first tally: the convenor could have "
				 "influenced who was drawn for the committee");
	kl_write_text(w, "everybody sees that you took part and which questions you answered, and "
			 "a published sum cannot be recalled");
}

/* ---- contribute ------------------------------------------------------------------------------- */

/* The metrics that were named; NULL in *ret_only means all. */
static int take_only(const struct kl_ask *ask, const struct kl_tally_call *call, bool **ret_only,
	struct kl_fault *fault)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	bool *only;
	int rc = KL_OK;

	*ret_only = NULL;
	if (kl_get_array(&ask->args, "metrics", &list))
		return KL_OK;
	only = calloc(call->metric_count + 1U, sizeof *only);
	if (!only)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	cursor = kl_cursor(&list);
	while (!rc && kl_cursor_next(&cursor, &item)) {
		char text[KL_METRIC_NAME_MAX] = "";
		struct kl_metric metric;
		int at;

		(void)kl_value_text(&item, text, sizeof text);
		at = kl_tally_metric(call, text);
		if (at < 0 && !(rc = kl_metric_find(text, &metric, fault)))
			at = kl_tally_metric(call, metric.code);
		if (!rc && at < 0)
			rc = kl_fault(fault, KL_E_NOT_FOUND, "this tally does not ask for %s",
				metric.code);
		if (!rc)
			only[at] = true;
	}
	if (rc) {
		free(only);
		return rc;
	}
	*ret_only = only;
	return KL_OK;
}

static void put_answer(struct kl_writer *w, const struct kl_network *network,
	const struct kl_tally_view *view, const struct kl_ballot *ballot, bool agreed)
{
	char hex[KL_ID_HEX_MAX], period[KL_PERIOD_TEXT_MAX];

	kl_hex(view->id.b, KL_ID_BYTES, hex);
	kl_write_map(w, 11);
	kl_put_text(w, "tally", hex);
	kl_put_text(w, "period", kl_period_format(view->call->period, period));
	kl_put_bool(w, "agreed", agreed);
	kl_put_uint(w, "readers", view->committee.t);
	put_ballot(w, network, view, ballot);
	put_committee(w, network, view);
	put_new_members(w, network, view);
	put_passed_over(w, network, view);
	put_wrongly_counted(w, network, view, ballot);
	put_risks(w, view);
}

/* What every member would be told anyway is told before the person has to decide. */
static int may_answer(const struct kl_tally_view *view, struct kl_fault *fault)
{
	if (!view->may_contribute)
		return kl_fault(fault, KL_E_DENIED,
			"only councils and anchors that were on the roster at the call take part");
	if (view->gate != KL_GATE_OPEN)
		return kl_fault(fault, KL_E_DENIED, "%s", view->why);
	if (view->contributed || view->agreed)
		return kl_fault(fault, KL_E_EXISTS, "this member has contributed already");
	if (view->declined)
		return kl_fault(fault, KL_E_EXISTS, "this member has declined already");
	if (!kl_tally_waits_for_us(view))
		return kl_fault(fault, KL_E_TIMEOUT, "the time to contribute has passed");
	return KL_OK;
}

static int nothing_to_say(const struct kl_ballot *ballot, struct kl_fault *fault)
{
	if (ballot->answered)
		return KL_OK;
	if (ballot->count == 1)
		kl_fault(fault, KL_E_NOT_FOUND, "nothing to contribute: %s", ballot->why[0]);
	else
		kl_fault(fault, KL_E_NOT_FOUND,
			"none of the %zu metrics has a value here for this period", ballot->count);
	kl_fault_hint(fault, "keeplocal indicator record METRIC VALUE --period P records one, "
			     "keeplocal tally decline says no");
	return KL_E_NOT_FOUND;
}

static int contribute(struct kl_node *node, const struct kl_tally_view *view,
	const struct kl_ballot *ballot, bool dry, struct kl_ask *ask)
{
	struct kl_id tally = view->id;
	int rc = nothing_to_say(ballot, &ask->fault);

	if (rc)
		return rc;
	put_answer(&ask->out, node->network, view, ballot, !dry);
	/* The step ends the life of the view: it is not looked at any more. */
	if (!dry)
		rc = kl_counting_contribute(
			node->network, &tally, ballot->bins, ballot->count, &ask->fault);
	return rc ? rc : kl_ask_answer(ask);
}

static int open_tally(struct kl_node *node, const struct kl_ask *ask,
	struct kl_tally_view *ret_view, bool *ret_dry, struct kl_fault *fault)
{
	struct kl_network *network;
	char text[KL_ID_HEX_MAX];
	int rc = kl_need_network(node, &network, fault);

	if (!rc && (kl_get_text_or(&ask->args, "tally", "", text, sizeof text) ||
			   kl_get_bool_or(&ask->args, "dry_run", false, ret_dry)))
		rc = kl_fault(fault, KL_E_USAGE, "no tally is called so");
	if (!rc)
		rc = kl_which_open_tally(network, text, ret_view, fault);
	return rc ? rc : may_answer(ret_view, fault);
}

int kl_cmd_tally_contribute(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_tally_view view;
	struct kl_ballot ballot;
	bool *only = NULL, dry = false;
	int rc = open_tally(node, ask, &view, &dry, &ask->fault);

	if (!rc)
		rc = kl_consent_veto(node, &view, &ask->fault);
	if (!rc)
		rc = take_only(ask, view.call, &only, &ask->fault);
	if (!rc)
		rc = kl_ballot_fill(node, &view, only, &ballot, &ask->fault);
	free(only);
	if (rc)
		return rc;
	rc = contribute(node, &view, &ballot, dry, ask);
	kl_ballot_deinit(&ballot);
	return rc;
}

int kl_cmd_tally_decline(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_tally_view view;
	struct kl_id tally;
	char hex[KL_ID_HEX_MAX];
	bool dry = false;
	int rc = open_tally(node, ask, &view, &dry, &ask->fault);

	if (rc)
		return rc;
	tally = view.id;
	if (!dry)
		rc = kl_counting_decline(node->network, &tally, &ask->fault);
	if (rc)
		return rc;
	kl_hex(tally.b, KL_ID_BYTES, hex);
	kl_write_map(&ask->out, 2);
	kl_put_text(&ask->out, "tally", hex);
	kl_put_bool(&ask->out, "declined", !dry);
	return kl_ask_answer(ask);
}
