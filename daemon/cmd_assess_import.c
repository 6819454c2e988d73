/* assess import: a filled-in form as one new revision, which `undo` takes back.
 *
 * Rows are those of protocol/assess_rows.h. All of them are looked at, so that one message can name every place that is wrong; if one is, nothing of the
 * file is kept. */
#include "core/bytes.h"
#include "daemon/assessment_answer.h"
#include "daemon/commands.h"
#include "daemon/own_assessment.h"
#include "daemon/which_assessment.h"
#include "protocol/assess_rows.h"
#include "protocol/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_NAME_MAX = 128 };

struct importing {
	struct kl_node *node;
	struct kl_assessment *before, *assessment;
	struct kl_assessor *assessors[KL_FORM_ASSESSORS_MAX]; /* NULL where no name was given */
	size_t assessor_count;
	char file[FILE_NAME_MAX];
	uint64_t rows, bad;
	struct kl_fault first;
	char others[KL_FAULT_HINT_MAX]; /* where else something is wrong */
};

static void destroy(struct importing *im)
{
	kl_assessment_destroy(im->before);
	kl_assessment_destroy(im->assessment);
	free(im);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static int fill(struct importing *im, const struct kl_form_row *e, struct kl_fault *fault)
{
	struct kl_assessor *assessor = im->assessors[e->assessor];

	for (size_t i = 0; kl_fill_fields[i]; i++) {
		if (strcmp(kl_fill_fields[i], e->field) != 0)
			continue;
		if (assessor)
			return kl_assessment_fill(
				im->assessment, assessor, e->field, e->assignment, fault);
		kl_fault(fault, KL_E_INVALID, "nobody is named as the assessor of this column");
		return kl_fault_hint(fault,
			"name who assesses in the row \"assessor\", or with --assessor NAME");
	}
	return kl_fault(fault, KL_E_USAGE, "an assessment has no field \"%s\"", e->field);
}

/* The first thing that is wrong is told whole, and where the others are. */
static void note_bad(struct importing *im, const struct kl_form_row *e, struct kl_fault *fault)
{
	size_t len = strlen(im->others);

	(void)kl_fault_at(fault, "%s", e->where);
	if (!im->bad++) {
		im->first = *fault;
		return;
	}
	if (len + strlen(e->where) + 8 < sizeof im->others)
		(void)snprintf(im->others + len, sizeof im->others - len, "%s%s", len ? "; " : "",
			e->where);
}

static int take_row(struct importing *im, const struct kl_value *row, struct kl_fault *fault)
{
	struct kl_fault said = {0};
	struct kl_form_row e;

	if (kl_form_row_decode(row, &e))
		return kl_fault(fault, KL_E_USAGE, "a row of the form cannot be read");
	if (++im->rows > KL_FORM_ROWS_MAX)
		return kl_fault(
			fault, KL_E_TOO_BIG, "more than %d answers in one form", KL_FORM_ROWS_MAX);
	if (fill(im, &e, &said))
		note_bad(im, &e, &said);
	return KL_OK;
}

static int take_part(struct kl_ask *ask, void *data, const struct kl_value *part)
{
	struct kl_cursor cursor;
	struct kl_value row;
	int rc = kl_part_open(part->raw, &cursor);

	if (rc)
		return kl_fault(&ask->fault, rc, "a part of the form cannot be read");
	while (!rc && kl_cursor_next(&cursor, &row))
		rc = take_row(data, &row, &ask->fault);
	return rc;
}

/* ---- what was there before ------------------------------------------------------------------- */

/* Words that other people wrote and that the form replaced: told, since nobody may have meant it. */
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
#define TEXT(name, member)                                                                         \
	{                                                                                          \
		name, offsetof(struct kl_subject_notes, member)                                    \
	}
	TEXT("strengths", strengths),
	TEXT("gaps", gaps),
	TEXT("opportunities", opportunities),
	TEXT("next action", action),
	TEXT("owner", owner),
	TEXT("date", due),
	TEXT("private sector", sectors[KL_NOTE_PRIVATE]),
	TEXT("public sector", sectors[KL_NOTE_PUBLIC]),
	TEXT("social sector", sectors[KL_NOTE_SOCIAL]),
#undef TEXT
};

enum { TEXTS = sizeof texts / sizeof *texts };

static bool replaced(const struct importing *im, size_t subject, size_t text)
{
	const char *was = (const char *)&im->before->notes[subject] + texts[text].offset;
	const char *is = (const char *)&im->assessment->notes[subject] + texts[text].offset;

	return *was && strcmp(was, is) != 0;
}

static bool principle_replaced(const struct importing *im, size_t i)
{
	return *im->before->principles[i] &&
	       strcmp(im->before->principles[i], im->assessment->principles[i]) != 0;
}

/* A strategy keeps its place, and is only ever added to the end. */
static bool strategy_replaced(const struct importing *im, size_t i)
{
	return *im->before->strategies[i].note &&
	       strcmp(im->before->strategies[i].note, im->assessment->strategies[i].note) != 0;
}

