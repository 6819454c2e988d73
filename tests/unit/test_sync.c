#include "core/error.h"
#include "protocol/sync.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

/* One machine, and peers that the test plays by hand: it writes their frames and looks at what the
 * machine wants done. Whole networks are simulated in tests/sim. */
enum { AUTHORS = 40, RECORDS = 300, COMMON = 20 };

static struct kl_sync *machine;
static const struct kl_sync_update *update;
static struct kl_frame frame;
static struct kl_writer w;
static struct kl_sign_keys keys[AUTHORS];
static struct kl_id network = {{42}};
static struct kl_verifier verifier;
static uint64_t now;

struct made {
	struct kl_record_memory memory;
	struct kl_record record;
};
static struct made made[RECORDS];  /* the feed of author 2 */
static struct made other[RECORDS]; /* another feed of the same author: the same up to COMMON */

static struct kl_feed_key feed(int author)
{
	return (struct kl_feed_key){keys[author].public_key, 0};
}

static void step(struct kl_sync_event event)
{
	event.now_ms = now;
	assert_int_equal(kl_sync_step(machine, &event, &update), 0);
}

static void keep(int author, uint64_t seq)
{
	struct kl_sync_event event = {.kind = KL_SYNC_FEED};

	event.u.feed.key = feed(author);
	event.u.feed.head.seq = seq;
	if (seq && author == 2)
		event.u.feed.head.id = made[seq - 1].record.id;
	step(event);
}

static void make(struct made *records, const char *text)
{
	struct kl_author author = {network, feed(2), &keys[2]};
	struct kl_head head = {0, {{0}}};

	for (int i = 0; i < RECORDS; i++) {
		const char *payload = i < COMMON ? "same" : text;

		assert_int_equal(
			kl_record_make(&author, &head, KL_KIND_LESSON, 1, kl_bytes_str(payload),
				&records[i].memory, &records[i].record),
			0);
		head = (struct kl_head){records[i].record.h.seq, records[i].record.id};
	}
}

/* The machine is author 1, the convenor author 0. */
static int setup(void **state)
{
	struct kl_sync_config config = {.network = network, .verifier = &verifier};

	(void)state;
	for (int i = 0; i < AUTHORS; i++) {
		uint8_t seed[KL_SEED_BYTES] = {(uint8_t)i, 1};

		kl_sign_keys_from_seed(seed, &keys[i]);
	}
	if (!made[0].record.h.seq) {
		make(made, "hello");
		make(other, "other");
	}
	verifier = (struct kl_verifier){kl_verify_ed25519, NULL, 0};
	now = 1000;
	config.own = feed(1);
	config.roster = feed(0);
	machine = kl_sync_new(&config);
	assert_non_null(machine);
	kl_writer_init(&w);
	for (int i = 0; i < 3; i++)
		keep(i, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kl_sync_destroy(machine);
	kl_writer_deinit(&w);
	return 0;
}

/* Gives the machine the frame that was written to `w`. */
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

/* The same, where there must be one. */
static const struct kl_sync_effect *wanted(enum kl_sync_effect_kind kind)
{
	const struct kl_sync_effect *found = effect(kind);

	if (!found) {
		fail_msg("no effect of kind %d", kind);
		abort();
	}
	return found;
}

/* The first frame of that number sent in this update, opened; false if there is none. */
static bool sent(enum kl_frame_kind kind)
{
	for (size_t i = 0; i < update->n; i++)
		if (update->effects[i].kind == KL_SYNC_SEND &&
			!kl_frame_decode(update->effects[i].bytes, &frame) && frame.kind == kind)
			return true;
	return false;
}

static size_t count_sent(enum kl_frame_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < update->n; i++)
		n += update->effects[i].kind == KL_SYNC_SEND &&
		     !kl_frame_decode(update->effects[i].bytes, &frame) && frame.kind == kind;
	return n;
}

static struct kl_hello greeting(void)
{
	return (struct kl_hello){.version_min = 1,
		.version_max = 1,
		.network = network,
		.store_id = {{9}},
		.limits = {256, 1 << 20, 16, 2}};
}

static void link_up(uint32_t link, int author)
{
	struct kl_sync_event event = {.kind = KL_SYNC_LINK_UP, .link = link};
	struct kl_hello hello = greeting();

	event.u.up.member = keys[author].public_key;
	step(event);
	kl_frame_hello_write(&w, false, &hello);
	receive(link);
}

