#include "daemon/consent.h"
#include "core/cells.h"
#include "core/expand.h"
#include "daemon/find.h"
#include "daemon/log.h"
#include "daemon/own_values.h"
#include "daemon/public_answers.h"
#include "daemon/veto.h"
#include "daemon/when_words.h"
#include "daemon/which_tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what could be answered ----------------------------------------------------------------- */

static bool as_we_know_it(const struct kl_metric *asked)
{
	struct kl_metric own;
	size_t index;

	if (kl_metric_index(asked->code, &index))
		return false;
	kl_metric_at(index, &own);
	return kl_metric_same_bins(asked, &own);
}

/* One metric: a bin, or the reason why there is none. Only trouble that concerns all of them is an
 * error. */
static int answer_one(struct kl_node *node, const struct kl_tally_call *call, size_t m,
	struct kl_ballot *ballot, struct kl_fault *fault)
{
	const struct kl_metric *metric = &call->metrics[m];
	struct kl_fault reason = {0};
	struct kl_own_value own;
	uint8_t bin;
	int rc;

	if (!as_we_know_it(metric)) {
		(void)kl_copy_text(ballot->why[m], KL_BALLOT_WHY_MAX,
			"the call describes it otherwise than this program does");
		return KL_OK;
	}
	rc = kl_own_value(node, metric, call->period, &own, &reason);
	if (rc == KL_E_NOMEM || rc == KL_E_DAMAGED || rc == KL_E_IO) {
		if (fault)
			*fault = reason;
		return rc;
	}
	if (!rc)
		rc = kl_metric_bin(metric, own.value, &bin);
	if (!rc) {
		ballot->bins[m] = bin;
		ballot->values[m] = own.value;
		return KL_OK;
	}
	if (!reason.message[0] && rc == KL_E_NOT_FOUND)
		kl_fault(&reason, rc, "no value of your own for the period");
	if (!reason.message[0])
		kl_fault(&reason, rc, "the value is beyond the bins");
	reason.message[KL_BALLOT_WHY_MAX - 1] = '\0';
	(void)kl_copy_text(ballot->why[m], KL_BALLOT_WHY_MAX, reason.message);
	return KL_OK;
}

/* Takes back what too few would hide. */
static int hide(struct kl_node *node, const struct kl_tally_view *view, struct kl_ballot *ballot)
{
	int own = kl_tally_roster_find(view->roster, &node->network->own.author);
	bool exposes[KL_TALLY_METRICS_MAX] = {false};
	int rc = own < 0 ? KL_OK
			 : kl_tally_exposes(
				   view->call, view->roster, ballot->known, (unsigned)own, exposes);

	for (size_t m = 0; m < ballot->count && !rc; m++) {
		if (!exposes[m] || ballot->bins[m] == KL_ABSENT)
			continue;
		ballot->bins[m] = KL_ABSENT;
		snprintf(ballot->why[m], KL_BALLOT_WHY_MAX,
			"fewer than %u would hide it: others have published theirs by name, and "
			"the call counts them all the same",
			(unsigned)view->call->minimum);
	}
	return rc;
}

/* Puts in what was agreed before. */
static int lock(struct kl_node *node, const struct kl_tally_view *view, struct kl_ballot *ballot)
{
	int rc = kl_tallies_locked(
		kl_network_tallies(node->network), &view->id, ballot->bins, ballot->from);

	ballot->answered = ballot->counted = 0;
	for (size_t m = 0; m < ballot->count; m++) {
		char hex[KL_SHORT_ID_MAX];

		bool counted = kl_tallies_own_counted(
			kl_network_tallies(node->network), &view->id, (uint16_t)m);

		ballot->answered += ballot->bins[m] != KL_ABSENT;
		ballot->counted += counted;
		if (ballot->bins[m] != KL_ABSENT)
			ballot->why[m][0] = '\0';
		else if (counted)
			(void)kl_copy_text(ballot->why[m], KL_BALLOT_WHY_MAX,
				"counted for the period already");
		else if (!kl_id_is_zero(&ballot->from[m]) && as_we_know_it(&view->call->metrics[m]))
			snprintf(ballot->why[m], KL_BALLOT_WHY_MAX,
				"left out, as agreed to tally %s",
				kl_short_id(&ballot->from[m], hex));
	}
	return rc;
}

