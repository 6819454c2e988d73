/* indicator record, history, choose: what was found out about an indicator or a metric. */
#include "core/metric.h"
#include "core/observation.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/own_observation.h"
#include "daemon/own_values.h"

#include <string.h>

/* ---- the answer ---------------------------------------------------------------------------- */

enum { OBSERVATION_KEYS = 13 };

/* The pairs of one observation; the map is the caller's. */
static void put_observation(struct kl_writer *w, const struct kl_observation *o, uint64_t revision)
{
	enum kl_unit unit = KL_UNIT_COUNT;
	uint32_t scale = 1;
	bool known = !kl_observation_unit(o, &unit, &scale);

	kl_put_text(w, "code", o->code);
	kl_put_said(w, "component", o->component);
	kl_put_period(w, "period", o->period);
	kl_put_said(w, "place", o->place);
	if (o->has_number)
		kl_put_double(w, "value", kl_number_value(o->number, scale));
	else
		kl_put_nil(w, "value");
	kl_put_text(w, "unit", known ? kl_unit_name(unit) : NULL);
	kl_put_said(w, "text", o->text);
	kl_put_said(w, "method", o->method);
	kl_put_said(w, "method_version", o->method_version);
	kl_put_said(w, "confidence", kl_confidence_name(o->confidence));
	kl_put_said(w, "source", o->source);
	kl_put_said(w, "challenger", o->challenger);
	kl_put_uint(w, "revision", revision);
}

/* ---- record -------------------------------------------------------------------------------- */

static int take_words(struct kl_ask *ask, struct kl_observation *o)
{
	const struct {
		const char *key;
		char *out;
		size_t size;
	} texts[] = {{"place", o->place, sizeof o->place}, {"method", o->method, sizeof o->method},
		{"method_version", o->method_version, sizeof o->method_version},
		{"source", o->source, sizeof o->source},
		{"challenger", o->challenger, sizeof o->challenger}};
	char confidence[16];
	int rc = kl_ask_text(ask, "confidence", confidence, sizeof confidence);

	if (!rc && confidence[0] && kl_confidence_parse(confidence, &o->confidence))
		rc = kl_fault(&ask->fault, KL_E_USAGE,
			"--confidence is high, moderate or low, not \"%s\"", confidence);
	for (size_t i = 0; !rc && i < sizeof texts / sizeof *texts; i++)
		rc = kl_ask_text(ask, texts[i].key, texts[i].out, texts[i].size);
	return rc;
}

/* A metric is given for some kinds of periods only, an indicator for any. */
static int take_period(struct kl_ask *ask, const char *name, struct kl_period *ret_period)
{
	char code[KL_METRIC_CODE_MAX];
	struct kl_metric metric;
	size_t index;

	if (kl_observed_find(name, code, NULL) || kl_metric_index(code, &index))
		return kl_ask_period(ask, NULL, ret_period);
	kl_metric_at(index, &metric);
	return kl_ask_metric_period(ask, &metric, ret_period);
}

static int observe(struct kl_ask *ask, struct kl_observation *ret)
{
	char name[256], component[64], value[KL_OBSERVATION_TEXT_MAX];
	struct kl_period period;
	int rc = kl_ask_needed(ask, "name", "which indicator?", name, sizeof name);

	if (!rc)
		rc = kl_ask_needed(ask, "value", "which value?", value, sizeof value);
	if (!rc)
		rc = kl_ask_text(ask, "component", component, sizeof component);
	if (!rc)
		rc = take_period(ask, name, &period);
	if (!rc)
		rc = kl_observation_init(name, component, period, ret, &ask->fault);
	if (!rc)
		rc = kl_observation_value(ret, value, &ask->fault);
	return rc ? rc : take_words(ask, ret);
}

/* A metric's value that contradicts what was computed is said at once, not when a tally asks. */
static void put_warnings(struct kl_node *node, struct kl_writer *w, const struct kl_observation *o)
{
	struct kl_own_value value;
	struct kl_metric metric;
	struct kl_fault fault = {0};
	size_t index;
	bool conflict = false;

	if (!kl_metric_index(o->code, &index)) {
		kl_metric_at(index, &metric);
		conflict = kl_own_value(node, &metric, o->period, &value, &fault) == KL_E_CONFLICT;
	}
	kl_put_array(w, "warnings", conflict ? 2 : 0);
	if (conflict) {
		kl_write_text(w, fault.message);
		kl_write_text(w, fault.hint);
	}
}

