#include "core/terms.h"
#include "core/error.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The folded words of a text, a blank behind each; a "-" before those that a hyphen joins. */
static const char *words_of(const char *text)
{
	static char out[1000];
	struct kl_word word;
	size_t at = 0, len = 0;

	out[0] = '\0';
	while (kl_word_next(kl_bytes_str(text), &at, &word))
		len += (size_t)snprintf(out + len, sizeof out - len, "%s%.*s ",
			word.joined ? "-" : "", word.len, word.folded);
	return out;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The terms of a document in alphabetical order, with occurrences: "asset:2" in the text, "asset+1" in
 * the title. */
static const char *terms_of(const char *title, const char *text)
{
	static char out[2000];
	char lines[60][KL_TERM_MAX + 16];
	struct kl_terms terms;
	size_t len = 0;

	assert_int_equal(kl_terms_init(&terms), KL_OK);
	kl_terms_add(&terms, kl_bytes_str(title), true);
	kl_terms_add(&terms, kl_bytes_str(text), false);
	assert_true(terms.n <= 60);
	for (size_t i = 0; i < terms.n; i++) {
		const struct kl_term *t = &terms.items[i];
		int n = snprintf(lines[i], sizeof lines[i], "%.*s", t->len, t->text);

		if (t->in_text)
			n += snprintf(lines[i] + n, 8, ":%u", t->in_text);
		if (t->in_title)
			snprintf(lines[i] + n, 8, "+%u", t->in_title);
	}
	qsort(lines, terms.n, sizeof *lines, by_text);
	out[0] = '\0';
	for (size_t i = 0; i < terms.n; i++)
		len += (size_t)snprintf(out + len, sizeof out - len, "%s ", lines[i]);
	kl_terms_deinit(&terms);
	return out;
}

static void words_are_letters_and_digits_in_lower_case(void **state)
{
	(void)state;
	assert_string_equal(words_of("Asset transfer, 2016: a Town Hall (listed)!"),
		"asset transfer 2016 a town hall listed ");
	assert_string_equal(words_of(""), "");
	assert_string_equal(words_of(" ... --- !? "), "");
	assert_string_equal(words_of("one/two;three\nfour"), "one two three four ");
}

static void accents_are_taken_off(void **state)
{
	(void)state;
	assert_string_equal(words_of("Café ÉLAN Łódź naïve Ŵy Ŷr Straße Œuvre"),
		"cafe elan lodz naive wy yr strasse oeuvre ");
	assert_string_equal(words_of("cafe\xcc\x81 elan"), "cafe elan "); /* an accent of its own */
	assert_string_equal(words_of("e\xef\xac\x80ort \xef\xac\x81ne"), "effort fine ");
}

static void what_one_does_not_see_is_passed_over(void **state)
{
	(void)state;
	assert_string_equal(words_of("co\xc2\xadoper\xe2\x80\x8b"
				     "ate \xe2\x80\xaestaff\xe2\x80\xac"),
		"cooperate staff ");
	assert_string_equal(words_of("\xef\xbb\xbfhello"), "hello ");
}

static void apostrophes_do_not_part_words(void **state)
{
	(void)state;
	assert_string_equal(words_of("the council's O'Brien don’t members' 'quoted'"),
		"the council obrien dont members quoted ");
	assert_string_equal(words_of("council’s"), "council ");
	assert_string_equal(words_of("councils' 's"), "councils s ");
}

static void numbers_are_whole(void **state)
{
	(void)state;
	assert_string_equal(words_of("£1,200 and 1.5m, 3. item 2016/17 10%"),
		"1200 and 1.5m 3 item 2016 17 10 ");
	assert_string_equal(words_of("1,a 1.b a.1 a,1"), "1 a 1 b a 1 a 1 ");
}

static void hyphens_join_words(void **state)
{
	(void)state;
	assert_string_equal(words_of("co-production not-for-profit - x -y"),
		"co -production not -for -profit x y ");
	assert_string_equal(words_of("co\xe2\x80\x91production 2016\xe2\x80\x93"
				     "17 a--b"),
		"co -production 2016 17 a b ");
}

static void other_scripts_are_words(void **state)
{
	(void)state;
	assert_string_equal(words_of("ਪੰਜਾਬੀ اردو, 社区。中心"), "ਪੰਜਾਬੀ اردو 社区 中心 ");
	assert_string_equal(words_of("good \xf0\x9f\x91\x8d work €5 ½"), "good work 5 ");
}

static void broken_bytes_end_a_word(void **state)
{
	(void)state;
	assert_string_equal(words_of("tru\xff"
				     "st \xc3"),
		"tru st ");
}

static void long_words_are_cut(void **state)
{
	char text[200];
	struct kl_word word;
	size_t at = 0;

	(void)state;
	memset(text, 'x', sizeof text);
	assert_true(kl_word_next(kl_bytes(text, sizeof text), &at, &word));
	assert_int_equal(word.len, KL_TERM_MAX);
	assert_int_equal(word.to, sizeof text);
	assert_false(kl_word_next(kl_bytes(text, sizeof text), &at, &word));
}

static void a_word_says_where_it_stands(void **state)
{
	static const char text[] = "a caf\xc3\xa9, don't";
	struct kl_word word;
	size_t at = 0;

	(void)state;
	assert_true(kl_word_next(kl_bytes_str(text), &at, &word));
	assert_true(kl_word_next(kl_bytes_str(text), &at, &word));
	assert_int_equal(word.from, 2);
	assert_int_equal(word.to, 7);
	assert_true(kl_word_next(kl_bytes_str(text), &at, &word));
	assert_memory_equal(text + word.from, "don't", word.to - word.from);
}

static void words_of_every_text_are_no_terms(void **state)
{
	static const char *const stops[] = {"the", "of", "and", "x", "your", "dont"};
	static const char *const others[] = {"council", "7", "no1", "up"};
	struct kl_word word;
	size_t at;

	(void)state;
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		at = 0;
		assert_true(kl_word_next(kl_bytes_str(stops[i]), &at, &word));
		assert_true(kl_word_is_stop(&word));
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		at = 0;
		assert_true(kl_word_next(kl_bytes_str(others[i]), &at, &word));
		assert_false(kl_word_is_stop(&word));
	}
	assert_string_equal(terms_of("", "the and of a"), "");
}

