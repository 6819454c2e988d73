#include "client/template.h"
#include "core/policy.h"

static const struct kl_book_column columns[] = {
	{"social value policy", KL_BOOK_TEXT, .width = 36,
		.note = "What is asked. Leave this column as it is."},
	{"answer", KL_BOOK_TEXT, .width = 50,
		.note = "What you say; empty where you do not know, or do not say. It becomes "
			"public "
			"under your name once you agree to the preview."},
	{"what to write", KL_BOOK_TEXT, .width = 110, .note = "How to answer. It is not read."},
};

static const char *const examples[] = {"Status", "adopted", "",                         /**/
	"Form", "policy; lead officer", "",                                             /**/
	"Title", "Made-up social value policy", "",                                     /**/
	"Date", "31/03/2026", "",                                                       /**/
	"Applied to", "above figure", "",                                               /**/
	"Applied above", "50,000", "",                                                  /**/
	"Weight in scoring", "20%", "",                                                 /**/
	"Measures adopted", "Jobs for people of the place; Paid hours of training", "", /**/
	"Routes used", "grants; asset transfer", "", NULL};

static const char *const notes[] = {
	"An empty answer changes nothing; in 'policy set' an empty value takes one back.",
	"Save the file, then: keeplocal policy import FILE", NULL};

static void put_rows(struct kl_book *book)
{
	for (size_t i = 0; i < kl_policy_form.n; i++) {
		kl_book_text(book, kl_policy_form.fields[i].label);
		kl_book_skip(book);
		kl_book_text(book, kl_policy_note(i));
		kl_book_end_row(book);
	}
}

const struct kl_template kl_template_policy = {
	.name = "policy",
	.use = "for 'policy import': your social value policy",
	.title = "Social value policy: what you say of it in public",
	.sheet = {.name = "Policy", .columns = columns, .count = sizeof columns / sizeof *columns},
	.examples = examples,
	.rows = put_rows,
	.notes = notes,
};
