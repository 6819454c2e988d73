/* The statement: what it says of made-up facts, on a terminal and as a page, with every negative. */
#include "client/json.h"
#include "client/statement.h"
#include "tests/unit/harness.h"
#include "tests/unit/markup.h"

#include <stdlib.h>

static struct kl_writer facts_writer;

/* Quotes are typed as `'`. */
static struct kl_value facts_of(const char *text)
{
	struct kl_bytes bytes;
	struct kl_value value;
	json_error_t error;
	json_t *json;
	char *copy = strdup(text);

	assert_non_null(copy);
	for (char *c = copy; *c; c++)
		*c = (char)(*c == '\'' ? '"' : *c);
	json = json_loads(copy, 0, &error);
	if (!json)
		fail_msg("%s at %d: %s", error.text, error.position, copy);
	kl_writer_init(&facts_writer);
	assert_int_equal(kl_json_to_value(json, &facts_writer), KL_OK);
	assert_int_equal(kl_writer_bytes(&facts_writer, &bytes), KL_OK);
	assert_int_equal(kl_value_open(bytes, &value), KL_OK);
	json_decref(json);
	free(copy);
	return value;
}

/* What one set of facts comes to. */
static struct {
	char *text;
	size_t len;
	struct kl_html html;
	struct kl_bytes page;
} drawn;

static void draw(const char *json)
{
	const struct kl_value facts = facts_of(json);
	FILE *out = open_memstream(&drawn.text, &drawn.len);

	assert_non_null(out);
	kl_statement_print(out, &facts, "3 December 2026");
	fclose(out);
	for (char *c = drawn.text; *c; c++) /* where lines break is not asked here */
		if (*c == '\n')
			*c = ' ';
	assert_int_equal(
		kl_statement_page(&drawn.html, &facts, "3 December 2026", &drawn.page), KL_OK);
	markup_is_whole(drawn.page);
	assert_int_equal(markup_count(drawn.page, "<script"), 0);
	assert_int_equal(markup_count(drawn.page, " src="), 0);
	assert_int_equal(markup_count(drawn.page, "<link"), 0);
	assert_int_equal(markup_count(drawn.page, "<h1>"), 1);
	assert_int_equal(markup_count(drawn.page, "<section"), 6);
	assert_int_equal(markup_count(drawn.page, "</section>"), 6);
}

static void done(void)
{
	free(drawn.text);
	kl_html_deinit(&drawn.html);
	kl_writer_deinit(&facts_writer);
}

static void page_says(const char *text)
{
	if (!markup_count(drawn.page, text))
		fail_msg("the page does not say: %s", text);
}

/* Blanks in a row stand for a broken line. */
static bool text_has(const char *text)
{
	size_t k = 0;

	for (const char *start = drawn.text; *start; start++) {
		const char *c = start;

		for (k = 0; text[k] && *c; k++) {
			if (text[k] != *c)
				break;
			c++;
			while (text[k] == ' ' && *c == ' ')
				c++;
		}
		if (!text[k])
			return true;
	}
	return false;
}

static void says(const char *text)
{
	page_says(text);
	if (!text_has(text))
		fail_msg("the terminal does not say: %s in %s", text, drawn.text);
}

#define MEMBER                                                                                     \
	"'member': 'Example Trust', 'kind': 'anchor', 'network': 'A network', 'consent': 'ask', "  \
	"'offers_seat': true, 'vetoes': [], 'charter': {'minimum': 10, "                           \
	"'contribute_for_seconds': 1814400, 'decide_for_seconds': 604800}, "

#define TALLY(seats, readers, first)                                                               \
	"'tally': {'id': '3f09ab12cd34ef56aa', 'period': '2026', 'state': 'closed', "              \
	"'first': " first ", 'minimum': 5, 'members': 8, 'contributors': 7, 'own_contributed': "   \
	"true, 'own_seat': 2, "                                                                    \
	"'released': 2, 'withheld': 4, 'called_words': '30 November 2026, 21:58', "                \
	"'contribute_until_words': '21 December 2026, 21:58', 'decide_until_words': "              \
	"'28 December 2026, 21:58', 'cohorts': ['everybody', 'councils'], 'metrics': [{'name': "   \
	"'Enabled employees (FTE)', 'answered': true}, {'name': 'LM3 score', 'answered': "         \
	"false}], "                                                                                \
	"'committee': [" seats "], 'readers': " readers ", 'agree': 5, 'votes': 5}"

#define SEVEN "'A', 'B', 'C', 'D', 'E', 'F', 'G'"

static const char *const negatives[] = {
	"This has not yet been reviewed by a cryptographer from outside.",
	"that admits invented members could surround somebody with them, or fill a committee",
	"That a member is confirmed means that the convenor admitted it, and no more.",
	"At the very first tally the convenor could have influenced who was drawn, and at one that "
	"it calls "
	"before the tally called last has a result.",
	"A gap can hint at a weak or a missing figure.",
	"that tells something about each of them",
	"the two together give bounds for the rest",
	"Members who tell each other their own figures can take them off a sum",
	"A figure that hardly changes can show its change",
	"No noise is added to the sums",
	"it is counted in a batch apart, with others that came later",
	"If it leaves somebody out, there is less to hide the others than the minimum says",
	"over many questions it promises nothing for the whole",
	"unless the member and a seat of the committee are in league",
	"Outsiders: nothing, unless a member hands on what it has.",
	"in a form that any single member can read",
	"the seats keep their sealed shares of it until the tally has ended",
	"A published sum cannot be recalled",
	"No mathematics stops a member from giving a wrong figure",
	"Copies may survive below the file system",
	"would not withstand a large quantum computer",
	"machine for it can read that member",
	"stays stuck for good",
	"No cryptographer from outside has reviewed the protocol",
	"Whoever runs our machine for us, if it is not ourselves: our figures, in full.",
	"The software does not know, and states none.",
	"The software knows no such roles.",
	"This page is none; it is meant as material for one.",
};

