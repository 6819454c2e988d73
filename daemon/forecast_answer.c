#include "daemon/forecast_answer.h"
#include "daemon/find.h"
#include "daemon/forecast_words.h"
#include "daemon/which_tally.h"

#include <string.h>

/* What all parts of the answer look at. */
struct view {
	struct kl_writer *w;
	const struct kl_network *network;
	const struct kl_tally_call *call;
	const struct kl_tally_roster *roster;
};

static void write_name(const struct view *v, unsigned column)
{
	kl_write_text(v->w, kl_member_name(v->network, &v->roster->members[column].id));
}

/* ---- outcomes --------------------------------------------------------------------------------- */

/* The cohort of a cited sum, and the short id of its tally ("" for this call). */
static void look_up(const struct view *v, const struct kl_forecast_cited *cited,
	char cohort[KL_COHORT_TEXT_MAX], char tally[KL_SHORT_ID_MAX])
{
	const struct kl_tallies *book = kl_network_tallies(v->network);
	struct kl_tally_view view;

	tally[0] = '\0';
	(void)kl_copy_text(cohort, KL_COHORT_TEXT_MAX, "?");
	if (cited->tally < 0)
		kl_cohort_format(&v->call->cohorts[cited->cohort], cohort);
	else if (!kl_tallies_view(book, kl_tallies_at(book, (size_t)cited->tally), &view)) {
		kl_cohort_format(&view.call->cohorts[cited->cohort], cohort);
		kl_short_id(&view.id, tally);
	}
}

static unsigned named_of(const struct kl_forecast_behind *behind)
{
	return behind->cited_count < KL_FORECAST_CITED_MAX ? behind->cited_count
							   : KL_FORECAST_CITED_MAX;
}

static const char *level_name(unsigned level)
{
	static const char *const levels[] = {"coarse", "middle", "fine"};

	return levels[level];
}

static const char *kind_name(enum kl_leftover_kind kind)
{
	static const char *const kinds[] = {"nothing", "too few", "rest of a larger one",
		"rest around smaller ones", "nearly the same", "several together"};

	return kinds[kind];
}

static void put_behind(const struct view *v, const struct kl_forecast_behind *behind)
{
	if (behind->kind == KL_LEFTOVER_NONE) {
		kl_put_nil(v->w, "behind");
		return;
	}
	kl_put_map(v->w, "behind", 6);
	kl_put_text(v->w, "kind", kind_name(behind->kind));
	kl_put_text(v->w, "level", level_name(behind->level));
	kl_put_uint(v->w, "needed", behind->needed);
	kl_put_uint(v->w, "left", behind->left);
	kl_put_uint(v->w, "left_counted", behind->left_counts);
	kl_put_array(v->w, "with", named_of(behind));
	for (unsigned i = 0; i < named_of(behind); i++) {
		char cohort[KL_COHORT_TEXT_MAX], tally[KL_SHORT_ID_MAX];

		look_up(v, &behind->cited[i], cohort, tally);
		kl_write_map(v->w, 3);
		kl_put_text(v->w, "cohort", cohort);
		kl_put_uint(v->w, "members", behind->cited[i].members);
		kl_put_text(v->w, "tally", tally[0] ? tally : NULL);
	}
}

static void put_because(const struct view *v, const struct kl_forecast_outcome *outcome)
{
	const struct kl_forecast_behind *behind = &outcome->cell.behind;
	char cited[KL_FORECAST_CITED_MAX][KL_CITED_WORDS_MAX], words[KL_FORECAST_WORDS_MAX];

	for (unsigned i = 0; i < named_of(behind); i++) {
		char cohort[KL_COHORT_TEXT_MAX], tally[KL_SHORT_ID_MAX];

		look_up(v, &behind->cited[i], cohort, tally);
		kl_cited_words(cohort, behind->cited[i].members, tally[0] ? tally : NULL, cited[i]);
	}
	kl_behind_words(v->call, outcome, cited, words);
	kl_put_text(v->w, "because", words[0] ? words : NULL);
}

static void put_tries(
	const struct view *v, const struct kl_forecast_outcome *outcome, unsigned tries)
{
	char words[KL_FORECAST_WORDS_MAX];

	if (!tries) {
		kl_put_nil(v->w, "tried");
		return;
	}
	kl_put_map(v->w, "tried", KL_LEVELS + 2);
	kl_put_uint(v->w, "withheld", outcome->cell.tries[0]);
	for (unsigned level = 0; level < KL_LEVELS; level++)
		kl_put_uint(v->w, level_name(level), outcome->cell.tries[level + 1]);
	kl_put_text(v->w, "words", kl_tried_words(v->call, outcome, tries, words));
}

