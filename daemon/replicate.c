/* Keeping feeds equal with peers: carries out what the sync machine wants, and tells it what became
 * of it. */
#include "daemon/arrivals.h"
#include "daemon/log.h"
#include "daemon/network.h"
#include "protocol/sync_frames.h"

#include <stdlib.h>
#include <string.h>

enum {
	MUTE_MS = 60000, /* how long nobody listens to who broke the protocol */
};

struct kl_news {
	struct kl_news *next;
	struct kl_sync_event event;
	uint8_t proof[]; /* of a conflict; event.u.stored.proof points here */
};

struct kl_feed_id kl_feed_id_of(const struct kl_feed_key *key)
{
	return (struct kl_feed_id){key->author, key->epoch};
}

int kl_record_from_store(const struct kl_stored_record *stored, struct kl_record *ret_record)
{
	struct kl_record record = {.header = stored->header,
		.payload = stored->payload,
		.erased = stored->state != KL_STORED_HERE,
		.id = stored->id};
	int rc = kl_header_decode(stored->header, &record.h);

	if (rc)
		return rc;
	if (stored->signature)
		record.signature = kl_bytes(stored->signature, KL_SIGNATURE_BYTES);
	*ret_record = record;
	return KL_OK;
}

void kl_record_to_store(const struct kl_record *record, struct kl_stored_record *ret_stored)
{
	*ret_stored = (struct kl_stored_record){.seq = record->h.seq,
		.id = record->id,
		.header = record->header,
		.signature = record->signature.len ? record->signature.data : NULL,
		.state = record->erased ? KL_STORED_ERASED : KL_STORED_HERE,
		.payload = record->erased ? kl_bytes("", 0) : record->payload};
}

/* ---- news for the machine ------------------------------------------------------------------ */

static void queue(struct kl_network *network, const struct kl_sync_event *event)
{
	size_t proof =
		event->kind == KL_SYNC_STORED && event->u.stored.result == KL_SYNC_STORED_CONFLICT
			? event->u.stored.proof.len
			: 0;
	struct kl_news *news = malloc(sizeof *news + proof);

	KL_ASSERT(news); /* a few hundred bytes: without them nothing can go on */
	news->next = NULL;
	news->event = *event;
	if (proof) {
		memcpy(news->proof, event->u.stored.proof.data, proof);
		news->event.u.stored.proof = kl_bytes(news->proof, proof);
	}
	*network->news_end = news;
	network->news_end = &news->next;
}

void kl_network_queue_sync(struct kl_network *network, const struct kl_sync_event *event)
{
	queue(network, event);
}

void kl_network_hold(struct kl_network *network, bool hold)
{
	const struct kl_sync_event event = {.kind = KL_SYNC_HOLD, .u.hold = hold};

	queue(network, &event);
}

void kl_network_drop_news(struct kl_network *network)
{
	while (network->news) {
		struct kl_news *news = network->news;

		network->news = news->next;
		free(news);
	}
	network->news_end = &network->news;
}

/* ---- effects ------------------------------------------------------------------------------- */

/* Records of one run, as they come out of the store. */
struct serving {
	struct kl_writer records;
	size_t n, certified_n, certified_bytes;
	uint32_t max_records, max_bytes;
	uint64_t end; /* last place that may be served, if the feed has ended; else UINT64_MAX */
};

static int serve_record(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct serving *s = arg;
	struct kl_record record;
	size_t cost = stored->header.len + stored->payload.len + KL_SIGNATURE_BYTES + 16;

	(void)feed;
	if (stored->seq > s->end || s->n == s->max_records ||
		s->records.buffer.size + cost > s->max_bytes ||
		kl_record_from_store(stored, &record))
		return KL_VISIT_STOP;
	kl_record_write(&s->records, &record);
	s->n++;
	if (stored->signature || stored->seq == s->end) {
		s->certified_n = s->n;
		s->certified_bytes = s->records.buffer.size;
	}
	return KL_VISIT_ON;
}

static void send_writer(struct kl_network *network, uint32_t link, const struct kl_writer *w)
{
	struct kl_bytes bytes;

	if (kl_writer_bytes(w, &bytes))
		return;
	kl_links_send(network->node->links, link, bytes);
	kl_sync_sent(network->sync, link, bytes.len);
}

