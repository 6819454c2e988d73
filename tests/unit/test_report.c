/* The report: what a page holds of made-up answers, of none, and of answers that mean ill. */
#include "client/json.h"
#include "client/report.h"
#include "tests/unit/harness.h"
#include "tests/unit/markup.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- answers from JSON --------------------------------------------------------------------- */

static void write_json(struct kl_writer *w, json_t *json)
{
	const char *key;
	json_t *item;
	size_t i;

	switch (json_typeof(json)) {
	case JSON_OBJECT:
		kl_write_map(w, json_object_size(json));
		json_object_foreach(json, key, item)
		{
			kl_write_text(w, key);
			write_json(w, item);
		}
		break;
	case JSON_ARRAY:
		kl_write_array(w, json_array_size(json));
		json_array_foreach(json, i, item) write_json(w, item);
		break;
	case JSON_STRING:
		kl_write_text(w, json_string_value(json));
		break;
	case JSON_INTEGER:
		kl_write_int(w, json_integer_value(json));
		break;
	case JSON_REAL:
		kl_write_double(w, json_real_value(json));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		kl_write_bool(w, json_is_true(json));
		break;
	default:
		kl_write_nil(w);
	}
}

/* Quotes are typed as `'`. */
static void answer(struct kl_report_answer *out, const char *text)
{
	struct kl_writer w;
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
	kl_writer_init(&w);
	write_json(&w, json);
	assert_int_equal(kl_writer_bytes(&w, &bytes), KL_OK);
	assert_int_equal(kl_value_open(bytes, &value), KL_OK);
	assert_int_equal(kl_report_keep(&value, out), KL_OK);
	kl_writer_deinit(&w);
	json_decref(json);
	free(copy);
}

static struct kl_report *new_report(const char *name)
{
	struct kl_report *report = calloc(1, sizeof *report);
	char status[1024];

	assert_non_null(report);
	snprintf(status, sizeof status, "{'name': '%s', 'kind': 'anchor', 'network': null}", name);
	answer(&report->status, status);
	snprintf(report->date, sizeof report->date, "30 November 2026");
	return report;
}

struct page {
	struct kl_html html;
	struct kl_bytes bytes;
};

/* Writes the page and holds it against what every page must be. */
static void write_page(struct page *page, const struct kl_report *report)
{
	assert_int_equal(kl_report_write(&page->html, report, &page->bytes), KL_OK);
	markup_is_whole(page->bytes);
	assert_int_equal(markup_count(page->bytes, "<script"), 0);
	assert_int_equal(markup_count(page->bytes, " src="), 0);
	assert_int_equal(markup_count(page->bytes, "@import"), 0);
	assert_int_equal(markup_count(page->bytes, "<link"), 0);
	assert_int_equal(markup_count(page->bytes, "<h1>"), 1);
}

static void has(const struct page *page, const char *text)
{
	if (!markup_count(page->bytes, text))
		fail_msg("the page does not say: %s", text);
}

static void done(struct page *page, struct kl_report *report)
{
	kl_html_deinit(&page->html);
	kl_report_deinit(report);
	free(report);
}

/* ---- tests --------------------------------------------------------------------------------- */

static void nothing_yet_says_how_to_begin(void **state)
{
	struct kl_report *report = new_report("Bare Trust");
	struct page page;

	(void)state;
	write_page(&page, report);
	has(&page, "<h1>Our local economy: Bare Trust</h1>");
	has(&page, "There are no figures yet.");
	for (size_t i = 0; kl_report_sections[i]; i++)
		has(&page, kl_report_sections[i]->without);
	has(&page, "<code>keeplocal assess record");
	has(&page, "theirs to share or to keep");
	assert_int_equal(markup_count(page.bytes, "Annex"), 0);
	assert_int_equal(markup_count(page.bytes, "role=\"img\""), 0);
	done(&page, report);
}

