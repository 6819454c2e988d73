#include "store/index.h"
#include "store/arrivals.h"
#include "tests/unit/store_home.h"

#include <stdlib.h>

/* Documents of the tests, by arrival; an empty text is none (erased, or no post). The index does not
 * look at records, but verifying does: each arrival needs one. */
static const struct kl_feed_id feed = {.author = {{7}}, .epoch = 1};

static void arrive(struct home *home, uint64_t n)
{
	for (uint64_t seq = 1; seq <= n; seq++) {
		struct kl_id prev = {{7}}, id = {{7}};
		struct kl_stored_record record = {.seq = seq, .header = kl_bytes_str("header")};

		kl_put_u64(prev.b + 8, seq - 1);
		kl_put_u64(id.b + 8, seq);
		record.id = id;
		kl_feed_append(home->batch, &feed, &prev, &record, 1);
		kl_arrival_give(home->batch, &feed, seq);
		if (seq % 200 == 0)
			home_commit(home);
	}
	home_commit(home);
}

static void terms_of(const char *title, const char *text, struct kl_terms *terms)
{
	kl_terms_clear(terms);
	kl_terms_add(terms, kl_bytes_str(title), true);
	kl_terms_add(terms, kl_bytes_str(text), false);
}

struct made {
	struct kl_terms terms;
	struct kl_postings *postings;
};

static void begin(struct home *home, struct made *made)
{
	assert_rc(kl_terms_init(&made->terms), KL_OK);
	made->postings = kl_postings_new();
	assert_non_null(made->postings);
	kl_index_reset(home->batch, KL_TERMS_RULES);
	home_commit(home);
}

static void end(struct made *made)
{
	kl_terms_deinit(&made->terms);
	kl_postings_destroy(made->postings);
}

static void add(struct made *made, uint64_t arrival, const char *title, const char *text)
{
	terms_of(title, text, &made->terms);
	assert_rc(kl_postings_add(made->postings, arrival, &made->terms), KL_OK);
}

static void write_up_to(struct home *home, struct made *made, uint64_t indexed)
{
	assert_rc(kl_index_write(home->batch, made->postings, indexed), KL_OK);
	home_commit(home);
	kl_postings_clear(made->postings);
}

static bool even(void *arg, uint64_t arrival)
{
	uint64_t *before = arg;

	assert_true(arrival > *before); /* in rising order */
	*before = arrival;
	return arrival % 2 == 0;
}

static struct kl_hit_counts counts;

/* "3 1! 7": arrivals, best first, with a mark behind those that do not have all words. */
static const char *found(struct home *home, const char *words, bool only_even, size_t max)
{
	static char out[400];
	struct kl_hit hits[64];
	struct kl_query query;
	uint64_t before = 0;
	size_t len = 0;

	assert_rc(kl_query_read(words, &query, &home->fault), KL_OK);
	assert_rc(kl_index_find(home->store, &query, only_even ? even : NULL, &before, max, hits,
			  &counts),
		KL_OK);
	out[0] = '\0';
	for (size_t i = 0; i < counts.n; i++)
		len += (size_t)snprintf(out + len, sizeof out - len, "%s%u%s", i ? " " : "",
			(unsigned)hits[i].arrival, hits[i].whole ? "" : "!");
	return out;
}

static void verify(struct home *home, int expected)
{
	struct kl_verify_report report;

	home_close(home);
	assert_rc(kl_store_verify(home->dir, &home->fault, &report), expected);
	home_open(home);
}

static void small_index(struct home *home, struct made *made)
{
	arrive(home, 9);
	begin(home, made);
	add(made, 1, "Town hall", "The hall was transferred to a trust.");
	add(made, 2, "Asset transfer", "How we did it.");
	add(made, 4, "A question",
		"Who has experience with the transfer of an asset, a town hall say?");
	add(made, 5, "Grants", "Small grants for many.");
	write_up_to(home, made, 6);
}

