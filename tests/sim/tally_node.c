/* One member's daemon: events in, effects out, crashes, and starting again from what is stored. */
#include "tests/sim/tally_inside.h"

#include <stdlib.h>
#include <string.h>

struct net_node net_node[NET_NODES_MAX];
void (*net_tamper)(int node, uint32_t kind, uint8_t *payload, size_t len);
bool (*net_lie)(int node, uint32_t kind, struct kl_bytes payload);

/* ---- secrets -------------------------------------------------------------------------------- */

struct net_secret *net_secret_of(int node, const struct kl_id *tally)
{
	struct net_node *n = &net_node[node];

	for (size_t i = 0; i < n->secret_count; i++) {
		if (kl_id_equal(&n->secrets[i].tally, tally))
			return &n->secrets[i];
	}
	KL_ASSERT(n->secret_count < NET_TALLIES_MAX);
	n->secrets[n->secret_count].tally = *tally;
	return &n->secrets[n->secret_count++];
}

void net_lose_key(int node)
{
	for (size_t i = 0; i < net_node[node].secret_count; i++)
		net_node[node].secrets[i].key_here = false;
}

/* ---- what the machine is told --------------------------------------------------------------- */

void net_tell(int node, struct net_todo todo)
{
	struct net_node *n = &net_node[node];

	if (n->todo_count == n->todo_capacity) {
		size_t more = n->todo_capacity ? 2 * n->todo_capacity : 64;
		struct net_todo *ring = malloc(more * sizeof(*ring));

		KL_ASSERT(ring);
		for (size_t i = 0; i < n->todo_count; i++)
			ring[i] = n->todo[(n->todo_first + i) % n->todo_capacity];
		free(n->todo);
		n->todo = ring;
		n->todo_first = 0;
		n->todo_capacity = more;
	}
	n->todo[(n->todo_first + n->todo_count++) % n->todo_capacity] = todo;
}

/* Everything that is stored, each feed in its order. */
static void tell_feeds(int node)
{
	int order[NET_NODES_MAX];

	for (int i = 0; i < net_nodes(); i++)
		order[i] = i;
	for (int i = net_nodes() - 1; net_options_now.late_call && i > 0; i--) {
		int j = (int)net_random((uint64_t)i + 1), kept = order[i];

		order[i] = order[j];
		order[j] = kept;
	}
	for (int i = 0; i < net_nodes(); i++) {
		for (size_t s = 0; s < net_readable(node, order[i]); s++)
			net_tell(node,
				(struct net_todo){
					.kind = KL_TALLY_RECORD, .author = order[i], .seq = s});
		net_tell_loose(node, order[i]);
	}
	net_tell(node, (struct net_todo){.kind = KL_TALLY_READY});
}

static void fill_record(int node, const struct net_todo *todo, struct kl_tally_event *event)
{
	const struct net_record *r = net_held(node, todo->author, todo->seq);

	event->u.record.author = net_node[todo->author].id;
	event->u.record.id = r->id;
	event->u.record.kind = r->kind;
	event->u.record.time_ms = r->time_ms;
	event->u.record.payload_hash = r->hash;
	event->u.record.erased = net_is_erased(node, todo->author, todo->seq);
	if (!event->u.record.erased)
		event->u.record.payload = kl_bytes(r->payload, r->len);
	if (r->kind == KL_KIND_TALLY_CALL)
		event->u.record.roster = net_frozen_by(&r->id);
}

static void fill_event(int node, const struct net_todo *todo, struct kl_tally_event *event)
{
	const struct net_secret *secret;
	uint64_t entropy;

	memset(event, 0, sizeof(*event));
	event->kind = todo->kind;
	event->tally = todo->tally;
	event->now_ms = net_now();
	event->wall_ms = (uint64_t)((int64_t)net_now() + net_node[node].skew_ms);
	for (unsigned i = 0; i < sizeof(event->entropy); i += 8) {
		entropy = net_bits();
		memcpy(event->entropy + i, &entropy, 8);
	}
	switch (todo->kind) {
	case KL_TALLY_RECORD:
	case KL_TALLY_FROZEN:
		fill_record(node, todo, event);
		break;
	case KL_TALLY_KEY:
		event->u.key = net_secret_of(node, &todo->tally)->key;
		break;
	case KL_TALLY_ANSWERS:
		secret = net_secret_of(node, &todo->tally);
		event->u.answers.bins = secret->bins;
		event->u.answers.count = secret->count;
		break;
	case KL_TALLY_CONTRIBUTE:
		event->u.answers.bins = todo->bins;
		event->u.answers.count = todo->count;
		break;
	case KL_TALLY_HEARD:
		event->u.member = net_node[todo->author].id;
		break;
	default:
		break;
	}
}

/* ---- effects -------------------------------------------------------------------------------- */

