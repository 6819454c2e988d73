#include "core/commissioning.h"
#include "core/policy.h"
#include "protocol/payload_policy.h"
#include "tests/unit/harness.h"
#include "tests/unit/mutate.h"

#include <stdio.h>
#include <stdlib.h>

static void set(struct kl_policy *p, const char *assignment)
{
	struct kl_fault fault = {0};

	if (kl_policy_assign(p, assignment, &fault))
		fail_msg("%s: %s", assignment, fault.message);
}

/* Assignments apart by `|`. */
static void fill(struct kl_policy *p, const char *said)
{
	char line[2048], *rest = NULL;

	kl_policy_init(p);
	(void)kl_copy_text(line, sizeof line, said);
	for (char *one = strtok_r(line, "|", &rest); one; one = strtok_r(NULL, "|", &rest))
		set(p, one);
}

#define EVERY_FIELD                                                                                \
	"status=adopted|forms=policy; Lead officer|title=Social value policy|"                     \
	"web=https://example.org/policy|date=31/03/2016|summary=Buy locally.\nShow it.|"           \
	"applied=above figure|applied_above=100,000|tender_percent=62.5|weight_percent=20%|"       \
	"outputs=both|in_design=yes|in_specification=Yes|in_monitoring=no|measured=TOMs; own|"     \
	"asks=how much; better off|reported=yes|corporate=yes|co_produced=no|"                     \
	"small_providers=yes|measures=Local jobs; Paid hours of training|"                         \
	"pathway=core requirement|routes=asset transfer; grants"

/* ---- fields -------------------------------------------------------------------------------- */

static void every_field_is_set_in_peoples_words(void **state)
{
	struct kl_policy p, nothing;
	char text[128];

	(void)state;
	fill(&p, EVERY_FIELD);
	kl_policy_init(&nothing);
	assert_int_equal(kl_policy_check(&p, NULL), 0);
	for (size_t i = 0; i < kl_policy_form.n; i++) {
		kl_policy_words(i, &p, text, sizeof text);
		if (!text[0] || kl_policy_same(i, &p, &nothing))
			fail_msg("%s was not set", kl_policy_form.fields[i].name);
		assert_string_not_equal(kl_policy_note(i), "");
	}
	assert_string_equal(p.date, "2016-03-31");
	assert_int_equal(p.applied_pence.value, 10000000);
	assert_int_equal(p.tender_percent.value, 625);
	assert_int_equal(p.weight_percent.value, 200);
	assert_int_equal(p.measures.n, 2);
	assert_int_equal(p.in_monitoring, KL_NO);
	assert_false(kl_policy_is_empty(&p));
	assert_true(kl_policy_is_empty(&nothing));
	kl_policy_deinit(&p);
}

static void words_are_those_of_people(void **state)
{
	static const char *const shown[] = {"adopted", "policy; lead officer",
		"Social value policy", "https://example.org/policy", "2016-03-31",
		"Buy locally.\nShow it.", "above a figure of our own", "£100,000", "62.5%", "20%",
		"both", "yes", "yes", "no", "measures of our own; National TOMs",
		"how much was done; whether anyone is better off", "yes", "yes", "no", "yes",
		"Local jobs; Paid hours of training", "core requirement of the contract",
		"grants; community asset transfer"};
	struct kl_policy p;
	char text[128];

	(void)state;
	fill(&p, EVERY_FIELD);
	assert_int_equal(sizeof shown / sizeof *shown, kl_policy_form.n);
	for (size_t i = 0; i < kl_policy_form.n; i++) {
		kl_policy_words(i, &p, text, sizeof text);
		assert_string_equal(text, shown[i]);
	}
	assert_string_equal(kl_policy_note(kl_policy_form.n), "");
	kl_policy_deinit(&p);
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *assignment;
		int code;
		const char *words;
	} cases[] = {
		{"wieght_percent=20", KL_E_NOT_FOUND, "wieght_percent"},
		{"weight_percent=0.2", KL_E_INVALID, "share or per cent"},
		{"tender_percent=0.5", KL_E_INVALID, "share or per cent"},
		{"weight_percent=120", KL_E_INVALID, "0 to 100"},
		{"weight_percent=20%%", KL_E_INVALID, "0 to 100"},
		{"weight_percent=a fifth", KL_E_INVALID, "number"},
		{"status=perhaps", KL_E_NOT_FOUND, "perhaps"},
		{"forms=policy; leaflet", KL_E_NOT_FOUND, "leaflet"},
		{"applied_above=a lot", KL_E_INVALID, "amount"},
		{"date=03/31/2016", KL_E_INVALID, "date"},
		{"web=ftp://example.org", KL_E_INVALID, "https://"},
		{"reported=maybe", KL_E_INVALID, "yes or no"},
		{"title=two\nlines", KL_E_INVALID, "line"},
		{"weight_percent", KL_E_USAGE, "weight_percent=20"},
	};
	struct kl_policy p;

	(void)state;
	fill(&p, "weight_percent=30|tender_percent=60");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_fault fault = {0};

		assert_int_equal(kl_policy_assign(&p, cases[i].assignment, &fault), cases[i].code);
		if (!strstr(fault.message, cases[i].words))
			fail_msg("'%s' in: %s", cases[i].words, fault.message);
	}
	assert_int_equal(p.weight_percent.value, 300);
	assert_int_equal(p.tender_percent.value, 600);
	set(&p, "weight_percent=0.2%"); /* with its sign it is clear */
	assert_int_equal(p.weight_percent.value, 2);
	set(&p, "weight_percent=");
	assert_false(p.weight_percent.known);
	kl_policy_deinit(&p);
}

