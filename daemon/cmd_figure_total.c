/* figure list, figure total: what members published by name, and what it adds up to. */
#include "core/money.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/figures.h"
#include "daemon/find.h"
#include "daemon/metric_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIGURES_SHOWN_MAX = 600, /* rows of one answer */
	ROW_BYTES_MAX = 1024,    /* more than the longest row takes */
	LIST_BYTES_MAX = KL_CONTROL_BODY_MAX - 2 * ROW_BYTES_MAX,
};

/* A figure of a metric that this program does not know cannot be read as a number. */
static bool readable(const struct kl_member_figure *figure, struct kl_metric *ret_metric)
{
	size_t index;

	if (figure->withdrawn || kl_metric_index(figure->figure.metric, &index))
		return false;
	kl_metric_at(index, ret_metric);
	return true;
}

static void put_figure(struct kl_writer *w, const char *member, const struct kl_metric *metric,
	const struct kl_figure *f)
{
	char text[KL_BIN_WORDS_MAX];

	kl_write_map(w, 10);
	kl_put_text(w, "member", member);
	kl_put_text(w, "metric", metric->code);
	kl_put_text(w, "name", metric->name);
	kl_put_text(w, "unit", kl_unit_name(metric->unit));
	kl_put_text(w, "period", kl_period_format(f->period, text));
	kl_put_scaled(w, "value", f->value, metric->scale);
	kl_put_text(w, "shown", kl_value_words(metric, f->value, text));
	kl_put_said(w, "method", f->method);
	kl_put_said(w, "confidence", f->confidence);
	kl_put_said(w, "source", f->source);
}

/* What one list takes in: how much may still come, and whether something was left out. */
struct listing {
	const struct kl_network *network;
	struct kl_writer *w;
	size_t n, max;
	bool more;
};

static bool is_full(const struct listing *list)
{
	struct kl_bytes written;

	return list->n == list->max ||
	       (!kl_writer_bytes(list->w, &written) && written.len > LIST_BYTES_MAX);
}

static void put_figures_of(
	struct listing *list, const struct kl_roster_member *r, const struct kl_member *m)
{
	for (size_t k = 0; k < m->n_figures && !list->more; k++) {
		struct kl_metric metric;

		if (!readable(&m->figures[k], &metric))
			continue;
		list->more = is_full(list);
		if (list->more)
			return;
		list->n++;
		put_figure(list->w, r->name, &metric, &m->figures[k].figure);
	}
}

/* Of active members, or of the one that was asked for, whatever its standing. */
static void put_figures(struct listing *list, const struct kl_roster_member *one)
{
	const struct kl_roster *roster = &list->network->roster;

	for (size_t i = 0; i < roster->n_members && !list->more; i++) {
		const struct kl_roster_member *r = &roster->members[i];
		const struct kl_member *m = kl_members_find(&list->network->members, &r->identity);

		if (m && (one ? r == one : r->state == KL_MEMBER_ACTIVE))
			put_figures_of(list, r, m);
	}
}

int kl_cmd_figure_list(void *data, struct kl_ask *ask)
{
	const struct kl_roster_member *one = NULL;
	struct kl_network *network;
	struct kl_bytes written;
	struct kl_writer rows;
	struct listing list;
	char name[256];
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc && !kl_get_text(&ask->args, "member", name, sizeof name))
		rc = kl_find_member(data, name, &one, &ask->fault);
	if (rc)
		return rc;
	kl_writer_init(&rows);
	list = (struct listing){.network = network, .w = &rows, .max = FIGURES_SHOWN_MAX};
	put_figures(&list, one);
	rc = kl_writer_bytes(&rows, &written);
	if (rc) {
		kl_fault(&ask->fault, rc, "out of memory");
	} else {
		kl_write_map(&ask->out, 2);
		kl_put_bool(&ask->out, "more", list.more);
		kl_put_array(&ask->out, "figures", list.n);
		kl_write_raw(&ask->out, written);
	}
	kl_writer_deinit(&rows);
	return rc ? rc : kl_ask_answer(ask);
}

/* ---- total ------------------------------------------------------------------------------------ */

struct part {
	const char *name;
	const struct kl_figure *figure;
};

