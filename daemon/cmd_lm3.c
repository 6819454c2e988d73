/* lm3 new, set, record, use, list: the projects themselves; cmd_lm3_result.c has their suppliers. */
#include "daemon/commands.h"
#include "daemon/lm3_project.h"
#include "daemon/lm3_work.h"
#include "daemon/reference.h"
#include "daemon/which_area.h"

#include <stdio.h>
#include <string.h>

/* ---- telling of a project ------------------------------------------------------------------ */

enum { ABOUT_KEYS = 7, SHORT_CODES = 8 /* of an area in a list */ };

/* Five hundred projects of many codes each would not fit into one answer. */
static void put_short_area(struct kl_writer *w, struct kl_node *node, const struct kl_area *area)
{
	struct kl_area first = *area;
	char text[KL_AREA_TEXT_MAX + 32];

	if (area->count <= 1) {
		kl_put_area(w, node, area);
		return;
	}
	if (area->count > SHORT_CODES)
		first.count = SHORT_CODES;
	kl_area_format(&first, text);
	if (area->count > SHORT_CODES)
		snprintf(text + strlen(text), sizeof text - strlen(text), " and %u more",
			area->count - SHORT_CODES);
	kl_put_text(w, "area", text);
	kl_put_nil(w, "area_name");
}

static void put_about(struct kl_writer *w, struct kl_node *node,
	const struct kl_lm3_project *project, bool is_short, const char *used)
{
	char period[KL_PERIOD_TEXT_MAX];

	kl_put_text(w, "project", kl_lm3_project_name(project));
	kl_put_bool(w, "recorded", project->is_record);
	kl_put_text(w, "basis", kl_lm3_basis_name(kl_lm3_project_basis(project)));
	if (is_short)
		put_short_area(w, node, kl_lm3_project_area(project));
	else
		kl_put_area(w, node, kl_lm3_project_area(project));
	kl_put_text(w, "period", kl_period_format(kl_lm3_project_period(project), period));
	kl_put_bool(w, "in_use", !strcmp(project->key, used));
}

static void put_ledger(struct kl_writer *w, const struct kl_lm3_ledger *ledger)
{
	if (ledger->has_income)
		kl_put_int(w, "income_pence", ledger->income);
	else
		kl_put_nil(w, "income_pence");
	kl_put_int(w, "payroll_local_pence", ledger->payroll_local);
	kl_put_int(w, "payroll_elsewhere_pence", ledger->payroll_elsewhere);
	kl_put_int(w, "other_local_pence", ledger->other_local);
	kl_put_int(w, "other_elsewhere_pence", ledger->other_elsewhere);
	kl_put_map(w, "proxies", 2);
	kl_put_double(w, "local", ledger->proxy_local);
	kl_put_double(w, "elsewhere", ledger->proxy_elsewhere);
}

/* The project whole, as the answer to whatever changed it. */
static int put_project(
	struct kl_node *node, struct kl_ask *ask, const struct kl_lm3_project *project)
{
	struct kl_writer *w = &ask->out;
	char used[KL_NAME_MAX];
	int rc = kl_lm3_in_use(node, used);

	if (rc)
		return kl_fault(&ask->fault, rc, "the projects cannot be read");
	kl_write_map(w, ABOUT_KEYS + (project->is_record ? 4 : 6));
	put_about(w, node, project, false, used);
	if (!project->is_record) {
		put_ledger(w, &project->u.ledger);
		return KL_OK;
	}
	kl_put_double(w, "score", project->u.record.thousandths / 1000.0);
	kl_put_text(w, "rating", kl_lm3_rating_name(project->u.record.rating));
	kl_put_text(w, "source", project->u.record.source);
	kl_put_text(w, "label", KL_LM3_RECORD_LABEL);
	return KL_OK;
}

static int answer_project(
	struct kl_node *node, struct kl_ask *ask, const struct kl_lm3_project *project)
{
	int rc = put_project(node, ask, project);

	return rc ? rc : kl_ask_answer(ask);
}

/* ---- what was asked for -------------------------------------------------------------------- */

/* A text of the request if it is there: 1 with it, 0 without. */
static int take_text(struct kl_ask *ask, const char *key, char *out, size_t size)
{
	int rc = kl_get_text(&ask->args, key, out, size);

	if (rc == KL_E_NOT_FOUND)
		return 0;
	return rc ? kl_fault(&ask->fault, KL_E_USAGE, "--%s: too long, or no plain text", key) : 1;
}

static int take_name(struct kl_ask *ask, char name[KL_NAME_MAX])
{
	char key[KL_NAME_MAX];

	if (take_text(ask, "name", name, KL_NAME_MAX) != 1 || strchr(name, '\n') ||
		!kl_name_key(name, key)[0])
		return kl_fault(&ask->fault, KL_E_USAGE,
			"a project needs a name of one line and at most %d bytes", KL_NAME_MAX - 1);
	return KL_OK;
}