static void what_contradicts_itself(void **state)
{
	static const struct {
		const char *said, *words;
	} cases[] = {
		{"status=none|forms=charter", "forms names one"},
		{"status=none|forms=strategy mention", "forms names one"},
		{"applied=all|applied_above=50000", "not with all"},
		{"applied=never|tender_percent=5", "never"},
	};
	struct kl_policy p;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_fault fault = {0};

		fill(&p, cases[i].said);
		assert_int_equal(kl_policy_check(&p, &fault), KL_E_INVALID);
		if (!strstr(fault.message, cases[i].words))
			fail_msg("'%s' in: %s", cases[i].words, fault.message);
	}
	fill(&p, "status=none|forms=lead officer; champion|applied=never|tender_percent=0");
	assert_int_equal(kl_policy_check(&p, NULL), 0);
}

/* ---- the class ----------------------------------------------------------------------------- */

static const struct {
	enum kl_policy_class class;
	const char *said, *why;
} rulings[] = {
	/* L986 */
	{KL_POLICY_EMBRACER,
		"status=adopted|forms=policy|applied=all|tender_percent=80|weight_percent=30",
		"most tenders"},
	{KL_POLICY_EMBRACER, /* the other 42 per cent of embracers have no separate policy: L1001 */
		"status=adopted|forms=strategy "
		"mention|applied=all|tender_percent=51|weight_percent=10",
		"significant weight"},
	{KL_POLICY_EMBRACER,
		"status=adopted|forms=charter|applied=above figure|applied_above=164,175.99|"
		"tender_percent=100|weight_percent=20",
		"£164,176, the services threshold when the classes were published, is taken for "
		"more widely than the law asks (ours); a framework, charter or toolkit is taken "
		"for a policy (ours)"},
	/* L987-L990 */
	{KL_POLICY_ADOPTER, "status=adopted|forms=policy|applied=all|weight_percent=5",
		"conservatively"},
	{KL_POLICY_ADOPTER,
		"status=adopted|forms=strategy mention|applied=above figure|applied_above=25000|"
		"weight_percent=0|tender_percent=100",
		"more widely"},
	{KL_POLICY_ADOPTER, "status=adopted|forms=toolkit|applied=all|weight_percent=5",
		"; ours: 5% and less); a framework, charter or toolkit is taken for a policy "
		"(ours)"},
	/* L993-L995 */
	{KL_POLICY_COMPLIER,
		"status=adopted|forms=strategy mention|applied=threshold|tender_percent=25",
		"mentioned in a strategy"},
	{KL_POLICY_COMPLIER,
		"status=adopted|forms=policy; strategy mention|applied=threshold|tender_percent=0|"
		"weight_percent=5",
		"not to many"},
	/* L997 */
	{KL_POLICY_BYSTANDER, "status=none|applied=never", "never applied"},
	{KL_POLICY_BYSTANDER, "status=none|applied=never|forms=steering group", "never applied"},

	/* what is missing */
	{KL_POLICY_UNCLASSIFIED, "applied=all|weight_percent=20", "(status)"},
	{KL_POLICY_UNCLASSIFIED, "status=none", "(applied)"},
	{KL_POLICY_UNCLASSIFIED, "status=adopted|applied=all|weight_percent=20|tender_percent=90",
		"(forms)"},
	{KL_POLICY_UNCLASSIFIED, "status=adopted|forms=lead officer|applied=all", "(forms)"},
	{KL_POLICY_UNCLASSIFIED, "status=adopted|forms=policy|weight_percent=20", "(applied)"},
	{KL_POLICY_UNCLASSIFIED, "status=adopted", "(forms); where it is applied"},
	{KL_POLICY_UNCLASSIFIED, "status=adopted|forms=policy|applied=above figure",
		"(applied_above)"},
	{KL_POLICY_UNCLASSIFIED, "status=adopted|forms=policy|applied=all|tender_percent=90",
		"(weight_percent)"},
	{KL_POLICY_UNCLASSIFIED, "status=adopted|forms=policy|applied=all",
		"(weight_percent), which tells embracers from adopters; in what share"},
	{KL_POLICY_UNCLASSIFIED, "status=adopted|forms=policy|applied=all|weight_percent=20",
		"(tender_percent)"},
	{KL_POLICY_UNCLASSIFIED, "status=adopted|forms=strategy mention|applied=threshold",
		"(tender_percent)"},

	/* what the published rules leave open */
	{KL_POLICY_UNCLASSIFIED,
		"status=adopted|forms=policy|applied=all|tender_percent=90|weight_percent=5.1",
		"draw no line there"},
	{KL_POLICY_UNCLASSIFIED,
		"status=adopted|forms=policy|applied=all|tender_percent=90|weight_percent=9.9",
		"draw no line there"},
	{KL_POLICY_UNCLASSIFIED,
		"status=adopted|forms=policy|applied=all|tender_percent=50|weight_percent=30",
		"not applied to most tenders"},
	{KL_POLICY_UNCLASSIFIED,
		"status=adopted|forms=policy|applied=above figure|applied_above=164176|"
		"tender_percent=90|weight_percent=20",
		"£164,176"},
	{KL_POLICY_UNCLASSIFIED, "status=adopted|forms=policy|applied=threshold|tender_percent=5",
		"none of the published classes"},
	{KL_POLICY_UNCLASSIFIED,
		"status=adopted|forms=strategy mention|applied=threshold|tender_percent=25.1",
		"not many, if any"},
	{KL_POLICY_UNCLASSIFIED, "status=adopted|forms=policy|applied=never",
		"bystanders have nothing in force"},
	{KL_POLICY_UNCLASSIFIED, "status=none|applied=all|weight_percent=20|tender_percent=90",
		"without a policy"},
	{KL_POLICY_UNCLASSIFIED, "status=in development|forms=policy; toolkit|applied=never",
		"in development"},
};

