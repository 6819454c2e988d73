/* indicator list, indicator show: what can be recorded, and how it is collected. */
#include "core/activity.h"
#include "core/metric.h"
#include "core/trend.h"
#include "core/words.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/observation_words.h"
#include "daemon/own_observation.h"
#include "daemon/own_values.h"

#include <string.h>

enum {
	EVERY = -1,
	DEFINITIONS_SHOWN_MAX = 400, /* in one answer */
};

/* ---- which --------------------------------------------------------------------------------- */

struct filter {
	int characteristic, kind, level; /* EVERY, or which */
	bool recorded, defined_only;
	char words[128];
};

static int take_kind(struct filter *f, const char *text, struct kl_fault *fault)
{
	if (kl_words_equal(text, "defined")) {
		f->defined_only = true;
		return KL_OK;
	}
	for (int i = KL_INDICATOR_KEY; i <= KL_INDICATOR_OTHER; i++)
		if (kl_words_equal(text, kl_indicator_kind_name(i))) {
			f->kind = i;
			return KL_OK;
		}
	return kl_fault(fault, KL_E_USAGE,
		"--kind is key, example, other or defined (by members), not \"%s\"", text);
}

static int take_filter(struct kl_ask *ask, struct filter *f)
{
	char characteristic[128], kind[32], level[32];
	enum kl_indicator_level found = KL_OF_ORGANISATION;
	size_t index = 0;
	int rc = kl_ask_text(ask, "characteristic", characteristic, sizeof characteristic);

	*f = (struct filter){.characteristic = EVERY, .kind = EVERY, .level = EVERY};
	if (!rc && characteristic[0]) {
		rc = kl_characteristic_find(characteristic, &index, &ask->fault);
		f->characteristic = (int)index;
	}
	if (!rc)
		rc = kl_ask_text(ask, "kind", kind, sizeof kind);
	if (!rc && kind[0])
		rc = take_kind(f, kind, &ask->fault);
	if (!rc)
		rc = kl_ask_text(ask, "level", level, sizeof level);
	if (!rc && level[0]) {
		if (kl_indicator_level_parse(level, &found))
			return kl_fault(&ask->fault, KL_E_USAGE,
				"--level is organisation, neighbourhood or council, not \"%s\"",
				level);
		f->level = (int)found;
	}
	if (!rc && kl_get_bool_or(&ask->args, "recorded", false, &f->recorded))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "--recorded takes no value");
	return rc ? rc : kl_ask_text(ask, "words", f->words, sizeof f->words);
}

static bool fits_words(const struct filter *f, const char *code, const char *name)
{
	return !f->words[0] || kl_words_contain(name, f->words) || kl_words_contain(code, f->words);
}

