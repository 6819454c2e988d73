#include "core/observation.h"
#include "core/bytes.h"
#include "core/definition.h"
#include "core/text.h"
#include "core/words.h"

#include <string.h>

/* ---- what is observed ---------------------------------------------------------------------- */

/* Indicators first, then metrics, as one list to look names up in. */
static const char *spelling(const void *context, size_t index, size_t which)
{
	const struct kl_indicator *it;

	(void)context;
	if (which > 1)
		return NULL;
	if (index >= kl_indicator_count()) {
		index -= kl_indicator_count();
		return which == 0 ? kl_metric_code(index) : kl_metric_name(index);
	}
	it = kl_indicator_at(index);
	return which == 0 ? it->code : it->name;
}

/* What an observation is of. */
struct observed {
	const char *name;
	enum kl_unit unit;
	uint32_t scale;
	bool words;   /* words alone may stand for it */
	bool counted; /* by tallies: */
	struct kl_metric metric;
};

static void observed_metric(size_t index, struct observed *ret)
{
	struct observed found = {.counted = true};

	kl_metric_at(index, &found.metric);
	found.name = found.metric.name;
	found.unit = found.metric.unit;
	found.scale = found.metric.scale;
	*ret = found;
}

static int observed_indicator(const struct kl_indicator *indicator, const char *component,
	struct observed *ret, struct kl_fault *fault)
{
	for (uint8_t i = 0; i < indicator->component_count; i++) {
		enum kl_unit unit = indicator->components[i].unit;

		if (strcmp(indicator->components[i].code, component) != 0)
			continue;
		*ret = (struct observed){.name = indicator->name,
			.unit = unit,
			.scale = kl_unit_scale(unit),
			.words = indicator->form != KL_QUANTITATIVE};
		return KL_OK;
	}
	return kl_fault(fault, KL_E_NOT_FOUND, "%s (%s) has no component \"%s\"", indicator->code,
		indicator->name, component);
}

/* Of an indicator that a member defined: whoever recorded it held it against the definition. */
static int observed_defined(
	const struct kl_observation *o, struct observed *ret, struct kl_fault *fault)
{
	if ((unsigned)o->unit >= KL_UNIT_COUNT_ALL || !kl_definition_is_code(o->code))
		return kl_fault(fault, KL_E_MALFORMED, "%s: no such unit or code", o->code);
	*ret = (struct observed){.name = "defined by a member",
		.unit = o->unit,
		.scale = kl_unit_scale(o->unit),
		.words = true};
	return KL_OK;
}

static int observed_of(const struct kl_observation *o, struct observed *ret, struct kl_fault *fault)
{
	const struct kl_indicator *indicator = kl_indicator_by_code(o->code);
	size_t index;

	if (o->defined)
		return observed_defined(o, ret, fault);
	if (indicator)
		return observed_indicator(indicator, o->component, ret, fault);
	if (kl_metric_index(o->code, &index))
		return kl_fault(fault, KL_E_NOT_FOUND, "no indicator or metric \"%s\"", o->code);
	if (*o->component)
		return kl_fault(fault, KL_E_NOT_FOUND, "metric %s has no component \"%s\"", o->code,
			o->component);
	observed_metric(index, ret);
	return KL_OK;
}

static int find_observed(const char *name, size_t *ret_index, struct kl_fault *fault)
{
	const struct kl_words list = {kl_indicator_count() + kl_metric_count(), spelling, NULL};

	for (size_t i = 0; i < list.count; i++) /* a code at once: tables have many of them */
		if (!strcmp(spelling(NULL, i, 0), name)) {
			*ret_index = i;
			return KL_OK;
		}
	return kl_words_find(&list, "indicator or metric", name, ret_index, fault);
}

int kl_observation_init(const char *name, const char *component, struct kl_period period,
	struct kl_observation *ret_observation, struct kl_fault *fault)
{
	struct kl_observation o = {.period = period};
	const struct kl_component *found;
	struct observed observed = {0};
	size_t index;
	int rc;