static void serve(struct kl_network *network, const struct kl_sync_effect *effect)
{
	struct kl_feed_id feed = kl_feed_id_of(&effect->range.feed);
	struct serving s = {.max_records = effect->max_records,
		.max_bytes = effect->max_bytes,
		.end = effect->ended ? effect->end.seq : UINT64_MAX};
	struct kl_writer frame;

	kl_writer_init(&s.records);
	kl_writer_init(&frame);
	if (kl_feed_visit(network->node->store, &feed, effect->range.from, serve_record, &s))
		s.certified_n = s.certified_bytes = 0;
	kl_frame_run_begin(&frame, &effect->range, s.certified_n);
	kl_write_raw(&frame, kl_bytes(s.records.buffer.data, s.certified_bytes));
	if (!s.records.failed)
		send_writer(network, effect->link, &frame);
	kl_writer_deinit(&frame);
	kl_writer_deinit(&s.records);
}

static int offer_record(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct kl_record record;

	(void)feed;
	if (kl_record_from_store(stored, &record))
		return KL_E_DAMAGED;
	kl_record_write(arg, &record);
	return KL_OK;
}

static void offer(struct kl_network *network, const struct kl_sync_effect *effect)
{
	struct kl_feed_id feed = kl_feed_id_of(&effect->range.feed);
	struct kl_writer frame;

	kl_writer_init(&frame);
	kl_frame_rec_begin(&frame, &effect->range);
	if (!kl_feed_get(network->node->store, &feed, effect->range.from, offer_record, &frame))
		for (size_t i = 0; i < effect->n_links; i++)
			send_writer(network, effect->links[i], &frame);
	kl_writer_deinit(&frame);
}

/* Our own records from the place where a peer's run says otherwise, for the proof. */
struct mine {
	struct kl_writer bytes;
	size_t n;
};

static int mine_record(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct mine *mine = arg;
	struct kl_record record;

	(void)feed;
	if (mine->n == KL_RUN_RECORDS_MAX || kl_record_from_store(stored, &record))
		return KL_VISIT_STOP;
	record.payload = kl_bytes("", 0); /* headers and signatures prove it */
	record.erased = true;
	kl_record_write(&mine->bytes, &record);
	mine->n++;
	return KL_VISIT_ON;
}

/* Opens what mine_record() wrote. */
static size_t open_mine(const struct mine *mine, struct kl_record *records)
{
	struct kl_bytes rest;
	size_t n = 0, len;

	if (kl_writer_bytes(&mine->bytes, &rest))
		return 0;
	while (n < mine->n && !kl_wire_scan(rest, &len) &&
		!kl_record_decode(kl_bytes(rest.data, len), &records[n])) {
		rest = kl_bytes(rest.data + len, rest.len - len);
		n++;
	}
	return n;
}

/* Two records stand at one place: writes the proof from both chains, if they show it. */
static void conflict(struct kl_network *network, const struct kl_run *run, uint64_t place)
{
	struct kl_record *records = calloc(KL_RUN_RECORDS_MAX, sizeof *records);
	struct kl_feed_id feed = kl_feed_id_of(&run->feed);
	struct mine mine = {.n = 0};
	struct kl_sync_event event = {.kind = KL_SYNC_STORED};
	struct kl_writer proof;
	size_t n = 0;

	event.u.stored.key = run->feed;
	event.u.stored.result = KL_SYNC_STORED_CONFLICT;
	event.u.stored.place = place;
	kl_writer_init(&mine.bytes);
	kl_writer_init(&proof);
	if (records && place >= run->from &&
		kl_feed_visit(network->node->store, &feed, place, mine_record, &mine) >= 0)
		n = open_mine(&mine, records);
	if (n && !kl_fork_write(&proof, run->records + (place - run->from),
			 run->n - (size_t)(place - run->from), records, n))
		(void)kl_writer_bytes(&proof, &event.u.stored.proof);
	queue(network, &event);
	kl_writer_deinit(&proof);
	kl_writer_deinit(&mine.bytes);
	free(records);
}

