/* The data-protection statement about tallies: what happens to a member's figures, what is promised, and
 * what is not, in words that an officer can hand on.
 *
 * It says what is true of every tally, filled in with the facts of this network and of one tally as the
 * daemon knows them ("tally statement"). One text, drawn twice: on a terminal, and as a page of HTML that
 * needs nothing but itself. What is not promised is never left out. */
#ifndef KL_CLIENT_STATEMENT_H
#define KL_CLIENT_STATEMENT_H

#include "client/html.h"
#include "protocol/wire.h"

#include <stdio.h>

/* Where the text goes: to a terminal, or into a page. */
struct kl_statement {
	/* All private. */
	FILE *out;
	struct kl_html *html;
	int open; /* what is open in the page */
};

/* Everything between the head and the foot, from the daemon's answer. */
void kl_statement_write(struct kl_statement *statement, const struct kl_value *facts);

/* The statement on a terminal. `date`: "30 November 2026". */
void kl_statement_print(FILE *out, const struct kl_value *facts, const char *date);

/* The whole page; see kl_html_end(). `html` is initialised by this. */
int kl_statement_page(struct kl_html *html, const struct kl_value *facts, const char *date,
	struct kl_bytes *ret_page);

/* ---- for the text ---------------------------------------------------------------------------- */

void kl_statement_heading(struct kl_statement *s, const char *id, const char *title);
void kl_statement_para(struct kl_statement *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void kl_statement_item(struct kl_statement *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A line of facts: what it is, and what it is here. */
void kl_statement_fact(struct kl_statement *s, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A question, and the answer as far as the software knows it. */
void kl_statement_question(struct kl_statement *s, const char *question, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