	rc = find_observed(name, &index, fault);
	if (rc)
		return rc;
	(void)kl_copy_text(o.code, sizeof o.code, spelling(NULL, index, 0));
	if (index < kl_indicator_count()) {
		rc = kl_component_find(kl_indicator_at(index), component, &found, fault);
		if (rc)
			return rc;
		component = found->code;
	}
	(void)kl_copy_text(o.component, sizeof o.component, component);
	rc = observed_of(&o, &observed, fault);
	if (!rc && observed.counted)
		rc = kl_metric_period_check(&observed.metric, period, fault);
	if (rc)
		return rc;
	*ret_observation = o;
	return KL_OK;
}

int kl_observation_init_defined(const struct kl_indicator *indicator,
	const struct kl_id *definition, const char *component, struct kl_period period,
	struct kl_observation *ret_observation, struct kl_fault *fault)
{
	struct kl_observation o = {.period = period, .defined = true, .definition = *definition};
	const struct kl_component *found;
	int rc = kl_component_find(indicator, component, &found, fault);

	if (rc)
		return rc;
	(void)kl_copy_text(o.code, sizeof o.code, indicator->code);
	(void)kl_copy_text(o.component, sizeof o.component, found->code);
	o.unit = found->unit;
	*ret_observation = o;
	return KL_OK;
}

int kl_observation_unit(
	const struct kl_observation *observation, enum kl_unit *ret_unit, uint32_t *ret_scale)
{
	struct observed observed = {0};
	int rc = observed_of(observation, &observed, NULL);

	if (rc)
		return rc;
	*ret_unit = observed.unit;
	*ret_scale = observed.scale;
	return KL_OK;
}

/* ---- its value ----------------------------------------------------------------------------- */

int kl_observation_words(
	struct kl_observation *observation, const char *text, struct kl_fault *fault)
{
	return kl_text_set(
		observation->text, sizeof observation->text, text, true, "the text", fault);
}

int kl_observation_value(
	struct kl_observation *observation, const char *text, struct kl_fault *fault)
{
	struct observed observed = {0};
	int64_t number = 0;
	int rc = observed_of(observation, &observed, fault);

	if (rc)
		return rc;
	if (observed.counted)
		rc = kl_metric_parse(&observed.metric, text, &number, fault);
	else
		rc = kl_number_parse(text, observed.unit, observed.scale, &number, fault);
	if (rc == KL_E_INVALID && observed.words && !observation->defined && *text)
		return kl_observation_words(observation, text, fault);
	if (rc && !observed.counted && !observation->defined)
		(void)kl_fault_at(fault, "%s (%s)", observation->code, observed.name);
	if (rc)
		return rc;
	observation->has_number = true;
	observation->number = number;
	return KL_OK;
}

/* ---- checking ------------------------------------------------------------------------------ */

static int check_texts(const struct kl_observation *o, struct kl_fault *fault)
{
	const struct {
		const char *array, *what;
		size_t size;
	} texts[] = {{o->code, "a code", sizeof o->code},
		{o->component, "a component", sizeof o->component},
		{o->place, "a place", sizeof o->place}, {o->method, "a method", sizeof o->method},
		{o->method_version, "a method's version", sizeof o->method_version},
		{o->source, "a source", sizeof o->source},
		{o->challenger, "a challenger's name", sizeof o->challenger}};
	int rc = kl_text_check(o->text, sizeof o->text, true, "a text", fault);

	for (size_t i = 0; i < sizeof texts / sizeof *texts && !rc; i++)
		rc = kl_text_check(texts[i].array, texts[i].size, false, texts[i].what, fault);
	return rc;
}

/* Bounds that a unit has by definition: nobody counts fewer than none, a share is a part, and the
 * scores among indicators of the catalogue are LM3's, of three rounds. Money, energy and carbon may be
 * lost. */
