#include "daemon/forecast.h"
#include "daemon/which_tally.h"

#include <stdlib.h>
#include <string.h>

enum {
	BEFORE_MAX = KL_AUDIT_ROWS_MAX,
	STEP_EFFORT = 50000, /* about a millisecond */
	NEAR_MONTHS =
		24, /* a tally of a period that is nearer than this may bear on the forecast */
};

/* One forecast in the making. */
struct work {
	const struct kl_tallies *book;
	const struct kl_tally_call *call;
	const struct kl_tally_roster *roster;
	uint16_t own[KL_SET_MEMBERS_MAX]; /* control groups by column, whatever is public */
	struct kl_forecast_cell *cells;
	int like[KL_TALLY_METRICS_MAX]; /* an earlier metric that fares alike, or -1 */
	/* of the metric at hand */
	uint16_t control[KL_SET_MEMBERS_MAX];
	size_t members; /* columns: the roster's, then those that have left since */
	struct kl_id former[KL_SET_MEMBERS_MAX];
	struct kl_set late;              /* who was counted for the period already */
	struct kl_release *before;       /* first those of neighbouring periods */
	struct kl_forecast_cited *cited; /* what each of `before` is */
	size_t before_count, near_count;
};

/* ---- who is who ----------------------------------------------------------------------------- */

static void number_controls(struct work *w)
{
	for (unsigned i = 0; i < w->roster->count; i++) {
		const struct kl_tally_member *member = &w->roster->members[i];
		unsigned j = 0;

		while (j < i &&
			!(w->roster->members[j].verified &&
				kl_id_equal(&w->roster->members[j].control, &member->control)))
			j++;
		w->own[i] = (uint16_t)(member->verified ? j : KL_CONTROL_NONE);
	}
}

/* Who has published a metric under its name hides nobody in it. */
static void begin_metric(struct work *w, unsigned m)
{
	w->members = w->roster->count;
	w->before_count = w->near_count = 0;
	w->late = (struct kl_set){{0}};
	for (unsigned i = 0; i < w->roster->count; i++)
		w->control[i] = w->call->named && kl_set_has(&w->call->named[m], i)
					? KL_CONTROL_NONE
					: w->own[i];
}

/* Column of a member of an earlier roster; those that have left get one behind the others, and count
 * by themselves. KL_SET_MEMBERS_MAX if there is no room. */
static size_t column_of(struct work *w, const struct kl_tally_member *member)
{
	const int here = kl_tally_roster_find(w->roster, &member->id);

	if (here >= 0)
		return (size_t)here;
	for (size_t i = w->roster->count; i < w->members; i++)
		if (kl_id_equal(&w->former[i], &member->id))
			return i;
	if (w->members == KL_SET_MEMBERS_MAX)
		return KL_SET_MEMBERS_MAX;
	w->former[w->members] = member->id;
	w->control[w->members] = (uint16_t)(member->verified ? w->members : KL_CONTROL_NONE);
	return w->members++;
}

/* ---- what comes before ----------------------------------------------------------------------- */

static void add_before(
	struct work *w, const struct kl_set *set, uint8_t level, int tally, unsigned cohort)
{
	if (w->before_count == BEFORE_MAX)
		return;
	w->before[w->before_count] = (struct kl_release){*set, level};
	w->cited[w->before_count++] = (struct kl_forecast_cited){
		(int16_t)tally, (uint8_t)cohort, (uint16_t)kl_set_count(set)};
}

/* Who stood in a sum that an earlier tally has released. */
static struct kl_set earlier_set(
	struct work *w, const struct kl_tally_view *view, unsigned metric, unsigned cohort)
{
	struct kl_set set = {{0}};

	for (uint16_t i = 0; i < view->roster->count; i++) {
		const struct kl_tally_member *member = &view->roster->members[i];
		size_t column;

		if (!kl_cohort_has(&view->call->cohorts[cohort], member) ||
			!kl_tallies_counts(w->book, &view->id, i, (uint16_t)metric))
			continue;
		column = column_of(w, member);
		if (column < KL_SET_MEMBERS_MAX)
			kl_set_add(&set, column);
	}
	return set;
}

