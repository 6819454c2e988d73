/* tally call: the convenor asks everybody to be counted. */
#include "core/audit.h"
#include "daemon/call_warnings.h"
#include "daemon/commands.h"
#include "daemon/committee_words.h"
#include "daemon/find.h"
#include "daemon/forecast_answer.h"
#include "daemon/network.h"
#include "daemon/public_answers.h"
#include "daemon/tally_told.h"
#include "daemon/which_tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TURN_MS = 10 };

/* One call in the making. */
struct plan {
	uv_idle_t idle; /* first: freed as what it is */
	struct kl_network *network;
	struct kl_ask *ask;
	bool dry;
	struct kl_forecasting *forecasting;
	struct kl_tally_roster roster;
	struct kl_tally_call call;
	bool chosen; /* the metrics were named one by one */
	bool again;  /* something of it was counted for the period */
	bool late;   /* what was counted for the period may be asked of those who were not in it */
	struct left_out {
		char code[KL_METRIC_CODE_MAX];
		bool counted; /* for the period already; else too few could count */
	} left_out[KL_TALLY_METRICS_MAX];
	size_t n_left_out;
	struct kl_committee committee;
	struct kl_id seats[KL_SEATS_MAX];
	struct kl_supposed supposed;
	uint16_t without[KL_TALLY_MEMBERS_MAX]; /* columns that are supposed not to answer */
	size_t n_without;
};

static void plan_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void plan_destroy(struct plan *plan)
{
	kl_forecast_abandon(plan->forecasting);
	kl_tally_call_deinit(&plan->call);
	kl_tally_roster_deinit(&plan->roster);
	uv_close((uv_handle_t *)&plan->idle, plan_closed);
}

/* ---- what is asked -------------------------------------------------------------------------- */

static int add_metric(struct plan *plan, const struct kl_metric *metric, struct kl_fault *fault)
{
	struct kl_tally_call *call = &plan->call;
	struct kl_metric *metrics;

	if (kl_tally_metric(call, metric->code) >= 0)
		return kl_fault(fault, KL_E_USAGE, "%s is named twice", metric->code);
	if (call->metric_count == KL_TALLY_METRICS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "a tally counts at most %d metrics",
			KL_TALLY_METRICS_MAX);
	metrics = realloc(call->metrics, (call->metric_count + 1U) * sizeof *metrics);
	if (!metrics)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	call->metrics = metrics;
	call->metrics[call->metric_count++] = *metric;
	return KL_OK;
}

static int take_named_metrics(
	struct plan *plan, const struct kl_value *list, struct kl_fault *fault)
{
	struct kl_cursor cursor = kl_cursor(list);
	struct kl_metric metric;
	struct kl_value item;
	int rc = KL_OK;

	plan->chosen = true;
	while (!rc && kl_cursor_next(&cursor, &item)) {
		char text[KL_METRIC_NAME_MAX];

		if (kl_value_text(&item, text, sizeof text))
			return kl_fault(fault, KL_E_USAGE, "a metric is named by too long a text");
		rc = kl_metric_find(text, &metric, fault);
		if (!rc)
			rc = kl_metric_period_check(&metric, plan->call.period, fault);
		if (!rc)
			rc = add_metric(plan, &metric, fault);
	}
	return rc;
}

static bool in_charter(const struct kl_charter *charter, const char *code)
{
	for (size_t i = 0; i < charter->n_metrics; i++)
		if (!strcmp(charter->metrics[i], code))
			return true;
	return charter->n_metrics == 0;
}

/* Without a list: what the charter says, of that what suits the period. */
static int take_usual_metrics(struct plan *plan, struct kl_fault *fault)
{
	int rc = KL_OK;

	for (size_t i = 0; i < kl_metric_count() && !rc; i++) {
		struct kl_metric metric;

		kl_metric_at(i, &metric);
		if (in_charter(&plan->network->roster.charter, metric.code) &&
			!kl_metric_period_check(&metric, plan->call.period, NULL))
			rc = add_metric(plan, &metric, fault);
	}
	if (!rc && !plan->call.metric_count)
		return kl_fault(fault, KL_E_INVALID, "no metric is counted for such a period");
	return rc;
}

/* ---- cohorts -------------------------------------------------------------------------------- */