static void every_rule_and_every_because(void **state)
{
	char why[KL_POLICY_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof rulings / sizeof *rulings; i++) {
		struct kl_policy p;
		enum kl_policy_class class;

		fill(&p, rulings[i].said);
		assert_int_equal(kl_policy_check(&p, NULL), 0);
		class = kl_policy_classify(&p, KL_MEMBER_COUNCIL, why);
		if (class != rulings[i].class || !strstr(why, rulings[i].why))
			fail_msg("%s: %s, because %s", rulings[i].said, kl_policy_class_name(class),
				why);
		assert_true(strlen(why) < KL_POLICY_WHY_MAX - 1); /* nothing was cut */
		kl_policy_deinit(&p);
	}
}

/* What is read as ours is said only where the class hangs on it. */
static void a_plain_reading_adds_nothing(void **state)
{
	char why[KL_POLICY_WHY_MAX];
	struct kl_policy p;

	(void)state;
	fill(&p, "status=adopted|forms=policy; toolkit|applied=all|weight_percent=5");
	assert_int_equal(kl_policy_classify(&p, KL_MEMBER_COUNCIL, why), (int)KL_POLICY_ADOPTER);
	assert_null(strstr(why, "164,176"));
	assert_null(strstr(why, "toolkit"));
}

static void only_councils_have_a_class(void **state)
{
	char why[KL_POLICY_WHY_MAX];
	struct kl_policy p;

	(void)state;
	fill(&p, rulings[0].said);
	assert_int_equal(kl_policy_classify(&p, KL_MEMBER_ANCHOR, why), KL_POLICY_UNCLASSIFIED);
	assert_string_equal(why, "the published classes are of councils");
}