/* Known answers of the algorithm: snowballstem.org, english (Porter 2). */
static void words_are_stemmed(void **state)
{
	static const char *const pairs[][2] = {{"consignment", "consign"}, {"knightly", "knight"},
		{"commissioning", "commiss"}, {"commissioned", "commiss"},
		{"communities", "communiti"}, {"generously", "generous"}, {"assets", "asset"}};
	struct sb_stemmer *stemmer = kl_stemmer_new();

	(void)state;
	assert_non_null(stemmer);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct kl_bytes stem = kl_stem(stemmer, pairs[i][0], strlen(pairs[i][0]));

		assert_int_equal(stem.len, strlen(pairs[i][1]));
		assert_memory_equal(stem.data, pairs[i][1], stem.len);
	}
	kl_stemmer_delete(stemmer);
	kl_stemmer_delete(NULL);
}

static void organisations_are_organizations(void **state)
{
	(void)state;
	assert_string_equal(
		terms_of("", "organisation organization organised organizing"), "organis:4 ");
	assert_string_equal(terms_of("", "size sized"), "size:2 ");
}

static void a_compound_is_found_whole_and_by_its_parts(void **state)
{
	(void)state;
	assert_string_equal(
		terms_of("", "Co-production works"), "co:1 coproduct:1 product:1 work:1 ");
	assert_string_equal(terms_of("", "not-for-profit"), "notforprofit:1 profit:1 ");
	assert_string_equal(terms_of("", "2016-17"), "17:1 2016:1 ");
	assert_string_equal(terms_of("", "community-led well-run"),
		"communiti:1 communityl:1 led:1 run:1 well:1 wellrun:1 ");
}

static void title_and_text_are_counted_apart(void **state)
{
	struct kl_terms terms;

	(void)state;
	assert_string_equal(terms_of("Asset transfer", "The asset was transferred. Assets!"),
		"asset:2+1 transfer:1+1 ");
	assert_int_equal(kl_terms_init(&terms), KL_OK);
	kl_terms_add(&terms, kl_bytes_str("the asset transfer"), true);
	kl_terms_add(&terms, kl_bytes_str("and a town hall"), false);
	assert_int_equal(kl_terms_length(&terms), 2 * KL_TERMS_TITLE + 2);
	kl_terms_clear(&terms);
	assert_int_equal(terms.n, 0);
	assert_int_equal(kl_terms_length(&terms), 1);
	kl_terms_deinit(&terms);
	kl_terms_deinit(&terms);
}

static void many_occurrences_are_counted_up_to_a_limit(void **state)
{
	char title[400] = "", text[800] = "";

	(void)state;
	for (int i = 0; i < 40; i++) {
		strcat(title, "hall ");
		strcat(text, "hall ");
	}
	assert_string_equal(terms_of(title, text), "hall:31+7 ");
}

static void a_text_has_so_many_terms_and_no_more(void **state)
{
	char *text = malloc(80000);
	struct kl_terms terms;
	size_t len = 0;

	(void)state;
	for (int i = 0; i < 5000; i++)
		len += (size_t)snprintf(text + len, 80000 - len, "w%dx ", i);
	assert_int_equal(kl_terms_init(&terms), KL_OK);
	kl_terms_add(&terms, kl_bytes(text, len), false);
	assert_int_equal(terms.n, KL_TERMS_MAX);
	assert_int_equal(terms.words, 5000);
	kl_terms_deinit(&terms);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_letters_and_digits_in_lower_case),
		cmocka_unit_test(accents_are_taken_off),
		cmocka_unit_test(what_one_does_not_see_is_passed_over),
		cmocka_unit_test(apostrophes_do_not_part_words),
		cmocka_unit_test(numbers_are_whole),
		cmocka_unit_test(hyphens_join_words),
		cmocka_unit_test(other_scripts_are_words),
		cmocka_unit_test(broken_bytes_end_a_word),
		cmocka_unit_test(long_words_are_cut),
		cmocka_unit_test(a_word_says_where_it_stands),
		cmocka_unit_test(words_of_every_text_are_no_terms),
		cmocka_unit_test(words_are_stemmed),
		cmocka_unit_test(organisations_are_organizations),
		cmocka_unit_test(a_compound_is_found_whole_and_by_its_parts),
		cmocka_unit_test(title_and_text_are_counted_apart),
		cmocka_unit_test(many_occurrences_are_counted_up_to_a_limit),
		cmocka_unit_test(a_text_has_so_many_terms_and_no_more),
	};

	return RUN(tests);
}