static int add_cohort(struct kl_tally_call *call, const char *text, struct kl_fault *fault)
{
	struct kl_cohort cohort;
	char other[KL_COHORT_TEXT_MAX];

	if (kl_cohort_parse(kl_bytes_str(text), &cohort)) {
		kl_fault(fault, KL_E_USAGE, "no rule for a cohort: \"%s\"", text);
		kl_fault_hint(fault, "everybody, councils, anchors, type=.., region=.., "
				     "deprivation=1..5, rural=.., income=..");
		return KL_E_USAGE;
	}
	for (unsigned i = 0; i < call->cohort_count; i++)
		if (!strcmp(kl_cohort_format(&call->cohorts[i], other), text))
			return kl_fault(fault, KL_E_EXISTS, "the cohort %s is named twice", text);
	if (call->cohort_count == KL_TALLY_COHORTS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "at most %d cohorts", KL_TALLY_COHORTS_MAX);
	call->cohorts[call->cohort_count++] = cohort;
	return KL_OK;
}

static int take_named_cohorts(
	struct kl_tally_call *call, const struct kl_value *list, struct kl_fault *fault)
{
	struct kl_cursor cursor = kl_cursor(list);
	struct kl_value item;
	int rc = KL_OK;

	while (!rc && kl_cursor_next(&cursor, &item)) {
		char text[KL_COHORT_TEXT_MAX];

		if (kl_value_text(&item, text, sizeof text))
			return kl_fault(fault, KL_E_USAGE, "a cohort is named by too long a text");
		rc = add_cohort(call, text, fault);
	}
	return rc;
}

/* Those of the charter, if it names any. */
static int take_usual_cohorts(struct plan *plan, struct kl_fault *fault)
{
	struct kl_tally_call *call = &plan->call;

	call->cohort_count = plan->roster.cohort_count;
	memcpy(call->cohorts, plan->roster.cohorts, sizeof call->cohorts);
	if (!call->cohort_count &&
		kl_cohorts_usual(&plan->roster, call->minimum, call->cohorts, &call->cohort_count))
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	return KL_OK;
}

/* ---- windows, minimum, named figures ---------------------------------------------------------- */

static int take_window(const struct kl_ask *ask, const char *key, const char *option,
	uint64_t usual, uint64_t *ret_ms, struct kl_fault *fault)
{
	char text[32];

	if (kl_get_text_or(&ask->args, key, "", text, sizeof text))
		return kl_fault(
			fault, KL_E_USAGE, "--%s: expected a time such as 3w or 30s", option);
	if (!text[0]) {
		*ret_ms = usual;
		return KL_OK;
	}
	if (kl_duration_parse(text, ret_ms) || *ret_ms < KL_CHARTER_WINDOW_MS_MIN ||
		*ret_ms > KL_CHARTER_WINDOW_MS_MAX)
		return kl_fault(fault, KL_E_USAGE,
			"--%s: expected a time from 1s to a year, found \"%s\"", option, text);
	return KL_OK;
}

/* A call may ask for more members than the charter does, not for fewer. */
static int below_charter(uint64_t asked, uint32_t minimum, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_USAGE, "a minimum of %u is below the charter's %u", (unsigned)asked,
		(unsigned)minimum);
	if (asked < KL_AUDIT_K_MIN)
		kl_fault_hint(fault, "nothing is ever released of fewer than %d", KL_AUDIT_K_MIN);
	else
		kl_fault_hint(fault,
			"change the charter first: keeplocal network charter set "
			"minimum=%u",
			(unsigned)asked);
	return KL_E_USAGE;
}

static int take_terms(struct plan *plan, const struct kl_ask *ask, struct kl_fault *fault)
{
	const struct kl_charter *charter = &plan->network->roster.charter;
	uint64_t minimum;
	int rc = take_window(ask, "contribute_for", "contribute-for", charter->contribute_ms,
		&plan->call.contribute_ms, fault);

	if (!rc)
		rc = take_window(ask, "decide_for", "decide-for", charter->decide_ms,
			&plan->call.decide_ms, fault);
	if (rc)
		return rc;
	if (kl_get_uint_or(
		    &ask->args, "minimum", KL_CHARTER_MINIMUM_HIGHEST, charter->minimum, &minimum))
		return kl_fault(fault, KL_E_USAGE, "--minimum: expected a number of members");
	plan->call.minimum = (uint16_t)minimum;
	return minimum < charter->minimum ? below_charter(minimum, charter->minimum, fault) : KL_OK;
}