static void tell_state(uint32_t link, struct kl_feed_state state)
{
	kl_frame_heads_write(&w, true, false, &state, 1);
	receive(link);
}

static void tell_head(uint32_t link, int author, uint64_t seq)
{
	struct kl_feed_state state = {.feed = feed(author), .head = {.seq = seq}};

	if (author == 2 && seq <= RECORDS)
		state.head.id = made[seq - 1].record.id;
	tell_state(link, state);
}

static void give(uint32_t link, const struct made *records, uint64_t from, size_t n)
{
	struct kl_range range = {feed(2), from};

	kl_frame_run_begin(&w, &range, n);
	for (size_t i = 0; i < n; i++)
		kl_record_write(&w, &records[from - 1 + i].record);
	receive(link);
}

static void give_run(uint32_t link, uint64_t from, size_t n)
{
	give(link, made, from, n);
}

static void stored(uint64_t seq)
{
	struct kl_sync_event event = {.kind = KL_SYNC_STORED};

	event.u.stored.key = feed(2);
	event.u.stored.head = (struct kl_head){seq, made[seq - 1].record.id};
	step(event);
}

static void a_caller_is_welcomed(void **state)
{
	struct kl_sync_peer peer;

	(void)state;
	link_up(3, 2);
	assert_true(sent(KL_FRAME_WELCOME));
	assert_true(sent(KL_FRAME_ROOT));
	assert_int_equal(kl_sync_peer(machine, 3, &peer), 0);
	assert_true(peer.ready);
	assert_int_equal(kl_sync_peer(machine, 4, &peer), KL_E_NOT_FOUND);
}

static void whom_we_call_hears_from_us_first(void **state)
{
	struct kl_sync_event event = {.kind = KL_SYNC_LINK_UP, .link = 1};

	(void)state;
	event.u.up.member = keys[2].public_key;
	event.u.up.called = true;
	step(event);
	assert_true(sent(KL_FRAME_HELLO));
	now += KL_SYNC_BEAT_MS; /* the greeting was lost: again */
	step((struct kl_sync_event){.kind = KL_SYNC_TICK});
	assert_true(sent(KL_FRAME_HELLO));
}

static void strangers_are_sent_away(void **state)
{
	struct kl_sync_event event = {.kind = KL_SYNC_LINK_UP, .link = 1};
	struct kl_hello hello = greeting();

	(void)state;
	event.u.up.member = keys[2].public_key;
	step(event);
	hello.network.b[0] ^= 1;
	kl_frame_hello_write(&w, false, &hello);
	receive(1);
	assert_non_null(effect(KL_SYNC_CLOSE));
	assert_int_equal(wanted(KL_SYNC_CLOSE)->code, KL_E_DENIED);
	assert_true(sent(KL_FRAME_ERR)); /* silence is a bug */

	step(event);
	hello = greeting();
	hello.version_min = hello.version_max = 2;
	kl_frame_hello_write(&w, false, &hello);
	receive(1);
	assert_int_equal(wanted(KL_SYNC_CLOSE)->code, KL_E_VERSION);

	event.u.up.member = keys[1].public_key; /* our own identity */
	step(event);
	hello = greeting();
	kl_frame_hello_write(&w, false, &hello);
	receive(1);
	assert_int_equal(wanted(KL_SYNC_CLOSE)->code, KL_E_CONFLICT);
	assert_non_null(effect(KL_SYNC_TWIN));
}

static void a_run_is_pulled_checked_once_and_put(void **state)
{
	const struct kl_sync_effect *put;
	struct kl_feed_key key = feed(2);
	struct kl_feed_state head;

	(void)state;
	link_up(3, 2);
	tell_head(3, 2, RECORDS);
	assert_true(sent(KL_FRAME_GET));
	assert_int_equal(frame.u.get.items[0].from, 1);
	verifier.count = 0;
	give_run(3, 1, 256);
	assert_int_equal(verifier.count, 1);
	put = wanted(KL_SYNC_PUT);
	assert_int_equal(put->run.n, 256);
	/* the head moves when the store has said so, and not before */
	assert_int_equal(kl_sync_feed(machine, &key, &head), 0);
	assert_int_equal(head.head.seq, 0);
	stored(256);
	assert_int_equal(kl_sync_feed(machine, &key, &head), 0);
	assert_int_equal(head.head.seq, 256);
	assert_true(sent(KL_FRAME_GET));
	assert_int_equal(frame.u.get.items[0].from, 257);
}

