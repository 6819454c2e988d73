/* The search index as the daemon makes it out of records. */
#include "daemon/arrivals.h"
#include "daemon/indexer.h"
#include "daemon/search.h"
#include "protocol/header.h"
#include "protocol/payload_post.h"
#include "tests/unit/store_home.h"

static const struct kl_feed_id feed = {.author = {{7}}, .epoch = 0};

static struct kl_id id_of(uint64_t seq)
{
	struct kl_id id = {{7, 1}};

	kl_put_u64(id.b + 8, seq);
	return id;
}

/* Puts a record of the feed into the batch; with a number of its own, unless it comes from before there
 * were any. */
static void append(
	struct home *home, uint64_t seq, uint32_t kind, const struct kl_writer *w, bool number)
{
	static const uint8_t signature[KL_STORE_SIGNATURE_BYTES];
	struct kl_header header = {.author = feed.author, .kind = kind, .seq = seq};
	struct kl_id prev = id_of(seq - 1);
	struct kl_stored_record record = {.seq = seq, .id = id_of(seq), .signature = signature};
	uint8_t bytes[KL_HEADER_MAX];

	assert_rc(kl_writer_bytes(w, &record.payload), KL_OK);
	header.payload_len = (uint32_t)record.payload.len;
	record.header = kl_bytes(bytes, kl_header_encode(&header, bytes));
	assert_rc(kl_feed_append(home->batch, &feed, &prev, &record, 1), KL_OK);
	if (number)
		kl_arrival_give(home->batch, &feed, seq);
}

static void set_post(
	struct kl_post *post, enum kl_post_kind kind, const char *title, const char *text)
{
	kl_post_init(post, kind);
	assert_rc(kl_post_set(post, "title", title, NULL), KL_OK);
	assert_rc(kl_post_set(post, "text", text, NULL), KL_OK);
}

static void put_lesson(
	struct home *home, uint64_t seq, const char *title, const char *text, bool number)
{
	struct kl_post post;
	struct kl_writer w;

	set_post(&post, KL_LESSON, title, text);
	kl_writer_init(&w);
	kl_payload_post_write(&w, &post);
	append(home, seq, KL_KIND_LESSON, &w, number);
	kl_writer_deinit(&w);
	kl_post_deinit(&post);
}

static void make_index(struct home *home)
{
	struct kl_indexer indexer;
	bool done = false;

	assert_rc(kl_indexer_open(&indexer, home->store, &home->fault), KL_OK);
	while (!done)
		assert_rc(kl_indexer_turn(&indexer, &done, &home->fault), KL_OK);
	kl_indexer_close(&indexer);
}

/* Arrivals, best first. */
static const char *found(struct home *home, const char *words)
{
	static char out[200];
	struct kl_hit_counts counts;
	struct kl_hit hits[16];
	struct kl_query query;
	size_t len = 0;

	assert_rc(kl_query_read(words, &query, &home->fault), KL_OK);
	assert_rc(kl_index_find(home->store, &query, NULL, NULL, 16, hits, &counts), KL_OK);
	out[0] = '\0';
	for (size_t i = 0; i < counts.n; i++)
		len += (size_t)snprintf(out + len, sizeof out - len, "%s%u", i ? " " : "",
			(unsigned)hits[i].arrival);
	return out;
}

static void check(struct home *home, int expected, uint64_t documents)
{
	uint64_t n = 77;

	assert_rc(kl_indexer_check(home->store, &n, &home->fault), expected);
	if (!expected)
		assert_int_equal(n, documents);
}

static void a_post_is_found_by_all_that_people_wrote(void **state)
{
	struct home *home = *state;
	struct kl_post post;
	struct kl_writer w;

	set_post(&post, KL_LESSON, "Begin early", "With the caretaker.");
	assert_rc(kl_post_set(&post, "place", "Halifax", NULL), KL_OK);
	assert_rc(kl_post_set(&post, "services", "libraries", NULL), KL_OK);
	assert_rc(kl_post_set(&post, "routes", "asset_transfer", NULL), KL_OK);
	kl_writer_init(&w);
	kl_payload_post_write(&w, &post);
	append(home, 1, KL_KIND_LESSON, &w, true);
	home_commit(home);
	make_index(home);
	assert_string_equal(found(home, "early"), "1");
	assert_string_equal(found(home, "caretakers"), "1");
	assert_string_equal(found(home, "halifax"), "1");
	assert_string_equal(found(home, "library"), "1");
	assert_string_equal(found(home, "asset transfer"), "1");
	check(home, KL_OK, 1);
	kl_writer_deinit(&w);
	kl_post_deinit(&post);
}