static void disagreement_is_shown(void **state)
{
	struct kl_report *report = new_report("Example Trust");
	struct page page;

	(void)state;
	answer(&report->assessment,
		"{'period': '2016', 'place': null, 'assessors': ['finance', 'residents', 'board'],"
		" 'subjects': [{'subject': 'c1', 'name': 'Money flows', 'median': 2.0, 'low': 0,"
		" 'high': 4, 'unsupported': 2, 'action': 'ask them', 'owner': 'treasurer',"
		" 'due': '2017-03-31', 'gaps': 'no list of <local> firms', 'answers': "
		"[{'assessor': 'finance', 'score': 4},"
		" {'assessor': 'residents', 'score': 0}, {'assessor': 'board', 'score': 2}]},"
		" {'subject': 'c2', 'name': 'Business network', 'median': 3.0, 'low': 3, 'high': 3,"
		" 'unsupported': 0, 'answers': [{'assessor': 'finance', 'score': 3}]},"
		" {'subject': 'c3', 'name': 'Inclusive finance', 'median': null, 'low': null,"
		" 'high': null, 'unsupported': 0, 'answers': []},"
		" {'subject': 'practice.1', 'name': 'Leadership', 'median': null, 'low': null,"
		" 'high': null, 'unsupported': 0, 'answers': []}]}");
	write_page(&page, report);
	has(&page, "2 were scored for 2016");
	has(&page, "Strongest: Business network (3); weakest: Money flows (2).");
	has(&page, "furthest apart on Money flows, from absent to leading");
	has(&page, ">4 points apart<");
	has(&page, "<strong>Money flows: </strong>ask them (treasurer), by 31 March 2017");
	has(&page, "Gaps: no list of &lt;local&gt; firms");
	has(&page, "finance 4, residents 0, board 2");
	has(&page, "2 of the scores rest on nothing");
	has(&page,
		"Money flows: median 2, from 0 to 4. Business network: 3. Inclusive finance: not "
		"scored.");
	/* Practice that nobody scored takes no room. */
	assert_int_equal(markup_count(page.bytes, "own practice"), 0);
	done(&page, report);
}

/* ---- others -------------------------------------------------------------------------------- */

static void who_is_like_us_and_why(void **state)
{
	struct kl_report *report = new_report("Example Trust");
	struct page page;

	(void)state;
	answer(&report->similar,
		"{'of': {'kind': 'anchor', 'name': 'Example Trust', 'differ': []}, 'compared': 12,"
		" 'unknown': 3, 'similar': ["
		"{'member': 'ab', 'name': 'Neighbours <of> old', 'distance': 0.25, 'together':"
		" ['both rural', 'services: 2 of 3 in common (advice, cafe)'],"
		" 'apart': ['region: London against Wales']},"
		"{'member': null, 'name': 'Far & away', 'distance': 1.0, 'together': [],"
		" 'apart': []}]}");
	write_page(&page, report);
	has(&page, "<h2>Who is like us</h2>");
	has(&page, "Most like us: Neighbours &lt;of&gt; old (both rural; services: 2 of 3 in");
	has(&page, "12 could be compared with us; these are the nearest. Of 3 more too little");
	has(&page, "Neighbours &lt;of&gt; old: 0.25. Far &amp; away: 1.00. </desc>");
	has(&page, "Alike: both rural; services: 2 of 3 in common (advice, cafe).");
	has(&page, "Apart: region: London against Wales.");
	has(&page, "Far &amp; away</strong>, no member");
	has(&page, "Gower\u2019s");
	assert_int_equal(markup_count(page.bytes, ">1.00<"), 3); /* two pictures and the table */
	done(&page, report);
}

static void nobody_is_like_us_yet(void **state)
{
	struct kl_report *report = new_report("Example Trust");
	struct page page;

	(void)state;
	answer(&report->similar,
		"{'of': {'kind': 'council', 'differ': []}, 'compared': 0, 'unknown': 0,"
		" 'similar': []}");
	write_page(&page, report);
	assert_int_equal(markup_count(page.bytes, "<h2>Who is like us</h2>"), 0);
	has(&page, "who is like us: <code>keeplocal profile set FIELD=VALUE</code>, then");
	done(&page, report);
}

