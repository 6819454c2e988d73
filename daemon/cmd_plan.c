/* plan, plan set, plan list: the ten steps of measuring impact, what is done and what comes next. */
#include "core/words.h"
#include "daemon/commands.h"
#include "daemon/own_definition.h"
#include "daemon/own_plan.h"
#include "daemon/which_assessment.h"
#include "store/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE_MAX = 512 };

/* A plan, and what has been observed of its indicators. */
struct view {
	struct kl_plan plan;
	uint64_t revision;
	struct kl_plan_facts facts;
	struct kl_plan_names names;
};

/* ---- telling of it --------------------------------------------------------------------------- */

/* " --plan NAME" where it has to be said. */
static const char *which(const struct view *v, char out[KL_PLAN_NAME_MAX + 16])
{
	out[0] = '\0';
	if (strcmp(v->plan.name, KL_PLAN_USUAL) != 0)
		(void)snprintf(out, KL_PLAN_NAME_MAX + 16, " --plan \"%s\"", v->plan.name);
	return out;
}

/* What is missing to the step, in words. */
static void put_missing(
	struct kl_writer *w, const struct view *v, unsigned step, const struct kl_plan_step *s)
{
	static const char *const wanted[] = {[5] = "not observed yet",
		[6] = "not checked yet",
		[7] = "not yet in two periods that can be compared"};
	char text[SENTENCE_MAX];

	if (s->state == KL_PLAN_DONE) {
		kl_put_nil(w, "missing");
		return;
	}
	if (s->missing_indicator >= 0)
		(void)snprintf(text, sizeof text, "%s: %s", wanted[step],
			v->names.names[s->missing_indicator]);
	else if (s->missing_field >= 0)
		(void)snprintf(text, sizeof text, "%s", kl_plan_field_question(s->missing_field));
	else
		(void)snprintf(text, sizeof text, "no indicator is chosen yet");
	kl_put_text(w, "missing", text);
}

static void put_fields(struct kl_writer *w, const struct kl_plan *plan, unsigned step)
{
	size_t n = 0;

	for (int f = 0; f < KL_PLAN_FIELDS; f++)
		n += kl_plan_field_step(f) == step;
	kl_put_array(w, "fields", n);
	for (int f = 0; f < KL_PLAN_FIELDS; f++) {
		if (kl_plan_field_step(f) != step)
			continue;
		kl_write_map(w, 3);
		kl_put_text(w, "field", kl_plan_field_name(f));
		kl_put_text(w, "question", kl_plan_field_question(f));
		kl_put_said(w, "text", plan->texts[f]);
	}
}

static void put_step(struct kl_writer *w, const struct view *v, unsigned step)
{
	struct kl_plan_step s;
	bool recorded = step >= 5 && step <= 7;

	kl_plan_step(&v->plan, &v->facts, step, &s);
	kl_write_map(w, 8);
	kl_put_uint(w, "step", step);
	kl_put_text(w, "name", kl_plan_step_name(step));
	kl_put_text(w, "meaning", kl_plan_step_meaning(step));
	kl_put_text(w, "state", kl_plan_state_name(s.state));
	put_fields(w, &v->plan, step);
	if (recorded)
		kl_put_uint(w, "have", s.have);
	else
		kl_put_nil(w, "have");
	if (recorded)
		kl_put_uint(w, "of", s.of);
	else
		kl_put_nil(w, "of");
	put_missing(w, v, step, &s);
}

static void put_indicators(struct kl_writer *w, const struct view *v)
{
	kl_put_array(w, "indicators", v->plan.indicator_count);
	for (uint8_t i = 0; i < v->plan.indicator_count; i++) {
		kl_write_map(w, 5);
		kl_put_text(w, "code", v->plan.indicators[i]);
		kl_put_text(w, "name", v->names.names[i]);
		kl_put_bool(w, "observed", v->facts.seen[i].observed);
		kl_put_bool(w, "checked", v->facts.seen[i].checked);
		kl_put_bool(w, "compared", v->facts.seen[i].compared);
	}
}

