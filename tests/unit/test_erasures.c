/* What withdrawals and corrections take out of the database, and when. */
#include "daemon/erasures.h"
#include "daemon/network.h"
#include "protocol/payload_definition.h"
#include "protocol/payload_post.h"
#include "tests/unit/store_home.h"

#include <stdio.h>

enum { RECORDS_MAX = 16 };

static struct kl_node node;
static struct kl_sign_keys keys[2];
static const struct kl_id network = {{9}};

/* One author's records, as they are made. */
struct feed {
	struct kl_author author;
	struct kl_head head;
	struct kl_record records[RECORDS_MAX];
	struct kl_record_memory memory[RECORDS_MAX];
	struct kl_writer payloads[RECORDS_MAX];
	size_t n, stored;
};

static struct feed feeds[2];

static int setup(void **state)
{
	int rc = home_setup(state);

	node = (struct kl_node){.store = ((struct home *)*state)->store};
	for (size_t i = 0; i < 2; i++) {
		uint8_t seed[32] = {(uint8_t)(i + 1)};

		kl_sign_keys_from_seed(seed, &keys[i]);
		feeds[i] = (struct feed){.author = {network, {keys[i].public_key, 0}, &keys[i]}};
	}
	return rc;
}

static int teardown(void **state)
{
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < feeds[i].n; k++)
			kl_writer_deinit(&feeds[i].payloads[k]);
	return home_teardown(state);
}

static struct kl_writer *begin(struct feed *feed)
{
	KL_ASSERT(feed->n < RECORDS_MAX);
	kl_writer_init(&feed->payloads[feed->n]);
	return &feed->payloads[feed->n];
}

static struct kl_id end(struct feed *feed, uint32_t kind)
{
	struct kl_record *r = &feed->records[feed->n];
	struct kl_bytes payload;

	assert_rc(kl_writer_bytes(&feed->payloads[feed->n], &payload), KL_OK);
	assert_rc(kl_record_make(
			  &feed->author, &feed->head, kind, 1, payload, &feed->memory[feed->n], r),
		KL_OK);
	feed->n++;
	feed->head = (struct kl_head){r->h.seq, r->id};
	return r->id;
}

static void fill(struct kl_post *post, const char *text)
{
	kl_post_init(post, KL_LESSON);
	assert_rc(kl_post_set(post, "title", text, NULL), KL_OK);
}

static struct kl_id lesson(struct feed *feed, const char *text)
{
	struct kl_post post;

	fill(&post, text);
	kl_payload_post_write(begin(feed), &post);
	return end(feed, KL_KIND_LESSON);
}

static struct kl_id correction(struct feed *feed, struct kl_id which, const char *text)
{
	struct kl_post post;

	fill(&post, text);
	kl_payload_correction_write(begin(feed), &which, &post);
	return end(feed, KL_KIND_CORRECT);
}

static struct kl_id withdrawal(struct feed *feed, struct kl_id which)
{
	kl_payload_taken_back_write(begin(feed), &which);
	return end(feed, KL_KIND_WITHDRAW);
}

/* Stores what was made since, in one commit, as it comes from a peer. */
static void store(struct home *home, struct feed *feed, bool erasing)
{
	struct kl_stored_record stored[RECORDS_MAX];
	struct kl_record *first = &feed->records[feed->stored];
	struct kl_feed_id id = kl_feed_id_of(&feed->author.feed);
	size_t n = feed->n - feed->stored;

	for (size_t i = 0; i < n; i++)
		kl_record_to_store(&first[i], &stored[i]);
	kl_feed_append(home->batch, &id, feed->stored ? &first->h.prev : NULL, stored, n);
	if (erasing)
		assert_rc(kl_erasures_add(&node, home->batch, first, n), KL_OK);
	home_commit(home);
	feed->stored = feed->n;
}

static int state_of(void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	(void)feed;
	*(enum kl_stored_state *)arg = stored->state;
	return KL_OK;
}

static bool here(struct kl_id id)
{
	enum kl_stored_state state;

	assert_rc(kl_feed_get_by_id(node.store, &id, state_of, &state), KL_OK);
	return state == KL_STORED_HERE;
}

static void a_withdrawal_erases_in_its_own_commit(void **state)
{
	struct kl_id a = lesson(&feeds[0], "first"), b = lesson(&feeds[0], "second"), w;

	store(*state, &feeds[0], true);
	assert_true(here(a));
	w = withdrawal(&feeds[0], a);
	store(*state, &feeds[0], true);
	assert_false(here(a));
	assert_true(here(b));
	assert_true(here(w));
}

static void all_of_it_may_come_in_one_run(void **state)
{
	struct kl_id a = lesson(&feeds[0], "first"), c = correction(&feeds[0], a, "better"),
		     d = correction(&feeds[0], a, "best");

	withdrawal(&feeds[0], a);
	store(*state, &feeds[0], true);
	assert_false(here(a));
	assert_false(here(c));
	assert_false(here(d));
}

