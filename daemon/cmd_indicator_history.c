/* indicator history: all that was recorded of one, what may be compared, and which way it goes.
 *
 * The answer comes in parts, {"observations": [..]} and then {"series": [..]}, because a long record
 * does not fit into one message; and it is made a little in each turn of the loop. */
#include "core/series.h"
#include "core/words.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/observation_list.h"
#include "daemon/observation_words.h"
#include "daemon/reference.h"

#include <stdlib.h>
#include <string.h>

enum {
	PART_BYTES = 48 << 10,
	WALKED_AT_ONCE = 500, /* observations in one turn of the loop */
	SHOWN_MAX = 20000,    /* observations in one answer: the latest ones */
};

/* Rows of one kind, to be cut into parts. */
struct rows {
	struct kl_writer w;
	size_t *ends; /* of each row */
	size_t n, capacity;
};

struct history {
	struct kl_node *node;
	struct kl_ask *ask;
	uv_idle_t *idle; /* while the list is made and walked */
	struct kl_observation_list *list;
	bool listed; /* the list is whole */
	size_t next; /* of the list */
	struct kl_observable what;
	char place[KL_OBSERVATION_PLACE_MAX], component[64];
	bool has_place, has_since;
	struct kl_period since;
	struct rows observations, series;
	size_t total, next_observation, next_series;
	struct kl_series_group group;
	enum kl_polarity polarity; /* of the observation or series at hand */
	bool has_definition;       /* the one read last: */
	struct kl_id id;
	struct kl_definition definition;
};

static void work_closed(uv_handle_t *handle)
{
	free(handle);
}

static void end_work(struct history *h)
{
	if (h->idle)
		uv_close((uv_handle_t *)h->idle, work_closed);
	h->idle = NULL;
}

static void destroy(struct history *h)
{
	kl_writer_deinit(&h->observations.w);
	kl_writer_deinit(&h->series.w);
	free(h->observations.ends);
	free(h->series.ends);
	kl_series_group_deinit(&h->group);
	kl_observable_free(&h->what);
	kl_observation_list_destroy(h->list);
	end_work(h);
	free(h);
}

static int end_row(struct rows *rows)
{
	struct kl_bytes bytes;

	if (rows->n == rows->capacity) {
		size_t capacity = rows->capacity ? 2 * rows->capacity : 64;
		size_t *ends = realloc(rows->ends, capacity * sizeof *ends);

		if (!ends)
			return KL_E_NOMEM;
		rows->ends = ends;
		rows->capacity = capacity;
	}
	if (kl_writer_bytes(&rows->w, &bytes))
		return KL_E_NOMEM;
	rows->ends[rows->n++] = bytes.len;
	return KL_OK;
}

/* ---- which way is better ------------------------------------------------------------------- */

static enum kl_polarity polarity_of(
	const struct kl_indicator *indicator, const struct kl_observation *o)
{
	for (uint8_t i = 0; i < indicator->component_count; i++)
		if (!strcmp(indicator->components[i].code, o->component))
			return indicator->components[i].polarity;
	return KL_NEITHER_BETTER;
}

/* By the definition that it was recorded under, which may be an earlier one: it is read once for all
 * observations in a row that name it. */
static enum kl_polarity defined_polarity(struct history *h, const struct kl_observation *o)
{
	struct kl_indicator view;

	if (!h->has_definition || !kl_id_equal(&h->id, &o->definition)) {
		h->has_definition =
			!kl_definition_kept(h->node, o->code, &o->definition, &h->definition, NULL);
		h->id = o->definition;
	}
	if (!h->has_definition)
		return KL_NEITHER_BETTER;
	kl_definition_view(&h->definition, o->code, &view);
	return polarity_of(&view, o);
}

static enum kl_polarity find_polarity(struct history *h, const struct kl_observation *o)
{
	struct kl_metric metric;
	size_t index;

	if (o->defined)
		return defined_polarity(h, o);
	if (h->what.indicator)
		return polarity_of(h->what.indicator, o);
	if (kl_metric_index(o->code, &index))
		return KL_NEITHER_BETTER;
	kl_metric_at(index, &metric);
	return kl_metric_polarity(&metric);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void put_change(
	struct kl_writer *w, const struct kl_observation *o, int64_t from, enum kl_way direction)
{
	char words[KL_CHANGE_TEXT_MAX];
	enum kl_unit unit = KL_UNIT_COUNT;
	uint32_t scale = 1;