static void documents_are_found_by_their_words(void **state)
{
	struct home *home = *state;
	struct made made;

	small_index(home, &made);
	assert_string_equal(found(home, "grant", false, 9), "5");
	assert_string_equal(found(home, "ASSETS transferring", false, 9), "2 4 1!");
	assert_int_equal(counts.whole, 2);
	assert_int_equal(counts.any, 3);
	assert_string_equal(found(home, "zebra", false, 9), "");
	assert_int_equal(counts.any, 0);
	assert_int_equal(counts.nowhere, 1);
	assert_string_equal(found(home, "zebra hall", false, 9), "1! 4!");
	assert_int_equal(counts.nowhere, 1);
	end(&made);
	verify(home, KL_OK);
}

static void the_title_weighs_more(void **state)
{
	struct home *home = *state;
	struct made made;

	small_index(home, &made);
	/* as long, as often: 1 has "hall" in the title, 4 in the text only */
	assert_string_equal(found(home, "hall", false, 9), "1 4");
	end(&made);
}

static void only_what_is_wanted_is_answered_and_counted(void **state)
{
	struct home *home = *state;
	struct made made;

	small_index(home, &made);
	assert_string_equal(found(home, "transfer asset", true, 9), "2 4");
	assert_int_equal(counts.any, 2);
	assert_string_equal(found(home, "transfer asset", false, 1), "2");
	assert_int_equal(counts.any, 3);
	assert_string_equal(found(home, "transfer asset", false, 0), "");
	assert_int_equal(counts.whole, 2);
	end(&made);
}

static void a_word_that_stands_nowhere_is_a_beginning(void **state)
{
	struct home *home = *state;
	struct made made;

	small_index(home, &made);
	assert_string_equal(found(home, "transf", false, 9), "2 4 1");
	assert_int_equal(counts.begun, 1);
	assert_int_equal(counts.nowhere, 0);
	assert_string_equal(found(home, "experienc", false, 9), "4"); /* its stem is "experi" */
	assert_string_equal(found(home, "hall", false, 9), "1 4");
	assert_int_equal(counts.begun, 0);
	assert_string_equal(found(home, "tr", false, 9), "");
	end(&made);
}

/* Sweeps what is struck out of the lowest segment that has any; how many commits it took. */
static size_t sweep(struct home *home)
{
	struct kl_index_sweep sweep = {.segment = 0};
	size_t n = 0;

	assert_rc(kl_index_struck(home->store, &sweep.segment), KL_OK);
	do {
		assert_rc(kl_index_sweep(home->batch, &sweep), KL_OK);
		home_commit(home);
		sweep.from = sweep.next;
		n++;
	} while (sweep.from.len);
	return n;
}

static void what_is_withdrawn_leaves_no_word_behind(void **state)
{
	struct home *home = *state;
	struct kl_store_info info;
	struct made made;
	uint64_t before, segment;

	small_index(home, &made);
	assert_rc(kl_store_info(home->store, &info), KL_OK);
	before = info.entries[KL_TABLE_POSTINGS];
	kl_index_strike(home->batch, 5);
	home_commit(home);
	assert_string_equal(found(home, "grant", false, 9), ""); /* at once */
	add(&made, 1, "Town hall", "The hall was transferred to a trust.");
	add(&made, 2, "Asset transfer", "How we did it.");
	add(&made, 4, "A question",
		"Who has experience with the transfer of an asset, a town hall say?");
	assert_rc(kl_index_compare(home->store, made.postings, 0, &home->fault), KL_OK);
	verify(home, KL_OK);
	assert_int_equal(sweep(home), 1);
	assert_rc(kl_index_struck(home->store, &segment), KL_E_NOT_FOUND);
	assert_string_equal(found(home, "grant", false, 9), "");
	assert_int_equal(counts.nowhere, 1); /* and the word stands nowhere */
	assert_rc(kl_store_info(home->store, &info), KL_OK);
	assert_int_equal(info.entries[KL_TABLE_POSTINGS], before); /* one block */
	assert_rc(kl_index_compare(home->store, made.postings, 0, &home->fault), KL_OK);
	kl_index_strike(home->batch, 1);
	kl_index_strike(home->batch, 1); /* a second time is fine */
	home_commit(home);
	sweep(home);
	assert_string_equal(found(home, "hall", false, 9), "4");
	end(&made);
	verify(home, KL_OK);
}

