/* figure total: what the figures published by name add up to, in all or by place. */
#include "core/money.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/figures.h"
#include "daemon/find.h"
#include "daemon/metric_words.h"
#include "daemon/which_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIGURES_SHOWN_MAX = 200,       /* of one answer, the largest: at most 1 KiB each */
	GROUP_FIGURES_SHOWN_MAX = 20,  /* beside totals by place */
	GROUPS_BYTES_MAX = 160 * 1024, /* room for those */
	WORDS_SHOWN_MAX = 12,          /* different methods that are told apart */
};

enum by { BY_NOTHING, BY_AREA, BY_REGION };

struct part {
	const char *name;
	const struct kl_figure *figure;
	const char *group; /* area or region of the member; "" unknown */
};

/* Figures of one metric and period, of active members, largest first. */
struct sum {
	struct kl_node *node;
	struct kl_network *network;
	struct kl_which_place place;
	enum by by;
	struct kl_metric metric;
	struct kl_period period;
	bool has_period;
	struct part *parts;
	size_t n;
	int64_t total;
	size_t unplaced; /* figures that a place leaves out, since nobody knows where they belong */
	size_t other_periods; /* members of the place that published this for other periods only */
};

/* Sizes add up; scores, shares and anything per head do not. */
static int adds_up(const struct kl_metric *metric, struct kl_fault *fault)
{
	bool size = metric->unit == KL_UNIT_FTE || metric->unit == KL_UNIT_GBP ||
		    metric->unit == KL_UNIT_COUNT || metric->unit == KL_UNIT_PEOPLE ||
		    metric->unit == KL_UNIT_HOURS || metric->unit == KL_UNIT_ACRES ||
		    metric->unit == KL_UNIT_MWH || metric->unit == KL_UNIT_TONNES;

	if (size && !strstr(metric->code, "_per_"))
		return KL_OK;
	kl_fault(fault, KL_E_INVALID, "%s does not add up: it is no size", metric->name);
	kl_fault_hint(fault, "keeplocal benchmark %s compares members", metric->code);
	return KL_E_INVALID;
}

/* A member that counts: active, and of the place that is asked for. */
static bool is_wanted(const struct sum *sum, const struct kl_placed *who)
{
	return who->said && who->said->n_figures && who->member->state == KL_MEMBER_ACTIVE &&
	       kl_place_has(sum->node, &sum->place, who);
}

static void take_latest_period(struct sum *sum)
{
	for (size_t i = 0; i < sum->network->order.n; i++) {
		const struct kl_placed who = kl_placed_at(sum->network, i);
		const size_t n = is_wanted(sum, &who) ? who.said->n_figures : 0;

		for (size_t k = 0; k < n; k++) {
			const struct kl_figure *f = &who.said->figures[k].figure;

			if (who.said->figures[k].withdrawn ||
				strcmp(f->metric, sum->metric.code) != 0 ||
				(sum->has_period && kl_period_compare(f->period, sum->period) <= 0))
				continue;
			sum->period = f->period;
			sum->has_period = true;
		}
	}
}

static int larger_first(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	if (x->figure->value != y->figure->value)
		return x->figure->value < y->figure->value ? 1 : -1;
	return strcmp(x->name, y->name);
}

static const char *group_of(const struct sum *sum, const struct kl_placed *who)
{
	return sum->by == BY_REGION ? kl_region_of(sum->node, who) : who->gss;
}

/* Whether a place leaves the member out because nobody knows where it belongs. */
static bool is_unplaced(const struct sum *sum, const struct kl_placed *who)
{
	if (sum->place.kind == KL_PLACE_REGION)
		return !kl_region_of(sum->node, who)[0];
	return sum->place.kind == KL_PLACE_AREA && !who->gss[0];
}

/* Whether the member has published the metric, for whatever period. */
static bool has_figure(const struct sum *sum, const struct kl_member *member)
{
	for (size_t i = 0; i < member->n_figures; i++)
		if (!member->figures[i].withdrawn &&
			!strcmp(member->figures[i].figure.metric, sum->metric.code))
			return true;
	return false;
}

static int add_up(struct sum *sum, struct kl_fault *fault)
{
	sum->parts = calloc(sum->network->order.n + 1, sizeof *sum->parts);
	if (!sum->parts)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	for (size_t i = 0; i < sum->network->order.n; i++) {
		const struct kl_placed who = kl_placed_at(sum->network, i);
		const struct kl_member_figure *f = kl_figure_of(
			sum->network, &who.member->identity, sum->metric.code, sum->period);

		if (!f)
			sum->other_periods += is_wanted(sum, &who) && has_figure(sum, who.said);
		if (!f || who.member->state != KL_MEMBER_ACTIVE)
			continue;
		sum->unplaced += is_unplaced(sum, &who);
		if (!is_wanted(sum, &who))
			continue;
		if (kl_money_add(sum->total, f->figure.value, &sum->total))
			return kl_fault(fault, KL_E_RANGE, "the total is too large");
		sum->parts[sum->n++] =
			(struct part){who.member->name, &f->figure, group_of(sum, &who)};
	}
	qsort(sum->parts, sum->n, sizeof *sum->parts, larger_first);
	return KL_OK;
}

