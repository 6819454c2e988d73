/* Frames between members, and the machine that keeps feeds equal, fed with anything. */
#include "core/error.h"
#include "protocol/sync.h"
#include "tests/fuzz/codec.h"
#include "tests/fuzz/feeds.h"

#include <stdlib.h>
#include <string.h>

/* ---- frames -------------------------------------------------------------------------------- */

static struct kl_hello hello_of(const struct kl_id *network)
{
	return (struct kl_hello){.version_min = 1,
		.version_max = 1,
		.network = *network,
		.roster_seq = 3,
		.store_id = {{8}},
		.own = {2, {{7}}},
		.limits = {256, 1 << 20, 16, 2}};
}

static void write_run(struct kl_writer *w, enum feed_name name, size_t from, size_t n)
{
	const struct feed *feed = feed_of(name);
	struct kl_range range = {feed->key, from};

	kl_frame_run_begin(w, &range, n);
	for (size_t i = 0; i < n; i++)
		kl_record_write(w, &feed->records[from - 1 + i]);
}

static struct kl_feed_state state_of(enum feed_name name, uint64_t seq)
{
	const struct feed *feed = feed_of(name);

	return (struct kl_feed_state){feed->key, {seq, feed->records[seq - 1].id}, false};
}

static void write_fork_frame(struct kl_writer *w)
{
	const size_t from = FEED_FORK_AT - 1, n = FEED_RECORDS - from;
	struct kl_bytes bytes;
	struct kl_writer proof;

	kl_writer_init(&proof);
	FUZZ_CHECK(!kl_fork_write(&proof, feed_of(FEED_A)->records + from, n,
		feed_of(FEED_A_FORKED)->records + from, n));
	FUZZ_CHECK(!kl_writer_bytes(&proof, &bytes));
	kl_frame_fork_write(w, bytes);
	kl_writer_deinit(&proof);
}

/* One frame of each kind; returns false behind the last. */
static bool write_frame(struct kl_writer *w, unsigned which)
{
	struct kl_feed_state states[] = {state_of(FEED_A, 12), state_of(FEED_B, 7)};
	struct kl_range ranges[] = {{states[0].feed, 1}, {states[1].feed, 5}};
	struct kl_hello hello = hello_of(&feed_network);
	struct kl_here here = {.feed = states[0].feed, .run = {{1}}, .chosen = 300};

	switch (which) {
	case 0:
	case 1:
		kl_frame_hello_write(w, which, &hello);
		return true;
	case 2:
	case 3:
	case 4:
		kl_frame_root_write(w,
			which == 2   ? KL_FRAME_ROOT
			: which == 3 ? KL_FRAME_PING
				     : KL_FRAME_PONG,
			&feed_network, 5);
		return true;
	case 5:
	case 6:
		kl_frame_heads_write(w, which == 6, false, states, 2);
		return true;
	case 7:
		kl_frame_get_write(w, ranges, 2);
		return true;
	case 8:
		write_run(w, FEED_B, 1, 7);
		return true;
	case 9:
		write_run(w, FEED_A, 3, 0);
		return true;
	case 10:
		kl_frame_rec_begin(w, &ranges[1]);
		kl_record_write(w, &feed_of(FEED_B)->records[4]);
		return true;
	case 11:
		kl_frame_busy_write(w, 500, "later");
		return true;
	case 12:
		kl_frame_err_write(w, KL_E_MALFORMED, "what was that?");
		return true;
	case 13:
		write_fork_frame(w);
		return true;
	case 14:
		kl_frame_here_write(w, &here);
		return true;
	default:
		return false;
	}
}

