/* assess record, assess show: what assessors think of the area, and on what that rests. */
#include "core/assessment_fill.h"
#include "core/words.h"
#include "daemon/assessment_answer.h"
#include "daemon/commands.h"
#include "daemon/which_assessment.h"
#include "store/documents.h"

#include <string.h>

enum { ASSIGNMENTS_MAX = 256 }; /* of one field in one ask */

/* ---- record -------------------------------------------------------------------------------- */

/* What stands before the `=`. */
static void left_of(const struct kl_value *item, char out[KL_FILL_TEXT_MAX])
{
	if (kl_value_text(item, out, KL_FILL_TEXT_MAX))
		out[0] = '\0';
	out[strcspn(out, "=")] = '\0';
}

/* The same name twice in one command: one of the two would be lost without a word. */
static int check_twice(const struct kl_value *list, const char *field, struct kl_fault *fault)
{
	struct kl_cursor outer = kl_cursor(list), inner;
	char name[KL_FILL_TEXT_MAX], other[KL_FILL_TEXT_MAX];
	struct kl_value item;

	while (kl_cursor_next(&outer, &item)) {
		left_of(&item, name);
		inner = outer;
		while (kl_cursor_next(&inner, &item)) {
			left_of(&item, other);
			if (kl_words_equal(name, other))
				return kl_fault(
					fault, KL_E_USAGE, "%s: %.64s stands twice", field, name);
		}
	}
	return KL_OK;
}

static int fill_field(struct kl_ask *ask, const char *field, struct kl_assessment *assessment,
	struct kl_assessor *assessor, unsigned *filled)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	int rc = kl_get_array(&ask->args, field, &list);

	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc || list.count > ASSIGNMENTS_MAX)
		return kl_fault(&ask->fault, KL_E_USAGE, "%s: expected up to %d of NAME=VALUE",
			field, ASSIGNMENTS_MAX);
	rc = strcmp(field, "evidence") != 0 ? check_twice(&list, field, &ask->fault) : KL_OK;
	cursor = kl_cursor(&list);
	while (!rc && kl_cursor_next(&cursor, &item)) {
		char typed[KL_FILL_TEXT_MAX];

		if (kl_value_text(&item, typed, sizeof typed))
			return kl_fault(&ask->fault, KL_E_USAGE,
				"%s: expected NAME=VALUE of at most %d bytes", field,
				KL_FILL_TEXT_MAX - 1);
		rc = kl_assessment_fill(assessment, assessor, field, typed, &ask->fault);
		(*filled)++;
	}
	return rc;
}

static int fill(struct kl_ask *ask, struct kl_assessment *assessment)
{
	struct kl_assessor *assessor;
	char name[KL_ASSESSOR_NAME_MAX];
	unsigned filled = 0;
	int rc = kl_ask_needed(
		ask, "assessor", "who assesses? --assessor NAME is needed", name, sizeof name);

	if (!rc)
		rc = kl_assessment_assessor(assessment, name, &assessor, &ask->fault);
	for (size_t i = 0; !rc && kl_fill_fields[i]; i++)
		rc = fill_field(ask, kl_fill_fields[i], assessment, assessor, &filled);
	if (rc || filled)
		return rc;
	kl_fault(&ask->fault, KL_E_USAGE, "nothing to record");
	return kl_fault_hint(&ask->fault,
		"for example: keeplocal assess record --period 2026 --assessor finance C1=2 C2=3");
}

int kl_cmd_assess_record(void *data, struct kl_ask *ask)
{
	struct kl_assessment *assessment;
	struct kl_period period;
	char place[KL_ASSESSMENT_PLACE_MAX];
	uint64_t revision;
	int rc = kl_ask_period(ask, NULL, &period);

	if (!rc)
		rc = kl_ask_text(ask, "place", place, sizeof place);
	if (!rc)
		rc = kl_own_assessment_begin(data, period, place, &assessment, &ask->fault);
	if (rc)
		return rc;
	rc = fill(ask, assessment);
	if (!rc)
		rc = kl_own_assessment_keep(data, assessment, &revision, &ask->fault);
	if (!rc)
		rc = kl_answer_assessment(data, ask, assessment, revision);
	kl_assessment_destroy(assessment);
	return rc;
}

/* ---- show ---------------------------------------------------------------------------------- */

int kl_cmd_assess_show(void *data, struct kl_ask *ask)
{
	struct kl_assessment *assessment;
	uint64_t revision;
	int rc = kl_ask_assessment(data, ask, &assessment, &revision);

	if (rc)
		return rc;
	rc = kl_answer_assessment(data, ask, assessment, revision);
	kl_assessment_destroy(assessment);
	return rc;
}
