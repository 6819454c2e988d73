#include "client/template.h"

static const char *const confidences[] = {"high", "moderate", "low", NULL};

static const struct kl_book_column columns[] = {
	{"indicator", KL_BOOK_TEXT, .width = 40,
		.note = "The name of an indicator, or an unambiguous part of it: keeplocal "
			"indicator "
			"list."},
	{"component", KL_BOOK_TEXT, .width = 16,
		.note = "Which number, where an indicator has several, such as gva or jobs; "
			"otherwise leave it empty."},
	{"period", KL_BOOK_TEXT, .width = 12,
		.note = "A year 2016, a financial year 2016/17, a quarter 2016-Q3 or a month "
			"2016-03."},
	{"place", KL_BOOK_TEXT, .width = 20,
		.note = "A part of the area; empty for the whole area."},
	{"value", KL_BOOK_TEXT, .width = 14,
		.note = "The number, in the indicator's unit: 45% or 0.45 for a share, 1,250.50 "
			"for "
			"pounds."},
	{"text", KL_BOOK_TEXT, .width = 40,
		.note = "What there is to tell, beside the number or instead of it where the "
			"indicator "
			"admits words."},
	{"method", KL_BOOK_TEXT, .width = 24,
		.note = "How it was found out. Figures of different methods are never compared."},
	{"method_version", KL_BOOK_TEXT, .width = 16, .note = "Which version of the method."},
	{"confidence", KL_BOOK_TEXT, .width = 12, .choices = confidences,
		.note = "high, moderate or low."},
	{"source", KL_BOOK_TEXT, .width = 30, .note = "Where it can be looked up."},
	{"challenger", KL_BOOK_TEXT, .width = 20, .note = "Who tried to prove it wrong."},
};

static const char *const examples[] = {"Hours of volunteers", "", "2016", "", "1250", "",
	"sign-in sheets", "", "high", "example ledger", "", /**/
	"Trust that people express", "", "2016", "Example ward", "45%",
	"Neighbours keep each other's keys", "survey of 120 residents", "2", "moderate", "",
	"A. Person", NULL};

static const char *const notes[] = {"Only indicator, period and a value or a text must be there; "
				    "an empty cell means: not known.",
	"A row for each indicator, component, period and place; none of them twice.",
	"Save the file, then: keeplocal indicator import FILE",
	"The bank of indicators, and how each is collected; keeplocal indicator list shows what "
	"members "
	"defined beside it:",
/* the names as the catalogue has them, so that they can be copied */
#define COMPONENT(code, name, unit, polarity)
#define INDICATOR(code, number, kind, level, form, span, name, how, ...) name ": " how,
#include "core/catalogue.def"
#include "core/catalogue_others.def"
#undef INDICATOR
#undef COMPONENT
	NULL};

const struct kl_template kl_template_indicators = {
	.name = "indicators",
	.use = "for 'indicator import': what was observed",
	.title = "Observations: one row for each indicator, period and place",
	.sheet = {.name = "Indicators",
		.columns = columns,
		.count = sizeof columns / sizeof *columns},
	.examples = examples,
	.notes = notes,
};