/* The command that takes the next step further. */
static void next_command(const struct view *v, unsigned step, char out[SENTENCE_MAX])
{
	char plan[KL_PLAN_NAME_MAX + 16];
	struct kl_plan_step s;

	kl_plan_step(&v->plan, &v->facts, step, &s);
	which(v, plan);
	if (s.missing_indicator >= 0)
		(void)snprintf(out, SENTENCE_MAX,
			"keeplocal indicator record %s VALUE --period YEAR%s",
			v->plan.indicators[s.missing_indicator],
			step == 6 ? " --challenger NAME" : "");
	else if (s.missing_field >= 0)
		(void)snprintf(out, SENTENCE_MAX, "keeplocal plan set%s %s=\"...\"", plan,
			kl_plan_field_name(s.missing_field));
	else
		(void)snprintf(out, SENTENCE_MAX,
			"keeplocal plan set%s --indicator \"local multiplier\"", plan);
}

static void put_next(struct kl_writer *w, const struct view *v)
{
	unsigned step = kl_plan_next(&v->plan, &v->facts);
	char command[SENTENCE_MAX];

	if (!step) {
		kl_put_nil(w, "next");
		return;
	}
	next_command(v, step, command);
	kl_put_map(w, "next", 3);
	kl_put_uint(w, "step", step);
	kl_put_text(w, "name", kl_plan_step_name(step));
	kl_put_text(w, "command", command);
}

static unsigned done(const struct view *v)
{
	struct kl_plan_step s;
	unsigned n = 0;

	for (unsigned step = 1; step <= KL_PLAN_STEPS; step++) {
		kl_plan_step(&v->plan, &v->facts, step, &s);
		n += s.state == KL_PLAN_DONE;
	}
	return n;
}

static int answer_plan(struct kl_node *node, struct kl_ask *ask, struct view *v)
{
	struct kl_writer *w = &ask->out;
	int rc = kl_own_plan_facts(node, &v->plan, &v->facts, &v->names, &ask->fault);

	if (rc)
		return rc;
	kl_write_map(w, 7);
	kl_put_text(w, "plan", v->plan.name);
	kl_put_uint(w, "revision", v->revision);
	kl_put_uint(w, "done", done(v));
	kl_put_array(w, "steps", KL_PLAN_STEPS);
	for (unsigned step = 1; step <= KL_PLAN_STEPS; step++)
		put_step(w, v, step);
	put_indicators(w, v);
	kl_put_said(w, "report_written", v->facts.report);
	put_next(w, v);
	return kl_ask_answer(ask);
}

int kl_cmd_plan(void *data, struct kl_ask *ask)
{
	struct view v = {.revision = 0};
	char name[KL_PLAN_NAME_MAX];
	uint64_t revision = KL_LATEST;
	int rc = kl_ask_text(ask, "plan", name, sizeof name);

	if (!rc)
		rc = kl_ask_revision(ask, "revision", &revision);
	if (!rc)
		rc = kl_own_plan(data, name, revision, &v.plan, &v.revision, &ask->fault);
	return rc ? rc : answer_plan(data, ask, &v);
}

/* ---- set ----------------------------------------------------------------------------------- */

/* The plan of that name as it stands, or a new one. */
static int begin(struct kl_node *node, const char *name, struct view *v, struct kl_fault *fault)
{
	struct kl_fault said = {0};
	int rc = kl_own_plan(node, name, KL_LATEST, &v->plan, &v->revision, &said);

	if (!rc)
		return KL_OK;
	if (rc != KL_E_NOT_FOUND) {
		*fault = said;
		return rc;
	}
	memset(&v->plan, 0, sizeof v->plan);
	return kl_text_set(v->plan.name, sizeof v->plan.name, name[0] ? name : KL_PLAN_USUAL, false,
		"a plan's name", fault);
}

typedef int each_fn(
	struct kl_node *node, struct kl_plan *plan, const char *text, struct kl_fault *fault);

static int assign(
	struct kl_node *node, struct kl_plan *plan, const char *text, struct kl_fault *fault)
{
	(void)node;
	return kl_plan_assign(plan, text, fault);
}

static int choose(
	struct kl_node *node, struct kl_plan *plan, const char *text, struct kl_fault *fault)
{
	struct kl_observable what = {0};
	int rc = kl_observable_find(node, text, &what, fault);

	if (rc)
		return rc;
	rc = kl_plan_choose(plan, what.code, fault);
	kl_observable_free(&what);
	return rc;
}

/* What the plan follows is found first: its indicator may not be known any more. */
static int unchoose(
	struct kl_node *node, struct kl_plan *plan, const char *text, struct kl_fault *fault)
{
	struct kl_observable what = {0};
	int rc;

	for (uint8_t i = 0; i < plan->indicator_count; i++)
		if (kl_words_equal(plan->indicators[i], text))
			return kl_plan_unchoose(plan, plan->indicators[i], fault);
	rc = kl_observable_find(node, text, &what, fault);
	if (rc)
		return rc;
	rc = kl_plan_unchoose(plan, what.code, fault);
	kl_observable_free(&what);
	return rc;
}