static void put_outcome(
	const struct view *v, const struct kl_forecast_outcome *outcome, unsigned tries)
{
	const struct kl_tally_forecast *row = &outcome->cell.row;
	const bool released = row->why == KL_PLAN_RELEASED;
	char text[KL_COHORT_TEXT_MAX], bins[KL_BINS_WORDS_MAX];

	kl_write_map(v->w, 13);
	kl_put_text(v->w, "cohort", kl_cohort_format(&v->call->cohorts[outcome->cohort], text));
	kl_put_array(v->w, "metrics", outcome->metric_count);
	for (unsigned m = 0; m < v->call->metric_count; m++)
		if (kl_presence_has(outcome->metrics, m))
			kl_write_text(v->w, v->call->metrics[m].code);
	kl_put_uint(v->w, "could", row->could);
	kl_put_uint(v->w, "counted", row->counted);
	kl_put_uint(v->w, "needed", row->needed);
	kl_put_uint(v->w, "missing", row->missing);
	kl_put_bool(v->w, "released", released);
	kl_put_text(v->w, "level", released ? level_name(row->level) : NULL);
	kl_put_text(v->w, "bins",
		released ? kl_level_words(v->call, outcome->metrics, row->level, bins) : NULL);
	kl_put_text(v->w, "why", released ? NULL : kl_plan_why_text(row->why));
	put_because(v, outcome);
	put_behind(v, &outcome->cell.behind);
	put_tries(v, outcome, tries);
}

/* ---- who does not count ------------------------------------------------------------------------ */

static bool is_public(const struct view *v, unsigned column, unsigned metric)
{
	return v->call->named && kl_set_has(&v->call->named[metric], column);
}

static unsigned public_metrics(const struct view *v, unsigned column)
{
	unsigned n = 0;

	for (unsigned m = 0; m < v->call->metric_count; m++)
		n += is_public(v, column, m);
	return n;
}

/* Members of the same control group; the first of them speaks for all. */
static bool same_control(const struct view *v, unsigned a, unsigned b)
{
	const struct kl_tally_member *x = &v->roster->members[a], *y = &v->roster->members[b];

	return x->verified && y->verified && kl_id_equal(&x->control, &y->control);
}

static unsigned group_size(const struct view *v, unsigned column)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->roster->count; i++) {
		if (!same_control(v, column, i))
			continue;
		if (i < column)
			return 0;
		n++;
	}
	return n > 1 ? n : 0;
}

static void put_group(const struct view *v, unsigned column, unsigned size)
{
	kl_write_map(v->w, 3);
	kl_put_array(v->w, "members", size);
	for (unsigned i = column; i < v->roster->count; i++)
		if (same_control(v, column, i))
			write_name(v, i);
	kl_put_text(v->w, "why", "same control group");
	kl_put_nil(v->w, "metrics");
}

static void put_one(const struct view *v, unsigned column, const char *why)
{
	kl_write_map(v->w, 3);
	kl_put_array(v->w, "members", 1);
	write_name(v, column);
	kl_put_text(v->w, "why", why);
	kl_put_nil(v->w, "metrics");
}

static void put_public(const struct view *v, unsigned column)
{
	kl_write_map(v->w, 3);
	kl_put_array(v->w, "members", 1);
	write_name(v, column);
	kl_put_text(v->w, "why", "published by name");
	kl_put_array(v->w, "metrics", public_metrics(v, column));
	for (unsigned m = 0; m < v->call->metric_count; m++)
		if (is_public(v, column, m))
			kl_write_text(v->w, v->call->metrics[m].code);
}

static void put_not_counted(const struct view *v)
{
	size_t n = 0;

	for (unsigned i = 0; i < v->roster->count; i++)
		n += (group_size(v, i) > 0) + !v->roster->members[i].verified +
		     (public_metrics(v, i) > 0);
	kl_put_array(v->w, "not_counted", n);
	for (unsigned i = 0; i < v->roster->count; i++) {
		const unsigned size = group_size(v, i);

		if (size)
			put_group(v, i, size);
		if (!v->roster->members[i].verified)
			put_one(v, i, "not confirmed");
		if (public_metrics(v, i))
			put_public(v, i);
	}
}

/* ---- who stands in no cohort -------------------------------------------------------------------- */