static void put_replaced(struct kl_writer *w, const struct importing *im)
{
	char label[64];
	size_t n = 0;

	for (size_t s = 0; s < KL_SUBJECTS; s++)
		for (size_t t = 0; t < TEXTS; t++)
			n += replaced(im, s, t);
	for (size_t i = 0; i < KL_PRINCIPLES; i++)
		n += principle_replaced(im, i);
	for (size_t i = 0; i < im->before->strategy_count; i++)
		n += strategy_replaced(im, i);
	kl_put_array(w, "replaced", n);
	for (size_t s = 0; s < KL_SUBJECTS; s++)
		for (size_t t = 0; t < TEXTS; t++) {
			if (!replaced(im, s, t))
				continue;
			(void)snprintf(
				label, sizeof label, "%s: %s", kl_subject_name(s), texts[t].name);
			kl_write_text(w, label);
		}
	for (size_t i = 0; i < KL_PRINCIPLES; i++)
		if (principle_replaced(im, i))
			kl_write_text(w, kl_principle_at(i)->name);
	for (size_t i = 0; i < im->before->strategy_count; i++)
		if (strategy_replaced(im, i))
			kl_write_text(w, im->before->strategies[i].title);
}

/* ---- the end ------------------------------------------------------------------------------- */

/* What nobody typed, but a file says, is bad data whatever it would be on the command line. */
static int code_of_file(int code)
{
	static const int codes[] = {KL_E_USAGE, KL_E_INVALID, KL_E_NOT_FOUND, KL_E_AMBIGUOUS};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i] == code)
			return KL_E_MALFORMED;
	return code;
}

static int refuse_bad(struct importing *im, struct kl_fault *fault)
{
	*fault = im->first;
	fault->code = code_of_file(fault->code);
	if (im->bad > 1)
		(void)kl_fault_hint(fault, "%s%s%llu more to put right: %s", im->first.hint,
			im->first.hint[0] ? "; " : "", (unsigned long long)im->bad - 1, im->others);
	return fault->code;
}

static int publish(struct importing *im, uint64_t *ret_revision, struct kl_fault *fault)
{
	struct kl_changes *changes = kl_changes_new(im->node);
	char period[KL_PERIOD_TEXT_MAX], name[KL_PERIOD_TEXT_MAX + KL_ASSESSMENT_PLACE_MAX + 2];
	const struct kl_import_about about = {"assessment", name, im->file, im->rows};
	int rc = kl_own_assessment_change(changes, im->assessment, ret_revision, fault);

	(void)snprintf(name, sizeof name, "%s%s%s",
		kl_period_format(im->assessment->period, period),
		im->assessment->place[0] ? ", " : "", im->assessment->place);
	if (rc) {
		kl_changes_destroy(changes);
		return rc;
	}
	return kl_changes_publish(changes, &about, fault);
}

static int take_end(struct kl_ask *ask, void *data)
{
	struct importing *im = data;
	struct kl_writer *w = &ask->out;
	uint64_t revision = 0;
	int rc = KL_OK;

	if (im->bad)
		rc = refuse_bad(im, &ask->fault);
	else if (!im->rows)
		rc = kl_fault(&ask->fault, KL_E_USAGE, "nothing to record");
	if (!rc)
		rc = publish(im, &revision, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(w, KL_PUT_ASSESSMENT + 3);
	kl_put_text(w, "file", im->file);
	kl_put_uint(w, "rows", im->rows);
	put_replaced(w, im);
	kl_put_assessment(w, im->node, im->assessment, revision);
	destroy(im);
	return kl_ask_answer(ask);
}

static void aborted(struct kl_ask *ask, void *data)
{
	(void)ask;
	destroy(data);
}

static const struct kl_ask_hooks hooks = {.part = take_part, .end = take_end, .abort = aborted};

/* ---- the beginning ------------------------------------------------------------------------- */

/* The names of the columns' assessors; two columns of one name would overwrite each other. */
static int take_assessors(struct importing *im, struct kl_ask *ask)
{
	struct kl_value list, item;
	struct kl_cursor c;
	char name[KL_ASSESSOR_NAME_MAX];
	int rc = kl_get_array(&ask->args, "assessors", &list);

	if (rc || list.count > KL_FORM_ASSESSORS_MAX)
		return kl_fault(&ask->fault, KL_E_USAGE, "assessors: expected up to %d names",
			KL_FORM_ASSESSORS_MAX);
	c = kl_cursor(&list);
	while (!rc && kl_cursor_next(&c, &item)) {
		struct kl_assessor **out = &im->assessors[im->assessor_count++];

		if (kl_value_text(&item, name, sizeof name))
			return kl_fault(&ask->fault, KL_E_USAGE, "an assessor's name is too long");
		if (name[0])
			rc = kl_assessment_assessor(im->assessment, name, out, &ask->fault);
		for (size_t i = 0; !rc && *out && i + 1 < im->assessor_count; i++)
			if (im->assessors[i] == *out)
				rc = kl_fault(&ask->fault, KL_E_MALFORMED,
					"two columns are of one assessor, \"%s\"", name);
	}
	return rc;
}

static int begin(struct importing *im, struct kl_ask *ask)
{
	struct kl_period period;
	char place[KL_ASSESSMENT_PLACE_MAX];
	int rc = kl_ask_period(ask, NULL, &period);

	if (!rc)
		rc = kl_ask_text(ask, "place", place, sizeof place);
	if (!rc)
		rc = kl_ask_text(ask, "file", im->file, sizeof im->file);
	if (!rc)
		rc = kl_own_assessment_begin(im->node, period, place, &im->assessment, &ask->fault);
	if (rc)
		return rc;
	im->before = malloc(sizeof *im->before);
	if (!im->before)
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	*im->before = *im->assessment;
	return take_assessors(im, ask);
}

int kl_cmd_assess_import(void *data, struct kl_ask *ask)
{
	struct importing *im = calloc(1, sizeof *im);
	int rc;

	if (!im)
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	im->node = data;
	rc = begin(im, ask);
	if (rc) {
		destroy(im);
		return rc;
	}
	return kl_ask_upload(ask, &hooks, im);
}
