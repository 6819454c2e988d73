/* benchmark: what came out of the tallies, one metric of one cohort at a time. */
#include "core/histogram.h"
#include "core/words.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/like_cohorts.h"
#include "daemon/metric_words.h"
#include "daemon/moved_answer.h"
#include "daemon/own_values.h"
#include "daemon/which_tally.h"

#include <stdio.h>
#include <string.h>

/* What was asked, and where it was found. */
struct found {
	struct kl_network *network;
	struct kl_metric metric; /* as the call describes it */
	struct kl_tally_view view;
	uint16_t index;
	uint8_t cohort;
	char cohort_text[KL_COHORT_TEXT_MAX];
	struct kl_tally_result result;
};

/* ---- which tally, which cohort ----------------------------------------------------------------- */

static bool is_shown(const struct kl_tally_view *view)
{
	return view->certified && view->state != KL_TALLY_ENDED_FAILED;
}

/* The one that was asked for by its id or period. */
static int find_named_tally(
	struct found *f, const char *code, const char *text, struct kl_fault *fault)
{
	int at, rc = kl_which_tally(f->network, text, &f->view, fault);

	if (rc)
		return rc;
	at = kl_tally_metric(f->view.call, code);
	if (at < 0)
		return kl_fault(fault, KL_E_NOT_FOUND, "that tally did not ask for %s", code);
	if (!is_shown(&f->view))
		return kl_fault(fault, KL_E_BUSY, "that tally has shown nothing: it is %s",
			kl_tally_state_word(&f->view));
	f->index = (uint16_t)at;
	f->metric = f->view.call->metrics[at];
	return KL_OK;
}

/* The latest period's latest tally that counted the metric. *ret_open: one still runs. */
static bool find_tally(
	struct found *f, const char *code, const struct kl_period *period, bool *ret_open)
{
	const struct kl_tallies *book = kl_network_tallies(f->network);
	bool any = false;

	for (size_t i = 0; i < kl_tallies_count(book); i++) {
		struct kl_tally_view view;
		int at;

		if (kl_tallies_view(book, kl_tallies_at(book, i), &view))
			continue;
		at = kl_tally_metric(view.call, code);
		if (at < 0 || (period && !kl_period_equal(view.call->period, *period)))
			continue;
		*ret_open |= view.state == KL_TALLY_OPEN || view.state == KL_TALLY_DECIDING;
		if (!is_shown(&view) ||
			(any && kl_period_compare(view.call->period, f->view.call->period) < 0))
			continue;
		f->view = view;
		f->index = (uint16_t)at;
		f->metric = view.call->metrics[at];
		any = true;
	}
	return any;
}

static int no_tally(const char *code, bool open, struct kl_fault *fault)
{
	if (open)
		return kl_fault(fault, KL_E_BUSY, "%s is being counted just now", code);
	kl_fault(fault, KL_E_NOT_FOUND, "no tally has counted %s for this period yet", code);
	kl_fault_hint(fault, "keeplocal benchmark --list shows what there is");
	return KL_E_NOT_FOUND;
}

struct cohort_names {
	const struct kl_tally_call *call;
	char texts[KL_TALLY_COHORTS_MAX][KL_COHORT_TEXT_MAX];
};

static const char *cohort_spelling(const void *context, size_t index, size_t which)
{
	const struct cohort_names *names = context;
	const char *value = names->call->cohorts[index].value;

	if (which == 0)
		return names->texts[index];
	return which == 1 && value[0] ? value : NULL;
}

static int find_cohort(struct found *f, const char *text, struct kl_fault *fault)
{
	struct cohort_names names = {.call = f->view.call};
	struct kl_words words = {.count = f->view.call->cohort_count,
		.spelling = cohort_spelling,
		.context = &names};
	size_t index;
	int rc;

	for (size_t i = 0; i < words.count; i++)
		kl_cohort_format(&f->view.call->cohorts[i], names.texts[i]);
	rc = kl_words_find(&words, "cohort of this tally", text, &index, fault);
	if (rc)
		return rc;
	f->cohort = (uint8_t)index;
	(void)kl_copy_text(f->cohort_text, sizeof f->cohort_text, names.texts[index]);
	return KL_OK;
}