static void stored(struct kl_network *network, const struct kl_run *run)
{
	struct kl_sync_event event = {.kind = KL_SYNC_STORED};

	/* A peer can make us look back and then serve what we have said ourselves: that proves nothing. */
	if (kl_feed_key_equal(&run->feed, &network->own) && run->last.seq > network->head.seq) {
		network->head = run->last;
		kl_recovering_pulled(network);
	}
	event.u.stored.key = run->feed;
	event.u.stored.result = KL_SYNC_STORED_OK;
	event.u.stored.head = run->last;
	queue(network, &event);
	for (size_t i = 0; i < run->n; i++)
		kl_network_committed(network, &run->records[i]);
	kl_network_settle(network);
}

static void put_failed(struct kl_network *network, const struct kl_run *run)
{
	struct kl_sync_event event = {.kind = KL_SYNC_STORED};

	event.u.stored.key = run->feed;
	event.u.stored.result = KL_SYNC_STORED_FAILED;
	queue(network, &event);
}

static void put(struct kl_network *network, const struct kl_run *run)
{
	static struct kl_stored_record records[KL_RUN_RECORDS_MAX]; /* the loop is one thread */
	struct kl_feed_id feed = kl_feed_id_of(&run->feed);
	struct kl_batch *batch = kl_batch_new();
	struct kl_conflict why;
	int rc = KL_E_NOMEM;

	for (size_t i = 0; i < run->n; i++) {
		if (kl_roster_erases(&network->roster, &run->records[i])) {
			run->records[i].erased = true;
			run->records[i].payload = kl_bytes("", 0);
		}
		kl_record_to_store(&run->records[i], &records[i]);
	}
	if (batch) {
		kl_feed_append(batch, &feed, run->from > 1 ? &run->prev : NULL, records, run->n);
		kl_arrivals_note(batch, &feed, run->records, run->n);
		if (kl_feed_key_equal(&run->feed, &network->roster.feed))
			kl_batch_urge(batch);
		rc = kl_erasures_add(network->node, batch, run->records, run->n);
		if (!rc)
			rc = kl_store_commit(network->node->store, batch, NULL);
	}
	if (!rc)
		stored(network, run);
	else if (rc == KL_E_CONFLICT && !kl_batch_conflict(batch, &why) &&
		 why.kind == KL_CONFLICT_ID)
		conflict(network, run, why.seq);
	else
		put_failed(network, run);
	if (rc && rc != KL_E_CONFLICT && network->node->disk.state == KL_DISK_FINE &&
		kl_log_may(&network->put_failures, kl_node_now(network->node)))
		kl_log(KL_LOG_WARNING, "records of a peer could not be stored: %s",
			kl_error_text(rc));
	kl_batch_destroy(batch);
}

static void freeze(struct kl_network *network, const struct kl_sync_effect *effect)
{
	struct kl_feed_id feed = kl_feed_id_of(&effect->range.feed);
	struct kl_batch *batch = kl_batch_new();
	char author[KL_ID_HEX_MAX];

	kl_hex(feed.author.b, KL_ID_BYTES, author);
	kl_log(KL_LOG_ERROR,
		"feed of %s: two signed records at one place; frozen after record %llu", author,
		(unsigned long long)effect->head.seq);
	if (batch) {
		kl_batch_urge(batch);
		kl_feed_freeze(batch, &feed, effect->head.seq + 1, effect->bytes);
	}
	if (kl_feed_key_equal(&effect->range.feed, &network->own))
		kl_recovering_froze(network);
	if (kl_roster_stood_in(&network->roster, &effect->range.feed)) {
		kl_log(KL_LOG_ERROR,
			"this is the convenor's feed: the roster stays as it was there, and what "
			"the convenor says from then on counts for nobody");
		kl_network_reopen(network); /* what stands behind that place is not in force */
	}
	if (!kl_node_commit(network->node, batch, NULL))
		(void)kl_counting_frozen(network, &feed);
}

