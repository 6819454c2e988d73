#include "tests/sim/sync_own.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_LOSSES = 2 };

struct own {
	struct kl_recover machine;
	/* what the home remembers */
	uint64_t highwater;
	unsigned reasons;
	bool twin;
	bool silent; /* a home that was put back and shows nothing: its owner waits for a peer */
	bool asked, lost;
	uint64_t asked_n; /* records when one more was asked for */
};

/* Records that were made in this story. */
struct fresh {
	struct fresh *next;
	int author;
	struct made made;
};

static struct own owns[NODES];
static struct fresh *all_fresh;
static bool asked;

bool own_is_loser(int author)
{
	return author >= LOSERS && author < LOSERS_END;
}

bool own_is_made(int author)
{
	return own_is_loser(author) || author == TWINNED;
}

static struct store *own_store(int node)
{
	return &nodes[node].stores[nodes[node].feed];
}

static struct kl_head own_head(int node)
{
	const struct store *st = own_store(node);

	if (!st->n)
		return (struct kl_head){0, {{0}}};
	return (struct kl_head){st->n, st->records[st->n - 1].made->record.id};
}

/* ---- the home ------------------------------------------------------------------------------ */

static void tell_roster(int node)
{
	bool heard = nodes[node].author == 0 || nodes[node].stores[0].n;

	kl_recover_roster(&owns[node].machine, now, heard ? MEMBERS - 1 : 0, false);
	kl_recover_froze(&owns[node].machine, own_store(node)->frozen);
}

void own_start(int node)
{
	struct own *o = &owns[node];
	struct kl_recover_start start = {.now_ms = now,
		.beat_ms = BEAT_MS,
		.convenor = keys[0].public_key,
		.is_convenor = nodes[node].author == 0,
		.head = own_head(node),
		.highwater = nodes[node].feed == AGAIN ? 0 : o->highwater,
		.reasons = o->reasons,
		.twin = o->twin};

	for (size_t i = 0; i < KL_RUN_ID_BYTES; i++)
		start.run.b[i] = (uint8_t)chance(256);
	kl_recover_begin(&o->machine, &start);
	tell_roster(node);
	tell(node, "its own feed: state %d, reasons %u", kl_recover_state(&o->machine), o->reasons);
}

static void say(int node, uint32_t link)
{
	struct kl_here here;
	struct kl_writer w;
	struct kl_bytes frame;
	struct kl_feed_key key = feed_of(nodes[node].feed);

	kl_recover_say(&owns[node].machine, &key, &here);
	kl_here_sign(&network, &keys[nodes[node].author], &here);
	kl_writer_init(&w);
	kl_frame_here_write(&w, &here);
	if (!kl_writer_bytes(&w, &frame)) {
		send_frame(node, link, frame);
		kl_sync_sent(nodes[node].sync, link, frame.len);
	}
	kl_writer_deinit(&w);
}

static void hear(int node, const struct kl_sync_effect *e)
{
	struct kl_id *key = &keys[nodes[node].author].public_key;

	if (!kl_here_check(&network, key, e->here) &&
		kl_recover_here(&owns[node].machine, now, e->here))
		say(node, e->link);
}

bool own_act(int node, const struct kl_sync_effect *e)
{
	struct own *o = &owns[node];

	switch (e->kind) {
	case KL_SYNC_GREETED:
		kl_recover_greeted(&o->machine, now, &e->member);
		say(node, e->link);
		return true;
	case KL_SYNC_TOLD:
		kl_recover_told(&o->machine, now, &e->member, &e->head);
		return true;
	case KL_SYNC_HERE:
		hear(node, e);
		return true;
	case KL_SYNC_TWIN:
		kl_recover_met(&o->machine);
		return true;
	default:
		return false;
	}
}

void own_pulled(int node)
{
	struct kl_head head = own_head(node);

	kl_recover_pulled(&owns[node].machine, now, &head);
}

void own_turn(int node)
{
	struct own *o = &owns[node];
	unsigned wishes;

	tell_roster(node);
	kl_recover_tick(&o->machine, now);
	wishes = kl_recover_wishes(&o->machine);
	if (wishes & KL_RECOVER_MARK)
		o->reasons |= KL_RECOVER_RESTORED;
	for (uint32_t link = 0; wishes & KL_RECOVER_SAY && link < KL_SYNC_LINKS_MAX; link++)
		if (nodes[node].links[link].peer != LINK_FREE)
			say(node, link);
	if (wishes & KL_RECOVER_PAIR)
		o->twin = true;
	if (wishes & KL_RECOVER_SETTLE) {
		tell(node, "knows all of its own feed, %zu records", own_store(node)->n);
		o->reasons = 0;
		o->highwater = own_store(node)->n;
	}
}

/* ---- signing ------------------------------------------------------------------------------- */

bool own_may(int node)
{
	const struct own *o = &owns[node];

	return o->silent || node == TWIN ? kl_recover_speaks(&o->machine)
					 : kl_recover_state(&o->machine) == KL_OWN_OPEN;
}