static const char *attribute(const struct kl_tally_member *member, enum kl_cohort_kind kind)
{
	switch (kind) {
	case KL_COHORT_TYPE: /* of councils; anchors have none */
		return member->council ? member->type : "-";
	case KL_COHORT_REGION:
		return member->region;
	case KL_COHORT_DEPRIVATION:
		return member->deprivation ? "-" : "";
	case KL_COHORT_RURAL:
		return member->rural;
	case KL_COHORT_INCOME: /* of anchors */
		return member->council ? "-" : member->income;
	default:
		return "-";
	}
}

static bool asks_for(const struct kl_tally_call *call, enum kl_cohort_kind kind)
{
	for (unsigned c = 0; c < call->cohort_count; c++)
		if (call->cohorts[c].kind == kind)
			return true;
	return false;
}

static size_t unplaced(const struct view *v, enum kl_cohort_kind kind)
{
	size_t n = 0;

	for (unsigned i = 0; i < v->roster->count; i++)
		n += !attribute(&v->roster->members[i], kind)[0];
	return n;
}

static void put_unplaced(const struct view *v)
{
	static const struct {
		enum kl_cohort_kind kind;
		const char *name;
	} kinds[] = {{KL_COHORT_TYPE, "type"}, {KL_COHORT_REGION, "region"},
		{KL_COHORT_DEPRIVATION, "deprivation"}, {KL_COHORT_RURAL, "rural"},
		{KL_COHORT_INCOME, "income"}};
	const size_t count = sizeof kinds / sizeof *kinds;
	size_t n = 0;

	for (size_t k = 0; k < count; k++)
		n += asks_for(v->call, kinds[k].kind) && unplaced(v, kinds[k].kind);
	kl_put_array(v->w, "unplaced", n);
	for (size_t k = 0; k < count; k++) {
		const size_t members = unplaced(v, kinds[k].kind);

		if (!asks_for(v->call, kinds[k].kind) || !members)
			continue;
		kl_write_map(v->w, 2);
		kl_put_text(v->w, "attribute", kinds[k].name);
		kl_put_array(v->w, "members", members);
		for (unsigned i = 0; i < v->roster->count; i++)
			if (!attribute(&v->roster->members[i], kinds[k].kind)[0])
				write_name(v, i);
	}
}

/* ---- what was counted before --------------------------------------------------------------------- */

static unsigned in_common(const struct kl_tally_call *call, const struct kl_tally_view *view)
{
	unsigned n = 0;

	for (unsigned m = 0; m < call->metric_count; m++)
		n += kl_tally_metric(view->call, call->metrics[m].code) >= 0;
	return n;
}

static bool counts_some(
	const struct view *v, size_t index, struct kl_tally_view *ret_view, unsigned *ret_metrics)
{
	const struct kl_tallies *book = kl_network_tallies(v->network);

	if (kl_tallies_view(book, kl_tallies_at(book, index), ret_view) ||
		ret_view->state == KL_TALLY_INVALID ||
		!kl_periods_overlap(ret_view->call->period, v->call->period))
		return false;
	*ret_metrics = in_common(v->call, ret_view);
	return *ret_metrics > 0;
}

static void put_earlier(const struct view *v)
{
	const size_t count = kl_tallies_count(kl_network_tallies(v->network));
	struct kl_tally_view view;
	unsigned metrics;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += counts_some(v, i, &view, &metrics);
	kl_put_array(v->w, "earlier", n);
	for (size_t i = 0; i < count; i++) {
		char text[KL_ID_HEX_MAX];

		if (!counts_some(v, i, &view, &metrics))
			continue;
		kl_write_map(v->w, 4);
		kl_hex(view.id.b, KL_ID_BYTES, text);
		kl_put_text(v->w, "tally", text);
		kl_put_text(v->w, "period", kl_period_format(view.call->period, text));
		kl_put_text(v->w, "state", kl_tally_state_word(&view));
		kl_put_uint(v->w, "metrics", metrics);
	}
}

void kl_put_forecast(struct kl_writer *w, const struct kl_network *network,
	const struct kl_tally_call *call, const struct kl_tally_roster *roster,
	const struct kl_forecast *forecast)
{
	const struct view v = {w, network, call, roster};

	kl_put_array(w, "outcomes", forecast->count);
	for (size_t i = 0; i < forecast->count; i++)
		put_outcome(&v, &forecast->outcomes[i], forecast->tries);
	kl_put_uint(w, "tries", forecast->tries);
	put_not_counted(&v);
	put_unplaced(&v);
	put_earlier(&v);
}