	(void)kl_observation_unit(o, &unit, &scale);
	kl_put_text(w, "change", kl_change_words(from, o->number, unit, scale, words));
	kl_put_text(w, "direction", kl_way_name(direction));
}

static int put_row(struct history *h, const struct kl_listed_observation *listed,
	const struct kl_series_step *step)
{
	struct kl_writer *w = &h->observations.w;
	const struct kl_observation *o = &listed->observation;

	kl_write_map(w, KL_OBSERVATION_KEYS + 8);
	kl_put_observation(w, o, listed->revision);
	kl_put_place_name(w, h->node, o->place);
	kl_put_bool(w, "superseded", listed->superseded);
	if (step && (step->comparable || step->why))
		kl_put_bool(w, "comparable", step->comparable);
	else
		kl_put_nil(w, "comparable");
	kl_put_text(w, "why", step ? step->why : NULL);
	kl_put_bool(w, "overlaps",
		step && step->comparable && kl_periods_overlap(step->from_period, o->period));
	if (step && step->comparable) {
		kl_put_period(w, "since", step->from_period);
		put_change(w, o, step->from, kl_way_of(h->polarity, step->from, o->number));
	} else {
		kl_put_nil(w, "since");
		kl_put_nil(w, "change");
		kl_put_nil(w, "direction");
	}
	return end_row(&h->observations);
}

/* A series of one number says nothing about a direction, and is not told. */
static int put_series(struct history *h, const struct kl_series *s)
{
	struct kl_writer *w = &h->series.w;
	const struct kl_observation *o = &s->last;
	enum kl_unit unit = KL_UNIT_COUNT;
	uint32_t scale = 1;

	if (s->trend.count < 2)
		return KL_OK;
	(void)kl_observation_unit(o, &unit, &scale);
	h->polarity = find_polarity(h, o);
	kl_write_map(w, 16);
	kl_put_said(w, "component", o->component);
	kl_put_said(w, "place", o->place);
	kl_put_place_name(w, h->node, o->place);
	kl_put_said(w, "method", o->method);
	kl_put_said(w, "method_version", o->method_version);
	if (o->defined && h->has_definition)
		kl_put_uint(w, "version", h->definition.version);
	else
		kl_put_nil(w, "version");
	kl_put_period(w, "from", s->first_period);
	kl_put_period(w, "to", o->period);
	kl_put_uint(w, "periods", s->trend.count);
	kl_put_text(w, "unit", kl_unit_name(unit));
	kl_put_double(w, "first", kl_number_value(s->trend.first, scale));
	kl_put_double(w, "last", kl_number_value(s->trend.last, scale));
	put_change(w, o, s->trend.first, kl_trend_way(&s->trend, h->polarity));
	kl_put_uint(w, "rises", s->trend.rises);
	kl_put_uint(w, "falls", s->trend.falls);
	return end_row(&h->series);
}

static int end_group(struct history *h)
{
	int rc = KL_OK;

	for (size_t i = 0; i < h->group.n && !rc; i++)
		rc = put_series(h, &h->group.items[i]);
	kl_series_group_deinit(&h->group);
	return rc;
}

/* ---- walking ------------------------------------------------------------------------------- */

static bool wanted(const struct history *h, const struct kl_observation *o)
{
	return (!h->has_place || kl_words_equal(o->place, h->place)) &&
	       (!h->component[0] || kl_words_equal(o->component, h->component)) &&
	       (!h->has_since || kl_period_compare(o->period, h->since) >= 0);
}

static int take(struct history *h, const struct kl_listed_observation *listed)
{
	const struct kl_observation *o = &listed->observation;
	struct kl_series_step step;
	int rc = KL_OK;

	if (listed->begins)
		rc = end_group(h);
	if (rc || !wanted(h, o))
		return rc;
	h->total++;
	if (listed->superseded)
		return put_row(h, listed, NULL);
	h->polarity = find_polarity(h, o);
	rc = kl_series_add(&h->group, o, &step);
	return rc ? rc : put_row(h, listed, &step);
}

/* One step of making the list, or some observations of it: 1 while there are more. */
static int walk_on(struct history *h, struct kl_fault *fault)
{
	struct kl_listed_observation listed;
	size_t end;
	int rc;

	if (!h->listed) {
		rc = kl_observation_list_step(h->list, fault);
		h->listed = !rc;
		return rc < 0 ? rc : 1;
	}
	end = kl_observation_list_count(h->list);
	if (end - h->next > WALKED_AT_ONCE)
		end = h->next + WALKED_AT_ONCE;
	for (rc = KL_OK; !rc && h->next < end; h->next++) {
		rc = kl_observation_list_at(h->list, h->next, &listed, fault);
		if (!rc)
			rc = take(h, &listed);
	}
	if (!rc && h->next < kl_observation_list_count(h->list))
		return 1;
	if (!rc)
		rc = end_group(h);
	if (rc == KL_E_NOMEM)
		return kl_fault(fault, rc, "no memory for so many observations");
	return rc;
}

/* ---- sending ------------------------------------------------------------------------------- */

/* The next rows as a part: true if there were any. */
static bool put_part(struct kl_writer *w, const char *key, const struct rows *rows, size_t *next)
{
	size_t begin = *next ? rows->ends[*next - 1] : 0, first = *next;
	struct kl_bytes bytes;

	if (first == rows->n || kl_writer_bytes(&rows->w, &bytes))
		return false;
	while (*next < rows->n && (*next == first || rows->ends[*next] - begin <= PART_BYTES))
		++*next;
	kl_write_map(w, 1);
	kl_put_array(w, key, *next - first);
	kl_write_raw(w, kl_bytes(bytes.data + begin, rows->ends[*next - 1] - begin));
	return true;
}

static int answer(struct kl_ask *ask, struct history *h)
{
	struct kl_writer *w = &ask->out;
	size_t left_off = h->observations.n > SHOWN_MAX ? h->observations.n - SHOWN_MAX : 0;

	kl_write_map(w, 4);
	kl_put_text(w, "code", h->what.code);
	kl_put_text(w, "name", h->what.indicator ? h->what.indicator->name : NULL);
	kl_put_uint(w, "recorded", h->total);
	kl_put_uint(w, "left_off", left_off);
	destroy(h);
	return kl_ask_answer(ask);
}

static int send_more(struct kl_ask *ask, void *data)
{
	struct history *h = data;

	if (put_part(&ask->out, "observations", &h->observations, &h->next_observation) ||
		put_part(&ask->out, "series", &h->series, &h->next_series))
		return kl_ask_part(ask);
	return answer(ask, h);
}

static void aborted(struct kl_ask *ask, void *data)
{
	(void)ask;
	destroy(data);
}

static const struct kl_ask_hooks hooks = {.more = send_more, .abort = aborted};

static int send_first(struct kl_ask *ask, struct history *h)
{
	if (h->observations.n > SHOWN_MAX)
		h->next_observation = h->observations.n - SHOWN_MAX;
	return send_more(ask, h);
}

static void work_on(uv_idle_t *idle)
{
	struct history *h = idle->data;
	struct kl_ask *ask = h->ask;
	int rc = walk_on(h, &ask->fault);

	if (rc == 1) {
		kl_ask_progress(ask, h->next, h->listed ? kl_observation_list_count(h->list) : 0,
			"reading what was recorded");
		return;
	}
	end_work(h);
	if (!rc)
		rc = send_first(ask, h);
	if (rc)
		kl_ask_refuse(ask); /* and through it aborted() */
}

static int start_work(struct history *h)
{
	h->idle = malloc(sizeof *h->idle);
	if (!h->idle)
		return kl_fault(&h->ask->fault, KL_E_NOMEM, "no memory for a history");
	uv_idle_init(&h->node->uv, h->idle);
	h->idle->data = h;
	uv_idle_start(h->idle, work_on); /* cannot fail with a callback */
	return kl_ask_later(h->ask, &hooks, h);
}

/* ---- the command --------------------------------------------------------------------------- */

static int take_args(struct kl_node *node, struct history *h, struct kl_ask *ask)
{
	char name[256], since[KL_PERIOD_TEXT_MAX + 16];
	int rc = kl_ask_needed(ask, "name", "which indicator?", name, sizeof name);

	if (!rc)
		rc = kl_observable_find(node, name, &h->what, &ask->fault);
	if (!rc)
		rc = kl_ask_text(ask, "place", h->place, sizeof h->place);
	if (!rc)
		rc = kl_ask_text(ask, "component", h->component, sizeof h->component);
	if (!rc)
		rc = kl_ask_text(ask, "since", since, sizeof since);
	if (rc)
		return rc;
	h->has_place = h->place[0];
	h->has_since = since[0];
	if (h->has_since && kl_period_parse(since, &h->since)) {
		kl_fault(&ask->fault, KL_E_USAGE, "--since: \"%s\" is not a period", since);
		return kl_fault_hint(&ask->fault, "type a year such as 2016, or 2016-Q3");
	}
	return KL_OK;
}

int kl_cmd_indicator_history(void *data, struct kl_ask *ask)
{
	struct history *h = calloc(1, sizeof *h);
	int rc;

	if (!h)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for a history");
	h->node = data;
	h->ask = ask;
	kl_writer_init(&h->observations.w);
	kl_writer_init(&h->series.w);
	kl_series_group_init(&h->group);
	rc = take_args(data, h, ask);
	if (!rc)
		rc = kl_observation_list_begin(data, h->what.code, &h->list, &ask->fault);
	if (!rc)
		rc = start_work(h);
	if (rc)
		destroy(h);
	return rc;
}
