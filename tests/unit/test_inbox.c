/* What waits for a member: told once, nothing lost, nobody buried. */
#include "daemon/inbox.h"
#include "daemon/arrivals.h"
#include "protocol/payload_post.h"
#include "store/documents.h"
#include "tests/unit/store_home.h"

#include <stdlib.h>

enum { AUTHORS = 130 };

static struct kl_node node;
static struct kl_network network;
static struct kl_head heads[AUTHORS];
static struct kl_sign_keys keys[AUTHORS];
static struct kl_inbox inbox;
static struct kl_fault fault;

/* Author 0 is this member. */
static int setup(void **state)
{
	int rc = home_setup(state);

	node = (struct kl_node){.store = ((struct home *)*state)->store, .network = &network};
	network = (struct kl_network){.node = &node};
	for (size_t i = 0; i < AUTHORS; i++) {
		uint8_t seed[32] = {(uint8_t)(i + 1)};

		kl_sign_keys_from_seed(seed, &keys[i]);
		heads[i] = (struct kl_head){0};
	}
	network.own.author = keys[0].public_key;
	return rc;
}

static int teardown(void **state)
{
	kl_posts_deinit(&network.posts);
	return home_teardown(state);
}

/* Signs, stores and takes in a record, as replication does. */
static struct kl_id say(struct home *home, size_t author, uint32_t kind, struct kl_writer *w)
{
	const struct kl_author by = {{{9}}, {keys[author].public_key, 0}, &keys[author]};
	struct kl_feed_id feed = kl_feed_id_of(&by.feed);
	struct kl_stored_record stored;
	struct kl_record_memory memory;
	struct kl_record record;
	struct kl_bytes payload;
	uint64_t arrival = 0;

	assert_rc(kl_writer_bytes(w, &payload), KL_OK);
	assert_rc(kl_record_make(&by, &heads[author], kind, 1, payload, &memory, &record), KL_OK);
	kl_record_to_store(&record, &stored);
	kl_feed_append(
		home->batch, &feed, heads[author].seq ? &heads[author].id : NULL, &stored, 1);
	kl_arrivals_note(home->batch, &feed, &record, 1);
	home_commit(home);
	heads[author] = (struct kl_head){record.h.seq, record.id};
	(void)kl_arrival_of(home->store, &feed, record.h.seq, &arrival);
	assert_rc(kl_posts_take(&network.posts, &record, arrival), KL_OK);
	kl_writer_deinit(w);
	return record.id;
}

static struct kl_id post(struct home *home, size_t author, enum kl_post_kind kind, const char *text,
	const struct kl_id *about)
{
	struct kl_post post;
	struct kl_writer w;

	kl_post_init(&post, kind);
	assert_rc(kl_post_set(&post, "text", text, NULL), KL_OK);
	if (about)
		post.about = *about;
	else
		assert_rc(kl_post_set(&post, "title", "A title", NULL), KL_OK);
	if (kind == KL_LESSON)
		assert_rc(kl_post_set(&post, "routes", "grants", NULL), KL_OK);
	kl_writer_init(&w);
	kl_payload_post_write(&w, &post);
	kl_post_deinit(&post);
	return say(home, author, kl_post_record_kind(kind), &w);
}

static void follow(const char *typed)
{
	struct kl_following following;
	struct kl_topic topic;

	assert_rc(kl_following_get(&node, &following, &fault), KL_OK);
	assert_rc(kl_topic_understand(&node, typed, &topic, &fault), KL_OK);
	following.topics[following.n++] = topic;
	assert_rc(kl_following_keep(&node, &following, &fault), KL_OK);
}

static void look(void)
{
	assert_rc(kl_inbox_look(&node, false, UINT64_MAX, &inbox, &fault), KL_OK);
}

static void told(uint64_t upto)
{
	assert_rc(kl_inbox_told(&node, upto, &fault), KL_OK);
}

static void an_answer_is_told_once(void **state)
{
	struct kl_id question = post(*state, 0, KL_QUESTION, "Who?", NULL);
	struct kl_id other = post(*state, 1, KL_QUESTION, "What?", NULL);

	post(*state, 1, KL_ANSWER, "We did.", &question);
	post(*state, 0, KL_ANSWER, "I answer myself.", &question);
	post(*state, 2, KL_ANSWER, "Not for us.", &other);
	look();
	assert_int_equal(inbox.n, 1);
	assert_int_equal(inbox.items[0].why, KL_INBOX_TO_QUESTION);
	assert_int_equal(inbox.answers, 1);
	told(inbox.upto);
	look();
	assert_int_equal(inbox.n, 0);
	post(*state, 2, KL_ANSWER, "So did we.", &question);
	look();
	assert_int_equal(inbox.n, 1);
}

/* What arrives while somebody reads is not marked with the rest, and a mark never moves back. */
static void only_what_was_shown_is_marked(void **state)
{
	struct kl_id question = post(*state, 0, KL_QUESTION, "Who?", NULL);
	uint64_t upto;

	post(*state, 1, KL_ANSWER, "We did.", &question);
	look();
	upto = inbox.upto;
	post(*state, 2, KL_ANSWER, "So did we.", &question);
	told(upto);
	look();
	assert_int_equal(inbox.n, 1);
	told(inbox.upto);
	told(1);
	look();
	assert_int_equal(inbox.n, 0);
}