static void add_released(
	struct work *w, const struct kl_tally_view *view, unsigned metric, size_t index)
{
	for (unsigned c = 0; c < view->call->cohort_count; c++) {
		struct kl_tally_result result;
		struct kl_set set;

		if (kl_tallies_result(w->book, &view->id, (uint16_t)metric, (uint8_t)c, &result) ||
			result.why != KL_PLAN_RELEASED)
			continue;
		set = earlier_set(w, view, metric, c);
		add_before(w, &set, result.level, (int)index, c);
	}
}

static void note_late(struct work *w, const struct kl_tally_view *view, unsigned metric)
{
	for (uint16_t i = 0; i < view->roster->count; i++) {
		const int here = kl_tally_roster_find(w->roster, &view->roster->members[i].id);

		if (here >= 0 && kl_tallies_counts(w->book, &view->id, i, (uint16_t)metric))
			kl_set_add(&w->late, (size_t)here);
	}
}

static bool is_near(struct kl_period a, struct kl_period b)
{
	const uint32_t x = kl_period_first_month(a), y = kl_period_first_month(b);

	return (x > y ? x - y : y - x) <= NEAR_MONTHS;
}

/* Takes in what certified tallies have released of a metric: of the period itself, or of those near it. */
static void add_tallies(struct work *w, unsigned m, bool same)
{
	for (size_t i = 0; i < kl_tallies_count(w->book); i++) {
		struct kl_tally_view view;
		int at;

		if (kl_tallies_view(w->book, kl_tallies_at(w->book, i), &view) || !view.certified ||
			kl_period_equal(view.call->period, w->call->period) != same ||
			!is_near(view.call->period, w->call->period))
			continue;
		at = kl_tally_metric(view.call, w->call->metrics[m].code);
		if (at < 0)
			continue;
		add_released(w, &view, (unsigned)at, i);
		if (same)
			note_late(w, &view, (unsigned)at);
	}
}

/* ---- why no finer ----------------------------------------------------------------------------- */

static void keep_behind(
	const struct work *w, const struct kl_leftover *left, struct kl_forecast_behind *behind)
{
	behind->kind = left->kind;
	behind->level = left->level;
	behind->needed = left->needed;
	behind->left = left->left;
	behind->left_counts = left->left_counts;
	behind->cited_count = left->row_count;
	for (unsigned i = 0; i < left->row_count && i < KL_FORECAST_CITED_MAX; i++)
		behind->cited[i] = w->cited[left->rows[i]];
}

/* The plainest subtraction among sums of the period; or, if there is none, with those of periods near it,
 * which the audit holds against metrics that hardly change. */
static void find_behind(struct work *w, const struct kl_set *set, unsigned level,
	struct kl_forecast_behind *ret_behind)
{
	const struct kl_population population = {w->control, w->members};
	const size_t near = w->near_count;
	struct kl_leftover left;

	kl_leftover_find(&population, w->call->minimum, w->before + near, w->before_count - near,
		set, (uint8_t)level, &left);
	for (unsigned i = 0; i < left.row_count; i++)
		left.rows[i] = (uint16_t)(left.rows[i] + near);
	if (left.kind == KL_LEFTOVER_MANY && near)
		kl_leftover_find(&population, w->call->minimum, w->before, w->before_count, set,
			(uint8_t)level, &left);
	keep_behind(w, &left, ret_behind);
}

static void look_behind(struct work *w, unsigned cohort, const struct kl_set *answering,
	struct kl_forecast_cell *cell)
{
	const bool released = cell->row.why == KL_PLAN_RELEASED;
	const unsigned refused = released ? cell->row.level + 1U : KL_LEVEL_COARSE;
	struct kl_set set;

	kl_cohort_members(w->roster, &w->call->cohorts[cohort], answering, &set);
	for (size_t i = 0; i < KL_SET_WORDS; i++)
		set.words[i] &= ~w->late.words[i];
	if (refused < KL_LEVELS)
		find_behind(w, &set, refused, &cell->behind);
	if (released)
		add_before(w, &set, cell->row.level, -1, cohort);
}

/* ---- all metrics ------------------------------------------------------------------------------ */