static const char few_policies[] =
	"{'councils': 6, 'none': 2, 'classified': 1, 'unclassified': 3, 'others': 0,"
	" 'source': 'SE:UK, Procuring for <Good> (2016)', 'classes': ["
	"{'class': 'embracer', 'n': 1, 'share': null, 'published_share': 0.14, 'own': false},"
	"{'class': 'adopter', 'n': 0, 'share': null, 'published_share': 0.19, 'own': false}],"
	" 'routes': [{'route': 'grant', 'name': 'grants', 'n': 3, 'own': true},"
	" {'route': 'alliance', 'name': 'alliance contract', 'n': 0, 'own': false}],"
	" 'own': {'class': 'unclassified', 'why': 'its weight is not said',"
	" 'weight_percent': null}}";

static void policies_of_a_few_are_counted(void **state)
{
	struct kl_report *report = new_report("Example Council");
	struct page page;

	(void)state;
	answer(&report->landscape, few_policies);
	write_page(&page, report);
	has(&page, "4 of 6 councils of the network have published a social value policy; ours is "
		   "unclassified.");
	has(&page, "Councils in England in 2016: embracer 14%, adopter 19%.</p>");
	has(&page,
		"embracer: 1. adopter: 0. unclassified (we): 3. no policy published: 2. </desc>");
	has(&page, "<strong>We are unclassified</strong>, because its weight is not said.");
	has(&page, "<li>grants: 3, we too</li>");
	has(&page, "Procuring for &lt;Good&gt; (2016)");
	assert_int_equal(markup_count(page.bytes, "alliance contract"), 0);
	assert_int_equal(markup_count(page.bytes, "England 2016: "), 0); /* no bars of shares */
	done(&page, report);
}

static void policies_of_many_stand_beside_england(void **state)
{
	struct kl_report *report = new_report("Example Trust");
	struct page page;

	(void)state;
	answer(&report->landscape,
		"{'councils': 40, 'none': 10, 'classified': 20, 'unclassified': 10, 'source': 'S',"
		" 'classes': [{'class': 'embracer', 'n': 5, 'share': 0.25, 'published_share':"
		" 0.14, 'own': false}], 'routes': [], 'own': null}");
	write_page(&page, report);
	has(&page, "embracer: 25%. embracer, England 2016: 14%. </desc>");
	assert_int_equal(markup_count(page.bytes, "We are"), 0);
	assert_int_equal(markup_count(page.bytes, "ours is"), 0);
	done(&page, report);
}

static void nobody_has_published_a_policy(void **state)
{
	struct kl_report *report = new_report("Example Trust");
	struct page page;

	(void)state;
	answer(&report->landscape, "{'councils': 4, 'none': 4, 'classes': [], 'own': null}");
	write_page(&page, report);
	has(&page, "how others ask for social value: <code>keeplocal policy landscape</code>");
	assert_int_equal(markup_count(page.bytes, "councils of the network have"), 0);
	done(&page, report);
}

static void lessons_of_others_and_open_questions(void **state)
{
	struct kl_report *report = new_report("Example Trust");
	struct page page;
	char lesson[2048], words[1201];

	(void)state;
	memset(words, 'w', sizeof words - 1);
	words[sizeof words - 1] = '\0';
	answer(&report->lessons, "{'lessons': [{}, {}], 'found': 7}");
	answer(&report->lesson[0],
		"{'id': 'ab12', 'title': 'Ask the <caretaker>', 'text': 'Keys & all.', 'member':"
		" 'Other Trust', 'place': 'Town', 'period': null, 'outcome': 'worked'}");
	snprintf(lesson, sizeof lesson,
		"{'id': 'cd34', 'title': 'Long', 'text': '%s', 'member': 'Third Trust'}", words);
	answer(&report->lesson[1], lesson);
	report->lesson_count = 2;
	answer(&report->questions,
		"{'questions': [{'id': 'ef56', 'title': 'Who runs a <hall>?', 'member': 'B'}]}");
	write_page(&page, report);
	has(&page, "The newest of 7 lessons of members like us.");
	has(&page, "members like us: \u201cAsk the &lt;caretaker&gt;\u201d (Other Trust).");
	has(&page, "<p class=\"said\">Keys &amp; all.</p>");
	has(&page, "<p class=\"note\">Other Trust; Town; worked</p>");
	has(&page, "www \u2026 <code>keeplocal lesson show cd34</code>");
	has(&page, "Who runs a &lt;hall&gt;? (B, <code>keeplocal answer ef56</code>)");
	has(&page, "members like us are the 15 that are nearest");
	done(&page, report);
}

