#include "client/assessment_form.h"
#include "client/template.h"
#include "core/bytes.h"
#include "core/catalogue.h"

#include <stdio.h>
#include <string.h>

/* What all assessors together write of a subject: the code's second word, and the field. */
static const struct {
	const char *suffix, *question;
} texts[] = {
	{"strengths", "What is strong?"},
	{"gaps", "What is missing?"},
	{"opportunities", "What could become of it?"},
	{"evidence",
		"On what does it rest? An observation, such as c1.lm3 2025, or anything one can "
		"look up"},
	{"private sector", "A note for the private sector"},
	{"public sector", "A note for the public sector"},
	{"social sector", "A note for the social sector"},
	{"next action", "What happens next?"},
	{"owner", "Who sees to it?"},
	{"date", "Until when? The day first: 31/03/2027; or 2027-03-31"},
};

/* The bare numbers too: who types one must not be sent back to the list. */
static const char *const choices[] = {"0 absent", "1 starting", "2 partial", "3 established",
	"4 leading", "0", "1", "2", "3", "4", "none", NULL};

#define SCORE_NOTE "0 absent, 1 starting, 2 partial, 3 established, 4 leading (this scale is ours)"
#define WORDS_NOTE "Why, or what the row asks for."

static const struct kl_book_column columns[2 + 2 * KL_FORM_ASSESSORS_DRAWN] = {
	{"code", KL_BOOK_TEXT, .width = 18, .note = "Leave it as it is: by this the row is known."},
	{"question", KL_BOOK_TEXT, .width = 100},
	{"score", KL_BOOK_TEXT, .width = 14, .note = SCORE_NOTE, .choices = choices},
	{"in words", KL_BOOK_TEXT, .width = 40, .note = WORDS_NOTE},
	{"score 2", KL_BOOK_TEXT, .width = 14,
		.note = "A second assessor: the name goes into the row assessor.",
		.choices = choices},
	{"in words 2", KL_BOOK_TEXT, .width = 40, .note = WORDS_NOTE},
	{"score 3", KL_BOOK_TEXT, .width = 14, .note = "A third assessor.", .choices = choices},
	{"in words 3", KL_BOOK_TEXT, .width = 40, .note = WORDS_NOTE},
};

/* ---- rows ---------------------------------------------------------------------------------- */

static void row(struct kl_book *book, const char *code, const char *question)
{
	kl_book_text(book, code);
	kl_book_text(book, question);
	kl_book_end_row(book);
}

static void code_of(size_t subject, char out[8])
{
	if (subject < KL_CHARACTERISTICS)
		(void)snprintf(out, 8, "C%zu", subject + 1);
	else
		(void)snprintf(out, 8, "P%zu", subject - KL_CHARACTERISTICS + 1);
}

static void text_rows(struct kl_book *book, const char *subject)
{
	char code[64];

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		(void)snprintf(code, sizeof code, "%s %s", subject, texts[i].suffix);
		row(book, code, texts[i].question);
	}
}

static void characteristic_rows(struct kl_book *book, size_t subject)
{
	const struct kl_characteristic *c = kl_characteristic_at(subject);
	char code[8], numbered[16], question[512];

	code_of(subject, code);
	(void)snprintf(question, sizeof question, "%s: %s", c->name, c->definition);
	row(book, code, question);
	for (uint8_t i = 0; i < c->statement_count; i++) {
		(void)snprintf(numbered, sizeof numbered, "%s.%u", code, i + 1u);
		row(book, numbered, c->statements[i]);
	}
	text_rows(book, code);
}

static void practice_rows(struct kl_book *book, size_t subject)
{
	const struct kl_tenet *p = kl_practice_at(subject - KL_CHARACTERISTICS);
	char code[8], question[512];

	code_of(subject, code);
	(void)snprintf(question, sizeof question, "The council's practice (councils only): %s: %s",
		p->name, p->meaning);
	row(book, code, question);
	text_rows(book, code);
}

static void last_rows(struct kl_book *book)
{
	char code[32], question[512];

	for (size_t i = 0; i < KL_PRINCIPLES; i++) {
		const struct kl_tenet *p = kl_principle_at(i);

		(void)snprintf(code, sizeof code, "principle %zu", i + 1);
		(void)snprintf(
			question, sizeof question, "%s: %s. How is it kept?", p->name, p->meaning);
		row(book, code, question);
	}
	for (unsigned i = 1; i <= KL_STRATEGIES_MAX; i++) {
		(void)snprintf(code, sizeof code, "strategy %u", i);
		row(book, code,
			"An existing strategy, =, and how it stands against the framework: "
			"Procurement 2026 = silent on local suppliers");
	}
}

static void rows(struct kl_book *book)
{
	row(book, "period", "The year that is assessed, such as 2026");
	row(book, "place", "A part of the area; empty if the whole area is meant");
	row(book, "assessor", "Who assesses: a department, a board, a group of residents");
	for (size_t s = 0; s < KL_CHARACTERISTICS; s++)
		characteristic_rows(book, s);
	for (size_t s = KL_CHARACTERISTICS; s < KL_SUBJECTS; s++)
		practice_rows(book, s);
	last_rows(book);
}

/* ---- all of it ------------------------------------------------------------------------------- */

#define EMPTY_PAIRS "", "", "", ""

static const char *const examples[] = {"period", "", "", "2026", EMPTY_PAIRS, "assessor", "", "",
	"Example board", "", "Example residents", "", "", "C1", "", "",
	"two thirds of spending leaves", "", "", "", "", "C1.1", "", "1 starting", "", "0 absent",
	"", "", "", "C1.2", "", "2 partial", "", EMPTY_PAIRS, "C1.3", "", "3 established", "",
	EMPTY_PAIRS, "C2", "", "2 partial", "few large employers recruit here", "3", "", "", "",
	"C1 next action", "", "", "ask the twenty largest suppliers", EMPTY_PAIRS, "C1 owner", "",
	"", "Example officer", EMPTY_PAIRS, NULL};

static const char *const notes[] = {
	"Score a characteristic (C1), or answer its statements (C1.1, C1.2, ...): once half of "
	"them "
	"are answered, the score follows from them, unless it is given (the rule is ours).",
	"What you leave empty changes nothing; \"none\" takes a score back.",
	"Several assessors: one pair of columns each, with the name in the row \"assessor\"; or "
	"one "
	"file each. Rows such as C1 gaps belong to all together and go into \"in words\".",
	"P1 to P4 are the council's own practice: an anchor leaves them empty.",
	"Save the file, then: keeplocal assess import FILE", NULL};

const struct kl_template kl_template_assessment = {
	.name = "assessment",
	.use = "for 'assess import': the framework, statement by statement or score by score",
	.title = "Assessment of the local economy: 0 absent, 1 starting, 2 partial, 3 established, "
		 "4 leading (this scale is ours, the report has none)",
	.sheet = {.name = "Assessment",
		.columns = columns,
		.count = sizeof columns / sizeof *columns},
	.rows = rows,
	.examples = examples,
	.notes = notes,
};