static int not_known(const struct kl_network *network, int rc, struct kl_fault *fault)
{
	if (rc == KL_E_BUSY && kl_tallies_planning(kl_network_tallies(network))) {
		kl_fault(fault, rc,
			"what may be shown is still being worked out, as after each start of this "
			"daemon");
		kl_fault_hint(fault, "ask again in a moment");
		return rc;
	}
	kl_fault(fault, rc, "what was certified has not all arrived here yet");
	kl_fault_hint(fault, "it comes by itself once other members are in touch; keeplocal tally "
			     "show says what a tally waits for");
	return rc;
}

static int find_result(struct found *f, const struct kl_ask *ask, struct kl_fault *fault)
{
	char metric_text[KL_METRIC_NAME_MAX], cohort[KL_COHORT_TEXT_MAX], text[KL_PERIOD_TEXT_MAX];
	char tally[KL_ID_HEX_MAX];
	struct kl_metric metric;
	struct kl_period period;
	bool open = false;
	int rc;

	if (kl_get_text(&ask->args, "metric", metric_text, sizeof metric_text) ||
		kl_get_text_or(&ask->args, "cohort", "everybody", cohort, sizeof cohort) ||
		kl_get_text_or(&ask->args, "period", "", text, sizeof text) ||
		kl_get_text_or(&ask->args, "tally", "", tally, sizeof tally))
		return kl_fault(fault, KL_E_USAGE, "which metric, cohort, period and tally?");
	if (text[0] && kl_period_parse(text, &period))
		return kl_fault(fault, KL_E_USAGE, "\"%s\" is no period such as 2026", text);
	rc = kl_metric_find(metric_text, &metric, fault);
	if (!rc && tally[0])
		rc = find_named_tally(f, metric.code, tally, fault);
	if (rc)
		return rc;
	if (!tally[0] && !find_tally(f, metric.code, text[0] ? &period : NULL, &open))
		return no_tally(metric.code, open, fault);
	rc = find_cohort(f, cohort, fault);
	if (rc)
		return rc;
	rc = kl_tallies_result(
		kl_network_tallies(f->network), &f->view.id, f->index, f->cohort, &f->result);
	if (rc)
		return not_known(f->network, rc, fault);
	if (f->result.why == KL_PLAN_RELEASED && f->result.opening.state == KL_OPENING_WAITING)
		return kl_fault(fault, KL_E_BUSY, "the committee is still opening this sum");
	return KL_OK;
}

/* ---- figures ---------------------------------------------------------------------------------- */

static void put_edge(
	struct kl_writer *w, const char *key, bool open, int64_t scaled, uint32_t scale)
{
	if (open)
		kl_put_nil(w, key);
	else
		kl_put_scaled(w, key, scaled, scale);
}

/* The last value of a bin: its edge, or the score before it where bins are whole scores. */
static int64_t upper(const struct kl_metric *metric, int64_t edge)
{
	return metric->discrete ? edge - 1 : edge;
}

static void put_histogram(struct kl_writer *w, const struct found *f, const struct kl_bins *bins)
{
	kl_put_array(w, "histogram", bins->count);
	for (uint8_t i = 0; i < bins->count; i++) {
		char words[KL_BIN_WORDS_MAX];

		kl_write_map(w, 4);
		put_edge(w, "from", i == 0 && bins->open_low, bins->edges[i], f->metric.scale);
		put_edge(w, "to", i + 1 == bins->count && bins->open_high,
			upper(&f->metric, bins->edges[i + 1]), f->metric.scale);
		kl_put_uint(w, "count", f->result.opening.histogram[i]);
		kl_put_text(w, "words", kl_bin_words(&f->metric, bins, i, words));
	}
}

