#include "client/tenant_forms.h"
#include "client/figure_cell.h"
#include "core/money.h"
#include "core/words.h"

#include <string.h>
#include <strings.h>

enum { QUESTION, ANSWER, COLUMNS };

static const struct kl_column columns[COLUMNS] = {
	[QUESTION] = {"question", {"questions"}, true},
	[ANSWER] = {"answer", {"answers", "your answer"}, true},
};

enum asked { FLOOR, TURNOVER, STAFF, ACTIVITY, NAME, ASKED };

/* What a question is about, by any of these words in it; the first that fits. */
static const struct {
	const char *words[5];
	const char *what;
} questions[ASKED] = {
	[FLOOR] = {{"floor space", "floorspace", "square met"}, "floor space"},
	[TURNOVER] = {{"turnover", "income"}, "turnover"},
	[STAFF] = {{"staff", "employees", "full time", "people work"}, "staff"},
	[ACTIVITY] = {{"what do you do", "what you do", "activity", "activities"}, "activity"},
	[NAME] = {{"name", "tenant", "who are you"}, "name"},
};

static enum asked about(const char *question)
{
	for (int a = 0; a < ASKED; a++)
		for (const char *const *w = questions[a].words; *w; w++)
			if (kl_words_contain(question, *w))
				return (enum asked)a;
	return ASKED;
}

int kl_tenant_form_fit(
	const char *path, const char *tab, struct kl_fault *fault, struct kl_sheet_fit *ret_fit)
{
	return kl_sheet_fit(path, tab, columns, COLUMNS, fault, ret_fit);
}

/* ---- answers ------------------------------------------------------------------------------- */

static int bad(const struct kl_sheet *sheet, struct kl_fault *fault, const char *expected)
{
	return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, ANSWER, expected);
}

static int figure(struct kl_sheet *sheet, const struct kl_figure *what, struct kl_fault *fault,
	bool *ret_has, int64_t *ret_value)
{
	bool rounded;
	int rc = kl_figure_read(sheet, ANSWER, what, fault, ret_value, &rounded);

	if (rc)
		return rc;
	*ret_has = true;
	if (rounded)
		kl_sheet_tell(sheet, "the figure in %s %u was rounded", kl_sheet_word(sheet),
			kl_sheet_line(sheet));
	return KL_OK;
}

static int text(const struct kl_sheet *sheet, char *out, size_t size, struct kl_fault *fault)
{
	if (kl_one_line(kl_sheet_cell(sheet, ANSWER), out, size))
		return KL_OK;
	return bad(sheet, fault, "a few words, at most 200 bytes");
}

static int take_answer(
	struct kl_sheet *sheet, enum asked asked, struct kl_tenant *t, struct kl_fault *fault)
{
	static const struct kl_figure floor_space = {kl_floor_parse, 1,
					      "square metres such as 120, or nothing"},
				      turnover = {kl_money_parse, 2,
					      "pounds such as 120,000, or nothing"},
				      staff = {kl_fte_parse, 1,
					      "full-time equivalents such as 4 or 4.5, or nothing"};

	switch (asked) {
	case NAME:
		return text(sheet, t->name, sizeof t->name, fault);
	case ACTIVITY:
		return text(sheet, t->activity, sizeof t->activity, fault);
	case FLOOR:
		return figure(sheet, &floor_space, fault, &t->has_floor, &t->floor);
	case TURNOVER:
		return figure(sheet, &turnover, fault, &t->has_turnover, &t->turnover);
	default:
		return figure(sheet, &staff, fault, &t->has_fte, &t->fte);
	}
}

/* What people write who do not know. */
static bool says_nothing(const char *answer)
{
	static const char *const words[] = {
		"", "?", "-", "n/a", "na", "unknown", "not known", "don't know", "do not know"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcasecmp(answer, words[i]))
			return true;
	return false;
}

static int take_row(
	struct kl_sheet *sheet, bool seen[ASKED], struct kl_tenant *t, struct kl_fault *fault)
{
	const char *question = kl_sheet_cell(sheet, QUESTION);
	enum asked asked = about(question);
	char shown[64];

	if (says_nothing(kl_sheet_cell(sheet, ANSWER)))
		return KL_OK;
	if (asked == ASKED) {
		(void)kl_one_line(question, shown, sizeof shown);
		kl_sheet_tell(
			sheet, "question '%s' is not known and its answer is not read", shown);
		return KL_OK;
	}
	if (seen[asked])
		return kl_fault(fault, KL_E_MALFORMED, "%s, %s %u: %s is answered twice",
			kl_sheet_name(sheet), kl_sheet_word(sheet), kl_sheet_line(sheet),
			questions[asked].what);
	seen[asked] = true;
	return take_answer(sheet, asked, t, fault);
}

static int read_rows(struct kl_sheet *sheet, struct kl_tenant *t, struct kl_fault *fault)
{
	bool seen[ASKED] = {false};
	int rc;

	while ((rc = kl_sheet_next(sheet, fault)) == 1) {
		rc = kl_sheet_check_row(sheet, fault);
		if (!rc)
			rc = take_row(sheet, seen, t, fault);
		if (rc)
			return rc;
	}
	if (rc || t->name[0])
		return rc;
	kl_fault(fault, KL_E_MALFORMED, "%s: does not say whose form it is", kl_sheet_name(sheet));
	return kl_fault_hint(fault, "fill in the answer beside \"Your organisation's name\"");
}

int kl_tenant_form_read(const char *path, const char *tab, const struct kl_activity_word *words,
	size_t word_count, struct kl_fault *fault, struct kl_tenant *ret_tenant,
	struct kl_sheet **ret_sheet)
{
	struct kl_tenant tenant = {.section = 0};
	struct kl_sheet *sheet;
	int rc = kl_sheet_open(path, tab, columns, COLUMNS, fault, &sheet);

	if (rc)
		return rc;
	rc = read_rows(sheet, &tenant, fault);
	if (rc) {
		kl_sheet_close(sheet);
		return rc;
	}
	if (kl_tenant_judge(&tenant, words, word_count))
		kl_sheet_tell(sheet, "'%s' was taken for %s%s%s%s%s", tenant.activity,
			tenant.section_judged ? "the industry " : "",
			tenant.section_judged ? kl_section_name(tenant.section) : "",
			tenant.section_judged && tenant.use_class_judged ? ", " : "",
			tenant.use_class_judged ? "use class " : "",
			tenant.use_class_judged ? tenant.use_class : "");
	*ret_tenant = tenant;
	*ret_sheet = sheet;
	return KL_OK;
}

const struct kl_column *kl_tenant_form_columns(unsigned *ret_count)
{
	*ret_count = COLUMNS;
	return columns;
}