static int take_area(struct kl_node *node, struct kl_ask *ask, struct kl_area *area)
{
	char text[KL_AREA_TEXT_MAX];
	int rc = take_text(ask, "area", text, sizeof text);

	if (rc == 1)
		rc = kl_which_area(node, text, area, &ask->fault);
	return rc;
}

static int take_period(struct kl_ask *ask, struct kl_period *period)
{
	char text[KL_PERIOD_TEXT_MAX];
	int rc = take_text(ask, "period", text, sizeof text);

	if (rc == 1 && kl_period_parse(text, period))
		rc = kl_fault(&ask->fault, KL_E_USAGE,
			"--period: found '%s', expected a year such as 2016, 2016/17, 2016-Q3 or "
			"2016-04",
			text);
	return rc < 0 ? rc : KL_OK;
}

static int take_basis(struct kl_ask *ask, enum kl_lm3_basis *basis)
{
	char text[16];
	int rc = take_text(ask, "basis", text, sizeof text);

	if (rc == 1 && (kl_lm3_basis_parse(text, basis) || *basis == KL_LM3_BASIS_UNKNOWN))
		rc = kl_fault(&ask->fault, KL_E_USAGE,
			"--basis: found '%s', expected turnover or contract", text);
	return rc < 0 ? rc : KL_OK;
}

/* Amounts and proxies; what the request does not name stays as it is. */
static int take_figures(struct kl_ask *ask, struct kl_lm3_ledger *l)
{
	const struct kl_value *args = &ask->args;
	struct kl_value income;

	if (!kl_map_get(args, "income_pence", &income) && income.type != KL_WIRE_NIL) {
		l->has_income = true;
		if (kl_value_int(&income, &l->income))
			return kl_fault(&ask->fault, KL_E_USAGE, "--income: no amount");
	}
	if (kl_get_int_or(args, "payroll_local_pence", l->payroll_local, &l->payroll_local) ||
		kl_get_int_or(args, "payroll_elsewhere_pence", l->payroll_elsewhere,
			&l->payroll_elsewhere) ||
		kl_get_int_or(args, "other_local_pence", l->other_local, &l->other_local) ||
		kl_get_int_or(
			args, "other_elsewhere_pence", l->other_elsewhere, &l->other_elsewhere) ||
		kl_get_double_or(args, "proxy_local", l->proxy_local, &l->proxy_local) ||
		kl_get_double_or(args, "proxy_elsewhere", l->proxy_elsewhere, &l->proxy_elsewhere))
		return kl_fault(&ask->fault, KL_E_USAGE, "an amount or a proxy is no number");
	return KL_OK;
}

static int take_ledger(struct kl_node *node, struct kl_ask *ask, struct kl_lm3_ledger *ledger)
{
	int rc;

	if ((rc = take_area(node, ask, &ledger->area)) ||
		(rc = take_period(ask, &ledger->period)) ||
		(rc = take_basis(ask, &ledger->basis)) || (rc = take_figures(ask, ledger)))
		return rc;
	return kl_lm3_ledger_check(ledger, &ask->fault);
}

static int need(struct kl_ask *ask, const char *key, const char *example)
{
	struct kl_value value;

	if (!kl_map_get(&ask->args, key, &value) && value.type != KL_WIRE_NIL)
		return KL_OK;
	return kl_fault(&ask->fault, KL_E_USAGE, "--%s is missing, such as %s", key, example);
}

/* Where the request names no area, the one of this member's profile counts. */
static int own_area(struct kl_node *node, struct kl_ask *ask, struct kl_area *ret_area)
{
	struct kl_value value;

	if (!kl_map_get(&ask->args, "area", &value) && value.type != KL_WIRE_NIL)
		return KL_OK; /* take_area() reads it */
	return kl_own_area(node, ret_area, &ask->fault);
}

/* ---- commands ------------------------------------------------------------------------------ */

/* KL_E_NOT_FOUND if the name is free. */
static int name_taken(struct kl_node *node, const char *name, struct kl_lm3_project *ret_there)
{
	return kl_lm3_project_get(node, name, ret_there);
}

static int cannot_read(struct kl_ask *ask, int rc)
{
	return kl_fault(&ask->fault, rc, "a project cannot be read: %s", kl_error_text(rc));
}

int kl_cmd_lm3_new(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_lm3_project project = {.is_record = false}, there;
	struct kl_lm3_ledger *ledger = &project.u.ledger;
	int rc;

	kl_lm3_ledger_init(ledger);
	if ((rc = take_name(ask, ledger->name)) || (rc = need(ask, "period", "2016")) ||
		(rc = own_area(node, ask, &ledger->area)))
		return rc;
	rc = name_taken(node, ledger->name, &there);
	if (rc == KL_OK) {
		kl_fault(&ask->fault, KL_E_EXISTS, "there is an LM3 project '%.100s' already",
			kl_lm3_project_name(&there));
		return kl_fault_hint(&ask->fault, "change it with keeplocal lm3 set");
	}
	if (rc != KL_E_NOT_FOUND)
		return cannot_read(ask, rc);
	kl_name_key(ledger->name, project.key);
	if ((rc = take_ledger(node, ask, ledger)) ||
		(rc = kl_lm3_project_keep(node, &project, &ask->fault)))
		return rc;
	return answer_project(node, ask, &project);
}