static void every_negative_is_kept(void **state)
{
	static const char *const all[] = {
		"{" MEMBER "'contributed': [], 'tally': null}",
		"{" MEMBER "'contributed': [], " TALLY(SEVEN, "3", "false") "}",
		"{" MEMBER "'contributed': [], " TALLY("'A', 'B', 'C', 'D', 'E'", "3", "true") "}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		draw(all[i]);
		for (size_t k = 0; k < sizeof negatives / sizeof *negatives; k++)
			says(negatives[k]);
		assert_true(text_has("read every answer"));
		done();
	}
}

static void the_facts_of_a_tally(void **state)
{
	(void)state;
	draw("{" MEMBER
	     "'contributed': [{'tally': '3f09ab12cd34ef56aa', 'period': '2026', 'state': "
	     "'closed', 'at_words': '1 December 2026, 09:00', 'number': 1, 'withdrawn': true}, "
	     "{'tally': '3f09ab12cd34ef56aa', 'period': '2026', 'state': "
	     "'closed', 'at_words': '1 December 2026, 09:30', 'number': 2, 'withdrawn': "
	     "false}], " TALLY(SEVEN, "3", "false") "}");
	says("Fewer than 3 of the 7 committee members together learn nothing from their shares.");
	says("3 together could read every answer of that tally.");
	says("A, B, C, D, E, F, G");
	says("21 December 2026, 21:58");
	says("7 of 8 members");
	assert_true(text_has("Members could contribute until, at most: 21 December"));
	assert_true(text_has("The committee had to decide by: 28 December"));
	assert_false(text_has("We are the convenor"));
	says("2 opened, 4 withheld");
	says("a group of 5 hides no more than 3");
	says("1 December 2026, 09:00, taken back since; the tally is closed");
	says("1 December 2026, 09:30, after taking an earlier one back; the tally is closed");
	says("3f09ab12cd34ef56, for 2026");
	page_says("<th scope=\"row\">Enabled employees (FTE)</th><td>answered</td>");
	page_says("<th scope=\"row\">LM3 score</th><td>not answered</td>");
	assert_true(text_has("LM3 score: not answered"));
	assert_false(text_has("first tally, so the convenor"));
	says("asked for each tally");
	done();
}

static void when_everybody_sits(void **state)
{
	(void)state;
	draw("{" MEMBER "'contributed': [], " TALLY("'A', 'B', 'C', 'D', 'E'", "3", "true") "}");
	says("With five or six members that offer a seat, all of them sit");
	says("Two of them who talk to each other read no answer, but can take their own figures "
	     "off a "
	     "sum; 3 can read every answer.");
	assert_true(text_has("first tally, so the convenor could have influenced that draw"));
	done();
}

static void before_any_tally(void **state)
{
	(void)state;
	draw("{'member': 'Example Trust', 'kind': 'anchor', 'network': 'A network', 'consent': "
	     "'always', 'offers_seat': false, 'vetoes': [{'veto': 'Acme', 'fits': true}, {'veto': "
	     "'Gamma Ltd', 'fits': false}], 'charter': {'minimum': 10, 'contribute_for_seconds': "
	     "1814400, 'decide_for_seconds': 604800}, 'contributed': [], 'tally': null}");
	says("No tally has been called in this network yet.");
	says("We have contributed to no tally.");
	says("standing: our machine answers every tally by itself (consent = always), but none "
	     "while somebody sits whose seat we refuse");
	says("Acme, Gamma Ltd (fits no member)");
	says("our machine takes no seat");
	says("usually 3 weeks to contribute and 1 week to decide");
	says("Fewer than three of a committee of five to seven together learn nothing");
	done();
}

/* A convenor has no figures that could be meant. */
static void what_a_convenor_hands_on(void **state)
{
	(void)state;
	draw("{'member': 'A convenor', 'kind': 'convenor', 'network': 'A network', 'consent': "
	     "'ask', "
	     "'offers_seat': false, 'vetoes': [], 'charter': {'minimum': 10, "
	     "'contribute_for_seconds': "
	     "1814400, 'decide_for_seconds': 604800}, 'contributed': [], 'tally': null}");
	says("We are the convenor of the network: we call tallies, and have no figures in them.");
	done();
}

/* Names are others' texts, and so many that a line does not hold them. */
static void names_do_no_harm(void **state)
{
	char json[8192] = "{" MEMBER "'contributed': [], ", seats[4096] = "";

	(void)state;
	for (int i = 0; i < 20; i++) {
		size_t len = strlen(seats);

		snprintf(seats + len, sizeof seats - len, "%s'<b>%0100d</b>&amp;'", i ? ", " : "",
			i);
	}
	snprintf(json + strlen(json), sizeof json - strlen(json), TALLY("%s", "4", "false") "}",
		seats);
	draw(json);
	assert_int_equal(markup_count(drawn.page, "<b>"), 0);
	says(" and ");
	assert_true(markup_count(drawn.page, "more</td>") == 1);
	done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_negative_is_kept),
		cmocka_unit_test(the_facts_of_a_tally),
		cmocka_unit_test(when_everybody_sits),
		cmocka_unit_test(before_any_tally),
		cmocka_unit_test(what_a_convenor_hands_on),
		cmocka_unit_test(names_do_no_harm),
	};

	return RUN(tests);
}