/* Whoever has answered in public does not count towards the minimum of that metric. */
static int take_named(struct plan *plan, struct kl_fault *fault)
{
	plan->call.named = kl_public_answers(plan->network, &plan->roster, &plan->call);
	return plan->call.named ? KL_OK : kl_fault(fault, KL_E_NOMEM, "out of memory");
}

static void remove_metric(struct plan *plan, unsigned m, bool counted)
{
	struct kl_tally_call *call = &plan->call;
	struct left_out *left = &plan->left_out[plan->n_left_out++];

	(void)kl_copy_text(left->code, sizeof left->code, call->metrics[m].code);
	left->counted = counted;
	call->metric_count--;
	for (unsigned i = m; i < call->metric_count; i++) {
		call->metrics[i] = call->metrics[i + 1];
		call->named[i] = call->named[i + 1];
	}
}

/* Of the usual metrics, those that too few could count towards are left out; a metric that was
 * asked for by name is refused in words instead. */
static int drop_hopeless(struct plan *plan, struct kl_fault *fault)
{
	const struct kl_tallies *book = kl_network_tallies(plan->network);

	for (unsigned m = plan->call.metric_count; m-- > 0 && !plan->chosen;) {
		bool hope;
		int rc = kl_tallies_hope(book, &plan->call, &plan->roster, (uint16_t)m, &hope);

		if (rc)
			return kl_fault(fault, rc, "no forecast can be made");
		if (!hope && plan->call.metric_count > 1)
			remove_metric(plan, m, false);
	}
	return KL_OK;
}

/* What was shown of a period stays as it is: whoever comes later can only be counted in a batch apart. Of
 * the usual metrics, those that were counted are left out; one that was asked for by name is refused. */
static int drop_counted(struct plan *plan, struct kl_fault *fault)
{
	const struct kl_tally_call *call = &plan->call;

	for (unsigned m = 0; m < call->metric_count; m++)
		plan->again |= kl_tallies_counted(kl_network_tallies(plan->network), call, m);
	for (unsigned m = call->metric_count; m-- > 0 && !plan->late;) {
		if (!kl_tallies_counted(kl_network_tallies(plan->network), call, m))
			continue;
		if (!plan->chosen && call->metric_count > 1) {
			remove_metric(plan, m, true);
			continue;
		}
		kl_fault(fault, KL_E_DENIED, "%s was counted for the period already",
			call->metrics[m].code);
		return kl_fault_hint(fault,
			"--late counts those that were not in it, as a batch of their own of at "
			"least %u; what was shown stays as it is",
			call->minimum);
	}
	return KL_OK;
}

/* A tally for the same question and period, or one near, that goes on. */
static void explain_what_has_to_end(const struct plan *plan, struct kl_fault *fault)
{
	const struct kl_tallies *book = kl_network_tallies(plan->network);
	const struct kl_id *id = kl_tallies_in_the_way(book, &plan->call);
	char hex[KL_SHORT_ID_MAX], period[KL_PERIOD_TEXT_MAX], words[KL_SENTENCE_MAX];
	struct kl_tally_view view;
	struct kl_told told;

	if (!id || kl_tallies_view(book, id, &view))
		return;
	kl_tally_told(plan->network, &view, &told);
	kl_tally_end_words(&told, words);
	kl_short_id(&view.id, hex);
	kl_fault(fault, KL_E_BUSY,
		"tally %s for %s asks the same and has to end first, so that the two can count "
		"each "
		"other: %s",
		hex, kl_period_format(view.call->period, period), words);
	kl_fault_hint(fault, "keeplocal tally show %s says how far it is", hex);
}