static void bounds_of(
	const struct observed *observed, bool defined, int64_t *ret_low, int64_t *ret_high)
{
	*ret_low = 0;
	*ret_high = KL_NUMBER_MAX;
	switch (observed->unit) {
	case KL_UNIT_SCORE:
		if (defined)
			break;
		*ret_low = observed->scale;
		*ret_high = 3 * (int64_t)observed->scale;
		break;
	case KL_UNIT_SHARE:
		*ret_high = observed->scale;
		break;
	case KL_UNIT_PERCENT:
	case KL_UNIT_GBP:
	case KL_UNIT_MWH:
	case KL_UNIT_TONNES:
		*ret_low = -KL_NUMBER_MAX;
		break;
	default:
		break;
	}
}

static int check_number(
	const struct kl_observation *o, const struct observed *observed, struct kl_fault *fault)
{
	char own[KL_NUMBER_TEXT_MAX], least[KL_NUMBER_TEXT_MAX], most[KL_NUMBER_TEXT_MAX];
	int64_t low, high;

	if (observed->counted)
		return kl_metric_value_check(&observed->metric, o->number, fault);
	if (o->number > KL_NUMBER_MAX || o->number < -KL_NUMBER_MAX)
		return kl_fault(fault, KL_E_RANGE, "%s: its number is out of range", o->code);
	bounds_of(observed, o->defined, &low, &high);
	if (o->number >= low && o->number <= high)
		return KL_OK;
	kl_number_format(o->number, observed->unit, observed->scale, own);
	if (o->defined) /* whoever asks knows its name, and nobody else does */
		kl_fault(fault, KL_E_RANGE, "%s is not a possible value", own);
	else
		kl_fault(fault, KL_E_RANGE, "%s is not a possible value of %s (%s)", own, o->code,
			observed->name);
	kl_number_format(low, observed->unit, observed->scale, least);
	kl_number_format(high, observed->unit, observed->scale, most);
	if (high == KL_NUMBER_MAX)
		(void)kl_fault_hint(fault, "it is %s or more", least);
	else
		(void)kl_fault_hint(fault, "it lies between %s and %s", least, most);
	return KL_E_RANGE;
}

int kl_observation_check(const struct kl_observation *observation, struct kl_fault *fault)
{
	const struct kl_observation *o = observation;
	struct observed observed = {0};
	int rc = check_texts(o, fault);

	if (rc)
		return rc;
	rc = observed_of(o, &observed, fault);
	if (rc)
		return rc;
	if ((unsigned)o->confidence > KL_CONFIDENCE_HIGH)
		return kl_fault(fault, KL_E_MALFORMED, "%s: no such confidence", o->code);
	if (observed.counted) {
		rc = kl_metric_period_check(&observed.metric, o->period, fault);
		if (rc)
			return rc;
	}
	if (o->has_number)
		return check_number(o, &observed, fault);
	if (!*o->text)
		return kl_fault(fault, KL_E_INVALID, "%s has no value", o->code);
	if (!observed.words)
		return kl_fault(fault, KL_E_INVALID, "%s is a number, not words alone", o->code);
	return KL_OK;
}

bool kl_observation_comparable(
	const struct kl_observation *a, const struct kl_observation *b, const char **ret_why)
{
	const char *why = NULL;

	if (strcmp(a->code, b->code) != 0 || strcmp(a->component, b->component) != 0)
		why = "they are different quantities";
	else if (a->defined != b->defined || !kl_id_equal(&a->definition, &b->definition))
		why = "what is counted was defined anew in between";
	else if (!a->has_number || !b->has_number)
		why = "one of them is not a number";
	else if (kl_period_months(a->period) != kl_period_months(b->period))
		why = "their periods are not of the same length";
	else if (!kl_words_equal(a->method, b->method))
		why = "they were found out by different methods";
	else if (!kl_words_equal(a->method_version, b->method_version))
		why = "the method had changed in between";
	if (why)
		*ret_why = why;
	return !why;
}