static void the_roster_is_asked_for_first(void **state)
{
	struct kl_feed_state states[30];

	(void)state;
	for (int i = 3; i < 30; i++)
		keep(i, 0);
	link_up(3, 2);
	for (int i = 0; i < 30; i++)
		states[i] = (struct kl_feed_state){.feed = feed(i), .head = {.seq = 9}};
	kl_frame_heads_write(&w, false, false, states, 30);
	receive(3);
	assert_int_equal(count_sent(KL_FRAME_GET), 2); /* two frames of up to sixteen ranges */
	assert_true(sent(KL_FRAME_GET));
	assert_int_equal(frame.u.get.n, 16);
	assert_true(kl_id_equal(&frame.u.get.items[0].feed.author, &keys[0].public_key));
}

static void four_peers_at_a_time(void **state)
{
	size_t asked = 0;

	(void)state;
	for (int i = 3; i < 12; i++)
		keep(i, 0);
	for (int i = 3; i < 12; i++)
		link_up((uint32_t)i, i);
	for (int i = 3; i < 12; i++) {
		tell_head((uint32_t)i, i, 5);
		asked += count_sent(KL_FRAME_GET);
	}
	assert_int_equal(asked, KL_SYNC_PULLED_LINKS_MAX);
	/* nobody answers: the next ones are asked */
	now += KL_SYNC_GET_TIMEOUT_MS;
	step((struct kl_sync_event){.kind = KL_SYNC_TICK});
	assert_int_equal(count_sent(KL_FRAME_GET), KL_SYNC_PULLED_LINKS_MAX);
}

static void lies_are_struck_and_three_close_the_link(void **state)
{
	struct kl_sync_peer peer;

	(void)state;
	link_up(3, 2);
	link_up(4, 5);
	for (unsigned i = 1; i <= KL_SYNC_STRIKES_MAX; i++) {
		struct kl_range range = {feed(2), 1};
		struct kl_record record = made[i].record; /* not the one that was asked for */

		tell_head(3, 2, 10);
		assert_true(sent(KL_FRAME_GET));
		kl_frame_run_begin(&w, &range, 1);
		kl_record_write(&w, &record);
		receive(3);
		assert_null(effect(KL_SYNC_PUT));
		assert_true(sent(KL_FRAME_ERR));
		if (i < KL_SYNC_STRIKES_MAX) {
			assert_int_equal(kl_sync_peer(machine, 3, &peer), 0);
			assert_int_equal(peer.strikes, i);
		}
	}
	assert_non_null(effect(KL_SYNC_CLOSE));
	assert_int_equal(kl_sync_peer(machine, 3, &peer), KL_E_NOT_FOUND);
	/* the feed is had from somebody else */
	tell_head(4, 2, 10);
	assert_true(sent(KL_FRAME_GET));
}

static void what_nobody_asked_for_is_not_taken(void **state)
{
	(void)state;
	link_up(3, 2);
	give_run(3, 1, 10);
	assert_null(effect(KL_SYNC_PUT));
	tell_head(3, 2, 10);
	give_run(3, 2, 5); /* another range than asked */
	assert_null(effect(KL_SYNC_PUT));
	give_run(3, 1, 10);
	assert_non_null(effect(KL_SYNC_PUT));
	give_run(3, 1, 10); /* twice */
	assert_null(effect(KL_SYNC_PUT));
}

static void a_small_record_comes_by_itself_and_goes_on(void **state)
{
	struct kl_range range = {feed(2), 1};
	const struct kl_sync_effect *offer;

	(void)state;
	link_up(3, 2);
	link_up(4, 5);
	kl_frame_rec_begin(&w, &range);
	kl_record_write(&w, &made[0].record);
	receive(3);
	assert_non_null(effect(KL_SYNC_PUT));
	assert_null(effect(KL_SYNC_OFFER)); /* not before the commit */
	stored(1);
	offer = wanted(KL_SYNC_OFFER);
	assert_int_equal(offer->n_links, 1); /* not back to where it came from */
	assert_int_equal(offer->links[0], 4);
}