static int make_plan(struct plan *plan, const struct kl_ask *ask, struct kl_fault *fault)
{
	char period[KL_PERIOD_TEXT_MAX];
	struct kl_value list;
	int rc;

	if (kl_get_text(&ask->args, "period", period, sizeof period) ||
		kl_period_parse(period, &plan->call.period))
		return kl_fault(fault, KL_E_USAGE, "which period? Such as 2026 or 2026/27");
	rc = kl_tally_roster_freeze(&plan->network->roster, &plan->roster);
	if (rc)
		return kl_fault(fault, rc, "the roster is too large for a tally");
	kl_tally_seat_offers(plan->network, &plan->roster);
	rc = kl_get_array(&ask->args, "metrics", &list) ? take_usual_metrics(plan, fault)
							: take_named_metrics(plan, &list, fault);
	if (!rc)
		rc = take_terms(plan, ask, fault);
	if (!rc)
		rc = kl_get_array(&ask->args, "cohorts", &list)
			     ? take_usual_cohorts(plan, fault)
			     : take_named_cohorts(&plan->call, &list, fault);
	if (!rc)
		rc = take_named(plan, fault);
	if (!rc)
		rc = drop_counted(plan, fault);
	if (!rc)
		rc = drop_hopeless(plan, fault);
	if (rc)
		return rc;
	rc = kl_tallies_prepare(
		kl_network_tallies(plan->network), &plan->roster, &plan->call, fault);
	if (rc == KL_E_BUSY)
		explain_what_has_to_end(plan, fault);
	if (rc == KL_E_DENIED && kl_roster_contributors(&plan->network->roster) <
					 plan->network->roster.charter.minimum)
		kl_fault_hint(fault,
			"admit more members, or let the charter ask for fewer (%d at least): "
			"keeplocal network charter set minimum=%d",
			KL_AUDIT_K_MIN, KL_AUDIT_K_MIN);
	return rc;
}

/* ---- calling -------------------------------------------------------------------------------- */

static int publish(struct plan *plan, struct kl_id *ret_tally, struct kl_fault *fault)
{
	struct kl_bytes payload;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_tally_call_write(&w, &plan->call);
	rc = kl_writer_bytes(&w, &payload);
	if (rc)
		kl_fault(fault, rc, "out of memory");
	else
		rc = kl_network_append(
			plan->network, KL_KIND_TALLY_CALL, payload, ret_tally, fault);
	kl_writer_deinit(&w);
	return rc;
}

/* ---- who is supposed to answer ---------------------------------------------------------------- */

static int leave_out(struct plan *plan, const char *name, struct kl_fault *fault)
{
	const struct kl_roster_member *member;
	int column, rc = kl_find_member(plan->network->node, name, &member, fault);

	if (rc)
		return rc;
	column = kl_tally_roster_find(&plan->roster, &member->identity);
	if (column < 0)
		return kl_fault(fault, KL_E_USAGE, "%s does not contribute to tallies anyway",
			member->name);
	if (!kl_set_has(&plan->supposed.answering, (size_t)column))
		return KL_OK; /* named twice */
	kl_set_remove(&plan->supposed.answering, (size_t)column);
	plan->without[plan->n_without++] = (uint16_t)column;
	return KL_OK;
}

/* if: "70%", of those that are not left out; without: members by name. */
static int take_supposed(struct plan *plan, const struct kl_ask *ask, struct kl_fault *fault)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	char text[KL_MEMBER_NAME_MAX], end;
	unsigned percent = 0;
	int rc = KL_OK;

	kl_suppose_all(&plan->roster, &plan->supposed);
	if (kl_get_text_or(&ask->args, "if", "", text, sizeof text))
		return kl_fault(fault, KL_E_USAGE, "--if: expected a share such as 70%%");
	if (text[0] && (sscanf(text, "%3u%%%c", &percent, &end) != 1 || !strchr(text, '%') ||
			       percent < 1 || percent > 100))
		return kl_fault(fault, KL_E_USAGE,
			"--if: expected a share of members such as 70%%, found \"%s\"", text);
	if (text[0])
		plan->supposed.percent = (uint8_t)percent;
	if (kl_get_array(&ask->args, "without", &list))
		return KL_OK;
	cursor = kl_cursor(&list);
	while (!rc && kl_cursor_next(&cursor, &item))
		rc = kl_value_text(&item, text, sizeof text)
			     ? kl_fault(fault, KL_E_USAGE, "--without: too long a name")
			     : leave_out(plan, text, fault);
	return rc;
}

/* ---- the answer ----------------------------------------------------------------------------- */