static void lessons_of_everybody_where_nobody_is_like_us(void **state)
{
	struct kl_report *report = new_report("Example Trust");
	struct page page;

	(void)state;
	answer(&report->lessons, "{'lessons': [{}], 'found': 1}");
	answer(&report->lesson[0], "{'id': 'ab12', 'title': 'T', 'text': 'x', 'member': 'M'}");
	report->lesson_count = 1;
	report->lessons_of_all = true;
	write_page(&page, report);
	has(&page, "The only lesson of all members.");
	assert_int_equal(markup_count(page.bytes, "like us are the 15"), 0);
	assert_int_equal(markup_count(page.bytes, "Who knows an answer?"), 0);
	done(&page, report);
}

/* ---- money --------------------------------------------------------------------------------- */

static const char lm3[] =
	"{'project': 'Jubilee', 'basis': 'contract', 'area': 'E08000033', 'period': '2016',"
	" 'recorded': false, 'income_pence': 10000000, 'round1_pence': 10000000,"
	" 'round2_pence': {'low': 5000000, 'central': 5500000, 'high': 6000000},"
	" 'round3_pence': {'low': 2000000, 'central': 2500000, 'high': 3000000},"
	" 'lm3': {'low': 1.7, 'central': 1.8, 'high': 1.9}, 'supply_chain_pence': 4000000,"
	" 'confidence': {'answered_share': 0.53, 'rating': 'green'},"
	" 'proxies': {'local': 0.66, 'elsewhere': 0.33}, 'barred': null,"
	" 'warnings': ['Spending is above the income'], 'our_rules': ['low: nothing again']}";

static void the_way_of_the_money_adds_up(void **state)
{
	struct kl_report *report = new_report("Example Trust");
	struct page page;

	(void)state;
	answer(&report->lm3, lm3);
	answer(&report->explained,
		"{'round1_pence': 10000000, 'parts': ["
		"{'kind': 'payroll local', 'round1_pence': 5000000,"
		" 'round2_pence': {'low': 5000000, 'central': 5000000, 'high': 5000000},"
		" 'round3_pence': {'low': 2000000, 'central': 2000000, 'high': 2000000}},"
		"{'kind': 'supplier', 'supplier': 'Example Unknown', 'where': 'unknown',"
		" 'answered': false, 'round1_pence': 1000000,"
		" 'round2_pence': {'low': 0, 'central': 500000, 'high': 1000000},"
		" 'round3_pence': {'low': 0, 'central': 500000, 'high': 1000000}},"
		"{'kind': 'other elsewhere', 'round1_pence': 3000000,"
		" 'round2_pence': {'low': 0, 'central': 0, 'high': 0},"
		" 'round3_pence': {'low': 0, 'central': 0, 'high': 0}},"
		"{'kind': 'unspent', 'round1_pence': 1000000,"
		" 'round2_pence': {'low': 0, 'central': 0, 'high': 0},"
		" 'round3_pence': {'low': 0, 'central': 0, 'high': 0}}]}");
	answer(&report->leaks,
		"{'leaks': [{'supplier': 'Example Power', 'leaves_pence': {'low': 1000000,"
		" 'central': 1000000, 'high': 1000000}}]}");
	write_page(&page, report);
	has(&page, "£1.80</strong> of income in the area");
	has(&page, "certainly between 1.70 and 1.90");
	has(&page, "<strong>green: can be relied on</strong>");
	has(&page,
		"Round 1, income: £100,000. Round 2, stays: £50,000. Round 2, not known: £10,000. "
		"Round 2, leaves: £40,000. Round 3, stays: £20,000. Round 3, not known: £10,000. "
		"Round 3, leaves: £70,000.");
	has(&page, "No line of the ledger accounts for £10,000 of the income");
	has(&page, "<li>Spending is above the income</li>");
	has(&page, "Example Unknown (unknown, silent)");
	has(&page, ">Example Power<");
	has(&page, "Suppliers of 53% of the value of the supply chain (£40,000)");
	has(&page, "<ul class=\"ours\">");
	done(&page, report);
}