static void a_correction_erases_what_it_replaces(void **state)
{
	struct kl_id a = lesson(&feeds[0], "first"), c, d;

	store(*state, &feeds[0], true);
	c = correction(&feeds[0], a, "better");
	store(*state, &feeds[0], true);
	assert_false(here(a));
	assert_true(here(c));
	d = correction(&feeds[0], a, "best");
	store(*state, &feeds[0], true);
	assert_false(here(c));
	assert_true(here(d));
	withdrawal(&feeds[0], a);
	store(*state, &feeds[0], true);
	assert_false(here(d));
	d = correction(&feeds[0], a, "too late");
	store(*state, &feeds[0], true);
	assert_false(here(d));
}

static void records_that_come_again_change_nothing(void **state)
{
	struct kl_id a = lesson(&feeds[0], "first"), c = correction(&feeds[0], a, "better"),
		     d = correction(&feeds[0], a, "best");

	store(*state, &feeds[0], true);
	for (int i = 0; i < 2; i++) {
		feeds[0].stored = 0;
		store(*state, &feeds[0], true);
		assert_false(here(a));
		assert_false(here(c));
		assert_true(here(d));
	}
}

static void nobody_erases_what_another_wrote(void **state)
{
	struct kl_id a = lesson(&feeds[0], "first");

	store(*state, &feeds[0], true);
	withdrawal(&feeds[1], a);
	correction(&feeds[1], a, "mine now");
	store(*state, &feeds[1], true);
	assert_true(here(a));
	withdrawal(&feeds[0], a);
	store(*state, &feeds[0], true);
	assert_false(here(a));
}

static void only_posts_and_corrections_are_erased(void **state)
{
	struct kl_id profile, definition, policy, never = {{1}};

	kl_write_map(begin(&feeds[0]), 0);
	profile = end(&feeds[0], KL_KIND_PROFILE);
	kl_write_map(begin(&feeds[0]), 0);
	definition = end(&feeds[0], KL_KIND_DEFINITION);
	kl_write_map(begin(&feeds[0]), 0);
	policy = end(&feeds[0], KL_KIND_POLICY);
	withdrawal(&feeds[0], profile);
	withdrawal(&feeds[0], definition);
	correction(&feeds[0], policy, "policies are replaced, not corrected");
	withdrawal(&feeds[0], never);
	store(*state, &feeds[0], true);
	assert_true(here(profile));
	assert_true(here(definition));
	assert_true(here(policy));
	withdrawal(&feeds[0], policy);
	store(*state, &feeds[0], true);
	assert_false(here(policy));
}

static void a_correction_of_a_correction_erases_nothing(void **state)
{
	struct kl_id a = lesson(&feeds[0], "first"), c = correction(&feeds[0], a, "better");

	correction(&feeds[0], c, "of what?");
	store(*state, &feeds[0], true);
	assert_true(here(c));
	withdrawal(&feeds[0], c);
	store(*state, &feeds[0], true);
	assert_false(here(c));
}

static int note(void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct kl_record record;

	(void)feed;
	assert_rc(kl_record_from_store(stored, &record), KL_OK);
	return kl_erasures_note(arg, &record);
}

/* As the daemon does when it starts. */
static void start(void)
{
	struct kl_feed_id id = kl_feed_id_of(&feeds[0].author.feed);
	struct kl_erasures erasures = {0};

	assert_rc(kl_feed_visit(node.store, &id, 1, note, &erasures), KL_OK);
	assert_rc(kl_erasures_finish(&node, &erasures, NULL), KL_OK);
	assert_int_equal(erasures.n, 0);
}

static void what_an_older_program_left_is_erased_at_start(void **state)
{
	struct kl_id a = lesson(&feeds[0], "first"), c = correction(&feeds[0], a, "better"),
		     d = correction(&feeds[0], a, "best"), e = lesson(&feeds[0], "another");

	withdrawal(&feeds[0], e);
	store(*state, &feeds[0], false);
	assert_true(here(a));
	for (int i = 0; i < 2; i++) {
		start();
		assert_false(here(a));
		assert_false(here(c));
		assert_true(here(d));
		assert_false(here(e));
	}
	withdrawal(&feeds[0], a);
	store(*state, &feeds[0], true);
	assert_false(here(d));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_withdrawal_erases_in_its_own_commit),
		TEST(all_of_it_may_come_in_one_run),
		TEST(a_correction_erases_what_it_replaces),
		TEST(records_that_come_again_change_nothing),
		TEST(nobody_erases_what_another_wrote),
		TEST(only_posts_and_corrections_are_erased),
		TEST(a_correction_of_a_correction_erases_nothing),
		TEST(what_an_older_program_left_is_erased_at_start),
	};

	return RUN(tests);
}
