#include "client/assessment_form.h"
#include "core/bytes.h"
#include "core/catalogue.h"
#include "core/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE, QUESTION, FIRST_PAIR, CODE_MAX = 64 };

#define PAIR(n)                                                                                    \
	{"score " n, {NULL}, false},                                                               \
	{                                                                                          \
		"in words " n, {"words " n, "note " n, NULL}, false                                \
	}

const struct kl_column kl_assessment_columns[KL_FORM_COLUMNS] = {
	{"code", {NULL}, true},
	{"question", {NULL}, false},
	{"score", {"score 1", NULL}, true},
	{"in words", {"in words 1", "words", "note", NULL}, false},
	PAIR("2"),
	PAIR("3"),
	PAIR("4"),
	PAIR("5"),
	PAIR("6"),
};

static const struct {
	const char *suffix, *field;
} shared[] = {{"strengths", "strength"}, {"gaps", "gap"}, {"opportunities", "opportunity"},
	{"evidence", "evidence"}, {"private sector", "private"}, {"public sector", "public"},
	{"social sector", "social"}, {"next action", "action"}, {"owner", "owner"},
	{"date", "due"}};

struct reading {
	struct kl_sheet *sheet;
	struct kl_filled_form *form;
	struct kl_fault *fault;
};

static unsigned score_column(unsigned assessor)
{
	return FIRST_PAIR + 2 * assessor;
}

static const char *cell(const struct reading *r, unsigned column)
{
	return kl_sheet_cell(r->sheet, column);
}

/* What a row that asks for words says; people also write it beside the code. */
static const char *words_of(const struct reading *r, unsigned assessor, unsigned *ret_column)
{
	unsigned column = score_column(assessor) + 1;

	if (!cell(r, column)[0])
		column--;
	*ret_column = column;
	return cell(r, column);
}

/* ---- what goes up ------------------------------------------------------------------------------- */

static int grow(struct kl_filled_form *form, struct kl_fault *fault)
{
	size_t capacity = form->capacity ? 2 * form->capacity : 64;
	struct kl_form_row *rows;

	if (form->count < form->capacity)
		return KL_OK;
	if (form->count == KL_FORM_ROWS_MAX)
		return kl_fault(
			fault, KL_E_TOO_BIG, "more than %d answers in one form", KL_FORM_ROWS_MAX);
	if (capacity > KL_FORM_ROWS_MAX)
		capacity = KL_FORM_ROWS_MAX;
	rows = realloc(form->rows, capacity * sizeof *rows);
	if (!rows)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	form->rows = rows;
	form->capacity = capacity;
	return KL_OK;
}

/* Who copies a row and forgets it must not lose a score unseen. Links to evidence add up, and what
 * holds its own `=` is told apart by the daemon. */
static int check_once(const struct reading *r, unsigned column, unsigned assessor,
	const char *field, const char *target)
{
	const size_t len = strlen(target);

	if (!len || !strcmp(field, "evidence"))
		return KL_OK;
	for (size_t i = 0; i < r->form->count; i++) {
		const struct kl_form_row *e = &r->form->rows[i];

		if (e->assessor == assessor && !strcmp(e->field, field) &&
			!strncmp(e->assignment, target, len) && e->assignment[len] == '=')
			return kl_fault(r->fault, KL_E_MALFORMED,
				"%s, %s %u, column '%s': that was filled in before, in %s",
				kl_sheet_name(r->sheet), kl_sheet_word(r->sheet),
				kl_sheet_line(r->sheet), kl_assessment_columns[column].name,
				e->where);
	}
	return KL_OK;
}