static bool append_effect(int node, const struct kl_tally_effect *effect)
{
	uint32_t kind = effect->u.append.kind;
	size_t len = effect->u.append.payload.len;
	uint8_t *payload;

	if (net_has_ended(node))
		return false;
	if (net_lie && net_lie(node, kind, effect->u.append.payload))
		return true;
	payload = malloc(len + 1);
	KL_ASSERT(payload);
	memcpy(payload, effect->u.append.payload.data, len);
	net_watch(node, kind, kl_bytes(payload, len));
	if (net_tamper)
		net_tamper(node, kind, payload, len);
	net_write(node, 0, kind, payload, len);
	free(payload);
	return true;
}

static bool is_named(const struct kl_tally_effect *effect, const struct kl_id *id)
{
	for (size_t i = 0; i < effect->u.drop.count; i++) {
		if (kl_id_equal(&effect->u.drop.ids[i], id))
			return true;
	}
	return false;
}

static void drop_effect(int node, const struct kl_tally_effect *effect)
{
	for (int a = 0; a < net_nodes(); a++) {
		for (size_t s = 0; s < net_have(node, a); s++) {
			const struct net_record *r = net_held(node, a, s);

			if (r->kind == KL_KIND_TALLY_SHARE && is_named(effect, &r->id))
				net_erase(node, a, s);
		}
	}
}

static void write_key(int node, const struct kl_tally_effect *effect)
{
	struct net_secret *secret = net_secret_of(node, &effect->tally);

	NET_CHECK(!secret->key_here, "a key is written over another");
	secret->key_here = true;
	memcpy(secret->key, effect->u.key, sizeof(secret->key));
	net_tell(node, (struct net_todo){.kind = KL_TALLY_KEY, .tally = effect->tally});
}

static void keep_answers(int node, const struct kl_tally_effect *effect)
{
	struct net_secret *secret = net_secret_of(node, &effect->tally);

	NET_CHECK(!secret->answers_here, "kept answers are replaced");
	secret->answers_here = true;
	secret->count = effect->u.answers.count;
	memcpy(secret->bins, effect->u.answers.bins, secret->count * sizeof(int16_t));
	net_tell(node, (struct net_todo){.kind = KL_TALLY_ANSWERS, .tally = effect->tally});
}

static void show_effect(int node, const struct kl_tally_effect *effect)
{
	struct kl_tally_evidence evidence = {.tally = effect->tally,
		.seat = effect->u.evidence.seat,
		.count = effect->u.evidence.count};
	struct kl_writer records[KL_TALLY_EVIDENCE_MAX], w;
	struct kl_tally_effect append = {.kind = KL_TALLY_APPEND, .tally = effect->tally};

	kl_writer_init(&w);
	for (unsigned i = 0; i < evidence.count; i++) {
		kl_writer_init(&records[i]);
		NET_CHECK(net_whole(node, &effect->u.evidence.sources[i], &records[i]),
			"node %d is asked for a record that it does not hold", node);
		NET_CHECK(!kl_writer_bytes(&records[i], &evidence.records[i]), "memory");
	}
	kl_tally_evidence_write(&w, &evidence);
	append.u.append.kind = KL_KIND_TALLY_EVIDENCE;
	NET_CHECK(!kl_writer_bytes(&w, &append.u.append.payload), "memory");
	(void)append_effect(node, &append);
	kl_writer_deinit(&w);
	for (unsigned i = 0; i < evidence.count; i++)
		kl_writer_deinit(&records[i]);
}

/* Carries out one effect; false if it could not be done. */
static bool carry_out(int node, const struct kl_tally_effect *effect)
{
	bool fails = net_happens(net_options_now.commit_fails);

	switch (effect->kind) {
	case KL_TALLY_APPEND:
		return !fails && append_effect(node, effect);
	case KL_TALLY_KEY_WRITE:
		if (!fails)
			write_key(node, effect);
		return !fails;
	case KL_TALLY_KEEP_ANSWERS:
		if (!fails)
			keep_answers(node, effect);
		return !fails;
	case KL_TALLY_KEY_UNLINK: /* the rest of the update is done all the same */
		if (fails)
			return true;
		net_secret_of(node, &effect->tally)->key_here = false;
		net_tell(
			node, (struct net_todo){.kind = KL_TALLY_UNLINKED, .tally = effect->tally});
		return true;
	case KL_TALLY_DROP:
		if (fails)
			return true;
		drop_effect(node, effect);
		net_tell(node, (struct net_todo){.kind = KL_TALLY_DROPPED, .tally = effect->tally});
		return true;
	case KL_TALLY_EVIDENCE:
		if (!fails)
			show_effect(node, effect);
		return true;
	case KL_TALLY_REPLAY:
		tell_feeds(node);
		return true;
	case KL_TALLY_NOTE:
		net_say(node, "tally %d is %s", net_index_of(&effect->tally),
			kl_tally_state_name((enum kl_tally_state)effect->u.state));
		return true;
	}
	return false;
}

/* ---- working -------------------------------------------------------------------------------- */

static void crash(int node)
{
	net_say(node, "crash");
	net_stop(node);
	net_plan((struct net_event){
		.at = net_now() + 100 + net_random(3000), .what = UP, .node = node});
}

