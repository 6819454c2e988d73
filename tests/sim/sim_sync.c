/* Thirty members and one liar in one process: feeds become equal, whatever the network does.
 *
 *     sim_sync [--seeds N] [--from S] [--trace]
 *
 * Each seed is one story of virtual time: frames are lost, doubled, overtaken and now and then
 * damaged, commits fail, members crash between a commit and its answer and come back from their
 * store, the network falls apart and heals, one member joins late, and one identity is used by two
 * machines, which makes a fork, and is reset: one of the two goes on in the next epoch. When the faults
 * stop, everybody must hold the same feeds to the last record, the forked feed must end at its last
 * common record everywhere, the epoch behind it must have come to everybody after that, and no honest
 * feed may ever have been frozen. A failure prints its seed; --from S --seeds 1 --trace tells that story.
 *
 * The records are real and made once; verifications are remembered, or thirty members would check
 * every signature thirty times in every story. */
#include "tests/sim/sync_own.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t steps;
static uint32_t sessions;

/* ---- the store of a node ------------------------------------------------------------------- */

static const struct made *find_made(int author, const struct kl_record *r)
{
	for (int branch = 0; branch < 2; branch++) {
		const struct made *m = pool[author][branch];

		if (m && r->h.seq <= length(author) &&
			kl_id_equal(&m[r->h.seq - 1].record.id, &r->id))
			return &m[r->h.seq - 1];
	}
	if (own_find(author, r))
		return own_find(author, r);
	fail("a record was put that nobody made");
	return NULL;
}

static struct kl_record kept_record(const struct kept *k)
{
	struct kl_record r = k->made->record;

	if (!k->signed_here)
		r.signature = (struct kl_bytes){0};
	return r;
}

static struct kl_head store_head(const struct store *st)
{
	if (!st->n)
		return (struct kl_head){0, {{0}}};
	return (struct kl_head){st->n, st->records[st->n - 1].made->record.id};
}

/* What the daemon does about a conflict at `place`: both branches from there. */
static void prove_fork(const struct store *st, const struct kl_run *run, uint64_t place,
	struct kl_sync_event *ev, struct event *e)
{
	struct kl_record ours[KL_RUN_RECORDS_MAX];
	struct kl_writer w;
	struct kl_bytes proof;
	size_t n = 0;

	ev->u.stored.result = KL_SYNC_STORED_CONFLICT;
	ev->u.stored.place = place;
	if (place < run->from)
		return;
	for (size_t i = place - 1; i < st->n && n < KL_RUN_RECORDS_MAX; i++)
		ours[n++] = kept_record(&st->records[i]);
	kl_writer_init(&w);
	if (kl_fork_write(&w, ours, n, run->records + (place - run->from),
		    run->n - (size_t)(place - run->from)) ||
		kl_writer_bytes(&w, &proof))
		fail("node has %zu%s, run %" PRIu64 "..%" PRIu64 " signed %d, differs at %" PRIu64,
			st->n, st->frozen ? " frozen" : "", run->from, run->last.seq,
			run->records[run->n - 1].signature.len > 0, place);
	else {
		e->bytes = malloc(proof.len);
		memcpy(e->bytes, proof.data, proof.len);
		e->len = proof.len;
	}
	kl_writer_deinit(&w);
}

/* First place where the run and the store hold different ids, 0 if they agree. */
static uint64_t difference(const struct store *st, const struct kl_run *run)
{
	if (run->from > 1 && run->from - 1 <= st->n &&
		!kl_id_equal(&st->records[run->from - 2].made->record.id, &run->prev))
		return run->from - 1;
	for (size_t i = 0; i < run->n; i++) {
		uint64_t seq = run->from + i;

		if (seq <= st->n &&
			!kl_id_equal(&st->records[seq - 1].made->record.id, &run->records[i].id))
			return seq;
	}
	return 0;
}