static void news_of_runs_travel_together(void **state)
{
	(void)state;
	link_up(3, 2);
	link_up(4, 5);
	tell_head(3, 2, 10);
	give_run(3, 1, 10);
	stored(10);
	assert_false(sent(KL_FRAME_HAVE));
	assert_int_equal(update->deadline_ms, now + KL_SYNC_HAVE_DELAY_MS);
	now = update->deadline_ms;
	step((struct kl_sync_event){.kind = KL_SYNC_TICK});
	assert_int_equal(count_sent(KL_FRAME_HAVE), 1);
	assert_true(sent(KL_FRAME_HAVE));
	assert_int_equal(frame.u.heads.items[0].head.seq, 10);
}

static void a_failed_commit_is_tried_again(void **state)
{
	struct kl_sync_event event = {.kind = KL_SYNC_STORED};

	(void)state;
	link_up(3, 2);
	tell_head(3, 2, 10);
	give_run(3, 1, 10);
	event.u.stored.key = feed(2);
	event.u.stored.result = KL_SYNC_STORED_FAILED;
	step(event);
	assert_false(sent(KL_FRAME_GET));
	assert_true(update->deadline_ms <= now + KL_SYNC_RETRY_MS);
	now += KL_SYNC_RETRY_MS;
	step((struct kl_sync_event){.kind = KL_SYNC_TICK});
	assert_true(sent(KL_FRAME_GET));
}

static void serving_is_for_the_daemon(void **state)
{
	struct kl_range ranges[2] = {{feed(2), 3}, {feed(30), 1}};
	struct kl_hello hello = greeting();
	const struct kl_sync_effect *serve;

	(void)state;
	step((struct kl_sync_event){.kind = KL_SYNC_FEED_GONE, .u.feed_gone = feed(2)});
	keep(2, 20);
	hello.limits.run_records = 7; /* a lower limit of the peer's holds */
	link_up(3, 5);
	kl_frame_hello_write(&w, false, &hello);
	receive(3);
	kl_frame_get_write(&w, ranges, 2);
	receive(3);
	serve = wanted(KL_SYNC_SERVE);
	assert_int_equal(serve->range.from, 3);
	assert_int_equal(serve->max_records, 7);
	/* what is not here is said to be not here */
	assert_true(sent(KL_FRAME_RUN));
	assert_int_equal(frame.u.run.records.count, 0);
}

static void too_many_requests_are_told_to_wait(void **state)
{
	struct kl_range ranges[KL_FRAME_RANGES_MAX];
	bool busy = false;

	(void)state;
	link_up(3, 5);
	for (size_t i = 0; i < KL_FRAME_RANGES_MAX; i++)
		ranges[i] = (struct kl_range){feed(2), 1};
	for (int i = 0; i < 100 && !busy; i++) {
		kl_frame_get_write(&w, ranges, KL_FRAME_RANGES_MAX);
		receive(3);
		busy = sent(KL_FRAME_BUSY);
	}
	assert_true(busy);
	step((struct kl_sync_event){.kind = KL_SYNC_LINK_DOWN, .link = 3});
	link_up(4, 5); /* hanging up and calling again earns nothing */
	kl_frame_get_write(&w, ranges, KL_FRAME_RANGES_MAX);
	receive(4);
	assert_true(sent(KL_FRAME_BUSY));
	now += 1000;
	kl_frame_get_write(&w, ranges, KL_FRAME_RANGES_MAX);
	receive(4);
	assert_false(sent(KL_FRAME_BUSY));
}

/* Asks for one feed again and again; each run is said to be of 300,000 bytes. */
static unsigned runs_served(unsigned asked)
{
	struct kl_range range = {feed(2), 1};
	unsigned runs = 0;

	for (unsigned i = 0; i < asked; i++) {
		now += 10;
		kl_frame_get_write(&w, &range, 1);
		receive(3);
		if (!effect(KL_SYNC_SERVE))
			continue;
		kl_sync_sent(machine, 3, 300000);
		runs++;
	}
	return runs;
}