static void prove(struct kl_network *network, const struct kl_sync_effect *effect)
{
	struct kl_feed_id feed = kl_feed_id_of(&effect->range.feed);
	struct kl_writer frame;
	uint8_t *proof;
	uint64_t seq;
	size_t len;

	if (kl_feed_fork(network->node->store, &feed, &seq, &proof, &len))
		return;
	kl_writer_init(&frame);
	kl_frame_fork_write(&frame, kl_bytes(proof, len));
	send_writer(network, effect->link, &frame);
	kl_writer_deinit(&frame);
	free(proof);
}

/* Peers can bring these about as often as they like: the log need not have them all. */
static void remark(
	struct kl_network *network, enum kl_log_level level, const struct kl_sync_effect *effect)
{
	if (kl_log_may(&network->remarks, kl_node_now(network->node)))
		kl_log(level, "link %u%s: %s", effect->link,
			effect->kind == KL_SYNC_CLOSE ? " closed" : "", effect->text);
}

static void carry_out(struct kl_network *network, const struct kl_sync_effect *effect)
{
	switch (effect->kind) {
	case KL_SYNC_SEND:
		kl_links_send(network->node->links, effect->link, effect->bytes);
		break;
	case KL_SYNC_SERVE:
		serve(network, effect);
		break;
	case KL_SYNC_OFFER:
		offer(network, effect);
		break;
	case KL_SYNC_PUT:
		put(network, &effect->run);
		break;
	case KL_SYNC_FREEZE:
		freeze(network, effect);
		break;
	case KL_SYNC_PROVE:
		prove(network, effect);
		break;
	case KL_SYNC_CLOSE:
		remark(network, KL_LOG_WARNING, effect);
		kl_links_drop(network->node->links, effect->link,
			effect->code == KL_E_TIMEOUT ? 0 : MUTE_MS);
		break;
	case KL_SYNC_GREETED:
		kl_recovering_greeted(network, effect->link, &effect->member);
		break;
	case KL_SYNC_TOLD:
		kl_recovering_told(network, &effect->member, &effect->head);
		break;
	case KL_SYNC_HERE:
		kl_recovering_here(network, effect->link, effect->here);
		break;
	case KL_SYNC_TWIN:
		kl_recovering_met(network);
		break;
	case KL_SYNC_REMARK:
		remark(network, effect->code == KL_E_CONFLICT ? KL_LOG_WARNING : KL_LOG_INFO,
			effect);
		break;
	}
}

/* ---- steps --------------------------------------------------------------------------------- */

static void on_sync_timer(uv_timer_t *timer)
{
	struct kl_sync_event event = {.kind = KL_SYNC_TICK};
	struct kl_network *network = timer->data;

	kl_replicate(network, &event);
	if (kl_node_now(network->node) - network->looked_ms > 2 * network->node->config.beat_ms)
		kl_network_call_peers(network);
}

static void step(struct kl_network *network, struct kl_sync_event *event)
{
	const struct kl_sync_update *update;
	uint64_t deadline;
	int rc;

	event->now_ms = kl_node_now(network->node);
	rc = kl_sync_step(network->sync, event, &update);
	if (rc) {
		kl_log(KL_LOG_WARNING, "replication: %s", kl_error_text(rc));
		return;
	}
	deadline = update->deadline_ms;
	for (size_t i = 0; i < update->n; i++)
		carry_out(network, &update->effects[i]);
	if (!network->closing)
		uv_timer_start(&network->sync_timer, on_sync_timer,
			deadline > event->now_ms ? deadline - event->now_ms : 0, 0);
}

void kl_network_deliver(struct kl_network *network)
{
	if (network->working)
		return;
	network->working = true;
	while (network->news && !network->closing) {
		struct kl_news *news = network->news;

		network->news = news->next;
		if (!network->news)
			network->news_end = &network->news;
		step(network, &news->event);
		free(news);
	}
	network->working = false;
}

void kl_replicate(struct kl_network *network, struct kl_sync_event *event)
{
	if (network->closing)
		return;
	if (network->working) {
		KL_ASSERT(event->kind != KL_SYNC_FRAME); /* its bytes are the caller's */
		queue(network, event); /* e.g. a link went down while something was sent */
		return;
	}
	network->working = true;
	step(network, event);
	network->working = false;
	kl_network_deliver(network);
	kl_recovering_turn(network);
}