static void put_quartile(struct kl_writer *w, const char *key, const struct kl_metric *metric,
	const struct kl_quartile *q)
{
	int64_t point = q->point;

	if (metric->discrete && !q->high_open && point > upper(metric, q->high))
		point = upper(metric, q->high);
	kl_put_map(w, key, 3);
	kl_put_scaled(w, "value", point, metric->scale);
	put_edge(w, "low", q->low_open, q->low, metric->scale);
	put_edge(w, "high", q->high_open, upper(metric, q->high), metric->scale);
}

/* Whole scores have a mean between them. */
static void put_mean(struct kl_writer *w, const struct found *f, const struct kl_bins *bins,
	const struct kl_figures *figures)
{
	int64_t sum = 0;

	if (!f->metric.discrete) {
		kl_put_scaled(w, "mean", figures->mean, f->metric.scale);
		return;
	}
	for (uint8_t i = 0; i < bins->count; i++)
		sum += bins->mids[i] * (int64_t)f->result.opening.histogram[i];
	kl_put_scaled(w, "mean", 100 * sum / figures->n, 100 * f->metric.scale);
}

/* What is certain of the mean: no more than the edges of the bins. Nothing is, on the side of an open bin in
 * which somebody stands, and what its middle is taken for is a mere guess. */
static void put_mean_bounds(struct kl_writer *w, const struct found *f, const struct kl_bins *bins,
	const struct kl_figures *figures)
{
	const uint32_t *counts = f->result.opening.histogram;
	const int64_t n = figures->n;
	int64_t low = 0, high = 0;

	for (uint8_t i = 0; i < bins->count; i++) {
		low += bins->edges[i] * (int64_t)counts[i];
		high += upper(&f->metric, bins->edges[i + 1]) * (int64_t)counts[i];
	}
	put_edge(w, "mean_low", bins->open_low && counts[0], low / n, f->metric.scale);
	put_edge(w, "mean_high", bins->open_high && counts[bins->count - 1], (high + n - 1) / n,
		f->metric.scale);
}

/* Whether this member stands in the cohort; others may compare themselves with it all the same. */
static bool in_cohort(const struct found *f)
{
	int column = kl_tally_roster_find(f->view.roster, &f->network->own.author);

	return column >= 0 &&
	       kl_cohort_has(&f->view.call->cohorts[f->cohort], &f->view.roster->members[column]);
}

/* Whether this member's answer is in this very sum. */
static bool is_counted(const struct found *f)
{
	int column = kl_tally_roster_find(f->view.roster, &f->network->own.author);

	return in_cohort(f) && kl_tallies_counts(kl_network_tallies(f->network), &f->view.id,
				       (uint16_t)column, f->index);
}

/* The own value is held against the histogram here, on this machine. */
static void put_own(struct kl_writer *w, struct kl_node *node, const struct found *f,
	const struct kl_bins *bins)
{
	struct kl_own_value own;
	uint32_t low, high;
	uint8_t bin;

	if (kl_own_value(node, &f->metric, f->view.call->period, &own, NULL) ||
		kl_bin_at_level(&f->metric, (enum kl_level)f->result.level, own.value, &bin) ||
		kl_histogram_rank(bins, f->result.opening.histogram, bin, &low, &high)) {
		kl_put_nil(w, "own");
		return;
	}
	kl_put_map(w, "own", 5);
	kl_put_scaled(w, "value", own.value, f->metric.scale);
	kl_put_map(w, "rank", 2);
	kl_put_double(w, "low", (double)low / KL_RANK_SCALE);
	kl_put_double(w, "high", (double)high / KL_RANK_SCALE);
	kl_put_uint(w, "bin", bin);
	kl_put_bool(w, "in_cohort", in_cohort(f));
	kl_put_bool(w, "counted", is_counted(f));
}

