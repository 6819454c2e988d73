/* indicator list, indicator show: what can be recorded, and how it is collected. */
#include "core/catalogue.h"
#include "core/metric.h"
#include "core/observation.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/own_observation.h"
#include "daemon/own_values.h"

#include <string.h>

enum { EVERY = KL_CHARACTERISTICS };

static int put_indicator_row(
	struct kl_node *node, struct kl_writer *w, const struct kl_indicator *it)
{
	size_t recorded = 0;
	int rc = kl_own_observations_count(node, it->code, &recorded);

	kl_write_map(w, 6);
	kl_put_text(w, "code", it->code);
	kl_put_text(w, "name", it->name);
	kl_put_text(w, "characteristic", kl_characteristic_at(it->characteristic)->code);
	kl_put_text(w, "kind", kl_indicator_kind_name(it->kind));
	kl_put_text(w, "form", kl_indicator_form_name(it->form));
	kl_put_uint(w, "recorded", recorded);
	return rc;
}

static int put_indicators(struct kl_node *node, struct kl_writer *w, size_t characteristic)
{
	size_t n = 0;
	int rc = KL_OK;

	for (size_t i = 0; i < kl_indicator_count(); i++)
		n += characteristic == EVERY ||
		     kl_indicator_at(i)->characteristic == characteristic;
	kl_put_array(w, "indicators", n);
	for (size_t i = 0; i < kl_indicator_count() && !rc; i++)
		if (characteristic == EVERY || kl_indicator_at(i)->characteristic == characteristic)
			rc = put_indicator_row(node, w, kl_indicator_at(i));
	return rc;
}

static int put_metrics(struct kl_node *node, struct kl_writer *w)
{
	struct kl_metric metric;
	size_t recorded = 0;
	int rc = KL_OK;

	kl_put_array(w, "metrics", kl_metric_count());
	for (size_t i = 0; i < kl_metric_count() && !rc; i++) {
		kl_metric_at(i, &metric);
		rc = kl_own_observations_count(node, metric.code, &recorded);
		kl_write_map(w, 4);
		kl_put_text(w, "code", metric.code);
		kl_put_text(w, "name", metric.name);
		kl_put_text(w, "unit", kl_unit_name(metric.unit));
		kl_put_uint(w, "recorded", recorded);
	}
	return rc;
}

int kl_cmd_indicator_list(void *data, struct kl_ask *ask)
{
	struct kl_writer *w = &ask->out;
	char name[256];
	size_t characteristic = EVERY;
	int rc = kl_ask_text(ask, "characteristic", name, sizeof name);

	if (!rc && name[0])
		rc = kl_characteristic_find(name, &characteristic, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(w, characteristic == EVERY ? 2 : 1);
	rc = put_indicators(data, w, characteristic);
	if (!rc && characteristic == EVERY)
		rc = put_metrics(data, w);
	return rc ? rc : kl_ask_answer(ask);
}

/* ---- one of them --------------------------------------------------------------------------- */

static void put_indicator(struct kl_writer *w, const struct kl_indicator *it, size_t recorded)
{
	const struct kl_indicator *twins[KL_TWINS_MAX];
	size_t twin_count = kl_indicator_twins(it, twins);

	kl_write_map(w, 11);
	kl_put_text(w, "code", it->code);
	kl_put_text(w, "name", it->name);
	kl_put_text(w, "characteristic", kl_characteristic_at(it->characteristic)->name);
	kl_put_text(w, "kind", kl_indicator_kind_name(it->kind));
	kl_put_text(w, "level", kl_indicator_level_name(it->level));
	kl_put_text(w, "form", kl_indicator_form_name(it->form));
	kl_put_text(w, "span", kl_indicator_span_name(it->span));
	kl_put_text(w, "how", it->how);
	kl_put_array(w, "twins", twin_count);
	for (size_t i = 0; i < twin_count; i++)
		kl_write_text(w, twins[i]->name);
	kl_put_array(w, "components", it->component_count);
	for (uint8_t i = 0; i < it->component_count; i++) {
		const struct kl_component *c = &it->components[i];

		kl_write_map(w, 4);
		kl_put_said(w, "component", c->code);
		kl_put_text(w, "name", c->name);
		kl_put_text(w, "unit", kl_unit_name(c->unit));
		kl_put_text(w, "better", kl_polarity_name(c->polarity));
	}
	kl_put_uint(w, "recorded", recorded);
}

static void put_metric(struct kl_writer *w, const struct kl_metric *metric, size_t recorded)
{
	kl_write_map(w, 6);
	kl_put_text(w, "code", metric->code);
	kl_put_text(w, "name", metric->name);
	kl_put_text(w, "unit", kl_unit_name(metric->unit));
	kl_put_said(w, "rule", kl_metric_rule(metric->code));
	kl_put_said(w, "caution", kl_metric_caution(metric->code));
	kl_put_uint(w, "recorded", recorded);
}

int kl_cmd_indicator_show(void *data, struct kl_ask *ask)
{
	const struct kl_indicator *indicator;
	struct kl_metric metric;
	char name[256], code[KL_METRIC_CODE_MAX];
	size_t recorded = 0, index;
	int rc = kl_ask_needed(ask, "name", "which indicator?", name, sizeof name);

	if (!rc)
		rc = kl_observed_find(name, code, &ask->fault);
	if (!rc)
		rc = kl_own_observations_count(data, code, &recorded);
	if (rc)
		return rc;
	indicator = kl_indicator_by_code(code);
	if (indicator) {
		put_indicator(&ask->out, indicator, recorded);
		return kl_ask_answer(ask);
	}
	rc = kl_metric_index(code, &index);
	if (rc)
		return rc;
	kl_metric_at(index, &metric);
	put_metric(&ask->out, &metric, recorded);
	return kl_ask_answer(ask);
}
