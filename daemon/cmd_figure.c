/* figure ...: values that a member chose to publish under its name, and what they add up to. */
#include "core/money.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/metric_words.h"
#include "daemon/network.h"
#include "daemon/own_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int take_metric(
	const struct kl_ask *ask, struct kl_metric *ret_metric, struct kl_fault *fault)
{
	char text[KL_METRIC_NAME_MAX];

	if (kl_get_text(&ask->args, "metric", text, sizeof text))
		return kl_fault(fault, KL_E_USAGE, "which metric?");
	return kl_metric_find(text, ret_metric, fault);
}

static int take_period(const struct kl_ask *ask, const struct kl_metric *metric,
	struct kl_period *ret_period, struct kl_fault *fault)
{
	char text[KL_PERIOD_TEXT_MAX];

	if (kl_get_text(&ask->args, "period", text, sizeof text) ||
		kl_period_parse(text, ret_period))
		return kl_fault(fault, KL_E_USAGE, "which period? Such as 2026 or 2026/27");
	return kl_metric_period_check(metric, *ret_period, fault);
}

/* What a member has published for a metric and period, or NULL. */
static const struct kl_member_figure *published(
	const struct kl_network *network, const struct kl_id *member, const struct kl_figure *f)
{
	const struct kl_member *m = kl_members_find(&network->members, member);

	for (size_t i = 0; m && i < m->n_figures; i++)
		if (!strcmp(m->figures[i].figure.metric, f->metric) &&
			kl_period_equal(m->figures[i].figure.period, f->period))
			return &m->figures[i];
	return NULL;
}

/* ---- publish ---------------------------------------------------------------------------------- */

struct draft {
	struct kl_network *network;
	struct kl_metric metric;
	struct kl_figure figure;
	char origin[KL_OWN_ORIGIN_MAX];
};

/* From the member's own figures: value, and what is known of how it was found. */
static int take_own(struct draft *d, struct kl_fault *fault)
{
	struct kl_own_value own;
	int rc = kl_own_value(d->network->node, &d->metric, d->figure.period, &own, fault);

	if (rc)
		return rc;
	d->figure.value = own.value;
	(void)kl_copy_text(d->origin, sizeof d->origin, own.origin);
	(void)kl_copy_text(d->figure.method, sizeof d->figure.method, own.method);
	(void)kl_copy_text(d->figure.source, sizeof d->figure.source, own.source);
	(void)kl_copy_text(d->figure.confidence, sizeof d->figure.confidence,
		kl_confidence_name(own.confidence));
	return KL_OK;
}

/* "value" as people type it; "number" as an earlier preview gave it. */
static int take_value(struct draft *d, const struct kl_ask *ask, struct kl_fault *fault)
{
	char text[KL_NUMBER_TEXT_MAX];
	double number;

	(void)kl_copy_text(d->origin, sizeof d->origin, "typed");
	if (!kl_get_text(&ask->args, "value", text, sizeof text))
		return kl_metric_parse(&d->metric, text, &d->figure.value, fault);
	if (kl_get_double(&ask->args, "number", &number))
		return take_own(d, fault);
	if (kl_number_from_double(number, d->metric.scale, &d->figure.value))
		return kl_fault(fault, KL_E_USAGE, "no such number");
	return kl_metric_value_check(&d->metric, d->figure.value, fault);
}

static int take_words(struct draft *d, const struct kl_ask *ask, struct kl_fault *fault)
{
	struct kl_figure *f = &d->figure;
	enum kl_confidence confidence;

	if (kl_get_text_or(&ask->args, "method", f->method, f->method, sizeof f->method))
		return kl_fault(fault, KL_E_USAGE, "method: at most %d bytes of plain text",
			KL_FIGURE_METHOD_MAX - 1);
	if (kl_get_text_or(&ask->args, "source", f->source, f->source, sizeof f->source))
		return kl_fault(fault, KL_E_USAGE, "source: at most %d bytes of plain text",
			KL_FIGURE_SOURCE_MAX - 1);
	if (kl_get_text_or(
		    &ask->args, "confidence", f->confidence, f->confidence, sizeof f->confidence))
		return kl_fault(fault, KL_E_USAGE, "confidence: high, moderate or low");
	if (!f->confidence[0])
		return KL_OK;
	if (kl_confidence_parse(f->confidence, &confidence))
		return kl_fault(fault, KL_E_USAGE, "confidence: high, moderate or low, not \"%s\"",
			f->confidence);
	(void)kl_copy_text(f->confidence, sizeof f->confidence, kl_confidence_name(confidence));
	return KL_OK;
}