static void who_does_not_read_is_served_no_more(void **state)
{
	struct kl_id root = {{1}};
	struct kl_sync_peer peer;
	uint64_t probe = 0;

	(void)state;
	step((struct kl_sync_event){.kind = KL_SYNC_FEED_GONE, .u.feed_gone = feed(2)});
	keep(2, 20);
	link_up(3, 5);
	assert_int_equal(runs_served(1), 1);
	now += 10;
	step((struct kl_sync_event){.kind = KL_SYNC_TICK});
	assert_true(sent(KL_FRAME_PING)); /* behind the run: who echoes it has read the run */
	probe = frame.u.root.nonce;
	assert_int_equal(runs_served(400), 3);
	kl_frame_root_write(&w, KL_FRAME_PONG, &root, probe + 2); /* a guess */
	receive(3);
	assert_int_equal(runs_served(10), 0);
	assert_int_equal(kl_sync_peer(machine, 3, &peer), 0);
	assert_in_range(peer.unread, KL_SYNC_WINDOW_BYTES, KL_SYNC_WINDOW_BYTES + 300000);
	/* the first run was read: there is room again for as much, and what waits is served at once */
	kl_frame_root_write(&w, KL_FRAME_PONG, &root, probe);
	receive(3);
	assert_non_null(effect(KL_SYNC_SERVE));
	kl_sync_sent(machine, 3, 300000);
	assert_int_equal(runs_served(10), 0);
}

static void runs_go_out_one_at_a_time(void **state)
{
	struct kl_range ranges[2] = {{feed(2), 1}, {feed(0), 1}};
	unsigned runs = 0;

	(void)state;
	for (int author = 0; author < 3; author += 2) {
		step((struct kl_sync_event){
			.kind = KL_SYNC_FEED_GONE, .u.feed_gone = feed(author)});
		keep(author, 20);
	}
	link_up(3, 5);
	kl_frame_get_write(&w, ranges, 2);
	receive(3);
	while (effect(KL_SYNC_SERVE)) {
		size_t serves = 0;

		for (size_t i = 0; i < update->n; i++)
			serves += update->effects[i].kind == KL_SYNC_SERVE;
		assert_int_equal(serves, 1);
		runs++;
		assert_int_equal(update->deadline_ms, now + 1);
		now++;
		step((struct kl_sync_event){.kind = KL_SYNC_TICK});
	}
	assert_int_equal(runs, 2);
}

static void conflict(uint64_t place, bool proved)
{
	struct kl_sync_event event = {.kind = KL_SYNC_STORED};
	struct kl_record ours[4], theirs[4];
	struct kl_writer proof;

	event.u.stored.key = feed(2);
	event.u.stored.result = KL_SYNC_STORED_CONFLICT;
	event.u.stored.place = place;
	kl_writer_init(&proof);
	for (size_t i = 0; i < 4; i++) {
		ours[i] = made[place - 1 + i].record;
		theirs[i] = other[place - 1 + i].record;
	}
	if (proved) {
		assert_int_equal(kl_fork_write(&proof, ours, 4, theirs, 4), 0);
		assert_int_equal(kl_writer_bytes(&proof, &event.u.stored.proof), 0);
	}
	step(event);
	kl_writer_deinit(&proof);
}

/* The whole way: another id at our height, a search backwards, past its aim, forwards, the proof. */
static void a_fork_is_searched_for_and_freezes(void **state)
{
	struct kl_feed_state told = {
		.feed = feed(2), .head = {RECORDS, other[RECORDS - 1].record.id}};
	struct kl_feed_key key = feed(2);
	struct kl_feed_state head;
	const struct kl_sync_effect *freeze;

	(void)state;
	step((struct kl_sync_event){.kind = KL_SYNC_FEED_GONE, .u.feed_gone = feed(2)});
	keep(2, RECORDS);
	link_up(3, 2);
	link_up(4, 5);
	kl_frame_heads_write(&w, true, false, &told, 1);
	receive(3);
	assert_true(sent(KL_FRAME_GET));
	assert_int_equal(frame.u.get.items[0].from, RECORDS - 254);
	give(3, other, RECORDS - 254, 255);
	assert_non_null(effect(KL_SYNC_PUT));
	conflict(RECORDS - 255, false); /* even what stands before the run differs */
	assert_true(sent(KL_FRAME_GET));
	assert_int_equal(frame.u.get.items[0].from, 1);
	give(3, other, 1, COMMON - 5); /* a short run, all of it known */
	stored(COMMON - 5);
	assert_true(sent(KL_FRAME_GET));
	assert_int_equal(frame.u.get.items[0].from, COMMON - 4);
	give(3, other, COMMON - 4, 100);
	conflict(COMMON + 1, true);
	freeze = wanted(KL_SYNC_FREEZE);
	assert_int_equal(freeze->head.seq, COMMON);
	assert_int_equal(freeze->range.from, COMMON + 1);
	assert_non_null(effect(KL_SYNC_PROVE));
	assert_int_equal(kl_sync_feed(machine, &key, &head), 0);
	assert_true(head.forked);
	assert_int_equal(head.head.seq, COMMON);
	assert_true(kl_id_equal(&head.head.id, &made[COMMON - 1].record.id));
	/* nothing more is pulled of it, and who does not know is shown the proof */
	tell_head(3, 2, RECORDS);
	assert_false(sent(KL_FRAME_GET));
	assert_non_null(effect(KL_SYNC_PROVE));
}