static void the_last_document_takes_its_segment_along(void **state)
{
	struct home *home = *state;
	struct kl_store_info info;
	struct made made;

	arrive(home, 1);
	begin(home, &made);
	add(&made, 1, "", "alone");
	write_up_to(home, &made, 1);
	kl_index_strike(home->batch, 1);
	home_commit(home);
	assert_int_equal(sweep(home), 1);
	assert_rc(kl_store_info(home->store, &info), KL_OK);
	assert_int_equal(info.entries[KL_TABLE_POSTINGS], 0);
	assert_int_equal(info.entries[KL_TABLE_LENGTHS], 0);
	end(&made);
	verify(home, KL_OK);
}

static void add_numbered(struct made *made, uint64_t arrival)
{
	char text[600] = "";
	size_t len = 0;

	for (unsigned i = 0; i < 60; i++)
		len += (size_t)snprintf(
			text + len, sizeof text - len, "w%u ", (unsigned)arrival * 37 + i);
	add(made, arrival, "Numbers", text);
}

/* More blocks than one commit sweeps. A document that is struck meanwhile is swept out if the sweep
 * begins again. */
static void a_large_segment_is_swept_in_parts(void **state)
{
	struct kl_index_sweep part = {.segment = 0};
	struct home *home = *state;
	struct made made;

	arrive(home, 1000);
	begin(home, &made);
	for (uint64_t i = 1; i <= 1000; i++)
		add_numbered(&made, i);
	write_up_to(home, &made, 1000);
	for (uint64_t i = 1; i <= 1000; i += 2)
		kl_index_strike(home->batch, i);
	home_commit(home);
	assert_rc(kl_index_sweep(home->batch, &part), KL_OK);
	home_commit(home);
	assert_true(part.next.len > 0);
	kl_index_strike(home->batch, 2);
	home_commit(home);
	assert_true(sweep(home) > 1);
	for (uint64_t i = 4; i <= 1000; i += 2)
		add_numbered(&made, i);
	assert_rc(kl_index_compare(home->store, made.postings, 0, &home->fault), KL_OK);
	end(&made);
	verify(home, KL_OK);
}

/* What is not in the index yet has nothing in it to be taken out. */
static void a_document_to_come_is_left_alone(void **state)
{
	struct home *home = *state;
	struct made made;

	small_index(home, &made);
	kl_index_strike(home->batch, 7);
	home_commit(home);
	assert_string_equal(found(home, "grant", false, 9), "5");
	end(&made);
}

static void the_index_goes_on_where_it_ends(void **state)
{
	struct home *home = *state;
	struct kl_index_state index;
	struct made made;

	small_index(home, &made);
	add(&made, 8, "", "late grant");
	write_up_to(home, &made, 8);
	assert_string_equal(found(home, "grant", false, 9), "5 8");
	assert_rc(kl_index_state(home->store, &index), KL_OK);
	assert_int_equal(index.indexed, 8);
	assert_int_equal(index.rules, KL_TERMS_RULES);

	add(&made, 8, "", "again");
	kl_index_write(home->batch, made.postings, 9);
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_CONFLICT);
	kl_batch_reset(home->batch);
	kl_postings_clear(made.postings);
	kl_index_write(home->batch, made.postings, 7);
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_CONFLICT);
	kl_batch_reset(home->batch);
	write_up_to(home, &made, 9); /* nothing to find in the last */
	end(&made);
	verify(home, KL_OK);
}

static void a_reset_leaves_nothing(void **state)
{
	struct home *home = *state;
	struct kl_index_state index;
	struct made made;

	small_index(home, &made);
	kl_index_reset(home->batch, 7);
	home_commit(home);
	assert_rc(kl_index_state(home->store, &index), KL_OK);
	assert_int_equal(index.indexed, 0);
	assert_int_equal(index.rules, 7);
	assert_string_equal(found(home, "grant", false, 9), "");
	end(&made);
	verify(home, KL_OK);
}

