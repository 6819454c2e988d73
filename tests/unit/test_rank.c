#include "core/query.h"
#include "core/rank.h"
#include "tests/unit/harness.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void near(double got, double wanted)
{
	if (fabs(got - wanted) > 1e-9)
		fail_msg("expected %.12f, got %.12f", wanted, got);
}

/* Computed by hand from the formula at the head of rank.h. */
static void weights_and_scores_follow_the_formula(void **state)
{
	(void)state;
	near(kl_rank_weight(10, 2), log(1 + 8.5 / 2.5));
	near(kl_rank_weight(1, 1), log(1 + 0.5 / 1.5));
	near(kl_rank_weight(3, 7), kl_rank_weight(3, 3)); /* counted twice */
	near(kl_rank_burden(100, 100), 1.2);
	near(kl_rank_burden(50, 100), 1.2 * (0.25 + 0.375));
	near(kl_rank_burden(7, 0), 0.3);
	near(kl_rank_score(2, 1, 1.2), 2 * 2.2 / 2.2);
	near(kl_rank_score(2, 3, 1.2), 2 * 3 * 2.2 / 4.2);
}

static void rare_words_and_short_texts_weigh_more(void **state)
{
	(void)state;
	assert_true(kl_rank_weight(100, 1) > kl_rank_weight(100, 50));
	assert_true(kl_rank_weight(100, 100) > 0);
	assert_true(kl_rank_score(1, 2, kl_rank_burden(20, 100)) >
		    kl_rank_score(1, 2, kl_rank_burden(200, 100)));
}

static void all_words_come_before_some_and_later_before_earlier(void **state)
{
	const struct kl_hit whole = {1, 0.5, true}, better = {2, 9, false}, later = {3, 9, false};

	(void)state;
	assert_true(kl_hit_before(&whole, &better));
	assert_false(kl_hit_before(&better, &whole));
	assert_true(kl_hit_before(&later, &better));
	assert_false(kl_hit_before(&better, &better));
}

static int by_rank(const void *a, const void *b)
{
	const struct kl_hit *x = a, *y = b;

	return kl_hit_before(x, y) ? -1 : kl_hit_before(y, x);
}

/* Held against sorting all of them. */
static void the_best_are_those_that_sorting_puts_first(void **state)
{
	struct kl_hit all[500], kept[500];

	(void)state;
	srandom(11);
	for (size_t max = 0; max <= 500; max = max * 3 + 1) {
		struct kl_best best = {.items = kept, .max = max};

		for (size_t i = 0; i < 500; i++) {
			all[i] = (struct kl_hit){i, (double)(random() % 40), random() % 7 == 0};
			kl_best_add(&best, &all[i]);
		}
		kl_best_sort(&best);
		qsort(all, 500, sizeof *all, by_rank);
		assert_int_equal(best.n, max < 500 ? max : 500);
		for (size_t i = 0; i < best.n; i++)
			assert_int_equal(kept[i].arrival, all[i].arrival);
	}
}

/* ---- queries --------------------------------------------------------------------------------- */

/* "commiss/commissioning asset/assets": first terms and beginnings; "|" before a second term. */
static const char *query_of(const char *text)
{
	static char out[600];
	struct kl_query query;
	struct kl_fault fault = {0};
	size_t len = 0;
	int rc = kl_query_read(text, &query, &fault);

	if (rc) {
		assert_int_equal(rc, KL_E_USAGE);
		snprintf(out, sizeof out, "%s", fault.message);
		return out;
	}
	out[0] = '\0';
	for (size_t i = 0; i < query.n; i++) {
		const struct kl_query_word *w = &query.words[i];

		len += (size_t)snprintf(out + len, sizeof out - len, "%s%.*s", i ? " " : "",
			w->terms[0].len, w->terms[0].text);
		if (w->n_terms > 1)
			len += (size_t)snprintf(out + len, sizeof out - len, "|%.*s",
				w->terms[1].len, w->terms[1].text);
		len += (size_t)snprintf(
			out + len, sizeof out - len, "/%.*s", w->start.len, w->start.text);
	}
	return out;
}

static void a_query_is_taken_apart_as_texts_are(void **state)
{
	(void)state;
	assert_string_equal(
		query_of("Commissioning the ASSETS"), "commiss/commissioning asset/assets");
	assert_string_equal(query_of("asset assets Asset"), "asset/asset");
	assert_string_equal(
		query_of("co-production"), "co|coproduct/co product|coproduct/production");
	assert_string_equal(query_of("grants not-for-profit hall"),
		"grant/grants profit|notforprofit/profit hall/hall");
}

static void a_query_without_words_is_refused_in_words(void **state)
{
	(void)state;
	assert_string_equal(query_of(""), "there is no word to search for");
	assert_string_equal(query_of(" ?! "), "there is no word to search for");
	assert_string_equal(query_of("the of and"), "words like these stand in every text");
	assert_string_equal(
		query_of("one two three four five six seven eight nine ten eleven twelve "
			 "thirteen fourteen fifteen sixteen seventeen"),
		"a search has at most 16 words");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_and_scores_follow_the_formula),
		cmocka_unit_test(rare_words_and_short_texts_weigh_more),
		cmocka_unit_test(all_words_come_before_some_and_later_before_earlier),
		cmocka_unit_test(the_best_are_those_that_sorting_puts_first),
		cmocka_unit_test(a_query_is_taken_apart_as_texts_are),
		cmocka_unit_test(a_query_without_words_is_refused_in_words),
	};

	return RUN(tests);
}