static void append_run(struct store *st, int author, const struct kl_run *run)
{
	for (size_t i = 0; i < run->n; i++) {
		const struct kl_record *r = &run->records[i];
		const struct made *m = find_made(author, r);

		if (!m)
			return;
		if (author == AGAIN && st[FORKER - AGAIN].n < COMMON)
			fail("the next epoch of a feed overtook the one before");
		if (r->h.seq > st->n)
			st->records[st->n++] = (struct kept){m, false};
		if (r->signature.len)
			st->records[r->h.seq - 1].signed_here = true;
	}
}

static void crash(int node);

static void put(int node, const struct kl_run *run)
{
	int author = author_of(&run->feed);
	struct store *st = &nodes[node].stores[author];
	struct event *e;
	struct kl_sync_event ev = {.kind = KL_SYNC_STORED, .u.stored.key = run->feed};
	uint64_t place = difference(st, run);

	if (faulty(luck.crash)) {
		crash(node); /* before the commit */
		return;
	}
	e = post(STORED, node, 1 + chance(20));
	if (faulty(luck.commit_fails) || run->from > st->n + 1 ||
		(st->frozen && run->last.seq > st->common.seq)) {
		ev.u.stored.result = KL_SYNC_STORED_FAILED;
	} else if (place) {
		tell(node, "holds another record %" PRIu64 " of %d", place, author);
		prove_fork(st, run, place, &ev, e);
	} else {
		append_run(st, author, run);
		if (author == nodes[node].feed)
			own_pulled(node);
		tell(node, "stored %d up to %zu", author, st->n);
		ev.u.stored.head = store_head(st);
	}
	e->stored = ev;
	if (faulty(luck.crash))
		crash(node); /* after the commit, before the answer */
}

/* What the machine did not write itself; nothing a peer does makes more of it wait than this. */
static void send_long(int node, uint32_t link, struct kl_bytes frame)
{
	struct kl_sync_peer peer;

	send_frame(node, link, frame);
	kl_sync_sent(nodes[node].sync, link, frame.len);
	if (!kl_sync_peer(nodes[node].sync, link, &peer) &&
		peer.unread > KL_SYNC_WINDOW_BYTES + KL_RUN_BYTES_MAX + (64 << 10))
		fail("%" PRIu64 " bytes wait for a link of node %d", peer.unread, node);
}

static void serve(int node, const struct kl_sync_effect *e)
{
	const struct store *st = &nodes[node].stores[author_of(&e->range.feed)];
	size_t n = 0, bytes = 0, first = e->range.from - 1;
	struct kl_writer w;
	struct kl_bytes frame;

	for (size_t i = first; i < st->n && i - first < e->max_records; i++) {
		struct kl_record r = kept_record(&st->records[i]);
		bool last = e->ended && r.h.seq == e->end.seq;

		bytes += r.header.len + r.signature.len + r.payload.len;
		if (bytes > e->max_bytes || (e->ended && r.h.seq > e->end.seq))
			break;
		if (r.signature.len || last)
			n = i - first + 1;
	}
	kl_writer_init(&w);
	kl_frame_run_begin(&w, &e->range, n);
	for (size_t i = first; i < first + n; i++) {
		struct kl_record r = kept_record(&st->records[i]);

		kl_record_write(&w, &r);
	}
	if (!kl_writer_bytes(&w, &frame))
		send_long(node, e->link, frame);
	kl_writer_deinit(&w);
}

static void offer(int node, const struct kl_sync_effect *e)
{
	const struct store *st = &nodes[node].stores[author_of(&e->range.feed)];
	struct kl_record r = kept_record(&st->records[e->range.from - 1]);
	struct kl_writer w;
	struct kl_bytes frame;

	kl_writer_init(&w);
	kl_frame_rec_begin(&w, &e->range);
	kl_record_write(&w, &r);
	if (!kl_writer_bytes(&w, &frame))
		for (size_t i = 0; i < e->n_links; i++)
			send_long(node, e->links[i], frame);
	kl_writer_deinit(&w);
}