static void put_offers(struct kl_writer *w, const struct plan *plan)
{
	kl_put_array(w, "offers", kl_set_count(&plan->call.offers));
	for (unsigned i = 0; i < plan->roster.count; i++)
		if (kl_set_has(&plan->call.offers, i))
			kl_write_text(
				w, kl_member_name(plan->network, &plan->roster.members[i].id));
}

/* Who sits: as drawn, or as it would be drawn if the call went out as it is. */
static void put_committee(struct kl_writer *w, const struct plan *plan)
{
	kl_put_uint(w, "readers", plan->committee.t);
	kl_put_array(w, "committee", plan->committee.n);
	for (unsigned j = 0; j < plan->committee.n; j++)
		kl_write_text(w, kl_member_name(plan->network, &plan->seats[j]));
}

static void put_left_out(
	struct kl_writer *w, const struct plan *plan, const char *key, bool counted)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n_left_out; i++)
		n += plan->left_out[i].counted == counted;
	kl_put_array(w, key, n);
	for (size_t i = 0; i < plan->n_left_out; i++)
		if (plan->left_out[i].counted == counted)
			kl_write_text(w, plan->left_out[i].code);
}

static void put_terms(struct kl_writer *w, const struct plan *plan)
{
	const struct kl_tally_call *call = &plan->call;
	char text[KL_COHORT_TEXT_MAX];

	kl_put_text(w, "period", kl_period_format(call->period, text));
	kl_put_uint(w, "minimum", call->minimum);
	kl_put_uint(w, "contribute_for_seconds", call->contribute_ms / 1000);
	kl_put_uint(w, "decide_for_seconds", call->decide_ms / 1000);
	kl_put_uint(w, "members", plan->roster.count);
	kl_put_bool(w, "first", !call->has_previous);
	kl_put_bool(w, "late", plan->late && plan->again);
	kl_put_array(w, "metrics", call->metric_count);
	for (unsigned m = 0; m < call->metric_count; m++)
		kl_write_text(w, call->metrics[m].code);
	put_left_out(w, plan, "left_out", false);
	put_left_out(w, plan, "counted_already", true);
	kl_put_array(w, "cohorts", call->cohort_count);
	for (unsigned c = 0; c < call->cohort_count; c++)
		kl_write_text(w, kl_cohort_format(&call->cohorts[c], text));
}

static void put_supposed(struct kl_writer *w, const struct plan *plan, uint16_t members)
{
	kl_put_map(w, "supposed", 3);
	kl_put_uint(w, "members", members);
	kl_put_double(w, "share", plan->supposed.percent / 100.0);
	kl_put_array(w, "without", plan->n_without);
	for (size_t i = 0; i < plan->n_without; i++)
		kl_write_text(w,
			kl_member_name(plan->network, &plan->roster.members[plan->without[i]].id));
}

static int put_call(struct kl_ask *ask, const struct plan *plan, const struct kl_forecast *forecast,
	const struct kl_id *tally, struct kl_bytes rows)
{
	struct kl_writer *w = &ask->out;
	char hex[KL_ID_HEX_MAX], away[KL_AWAY_WORDS_MAX];
	struct kl_sentences warnings = {.count = 0};

	kl_write_map(w, 18 + KL_FORECAST_KEYS);
	if (tally)
		kl_hex(tally->b, KL_ID_BYTES, hex);
	kl_put_text(w, "tally", tally ? hex : NULL);
	put_terms(w, plan);
	put_supposed(w, plan, forecast->members);
	put_offers(w, plan);
	put_committee(w, plan);
	kl_put_text(w, "away", kl_away_words(&plan->committee, away));
	kl_call_warnings(&plan->call, &plan->roster, kl_node_wall(), &warnings);
	kl_put_sentences(w, "warnings", &warnings);
	kl_write_raw(w, rows);
	return kl_ask_answer(ask);
}