/* Several segments, in commits of any size; what is found is what counting the texts says. */
static void many_documents_are_found_as_counting_says(void **state)
{
	enum { DOCUMENTS = 2600 };
	static const char *const words[] = {"hall", "grant", "asset", "trust", "park"};
	struct home *home = *state;
	size_t with[5] = {0}, both = 0;
	struct made made;

	arrive(home, DOCUMENTS);
	begin(home, &made);
	srandom(5);
	for (uint64_t a = 1; a <= DOCUMENTS; a++) {
		char text[100] = "";
		unsigned which = (unsigned)random() % 32;

		for (int i = 0; i < 5; i++)
			if (which >> i & 1) {
				with[i]++;
				strcat(text, words[i]);
				strcat(text, " ");
			}
		both += (which & 3) == 3;
		if (which)
			add(&made, a, "", text);
		if (random() % 90 == 0 || a % KL_SEGMENT_DOCUMENTS == KL_SEGMENT_DOCUMENTS - 1 ||
			a == DOCUMENTS)
			write_up_to(home, &made, a);
	}
	for (int i = 0; i < 5; i++) {
		found(home, words[i], false, 10);
		assert_int_equal(counts.any, with[i]);
		assert_int_equal(counts.n, 10);
	}
	found(home, "halls grants", false, 10);
	assert_int_equal(counts.whole, both);
	assert_int_equal(counts.any, with[0] + with[1] - both);
	end(&made);
	verify(home, KL_OK);
}

static void comparing_tells_of_every_difference(void **state)
{
	struct home *home = *state;
	struct made made;

	small_index(home, &made);
	add(&made, 1, "Town hall", "The hall was transferred to a trust.");
	add(&made, 2, "Asset transfer", "How we did it.");
	add(&made, 4, "A question",
		"Who has experience with the transfer of an asset, a town hall say?");
	assert_rc(kl_index_compare(home->store, made.postings, 0, &home->fault), KL_E_CONFLICT);
	add(&made, 5, "Grants", "Small grants for many.");
	assert_rc(kl_index_compare(home->store, made.postings, 0, &home->fault), KL_OK);
	add(&made, 6, "", "more");
	assert_rc(kl_index_compare(home->store, made.postings, 0, &home->fault), KL_E_CONFLICT);
	assert_non_null(strstr(home->fault.message, "the search index does not say"));
	kl_postings_clear(made.postings);
	assert_rc(kl_index_compare(home->store, made.postings, 1, &home->fault), KL_OK);
	end(&made);
}

static void put_length(struct home *home, uint32_t segment, size_t place, uint16_t length)
{
	static uint8_t row[2 * KL_SEGMENT_DOCUMENTS];
	struct kl_key key;

	memset(row, 0, sizeof row);
	kl_put_u16(row + 2 * place, length);
	kl_key_init(&key);
	kl_key_u32(&key, segment);
	kl_batch_put(home->batch, KL_TABLE_LENGTHS, kl_key_view(&key), kl_bytes(row, sizeof row));
	home_commit(home);
}

static void an_index_that_does_not_hold_together_is_damage(void **state)
{
	struct home *home = *state;
	struct made made;

	small_index(home, &made);
	put_length(home, 0, 5, 3); /* the others have gone */
	verify(home, KL_E_DAMAGED);
	assert_non_null(strstr(home->fault.message, "postings do not fit their documents"));
	put_length(home, 3, 5, 3); /* never arrived */
	verify(home, KL_E_DAMAGED);
	end(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(documents_are_found_by_their_words),
		home_test(the_title_weighs_more),
		home_test(only_what_is_wanted_is_answered_and_counted),
		home_test(a_word_that_stands_nowhere_is_a_beginning),
		home_test(what_is_withdrawn_leaves_no_word_behind),
		home_test(the_last_document_takes_its_segment_along),
		home_test(a_large_segment_is_swept_in_parts),
		home_test(a_document_to_come_is_left_alone),
		home_test(the_index_goes_on_where_it_ends),
		home_test(a_reset_leaves_nothing),
		home_test(many_documents_are_found_as_counting_says),
		home_test(comparing_tells_of_every_difference),
		home_test(an_index_that_does_not_hold_together_is_damage),
	};

	return RUN(tests);
}