static void freeze(int node, const struct kl_sync_effect *e)
{
	int author = author_of(&e->range.feed);
	struct store *st = &nodes[node].stores[author];

	tell(node, "freezes %d at %" PRIu64, author, e->head.seq);
	/* two machines that sign at the same moment fork: neither can know */
	if (author != FORKER && !(author == TWINNED && luck.twins))
		fail("the feed of honest member %d was frozen at node %d", author, node);
	if (author == FORKER && e->head.seq != COMMON)
		fail("frozen at %" PRIu64 ", not at the last common record", e->head.seq);
	st->frozen = true;
	st->common = e->head;
	free(st->proof);
	st->proof = malloc(e->bytes.len);
	memcpy(st->proof, e->bytes.data, e->bytes.len);
	st->proof_len = e->bytes.len;
}

static void prove(int node, const struct kl_sync_effect *e)
{
	const struct store *st = &nodes[node].stores[author_of(&e->range.feed)];
	struct kl_writer w;
	struct kl_bytes frame;

	if (!st->proof)
		return;
	kl_writer_init(&w);
	kl_frame_fork_write(&w, kl_bytes(st->proof, st->proof_len));
	if (!kl_writer_bytes(&w, &frame))
		send_long(node, e->link, frame);
	kl_writer_deinit(&w);
}

/* ---- stepping a node ----------------------------------------------------------------------- */

static void step(int node, struct kl_sync_event ev);

static void link_free(int node, uint32_t link)
{
	struct peer_link *l = &nodes[node].links[link];
	int peer = l->peer;

	if (peer == LINK_FREE)
		return;
	l->peer = LINK_FREE;
	if (nodes[peer].links[l->theirs].session != l->session)
		return;
	nodes[peer].links[l->theirs].peer = LINK_FREE;
	if (nodes[peer].running)
		step(peer, (struct kl_sync_event){.kind = KL_SYNC_LINK_DOWN, .link = l->theirs});
	if (node >= REACHABLE || peer >= REACHABLE || node < peer) {
		int caller = node >= REACHABLE ? node : peer >= REACHABLE ? peer : node;

		post(CALL, caller, 1000 + chance(2000))->peer = caller == node ? peer : node;
	}
}

static bool act(int node, const struct kl_sync_effect *e, uint32_t life)
{
	switch (e->kind) {
	case KL_SYNC_SEND:
		send_frame(node, e->link, e->bytes);
		break;
	case KL_SYNC_SERVE:
		serve(node, e);
		break;
	case KL_SYNC_OFFER:
		offer(node, e);
		break;
	case KL_SYNC_PUT:
		put(node, &e->run);
		break;
	case KL_SYNC_FREEZE:
		freeze(node, e);
		break;
	case KL_SYNC_PROVE:
		prove(node, e);
		break;
	case KL_SYNC_CLOSE:
		tell(node, "closes the link to %d: %s", nodes[node].links[e->link].peer, e->text);
		link_free(node, e->link);
		break;
	case KL_SYNC_GREETED:
	case KL_SYNC_TOLD:
	case KL_SYNC_HERE:
	case KL_SYNC_TWIN:
		own_act(node, e);
		break;
	case KL_SYNC_REMARK:
		tell(node, "remarks about %d: %s",
			e->link < KL_SYNC_LINKS_MAX ? nodes[node].links[e->link].peer : -1,
			e->text);
		break;
	}
	return nodes[node].running && nodes[node].life == life;
}

static struct kl_sync_event feed_event(int node, int author)
{
	const struct store *st = &nodes[node].stores[author];