static void a_proof_from_a_peer_freezes_too(void **state)
{
	struct kl_writer proof;
	struct kl_record ours = made[COMMON].record, theirs = other[COMMON].record;
	struct kl_feed_state told = {
		.feed = feed(2), .head = {COMMON, made[COMMON - 1].record.id}, .forked = true};
	struct kl_feed_key key = feed(2);
	struct kl_feed_state head;
	struct kl_bytes bytes;

	(void)state;
	link_up(3, 5);
	tell_state(3, told);
	assert_true(sent(KL_FRAME_HAVE)); /* not pulled, but the proof is asked for */
	assert_false(sent(KL_FRAME_GET));
	kl_writer_init(&proof);
	assert_int_equal(kl_fork_write(&proof, &ours, 1, &theirs, 1), 0);
	assert_int_equal(kl_writer_bytes(&proof, &bytes), 0);
	kl_frame_fork_write(&w, bytes);
	receive(3);
	assert_non_null(effect(KL_SYNC_FREEZE));
	assert_true(sent(KL_FRAME_GET)); /* what is common is still caught up with */
	assert_int_equal(kl_sync_feed(machine, &key, &head), 0);
	assert_true(head.forked);
	ours = made[COMMON - 1].record; /* the last common one needs no signature of its own */
	ours.signature = (struct kl_bytes){0};
	kl_frame_run_begin(&w, &(struct kl_range){feed(2), 1}, COMMON);
	for (size_t i = 0; i < COMMON - 1; i++)
		kl_record_write(&w, &made[i].record);
	kl_record_write(&w, &ours);
	receive(3);
	assert_non_null(effect(KL_SYNC_PUT));
	kl_writer_deinit(&proof);
	kl_frame_fork_write(&w, kl_bytes("junk", 4));
	receive(3);
	assert_true(sent(KL_FRAME_ERR));
}

static void a_new_feed_is_asked_about(void **state)
{
	(void)state;
	link_up(3, 2);
	keep(9, 0);
	assert_true(sent(KL_FRAME_ROOT));
}

static void a_feed_ends_where_the_roster_says(void **state)
{
	struct kl_sync_event event = {.kind = KL_SYNC_FEED};
	const struct kl_sync_effect *put;

	(void)state;
	link_up(3, 2);
	event.u.feed.key = feed(2);
	event.u.feed.ended = true;
	event.u.feed.end = (struct kl_head){COMMON, made[COMMON - 1].record.id};
	step(event);
	tell_head(3, 2, RECORDS);
	give_run(3, 1, 100); /* from one that has not heard of it */
	put = wanted(KL_SYNC_PUT);
	assert_int_equal(put->run.last.seq, COMMON);
	event = (struct kl_sync_event){.kind = KL_SYNC_FEED};
	event.u.feed.key = (struct kl_feed_key){feed(2).author, 1}; /* the epoch behind it */
	step(event);
	tell_state(3, (struct kl_feed_state){event.u.feed.key, {3, {{1}}}, false});
	assert_false(sent(KL_FRAME_GET)); /* waits until the one before is here */
	stored(COMMON);
	assert_true(sent(KL_FRAME_GET));
	assert_int_equal(frame.u.get.items[0].feed.epoch, 1);
}

static void a_busy_peer_is_left_alone(void **state)
{
	(void)state;
	link_up(3, 2);
	tell_head(3, 2, 10);
	kl_frame_busy_write(&w, 3000, "disk");
	receive(3);
	assert_false(sent(KL_FRAME_GET));
	now += 3000;
	step((struct kl_sync_event){.kind = KL_SYNC_TICK});
	assert_true(sent(KL_FRAME_GET));
}

