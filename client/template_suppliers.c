#include "client/template.h"

static const char *const yes_no[] = {"yes", "no", "unknown", NULL};
static const char *const sectors[] = {
	"voluntary", "social enterprise", "small", "large", "public", "unknown", NULL};

static const struct kl_book_column columns[] = {
	{"supplier", KL_BOOK_TEXT, .width = 34,
		.note = "Who was paid. The same name in several rows is added up."},
	{"contact", KL_BOOK_TEXT, .width = 20, .note = "Whom a letter or survey goes to."},
	{"email", KL_BOOK_TEXT, .width = 28, .note = "Where it goes to."},
	{"spend", KL_BOOK_POUNDS, .width = 14,
		.note = "What you paid them in the period, in pounds and without VAT. Credit notes "
			"are "
			"negative."},
	{"place", KL_BOOK_TEXT, .width = 18,
		.note = "Where they are: a postcode such as HX1 5ER, or the code of a council area "
			"such as E08000033."},
	{"local", KL_BOOK_TEXT, .width = 10, .choices = yes_no,
		.note = "yes or no if you know it; otherwise leave it empty, and the place "
			"decides."},
	{"sector", KL_BOOK_TEXT, .width = 18, .choices = sectors,
		.note = "voluntary (or community), social enterprise, small or large business, "
			"public; "
			"empty if not known."},
	{"respent_locally", KL_BOOK_SHARE, .width = 16,
		.note = "Their own answer: which share of their income they spend in the area "
			"again, "
			"such as 45%. Leave it empty if they did not answer; 0% is an answer."},
	{"latitude", KL_BOOK_NUMBER, .width = 12,
		.note = "Only if the area is a radius: degrees north such as 53.7214."},
	{"longitude", KL_BOOK_NUMBER, .width = 12,
		.note = "Only if the area is a radius: degrees east such as -1.8635."},
};

static const char *const examples[] = {"Example Catering Ltd", "A. Person", "office@example.org",
	"1250.50", "E08000033", "yes", "small", "0.45", "", "", /**/
	"Example Stationers", "", "", "320", "", "unknown", "", "", "", "", NULL};

static const char *const notes[] = {
	"Only supplier and spend must be there; an empty cell means: not known.",
	"Save the file, then: keeplocal lm3 import NAME suppliers FILE", NULL};

const struct kl_template kl_template_suppliers = {
	.name = "suppliers",
	.use = "for 'lm3 import': whom a project paid",
	.title = "Suppliers: one row for each",
	.sheet = {.name = "Suppliers",
		.columns = columns,
		.count = sizeof columns / sizeof *columns},
	.examples = examples,
	.notes = notes,
};