static int may_publish(const struct kl_network *network, struct kl_fault *fault)
{
	const struct kl_roster_member *self = kl_network_self(network);

	if (!self || self->state != KL_MEMBER_ACTIVE)
		return kl_fault(fault, KL_E_DENIED,
			"only active members of the network publish figures by name");
	return KL_OK;
}

static int make_draft(struct draft *d, const struct kl_ask *ask, struct kl_fault *fault)
{
	int rc = take_metric(ask, &d->metric, fault);

	if (!rc)
		rc = take_period(ask, &d->metric, &d->figure.period, fault);
	if (rc)
		return rc;
	(void)kl_copy_text(d->figure.metric, sizeof d->figure.metric, d->metric.code);
	rc = take_value(d, ask, fault);
	if (!rc)
		rc = take_words(d, ask, fault);
	return rc ? rc : may_publish(d->network, fault);
}

static void put_text_or_nil(struct kl_writer *w, const char *key, const char *text)
{
	kl_put_text(w, key, text[0] ? text : NULL);
}

static void put_draft(struct kl_writer *w, const struct draft *d, bool done)
{
	const struct kl_member_figure *before =
		published(d->network, &d->network->own.author, &d->figure);
	const char *caution = kl_metric_caution(d->metric.code);
	char text[KL_BIN_WORDS_MAX];

	kl_write_map(w, 13);
	kl_put_text(w, "metric", d->metric.code);
	kl_put_text(w, "name", d->metric.name);
	kl_put_text(w, "unit", kl_unit_name(d->metric.unit));
	kl_put_text(w, "period", kl_period_format(d->figure.period, text));
	kl_put_scaled(w, "value", d->figure.value, d->metric.scale);
	kl_put_text(w, "shown", kl_value_words(&d->metric, d->figure.value, text));
	kl_put_text(w, "origin", d->origin);
	put_text_or_nil(w, "method", d->figure.method);
	put_text_or_nil(w, "confidence", d->figure.confidence);
	put_text_or_nil(w, "source", d->figure.source);
	if (before && !done)
		kl_put_scaled(w, "replaces", before->figure.value, d->metric.scale);
	else
		kl_put_nil(w, "replaces");
	put_text_or_nil(w, "warning", caution);
	kl_put_bool(w, "published", done);
}

static int publish(struct draft *d, struct kl_fault *fault)
{
	struct kl_bytes payload;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_payload_figure_write(&w, &d->figure);
	rc = kl_writer_bytes(&w, &payload);
	rc = rc ? kl_fault(fault, rc, "out of memory")
		: kl_network_append(d->network, KL_KIND_FIGURE_PUBLISH, payload, NULL, fault);
	kl_writer_deinit(&w);
	return rc;
}

int kl_cmd_figure_publish(void *data, struct kl_ask *ask)
{
	struct draft draft = {0};
	bool dry = false;
	int rc = kl_need_network(data, &draft.network, &ask->fault);

	if (!rc && kl_get_bool_or(&ask->args, "dry_run", false, &dry))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "dry_run is yes or no");
	if (!rc)
		rc = make_draft(&draft, ask, &ask->fault);
	if (!rc && !dry)
		rc = publish(&draft, &ask->fault);
	if (rc)
		return rc;
	put_draft(&ask->out, &draft, !dry);
	return kl_ask_answer(ask);
}

/* ---- withdraw --------------------------------------------------------------------------------- */