static void silence_closes_a_link(void **state)
{
	(void)state;
	link_up(3, 2);
	for (int i = 0; i < 4; i++) {
		assert_null(effect(KL_SYNC_CLOSE));
		now += KL_SYNC_BEAT_MS;
		step((struct kl_sync_event){.kind = KL_SYNC_TICK});
	}
	assert_non_null(effect(KL_SYNC_CLOSE));
	assert_int_equal(wanted(KL_SYNC_CLOSE)->code, KL_E_TIMEOUT);
}

static void junk_is_answered_and_struck(void **state)
{
	struct kl_sync_event event = {.kind = KL_SYNC_FRAME, .link = 3};

	(void)state;
	link_up(3, 2);
	event.u.frame = kl_bytes_str("\xdd\xff\xff\xff\xff");
	step(event);
	assert_true(sent(KL_FRAME_ERR));
	event.u.frame = kl_bytes_str("\x91\x2a"); /* number 42 may mean something one day */
	step(event);
	assert_true(sent(KL_FRAME_ERR));
	assert_int_equal(frame.u.said.code, KL_E_VERSION);
	assert_null(effect(KL_SYNC_CLOSE));
}

/* A full roster, the convenor, and this daemon before it is on the roster. */
static void every_feed_of_a_full_roster_has_room(void **state)
{
	struct kl_sync_event event = {.kind = KL_SYNC_FEED, .now_ms = now};
	struct kl_id before, after;

	(void)state;
	for (uint32_t i = 0; i < KL_SYNC_FEEDS_MAX - 3; i++) {
		kl_put_u32(event.u.feed.key.author.b, i * 2654435761u);
		event.u.feed.key.epoch = i % 2;
		event.u.feed.head.seq = 1;
		step(event);
	}
	assert_int_equal(kl_sync_feeds(machine), KL_SYNC_FEEDS_MAX);
	event.u.feed.key.epoch = 2;
	assert_int_equal(kl_sync_step(machine, &event, &update), KL_E_TOO_BIG);
	kl_sync_root(machine, &before);
	event = (struct kl_sync_event){.kind = KL_SYNC_FEED_GONE, .u.feed_gone = feed(2)};
	step(event);
	kl_sync_root(machine, &after);
	assert_true(kl_id_equal(&before, &after)); /* nothing was held of it */
	/* heads go out in pages of 256 */
	link_up(3, 5);
	kl_frame_root_write(&w, KL_FRAME_ROOT, &keys[3].public_key, 0);
	receive(3);
	assert_int_equal(count_sent(KL_FRAME_HEADS), 24);
	/* and not again at once, however often a digest is shown */
	kl_frame_root_write(&w, KL_FRAME_ROOT, &keys[3].public_key, 0);
	receive(3);
	assert_int_equal(count_sent(KL_FRAME_HEADS), 0);
	assert_int_equal(update->deadline_ms, now + 1000);
}

#define SYNC(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SYNC(a_caller_is_welcomed),
		SYNC(whom_we_call_hears_from_us_first),
		SYNC(strangers_are_sent_away),
		SYNC(a_run_is_pulled_checked_once_and_put),
		SYNC(the_roster_is_asked_for_first),
		SYNC(four_peers_at_a_time),
		SYNC(lies_are_struck_and_three_close_the_link),
		SYNC(what_nobody_asked_for_is_not_taken),
		SYNC(a_small_record_comes_by_itself_and_goes_on),
		SYNC(news_of_runs_travel_together),
		SYNC(a_failed_commit_is_tried_again),
		SYNC(serving_is_for_the_daemon),
		SYNC(too_many_requests_are_told_to_wait),
		SYNC(who_does_not_read_is_served_no_more),
		SYNC(runs_go_out_one_at_a_time),
		SYNC(a_fork_is_searched_for_and_freezes),
		SYNC(a_proof_from_a_peer_freezes_too),
		SYNC(a_new_feed_is_asked_about),
		SYNC(a_feed_ends_where_the_roster_says),
		SYNC(a_busy_peer_is_left_alone),
		SYNC(silence_closes_a_link),
		SYNC(junk_is_answered_and_struck),
		SYNC(every_feed_of_a_full_roster_has_room),
	};

	return RUN(tests);
}