static void a_score_worked_out_elsewhere_has_no_rounds(void **state)
{
	struct kl_report *report = new_report("Example Trust");
	struct page page;

	(void)state;
	answer(&report->lm3,
		"{'project': 'Hall', 'basis': 'turnover', 'area': 'E08000033', 'period': '2016',"
		" 'recorded': true, 'income_pence': null, 'round1_pence': null,"
		" 'round2_pence': null, 'round3_pence': null, 'lm3': {'low': 2.43, 'central': 2.43,"
		" 'high': 2.43}, 'confidence': {'answered_share': null, 'rating': 'unrated'},"
		" 'proxies': null, 'barred': 'its source does not say', 'source': 'A letter',"
		" 'label': 'as published', 'warnings': []}");
	write_page(&page, report);
	has(&page, "LM3 is 2.43, the first pound itself counted.");
	has(&page, "not rated");
	has(&page, "This score: as published; source: A letter.");
	has(&page, "Not comparable with others\u2019: its source does not say.");
	assert_int_equal(markup_elements(page.bytes, "path", "band-local"), 0);
	done(&page, report);
}

static void estimates_are_told_without_false_accuracy(void **state)
{
	struct kl_report *report = new_report("Example Trust");
	struct page page;

	(void)state;
	answer(&report->enabled,
		"{'period': '2016', 'tenants': 12, 'employees_fte': {'exact': 1401.0,"
		" 'published': 'about 1,400', 'methods': {'primary': 700.5, 'partly': 0.0,"
		" 'estimated': 700.5}, 'method': 'partly', 'confidence': 'moderate'},"
		" 'gva_pence': null, 'left_out': ['Example Archive: no floor space'],"
		" 'warnings': ['Hard to compare'], 'source': null, 'factors': {'density':"
		" {'name': 'Densities', 'year': 2015, 'source': 'HCA'}}}");
	write_page(&page, report);
	has(&page, "In 2016, tenants employed about 1,400 people (full-time equivalents).");
	has(&page, "<dd class=\"figure\">about 1,400</dd>");
	has(&page, ">1401.0 FTE<");
	has(&page, "Example Archive: no floor space");
	has(&page, "<li>Hard to compare</li>");
	has(&page, "Floor space for each employee: Densities (2015). HCA");
	assert_int_equal(markup_count(page.bytes, "value added by tenants"), 0);
	done(&page, report);
}