static void the_published_shares(void **state)
{
	unsigned sum = 0;

	(void)state;
	for (int c = 0; c < KL_POLICY_CLASSES; c++)
		sum += kl_policy_class_percent((enum kl_policy_class)c);
	assert_int_equal(sum, 100);
	assert_int_equal(kl_policy_class_percent(KL_POLICY_EMBRACER), 14);
	assert_int_equal(kl_policy_class_percent(KL_POLICY_COMPLIER), 45);
	assert_int_equal(kl_policy_class_percent(KL_POLICY_UNCLASSIFIED), 0);
	assert_string_equal(kl_policy_class_name(KL_POLICY_UNCLASSIFIED), "unclassified");
	assert_non_null(strstr(kl_policy_class_source, "2016"));
}

/* ---- as a record --------------------------------------------------------------------------- */

static struct kl_bytes written(struct kl_writer *w, const struct kl_policy *p)
{
	struct kl_bytes bytes;

	kl_writer_init(w);
	kl_payload_policy_write(w, p);
	assert_int_equal(kl_writer_bytes(w, &bytes), 0);
	return bytes;
}

static void a_record_brings_every_field_back(void **state)
{
	struct kl_policy p, back;
	struct kl_writer w;

	(void)state;
	fill(&p, EVERY_FIELD);
	assert_int_equal(kl_payload_policy_read(written(&w, &p), &back, NULL), 0);
	for (size_t i = 0; i < kl_policy_form.n; i++)
		assert_true(kl_policy_same(i, &p, &back));
	assert_int_equal(back.unknown, 0);
	kl_policy_deinit(&back);
	kl_policy_deinit(&p);
	kl_writer_deinit(&w);
}

static struct kl_bytes of_a_newer_version(struct kl_writer *w)
{
	struct kl_bytes bytes;

	kl_writer_init(w);
	kl_write_map(w, 5);
	kl_put_text(w, "status", "reviewed"); /* a word, */
	kl_put_text(w, "title", "Policy of tomorrow");
	kl_put_array(w, "forms", 2); /* one of two, */
	kl_write_text(w, "policy");
	kl_write_text(w, "hologram");
	kl_put_text(w, "mood", "hopeful"); /* and a key that nobody knows yet */
	kl_put_uint(w, "weight_percent", 150);
	assert_int_equal(kl_writer_bytes(w, &bytes), 0);
	return bytes;
}

static void words_of_a_newer_version_spoil_nothing(void **state)
{
	char why[KL_POLICY_WHY_MAX];
	struct kl_writer w;
	struct kl_policy p;

	(void)state;
	assert_int_equal(kl_payload_policy_read(of_a_newer_version(&w), &p, NULL), 0);
	assert_string_equal(p.title, "Policy of tomorrow");
	assert_int_equal(p.weight_percent.value, 150);
	assert_string_equal(p.status, "");
	assert_int_equal(p.forms, 1);
	assert_int_equal(p.unknown, 1 | 2);
	assert_false(kl_policy_same(0, &p, &p)); /* nobody can tell */
	assert_int_equal(kl_policy_classify(&p, KL_MEMBER_COUNCIL, why), KL_POLICY_UNCLASSIFIED);
	assert_string_equal(why,
		"status is said in words of a newer version of keeplocal than this one; forms is "
		"said in words of a newer version of keeplocal than this one");
	set(&p, "status=adopted");
	assert_int_equal(p.unknown, 2);
	kl_writer_deinit(&w);
}

/* A record that would take long to read is none. */
static void records_are_bounded(void **state)
{
	static char long_one[KL_POLICY_PAYLOAD_MAX];
	struct kl_policy p;
	struct kl_writer w;
	struct kl_bytes bytes;
	char key[16];

	(void)state;
	kl_writer_init(&w);
	kl_write_map(&w, KL_POLICY_KEYS_MAX + 1);
	for (int i = 0; i <= KL_POLICY_KEYS_MAX; i++) {
		(void)snprintf(key, sizeof key, "k%d", i);
		kl_put_nil(&w, key);
	}
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_policy_read(bytes, &p, NULL), KL_E_TOO_BIG);
	kl_writer_reset(&w);
	kl_write_map(&w, 1);
	kl_put_array(&w, "routes", KL_POLICY_WORDS_MAX + 1);
	for (int i = 0; i <= KL_POLICY_WORDS_MAX; i++)
		kl_write_text(&w, "grant");
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_policy_read(bytes, &p, NULL), KL_E_TOO_BIG);
	for (int more = 0; more <= 1; more++) {
		kl_writer_reset(&w);
		kl_write_map(&w, 2);
		for (int i = 0; i < 2; i++) {
			(void)snprintf(key, sizeof key, "k%d", i);
			kl_put_array(&w, key, KL_POLICY_STRANGE_MAX / 2 - 3 + (size_t)more * i);
			for (int k = 0; k < KL_POLICY_STRANGE_MAX / 2 - 3 + more * i; k++)
				kl_write_nil(&w);
		}
		assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
		assert_int_equal(
			kl_payload_policy_read(bytes, &p, NULL), more ? KL_E_TOO_BIG : KL_OK);
	}
	kl_writer_reset(&w);
	memset(long_one, 'x', sizeof long_one - 1);
	kl_write_map(&w, 1);
	kl_put_text(&w, "later", long_one);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_policy_read(bytes, &p, NULL), KL_E_TOO_BIG);
	kl_writer_deinit(&w);
}