static void a_correction_is_found_by_its_own_words(void **state)
{
	struct home *home = *state;
	struct kl_id first = id_of(1), second = id_of(2);
	struct kl_node node = {.store = home->store};
	struct kl_post post;
	struct kl_writer w;

	put_lesson(home, 1, "Zebra", "first", true);
	set_post(&post, KL_ANSWER, "", "giraffe");
	post.about = first;
	kl_writer_init(&w);
	kl_payload_post_write(&w, &post);
	append(home, 2, KL_KIND_ANSWER, &w, true);
	kl_writer_reset(&w);
	post.about = first;
	(void)kl_copy_text(post.text, sizeof post.text, "lion");
	kl_payload_correction_write(&w, &second, &post);
	append(home, 3, KL_KIND_CORRECT, &w, true);
	home_commit(home);
	make_index(home);
	assert_string_equal(found(home, "giraffe"), "2");
	assert_string_equal(found(home, "lion"), "3");
	assert_rc(kl_search_erase(&node, home->batch, &feed, 2), KL_OK);
	home_commit(home);
	assert_string_equal(found(home, "giraffe"), "");
	assert_string_equal(found(home, "lion"), "3");
	check(home, KL_OK, 3);
	kl_writer_deinit(&w);
	kl_post_deinit(&post);
}

static void what_cannot_be_read_has_no_words(void **state)
{
	struct home *home = *state;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_write_text(&w, "zebra");
	append(home, 1, KL_KIND_LESSON, &w, true);
	append(home, 2, KL_KIND_CORRECT, &w, true);
	append(home, 3, KL_KIND_WITHDRAW, &w, false);
	kl_writer_deinit(&w);
	put_lesson(home, 4, "Zebra", "", true);
	home_commit(home);
	make_index(home);
	assert_string_equal(found(home, "zebra"), "3");
	check(home, KL_OK, 3);
}

/* A text that was read and not written yet, when it is withdrawn. */
static void a_text_that_is_withdrawn_on_the_way_never_comes_in(void **state)
{
	struct home *home = *state;
	struct kl_indexer indexer;
	bool done = false;

	put_lesson(home, 1, "Zebra", "one", true);
	put_lesson(home, 2, "Zebra", "two", true);
	home_commit(home);
	assert_rc(kl_indexer_open(&indexer, home->store, &home->fault), KL_OK);
	assert_rc(kl_indexer_turn(&indexer, &done, &home->fault), KL_OK);
	assert_false(done); /* gathered only */
	kl_feed_erase(home->batch, &feed, 1);
	kl_indexer_erasing(&indexer);
	home_commit(home);
	while (!done)
		assert_rc(kl_indexer_turn(&indexer, &done, &home->fault), KL_OK);
	kl_indexer_close(&indexer);
	assert_string_equal(found(home, "zebra"), "2");
	check(home, KL_OK, 2);
}

static void an_index_by_other_rules_is_made_anew(void **state)
{
	struct home *home = *state;
	struct kl_index_state index;

	put_lesson(home, 1, "Zebra", "one", true);
	home_commit(home);
	make_index(home);
	kl_index_reset(home->batch, KL_TERMS_RULES + 1);
	home_commit(home);
	check(home, KL_OK, 0); /* nothing to hold against it yet */
	make_index(home);
	assert_rc(kl_index_state(home->store, &index), KL_OK);
	assert_int_equal(index.rules, KL_TERMS_RULES);
	assert_string_equal(found(home, "zebra"), "1");
}

static void an_index_that_disagrees_is_told_and_made_anew(void **state)
{
	struct home *home = *state;
	uint64_t n;

	put_lesson(home, 1, "Zebra", "one", true);
	put_lesson(home, 2, "Lion", "two", true);
	home_commit(home);
	make_index(home);
	kl_feed_erase(home->batch, &feed, 1); /* without its words: no caller does that */
	home_commit(home);
	check(home, KL_E_CONFLICT, 0);
	assert_non_null(
		strstr(home->fault.message, "the search index does not say what the posts"));
	assert_rc(kl_indexer_remake(home->store, &n, &home->fault), KL_OK);
	assert_int_equal(n, 2);
	check(home, KL_OK, 2);
	assert_string_equal(found(home, "zebra"), "");
}

/* The rows of a whole table, so that two indexes can be compared byte by byte. */
static int add_row(void *arg, struct kl_bytes key, struct kl_bytes value)
{
	uint64_t *sum = arg;

	for (size_t i = 0; i < key.len; i++)
		*sum = (*sum ^ key.data[i]) * UINT64_C(1099511628211);
	for (size_t i = 0; i < value.len; i++)
		*sum = (*sum ^ value.data[i]) * UINT64_C(1099511628211);
	return KL_VISIT_ON;
}