static void an_answer_to_an_answer_is_one_to_the_question(void **state)
{
	struct kl_id question = post(*state, 0, KL_QUESTION, "Who?", NULL);
	struct kl_id first = post(*state, 1, KL_ANSWER, "We did.", &question);

	post(*state, 2, KL_ANSWER, "As another program says it.", &first);
	look();
	assert_int_equal(inbox.n, 2);
	assert_int_equal(inbox.items[1].why, KL_INBOX_TO_QUESTION);
}

static void what_follows_ones_own_answer_is_told(void **state)
{
	struct kl_id question = post(*state, 1, KL_QUESTION, "Who?", NULL);

	post(*state, 2, KL_ANSWER, "Before.", &question);
	post(*state, 0, KL_ANSWER, "Mine.", &question);
	look();
	assert_int_equal(inbox.n, 0);
	post(*state, 3, KL_ANSWER, "After.", &question);
	look();
	assert_int_equal(inbox.n, 1);
	assert_int_equal(inbox.items[0].why, KL_INBOX_TOO);
}

static void a_topic_begins_when_it_is_followed(void **state)
{
	struct kl_following following;

	post(*state, 1, KL_LESSON, "Before.", NULL);
	follow("grants");
	assert_rc(kl_following_get(&node, &following, &fault), KL_OK);
	following.topics[0].since = 1;
	assert_rc(kl_following_keep(&node, &following, &fault), KL_OK);
	post(*state, 1, KL_LESSON, "After.", NULL);
	look();
	assert_int_equal(inbox.n, 1);
	assert_int_equal(inbox.items[0].posted->arrival, 2);
	assert_int_equal(inbox.items[0].topics, 1);
}

/* A flood of one is counted; what others say stands in the list. */
static void a_flood_buries_nobody(void **state)
{
	struct kl_id question = post(*state, 0, KL_QUESTION, "Who?", NULL);

	follow("grants");
	for (int i = 0; i < 150; i++)
		post(*state, 1, KL_LESSON, "Me again.", NULL);
	post(*state, 2, KL_ANSWER, "We did.", &question);
	look();
	assert_int_equal(inbox.n, KL_INBOX_OF_ONE_MAX + 1);
	assert_int_equal(inbox.n_crowded, 1);
	assert_int_equal(inbox.crowded[0].posts, 150 - KL_INBOX_OF_ONE_MAX);
	assert_int_equal(inbox.answers, 1);
	assert_false(inbox.goes_on);
}

/* Whatever fills a list, all of it is told in the end, and nothing twice. */
static size_t read_all(size_t *ret_looks)
{
	size_t n = 0;

	*ret_looks = 0;
	do {
		look();
		for (size_t i = 1; i < inbox.n; i++)
			assert_true(inbox.items[i - 1].posted->arrival <
				    inbox.items[i].posted->arrival);
		n += inbox.n;
		told(inbox.upto);
		++*ret_looks;
		assert_true(*ret_looks < 100);
	} while (inbox.goes_on);
	return n;
}

static void a_full_list_goes_on(void **state)
{
	size_t looks;

	follow("grants");
	for (size_t i = 1; i < AUTHORS; i++)
		post(*state, i, KL_LESSON, "Once.", NULL);
	assert_int_equal(read_all(&looks), AUTHORS - 1);
	assert_int_equal(looks, 2);
	look();
	assert_int_equal(inbox.n, 0);
}

static void texts_are_read_a_part_at_a_time(void **state)
{
	enum { MANY = 900 }; /* 0.9 million, as texts are counted, and a little for what they say */
	size_t looks;

	follow("words=needle");
	for (int i = 0; i < MANY; i++)
		post(*state, (size_t)(i % 100 + 1), KL_LESSON, i % 100 ? "Hay." : "Needles in it.",
			NULL);
	assert_int_equal(read_all(&looks), (MANY + 99) / 100);
	assert_int_equal(looks, 3);
}

static void a_damaged_mark_is_told_and_not_passed_over(void **state)
{
	struct home *home = *state;

	kl_document_put(home->batch, "inbox", "read", kl_bytes("\x81\xa1v\x01", 4));
	home_commit(home);
	assert_true(kl_inbox_look(&node, false, UINT64_MAX, &inbox, &fault) < 0);
	assert_non_null(strstr(fault.message, "what was read"));
}

#define inbox_test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		inbox_test(an_answer_is_told_once),
		inbox_test(only_what_was_shown_is_marked),
		inbox_test(an_answer_to_an_answer_is_one_to_the_question),
		inbox_test(what_follows_ones_own_answer_is_told),
		inbox_test(a_topic_begins_when_it_is_followed),
		inbox_test(a_flood_buries_nobody),
		inbox_test(a_full_list_goes_on),
		inbox_test(texts_are_read_a_part_at_a_time),
		inbox_test(a_damaged_mark_is_told_and_not_passed_over),
	};

	return RUN(tests);
}