int kl_cmd_indicator_record(void *data, struct kl_ask *ask)
{
	struct kl_observation o;
	uint64_t revision;
	int rc = observe(ask, &o);

	if (!rc)
		rc = kl_own_observation_keep(data, &o, &revision, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, OBSERVATION_KEYS + 1);
	put_observation(&ask->out, &o, revision);
	put_warnings(data, &ask->out, &o);
	return kl_ask_answer(ask);
}

/* ---- history ------------------------------------------------------------------------------- */

struct history {
	struct kl_writer rows;
	size_t count;
	bool has_previous;
	struct kl_observation previous;
};

/* Beside each observation stands whether its number may be compared with the one before. */
static int put_row(void *arg, const struct kl_observation *o, uint64_t revision)
{
	struct history *h = arg;
	const char *why = NULL;
	bool comparable = h->has_previous && kl_observation_comparable(&h->previous, o, &why);

	kl_write_map(&h->rows, OBSERVATION_KEYS + 2);
	put_observation(&h->rows, o, revision);
	if (h->has_previous)
		kl_put_bool(&h->rows, "comparable", comparable);
	else
		kl_put_nil(&h->rows, "comparable");
	kl_put_text(&h->rows, "why", why);
	h->previous = *o;
	h->has_previous = true;
	h->count++;
	return 0;
}

int kl_cmd_indicator_history(void *data, struct kl_ask *ask)
{
	struct history history = {.count = 0};
	char name[256], code[KL_METRIC_CODE_MAX];
	struct kl_bytes rows;
	int rc = kl_ask_needed(ask, "name", "which indicator?", name, sizeof name);

	if (!rc)
		rc = kl_observed_find(name, code, &ask->fault);
	if (rc)
		return rc;
	kl_writer_init(&history.rows);
	rc = kl_own_observations(data, code, NULL, true, put_row, &history, &ask->fault);
	if (!rc)
		rc = kl_writer_bytes(&history.rows, &rows);
	if (!rc) {
		kl_write_map(&ask->out, 2);
		kl_put_text(&ask->out, "code", code);
		kl_put_array(&ask->out, "observations", history.count);
		kl_write_raw(&ask->out, rows);
	}
	kl_writer_deinit(&history.rows);
	return rc ? rc : kl_ask_answer(ask);
}

/* The route that was asked for leads nowhere: say so, whatever the other one would give. */
static int no_typed_value(
	struct kl_ask *ask, const struct kl_metric *metric, struct kl_period period)
{
	char text[KL_PERIOD_TEXT_MAX];

	kl_period_format(period, text);
	kl_fault(&ask->fault, KL_E_NOT_FOUND, "%s (%s) has no typed value for %s", metric->code,
		metric->name, text);
	return kl_fault_hint(
		&ask->fault, "keeplocal indicator record %s VALUE --period %s", metric->code, text);
}

/* ---- choose -------------------------------------------------------------------------------- */

int kl_cmd_indicator_choose(void *data, struct kl_ask *ask)
{
	char name[256], word[32], text[KL_NUMBER_TEXT_MAX];
	struct kl_own_value value;
	struct kl_metric metric;
	struct kl_period period;
	enum kl_own_route route;
	int rc = kl_ask_needed(ask, "name", "which metric?", name, sizeof name);

	if (!rc)
		rc = kl_ask_needed(
			ask, "route", "which counts, typed or computed?", word, sizeof word);
	if (!rc && kl_own_route_parse(word, &route))
		rc = kl_fault(&ask->fault, KL_E_USAGE,
			"which counts? typed or computed, not \"%s\"", word);
	if (!rc)
		rc = kl_metric_find(name, &metric, &ask->fault);
	if (!rc)
		rc = kl_ask_metric_period(ask, &metric, &period);
	if (!rc) {
		rc = kl_own_value_by(data, route, &metric, period, &value, &ask->fault);
		if (rc == KL_E_NOT_FOUND && route == KL_OWN_TYPED)
			rc = no_typed_value(ask, &metric, period);
	}
	if (!rc)
		rc = kl_own_value_choose(data, &metric, period, route, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 6);
	kl_put_text(&ask->out, "metric", metric.code);
	kl_put_period(&ask->out, "period", period);
	kl_put_text(&ask->out, "chosen", kl_own_route_name(route));
	kl_put_double(&ask->out, "value", kl_number_value(value.value, metric.scale));
	kl_put_text(&ask->out, "shown", kl_metric_format(&metric, value.value, text));
	kl_put_text(&ask->out, "origin", value.origin);
	return kl_ask_answer(ask);
}