void kl_fuzz_samples_frame(struct fuzz_corpus *corpus)
{
	struct kl_writer w;

	kl_writer_init(&w);
	for (unsigned which = 0; write_frame(&w, which); which++)
		fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

static void write_records(struct kl_writer *w, const struct kl_frame *frame,
	const struct kl_record *records, size_t n)
{
	if (frame->kind == KL_FRAME_REC)
		kl_frame_rec_begin(w, &frame->u.run.range);
	else
		kl_frame_run_begin(w, &frame->u.run.range, n);
	for (size_t i = 0; i < n; i++)
		kl_record_write(w, &records[i]);
}

/* Writes what was read. Unknown frames and those whose records are no records give nothing. */
static void write_again(struct kl_writer *w, const struct kl_frame *f)
{
	static struct kl_record records[KL_RUN_RECORDS_MAX];
	size_t n;

	switch (f->kind) {
	case KL_FRAME_HELLO:
	case KL_FRAME_WELCOME:
		kl_frame_hello_write(w, f->kind == KL_FRAME_WELCOME, &f->u.hello);
		break;
	case KL_FRAME_ROOT:
	case KL_FRAME_PING:
	case KL_FRAME_PONG:
		kl_frame_root_write(w, f->kind, &f->u.root.root, f->u.root.nonce);
		break;
	case KL_FRAME_HEADS:
	case KL_FRAME_HAVE:
		FUZZ_CHECK(f->u.heads.n <= KL_FRAME_HEADS_MAX);
		kl_frame_heads_write(w, f->kind == KL_FRAME_HAVE, f->u.heads.more, f->u.heads.items,
			f->u.heads.n);
		break;
	case KL_FRAME_GET:
		FUZZ_CHECK(f->u.get.n <= KL_FRAME_RANGES_MAX);
		kl_frame_get_write(w, f->u.get.items, f->u.get.n);
		break;
	case KL_FRAME_RUN:
	case KL_FRAME_REC:
		if (!kl_frame_records(&f->u.run.records, records, &n))
			write_records(w, f, records, n);
		break;
	case KL_FRAME_BUSY:
		kl_frame_busy_write(w, f->u.said.retry_ms, f->u.said.text);
		break;
	case KL_FRAME_ERR:
		kl_frame_err_write(w, f->u.said.code, f->u.said.text);
		break;
	case KL_FRAME_FORK:
		kl_frame_fork_write(w, f->u.proof);
		break;
	case KL_FRAME_HERE:
		kl_frame_here_write(w, &f->u.here);
		break;
	}
}

int kl_fuzz_frame(const uint8_t *data, size_t len)
{
	static struct kl_frame frame, second;
	struct kl_writer w, again;
	struct kl_bytes bytes;

	if (kl_frame_decode(kl_bytes(data, len), &frame))
		return 0;
	if (frame.kind == KL_FRAME_RUN || frame.kind == KL_FRAME_REC)
		FUZZ_CHECK(fuzz_inside(data, len, frame.u.run.records.raw));
	if (frame.kind == KL_FRAME_FORK)
		FUZZ_CHECK(fuzz_inside(data, len, frame.u.proof));
	kl_writer_init(&w);
	kl_writer_init(&again);
	write_again(&w, &frame);
	FUZZ_CHECK(!kl_writer_bytes(&w, &bytes));
	if (bytes.len) {
		FUZZ_CHECK(!kl_frame_decode(bytes, &second) && second.kind == frame.kind);
		write_again(&again, &second);
		fuzz_same_written(&w, &again);
	}
	kl_writer_deinit(&w);
	kl_writer_deinit(&again);
	return 1;
}

/* ---- the machine --------------------------------------------------------------------------- */

/* A script of [what, argument, length, bytes]:
 *     0  a frame from link `argument`           4  the next record of the own feed is committed
 *     1  link `argument` comes up               5  one feed more, of the author in the bytes
 *     2  link `argument` goes                   6  a feed is kept no longer
 *     3  time passes, as many ms as the length  7  a feed has ended by the roster
 * The three highest bits of `what` say how the store answers while the step is carried out. */
enum { FRAME, UP, DOWN, TIME, OWN, FEED, GONE, ENDED, STEPS };
enum { STORES_MAX = 64, ROOM_MAX = 8 << 20 };

struct world {
	struct kl_sync *sync;
	size_t before; /* bytes on the heap */
	uint64_t now;
	struct kl_verifier verifier;
	uint64_t own_seq;
	unsigned store; /* how it answers */
	bool up[KL_SYNC_LINKS_MAX];
	size_t n_stored;
	struct kl_sync_event stored[STORES_MAX];
};

static void store_run(struct world *w, const struct kl_run *run)
{
	struct kl_sync_event *event = &w->stored[w->n_stored];
	struct kl_feed_state state;

	FUZZ_CHECK(!kl_sync_feed(w->sync, &run->feed, &state));
	FUZZ_CHECK(run->n && run->n <= KL_RUN_RECORDS_MAX);
	if (w->n_stored == STORES_MAX)
		return;
	w->n_stored++;
	*event = (struct kl_sync_event){.kind = KL_SYNC_STORED, .u.stored.key = run->feed};
	if (run->from != state.head.seq + 1 || w->store == 1) {
		event->u.stored.result = KL_SYNC_STORED_FAILED;
	} else if (w->store == 2 || (state.head.seq && !kl_id_equal(&run->prev, &state.head.id))) {
		event->u.stored.result = KL_SYNC_STORED_CONFLICT;
		event->u.stored.place = run->from;
	} else {
		event->u.stored.result = KL_SYNC_STORED_OK;
		event->u.stored.head = run->last;
	}
}

static void check_effect(struct world *w, const struct kl_sync_effect *e)
{
	static struct kl_frame frame;

	switch (e->kind) {
	case KL_SYNC_SEND:
		FUZZ_CHECK(e->link < KL_SYNC_LINKS_MAX && w->up[e->link]);
		FUZZ_CHECK(e->bytes.len <= KL_FRAME_MAX && !kl_frame_decode(e->bytes, &frame));
		break;
	case KL_SYNC_SERVE:
		FUZZ_CHECK(e->link < KL_SYNC_LINKS_MAX && w->up[e->link] && e->range.from);
		FUZZ_CHECK(e->max_records <= KL_RUN_RECORDS_MAX);
		FUZZ_CHECK(e->max_bytes <= KL_RUN_BYTES_MAX);
		kl_sync_sent(w->sync, e->link, e->max_bytes);
		break;
	case KL_SYNC_OFFER:
		FUZZ_CHECK(e->n_links <= KL_SYNC_LINKS_MAX);
		break;
	case KL_SYNC_PUT:
		store_run(w, &e->run);
		break;
	case KL_SYNC_CLOSE:
		FUZZ_CHECK(e->link < KL_SYNC_LINKS_MAX && w->up[e->link] && e->text);
		w->up[e->link] = false;
		break;
	default:
		break;
	}
}

static void step(struct world *w, struct kl_sync_event *event)
{
	const struct kl_sync_update *update;

	event->now_ms = w->now;
	if (kl_sync_step(w->sync, event, &update))
		return;
	FUZZ_CHECK(update->n <= 4096);
	for (size_t i = 0; i < update->n; i++)
		check_effect(w, &update->effects[i]);
	FUZZ_CHECK(fuzz_allocated() < w->before + ROOM_MAX);
}

static void step_all(struct world *w, struct kl_sync_event *event)
{
	step(w, event);
	for (unsigned turns = 0; w->n_stored && turns < STORES_MAX; turns++) {
		struct kl_sync_event next = w->stored[0];

		memmove(w->stored, w->stored + 1, --w->n_stored * sizeof *w->stored);
		step(w, &next);
	}
}

static void own_record(struct world *w)
{
	struct kl_sync_event event = {.kind = KL_SYNC_APPENDED, .u.appended.bytes = 300};

	event.u.appended.head.seq = ++w->own_seq;
	event.u.appended.head.id.b[0] = (uint8_t)w->own_seq;
	step_all(w, &event);
}

static void roster_says(struct world *w, unsigned what, uint8_t argument, struct kl_bytes bytes)
{
	struct kl_sync_event event = {.kind = what == GONE ? KL_SYNC_FEED_GONE : KL_SYNC_FEED};
	struct kl_feed_key key = feed_of(argument % 2 ? FEED_A : FEED_B)->key;

	if (bytes.len >= KL_ID_BYTES)
		memcpy(key.author.b, bytes.data, KL_ID_BYTES);
	if (what == GONE) {
		event.u.feed_gone = key;
	} else {
		event.u.feed.key = key;
		event.u.feed.ended = what == ENDED;
		event.u.feed.end.seq = argument;
		event.u.feed.end.id = feed_of(FEED_A)->records[argument % FEED_RECORDS].id;
	}
	step_all(w, &event);
}

static void link_moves(struct world *w, unsigned what, uint8_t argument)
{
	struct kl_sync_event event = {.kind = what == UP ? KL_SYNC_LINK_UP : KL_SYNC_LINK_DOWN};

	event.link = argument % KL_SYNC_LINKS_MAX;
	if (what == UP && w->up[event.link])
		return;
	w->up[event.link] = what == UP;
	if (what == UP) {
		event.u.up.member.b[0] = event.link;
		event.u.up.called = argument >= 128;
	}
	step_all(w, &event);
}

static void begin(struct world *w)
{
	struct kl_sync_event event = {.kind = KL_SYNC_FEED};
	struct kl_sync_config config = {.network = feed_network,
		.own = {.author = {{'o', 'w', 'n'}}},
		.roster = feed_of(FEED_A)->key,
		.store_id = {{1}},
		.verifier = &w->verifier,
		.beat_ms = 1000};

	w->verifier.verify = kl_verify_ed25519;
	w->before = fuzz_allocated();
	w->sync = kl_sync_new(&config);
	FUZZ_CHECK(w->sync);
	event.u.feed.key = config.own;
	step_all(w, &event);
	event.u.feed.key = config.roster;
	step_all(w, &event);
}

static void one_step(struct world *w, struct fuzz_script *script)
{
	uint8_t what = fuzz_u8(script), argument = fuzz_u8(script);
	uint16_t size = fuzz_u16(script);
	struct kl_sync_event event = {.kind = KL_SYNC_TICK};

	w->store = what >> 5;
	switch (what % STEPS) {
	case FRAME:
		event.kind = KL_SYNC_FRAME;
		event.link = argument % KL_SYNC_LINKS_MAX;
		event.u.frame = fuzz_bytes(script, size);
		if (w->up[event.link])
			step_all(w, &event);
		break;
	case UP:
	case DOWN:
		link_moves(w, what % STEPS, argument);
		break;
	case TIME:
		w->now += size;
		step_all(w, &event);
		break;
	case OWN:
		own_record(w);
		break;
	default:
		roster_says(w, what % STEPS, argument, fuzz_bytes(script, size));
	}
}

static void script_frame(struct kl_writer *script, uint8_t link, struct kl_writer *frame)
{
	struct kl_bytes bytes;

	FUZZ_CHECK(!kl_writer_bytes(frame, &bytes));
	fuzz_step(script, FRAME, link, bytes);
	kl_writer_reset(frame);
}

static void script_time(struct kl_writer *script, uint16_t ms)
{
	uint8_t head[4] = {TIME, 0, (uint8_t)ms, (uint8_t)(ms >> 8)};

	kl_write_raw(script, kl_bytes(head, sizeof head));
}

/* A link comes up and says hello, tells of a feed, and answers the question for it. */
static void script_peer(struct kl_writer *script, uint8_t link, enum feed_name name)
{
	struct kl_hello hello = hello_of(&feed_network);
	struct kl_feed_state state = state_of(name, FEED_RECORDS);
	struct kl_writer frame;

	kl_writer_init(&frame);
	fuzz_step(script, UP, link, kl_bytes(NULL, 0));
	kl_frame_hello_write(&frame, link >= 128, &hello);
	script_frame(script, link, &frame);
	kl_frame_heads_write(&frame, false, false, &state, 1);
	script_frame(script, link, &frame);
	script_time(script, 50);
	write_run(&frame, name, 1, FEED_RECORDS);
	script_frame(script, link, &frame);
	kl_writer_deinit(&frame);
}

void kl_fuzz_samples_sync(struct fuzz_corpus *corpus)
{
	struct kl_writer script, frame;

	kl_writer_init(&script);
	kl_writer_init(&frame);
	fuzz_step(&script, FEED, 0, kl_bytes(NULL, 0));
	script_peer(&script, 1, FEED_A);
	script_peer(&script, 130, FEED_B);
	fuzz_step(&script, OWN, 0, kl_bytes(NULL, 0));
	script_time(&script, 3000);
	fuzz_sample_written(corpus, &script);
	script_peer(&script, 1, FEED_A);
	script_peer(&script, 2, FEED_A_FORKED);
	write_fork_frame(&frame);
	script_frame(&script, 2, &frame);
	fuzz_step(&script, ENDED, 7, kl_bytes(NULL, 0));
	fuzz_step(&script, GONE, 1, kl_bytes(NULL, 0));
	fuzz_step(&script, DOWN, 2, kl_bytes(NULL, 0));
	fuzz_sample_written(corpus, &script);
	script_peer(&script, 3, FEED_A);
	for (unsigned which = 2; write_frame(&frame, which); which++)
		script_frame(&script, 3, &frame);
	script_time(&script, 20000);
	fuzz_sample_written(corpus, &script);
	kl_writer_deinit(&frame);
	kl_writer_deinit(&script);
}

int kl_fuzz_sync(const uint8_t *data, size_t len)
{
	struct fuzz_script script = {data, len};
	struct world *w = calloc(1, sizeof *w);
	struct kl_id root;

	FUZZ_CHECK(w);
	begin(w);
	while (script.len)
		one_step(w, &script);
	kl_sync_root(w->sync, &root);
	FUZZ_CHECK(kl_sync_feeds(w->sync) <= KL_SYNC_FEEDS_MAX);
	kl_sync_destroy(w->sync);
	free(w);
	return 1;
}