/* Whether no tally that is known here can bear on what a metric of the call can release. */
static bool is_fresh(const struct work *w, unsigned m)
{
	for (size_t i = 0; i < kl_tallies_count(w->book); i++) {
		struct kl_tally_view view;

		if (!kl_tallies_view(w->book, kl_tallies_at(w->book, i), &view) &&
			kl_tally_metric(view.call, w->call->metrics[m].code) >= 0 &&
			is_near(view.call->period, w->call->period))
			return false;
	}
	return true;
}

/* Metrics about which nothing is known yet, and which the same members have published, fare alike:
 * the rules look at membership alone. */
static void find_alike(struct work *w)
{
	bool fresh[KL_TALLY_METRICS_MAX];

	for (unsigned m = 0; m < w->call->metric_count; m++) {
		fresh[m] = is_fresh(w, m);
		w->like[m] = -1;
		for (unsigned o = 0; o < m && fresh[m] && w->like[m] < 0; o++)
			if (fresh[o] && (!w->call->named || kl_set_equal(&w->call->named[o],
								    &w->call->named[m])))
				w->like[m] = (int)o;
	}
}

static void take_metric(struct work *w, unsigned m, const struct kl_set *answering,
	const struct kl_tally_forecast *rows)
{
	const unsigned cohorts = w->call->cohort_count;
	struct kl_forecast_cell *cells = &w->cells[m * cohorts];

	begin_metric(w, m);
	add_tallies(w, m, false);
	w->near_count = w->before_count;
	add_tallies(w, m, true);
	for (unsigned c = 0; c < cohorts; c++) {
		cells[c].row = rows[c];
		look_behind(w, c, answering, &cells[c]);
	}
}

static void copy_metrics(struct work *w)
{
	const unsigned cohorts = w->call->cohort_count;

	for (unsigned m = 0; m < w->call->metric_count; m++)
		if (w->like[m] >= 0)
			memcpy(&w->cells[m * cohorts], &w->cells[(unsigned)w->like[m] * cohorts],
				cohorts * sizeof *w->cells);
}

/* ---- if only some answer ---------------------------------------------------------------------- */