/* `target` may be empty for what holds its own `=`. */
static int add(const struct reading *r, unsigned column, unsigned assessor, const char *field,
	const char *target, const char *text)
{
	struct kl_form_row *e;
	int rc = check_once(r, column, assessor, field, target), len;

	if (!rc)
		rc = grow(r->form, r->fault);
	if (rc)
		return rc;
	e = &r->form->rows[r->form->count];
	(void)snprintf(e->where, sizeof e->where, "%s %u, column '%s'", kl_sheet_word(r->sheet),
		kl_sheet_line(r->sheet), kl_assessment_columns[column].name);
	e->assessor = (uint8_t)assessor;
	(void)kl_copy_text(e->field, sizeof e->field, field);
	len = snprintf(
		e->assignment, sizeof e->assignment, "%s%s%s", target, *target ? "=" : "", text);
	if (len < 0 || (size_t)len >= sizeof e->assignment)
		return kl_fault(r->fault, KL_E_TOO_BIG,
			"%s, %s: %zu characters are too long, at most %d are kept",
			kl_sheet_name(r->sheet), e->where, strlen(text),
			KL_ASSESSMENT_NOTE_MAX - 1);
	r->form->count++;
	return KL_OK;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static int copy_word(
	const struct reading *r, unsigned column, const char *text, char *out, size_t size)
{
	if (kl_one_line(text, out, size))
		return KL_OK;
	return kl_sheet_fault(r->sheet, r->fault, KL_E_TOO_BIG, column, "something shorter");
}

static int period_row(const struct reading *r, unsigned column, const char *text)
{
	char *out = r->form->period;
	struct kl_period period;
	int rc = copy_word(r, column, text, out, sizeof r->form->period);

	if (!rc && (kl_period_parse(out, &period) || period.kind != KL_PERIOD_YEAR))
		rc = kl_sheet_fault(
			r->sheet, r->fault, KL_E_MALFORMED, column, "a year such as 2026");
	return rc;
}

/* "period", "place", "assessor": 1 if it is one of them. */
static int head_row(const struct reading *r, const char *code)
{
	struct kl_filled_form *form = r->form;
	unsigned column;
	const char *text = words_of(r, 0, &column);
	int rc = KL_OK;

	if (kl_words_equal(code, "period"))
		rc = period_row(r, column, text);
	else if (kl_words_equal(code, "place"))
		rc = copy_word(r, column, text, form->place, sizeof form->place);
	else if (kl_words_equal(code, "assessor"))
		for (unsigned a = 0; a < KL_FORM_ASSESSORS_MAX && !rc; a++) {
			text = words_of(r, a, &column);
			rc = copy_word(
				r, column, text, form->assessors[a], sizeof form->assessors[a]);
		}
	else
		return 0;
	return rc ? rc : 1;
}

/* Words that belong to all assessors together stand in the first pair of columns. */
static int shared_row(const struct reading *r, const char *field, const char *target)
{
	unsigned column;

	for (unsigned a = 1; a < KL_FORM_ASSESSORS_MAX; a++)
		if (words_of(r, a, &column)[0])
			return kl_sheet_fault(r->sheet, r->fault, KL_E_MALFORMED, column,
				"nothing: this row is for all assessors together, and goes into "
				"'in words'");
	return words_of(r, 0, &column)[0] ? add(r, column, 0, field, target, cell(r, column))
					  : KL_OK;
}

static int score_row(const struct reading *r, const char *target, bool statement)
{
	int rc = KL_OK;

	for (unsigned a = 0; a < KL_FORM_ASSESSORS_MAX && !rc; a++) {
		unsigned score = score_column(a);

		if (cell(r, score)[0])
			rc = add(r, score, a, "score", target, cell(r, score));
		if (rc || !cell(r, score + 1)[0])
			continue;
		rc = statement ? kl_sheet_fault(r->sheet, r->fault, KL_E_MALFORMED, score + 1,
					 "nothing: a statement takes a score only; words go into "
					 "the row of its characteristic")
			       : add(r, score + 1, a, "note", target, cell(r, score + 1));
	}
	return rc;
}

static int no_such_code(const struct reading *r)
{
	return kl_sheet_fault(r->sheet, r->fault, KL_E_MALFORMED, CODE,
		"a code of the form, such as C1, C1.3, C1 gaps, P2, principle 1, strategy 1, "
		"period, "
		"place or assessor");
}

/* "Title = how it stands", without the blanks around the first `=`. */
static int strategy_row(const struct reading *r)
{
	struct kl_form_row *e;
	size_t count = r->form->count, len;
	char *equals;
	int rc = shared_row(r, "strategy", "");

	if (rc || r->form->count == count)
		return rc;
	e = &r->form->rows[count];
	equals = strchr(e->assignment, '=');
	if (!equals)
		return KL_OK;
	len = strspn(equals + 1, " ");
	memmove(equals + 1, equals + 1 + len, strlen(equals + 1 + len) + 1);
	for (len = 0; equals - len > e->assignment && equals[-1 - (ptrdiff_t)len] == ' ';)
		len++;
	memmove(equals - len, equals, strlen(equals) + 1);
	return KL_OK;
}

/* "principle 2", "strategy 1": 1 if it is one of them. */
static int numbered_row(const struct reading *r, const char *code)
{
	unsigned number;
	char end;
	int rc;

	if (sscanf(code, "principle %1u%c", &number, &end) == 1) {
		if (number < 1 || number > KL_PRINCIPLES)
			return no_such_code(r);
		rc = shared_row(r, "principle", kl_principle_at(number - 1)->name);
		return rc ? rc : 1;
	}
	if (sscanf(code, "strategy %2u%c", &number, &end) == 1) {
		rc = strategy_row(r);
		return rc ? rc : 1;
	}
	return 0;
}

/* "C1.3" is a statement, "practice.2" and "C1" are subjects. */
static bool is_statement(const char *target)
{
	size_t subject;

	return strchr(target, '.') && kl_subject_find(target, &subject, NULL) != 0;
}

static int subject_row(const struct reading *r, const char *code)
{
	char target[CODE_MAX];
	size_t len = strcspn(code, " "), subject;
	const char *suffix = code + len + strspn(code + len, " ");

	memcpy(target, code, len);
	target[len] = '\0';
	if (!*suffix) {
		bool statement = is_statement(target);

		if (!statement && kl_subject_find(target, &subject, NULL))
			return no_such_code(r);
		return score_row(r, target, statement);
	}
	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
		if (kl_words_equal(suffix, shared[i].suffix)) {
			if (kl_subject_find(target, &subject, NULL))
				return no_such_code(r);
			return shared_row(r, shared[i].field, target);
		}
	return no_such_code(r);
}

static bool says_something(const struct reading *r)
{
	for (unsigned c = FIRST_PAIR; c < KL_FORM_COLUMNS; c++)
		if (cell(r, c)[0])
			return true;
	return false;
}

static int read_row(const struct reading *r)
{
	char code[CODE_MAX];
	int rc = kl_sheet_check_row(r->sheet, r->fault);

	if (rc || !says_something(r))
		return rc;
	if (!kl_one_line(cell(r, CODE), code, sizeof code) || !code[0])
		return no_such_code(r);
	for (char *c = code; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	rc = head_row(r, code);
	if (!rc)
		rc = numbered_row(r, code);
	return rc ? (rc < 0 ? rc : KL_OK) : subject_row(r, code);
}

int kl_assessment_form_read(
	struct kl_sheet *sheet, struct kl_filled_form *ret_form, struct kl_fault *fault)
{
	struct kl_filled_form form = {.count = 0};
	const struct reading r = {sheet, &form, fault};
	int rc;

	while ((rc = kl_sheet_next(sheet, fault)) > 0) {
		rc = read_row(&r);
		if (rc)
			break;
	}
	if (!rc && !form.count) {
		rc = kl_fault(
			fault, KL_E_MALFORMED, "%s: nothing is filled in", kl_sheet_name(sheet));
		(void)kl_fault_hint(fault, "scores go into the column 'score': 0 to 4");
	}
	if (rc)
		kl_filled_form_deinit(&form);
	else
		*ret_form = form;
	return rc;
}

void kl_filled_form_deinit(struct kl_filled_form *form)
{
	free(form->rows);
	*form = (struct kl_filled_form){.count = 0};
}