int kl_cmd_lm3_set(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_lm3_project project;
	char name[KL_NAME_MAX];
	int rc = take_name(ask, name);

	if (!rc)
		rc = kl_lm3_project_named(node, name, &project, &ask->fault);
	if (rc)
		return rc;
	if (project.is_record) {
		kl_fault(&ask->fault, KL_E_INVALID,
			"'%.100s' is a score that was worked out elsewhere, without a ledger",
			project.u.record.name);
		return kl_fault_hint(&ask->fault, "record it again: keeplocal lm3 record");
	}
	if ((rc = take_ledger(node, ask, &project.u.ledger)) ||
		(rc = kl_lm3_project_keep(node, &project, &ask->fault)) ||
		(rc = put_project(node, ask, &project)))
		return rc;
	return kl_lm3_work_afresh(node, ask, project.key);
}

static int take_record(struct kl_node *node, struct kl_ask *ask, struct kl_lm3_record *record)
{
	char score[32], rating[16];
	int rc;

	if ((rc = take_name(ask, record->name)) || (rc = need(ask, "score", "2.43")) ||
		(rc = own_area(node, ask, &record->area)) || (rc = need(ask, "period", "2016")) ||
		(rc = need(ask, "source", "\"annual report 2016, page 4\"")))
		return rc;
	if (take_text(ask, "score", score, sizeof score) != 1 ||
		kl_lm3_score_parse(score, &record->thousandths))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"--score: expected a score from 1.00 to 3.00 such as 2.43");
	record->rating = KL_LM3_UNRATED;
	rc = take_text(ask, "confidence", rating, sizeof rating);
	if (rc == 1 && kl_lm3_rating_parse(rating, &record->rating))
		rc = kl_fault(&ask->fault, KL_E_USAGE,
			"--confidence: found '%s', expected green, amber or red", rating);
	if (rc >= 0)
		rc = take_text(ask, "source", record->source, sizeof record->source);
	if (rc < 0 || (rc = take_area(node, ask, &record->area)) ||
		(rc = take_period(ask, &record->period)) || (rc = take_basis(ask, &record->basis)))
		return rc;
	if (strchr(record->source, '\n'))
		return kl_fault(&ask->fault, KL_E_USAGE, "--source: expected one line of text");
	return kl_lm3_record_check(record, &ask->fault);
}

int kl_cmd_lm3_record(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_lm3_project project = {.is_record = true}, there;
	int rc = take_record(node, ask, &project.u.record);

	if (rc)
		return rc;
	rc = name_taken(node, project.u.record.name, &there);
	if (rc && rc != KL_E_NOT_FOUND)
		return cannot_read(ask, rc);
	if (!rc && !there.is_record) {
		kl_fault(&ask->fault, KL_E_EXISTS,
			"'%.100s' is a ledger of your own; a recorded score would take its place",
			there.u.ledger.name);
		return kl_fault_hint(&ask->fault, "record the score under another name");
	}
	kl_name_key(project.u.record.name, project.key);
	rc = kl_lm3_project_keep(node, &project, &ask->fault);
	return rc ? rc : answer_project(node, ask, &project);
}

int kl_cmd_lm3_use(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_lm3_project project;
	char name[KL_NAME_MAX];
	int rc = take_name(ask, name);

	if (!rc)
		rc = kl_lm3_project_find(node, name, &project, &ask->fault);
	if (!rc)
		rc = kl_lm3_use(node, project.key, &ask->fault);
	return rc ? rc : answer_project(node, ask, &project);
}

/* ---- list ---------------------------------------------------------------------------------- */

struct listing {
	struct kl_node *node;
	struct kl_writer *w;
	char used[KL_NAME_MAX];
	size_t count;
};

static int count_project(void *arg, const struct kl_lm3_project *project)
{
	(void)project;
	++*(size_t *)arg;
	return KL_VISIT_ON;
}

static int list_project(void *arg, const struct kl_lm3_project *project)
{
	struct listing *l = arg;

	kl_write_map(l->w, ABOUT_KEYS + 1);
	put_about(l->w, l->node, project, true, l->used);
	if (project->is_record)
		kl_put_double(l->w, "score", project->u.record.thousandths / 1000.0);
	else
		kl_put_nil(l->w, "score"); /* lm3 result works it out */
	return KL_VISIT_ON;
}

int kl_cmd_lm3_list(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct listing l = {.node = node, .w = &ask->out};
	int rc = kl_lm3_in_use(node, l.used);

	if (!rc)
		rc = kl_lm3_project_visit(node, count_project, &l.count);
	if (rc)
		return cannot_read(ask, rc);
	kl_write_map(l.w, 1);
	kl_put_array(l.w, "projects", l.count);
	rc = kl_lm3_project_visit(node, list_project, &l);
	return rc ? cannot_read(ask, rc) : kl_ask_answer(ask);
}