/* Steps a number on (splitmix64): which members are tried need not be secret, only always the same. */
static uint64_t next_number(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static struct kl_set some_of(const struct kl_set *all, size_t wanted, uint64_t *state)
{
	size_t left = kl_set_count(all);
	struct kl_set some = {{0}};

	for (size_t i = kl_set_next(all, 0); i < KL_SET_MEMBERS_MAX && wanted;
		i = kl_set_next(all, i + 1), left--)
		if (next_number(state) % left < wanted) {
			kl_set_add(&some, i);
			wanted--;
		}
	return some;
}

static void take_try(struct work *w, unsigned m, const struct kl_tally_forecast *rows)
{
	const unsigned cohorts = w->call->cohort_count;

	for (unsigned c = 0; c < cohorts; c++)
		w->cells[m * cohorts + c]
			.tries[rows[c].why == KL_PLAN_RELEASED ? rows[c].level + 1 : 0]++;
}

/* ---- the whole -------------------------------------------------------------------------------- */

void kl_suppose_all(const struct kl_tally_roster *roster, struct kl_supposed *ret_supposed)
{
	struct kl_supposed supposed = {.percent = 100};

	for (unsigned i = 0; i < roster->count; i++)
		kl_set_add(&supposed.answering, i);
	*ret_supposed = supposed;
}

struct kl_forecasting {
	struct work work;
	struct kl_supposed supposed;
	size_t wanted; /* members of a group */
	uint64_t begun_ms, state;
	struct kl_set group;        /* that is supposed to answer: all, then one after the other */
	bool trying;                /* groups, that is */
	unsigned tries;             /* groups that were tried to the end */
	unsigned metric;            /* of the group */
	struct kl_tally_plan *plan; /* of the metric, in the making; or NULL */
	bool done;
};

static bool try_another(const struct kl_forecasting *f)
{
	return f->supposed.percent < 100 && f->tries < KL_FORECAST_TRIES &&
	       (f->tries < KL_FORECAST_TRIES_MIN ||
		       kl_node_wall() < f->begun_ms + KL_FORECAST_BUDGET_MS);
}

/* All metrics of a group are known. */
static void next_group(struct kl_forecasting *f)
{
	if (f->trying)
		f->tries++;
	else
		f->begun_ms = kl_node_wall();
	f->trying = true;
	f->metric = 0;
	f->done = !try_another(f);
	if (f->done)
		copy_metrics(&f->work);
	else
		f->group = some_of(&f->supposed.answering, f->wanted, &f->state);
}

static int begin_plan(struct kl_forecasting *f)
{
	const struct work *w = &f->work;

	while (f->metric < w->call->metric_count && w->like[f->metric] >= 0)
		f->metric++;
	if (f->metric < w->call->metric_count)
		return kl_tallies_forecast_begin(
			w->book, w->call, w->roster, (uint16_t)f->metric, &f->group, &f->plan);
	next_group(f);
	return KL_OK;
}

static int one_step(struct kl_forecasting *f)
{
	struct kl_tally_forecast rows[KL_TALLY_COHORTS_MAX];
	int rc;

	if (!f->plan)
		return begin_plan(f);
	rc = kl_tallies_forecast_go_on(f->work.book, f->plan, STEP_EFFORT);
	if (rc)
		return rc == KL_E_BUSY ? KL_OK : rc;
	kl_tallies_forecast_end(f->plan, f->work.call, (uint16_t)f->metric, rows);
	f->plan = NULL;
	if (f->trying)
		take_try(&f->work, f->metric, rows);
	else
		take_metric(&f->work, f->metric, &f->group, rows);
	f->metric++;
	return KL_OK;
}

int kl_forecast_go_on(struct kl_forecasting *f, uint64_t for_ms, bool *ret_done)
{
	const uint64_t begun = kl_node_wall();
	int rc;

	do
		rc = one_step(f);
	while (!rc && !f->done && kl_node_wall() < begun + for_ms);
	*ret_done = f->done;
	return rc;
}

int kl_forecast_begin(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, const struct kl_supposed *supposed,
	struct kl_forecasting **ret_forecasting)
{
	const size_t cells = (size_t)call->metric_count * call->cohort_count;
	struct kl_forecasting *f = calloc(1, sizeof *f);
	struct work *w = &f->work;

	if (!f)
		return KL_E_NOMEM;
	w->book = book;
	w->call = call;
	w->roster = roster;
	w->cells = calloc(cells + 1, sizeof *w->cells);
	w->before = calloc(BEFORE_MAX, sizeof *w->before);
	w->cited = calloc(BEFORE_MAX, sizeof *w->cited);
	if (!w->cells || !w->before || !w->cited) {
		kl_forecast_abandon(f);
		return KL_E_NOMEM;
	}
	f->supposed = *supposed;
	f->wanted = (kl_set_count(&supposed->answering) * supposed->percent + 50) / 100;
	f->state = f->wanted;
	f->group = supposed->answering;
	number_controls(w);
	find_alike(w);
	*ret_forecasting = f;
	return KL_OK;
}

int kl_forecast_end(const struct kl_forecasting *f, struct kl_forecast *ret_forecast)
{
	const struct kl_tally_call *call = f->work.call;
	struct kl_forecast forecast = {.tries = f->tries, .members = (uint16_t)f->wanted};
	const size_t cells = (size_t)call->metric_count * call->cohort_count;

	KL_ASSERT(f->done);
	forecast.outcomes = calloc(cells + 1, sizeof *forecast.outcomes);
	if (!forecast.outcomes)
		return KL_E_NOMEM;
	forecast.count = kl_forecast_group(
		f->work.cells, call->metric_count, call->cohort_count, forecast.outcomes);
	*ret_forecast = forecast;
	return KL_OK;
}

void kl_forecast_abandon(struct kl_forecasting *f)
{
	if (!f)
		return;
	if (f->plan)
		kl_tallies_forecast_end(f->plan, f->work.call, 0, NULL);
	free(f->work.cells);
	free(f->work.before);
	free(f->work.cited);
	free(f);
}

void kl_forecast_deinit(struct kl_forecast *forecast)
{
	free(forecast->outcomes);
	memset(forecast, 0, sizeof *forecast);
}