static void put_nothing(struct kl_writer *w)
{
	static const char *const keys[] = {
		"bins", "histogram", "q1", "median", "q3", "mean", "mean_low", "mean_high", "own"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		kl_put_nil(w, keys[i]);
}

/* Nine keys, as in put_nothing(). */
static void put_figures(struct kl_writer *w, struct kl_node *node, const struct found *f)
{
	static const char *const names[] = {"q1", "median", "q3"};
	struct kl_figures figures;
	struct kl_bins bins;

	kl_metric_bins(&f->metric, (enum kl_level)f->result.level, &bins);
	if (f->result.opening.bins != bins.count ||
		kl_histogram_figures(&bins, f->result.opening.histogram, &figures)) {
		put_nothing(w);
		return;
	}
	kl_put_uint(w, "bins", bins.count);
	put_histogram(w, f, &bins);
	for (size_t i = 0; i < 3; i++)
		put_quartile(w, names[i], &f->metric, &figures.quartiles[i]);
	put_mean(w, f, &bins, &figures);
	put_mean_bounds(w, f, &bins, &figures);
	put_own(w, node, f, &bins);
}

/* ---- withheld ---------------------------------------------------------------------------------- */

static void put_withheld(struct kl_writer *w, const struct kl_tally_result *r)
{
	char why[KL_WITHHELD_WORDS_MAX];

	if (r->why == KL_PLAN_RELEASED) {
		kl_put_nil(w, "withheld");
		return;
	}
	kl_put_map(w, "withheld", 3);
	kl_put_uint(w, "n", r->n);
	kl_put_uint(w, "minimum", r->needed);
	kl_put_text(w, "why", kl_withheld_words(r, why));
}

static void put_seats(struct kl_writer *w, const struct found *f, const char *key, uint16_t seats)
{
	kl_put_array(w, key, (size_t)__builtin_popcount(seats));
	for (unsigned j = 0; j < f->view.committee.n; j++)
		if (seats >> j & 1)
			kl_write_text(w, kl_member_name(f->network, &f->view.seats[j].member));
}

/* The member's own figure has moved since it was counted. */
static void put_moved(struct kl_writer *w, struct kl_node *node, const struct found *f)
{
	struct kl_moved_answer moved;

	if (!kl_moved_answer(node, &f->view, f->index, &moved)) {
		kl_put_nil(w, "moved");
		return;
	}
	kl_put_map(w, "moved", 2);
	kl_put_text(w, "contributed", moved.contributed);
	kl_put_text(w, "today", moved.today);
}

static bool is_of_batch(const struct kl_tally_view *view, const char *code, struct kl_period period)
{
	return is_shown(view) && kl_tally_metric(view->call, code) >= 0 &&
	       kl_period_equal(view->call->period, period);
}

/* Which batch of the period a tally is for a metric: 1 for the first. */
static unsigned batch_of(
	const struct kl_tallies *book, const struct kl_tally_view *view, const char *code)
{
	unsigned batch = 0;

	for (size_t i = 0; i < kl_tallies_count(book); i++) {
		struct kl_tally_view other;

		if (kl_tallies_view(book, kl_tallies_at(book, i), &other))
			continue;
		batch += is_of_batch(&other, code, view->call->period);
		if (kl_id_equal(&other.id, &view->id))
			break;
	}
	return batch;
}

/* Tallies that counted others for the same period. */
static void put_other_batches(struct kl_writer *w, const struct found *f)
{
	const struct kl_tallies *book = kl_network_tallies(f->network);
	size_t n = 0;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < kl_tallies_count(book); i++) {
			struct kl_tally_view view;
			char hex[KL_ID_HEX_MAX];

			if (kl_tallies_view(book, kl_tallies_at(book, i), &view) ||
				kl_id_equal(&view.id, &f->view.id) ||
				!is_of_batch(&view, f->metric.code, f->view.call->period))
				continue;
			n++;
			kl_hex(view.id.b, KL_ID_BYTES, hex);
			if (pass)
				kl_write_text(w, hex);
		}
		if (!pass)
			kl_put_array(w, "batches", n);
	}
}

