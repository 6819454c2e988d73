#include "client/template.h"

static const char *const bases[] = {"NIA", "GIA", "GEA", NULL};

static const struct kl_book_column columns[] = {
	{"tenant", KL_BOOK_TEXT, .width = 34, .note = "Who rents or uses the space."},
	{"activity", KL_BOOK_TEXT, .width = 30,
		.note = "What they do there, in a few plain words: childcare, graphic design, "
			"cafe."},
	{"floor_space_m2", KL_BOOK_NUMBER, .width = 17, .note = "Square metres that they use."},
	{"turnover", KL_BOOK_POUNDS, .width = 16, .note = "Of the last year, in pounds."},
	{"staff_fte", KL_BOOK_NUMBER, .width = 12,
		.note = "Who works there, in full-time equivalents: two half-time jobs are one."},
	{"sic", KL_BOOK_TEXT, .width = 10,
		.note = "If you know it: section (A to U) or code of SIC 2007, such as 56.10. "
			"Otherwise "
			"the words of the activity decide."},
	{"use_class", KL_BOOK_TEXT, .width = 12,
		.note = "If you know it: planning use class of the space, such as B1a."},
	{"area_basis", KL_BOOK_TEXT, .width = 12, .choices = bases,
		.note = "If you know it: how the floor space was measured, NIA (net internal), GIA "
			"(gross internal) or GEA (gross external)."},
	{"gva", KL_BOOK_POUNDS, .width = 14,
		.note = "If you know it: gross value added of the last year, in pounds."},
};

static const char *const examples[] = {"Example Nursery", "childcare", "240", "180000", "9.5", "",
	"", "", "", /**/
	"Example Design", "graphic design", "35", "", "", "", "", "", "", NULL};

static const char *const notes[] = {
	"Only the tenant's name must be there; an empty cell means: not known.",
	"Save the file, then: keeplocal enabled import FILE", NULL};

const struct kl_template kl_template_tenants = {
	.name = "tenants",
	.use = "for 'enabled import': who works in an anchor's buildings",
	.title = "Tenants: one row for each",
	.sheet = {.name = "Tenants", .columns = columns, .count = sizeof columns / sizeof *columns},
	.examples = examples,
	.notes = notes,
};

/* ---- the form for each of them --------------------------------------------------------------- */

static const struct kl_book_column form_columns[] = {
	{"question", KL_BOOK_TEXT, .width = 82},
	{"answer", KL_BOOK_TEXT, .width = 40, .note = "Leave it empty if you do not know."},
};

/* The report's four questions. */
static void put_questions(struct kl_book *book)
{
	static const char *const questions[] = {"Your organisation's name",
		"1. What do you do here? (a few words)",
		"2. How much floor space do you use? (square metres)",
		"3. What was your turnover last year? (pounds)",
		"4. How many staff work here? (full-time equivalents: two half-time jobs are one)"};

	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		kl_book_text(book, questions[i]);
		kl_book_skip(book);
		kl_book_end_row(book);
	}
}

static const char *const form_notes[] = {
	"The answers go into the table of tenants of the organisation that gave you this form.",
	NULL};

const struct kl_template kl_template_tenant_form = {
	.name = "tenant-form",
	.use = "what an anchor gives to each of its tenants",
	.title = "Four questions about your work here",
	.sheet = {.name = "Form", .columns = form_columns, .count = 2},
	.rows = put_questions,
	.notes = form_notes,
};