static void methods_are_not_joined(void **state)
{
	struct kl_report *report = new_report("Example Trust");
	struct page page;

	(void)state;
	answer(&report->histories[0],
		"{'code': 'c1.x', 'observations': ["
		"{'component': 'gva', 'place': null, 'period': '2014', 'value': 0.14, 'unit': "
		"'share',"
		" 'text': null, 'method': 'survey', 'comparable': null},"
		"{'component': 'gva', 'place': null, 'period': '2015', 'value': 0.19, 'unit': "
		"'share',"
		" 'text': null, 'method': 'survey', 'comparable': true},"
		"{'component': 'gva', 'place': null, 'period': '2016', 'value': 0.4, 'unit': "
		"'share',"
		" 'text': 'A <b>story</b>', 'method': 'guess', 'comparable': false},"
		"{'component': 'gva', 'place': 'Ward 1', 'period': '2016', 'value': 0.4,"
		" 'unit': 'share', 'text': null, 'method': null, 'comparable': false},"
		"{'component': 'gva', 'place': null, 'period': '2017', 'value': 0.1, 'unit': "
		"'share',"
		" 'text': null, 'method': 'survey', 'comparable': true, 'superseded': true},"
		"{'component': 'gva', 'place': null, 'period': '2017', 'value': 0.2, 'unit': "
		"'share',"
		" 'text': null, 'method': 'survey', 'comparable': true}], 'series': ["
		"{'component': 'gva', 'place': null, 'from': '2014', 'to': '2017', 'change':"
		" 'up by 6 points', 'direction': 'worse'}]}");
	answer(&report->about[0],
		"{'name': 'Investment', 'how': 'Ask.', 'components': [{'component': 'gva',"
		" 'name': 'value added', 'unit': 'share', 'better': 'lower'}]}");
	report->history_count = 1;
	write_page(&page, report);
	has(&page, "<h3>Investment: value added</h3>");
	has(&page, "2016: 40%, not comparable with the one before.");
	has(&page, "<strong>2014 to 2017: up by 6 points, worse. </strong>");
	has(&page, "2017: 20%, not comparable with the one before."); /* but with 2015 */
	has(&page, "Lower is better. Where the line breaks, it was found out in another way.");
	has(&page, "A &lt;b&gt;story&lt;/b&gt;");
	has(&page, "<dd class=\"note\">2016, Ward 1</dd>"); /* a single figure: no line */
	has(&page, "<li>Investment: Ask.</li>");
	assert_int_equal(markup_elements(page.bytes, "line", "trend"), 2);
	assert_int_equal(markup_count(page.bytes, "2017: 10%"), 0); /* replaced since */
	/* A broken series is not summed up from its first to its last. */
	assert_int_equal(markup_count(page.bytes, "14% in 2014, 40% in 2016"), 0);
	done(&page, report);
}

static void where_the_money_goes(void **state)
{
	struct kl_report *report = new_report("Example Council");
	struct page page;

	(void)state;
	answer(&report->spend,
		"{'files': 2, 'rows': {'read': 100, 'accepted': 90, 'rejected': 10},"
		" 'rejected_pence': 5000, 'first_day': '2015-04-01', 'last_day': '2016-12-31',"
		" 'area': 'E08000032', 'total_pence': 10000000, 'payments': 88, 'suppliers': 12,"
		" 'local': {'pence': 2800000, 'payments': 30, 'value_share': 0.28,"
		" 'count_share': 0.34}, 'elsewhere': {'pence': 6000000, 'payments': 40,"
		" 'value_share': 0.6, 'count_share': 0.45}, 'unknown': {'pence': 1000000,"
		" 'payments': 10, 'value_share': 0.1, 'count_share': 0.11}, 'redacted':"
		" {'pence': 200000, 'payments': 8, 'value_share': 0.02, 'count_share': 0.1},"
		" 'unknown_value_share': 0.12, 'local_share_of_known': 0.318,"
		" 'local_share_at_most': 0.4, 'target': {'points': 10, 'pence': 1000000},"
		" 'by_year': [{'year': 2015, 'total_pence': 4000000, 'local_value_share': 0.14,"
		" 'local_count_share': 0.2, 'unknown_value_share': 0.1, 'voluntary_value_share':"
		" null}, {'year': 2016, 'total_pence': 6000000, 'local_value_share': 0.37,"
		" 'local_count_share': 0.4, 'unknown_value_share': 0.13, 'voluntary_value_share':"
		" 0.05}], 'by_sector': [{'sector': 'small', 'total_pence': 4000000, 'value_share':"
		" 0.4, 'local_value_share': 0.5}, {'sector': 'unknown', 'total_pence': 6000000,"
		" 'value_share': 0.6, 'local_value_share': null}], 'leaks': [{'supplier':"
		" 'Example Power <plc>', 'pence': 3000000, 'value_share': 0.3}], 'places':"
		" {'suppliers_matched': 8, 'suppliers_matched_loosely': 2, 'suppliers_not_matched':"
		" 2}, 'warnings': [], 'our_rules': ['what is unknown is never local']}");
	write_page(&page, report);
	has(&page, "Of £100,000 spent, 28% by value went to local suppliers; where 12% went is not "
		   "known.");
	has(&page, "Local £28,000, not known £12,000, elsewhere £60,000.");
	has(&page, "10 points more of it local would be worth £10,000.");
	has(&page, "1 April 2015 to 31 December 2016");
	has(&page, ">37%<");
	has(&page, "Example Power &lt;plc&gt;");
	has(&page, "<th scope=\"row\">2016</th><td class=\"number\">£60,000</td>");
	has(&page, "From 2 files of spending: 100 rows read, 90 taken as payments, 10 not (£50).");
	has(&page, "<li>what is unknown is never local</li>");
	/* Parts of a year fill its bar: 37, 13 and 50 of the hundred. */
	{
		const double local = markup_number(page.bytes, "rect", "local", 3, "width");

		assert_true(local > 10);
		assert_true(markup_number(page.bytes, "rect", "elsewhere", 3, "width") / local >
			    50 / 37.0 - 0.01);
	}
	done(&page, report);
}