int kl_ballot_fill(struct kl_node *node, const struct kl_tally_view *view, const bool *only,
	struct kl_ballot *ret_ballot, struct kl_fault *fault)
{
	struct kl_ballot ballot = {.count = view->call->metric_count};
	int rc = KL_OK;

	ballot.why = calloc(ballot.count + 1, sizeof *ballot.why);
	ballot.from = calloc(ballot.count + 1, sizeof *ballot.from);
	ballot.known = kl_public_answers(node->network, view->roster, view->call);
	if (!ballot.why || !ballot.from || !ballot.known)
		rc = kl_fault(fault, KL_E_NOMEM, "out of memory");
	for (size_t m = 0; m < ballot.count && !rc; m++) {
		ballot.bins[m] = KL_ABSENT;
		if (!only || only[m])
			rc = answer_one(node, view->call, m, &ballot, fault);
		else
			(void)kl_copy_text(ballot.why[m], KL_BALLOT_WHY_MAX, "not asked for");
	}
	if (!rc)
		rc = hide(node, view, &ballot);
	if (!rc)
		rc = lock(node, view, &ballot);
	if (rc) {
		kl_ballot_deinit(&ballot);
		return rc;
	}
	*ret_ballot = ballot;
	kl_wipe(&ballot, sizeof ballot);
	return KL_OK;
}

void kl_ballot_deinit(struct kl_ballot *ballot)
{
	free(ballot->why);
	free(ballot->from);
	free(ballot->known);
	kl_wipe(ballot, sizeof *ballot);
}

/* ---- veto ------------------------------------------------------------------------------------ */

int kl_consent_veto(
	const struct kl_node *node, const struct kl_tally_view *view, struct kl_fault *fault)
{
	for (unsigned j = 0; j < view->committee.n; j++) {
		const struct kl_id *member = &view->seats[j].member;
		const char *veto = kl_veto_of(node->network, member);

		if (!veto)
			continue;
		kl_fault(fault, KL_E_DENIED, "%s sits on the committee (veto = %s)",
			kl_member_name(node->network, member), veto);
		kl_fault_hint(fault, "keeplocal tally decline says no to this tally; or take the "
				     "name off the list: keeplocal tally veto");
		return KL_E_DENIED;
	}
	return KL_OK;
}

/* What was agreed to before the name was put on the list, and has not left yet, stays. */
static void keep_back(struct kl_network *network, const struct kl_tally_view *view)
{
	const struct kl_id tally = view->id;
	char hex[KL_SHORT_ID_MAX];

	if (!view->agreed || view->contributed || !kl_consent_veto(network->node, view, NULL))
		return;
	/* The step ends the life of the view. */
	if (!kl_counting_withdraw(network, &tally, NULL))
		kl_log(KL_LOG_INFO, "tally %s: withdrawn before it left, as a veto says",
			kl_short_id(&tally, hex));
}

/* ---- consent = always ------------------------------------------------------------------------ */

enum { LAST_SHARE = 10, LAST_MS_MIN = 60000, LOOKS = 100, LOOK_MS_MIN = 1000, LOOK_MS_MAX = 60000 };

uint64_t kl_consent_waits_until(const struct kl_tally_view *view)
{
	const uint64_t window = view->call->contribute_ms;
	uint64_t last = window / LAST_SHARE > LAST_MS_MIN ? window / LAST_SHARE : LAST_MS_MIN;

	if (last > window / 2)
		last = window / 2;
	return view->contribute_until_ms - last;
}

/* How long until it is looked again whether there is a figure now. */
static uint64_t pause_ms(const struct kl_tally_view *view)
{
	const uint64_t share = view->call->contribute_ms / LOOKS;

	return share < LOOK_MS_MIN ? LOOK_MS_MIN : share > LOOK_MS_MAX ? LOOK_MS_MAX : share;
}

static bool is_noted(const struct kl_network *network, const struct kl_id *tally)
{
	for (unsigned i = 0; i < KL_CONSENT_WAITS_MAX; i++)
		if (kl_id_equal(&network->consent.waits[i], tally))
			return true;
	return false;
}

static void note(struct kl_network *network, const struct kl_id *tally)
{
	network->consent.waits[network->consent.next++ % KL_CONSENT_WAITS_MAX] = *tally;
}