/* Figures of one metric and period, of active members, largest first. */
struct sum {
	struct kl_network *network;
	struct kl_metric metric;
	struct kl_period period;
	bool has_period;
	struct part *parts;
	size_t n;
	int64_t total;
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

static void take_latest_period(struct sum *sum)
{
	for (size_t i = 0; i < sum->network->members.n; i++) {
		const struct kl_member *m = sum->network->members.items[i];

		for (size_t k = 0; k < m->n_figures; k++) {
			const struct kl_figure *f = &m->figures[k].figure;

			if (m->figures[k].withdrawn || strcmp(f->metric, sum->metric.code) != 0 ||
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

static int add_up(struct sum *sum, struct kl_fault *fault)
{
	const struct kl_roster *roster = &sum->network->roster;

	sum->parts = calloc(roster->n_members + 1, sizeof *sum->parts);
	if (!sum->parts)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	for (size_t i = 0; i < roster->n_members; i++) {
		const struct kl_roster_member *r = &roster->members[i];
		const struct kl_member_figure *f =
			r->state == KL_MEMBER_ACTIVE ? kl_figure_of(sum->network, &r->identity,
							       sum->metric.code, sum->period)
						     : NULL;

		if (!f)
			continue;
		if (kl_money_add(sum->total, f->figure.value, &sum->total))
			return kl_fault(fault, KL_E_RANGE, "the total is too large");
		sum->parts[sum->n++] = (struct part){r->name, &f->figure};
	}
	qsort(sum->parts, sum->n, sizeof *sum->parts, larger_first);
	return KL_OK;
}

/* Without false accuracy: two significant figures. */
static void about(const struct sum *sum, char *out, size_t size)
{
	char text[KL_MONEY_TEXT_MAX];
	int64_t whole = sum->total / (int64_t)sum->metric.scale;

	if (sum->metric.unit == KL_UNIT_GBP && whole <= KL_MONEY_MAX / 100)
		(void)kl_copy_text(out, size, kl_money_about(100 * whole, text));
	else
		snprintf(out, size, "about %s", kl_count_format(kl_round_two_figures(whole), text));
}

static const char *method_of(const struct kl_figure *f)
{
	return f->method[0] ? f->method : "not stated";
}

/* Whether the figure is the first with its method; and how many have it. */
static size_t with_method(const struct sum *sum, size_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < sum->n; i++) {
		bool same =
			!strcmp(method_of(sum->parts[i].figure), method_of(sum->parts[at].figure));

		if (same && i < at)
			return 0;
		n += same;
	}
	return n;
}

static void put_methods(struct kl_writer *w, const struct sum *sum)
{
	size_t kinds = 0;

	for (size_t i = 0; i < sum->n; i++)
		kinds += with_method(sum, i) > 0;
	kl_put_map(w, "methods", kinds);
	for (size_t i = 0; i < sum->n; i++)
		if (with_method(sum, i))
			kl_put_uint(w, method_of(sum->parts[i].figure), with_method(sum, i));
}

static void put_total(struct kl_writer *w, const struct sum *sum)
{
	const char *caution = kl_metric_caution(sum->metric.code);
	char text[KL_BIN_WORDS_MAX];

	kl_write_map(w, 12);
	kl_put_text(w, "metric", sum->metric.code);
	kl_put_text(w, "name", sum->metric.name);
	kl_put_text(w, "unit", kl_unit_name(sum->metric.unit));
	kl_put_text(w, "period", kl_period_format(sum->period, text));
	kl_put_uint(w, "n", sum->n);
	kl_put_scaled(w, "total", sum->total, sum->metric.scale);
	kl_put_text(w, "shown", kl_value_words(&sum->metric, sum->total, text));
	about(sum, text, sizeof text);
	kl_put_text(w, "published", text);
	kl_put_array(w, "members", sum->n);
	for (size_t i = 0; i < sum->n; i++)
		kl_write_text(w, sum->parts[i].name);
	kl_put_array(w, "figures", sum->n);
	for (size_t i = 0; i < sum->n; i++)
		put_figure(w, sum->parts[i].name, &sum->metric, sum->parts[i].figure);
	put_methods(w, sum);
	kl_put_said(w, "warning", caution);
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
	if (!rc && text[0]) {
		rc = kl_figure_period(ask, &sum->metric, &sum->period);
		sum->has_period = true;
	} else if (!rc) {
		take_latest_period(sum);
	}
	if (!rc && sum->has_period)
		rc = add_up(sum, fault);
	if (!rc && !sum->n) {
		kl_fault(fault, KL_E_NOT_FOUND, "no member has published %s%s%s by name",
			sum->metric.code, text[0] ? " for " : "", text);
		kl_fault_hint(fault, "keeplocal figure publish %s --period P", sum->metric.code);
		return KL_E_NOT_FOUND;
	}
	return rc;
}

int kl_cmd_figure_total(void *data, struct kl_ask *ask)
{
	struct sum sum = {0};
	int rc = kl_need_network(data, &sum.network, &ask->fault);

	if (!rc)
		rc = make_sum(&sum, ask);
	if (!rc)
		put_total(&ask->out, &sum);
	free(sum.parts);
	return rc ? rc : kl_ask_answer(ask);
}
