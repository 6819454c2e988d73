#include "daemon/own_values.h"
#include "core/words.h"
#include "daemon/own_observation.h"
#include "protocol/wire.h"
#include "store/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND "choice"

enum { CHOICE_NAME_MAX = KL_METRIC_CODE_MAX + KL_PERIOD_TEXT_MAX, NOTHING_CHOSEN = 1 };

static const char *const route_names[] = {[KL_OWN_TYPED] = "typed", [KL_OWN_COMPUTED] = "computed"};

const char *kl_own_route_name(enum kl_own_route route)
{
	return route_names[route];
}

int kl_own_route_parse(const char *name, enum kl_own_route *ret_route)
{
	for (int i = KL_OWN_TYPED; i <= KL_OWN_COMPUTED; i++)
		if (kl_words_equal(name, route_names[i])) {
			*ret_route = (enum kl_own_route)i;
			return KL_OK;
		}
	return KL_E_INVALID;
}

/* ---- typed --------------------------------------------------------------------------------- */

struct typed {
	struct kl_observation found;
	bool whole; /* it is that of the whole area */
	unsigned count;
};

static int take_typed(void *arg, const struct kl_observation *o, uint64_t revision)
{
	struct typed *typed = arg;

	(void)revision;
	if (!typed->whole)
		typed->found = *o;
	typed->whole |= !o->place[0];
	typed->count++;
	return 0;
}

static int not_typed(
	const struct kl_metric *metric, struct kl_period period, struct kl_fault *fault)
{
	char text[KL_PERIOD_TEXT_MAX];

	kl_period_format(period, text);
	kl_fault(fault, KL_E_NOT_FOUND, "%s (%s) has no value for %s", metric->code, metric->name,
		text);
	(void)kl_fault_hint(
		fault, "keeplocal indicator record %s VALUE --period %s", metric->code, text);
	return KL_E_NOT_FOUND;
}

static int typed_value(struct kl_node *node, const struct kl_metric *metric,
	struct kl_period period, struct kl_own_value *ret, struct kl_fault *fault)
{
	struct typed typed = {.count = 0};
	const struct kl_observation *o = &typed.found;
	int rc = kl_own_observations(node, metric->code, &period, false, take_typed, &typed, fault);

	if (rc)
		return rc;
	if (!typed.count)
		return not_typed(metric, period, fault);
	if (typed.count > 1 && !typed.whole) {
		kl_fault(fault, KL_E_CONFLICT,
			"%s was recorded for %u places, and none is the "
			"whole area",
			metric->code, typed.count);
		(void)kl_fault_hint(fault, "record it once without --place");
		return KL_E_CONFLICT;
	}
	ret->value = o->number;
	ret->confidence = o->confidence;
	(void)kl_copy_text(ret->method, sizeof ret->method, o->method);
	(void)kl_copy_text(ret->source, sizeof ret->source, o->source);
	(void)kl_copy_text(ret->origin, sizeof ret->origin, "typed");
	return KL_OK;
}

/* ---- computed ------------------------------------------------------------------------------ */

static const struct {
	const char *prefix;
	kl_own_source_fn *source;
} sources[] = {
#define KL_OWN_SOURCE(prefix, function) {prefix, function},
#include "daemon/own_values.def"
#undef KL_OWN_SOURCE
};

static int computed_value(struct kl_node *node, const struct kl_metric *metric,
	struct kl_period period, struct kl_own_value *ret, struct kl_fault *fault)
{
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
		if (!strncmp(metric->code, sources[i].prefix, strlen(sources[i].prefix)))
			return sources[i].source(node, metric, period, ret, fault);
	return kl_fault(fault, KL_E_NOT_FOUND, "%s is not computed, but typed only", metric->code);
}

/* A metric may come over the wire: its numbers must mean what ours mean. */
static int check_form(
	const struct kl_metric *metric, struct kl_period period, struct kl_fault *fault)
{
	struct kl_metric own;
	size_t index;

	if (kl_metric_index(metric->code, &index))
		return kl_fault(fault, KL_E_NOT_FOUND, "no metric %s is known here", metric->code);
	kl_metric_at(index, &own);
	if (own.unit != metric->unit || own.scale != metric->scale)
		return kl_fault(fault, KL_E_VERSION,
			"%s is written in another unit than here: one of both programs is older",
			metric->code);
	return kl_metric_period_check(metric, period, fault);
}

int kl_own_value_by(struct kl_node *node, enum kl_own_route route, const struct kl_metric *metric,
	struct kl_period period, struct kl_own_value *ret_value, struct kl_fault *fault)
{
	struct kl_own_value found = {.route = route};
	int rc = check_form(metric, period, fault);

	if (!rc)
		rc = (route == KL_OWN_TYPED ? typed_value : computed_value)(
			node, metric, period, &found, fault);
	if (!rc)
		rc = kl_metric_value_check(metric, found.value, fault);
	if (!rc)
		*ret_value = found;
	return rc;
}