static void money_without_places_says_how_to_get_them(void **state)
{
	struct kl_report *report = new_report("Example Council");
	struct page page;

	(void)state;
	answer(&report->spend,
		"{'files': 1, 'total_pence': 524269400, 'suppliers': 158, 'payments': 397,"
		" 'local': {'pence': 0, 'value_share': null}, 'unknown': {'pence': 524269400,"
		" 'value_share': 1.0}, 'local_share_of_known': null}");
	write_page(&page, report);
	has(&page, "£5,242,694 was spent with 158 suppliers; which of them are local is not known "
		   "yet.");
	has(&page, "<code>keeplocal spend places places.csv</code>");
	assert_int_equal(markup_count(page.bytes, "of spending is local"), 0);
	done(&page, report);
}

/* One released and one withheld, of our own kind and of another. */
static void our_place_is_marked_and_what_is_withheld_named(void **state)
{
	static const char released[] =
		"{'metric': 'lm3.score', 'name': 'LM3 score', 'unit': 'score', 'cohort': '%s',"
		" 'period': '2016', 'n': 36, 'histogram': [{'from': 1.0, 'to': 1.75, 'count': 10},"
		" {'from': 1.75, 'to': 1.875, 'count': 20}, {'from': 1.875, 'to': 3.0, 'count': "
		"6}],"
		" 'q1': {'value': 1.7, 'low': 1.0, 'high': 1.75}, 'median': {'value': 1.84,"
		" 'low': 1.75, 'high': 1.875}, 'q3': {'value': 1.86, 'low': 1.75, 'high': 1.875},"
		" 'own': {'value': 2.52, 'bin': 2, 'in_cohort': true, 'rank': {'low': 0.83,"
		" 'high': 1.0}}, 'withheld': null, 'state': 'confirmed', 'warning': 'Areas "
		"differ'}";
	struct kl_report *report = new_report("Example Trust");
	struct page page;
	char text[2048];

	(void)state;
	snprintf(text, sizeof text, released, "everybody");
	answer(&report->benchmarks[0], text);
	snprintf(text, sizeof text, released, "anchors");
	answer(&report->benchmarks[1], text);
	answer(&report->benchmarks[2],
		"{'metric': 'lm3.score', 'name': 'LM3 score', 'unit': 'score', 'cohort': "
		"'councils',"
		" 'period': '2016', 'n': 4, 'histogram': null, 'q1': null, 'median': null, 'q3': "
		"null,"
		" 'own': null, 'withheld': {'n': 4, 'minimum': 10, 'why': '4 answered'},"
		" 'state': null, 'warning': null}");
	report->benchmark_count = 3;
	answer(&report->figures,
		"{'figures': [{'metric': 'enabled.fte', 'period': '2016', 'shown': '34 FTE'}]}");
	write_page(&page, report);
	/* Of one figure, one picture: that of our own kind. */
	assert_int_equal(markup_count(page.bytes, "role=\"img\""), 1);
	has(&page, "36 anchors, 2016");
	has(&page, "Median 1.84, certainly 1.75 to 1.875.");
	has(&page, "We stand at 2.52: 83% of them are in lower bins, 100% in ours or lower.");
	has(&page, "LM3 score: we stand at 2.52, the median of 36 anchors is 1.84.");
	has(&page, "LM3 score: Areas differ.");
	has(&page, "1 more sum was withheld");
	has(&page, "<td>4 answered</td>");
	has(&page, "Enabled employees (FTE), 2016: 34 FTE");
	done(&page, report);
}