/* While the forecast was made others were served: what the call rests on may have changed. */
static int prepare_again(struct plan *plan, struct kl_fault *fault)
{
	const struct kl_tallies *book = kl_network_tallies(plan->network);
	struct kl_tally_roster now;
	bool same;
	int rc = kl_tally_roster_freeze(&plan->network->roster, &now);

	if (rc)
		return kl_fault(fault, rc, "the roster is too large for a tally");
	same = kl_id_equal(&now.hash, &plan->roster.hash);
	kl_tally_roster_deinit(&now);
	if (!same)
		return kl_fault(fault, KL_E_BUSY,
			"the roster has changed while the forecast was made: call again");
	rc = kl_tallies_prepare(book, &plan->roster, &plan->call, fault);
	if (rc)
		return rc;
	return kl_tallies_draw(
		book, &plan->call, &plan->roster, &plan->committee, plan->seats, fault);
}

/* The forecast is made, and known to fit, before the call is published: afterwards the book would count
 * the call itself as an earlier one. */
static int finish(struct plan *plan)
{
	struct kl_ask *ask = plan->ask;
	struct kl_forecast forecast = {0};
	struct kl_bytes bytes = {NULL, 0};
	struct kl_writer rows;
	struct kl_id tally;
	int rc = kl_forecast_end(plan->forecasting, &forecast);

	kl_writer_init(&rows);
	if (!rc) {
		kl_put_forecast(&rows, plan->network, &plan->call, &plan->roster, &forecast);
		rc = kl_writer_bytes(&rows, &bytes);
	}
	if (rc)
		kl_fault(&ask->fault, rc, "no forecast can be made");
	else if (bytes.len > KL_FORECAST_BYTES_MAX)
		rc = kl_fault(&ask->fault, KL_E_TOO_BIG,
			"so many cohorts and metrics fare differently that no answer holds it: "
			"name "
			"fewer");
	if (!rc && !plan->dry)
		rc = prepare_again(plan, &ask->fault);
	if (!rc && !plan->dry)
		rc = publish(plan, &tally, &ask->fault);
	if (!rc)
		rc = put_call(ask, plan, &forecast, plan->dry ? NULL : &tally, bytes);
	kl_writer_deinit(&rows);
	kl_forecast_deinit(&forecast);
	return rc;
}

static void aborted(struct kl_ask *ask, void *data)
{
	(void)ask;
	plan_destroy(data);
}

static const struct kl_ask_hooks hooks = {.abort = aborted};

static void work_on(uv_idle_t *idle)
{
	struct plan *plan = idle->data;
	bool done;
	int rc = kl_forecast_go_on(plan->forecasting, TURN_MS, &done);

	if (rc)
		kl_fault(&plan->ask->fault, rc, "no forecast can be made");
	else if (done)
		rc = finish(plan);
	if (rc)
		kl_ask_refuse(plan->ask); /* and through it aborted() */
	else if (done)
		plan_destroy(plan);
}

static int begin(struct plan *plan)
{
	struct kl_ask *ask = plan->ask;
	const struct kl_tallies *book = kl_network_tallies(plan->network);
	int rc = make_plan(plan, ask, &ask->fault);

	if (!rc)
		rc = kl_tallies_draw(book, &plan->call, &plan->roster, &plan->committee,
			plan->seats, &ask->fault);
	if (!rc)
		rc = take_supposed(plan, ask, &ask->fault);
	if (rc)
		return rc;
	rc = kl_forecast_begin(
		book, &plan->call, &plan->roster, &plan->supposed, &plan->forecasting);
	return rc ? kl_fault(&ask->fault, rc, "no forecast can be made") : KL_OK;
}

int kl_cmd_tally_call(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	bool dry = false, late = false;
	struct plan *plan;
	int rc = kl_need_convenor(data, &network, &ask->fault);

	if (!rc && (kl_get_bool_or(&ask->args, "dry_run", false, &dry) ||
			   kl_get_bool_or(&ask->args, "late", false, &late)))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "dry_run and late are yes or no");
	if (rc)
		return rc;
	plan = calloc(1, sizeof *plan);
	if (!plan || uv_idle_init(&network->node->uv, &plan->idle)) {
		free(plan);
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	}
	plan->idle.data = plan;
	plan->network = network;
	plan->ask = ask;
	plan->dry = dry;
	plan->late = late;
	rc = begin(plan);
	if (rc) {
		plan_destroy(plan);
		return rc;
	}
	uv_idle_start(&plan->idle, work_on); /* cannot fail with a callback */
	return kl_ask_later(ask, &hooks, plan);
}
