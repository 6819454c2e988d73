/* figure publish, figure withdraw: values that a member chose to put its name to. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/figures.h"
#include "daemon/find.h"
#include "daemon/metric_words.h"
#include "daemon/network.h"
#include "daemon/own_values.h"

#include <string.h>

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

static int make_draft(struct draft *d, struct kl_ask *ask)
{
	struct kl_fault *fault = &ask->fault;
	int rc = kl_figure_metric(ask, &d->metric);

	if (!rc)
		rc = kl_figure_period(ask, &d->metric, &d->figure.period);
	if (rc)
		return rc;
	(void)kl_copy_text(d->figure.metric, sizeof d->figure.metric, d->metric.code);
	rc = take_value(d, ask, fault);
	if (!rc)
		rc = take_words(d, ask, fault);
	return rc ? rc : may_publish(d->network, fault);
}

/* Whether exactly this stands under the member's name already. */
static bool unchanged(const struct draft *d)
{
	const struct kl_figure *f = &d->figure;
	const struct kl_member_figure *before =
		kl_figure_of(d->network, &d->network->own.author, f->metric, f->period);

	return before && before->figure.value == f->value &&
	       !strcmp(before->figure.method, f->method) &&
	       !strcmp(before->figure.confidence, f->confidence) &&
	       !strcmp(before->figure.source, f->source);
}

static void put_draft(struct kl_writer *w, const struct draft *d, bool done, bool same)
{
	const struct kl_member_figure *before = kl_figure_of(
		d->network, &d->network->own.author, d->figure.metric, d->figure.period);
	const char *caution = kl_metric_caution(d->metric.code);
	char text[KL_BIN_WORDS_MAX];

	kl_write_map(w, 14);
	kl_put_text(w, "metric", d->metric.code);
	kl_put_text(w, "name", d->metric.name);
	kl_put_text(w, "unit", kl_unit_name(d->metric.unit));
	kl_put_text(w, "period", kl_period_format(d->figure.period, text));
	kl_put_scaled(w, "value", d->figure.value, d->metric.scale);
	kl_put_text(w, "shown", kl_value_words(&d->metric, d->figure.value, text));
	kl_put_text(w, "origin", d->origin);
	kl_put_said(w, "method", d->figure.method);
	kl_put_said(w, "confidence", d->figure.confidence);
	kl_put_said(w, "source", d->figure.source);
	if (before && !done && !same)
		kl_put_scaled(w, "replaces", before->figure.value, d->metric.scale);
	else
		kl_put_nil(w, "replaces");
	kl_put_said(w, "warning", caution);
	kl_put_bool(w, "unchanged", same);
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
	bool dry = false, same;
	int rc = kl_need_network(data, &draft.network, &ask->fault);

	if (!rc && kl_get_bool_or(&ask->args, "dry_run", false, &dry))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "dry_run is yes or no");
	if (!rc)
		rc = make_draft(&draft, ask);
	same = !rc && unchanged(&draft);
	if (!rc && !dry && !same)
		rc = publish(&draft, &ask->fault);
	if (rc)
		return rc;
	put_draft(&ask->out, &draft, !dry, same);
	return kl_ask_answer(ask);
}

/* ---- withdraw --------------------------------------------------------------------------------- */

static int withdraw(struct kl_network *network, const struct kl_figure_withdrawal *withdrawal,
	struct kl_fault *fault)
{
	struct kl_bytes payload;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_payload_withdrawal_write(&w, withdrawal);
	rc = kl_writer_bytes(&w, &payload);
	rc = rc ? kl_fault(fault, rc, "out of memory")
		: kl_network_append(network, KL_KIND_FIGURE_WITHDRAW, payload, NULL, fault);
	kl_writer_deinit(&w);
	return rc;
}

int kl_cmd_figure_withdraw(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	struct kl_figure_withdrawal withdrawal = {0};
	struct kl_metric metric;
	char text[KL_PERIOD_TEXT_MAX];
	bool dry = false;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc && kl_get_bool_or(&ask->args, "dry_run", false, &dry))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "dry_run is yes or no");
	if (!rc)
		rc = kl_figure_metric(ask, &metric);
	if (!rc)
		rc = kl_figure_period(ask, &metric, &withdrawal.period);
	if (rc)
		return rc;
	(void)kl_copy_text(withdrawal.metric, sizeof withdrawal.metric, metric.code);
	kl_period_format(withdrawal.period, text);
	if (!kl_figure_of(network, &network->own.author, metric.code, withdrawal.period))
		return kl_fault(&ask->fault, KL_E_NOT_FOUND,
			"this member has published no %s for %s", metric.code, text);
	rc = dry ? kl_network_may_append(network, &ask->fault)
		 : withdraw(network, &withdrawal, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 3);
	kl_put_text(&ask->out, "metric", metric.code);
	kl_put_text(&ask->out, "period", text);
	kl_put_bool(&ask->out, "withdrawn", !dry);
	return kl_ask_answer(ask);
}
