/* indicator record, choose: what was found out about an indicator or a metric. */
#include "core/metric.h"
#include "core/observation.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/observation_words.h"
#include "daemon/own_observation.h"
#include "daemon/own_values.h"

#include <string.h>

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
static int take_period(
	struct kl_ask *ask, const struct kl_observable *what, struct kl_period *ret_period)
{
	struct kl_metric metric;
	size_t index;

	if (what->indicator || kl_metric_index(what->code, &index))
		return kl_ask_period(ask, NULL, ret_period);
	kl_metric_at(index, &metric);
	return kl_ask_metric_period(ask, &metric, ret_period);
}

static int take_value(const struct kl_observable *what, const char *value, struct kl_observation *o,
	struct kl_fault *fault)
{
	int rc = kl_observation_value(o, value, fault);

	if (rc == KL_E_INVALID && what->known && what->indicator->form != KL_QUANTITATIVE && *value)
		return kl_observation_words(o, value, fault);
	if (rc && what->known)
		(void)kl_fault_at(fault, "%s", what->indicator->name);
	return rc;
}

static int observe(struct kl_ask *ask, const struct kl_observable *what, struct kl_observation *ret)
{
	char component[64], value[KL_OBSERVATION_TEXT_MAX], text[KL_OBSERVATION_TEXT_MAX] = "";
	struct kl_period period;
	int rc = kl_ask_needed(ask, "value", "which value?", value, sizeof value);

	if (!rc)
		rc = kl_ask_text(ask, "component", component, sizeof component);
	if (!rc)
		rc = kl_ask_text(ask, "text", text, sizeof text);
	if (!rc)
		rc = take_period(ask, what, &period);
	if (!rc)
		rc = kl_own_observation_begin(what, component, period, ret, &ask->fault);
	if (!rc)
		rc = take_value(what, value, ret, &ask->fault);
	if (!rc && text[0])
		rc = ret->text[0] ? kl_fault(&ask->fault, KL_E_USAGE,
					    "two texts: the value is words, and --text says more")
				  : kl_observation_words(ret, text, &ask->fault);
	if (!rc)
		rc = take_words(ask, ret);
	if (rc)
		return rc;
	rc = kl_observation_check(ret, &ask->fault);
	if (rc && what->known)
		(void)kl_fault_at(&ask->fault, "%s", what->indicator->name);
	return rc;
}

/* A number keeps as many decimals as its unit has; if more were typed, that is told. */
static bool was_cut(const struct kl_observation *o, const char *typed, char out[160])
{
	char kept[KL_NUMBER_TEXT_MAX];
	int64_t finer;
	enum kl_unit unit;
	uint32_t scale;

	if (!o->has_number || kl_observation_unit(o, &unit, &scale) || scale >= KL_SCALE_MAX ||
		kl_number_parse(typed, unit, KL_SCALE_MAX, &finer, NULL) ||
		finer == o->number * (int64_t)(KL_SCALE_MAX / scale))
		return false;
	(void)snprintf(out, 160, "%.40s was typed, and %s is kept: it has no more decimals", typed,
		kl_number_format(o->number, unit, scale, kept));
	return true;
}

/* A metric's value that contradicts what was computed is said at once, not when a tally asks; and so
 * is that a definition is no longer its author's. */
static void put_warnings(struct kl_node *node, struct kl_writer *w, const struct kl_observation *o,
	const struct kl_known *known, const char *typed)
{
	char cut[160];
	struct kl_own_value value;
	struct kl_metric metric;
	struct kl_fault fault = {0};
	size_t index;
	bool conflict = false, gone = known && known->withdrawn && !known->adopted;

	if (!kl_metric_index(o->code, &index)) {
		kl_metric_at(index, &metric);
		conflict = kl_own_value(node, &metric, o->period, &value, &fault) == KL_E_CONFLICT;
	}
	const bool is_cut = was_cut(o, typed, cut);

	kl_put_array(w, "warnings", (conflict ? 2 : 0) + (gone ? 1 : 0) + (is_cut ? 1 : 0));
	if (is_cut)
		kl_write_text(w, cut);
	if (conflict) {
		kl_write_text(w, fault.message);
		kl_write_text(w, fault.hint);
	}
	if (gone)
		kl_write_text(w,
			"its author has taken this definition back: it is recorded under the "
			"version that was kept here");
}

int kl_cmd_indicator_record(void *data, struct kl_ask *ask)
{
	struct kl_observable what = {0};
	struct kl_observation o;
	char name[256];
	char value[KL_OBSERVATION_TEXT_MAX];
	uint64_t revision;
	int rc = kl_ask_needed(ask, "name", "which indicator?", name, sizeof name);

	if (!rc)
		rc = kl_observable_find(data, name, &what, &ask->fault);
	if (!rc)
		rc = observe(ask, &what, &o);
	if (!rc)
		rc = kl_own_observation_keep(data, &o, what.known, &revision, &ask->fault);
	if (!rc) {
		kl_write_map(&ask->out, KL_OBSERVATION_KEYS + 2);
		kl_put_text(&ask->out, "name", what.indicator ? what.indicator->name : what.code);
		kl_put_observation(&ask->out, &o, revision);
		(void)kl_get_text_or(&ask->args, "value", "", value, sizeof value);
		put_warnings(data, &ask->out, &o, what.known, value);
	}
	kl_observable_free(&what);
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