static int each(struct kl_node *node, struct kl_ask *ask, const char *key, each_fn *fn,
	struct kl_plan *plan, unsigned *count)
{
	struct kl_value list, item;
	struct kl_cursor c;
	char text[KL_PLAN_ASSIGNMENT_MAX];
	int rc = kl_get_array(&ask->args, key, &list);

	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc)
		return kl_fault(&ask->fault, KL_E_USAGE, "%s: expected a list", key);
	c = kl_cursor(&list);
	while (!rc && kl_cursor_next(&c, &item)) {
		if (kl_value_text(&item, text, sizeof text))
			return kl_fault(&ask->fault, KL_E_USAGE,
				"%s: expected plain text of at most %d bytes each", key,
				KL_PLAN_TEXT_MAX - 1);
		rc = fn(node, plan, text, &ask->fault);
		(*count)++;
	}
	return rc;
}

int kl_cmd_plan_set(void *data, struct kl_ask *ask)
{
	struct view v = {.revision = 0};
	char name[KL_PLAN_NAME_MAX];
	unsigned count = 0;
	int rc = kl_ask_text(ask, "plan", name, sizeof name);

	if (!rc)
		rc = begin(data, name, &v, &ask->fault);
	if (!rc)
		rc = each(data, ask, "set", assign, &v.plan, &count);
	if (!rc)
		rc = each(data, ask, "indicator", choose, &v.plan, &count);
	if (!rc)
		rc = each(data, ask, "without_indicator", unchoose, &v.plan, &count);
	if (rc)
		return rc;
	if (!count) {
		kl_fault(&ask->fault, KL_E_USAGE, "nothing to set");
		return kl_fault_hint(&ask->fault,
			"for example: keeplocal plan set change=\"young people find work here\"");
	}
	rc = kl_own_plan_keep(data, &v.plan, &v.revision, &ask->fault);
	return rc ? rc : answer_plan(data, ask, &v);
}

/* ---- list ---------------------------------------------------------------------------------- */

struct plans {
	struct view *views;
	size_t count;
};

/* Copied first: what was observed is read in visits of its own. */
static int keep_view(void *arg, const struct kl_plan *plan, uint64_t revision)
{
	struct plans *plans = arg;
	struct view *grown = realloc(plans->views, (plans->count + 1) * sizeof *grown);

	if (!grown)
		return KL_E_NOMEM;
	plans->views = grown;
	memset(&grown[plans->count], 0, sizeof *grown);
	grown[plans->count].plan = *plan;
	grown[plans->count++].revision = revision;
	return 0;
}

static void put_row(struct kl_writer *w, const struct view *v)
{
	unsigned step = kl_plan_next(&v->plan, &v->facts);

	kl_write_map(w, 5);
	kl_put_text(w, "plan", v->plan.name);
	kl_put_uint(w, "revision", v->revision);
	kl_put_uint(w, "done", done(v));
	kl_put_uint(w, "indicators", v->plan.indicator_count);
	kl_put_text(w, "next", step ? kl_plan_step_name(step) : NULL);
}

int kl_cmd_plan_list(void *data, struct kl_ask *ask)
{
	struct plans plans = {NULL, 0};
	int rc = kl_own_plans(data, false, keep_view, &plans, &ask->fault);

	for (size_t i = 0; i < plans.count && !rc; i++)
		rc = kl_own_plan_facts(data, &plans.views[i].plan, &plans.views[i].facts,
			&plans.views[i].names, &ask->fault);
	if (!rc) {
		kl_write_map(&ask->out, 1);
		kl_put_array(&ask->out, "plans", plans.count);
		for (size_t i = 0; i < plans.count; i++)
			put_row(&ask->out, &plans.views[i]);
	}
	free(plans.views);
	return rc ? rc : kl_ask_answer(ask);
}

/* ---- report -------------------------------------------------------------------------------- */

/* The command that writes reports says so when it has written one with figures, and every plan's
 * eighth step is done. */
int kl_cmd_report_written(void *data, struct kl_ask *ask)
{
	char date[KL_DATE_MAX];
	int rc = kl_own_report_written(data, kl_today(date), &ask->fault);

	if (rc)
		return rc;
	kl_write_map(&ask->out, 1);
	kl_put_text(&ask->out, "date", date);
	return kl_ask_answer(ask);
}