int kl_cmd_figure_withdraw(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	struct kl_figure_withdrawal withdrawal = {0};
	struct kl_figure which = {0};
	struct kl_metric metric;
	struct kl_bytes payload;
	struct kl_writer w;
	char text[KL_PERIOD_TEXT_MAX];
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc)
		rc = take_metric(ask, &metric, &ask->fault);
	if (!rc)
		rc = take_period(ask, &metric, &withdrawal.period, &ask->fault);
	if (rc)
		return rc;
	(void)kl_copy_text(withdrawal.metric, sizeof withdrawal.metric, metric.code);
	(void)kl_copy_text(which.metric, sizeof which.metric, metric.code);
	which.period = withdrawal.period;
	kl_period_format(withdrawal.period, text);
	if (!published(network, &network->own.author, &which))
		return kl_fault(&ask->fault, KL_E_NOT_FOUND,
			"this member has published no %s for %s", metric.code, text);
	kl_writer_init(&w);
	kl_payload_withdrawal_write(&w, &withdrawal);
	rc = kl_writer_bytes(&w, &payload);
	if (!rc)
		rc = kl_network_append(
			network, KL_KIND_FIGURE_WITHDRAW, payload, NULL, &ask->fault);
	kl_writer_deinit(&w);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 3);
	kl_put_text(&ask->out, "metric", metric.code);
	kl_put_text(&ask->out, "period", text);
	kl_put_bool(&ask->out, "withdrawn", true);
	return kl_ask_answer(ask);
}

/* ---- list ------------------------------------------------------------------------------------- */

enum { FIGURES_SHOWN_MAX = 600 }; /* rows of one answer */

/* A figure of a metric that this program does not know cannot be read as a number. */
static bool readable(const struct kl_member_figure *figure, struct kl_metric *ret_metric)
{
	size_t index;

	if (kl_metric_index(figure->figure.metric, &index))
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
	put_text_or_nil(w, "method", f->method);
	put_text_or_nil(w, "confidence", f->confidence);
	put_text_or_nil(w, "source", f->source);
}

/* Members on the roster alone, or one of them; `w` NULL only counts. */
static size_t put_figures(
	struct kl_writer *w, const struct kl_network *network, const struct kl_roster_member *one)
{
	size_t n = 0;

	for (size_t i = 0; i < network->roster.n_members; i++) {
		const struct kl_roster_member *r = &network->roster.members[i];
		const struct kl_member *m = kl_members_find(&network->members, &r->identity);

		if ((one ? r != one : r->state != KL_MEMBER_ACTIVE) || !m)
			continue;
		for (size_t k = 0; k < m->n_figures && n < FIGURES_SHOWN_MAX; k++) {
			struct kl_metric metric;

			if (!readable(&m->figures[k], &metric))
				continue;
			n++;
			if (w)
				put_figure(w, r->name, &metric, &m->figures[k].figure);
		}
	}
	return n;
}

int kl_cmd_figure_list(void *data, struct kl_ask *ask)
{
	const struct kl_roster_member *one = NULL;
	struct kl_network *network;
	char name[256];
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc && !kl_get_text(&ask->args, "member", name, sizeof name))
		rc = kl_find_member(data, name, &one, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 1);
	kl_put_array(&ask->out, "figures", put_figures(NULL, network, one));
	(void)put_figures(&ask->out, network, one);
	return kl_ask_answer(ask);
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
		const struct kl_member *m = &sum->network->members.items[i];

		for (size_t k = 0; k < m->n_figures; k++) {
			const struct kl_figure *f = &m->figures[k].figure;

			if (strcmp(f->metric, sum->metric.code) != 0 ||
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
	struct kl_figure which = {.period = sum->period};

	(void)kl_copy_text(which.metric, sizeof which.metric, sum->metric.code);
	sum->parts = calloc(roster->n_members + 1, sizeof *sum->parts);
	if (!sum->parts)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	for (size_t i = 0; i < roster->n_members; i++) {
		const struct kl_roster_member *r = &roster->members[i];
		const struct kl_member_figure *f =
			r->state == KL_MEMBER_ACTIVE ? published(sum->network, &r->identity, &which)
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
	put_text_or_nil(w, "warning", caution);
}

static int make_sum(struct sum *sum, const struct kl_ask *ask, struct kl_fault *fault)
{
	char text[KL_PERIOD_TEXT_MAX] = "";
	int rc = take_metric(ask, &sum->metric, fault);

	if (!rc)
		rc = adds_up(&sum->metric, fault);
	if (rc)
		return rc;
	if (kl_get_text_or(&ask->args, "period", "", text, sizeof text))
		return kl_fault(fault, KL_E_USAGE, "which period? Such as 2026 or 2026/27");
	if (text[0]) {
		rc = take_period(ask, &sum->metric, &sum->period, fault);
		sum->has_period = true;
	} else {
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
		rc = make_sum(&sum, ask, &ask->fault);
	if (!rc)
		put_total(&ask->out, &sum);
	free(sum.parts);
	return rc ? rc : kl_ask_answer(ask);
}