static bool fits(const struct filter *f, const struct kl_indicator *it)
{
	return (f->characteristic == EVERY || f->characteristic == it->characteristic) &&
	       (f->level == EVERY || f->level == (int)it->level) &&
	       fits_words(f, it->code, it->name);
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* Rows of one array, counted while they are written. */
struct listing {
	struct kl_node *node;
	const struct filter *filter;
	struct kl_writer rows;
	size_t n;
};

static int put_list(struct kl_writer *w, const char *key, struct listing *l)
{
	struct kl_bytes rows;
	int rc = kl_writer_bytes(&l->rows, &rows);

	if (rc)
		return rc;
	kl_put_array(w, key, l->n);
	if (rows.len)
		kl_write_raw(w, rows);
	kl_writer_reset(&l->rows);
	l->n = 0;
	return KL_OK;
}

static void put_indicator_row(
	struct kl_writer *w, const struct kl_indicator *it, size_t pairs, size_t recorded)
{
	kl_write_map(w, 7 + pairs);
	kl_put_text(w, "code", it->code);
	kl_put_text(w, "name", it->name);
	kl_put_text(w, "characteristic", kl_characteristic_at(it->characteristic)->code);
	kl_put_text(w, "level", kl_indicator_level_name(it->level));
	kl_put_text(w, "form", kl_indicator_form_name(it->form));
	kl_put_uint(w, "recorded", recorded);
	kl_put_text(
		w, "unit", it->component_count == 1 ? kl_unit_name(it->components[0].unit) : NULL);
}

static int list_one(struct listing *l, const struct kl_indicator *it)
{
	size_t recorded = 0;
	int rc;

	if ((l->filter->kind != EVERY && l->filter->kind != (int)it->kind) || !fits(l->filter, it))
		return KL_OK;
	rc = kl_own_observations_count(l->node, it->code, &recorded);
	if (rc || (l->filter->recorded && !recorded))
		return rc;
	put_indicator_row(&l->rows, it, 1, recorded);
	kl_put_text(&l->rows, "kind", kl_indicator_kind_name(it->kind));
	l->n++;
	return KL_OK;
}

/* By characteristic, the suggested ones first. */
static int list_catalogue(struct listing *l)
{
	int rc = KL_OK;

	for (int c = 0; c < KL_CHARACTERISTICS && !l->filter->defined_only; c++)
		for (size_t i = 0; i < kl_indicator_count() && !rc; i++)
			if (kl_indicator_at(i)->characteristic == c)
				rc = list_one(l, kl_indicator_at(i));
	return rc;
}

static int list_defined(struct listing *l, const struct kl_known *k)
{
	struct kl_indicator view;
	size_t recorded = 0;
	int rc;

	kl_definition_view(&k->definition, k->code, &view);
	if (!fits(l->filter, &view))
		return KL_OK;
	rc = kl_own_observations_count(l->node, k->code, &recorded);
	if (rc || (l->filter->recorded && !recorded))
		return rc;
	put_indicator_row(&l->rows, &view, 6, recorded);
	kl_put_text(&l->rows, "author", k->author_name[0] ? k->author_name : NULL);
	kl_put_bool(&l->rows, "own", k->own);
	kl_put_bool(&l->rows, "adopted", k->adopted);
	kl_put_bool(&l->rows, "published", k->published);
	kl_put_bool(&l->rows, "withdrawn", k->withdrawn);
	kl_put_uint(&l->rows, "version", k->definition.version);
	l->n++;
	return KL_OK;
}

static int list_definitions(struct listing *l, size_t *ret_left_off, struct kl_fault *fault)
{
	struct kl_known_list known;
	int rc;

	*ret_left_off = 0;
	if (l->filter->kind != EVERY)
		return KL_OK;
	rc = kl_known_all(l->node, &known, fault);
	if (rc)
		return rc;
	for (size_t i = 0; i < known.n && !rc; i++)
		if (l->n < DEFINITIONS_SHOWN_MAX)
			rc = list_defined(l, &known.items[i]);
		else
			++*ret_left_off;
	kl_known_free(&known);
	return rc;
}

static int list_metrics(struct listing *l)
{
	struct kl_metric metric;
	size_t recorded = 0;
	int rc = KL_OK;

	if (l->filter->characteristic != EVERY || l->filter->kind != EVERY ||
		l->filter->level != EVERY || l->filter->defined_only)
		return KL_OK;
	for (size_t i = 0; i < kl_metric_count() && !rc; i++) {
		kl_metric_at(i, &metric);
		rc = kl_own_observations_count(l->node, metric.code, &recorded);
		if (rc || !fits_words(l->filter, metric.code, metric.name) ||
			(l->filter->recorded && !recorded))
			continue;
		kl_write_map(&l->rows, 4);
		kl_put_text(&l->rows, "code", metric.code);
		kl_put_text(&l->rows, "name", metric.name);
		kl_put_text(&l->rows, "unit", kl_unit_name(metric.unit));
		kl_put_uint(&l->rows, "recorded", recorded);
		l->n++;
	}
	return rc;
}

static int put_lists(struct listing *l, struct kl_ask *ask)
{
	struct kl_writer *w = &ask->out;
	size_t left_off = 0;
	int rc;

	kl_write_map(w, 4);
	rc = list_definitions(l, &left_off, &ask->fault);
	if (!rc)
		rc = put_list(w, "defined", l);
	kl_put_uint(w, "defined_left_off", left_off);
	if (!rc)
		rc = list_catalogue(l);
	if (!rc)
		rc = put_list(w, "indicators", l);
	if (!rc)
		rc = list_metrics(l);
	return rc ? rc : put_list(w, "metrics", l);
}

int kl_cmd_indicator_list(void *data, struct kl_ask *ask)
{
	struct filter filter;
	struct listing l = {.node = data, .filter = &filter};
	int rc = take_filter(ask, &filter);

	if (rc)
		return rc;
	kl_writer_init(&l.rows);
	rc = put_lists(&l, ask);
	kl_writer_deinit(&l.rows);
	if (rc && !ask->fault.code)
		kl_fault(&ask->fault, rc, "the list cannot be made: %s", kl_error_text(rc));
	return rc ? rc : kl_ask_answer(ask);
}

/* ---- one of them --------------------------------------------------------------------------- */

static void put_twins(struct kl_writer *w, const struct kl_indicator *it)
{
	const struct kl_indicator *twins[KL_TWINS_MAX];
	size_t n = kl_indicator_twins(it, twins);

	kl_put_array(w, "twins", n);
	for (size_t i = 0; i < n; i++)
		kl_write_text(w, twins[i]->name);
}

/* What anchors do that would show in it. */
static void put_activities(struct kl_writer *w, const struct kl_indicator *it)
{
	size_t n = 0;

	for (size_t i = 0; i < kl_activity_count(); i++)
		n += kl_activity_shown_by(kl_activity_at(i), it);
	kl_put_array(w, "activities", n);
	for (size_t i = 0; i < kl_activity_count(); i++)
		if (kl_activity_shown_by(kl_activity_at(i), it))
			kl_write_text(w, kl_activity_at(i)->name);
}

enum { INDICATOR_PAIRS = 11 };

static void put_indicator(struct kl_writer *w, const struct kl_indicator *it, size_t recorded)
{
	kl_put_text(w, "code", it->code);
	kl_put_text(w, "name", it->name);
	kl_put_text(w, "characteristic", kl_characteristic_at(it->characteristic)->name);
	kl_put_text(w, "level", kl_indicator_level_name(it->level));
	kl_put_text(w, "form", kl_indicator_form_name(it->form));
	kl_put_text(w, "span", kl_indicator_span_name(it->span));
	kl_put_text(w, "how", it->how);
	kl_put_components(w, it);
	put_twins(w, it);
	put_activities(w, it);
	kl_put_uint(w, "recorded", recorded);
}

static void put_known(struct kl_writer *w, const struct kl_known *k)
{
	char hex[KL_ID_HEX_MAX];

	kl_hex(k->id.b, KL_ID_BYTES, hex);
	kl_put_text(w, "kind", "defined");
	kl_put_text(w, "author", k->author_name[0] ? k->author_name : NULL);
	kl_put_bool(w, "own", k->own);
	kl_put_bool(w, "adopted", k->adopted);
	kl_put_bool(w, "published", k->published);
	kl_put_bool(w, "withdrawn", k->withdrawn);
	kl_put_uint(w, "version", k->definition.version);
	kl_put_text(w, "definition", hex);
}

static void put_metric(struct kl_writer *w, const char *code, size_t recorded)
{
	struct kl_metric metric;
	size_t index = 0;

	(void)kl_metric_index(code, &index);
	kl_metric_at(index, &metric);
	kl_write_map(w, 7);
	kl_put_text(w, "code", metric.code);
	kl_put_text(w, "name", metric.name);
	kl_put_text(w, "unit", kl_unit_name(metric.unit));
	kl_put_text(w, "better", kl_polarity_name(kl_metric_polarity(&metric)));
	kl_put_said(w, "rule", kl_metric_rule(metric.code));
	kl_put_said(w, "caution", kl_metric_caution(metric.code));
	kl_put_uint(w, "recorded", recorded);
}

int kl_cmd_indicator_show(void *data, struct kl_ask *ask)
{
	struct kl_writer *w = &ask->out;
	struct kl_observable what = {0};
	char name[256];
	size_t recorded = 0;
	int rc = kl_ask_needed(ask, "name", "which indicator?", name, sizeof name);

	if (!rc)
		rc = kl_observable_find(data, name, &what, &ask->fault);
	if (!rc)
		rc = kl_own_observations_count(data, what.code, &recorded);
	if (!rc && what.known) {
		kl_write_map(w, INDICATOR_PAIRS + 8);
		put_indicator(w, what.indicator, recorded);
		put_known(w, what.known);
	} else if (!rc && what.indicator) {
		kl_write_map(w, INDICATOR_PAIRS + 1);
		put_indicator(w, what.indicator, recorded);
		kl_put_text(w, "kind", kl_indicator_kind_name(what.indicator->kind));
	} else if (!rc) {
		put_metric(w, what.code, recorded);
	}
	kl_observable_free(&what);
	return rc ? rc : kl_ask_answer(ask);
}