/* ---- in words -------------------------------------------------------------------------------- */

/* Without false accuracy: two significant figures. */
static void about(const struct sum *sum, int64_t total, char *out, size_t size)
{
	char text[KL_MONEY_TEXT_MAX];
	int64_t whole = total / (int64_t)sum->metric.scale;

	if (sum->metric.unit == KL_UNIT_GBP && whole <= KL_MONEY_MAX / 100)
		(void)kl_copy_text(out, size, kl_money_about(100 * whole, text));
	else
		snprintf(out, size, "about %s", kl_count_format(kl_round_two_figures(whole), text));
}

static const char *method_of(const struct kl_figure *f)
{
	return f->method[0] ? f->method : "not stated";
}

static const char *confidence_of(const struct kl_figure *f)
{
	return f->confidence[0] ? f->confidence : "not stated";
}

/* How many figures say what, in their order: figures found in different ways are never added up in
 * silence. */
static void put_words(struct kl_writer *w, const char *key, const struct part *parts, size_t n,
	const char *(*word_of)(const struct kl_figure *figure))
{
	static const char in_other_words[] = "said in other words";
	const char *words[WORDS_SHOWN_MAX];
	size_t counts[WORDS_SHOWN_MAX] = {0}, kinds = 0, others = 0;

	for (size_t i = 0; i < n; i++) {
		const char *word = word_of(parts[i].figure);
		size_t k = 0;

		while (k < kinds && strcmp(words[k], word) != 0)
			k++;
		if (k == WORDS_SHOWN_MAX || !strcmp(word, in_other_words)) {
			others++;
			continue;
		}
		words[k] = word;
		counts[k]++;
		kinds += k == kinds;
	}
	kl_put_map(w, key, kinds + (others > 0));
	for (size_t k = 0; k < kinds; k++)
		kl_put_uint(w, words[k], counts[k]);
	if (others)
		kl_put_uint(w, in_other_words, others);
}

enum { SUM_PUT = 6 };

/* What a sum over some figures comes to. */
static void put_sum(struct kl_writer *w, const struct sum *sum, const struct part *parts, size_t n,
	int64_t total)
{
	char text[KL_BIN_WORDS_MAX];

	kl_put_uint(w, "n", n);
	kl_put_scaled(w, "total", total, sum->metric.scale);
	kl_put_text(w, "shown", kl_value_words(&sum->metric, total, text));
	about(sum, total, text, sizeof text);
	kl_put_text(w, "published", text);
	put_words(w, "methods", parts, n, method_of);
	put_words(w, "confidence", parts, n, confidence_of);
}

/* ---- by place -------------------------------------------------------------------------------- */

struct group {
	const struct part *parts;
	size_t n;
	int64_t total;
};

static int by_group(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int order = strcmp(x->group, y->group);

	return order ? order : larger_first(a, b);
}

/* Places with the largest totals first; what nobody can place, last. */
static int larger_group_first(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	const bool unknown_x = !x->parts->group[0], unknown_y = !y->parts->group[0];

	if (unknown_x != unknown_y)
		return unknown_x ? 1 : -1;
	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	return strcmp(x->parts->group, y->parts->group);
}

/* Sorts the figures anew. To be freed; NULL when out of memory. */
static struct group *make_groups(struct sum *sum, size_t *ret_n)
{
	struct group *groups = calloc(sum->n + 1, sizeof *groups);
	size_t n = 0;

	if (!groups)
		return NULL;
	qsort(sum->parts, sum->n, sizeof *sum->parts, by_group);
	for (size_t i = 0; i < sum->n; i++) {
		if (!i || strcmp(sum->parts[i].group, sum->parts[i - 1].group) != 0)
			groups[n++].parts = &sum->parts[i];
		groups[n - 1].n++;
		groups[n - 1].total += sum->parts[i].figure->value; /* the whole total fits */
	}
	qsort(groups, n, sizeof *groups, larger_group_first);
	*ret_n = n;
	return groups;
}

static void put_group(struct kl_writer *w, const struct sum *sum, const struct group *group)
{
	struct kl_which_place place = {
		.kind = sum->by == BY_AREA ? KL_PLACE_AREA : KL_PLACE_REGION};
	const char *key = group->parts->group;
	char words[KL_PLACE_WORDS_MAX] = "";

	(void)kl_copy_text(place.gss, sizeof place.gss, key);
	(void)kl_copy_text(place.region, sizeof place.region, key);
	kl_write_map(w, 2 + SUM_PUT);
	kl_put_said(w, "place", key[0] ? kl_place_words(sum->node, &place, words) : "");
	kl_put_said(w, sum->by == BY_AREA ? "gss" : "region", key);
	put_sum(w, sum, group->parts, group->n, group->total);
}