static void put_benchmark(struct kl_writer *w, struct kl_node *node, const struct found *f)
{
	const struct kl_opening *opening = &f->result.opening;
	const char *caution = kl_metric_caution(f->metric.code);
	char text[KL_ID_HEX_MAX];
	bool released = f->result.why == KL_PLAN_RELEASED;

	kl_write_map(w, 23 + KL_LIKE_COHORTS_KEYS);
	kl_put_text(w, "metric", f->metric.code);
	kl_put_text(w, "name", f->metric.name);
	kl_put_text(w, "unit", kl_unit_name(f->metric.unit));
	kl_put_text(w, "cohort", f->cohort_text);
	kl_put_text(w, "period", kl_period_format(f->view.call->period, text));
	kl_hex(f->view.id.b, KL_ID_BYTES, text);
	kl_put_text(w, "tally", text);
	kl_put_uint(w, "n", f->result.n);
	if (released && opening->state != KL_OPENING_VOID)
		put_figures(w, node, f);
	else
		put_nothing(w);
	put_withheld(w, &f->result);
	kl_put_text(w, "state", released ? kl_opening_state_name(opening->state) : NULL);
	put_seats(w, f, "opened_by", released ? opening->seats : 0);
	put_seats(w, f, "overruled", released ? opening->liars : 0);
	kl_put_text(w, "warning", caution[0] ? caution : NULL);
	put_moved(w, node, f);
	put_other_batches(w, f);
	kl_put_like_cohorts(node, w, &f->view, f->index);
}

int kl_cmd_benchmark(void *data, struct kl_ask *ask)
{
	struct found found = {0};
	int rc = kl_need_network(data, &found.network, &ask->fault);

	if (!rc)
		rc = find_result(&found, ask, &ask->fault);
	if (rc)
		return rc;
	put_benchmark(&ask->out, data, &found);
	return kl_ask_answer(ask);
}

/* ---- the list ---------------------------------------------------------------------------------- */

enum { LIST_ROWS_MAX = 1000 }; /* in one answer: the latest */

static void put_row(struct kl_writer *w, const struct kl_tally_view *view, unsigned m, unsigned c,
	const struct kl_tally_result *r, unsigned batch)
{
	char text[KL_COHORT_TEXT_MAX], hex[KL_ID_HEX_MAX];

	kl_write_map(w, 7);
	kl_hex(view->id.b, KL_ID_BYTES, hex);
	kl_put_text(w, "tally", hex);
	kl_put_uint(w, "batch", batch);
	kl_put_text(w, "metric", view->call->metrics[m].code);
	kl_put_text(w, "cohort", kl_cohort_format(&view->call->cohorts[c], text));
	kl_put_text(w, "period", kl_period_format(view->call->period, text));
	kl_put_uint(w, "n", r->n);
	kl_put_bool(w, "withheld", r->why != KL_PLAN_RELEASED);
}

/* Rows of one tally for which anybody answered; `w` NULL only counts them. */
static size_t put_rows(struct kl_writer *w, const struct kl_tallies *book,
	const struct kl_tally_view *view, size_t most)
{
	size_t n = 0;

	for (unsigned m = 0; m < view->call->metric_count; m++)
		for (unsigned c = 0; c < view->call->cohort_count && n < most; c++) {
			struct kl_tally_result r;

			if (kl_tallies_result(book, &view->id, (uint16_t)m, (uint8_t)c, &r) || !r.n)
				continue;
			n++;
			if (w)
				put_row(w, view, m, c, &r,
					batch_of(book, view, view->call->metrics[m].code));
		}
	return n;
}

static size_t put_all(struct kl_writer *w, const struct kl_tallies *book)
{
	size_t n = 0;

	for (size_t i = kl_tallies_count(book); i-- > 0;) {
		struct kl_tally_view view;

		if (!kl_tallies_view(book, kl_tallies_at(book, i), &view) && view.certified)
			n += put_rows(w, book, &view, LIST_ROWS_MAX - n);
	}
	return n;
}

int kl_cmd_benchmark_list(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	const struct kl_tallies *book;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (rc)
		return rc;
	book = kl_network_tallies(network);
	kl_write_map(&ask->out, 1);
	kl_put_array(&ask->out, "benchmarks", put_all(NULL, book));
	(void)put_all(&ask->out, book);
	return kl_ask_answer(ask);
}
