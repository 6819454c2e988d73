#include "client/template.h"

static const char *const stages[] = {"analyse", "plan", "deliver", "review", NULL};
static const char *const outcomes[] = {"worked", "partly", "did not", "not yet", NULL};

static const struct kl_book_column columns[] = {
	{"title", KL_BOOK_TEXT, .width = 40, .note = "One line that says what was learnt."},
	{"text", KL_BOOK_TEXT, .width = 60,
		.note = "What you did, what came of it, and what you would do again. No names, "
			"addresses or numbers of people."},
	{"place", KL_BOOK_TEXT, .width = 20,
		.note = "The name or code of a council, or what people call the place."},
	{"period", KL_BOOK_TEXT, .width = 12,
		.note = "When: a year 2016, a financial year 2016/17, a quarter 2016-Q3 or a month "
			"2016-03."},
	{"characteristics", KL_BOOK_TEXT, .width = 20,
		.note = "Which of the seven characteristics: 1 to 7, or names; several are apart "
			"by ;"},
	{"stages", KL_BOOK_TEXT, .width = 12, .choices = stages,
		.note = "Stages of commissioning: analyse, plan, deliver, review."},
	{"routes", KL_BOOK_TEXT, .width = 24,
		.note = "innovation partnership, reserved contract, light touch, single tender, "
			"alliance, grants, asset transfer, crowdfunding, micro-commissioning, "
			"pooled budgets, consortium, locality commissioning; several are apart by "
			";"},
	{"services", KL_BOOK_TEXT, .width = 24,
		.note = "Areas of service in your own words; several are apart by ;"},
	{"barriers", KL_BOOK_TEXT, .width = 24,
		.note = "capacity, risk aversion, letting go, disconnected system, evidence; "
			"several are apart by ;"},
	{"outcome", KL_BOOK_TEXT, .width = 12, .choices = outcomes,
		.note = "worked, partly, did not or not yet."},
	{"links", KL_BOOK_TEXT, .width = 30,
		.note = "Where more can be read: addresses that begin with https://; several are "
			"apart by ;"},
};

static const char *const examples[] = {"Example: begin with the caretaker",
	"The people who hold the keys knew what the survey did not.", "Example Town", "2016", "4",
	"plan", "asset transfer", "halls", "letting go", "worked", "https://hall.example/", NULL};

static const char *const notes[] = {"A row for each lesson; only title and text must be there.",
	"Lessons are public and signed: every member reads them.",
	"Save the file, then: keeplocal lesson import FILE", NULL};

const struct kl_template kl_template_lessons = {
	.name = "lessons",
	.use = "for 'lesson import': what you have learnt",
	.title = "Lessons: one row for each",
	.sheet = {.name = "Lessons", .columns = columns, .count = sizeof columns / sizeof *columns},
	.examples = examples,
	.notes = notes,
};