/* Why nothing can be contributed now; "" if something can. */
static void why_not(const struct kl_network *network, const struct kl_tally_view *view,
	const struct kl_ballot *ballot, char *out, size_t size)
{
	struct kl_fault veto = {0};

	out[0] = '\0';
	if (kl_consent_veto(network->node, view, &veto))
		(void)snprintf(out, size, "%s", veto.message);
	else if (!ballot->answered && ballot->count == 1)
		(void)snprintf(out, size, "%s", ballot->why[0]);
	else if (!ballot->answered)
		(void)snprintf(out, size,
			"none of the %zu metrics has a value here for this period", ballot->count);
}

static void note_waiting(
	struct kl_network *network, const struct kl_tally_view *view, const char *why)
{
	const struct kl_clock clock = {kl_node_wall(), kl_local_offset_ms};
	char hex[KL_SHORT_ID_MAX], when[KL_WHEN_MAX];

	note(network, &view->id);
	kl_log(KL_LOG_INFO,
		"tally %s: nothing is contributed yet: %s. It is looked again until %s, and "
		"declined "
		"then, as consent = always says",
		kl_short_id(&view->id, hex), why,
		kl_when_words(&clock, kl_consent_waits_until(view), when));
}

/* Contributes, waits for what is missing, or declines. True if it waits. */
static bool decide(struct kl_network *network, const struct kl_tally_view *view)
{
	const struct kl_id tally = view->id;
	struct kl_ballot ballot;
	struct kl_fault fault = {0};
	char hex[KL_SHORT_ID_MAX], why[KL_FAULT_MESSAGE_MAX];
	int rc = kl_ballot_fill(network->node, view, NULL, &ballot, &fault);

	if (rc) {
		if (!is_noted(network, &tally)) {
			note(network, &tally);
			kl_log(KL_LOG_ERROR,
				"own figures cannot be read: tally %s is left unanswered",
				kl_short_id(&tally, hex));
		}
		return true;
	}
	why_not(network, view, &ballot, why, sizeof why);
	if (why[0] && ballot.counted < ballot.count &&
		kl_node_wall() < kl_consent_waits_until(view)) {
		if (!is_noted(network, &tally))
			note_waiting(network, view, why);
		kl_ballot_deinit(&ballot);
		return true;
	}
	/* The step ends the life of the view. */
	rc = why[0] ? kl_counting_decline(network, &tally, &fault)
		    : kl_counting_contribute(network, &tally, ballot.bins, ballot.count, &fault);
	kl_ballot_deinit(&ballot);
	if (!rc)
		kl_log(KL_LOG_INFO, "tally %s: %s, as consent = always says%s%s",
			kl_short_id(&tally, hex), why[0] ? "declined" : "contributed",
			why[0] ? ": " : "", why);
	return false;
}

void kl_consent_hold_back(struct kl_network *network)
{
	const struct kl_tallies *book = kl_network_tallies(network);

	for (size_t i = kl_tallies_count(book); i-- > 0;) {
		struct kl_tally_view view;

		if (!kl_tallies_view(book, kl_tallies_at(book, i), &view) &&
			view.gate == KL_GATE_OPEN)
			keep_back(network, &view);
	}
}

/* Reading all figures for every record that comes in would be too much: what is waited for is looked at now
 * and then. */
static bool is_due(const struct kl_network *network, const struct kl_tally_view *view)
{
	return !is_noted(network, &view->id) ||
	       kl_node_now(network->node) >= network->consent.look_ms;
}

uint64_t kl_consent_review(struct kl_network *network)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	const uint64_t now = kl_node_now(network->node);
	uint64_t pause = UINT64_MAX;
	bool waits = false;

	for (size_t i = kl_tallies_count(book); i-- > 0;) {
		struct kl_tally_view view;
		uint64_t ms;

		if (kl_tallies_view(book, kl_tallies_at(book, i), &view) ||
			view.gate != KL_GATE_OPEN)
			continue;
		if (!kl_tally_waits_for_us(&view)) {
			keep_back(network, &view);
			continue;
		}
		if (!network->node->config.consent_always)
			continue;
		ms = pause_ms(&view);
		if (is_due(network, &view) && !decide(network, &view))
			continue;
		waits = true;
		pause = ms < pause ? ms : pause;
	}
	if (!waits)
		return UINT64_MAX;
	if (now >= network->consent.look_ms)
		network->consent.look_ms = now + pause;
	return network->consent.look_ms - now;
}