	return (struct kl_sync_event){.kind = KL_SYNC_FEED,
		.u.feed = {.key = feed_of(author),
			.head = store_head(st),
			.forked = st->frozen,
			.common = st->common,
			.ended = ends(node, author),
			.end = author == LEAVER ? (struct kl_head){LEFT_AT,
							  pool[LEAVER][0][LEFT_AT - 1].record.id}
						: (struct kl_head){COMMON,
							  pool[FORKER][0][COMMON - 1].record.id}}};
}

static void crash(int node);

/* FORKER was reset: its old epoch ends, and its machines go on with the new one as their own. */
static void fold_reset(int node)
{
	struct node *n = &nodes[node];

	n->reset = true;
	tell(node, "hears of the reset");
	if (n->author == FORKER && n->feed != AGAIN) {
		crash(node); /* is opened anew, as after a crash */
		return;
	}
	step(node, feed_event(node, AGAIN));
	step(node, feed_event(node, FORKER));
}

/* The roster's record number k admits member k: whoever has folded it keeps that feed. The last one
 * says that LEAVER has left. */
static void fold_roster(int node)
{
	struct node *n = &nodes[node];

	while (n->running && n->fed < MEMBERS && (!n->fed || n->stores[0].n >= n->fed))
		step(node, feed_event(node, (int)n->fed++));
	if (n->running && !n->left && n->stores[0].n >= MEMBERS) {
		n->left = true;
		step(node, feed_event(node, LEAVER));
	}
	if (n->running && !n->reset && n->stores[0].n == ROSTER)
		fold_reset(node);
}

static void step(int node, struct kl_sync_event ev)
{
	struct node *n = &nodes[node];
	const struct kl_sync_update *u;
	struct kl_sync_effect *effects;
	uint32_t life = n->life;
	size_t count;

	ev.now_ms = now;
	steps++;
	if (kl_sync_step(n->sync, &ev, &u)) {
		fail("a step failed at node %d", node);
		return;
	}
	if (u->deadline_ms < n->tick_ms || n->tick_ms <= now) {
		n->tick_ms = u->deadline_ms;
		post(TICK, node, u->deadline_ms > now ? u->deadline_ms - now : 1);
	}
	/* closing a link steps the other side only, so this update stays as it is */
	count = u->n;
	effects = malloc((count ? count : 1) * sizeof *effects);
	if (count)
		memcpy(effects, u->effects, count * sizeof *effects);
	for (size_t i = 0; i < count; i++)
		if (!act(node, &effects[i], life))
			break;
	free(effects);
	if (n->running && n->life == life)
		own_turn(node);
}

static void crash(int node)
{
	struct node *n = &nodes[node];

	tell(node, "crashes");
	n->running = false;
	n->life++;
	for (uint32_t i = 0; i < KL_SYNC_LINKS_MAX; i++)
		link_free(node, i);
	post(START, node, 500 + chance(3000));
}

static void start(int node)
{
	struct node *n = &nodes[node];
	struct kl_sync_config config = {.network = network,
		.own = feed_of(n->feed),
		.roster = feed_of(0),
		.verifier = &verifier,
		.beat_ms = BEAT_MS,
		.salt = chance(1u << 30)};

	n->feed = n->author == FORKER && n->stores[0].n == ROSTER ? AGAIN : n->author;
	config.own = feed_of(n->feed);
	tell(node, "starts");
	memset(config.store_id.b, node + 1, KL_ID_BYTES);
	kl_sync_destroy(n->sync);
	n->sync = kl_sync_new(&config);
	n->running = true;
	n->fed = 0;
	n->left = n->reset = false;
	n->tick_ms = UINT64_MAX;
	for (uint32_t i = 0; i < KL_SYNC_LINKS_MAX; i++)
		n->links[i].peer = LINK_FREE;
	own_start(node);
	/* its own feed is there from the first day, whatever the roster says */
	step(node, feed_event(node, n->feed));
	fold_roster(node);
	for (int i = 0; i < CALLS; i++) {
		int peer = (node * 7 + i * 3 + 1) % REACHABLE;

		if (node == CLONE)
			peer = (peer + 4) % REACHABLE;
		if (node == TWIN && !i)
			peer = (TWINNED * 7 + 1) % REACHABLE; /* one that both call */
		post(CALL, node, 1 + chance(500))->peer = peer;
	}
}

