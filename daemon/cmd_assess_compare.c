/* assess compare: versions of an assessment side by side, what moved, and who disagreed. */
#include "core/assessment_change.h"
#include "core/words.h"
#include "daemon/commands.h"
#include "daemon/which_assessment.h"
#include "store/documents.h"

#include <stdlib.h>
#include <string.h>

enum { VERSIONS_MAX = 6, NAMES_MAX = VERSIONS_MAX * KL_ASSESSORS_MAX };

struct versions {
	struct kl_assessment *all[VERSIONS_MAX];
	uint64_t revisions[VERSIONS_MAX];
	size_t count;
	/* Everybody who assessed in any of them, in the order of their first appearance. */
	const char *names[NAMES_MAX];
	size_t name_count;
};

static void destroy(struct versions *v)
{
	for (size_t i = 0; i < v->count; i++)
		kl_assessment_destroy(v->all[i]);
}

/* ---- which ones ---------------------------------------------------------------------------- */

static int add(struct kl_node *node, struct versions *v, const struct kl_assessment_choice *choice,
	struct kl_fault *fault)
{
	int rc = kl_own_assessment(node, choice, &v->all[v->count], &v->revisions[v->count], fault);

	v->count += !rc;
	return rc;
}

static int add_period(struct kl_node *node, struct versions *v, const char *text,
	struct kl_assessment_choice choice, struct kl_fault *fault)
{
	struct kl_period period;

	if (kl_period_parse(text, &period)) {
		kl_fault(fault, KL_E_USAGE, "--period: \"%s\" is not a year", text);
		return kl_fault_hint(fault, "for example: --period 2025 --period 2026");
	}
	choice.period = &period;
	return add(node, v, &choice, fault);
}

static int add_revision(struct kl_node *node, struct versions *v, const char *text,
	struct kl_assessment_choice choice, struct kl_fault *fault)
{
	char *end;

	choice.revision = strtoull(text, &end, 10);
	if (*end || text[0] < '0' || text[0] > '9' || !choice.revision)
		return kl_fault(fault, KL_E_USAGE,
			"--revision: expected a number from 1, found \"%s\"", text);
	return add(node, v, &choice, fault);
}

typedef int add_fn(struct kl_node *node, struct versions *v, const char *text,
	struct kl_assessment_choice choice, struct kl_fault *fault);

static int add_all(struct kl_node *node, struct versions *v, const struct kl_value *list,
	add_fn *add_one, struct kl_assessment_choice choice, struct kl_fault *fault)
{
	struct kl_cursor cursor = kl_cursor(list);
	struct kl_value item;
	char text[64];
	int rc = KL_OK;

	if (list->count > VERSIONS_MAX)
		return kl_fault(fault, KL_E_USAGE, "at most %d versions at once", VERSIONS_MAX);
	while (!rc && kl_cursor_next(&cursor, &item)) {
		if (kl_value_text(&item, text, sizeof text))
			return kl_fault(fault, KL_E_USAGE, "a period or revision is too long");
		rc = add_one(node, v, text, choice, fault);
	}
	return rc;
}

static int list_of(struct kl_ask *ask, const char *key, struct kl_value *ret_list)
{
	int rc = kl_get_array(&ask->args, key, ret_list);

	if (rc == KL_E_NOT_FOUND) {
		ret_list->count = 0;
		return KL_OK;
	}
	return rc ? kl_fault(&ask->fault, KL_E_USAGE, "--%s: expected a list", key) : KL_OK;
}

static int which_two(struct kl_ask *ask)
{
	kl_fault(&ask->fault, KL_E_USAGE, "which versions? Two at least are needed");
	return kl_fault_hint(&ask->fault,
		"--period 2025 --period 2026, or --revision 1 --revision 2 of one period; "
		"keeplocal assess history lists them");
}

/* Periods as they stand now; or revisions of one period, the latest unless it is named. */
static int gather(struct kl_node *node, struct kl_ask *ask, struct versions *v)
{
	struct kl_assessment_choice choice = {.revision = KL_LATEST};
	struct kl_value periods, revisions, item;
	struct kl_cursor cursor;
	struct kl_period period;
	char place[KL_ASSESSMENT_PLACE_MAX], text[64];
	int rc = kl_ask_text(ask, "place", place, sizeof place);

	if (!rc)
		rc = list_of(ask, "period", &periods);
	if (!rc)
		rc = list_of(ask, "revision", &revisions);
	if (rc)
		return rc;
	choice.place = place[0] ? place : NULL;
	if (!revisions.count && periods.count >= 2)
		return add_all(node, v, &periods, add_period, choice, &ask->fault);
	if (revisions.count < 2 || periods.count > 1)
		return which_two(ask);
	if (periods.count) {
		cursor = kl_cursor(&periods);
		(void)kl_cursor_next(&cursor, &item);
		if (kl_value_text(&item, text, sizeof text) || kl_period_parse(text, &period))
			return kl_fault(&ask->fault, KL_E_USAGE, "--period: expected a year");
		choice.period = &period;
	}
	return add_all(node, v, &revisions, add_revision, choice, &ask->fault);
}

