#include "client/template.h"

static const char *const yes_no[] = {"yes", "no", "unknown", NULL};
static const char *const sectors[] = {
	"voluntary", "social enterprise", "small", "large", "public", "unknown", NULL};
static const char *const sizes[] = {"micro", "small", "medium", "large", "unknown", NULL};

static const struct kl_book_column columns[] = {
	{"supplier", KL_BOOK_TEXT, .width = 34,
		.note = "As the spending file calls them; Ltd or Limited, capitals and punctuation "
			"do "
			"not matter."},
	{"place", KL_BOOK_TEXT, .width = 20,
		.note = "Where they are: a postcode such as HX1 5ER, or the code of a council area "
			"such as E08000033."},
	{"local", KL_BOOK_TEXT, .width = 10, .choices = yes_no,
		.note = "yes or no if you know it; otherwise leave it empty, and the place "
			"decides."},
	{"sector", KL_BOOK_TEXT, .width = 18, .choices = sectors,
		.note = "voluntary (or community), social enterprise, small or large business, "
			"public; "
			"empty if not known."},
	{"size", KL_BOOK_TEXT, .width = 10, .choices = sizes,
		.note = "How large they are: micro, small, medium or large; empty if not known."},
};

static const char *const examples[] = {"Example Catering Ltd", "HX1 5ER", "", "small", "micro",
	"Example Stationers", "E08000033", "", "large", "large", NULL};

static const char *const notes[] = {
	"Spending files hardly ever say where a supplier is: this table does, once for all files.",
	"Save the file, then: keeplocal spend import FILES --places FILE", NULL};

const struct kl_template kl_template_places = {
	.name = "places",
	.use = "for 'spend import --places': where suppliers are and what they are",
	.title = "Where suppliers are: one row for each",
	.sheet = {.name = "Places", .columns = columns, .count = sizeof columns / sizeof *columns},
	.examples = examples,
	.notes = notes,
};