/* ---- events -------------------------------------------------------------------------------- */

static int free_link(int node)
{
	for (int i = 0; i < KL_SYNC_LINKS_MAX; i++)
		if (nodes[node].links[i].peer == LINK_FREE)
			return i;
	return -1;
}

static bool linked(int a, int b)
{
	for (int i = 0; i < KL_SYNC_LINKS_MAX; i++)
		if (nodes[a].links[i].peer == b)
			return true;
	return false;
}

static void call(int node, int peer)
{
	int ours, theirs;

	if (node == peer || nodes[node].author == nodes[peer].author || linked(node, peer))
		return;
	if (!nodes[peer].running || apart(node, peer)) {
		post(CALL, node, 500 + chance(1500))->peer = peer;
		return;
	}
	ours = free_link(node);
	theirs = free_link(peer);
	if (ours < 0 || theirs < 0)
		return;
	sessions++;
	nodes[node].links[ours] = (struct peer_link){peer, (uint32_t)theirs, sessions};
	nodes[peer].links[theirs] = (struct peer_link){node, (uint32_t)ours, sessions};
	step(peer, (struct kl_sync_event){.kind = KL_SYNC_LINK_UP,
			   .link = (uint32_t)theirs,
			   .u.up = {keys[nodes[node].author].public_key, false}});
	step(node, (struct kl_sync_event){.kind = KL_SYNC_LINK_UP,
			   .link = (uint32_t)ours,
			   .u.up = {keys[nodes[peer].author].public_key, true}});
}

/* A member writes its next record: committed first, told afterwards. */
static void append(int node)
{
	struct node *n = &nodes[node];
	struct store *st = &n->stores[n->feed];
	const struct made *m = pool[n->feed][node == CLONE], *made_now;
	struct kl_sync_event ev = {.kind = KL_SYNC_APPENDED};

	if (st->frozen && node == FORKER)
		post(APPEND, node, 2000); /* until it is reset */
	if (st->frozen || st->n >= length(n->feed) || (n->feed == AGAIN && node == CLONE))
		return; /* a person has chosen which of the two machines goes on */
	if (n->feed == AGAIN && n->stores[FORKER].n < COMMON) {
		post(APPEND, node, 700); /* what it said before is not all here yet */
		return;
	}
	if (n->feed != AGAIN && !own_may(node)) {
		post(APPEND, node, 700);
		return;
	}
	st->records[st->n] = (struct kept){own_is_made(n->feed) ? own_sign(node) : &m[st->n], true};
	st->n++;
	made_now = st->records[st->n - 1].made;
	if (faulty(luck.crash)) {
		crash(node);
		return;
	}
	ev.u.appended.head = store_head(st);
	ev.u.appended.bytes = (uint32_t)made_now->record.payload.len + 250;
	tell(node, "writes record %zu", st->n);
	step(node, ev);
	fold_roster(node);
}

static void handle(struct event *e)
{
	struct node *n = &nodes[e->node];

	if (e->what == START) {
		if (!n->running)
			start(e->node);
		return;
	}
	if (e->what == COPY) {
		own_clone();
		start(TWIN);
		return;
	}
	if (!n->running) {
		if (e->what == APPEND)
			post(APPEND, e->node, 700);
		return;
	}
	switch (e->what) {
	case FRAME:
		if (n->links[e->link].session != e->session || n->links[e->link].peer == LINK_FREE)
			return;
		step(e->node, (struct kl_sync_event){.kind = KL_SYNC_FRAME,
				      .link = e->link,
				      .u.frame = kl_bytes(e->bytes, e->len)});
		break;
	case STORED:
		if (e->life != n->life)
			return;
		e->stored.u.stored.proof = kl_bytes(e->bytes, e->len);
		step(e->node, e->stored);
		fold_roster(e->node);
		break;
	case TICK:
		if (e->life != n->life)
			return;
		if (e->at >= n->tick_ms)
			n->tick_ms = 0;
		step(e->node, (struct kl_sync_event){.kind = KL_SYNC_TICK});
		break;
	case APPEND:
		append(e->node);
		break;
	case CALL:
		if (e->life == n->life)
			call(e->node, e->peer);
		break;
	case LOSE:
		own_lose(e->node);
		crash(e->node);
		break;
	case START:
	case COPY:
		break;
	}
}