/* All that can be said at once is a record. */
static void the_longest_policy_is_a_record(void **state)
{
	static char measures[KL_PROFILE_LIST_MAX * KL_PROFILE_TEXT_MAX + 16] = "measures=";
	static char text[KL_POLICY_SUMMARY_MAX + 16];
	struct kl_policy p, back;
	struct kl_writer w;
	size_t at = strlen(measures);

	(void)state;
	fill(&p, EVERY_FIELD);
	for (int i = 0; i < KL_PROFILE_LIST_MAX; i++) {
		memset(measures + at, 'a' + i % 26, KL_PROFILE_TEXT_MAX - 1);
		at += KL_PROFILE_TEXT_MAX - 1;
		measures[at++] = ';';
	}
	set(&p, measures);
	(void)snprintf(text, sizeof text, "summary=%0*d", KL_POLICY_SUMMARY_MAX - 1, 0);
	set(&p, text);
	(void)snprintf(text, sizeof text, "title=%0*d", KL_PROFILE_TEXT_MAX - 1, 0);
	set(&p, text);
	set(&p, "routes=innovation partnership; reserved contract; light touch; single tender; "
		"alliance; "
		"grant; asset transfer; crowdfunding; micro-commissioning; pooled budget; "
		"consortium; "
		"locality commissioning");
	assert_int_equal(kl_payload_policy_read(written(&w, &p), &back, NULL), 0);
	assert_int_equal(back.measures.n, KL_PROFILE_LIST_MAX);
	kl_policy_deinit(&back);
	kl_policy_deinit(&p);
	kl_writer_deinit(&w);
}

static void hostile_records_are_refused(void **state)
{
	struct kl_fault fault = {0};
	struct kl_policy p;
	struct kl_writer w;
	struct kl_bytes bytes;

	(void)state;
	kl_writer_init(&w);
	kl_write_map(&w, 1);
	kl_put_int(&w, "weight_percent", -1);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_policy_read(bytes, &p, &fault), KL_E_INVALID);
	kl_writer_reset(&w);
	kl_write_map(&w, 1);
	kl_put_text(&w, "title", "\x1b[2J");
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_policy_read(bytes, &p, &fault), KL_E_MALFORMED);
	kl_writer_reset(&w);
	kl_write_map(&w, 1);
	kl_put_uint(&w, "forms", 7); /* a set is a list of words */
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_policy_read(bytes, &p, &fault), KL_E_MALFORMED);
	kl_writer_reset(&w);
	kl_write_map(&w, 2);
	kl_put_text(&w, "title", "One");
	kl_put_text(&w, "title", "Another"); /* which of them? */
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_payload_policy_read(bytes, &p, &fault), KL_E_MALFORMED);
	assert_int_equal(kl_payload_policy_read(kl_bytes("\x93", 1), &p, &fault), KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_set_in_peoples_words),
		cmocka_unit_test(words_are_those_of_people),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(what_contradicts_itself),
		cmocka_unit_test(every_rule_and_every_because),
		cmocka_unit_test(a_plain_reading_adds_nothing),
		cmocka_unit_test(only_councils_have_a_class),
		cmocka_unit_test(the_published_shares),
		cmocka_unit_test(a_record_brings_every_field_back),
		cmocka_unit_test(words_of_a_newer_version_spoil_nothing),
		cmocka_unit_test(records_are_bounded),
		cmocka_unit_test(the_longest_policy_is_a_record),
		cmocka_unit_test(hostile_records_are_refused),
	};

	return RUN(tests);
}