/* As many places as have room, those with the largest totals. */
static int put_groups(struct kl_writer *w, struct sum *sum)
{
	struct kl_bytes written = {0};
	struct kl_writer rows;
	size_t n = 0, shown = 0;
	struct group *groups = make_groups(sum, &n);
	int rc = groups ? KL_OK : KL_E_NOMEM;

	kl_writer_init(&rows);
	while (!rc && shown < n && written.len < GROUPS_BYTES_MAX) {
		put_group(&rows, sum, &groups[shown++]);
		rc = kl_writer_bytes(&rows, &written);
	}
	if (!rc) {
		kl_put_uint(w, "places_left_out", n - shown);
		kl_put_array(w, "places", shown);
		kl_write_raw(w, written);
	}
	kl_writer_deinit(&rows);
	free(groups);
	return rc;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static int put_total(struct kl_writer *w, struct sum *sum)
{
	const size_t most = sum->by ? GROUP_FIGURES_SHOWN_MAX : FIGURES_SHOWN_MAX;
	const size_t shown = sum->n < most ? sum->n : most;
	char text[KL_BIN_WORDS_MAX], words[KL_PLACE_WORDS_MAX];
	int rc = KL_OK;

	kl_write_map(w, 11 + SUM_PUT + (sum->by ? 2 : 0));
	kl_put_text(w, "metric", sum->metric.code);
	kl_put_text(w, "name", sum->metric.name);
	kl_put_text(w, "unit", kl_unit_name(sum->metric.unit));
	kl_put_text(w, "period", kl_period_format(sum->period, text));
	kl_put_said(w, "place", kl_place_words(sum->node, &sum->place, words));
	kl_put_uint(w, "without_place", sum->unplaced);
	kl_put_uint(w, "other_periods", sum->other_periods);
	put_sum(w, sum, sum->parts, sum->n, sum->total);
	kl_put_said(w, "warning", kl_metric_caution(sum->metric.code));
	if (sum->by) { /* before the figures: the table that a CSV holds */
		rc = put_groups(w, sum);
		qsort(sum->parts, sum->n, sizeof *sum->parts, larger_first);
	}
	kl_put_uint(w, "figures_left_out", sum->n - shown);
	kl_put_array(w, "members", shown);
	for (size_t i = 0; i < shown; i++)
		kl_write_text(w, sum->parts[i].name);
	kl_put_array(w, "figures", shown);
	for (size_t i = 0; i < shown; i++)
		kl_put_figure(w, sum->parts[i].name, &sum->metric, sum->parts[i].figure);
	return rc;
}

static int read_by(struct kl_ask *ask, enum by *ret_by)
{
	bool area, region;

	if (kl_get_bool_or(&ask->args, "by_place", false, &area) ||
		kl_get_bool_or(&ask->args, "by_region", false, &region) || (area && region))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"either by place or by region: one of the two can be asked for");
	*ret_by = area ? BY_AREA : region ? BY_REGION : BY_NOTHING;
	return KL_OK;
}

static int nothing_there(const struct sum *sum, const char *period, struct kl_fault *fault)
{
	char words[KL_PLACE_WORDS_MAX];

	kl_place_words(sum->node, &sum->place, words);
	kl_fault(fault, KL_E_NOT_FOUND, "no member%s%s has published %s%s%s by name",
		words[0] ? " in " : "", words, sum->metric.code, period[0] ? " for " : "", period);
	return kl_fault_hint(fault, "keeplocal figure publish %s --period P", sum->metric.code);
}

static int make_sum(struct sum *sum, struct kl_ask *ask)
{
	struct kl_fault *fault = &ask->fault;
	char text[KL_PERIOD_TEXT_MAX] = "";
	int rc = kl_figure_metric(ask, &sum->metric);

	if (!rc)
		rc = adds_up(&sum->metric, fault);
	if (!rc)
		rc = kl_ask_text(ask, "period", text, sizeof text);
	if (!rc)
		rc = read_by(ask, &sum->by);
	if (!rc)
		rc = kl_ask_place(sum->node, ask, &sum->place);
	if (!rc && kl_roster_order_make(&sum->network->order, &sum->network->roster))
		rc = kl_fault(fault, KL_E_NOMEM, "out of memory");
	if (!rc && text[0]) {
		rc = kl_figure_period(ask, &sum->metric, &sum->period);
		sum->has_period = true;
	} else if (!rc) {
		take_latest_period(sum);
	}
	if (!rc && sum->has_period)
		rc = add_up(sum, fault);
	return !rc && !sum->n ? nothing_there(sum, text, fault) : rc;
}

int kl_cmd_figure_total(void *data, struct kl_ask *ask)
{
	struct sum sum = {.node = data};
	int rc = kl_need_network(data, &sum.network, &ask->fault);

	if (!rc)
		rc = make_sum(&sum, ask);
	if (!rc && put_total(&ask->out, &sum))
		rc = kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	free(sum.parts);
	return rc ? rc : kl_ask_answer(ask);
}