/* ---- a story from beginning to end --------------------------------------------------------- */

static void draw_luck(void)
{
	luck.drop = chance(3) ? chance(150) : 0;
	luck.twice = chance(100);
	luck.damage = chance(3) ? 0 : chance(10);
	luck.commit_fails = chance(100);
	luck.crash = chance(2) ? 0 : chance(4);
	luck.losses = chance(2);
	luck.twins = chance(3) == 0;
	luck.apart_mask = chance(1u << 30);
	luck.apart_from = chance(2) ? 3000 + chance(10000) : FAULTS_MS;
	luck.apart_to = luck.apart_from + chance(15000);
	if (luck.apart_to > FAULTS_MS)
		luck.apart_to = FAULTS_MS;
}

static void set_up(void)
{
	for (int i = 0; i < TWIN; i++) {
		struct node *n = &nodes[i];
		size_t begin;

		n->author = n->feed = i == CLONE ? FORKER : i;
		n->links[0].peer = LINK_FREE;
		begin = i == CLONE    ? COMMON + 1
			: i == FORKER ? COMMON + 1 + chance(6)
				      : past(n->author);
		if (i == LATE)
			begin = 0;
		for (size_t k = 0; k < begin; k++)
			n->stores[n->author].records[n->stores[n->author].n++] =
				(struct kept){&pool[n->author][i == CLONE][k], true};
		post(START, i, i == LATE ? 8000 + chance(5000) : 1 + chance(1000));
		for (unsigned k = chance(5); k-- > 0 && i != 0 && i != LATE;)
			post(APPEND, i, 1000 + chance(20000));
	}
	/* the roster grows by the late member, then one leaves; the late one writes; the clone forks */
	nodes[0].stores[0].n = MEMBERS - 2;
	own_set_up();
	post(APPEND, 0, 4000 + chance(3000));
	post(APPEND, 0, 7100 + chance(8000));
	post(APPEND, 0, 16000 + chance(20000));
	for (int k = 0; k < 3; k++) {
		post(APPEND, LATE, 15000 + chance(5000));
		post(APPEND, CLONE, 1000 + chance(15000));
		post(APPEND, FORKER, 1000 + chance(15000));
		post(APPEND, FORKER, 37000 + chance(3000));
	}
}

static void tear_down(void)
{
	struct event *e;

	while ((e = next_event()) != NULL) {
		free(e->bytes);
		free(e);
	}
	own_tear_down();
	for (int i = 0; i < NODES; i++) {
		kl_sync_destroy(nodes[i].sync);
		for (int a = 0; a < FEEDS; a++)
			free(nodes[i].stores[a].proof);
		nodes[i] = (struct node){.running = false};
	}
}