const struct made *own_sign(int node)
{
	struct kl_author by = {network, feed_of(nodes[node].feed), &keys[nodes[node].author]};
	struct fresh *f = calloc(1, sizeof *f);
	struct kl_head head = own_head(node), next;
	size_t len = 40 + chance(50);

	memset(f->made.payload, (int)chance(256), len);
	if (kl_record_make(&by, &head, KL_KIND_LESSON, now * NODES + (uint64_t)node,
		    kl_bytes(f->made.payload, len), &f->made.memory, &f->made.record))
		abort();
	f->author = nodes[node].author;
	f->next = all_fresh;
	all_fresh = f;
	next = (struct kl_head){f->made.record.h.seq, f->made.record.id};
	kl_recover_appended(&owns[node].machine, &next);
	owns[node].highwater = next.seq;
	return &f->made;
}

const struct made *own_find(int author, const struct kl_record *r)
{
	for (const struct fresh *f = all_fresh; f; f = f->next)
		if (f->author == author && kl_id_equal(&f->made.record.id, &r->id))
			return &f->made;
	return NULL;
}

/* ---- accidents ----------------------------------------------------------------------------- */

/* Whether everybody that runs holds all of the feed. */
static bool known_to_all(int author)
{
	for (int i = 0; i < TWIN; i++)
		if (nodes[i].stores[author].n != nodes[author].stores[author].n)
			return false;
	return true;
}

void own_lose(int node)
{
	struct own *o = &owns[node];
	struct store *st = own_store(node);
	size_t n = st->n < 4 ? 0 : 1 + chance(3);
	bool whole = chance(2), known = known_to_all(nodes[node].author);

	st->n -= n;
	o->lost = true;
	if (!whole)
		return; /* the high-water file knows */
	o->highwater = st->n;
	o->reasons = 0;
	/* Nothing shows it, and who has the records is away: nobody could notice. */
	if (chance(2) && known)
		o->silent = true;
	else
		o->reasons = KL_RECOVER_COPIED;
	tell(node, "loses %zu records, its home %s", n,
		o->silent ? "and nothing shows" : "as well");
}

void own_clone(void)
{
	struct node *n = &nodes[TWIN];

	memcpy(n->stores, nodes[TWINNED].stores, sizeof n->stores);
	for (int a = 0; a < FEEDS; a++)
		if (n->stores[a].proof) {
			n->stores[a].proof = malloc(n->stores[a].proof_len);
			memcpy(n->stores[a].proof, nodes[TWINNED].stores[a].proof,
				n->stores[a].proof_len);
		}
	n->author = n->feed = TWINNED;
	owns[TWIN] = owns[TWINNED];
	owns[TWIN].reasons |= chance(2) ? KL_RECOVER_COPIED : 0;
	for (int i = 0; i < 3; i++) {
		post(APPEND, TWIN, 1000 + chance(30000));
		post(APPEND, TWINNED, 1000 + chance(30000));
	}
}

void own_set_up(void)
{
	asked = false;
	for (int i = 0; i < NODES; i++) {
		owns[i] = (struct own){.highwater = i < TWIN ? own_store(i)->n : 0};
		if (!luck.losses || !own_is_loser(i))
			continue;
		for (int k = 0; k < 3; k++)
			post(APPEND, i, 1000 + chance(25000));
		for (int k = 0; k < SHOWN_LOSSES; k++)
			post(LOSE, i, 5000 + chance(40000));
	}
	if (luck.twins)
		post(COPY, TWINNED, 5000 + chance(20000));
}

void own_tear_down(void)
{
	while (all_fresh) {
		struct fresh *f = all_fresh;

		all_fresh = f->next;
		free(f);
	}
}

/* ---- the end ------------------------------------------------------------------------------- */

static void ask_all(void)
{
	asked = true;
	for (int i = LOSERS; i < LOSERS_END; i++) {
		owns[i].asked_n = own_store(i)->n;
		post(APPEND, i, 1 + chance(1000));
	}
}

static bool reads_only(int node)
{
	enum kl_own_state state = kl_recover_state(&owns[node].machine);

	return state == KL_OWN_TWIN || state == KL_OWN_FROZEN;
}

bool own_settled(char why[160])
{
	if (luck.twins && (!reads_only(TWINNED) || !reads_only(TWIN))) {
		snprintf(why, 160, "two machines with one key: states %d and %d",
			kl_recover_state(&owns[TWINNED].machine),
			kl_recover_state(&owns[TWIN].machine));
		return false;
	}
	for (int i = 0; i < TWIN; i++)
		if (i != FORKER && i != CLONE && i != TWINNED &&
			kl_recover_state(&owns[i].machine) != KL_OWN_OPEN) {
			snprintf(why, 160, "node %d may not add to its feed: state %d", i,
				kl_recover_state(&owns[i].machine));
			return false;
		}
	if (!asked)
		ask_all();
	for (int i = LOSERS; i < LOSERS_END; i++)
		if (own_store(i)->n <= owns[i].asked_n) {
			snprintf(why, 160, "node %d does not go on", i);
			return false;
		}
	return true;
}
