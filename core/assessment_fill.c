#include "core/assessment_fill.h"
#include "core/bytes.h"
#include "core/words.h"

#include <string.h>

const char *const kl_fill_fields[] = {"score", "note", "strength", "gap", "opportunity", "action",
	"owner", "due", "private", "public", "social", "evidence", "principle", "strategy", NULL};

/* One assignment, cut at its first `=`. */
struct assignment {
	char name[KL_FILL_TEXT_MAX];
	const char *value;
};

static int cut(const char *field, const char *typed, struct assignment *ret, struct kl_fault *fault)
{
	const char *equals = strchr(typed, '=');

	if (equals && equals > typed && (size_t)(equals - typed) < sizeof ret->name) {
		memcpy(ret->name, typed, (size_t)(equals - typed));
		ret->name[equals - typed] = '\0';
		ret->value = equals + 1;
		return KL_OK;
	}
	kl_fault(fault, KL_E_USAGE, "%s: expected NAME=VALUE, found \"%.64s\"", field, typed);
	(void)kl_fault_hint(fault, "for example: %s",
		!strcmp(field, "score")      ? "C1=2, C1.3=4 or leadership=3"
		: !strcmp(field, "strategy") ? "Procurement 2026 = silent on local suppliers"
					     : "C1=\"in words\"");
	return KL_E_USAGE;
}

/* ---- scores and answers -------------------------------------------------------------------- */

enum { WHOLE = 1000 }; /* no statement, but the subject itself */

/* "C1.3": subject C1, statement 3. A name with a dot in it ("practice.2") is a subject first. */
static int find_target(
	const char *name, size_t *ret_subject, unsigned *ret_statement, struct kl_fault *fault)
{
	char subject[KL_WORDS_TEXT_MAX];
	const char *dot = strrchr(name, '.');
	int rc = kl_subject_find(name, ret_subject, fault);

	if (!rc)
		*ret_statement = WHOLE;
	if (rc != KL_E_NOT_FOUND || !dot || (size_t)(dot - name) >= sizeof subject)
		return rc;
	if (!dot[1] || strspn(dot + 1, "0123456789") != strlen(dot + 1) || strlen(dot + 1) > 3)
		return rc;
	memcpy(subject, name, (size_t)(dot - name));
	subject[dot - name] = '\0';
	rc = kl_subject_find(subject, ret_subject, fault);
	if (rc)
		return rc;
	*ret_statement = 0;
	for (const char *c = dot + 1; *c; c++)
		*ret_statement = *ret_statement * 10 + (unsigned)(*c - '0');
	return KL_OK;
}

static int fill_score(
	struct kl_assessor *assessor, const struct assignment *a, struct kl_fault *fault)
{
	bool none = kl_words_equal(a->value, "none");
	struct kl_answer *answer;
	unsigned statement;
	size_t subject;
	int rc = find_target(a->name, &subject, &statement, fault);

	if (rc)
		return rc;
	answer = &assessor->answers[subject];
	if (statement == WHOLE) {
		if (none)
			answer->score = KL_NO_SCORE;
		return none ? KL_OK : kl_assessor_score(assessor, subject, a->value, fault);
	}
	if (none && statement && statement <= kl_subject_statements(subject)) {
		answer->statements[statement - 1] = KL_NO_SCORE;
		return KL_OK;
	}
	return kl_assessor_statement(assessor, subject, statement, a->value, fault);
}

/* ---- texts --------------------------------------------------------------------------------- */

static const struct text_field {
	const char *field;
	size_t offset, size;
	bool lines;
} text_fields[] = {
#define TEXT(name, member, lines)                                                                  \
	{                                                                                          \
		name, offsetof(struct kl_subject_notes, member),                                   \
			sizeof(((struct kl_subject_notes *)0)->member), lines                      \
	}
	TEXT("strength", strengths, true),
	TEXT("gap", gaps, true),
	TEXT("opportunity", opportunities, true),
	TEXT("action", action, true),
	TEXT("owner", owner, false),
	TEXT("private", sectors[KL_NOTE_PRIVATE], true),
	TEXT("public", sectors[KL_NOTE_PUBLIC], true),
	TEXT("social", sectors[KL_NOTE_SOCIAL], true),
#undef TEXT
};

static int fill_subject_text(struct kl_assessment *assessment, const char *field,
	const struct assignment *a, struct kl_fault *fault)
{
	size_t subject;
	int rc = kl_subject_find(a->name, &subject, fault);

	if (rc)
		return rc;
	if (!strcmp(field, "evidence"))
		return kl_assessment_evidence(assessment, subject, a->value, fault);
	if (!strcmp(field, "due"))
		return kl_date_set(assessment->notes[subject].due, a->value, fault);
	for (size_t i = 0; i < sizeof text_fields / sizeof *text_fields; i++) {
		const struct text_field *t = &text_fields[i];

		if (!strcmp(field, t->field))
			return kl_text_set((char *)&assessment->notes[subject] + t->offset, t->size,
				a->value, t->lines, field, fault);
	}
	return kl_fault(fault, KL_E_BUG, "an assessment has no field \"%s\"", field);
}

static int fill_principle(
	struct kl_assessment *assessment, const struct assignment *a, struct kl_fault *fault)
{
	size_t index;
	int rc = kl_principle_find(a->name, &index, fault);

	return rc ? rc
		  : kl_text_set(assessment->principles[index], sizeof assessment->principles[0],
			    a->value, true, "the note on a principle", fault);
}

/* Replaces the note on the strategy of that title, or adds one at the end. */
static int fill_strategy(
	struct kl_assessment *assessment, const struct assignment *a, struct kl_fault *fault)
{
	struct kl_strategy made = {{0}, {0}};
	uint8_t at = 0;
	int rc = kl_text_set(
		made.title, sizeof made.title, a->name, false, "a strategy's title", fault);

	if (!rc)
		rc = kl_text_set(made.note, sizeof made.note, a->value, true,
			"the note on a strategy", fault);
	if (rc)
		return rc;
	while (at < assessment->strategy_count &&
		!kl_words_equal(assessment->strategies[at].title, made.title))
		at++;
	if (at == KL_STRATEGIES_MAX)
		return kl_fault(fault, KL_E_TOO_BIG,
			"an assessment speaks of %d strategies at most", KL_STRATEGIES_MAX);
	assessment->strategies[at] = made;
	if (at == assessment->strategy_count)
		assessment->strategy_count++;
	return KL_OK;
}

static int fill_note(
	struct kl_assessor *assessor, const struct assignment *a, struct kl_fault *fault)
{
	size_t subject;
	int rc = kl_subject_find(a->name, &subject, fault);

	return rc ? rc : kl_assessor_note(assessor, subject, a->value, fault);
}

int kl_assessment_fill(struct kl_assessment *assessment, struct kl_assessor *assessor,
	const char *field, const char *typed, struct kl_fault *fault)
{
	struct assignment a;
	int rc = cut(field, typed, &a, fault);

	if (rc)
		return rc;
	if (!strcmp(field, "score"))
		return fill_score(assessor, &a, fault);
	if (!strcmp(field, "note"))
		return fill_note(assessor, &a, fault);
	if (!strcmp(field, "principle"))
		return fill_principle(assessment, &a, fault);
	if (!strcmp(field, "strategy"))
		return fill_strategy(assessment, &a, fault);
	return fill_subject_text(assessment, field, &a, fault);
}