/* Every machine and every store agree; `why` names the first difference. */
static bool converged(char why[160])
{
	struct kl_id root, first;

	kl_sync_root(nodes[0].sync, &first);
	for (int i = 0; i < (luck.twins ? NODES : TWIN); i++) {
		if (!nodes[i].running || nodes[i].fed < MEMBERS) {
			snprintf(why, 160, "node %d is not up, or has not the whole roster", i);
			return false;
		}
		if (!nodes[i].stores[AGAIN].n) {
			snprintf(why, 160, "node %d has nothing of the new epoch", i);
			return false;
		}
		for (int a = 0; a < FEEDS; a++) {
			const struct store *st = &nodes[i].stores[a];
			size_t want = nodes[a == AGAIN ? FORKER : a].stores[a].n;
			struct kl_feed_key key = feed_of(a);
			struct kl_feed_state state;

			if (a == LEAVER) {
				if (kl_sync_feed(nodes[i].sync, &key, &state) ||
					state.head.seq != LEFT_AT || st->n < LEFT_AT) {
					snprintf(why, 160, "node %d does not end %d", i, a);
					return false;
				}
				continue;
			}
			if (a == TWINNED && nodes[0].stores[a].frozen) {
				if (st->frozen)
					continue;
				snprintf(why, 160, "node %d has not frozen %d", i, a);
				return false;
			}
			if (a == FORKER ? st->n < COMMON || !is_whole(i) : st->n != want) {
				snprintf(why, 160, "node %d holds %zu of %zu records of %d%s", i,
					st->n, want, a, st->frozen ? ", frozen" : "");
				return false;
			}
		}
		kl_sync_root(nodes[i].sync, &root);
		if (!kl_id_equal(&root, &first)) {
			snprintf(why, 160, "node %d has another digest than node 0", i);
			return false;
		}
	}
	return true;
}

/* Every stored chain is the author's own, and the fork is the only one. */
static void check_stores(void)
{
	for (int i = 0; i < NODES; i++)
		for (int a = 0; a < FEEDS; a++) {
			const struct store *st = &nodes[i].stores[a];

			for (size_t k = 0; k < st->n && (a != FORKER || k < COMMON); k++) {
				const struct made *m = own_is_made(a)
							       ? nodes[a].stores[a].records[k].made
							       : &pool[a][0][k];

				if (st->frozen && a == TWINNED)
					break;
				if (st->records[k].made != m &&
					!kl_id_equal(
						&st->records[k].made->record.id, &m->record.id))
					fail("node %d holds a wrong record of %d", i, a);
			}
		}
}

static uint64_t run_seed(uint64_t seed)
{
	char why[160] = "nothing happened";
	bool done = false;
	uint64_t looked = 0;
	struct event *e;

	begin_world(seed);
	draw_luck();
	set_up();
	while (!done && !failed && now < END_MS && (e = next_event()) != NULL) {
		now = e->at;
		handle(e);
		free(e->bytes);
		free(e);
		if (now >= FAULTS_MS && now >= looked + 500) {
			looked = now;
			done = converged(why) && own_settled(why);
		}
	}
	if (!done && !failed)
		fail("feeds did not become equal: %s", why);
	check_stores();
	tear_down();
	return now;
}

int main(int argc, char **argv)
{
	uint64_t seeds = 25, from = 1, slowest = 0, bad = 0;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--trace"))
			trace = true;
		else if (!strcmp(argv[i], "--seeds") && i + 1 < argc)
			seeds = strtoull(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--from") && i + 1 < argc)
			from = strtoull(argv[++i], NULL, 10);
		else
			return fprintf(stderr,
				       "usage: sim_sync [--seeds N] [--from S] [--trace]\n"),
			       64;
	}
	make_records();
	printf("1..1\n");
	for (uint64_t seed = from; seed < from + seeds; seed++) {
		uint64_t took = run_seed(seed);

		bad += failed;
		slowest = took > slowest ? took : slowest;
	}
	printf("# %" PRIu64 " seeds from %" PRIu64 ", %" PRIu64
	       " bad, the slowest settled at %" PRIu64 " ms; %" PRIu64 " steps, %" PRIu64
	       " verifications\n",
		seeds, from, bad, slowest, steps, verifier.count);
	printf("%sok 1 - thirty members and a liar come to hold the same feeds\n",
		bad || !seeds ? "not " : "");
	free_records();
	return bad || !seeds;
}