/* ---- the choice ---------------------------------------------------------------------------- */

static void choice_name(
	const struct kl_metric *metric, struct kl_period period, char out[CHOICE_NAME_MAX])
{
	char text[KL_PERIOD_TEXT_MAX];

	(void)snprintf(out, CHOICE_NAME_MAX, "%s|%s", metric->code, kl_period_format(period, text));
}

int kl_own_value_choose(struct kl_node *node, const struct kl_metric *metric,
	struct kl_period period, enum kl_own_route route, struct kl_fault *fault)
{
	char name[CHOICE_NAME_MAX];
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	choice_name(metric, period, name);
	kl_writer_init(&w);
	kl_write_map(&w, 2);
	kl_put_uint(&w, "v", 1);
	kl_put_text(&w, "route", route_names[route]);
	rc = kl_writer_bytes(&w, &bytes);
	rc = rc ? kl_fault(fault, rc, "out of memory")
		: kl_node_keep(node, KIND, name, bytes, fault);
	kl_writer_deinit(&w);
	return rc;
}

static int read_choice(struct kl_bytes bytes, enum kl_own_route *ret_route)
{
	struct kl_value map;
	uint64_t version;
	char route[16];

	if (kl_value_open(bytes, &map) || kl_get_uint(&map, "v", UINT32_MAX, &version))
		return KL_E_MALFORMED;
	if (version != 1)
		return KL_E_VERSION;
	if (kl_get_text(&map, "route", route, sizeof route))
		return KL_E_MALFORMED;
	return kl_own_route_parse(route, ret_route);
}

/* NOTHING_CHOSEN, or 0 and the route. */
static int chosen(struct kl_node *node, const struct kl_metric *metric, struct kl_period period,
	enum kl_own_route *ret_route, struct kl_fault *fault)
{
	char name[CHOICE_NAME_MAX];
	uint8_t *bytes;
	size_t len;
	int rc;

	choice_name(metric, period, name);
	rc = kl_document_get(node->store, KIND, name, 0, &bytes, &len, NULL);
	if (rc == KL_E_NOT_FOUND)
		return NOTHING_CHOSEN;
	if (!rc) {
		rc = read_choice(kl_bytes(bytes, len), ret_route);
		free(bytes);
	}
	return rc ? kl_fault(fault, rc, "what was chosen for %s cannot be read: %s", metric->code,
			    kl_error_text(rc))
		  : KL_OK;
}

/* ---- the one that counts ------------------------------------------------------------------- */

static int both(const struct kl_metric *metric, struct kl_period period,
	const struct kl_own_value *typed, const struct kl_own_value *computed,
	struct kl_fault *fault)
{
	char a[KL_NUMBER_TEXT_MAX], b[KL_NUMBER_TEXT_MAX], text[KL_PERIOD_TEXT_MAX];

	kl_fault(fault, KL_E_CONFLICT,
		"%s (%s) has two values for %s: %s was typed, %s follows "
		"from %s",
		metric->code, metric->name, kl_period_format(period, text),
		kl_metric_format(metric, typed->value, a),
		kl_metric_format(metric, computed->value, b), computed->origin);
	(void)kl_fault_hint(fault,
		"say which counts: keeplocal indicator choose %s typed --period %s (or computed)",
		metric->code, text);
	return KL_E_CONFLICT;
}

/* Nothing was chosen: whatever there is, as long as it is one. */
static int the_only_one(struct kl_node *node, const struct kl_metric *metric,
	struct kl_period period, struct kl_own_value *ret_value, struct kl_fault *fault)
{
	struct kl_own_value typed, computed;
	struct kl_fault no_type = {0}, no_sum = {0};
	int typing = kl_own_value_by(node, KL_OWN_TYPED, metric, period, &typed, &no_type);
	int summing = kl_own_value_by(node, KL_OWN_COMPUTED, metric, period, &computed, &no_sum);
	const struct kl_fault *said = NULL;

	if (typing && typing != KL_E_NOT_FOUND)
		said = &no_type;
	else if (summing && summing != KL_E_NOT_FOUND)
		said = &no_sum;
	else if (typing && summing) /* why it cannot be computed says more, if it can at all */
		said = no_sum.hint[0] ? &no_sum : &no_type;
	if (said) {
		if (fault)
			*fault = *said;
		return said->code;
	}
	if (!typing && !summing && typed.value != computed.value)
		return both(metric, period, &typed, &computed, fault);
	*ret_value = summing ? typed : computed;
	return KL_OK;
}

int kl_own_value(struct kl_node *node, const struct kl_metric *metric, struct kl_period period,
	struct kl_own_value *ret_value, struct kl_fault *fault)
{
	enum kl_own_route route = KL_OWN_TYPED;
	int rc = chosen(node, metric, period, &route, fault);

	if (rc == NOTHING_CHOSEN)
		return the_only_one(node, metric, period, ret_value, fault);
	return rc ? rc : kl_own_value_by(node, route, metric, period, ret_value, fault);
}