static void gather_names(struct versions *v)
{
	for (size_t i = 0; i < v->count; i++)
		for (uint8_t a = 0; a < v->all[i]->assessor_count; a++) {
			const char *name = v->all[i]->assessors[a].name;
			size_t n = 0;

			while (n < v->name_count && !kl_words_equal(v->names[n], name))
				n++;
			if (n == v->name_count)
				v->names[v->name_count++] = name;
		}
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void put_version(struct kl_writer *w, const struct kl_assessment *a, uint64_t revision)
{
	kl_write_map(w, 4);
	kl_put_period(w, "period", a->period);
	kl_put_said(w, "place", a->place);
	kl_put_uint(w, "revision", revision);
	kl_put_uint(w, "assessors", a->assessor_count);
}

static bool scored_by(const struct versions *v, const char *name, size_t subject)
{
	for (size_t i = 0; i < v->count; i++)
		if (kl_assessment_score_by(v->all[i], name, subject) != KL_NO_SCORE)
			return true;
	return false;
}

/* Each assessor's score in each version. */
static void put_assessors(struct kl_writer *w, const struct versions *v, size_t subject)
{
	size_t n = 0;

	for (size_t i = 0; i < v->name_count; i++)
		n += scored_by(v, v->names[i], subject);
	kl_put_array(w, "assessors", n);
	for (size_t i = 0; i < v->name_count; i++) {
		if (!scored_by(v, v->names[i], subject))
			continue;
		kl_write_map(w, 2);
		kl_put_text(w, "assessor", v->names[i]);
		kl_put_array(w, "scores", v->count);
		for (size_t k = 0; k < v->count; k++) {
			int score = kl_assessment_score_by(v->all[k], v->names[i], subject);

			if (score == KL_NO_SCORE)
				kl_write_nil(w);
			else
				kl_write_int(w, score);
		}
	}
}

static void put_doubts(struct kl_writer *w, unsigned doubts)
{
	static const struct {
		unsigned doubt;
		const char *text;
	} texts[] = {{KL_DOUBT_OTHER_PEOPLE, "no assessor scored it both times"},
		{KL_DOUBT_OPPOSITE_WAYS, "assessors went opposite ways"},
		{KL_DOUBT_WITHIN_SPREAD, "it moved by less than assessors are apart"}};
	size_t n = 0;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		n += (doubts & texts[i].doubt) != 0;
	kl_put_array(w, "doubts", n);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (doubts & texts[i].doubt)
			kl_write_text(w, texts[i].text);
}

static void put_subject(struct kl_writer *w, const struct versions *v, size_t subject)
{
	struct kl_assessed_change c;
	struct kl_assessed r;

	kl_assessment_change(v->all[0], v->all[v->count - 1], subject, &c);
	kl_write_map(w, 11);
	kl_put_text(w, "subject", kl_subject_code(subject));
	kl_put_text(w, "name", kl_subject_name(subject));
	kl_put_array(w, "scores", v->count);
	for (size_t i = 0; i < v->count; i++) {
		kl_assessment_result(v->all[i], subject, &r);
		kl_write_map(w, KL_PUT_ASSESSED);
		kl_put_assessed(w, &r);
	}
	kl_put_text(w, "direction", kl_direction_name(c.direction));
	if (c.direction == KL_UNKNOWN_DIRECTION)
		kl_put_nil(w, "moved");
	else
		kl_put_double(w, "moved", c.moved_doubled / 2.0);
	kl_put_uint(w, "scored_both", c.both);
	kl_put_uint(w, "went_up", c.up);
	kl_put_uint(w, "went_down", c.down);
	kl_put_uint(w, "stayed", c.stayed);
	put_doubts(w, c.doubts);
	put_assessors(w, v, subject);
}

int kl_cmd_assess_compare(void *data, struct kl_ask *ask)
{
	struct versions v = {.count = 0};
	struct kl_writer *w = &ask->out;
	int rc = gather(data, ask, &v);

	if (rc) {
		destroy(&v);
		return rc;
	}
	gather_names(&v);
	kl_write_map(w, 2);
	kl_put_array(w, "versions", v.count);
	for (size_t i = 0; i < v.count; i++)
		put_version(w, v.all[i], v.revisions[i]);
	kl_put_array(w, "subjects", KL_SUBJECTS);
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		put_subject(w, &v, s);
	destroy(&v);
	return kl_ask_answer(ask);
}
