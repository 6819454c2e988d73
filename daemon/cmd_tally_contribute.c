/* tally contribute, tally decline: this member's word, after it saw what leaves and to whom. */
#include "core/cells.h"
#include "daemon/commands.h"
#include "daemon/consent_screen.h"
#include "daemon/find.h"
#include "daemon/metric_words.h"
#include "daemon/tally_words.h"
#include "daemon/which_tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what leaves ----------------------------------------------------------------------------- */

/* What leaves is the bin; the value of today has nothing to do with one that was agreed before. */
static void put_leaving(struct kl_writer *w, const struct kl_tally_view *view,
	const struct kl_ballot *ballot, size_t m, int own)
{
	const struct kl_metric *metric = &view->call->metrics[m];
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
		if (kl_id_equal(&ballot->from[m], &view->id))
			snprintf(words, sizeof words, "as before it was withdrawn");
		else
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
			put_leaving(w, view, ballot, m, own);
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
	char hex[KL_ID_HEX_MAX], period[KL_PERIOD_TEXT_MAX], late[KL_TALLY_LATE_WORDS_MAX];

	kl_hex(view->id.b, KL_ID_BYTES, hex);
	kl_write_map(w, 6 + KL_CONSENT_SCREEN_KEYS);
	kl_put_text(w, "tally", hex);
	kl_put_text(w, "period", kl_period_format(view->call->period, period));
	kl_put_bool(w, "agreed", agreed);
	kl_put_text(w, "late", kl_tally_late_words(view, late)[0] ? late : NULL);
	put_ballot(w, network, view, ballot);
	kl_put_consent_screen(w, network, view, ballot);
}

static int nothing_to_say(const struct kl_ballot *ballot, struct kl_fault *fault)
{
	if (ballot->answered)
		return KL_OK;
	if (ballot->counted == ballot->count) {
		kl_fault(fault, KL_E_EXISTS,
			"this member was counted for the period already: this call is for those "
			"that were not");
		kl_fault_hint(fault, "keeplocal tally decline says so, and nobody waits");
		return KL_E_EXISTS;
	}
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
		rc = kl_fault(fault, KL_E_USAGE, "no tally has so long a name");
	if (!rc)
		rc = kl_which_open_tally(network, text, ret_view, fault);
	return rc ? rc : kl_tally_may_answer(network, ret_view, fault);
}

int kl_cmd_tally_contribute(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_tally_view view;
	struct kl_ballot ballot;
	bool *only = NULL, dry = false;
	int rc = open_tally(node, ask, &view, &dry, &ask->fault);

	/* What would be refused is shown all the same, with the seat for which it is. */
	if (!rc && !dry)
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
	char hex[KL_ID_HEX_MAX], period[KL_PERIOD_TEXT_MAX];
	bool dry = false;
	int rc = open_tally(node, ask, &view, &dry, &ask->fault);

	if (rc)
		return rc;
	tally = view.id;
	kl_period_format(view.call->period, period); /* the step ends the life of the view */
	if (!dry)
		rc = kl_counting_decline(node->network, &tally, &ask->fault);
	if (rc)
		return rc;
	kl_hex(tally.b, KL_ID_BYTES, hex);
	kl_write_map(&ask->out, 3);
	kl_put_text(&ask->out, "tally", hex);
	kl_put_text(&ask->out, "period", period);
	kl_put_bool(&ask->out, "declined", !dry);
	return kl_ask_answer(ask);
}