static void nobody_s_name_becomes_markup(void **state)
{
	static const char evil[] = "<script>alert(1)</script>&\\u202eevil\\u0001"
				   "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichen";
	struct kl_report *report = new_report(evil);
	struct page page;
	char text[1024];

	(void)state;
	snprintf(text, sizeof text,
		"{'period': '2016', 'assessors': ['%s'], 'subjects': [{'subject': 'c1', 'name': "
		"'%s',"
		" 'median': 1.0, 'low': 1, 'high': 1, 'action': '%s', 'answers':"
		" [{'assessor': '%s', 'score': 1}]}]}",
		evil, evil, "<img alt=x onerror=alert(1)>", evil);
	answer(&report->assessment, text);
	snprintf(report->title, sizeof report->title, "\"><svg onload=alert(1)>");
	write_page(&page, report);
	assert_int_equal(markup_count(page.bytes, "<img"), 0);
	assert_int_equal(markup_count(page.bytes, "<svg onload"), 0);
	has(&page, "&lt;img alt=x onerror=alert(1)&gt;");
	has(&page, "<title>&quot;&gt;&lt;svg onload=alert(1)&gt;</title>");
	done(&page, report);
}

static void amounts_as_people_read_them(void **state)
{
	char text[KL_POUNDS_TEXT_MAX], percent[KL_PERCENT_TEXT_MAX];

	(void)state;
	assert_string_equal(kl_pounds(123456789, text), "£1,234,568");
	assert_string_equal(kl_pounds(49, text), "£0");
	assert_string_equal(kl_pounds(-12345, text), "-£123");
	assert_string_equal(kl_pounds_short(999999949, text), "£9,999,999");
	assert_string_equal(kl_pounds_short(1234567890, text), "£12.35m");
	assert_string_equal(kl_pounds_short(350000000000, text), "£3.5bn");
	assert_string_equal(kl_percent(0.284, percent), "28%");
	assert_string_equal(kl_percent(0.004, percent), "under 1%");
	assert_string_equal(kl_percent(0.999, percent), "over 99%");
	assert_string_equal(kl_percent(1, percent), "100%");
	assert_string_equal(kl_percent(0, percent), "0%");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_yet_says_how_to_begin),
		cmocka_unit_test(disagreement_is_shown),
		cmocka_unit_test(who_is_like_us_and_why),
		cmocka_unit_test(nobody_is_like_us_yet),
		cmocka_unit_test(policies_of_a_few_are_counted),
		cmocka_unit_test(policies_of_many_stand_beside_england),
		cmocka_unit_test(nobody_has_published_a_policy),
		cmocka_unit_test(lessons_of_others_and_open_questions),
		cmocka_unit_test(lessons_of_everybody_where_nobody_is_like_us),
		cmocka_unit_test(the_way_of_the_money_adds_up),
		cmocka_unit_test(a_score_worked_out_elsewhere_has_no_rounds),
		cmocka_unit_test(estimates_are_told_without_false_accuracy),
		cmocka_unit_test(methods_are_not_joined),
		cmocka_unit_test(where_the_money_goes),
		cmocka_unit_test(money_without_places_says_how_to_get_them),
		cmocka_unit_test(our_place_is_marked_and_what_is_withheld_named),
		cmocka_unit_test(nobody_s_name_becomes_markup),
		cmocka_unit_test(amounts_as_people_read_them),
	};

	return RUN(tests);
}
