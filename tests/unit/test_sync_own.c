/* What peers say of our own feed, and words between two machines with one key. */
#include "core/error.h"
#include "protocol/sync.h"
#include "tests/unit/harness.h"

enum { AUTHORS = 4, LINK = 3, OTHER = 4 };

static struct kl_sync *machine;
static const struct kl_sync_update *update;
static struct kl_frame frame;
static struct kl_writer w;
static struct kl_id network = {{42}}, authors[AUTHORS];
static struct kl_verifier verifier = {kl_verify_ed25519, NULL, 0};

static struct kl_feed_key feed(int author)
{
	return (struct kl_feed_key){authors[author], 0};
}

static void step(struct kl_sync_event event)
{
	event.now_ms = 1000;
	assert_int_equal(kl_sync_step(machine, &event, &update), 0);
}

static struct kl_head head(uint64_t seq)
{
	return (struct kl_head){seq, {{(uint8_t)seq}}};
}

/* The machine is author 1 and holds ten records of its own; the convenor is author 0. */
static int setup(void **state)
{
	struct kl_sync_config config = {.network = network, .verifier = &verifier};
	struct kl_sync_event keep = {.kind = KL_SYNC_FEED};

	(void)state;
	for (int i = 0; i < AUTHORS; i++)
		authors[i] = (struct kl_id){{(uint8_t)(i + 1)}};
	config.own = feed(1);
	config.roster = feed(0);
	machine = kl_sync_new(&config);
	kl_writer_init(&w);
	keep.u.feed.key = feed(1);
	keep.u.feed.head = head(10);
	step(keep);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kl_sync_destroy(machine);
	kl_writer_deinit(&w);
	return 0;
}

static void receive(uint32_t link)
{
	struct kl_sync_event event = {.kind = KL_SYNC_FRAME, .link = link};

	assert_int_equal(kl_writer_bytes(&w, &event.u.frame), 0);
	step(event);
	kl_writer_reset(&w);
}

static const struct kl_sync_effect *effect(enum kl_sync_effect_kind kind)
{
	for (size_t i = 0; i < update->n; i++)
		if (update->effects[i].kind == kind)
			return &update->effects[i];
	return NULL;
}

static void greet(uint32_t link, int author, uint64_t yours)
{
	struct kl_sync_event event = {.kind = KL_SYNC_LINK_UP, .link = link};
	struct kl_hello hello = {.version_min = 1,
		.version_max = 1,
		.network = network,
		.store_id = {{9}},
		.yours = head(yours),
		.limits = {256, 1 << 20, 16, 2}};

	event.u.up.member = authors[author];
	step(event);
	kl_frame_hello_write(&w, false, &hello);
	receive(link);
}

/* What is told of our feed in this update; 0: nothing. */
static uint64_t told(int author)
{
	const struct kl_sync_effect *e = effect(KL_SYNC_TOLD);

	if (!e)
		return 0;
	assert_true(kl_id_equal(&e->member, &authors[author]));
	return e->head.seq;
}

static void greetings_heads_and_digests_tell_of_our_feed(void **state)
{
	struct kl_feed_state of[2] = {{feed(1), head(12), false}, {feed(2), head(5), false}};
	struct kl_id root;

	(void)state;
	greet(LINK, 2, 8);
	assert_true(kl_id_equal(&effect(KL_SYNC_GREETED)->member, &authors[2]));
	assert_int_equal(told(2), 8);
	kl_frame_heads_write(&w, true, false, &of[1], 1);
	receive(LINK);
	assert_int_equal(told(2), 0);
	kl_frame_heads_write(&w, false, false, of, 2);
	receive(LINK);
	assert_int_equal(told(2), 12);
	kl_frame_root_write(&w, KL_FRAME_PING, &authors[3], 7);
	receive(LINK);
	assert_int_equal(told(2), 0);
	kl_sync_root(machine, &root);
	kl_frame_root_write(&w, KL_FRAME_PING, &root, 7);
	receive(LINK);
	assert_int_equal(told(2), 10); /* exactly what we hold */
}

static struct kl_here word(int author, uint8_t run)
{
	return (struct kl_here){.feed = feed(author), .run = {{run}}};
}

static void say(uint32_t link, int author, uint8_t run)
{
	struct kl_here here = word(author, run);

	kl_frame_here_write(&w, &here);
	receive(link);
}

/* The run of the word that is sent to a link in this update; 0: none. */
static int heard(uint32_t link)
{
	for (size_t i = 0; i < update->n; i++)
		if (update->effects[i].kind == KL_SYNC_SEND && update->effects[i].link == link &&
			!kl_frame_decode(update->effects[i].bytes, &frame) &&
			frame.kind == KL_FRAME_HERE)
			return frame.u.here.run.b[0];
	return 0;
}

static void words_about_ourselves_are_for_the_daemon(void **state)
{
	(void)state;
	greet(LINK, 2, 10);
	say(LINK, 1, 77);
	assert_int_equal(effect(KL_SYNC_HERE)->here->run.b[0], 77);
	assert_int_equal(effect(KL_SYNC_HERE)->link, LINK);
}

static void the_last_word_of_a_member_waits_for_its_other_machine(void **state)
{
	(void)state;
	greet(LINK, 2, 10);
	assert_int_equal(heard(LINK), 0);
	say(LINK, 2, 5);
	assert_int_equal(heard(LINK), 0); /* not back to where it came from */
	greet(OTHER, 2, 10);
	assert_int_equal(heard(OTHER), 5);
	say(OTHER, 2, 6);
	assert_int_equal(heard(LINK), 6);
	step((struct kl_sync_event){.kind = KL_SYNC_LINK_DOWN, .link = LINK});
	step((struct kl_sync_event){.kind = KL_SYNC_LINK_DOWN, .link = OTHER});
	greet(LINK, 3, 10);
	assert_int_equal(heard(LINK), 0); /* somebody else's is none of its business */
	greet(OTHER, 2, 10);
	assert_int_equal(heard(OTHER), 6);
}

static void nobody_speaks_for_another_member(void **state)
{
	(void)state;
	greet(LINK, 2, 10);
	greet(OTHER, 3, 10);
	say(LINK, 3, 5);
	assert_int_equal(heard(OTHER), 0);
	greet(OTHER, 3, 10);
	assert_int_equal(heard(OTHER), 0);
}

#define SYNC(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SYNC(greetings_heads_and_digests_tell_of_our_feed),
		SYNC(words_about_ourselves_are_for_the_daemon),
		SYNC(the_last_word_of_a_member_waits_for_its_other_machine),
		SYNC(nobody_speaks_for_another_member),
	};

	return RUN(tests);
}