/* Carries out an update, up to the first effect that fails or a crash. */
static void carry_out_all(int node, const struct kl_tally_update *update)
{
	for (size_t i = 0; i < update->count; i++) {
		if (net_happens(net_options_now.crash)) {
			crash(node);
			return;
		}
		if (!carry_out(node, &update->effects[i])) {
			net_tell(node, (struct net_todo){.kind = KL_TALLY_FAILED,
					       .tally = update->effects[i].tally});
			return;
		}
	}
}

static void plan_wake(int node, uint64_t in_ms)
{
	struct net_node *n = &net_node[node];

	if (in_ms == UINT64_MAX || net_now() + in_ms >= n->wake_at)
		return;
	n->wake_at = net_now() + in_ms;
	net_plan((struct net_event){.at = n->wake_at, .what = WAKE, .node = node});
}

static void step(int node, const struct net_todo *todo)
{
	struct net_node *n = &net_node[node];
	struct kl_tally_update update = {.wake_ms = UINT64_MAX};
	struct kl_tally_event event;
	struct kl_fault fault = {0};
	int rc;

	fill_event(node, todo, &event);
	rc = kl_tallies_step(n->book, &event, &fault, &update);
	if (todo->kind == KL_TALLY_CONTRIBUTE || todo->kind == KL_TALLY_DECLINE ||
		todo->kind == KL_TALLY_WITHDRAW)
		n->answer = rc;
	else
		NET_CHECK(rc == KL_OK, "a step of node %d gave %d", node, rc);
	carry_out_all(node, &update);
	if (n->up)
		plan_wake(node, update.wake_ms);
}

void net_work(int node)
{
	struct net_node *n = &net_node[node];

	while (n->up && n->todo_count > 0) {
		struct net_todo todo = n->todo[n->todo_first];

		/* time goes on while a commit is under way */
		if (net_random(8) == 0) {
			todo = (struct net_todo){.kind = KL_TALLY_TICK};
		} else {
			n->todo_first = (n->todo_first + 1) % n->todo_capacity;
			n->todo_count--;
		}
		step(node, &todo);
	}
}

void net_wake(int node, uint64_t planned_at)
{
	struct net_node *n = &net_node[node];

	if (!n->up || planned_at != n->wake_at)
		return;
	n->wake_at = UINT64_MAX;
	net_tell(node, (struct net_todo){.kind = KL_TALLY_TICK});
	net_work(node);
}

/* ---- up and down ---------------------------------------------------------------------------- */

void net_stop(int node)
{
	struct net_node *n = &net_node[node];

	kl_tallies_destroy(n->book);
	n->book = NULL;
	n->up = false;
	n->todo_count = 0;
}

void net_start(int node)
{
	struct net_node *n = &net_node[node];
	struct kl_tallies_options book = {.own = n->id,
		.seat = n->seat,
		.part_bytes = net_options_now.part_bytes,
		.network = net_network,
		.verifier = net_verifier(),
		.effort = net_options_now.effort};

	if (n->up || n->gone || net_has_ended(node))
		return;
	net_say(node, "up");
	NET_CHECK(kl_tallies_new(&book, &n->book) == KL_OK, "no book");
	n->up = true;
	n->wake_at = UINT64_MAX;
	n->todo_first = n->todo_count = 0;
	for (int i = 0; i < net_nodes(); i++)
		n->holds[i].heard_at = 0;
	for (size_t i = 0; i < n->secret_count; i++) {
		struct net_todo todo = {.tally = n->secrets[i].tally};

		todo.kind = KL_TALLY_KEY;
		if (n->secrets[i].key_here)
			net_tell(node, todo);
		todo.kind = KL_TALLY_ANSWERS;
		if (n->secrets[i].answers_here)
			net_tell(node, todo);
	}
	tell_feeds(node);
	net_work(node);
}

void net_node_begin(int node)
{
	struct net_node *n = &net_node[node];

	memset(n, 0, sizeof(*n));
	for (unsigned b = 0; b < sizeof(n->id.b); b++)
		n->id.b[b] = (uint8_t)net_random(256);
	for (unsigned b = 0; b < sizeof(n->pen); b++)
		n->pen[b] = (uint8_t)net_random(256);
	n->seat = true;
	n->skew_ms = net_options_now.drop ? (int64_t)net_random(600) - 300 : 0;
	net_plan((struct net_event){.at = net_now(), .what = UP, .node = node});
	net_plan((struct net_event){
		.at = net_now() + net_random(net_options_now.sync_ms), .what = SYNC, .node = node});
}

void net_node_end(int node)
{
	struct net_node *n = &net_node[node];

	kl_tallies_destroy(n->book);
	free(n->todo);
	for (int a = 0; a < NET_NODES_MAX; a++)
		free(n->holds[a].erased);
	memset(n, 0, sizeof(*n));
}

bool net_is_up(int node)
{
	return net_node[node].up;
}

void net_down(int node)
{
	net_say(node, "down");
	net_stop(node);
	net_node[node].gone = true;
}

void net_up(int node)
{
	net_node[node].gone = false;
	net_start(node);
}

void net_restart(int node)
{
	net_stop(node);
	net_start(node);
}

void net_set_seat(int node, bool seat)
{
	net_node[node].seat = seat;
	net_restart(node);
}