static uint64_t sum_of_index(struct home *home)
{
	uint64_t sum = 1;

	assert_rc(kl_store_visit(home->store, KL_TABLE_POSTINGS, kl_bytes(NULL, 0), add_row, &sum),
		KL_OK);
	assert_rc(kl_store_visit(home->store, KL_TABLE_LENGTHS, kl_bytes(NULL, 0), add_row, &sum),
		KL_OK);
	return sum;
}

static void made_anew_it_is_the_same(void **state)
{
	struct home *home = *state;
	struct kl_node node = {.store = home->store};
	uint64_t n, before;

	srandom(3);
	for (uint64_t seq = 1; seq <= 1500; seq++) {
		char text[400] = "";
		size_t len = 0;

		for (long k = random() % 40; k >= 0; k--)
			len += (size_t)snprintf(
				text + len, sizeof text - len, "w%ld ", random() % 900);
		put_lesson(home, seq, "Many", text, true);
		if (seq % 100 == 0)
			home_commit(home);
	}
	make_index(home);
	for (uint64_t seq = 3; seq < 1500; seq += 40)
		assert_rc(kl_search_erase(&node, home->batch, &feed, seq), KL_OK);
	home_commit(home);
	check(home, KL_OK, 1500);
	assert_rc(kl_indexer_remake(home->store, &n, &home->fault), KL_OK);
	before = sum_of_index(home);
	assert_rc(kl_indexer_remake(home->store, &n, &home->fault), KL_OK);
	assert_int_equal(sum_of_index(home), before);
	check(home, KL_OK, 1500);
}

/* Made by a keeplocal of before: its posts are numbered once, in the order of its feeds, and found. */
static void posts_of_an_older_database_are_numbered_and_found(void **state)
{
	struct kl_node node = {.store = NULL};
	struct home *home = *state;
	struct kl_verify_report report;
	uint64_t arrival;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_write_text(&w, "no post");
	append(home, 1, KL_KIND_PROFILE, &w, false);
	kl_writer_deinit(&w);
	put_lesson(home, 2, "Zebra", "one", false);
	put_lesson(home, 3, "Lion", "two", false);
	home_commit(home);
	home_close(home);
	home_make_old(home);
	home_open(home);
	node.store = home->store;
	assert_rc(kl_arrivals_settle(&node, &home->fault), KL_OK);
	assert_rc(kl_arrivals_settle(&node, &home->fault), KL_OK); /* once is enough */
	assert_rc(kl_arrival_of(home->store, &feed, 1, &arrival), KL_E_NOT_FOUND);
	assert_rc(kl_arrival_of(home->store, &feed, 3, &arrival), KL_OK);
	assert_int_equal(arrival, 2);
	make_index(home);
	assert_string_equal(found(home, "zebra"), "1");
	home_close(home);
	assert_rc(kl_store_verify(home->dir, &home->fault, &report), KL_OK);
	home_open(home);
}

/* A keeplocal that knew no lessons has stored some: it numbered none, by rules of its own. */
static void posts_of_a_kind_that_is_new_come_alive(void **state)
{
	struct kl_node node = {.store = NULL};
	struct home *home = *state;
	uint64_t arrival;

	put_lesson(home, 1, "Zebra", "not understood", false);
	put_lesson(home, 2, "Lion", "understood", true);
	kl_arrivals_settled(home->batch, 0);
	home_commit(home);
	node.store = home->store;
	assert_rc(kl_arrivals_settle(&node, &home->fault), KL_OK);
	assert_rc(kl_arrival_of(home->store, &feed, 1, &arrival), KL_OK);
	assert_int_equal(arrival, 2);
	make_index(home);
	assert_string_equal(found(home, "zebra"), "2");
	assert_string_equal(found(home, "lion"), "1"); /* what had one keeps it */
	put_lesson(home, 3, "Zebra", "after it was settled", false);
	home_commit(home);
	assert_rc(kl_arrivals_settle(&node, &home->fault), KL_OK);
	assert_rc(kl_arrival_of(home->store, &feed, 3, &arrival), KL_E_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(a_post_is_found_by_all_that_people_wrote),
		home_test(a_correction_is_found_by_its_own_words),
		home_test(what_cannot_be_read_has_no_words),
		home_test(a_text_that_is_withdrawn_on_the_way_never_comes_in),
		home_test(an_index_by_other_rules_is_made_anew),
		home_test(an_index_that_disagrees_is_told_and_made_anew),
		home_test(made_anew_it_is_the_same),
		home_test(posts_of_a_kind_that_is_new_come_alive),
		home_test(posts_of_an_older_database_are_numbered_and_found),
	};

	return RUN(tests);
}
