/* Without space: a machine that is held asks for the roster's records alone, and for the rest later. */
#include "core/error.h"
#include "protocol/sync.h"
#include "tests/unit/harness.h"

enum { CONVENOR, OWN, AUTHOR, AUTHORS, LINK = 3, RECORDS = 3 };

static struct kl_sync *machine;
static const struct kl_sync_update *update;
static struct kl_frame frame;
static struct kl_writer w;
static struct kl_sign_keys keys[AUTHORS];
static struct kl_id network = {{42}};
static struct kl_verifier verifier;
static uint64_t now;

static struct kl_feed_key feed(int author)
{
	return (struct kl_feed_key){keys[author].public_key, 0};
}

static void step(struct kl_sync_event event)
{
	event.now_ms = now;
	assert_int_equal(kl_sync_step(machine, &event, &update), 0);
}

static void hold(bool on)
{
	step((struct kl_sync_event){.kind = KL_SYNC_HOLD, .u.hold = on});
}

static void receive(void)
{
	struct kl_sync_event event = {.kind = KL_SYNC_FRAME, .link = LINK};

	assert_int_equal(kl_writer_bytes(&w, &event.u.frame), 0);
	step(event);
	kl_writer_reset(&w);
}

static int setup(void **state)
{
	const struct kl_hello hello = {1, 1, network, .limits = {256, 1 << 20, 16, 2}};
	struct kl_sync_config config = {.network = network, .verifier = &verifier};
	struct kl_sync_event event = {.kind = KL_SYNC_LINK_UP, .link = LINK};

	(void)state;
	for (int i = 0; i < AUTHORS; i++) {
		uint8_t seed[KL_SEED_BYTES] = {(uint8_t)i, 1};

		kl_sign_keys_from_seed(seed, &keys[i]);
	}
	verifier = (struct kl_verifier){kl_verify_ed25519, NULL, 0};
	now = 1000;
	config.own = feed(OWN);
	config.roster = feed(CONVENOR);
	machine = kl_sync_new(&config);
	assert_non_null(machine);
	kl_writer_init(&w);
	for (int i = 0; i < AUTHORS; i++) {
		struct kl_sync_event kept = {.kind = KL_SYNC_FEED};

		kept.u.feed.key = feed(i);
		step(kept);
	}
	event.u.up.member = keys[AUTHOR].public_key;
	step(event);
	kl_frame_hello_write(&w, false, &hello);
	receive();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kl_sync_destroy(machine);
	kl_writer_deinit(&w);
	return 0;
}

static void tell_head(int author, uint64_t seq)
{
	struct kl_feed_state state = {.feed = feed(author), .head = {.seq = seq, .id = {{1}}}};

	kl_frame_heads_write(&w, true, false, &state, 1);
	receive();
}

/* How many ranges are asked for, all of this author. */
static size_t asked(int author)
{
	struct kl_feed_key wanted = feed(author);
	size_t n = 0;

	for (size_t i = 0; i < update->n; i++) {
		if (update->effects[i].kind != KL_SYNC_SEND ||
			kl_frame_decode(update->effects[i].bytes, &frame) ||
			frame.kind != KL_FRAME_GET)
			continue;
		for (size_t k = 0; k < frame.u.get.n; k++, n++)
			assert_true(kl_feed_key_equal(&frame.u.get.items[k].feed, &wanted));
	}
	return n;
}

static void only_the_roster_is_asked_for(void **state)
{
	(void)state;
	hold(true);
	tell_head(AUTHOR, 10);
	assert_int_equal(asked(AUTHOR), 0);
	tell_head(CONVENOR, 10);
	assert_int_equal(asked(CONVENOR), 1);
	for (int i = 0; i < 10; i++) {
		now += 200;
		step((struct kl_sync_event){.kind = KL_SYNC_TICK});
		assert_int_equal(asked(AUTHOR), 0);
		assert_true(update->deadline_ms > now); /* no hurry either */
	}
	hold(false);
	assert_int_equal(asked(AUTHOR), 1);
}

static void give_run(void)
{
	const struct kl_author author = {network, feed(AUTHOR), &keys[AUTHOR]};
	struct kl_range range = {feed(AUTHOR), 1};
	struct kl_record_memory memory;
	struct kl_head head = {0};
	struct kl_record record;

	kl_frame_run_begin(&w, &range, RECORDS);
	for (int i = 0; i < RECORDS; i++) {
		assert_int_equal(kl_record_make(&author, &head, KL_KIND_LESSON, 1,
					 kl_bytes_str("hello"), &memory, &record),
			0);
		kl_record_write(&w, &record);
		head = (struct kl_head){record.h.seq, record.id};
	}
	receive();
}

/* It had been asked for before: the store refuses it, and it is pulled again when there is space. */
static void what_was_under_way_comes_later(void **state)
{
	struct kl_sync_event event = {.kind = KL_SYNC_STORED};
	size_t puts = 0;

	(void)state;
	tell_head(AUTHOR, RECORDS);
	assert_int_equal(asked(AUTHOR), 1);
	hold(true);
	give_run();
	for (size_t i = 0; i < update->n; i++)
		puts += update->effects[i].kind == KL_SYNC_PUT;
	assert_int_equal(puts, 1);
	event.u.stored.key = feed(AUTHOR);
	event.u.stored.result = KL_SYNC_STORED_FAILED;
	step(event);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(asked(AUTHOR), 0);
		now += KL_SYNC_RETRY_MS;
		step((struct kl_sync_event){.kind = KL_SYNC_TICK});
	}
	hold(false);
	assert_int_equal(asked(AUTHOR), 1);
}

#define HOLD(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOLD(only_the_roster_is_asked_for),
		HOLD(what_was_under_way_comes_later),
	};

	return RUN(tests);
}
