#include "protocol/recover.h"

#include <string.h>

static uint64_t beats(const struct kl_recover *r, unsigned n)
{
	return (uint64_t)n * r->start.beat_ms;
}

static bool any_claim(const struct kl_recover *r)
{
	for (size_t i = 0; i < KL_RECOVER_CLAIMS_MAX; i++)
		if (r->claims[i].until_ms)
			return true;
	return false;
}

/* ---- where the own feed stands ------------------------------------------------------------- */

enum kl_own_state kl_recover_state(const struct kl_recover *r)
{
	if (r->ended)
		return KL_OWN_ENDED;
	if (r->frozen)
		return KL_OWN_FROZEN;
	if (r->twin)
		return KL_OWN_TWIN;
	return r->reasons || any_claim(r) ? KL_OWN_RECOVERING : KL_OWN_OPEN;
}

bool kl_recover_is_claim(const struct kl_recover *r)
{
	return !r->reasons && any_claim(r);
}

bool kl_recover_speaks(const struct kl_recover *r)
{
	return r->greeted && kl_recover_state(r) == KL_OWN_OPEN;
}

size_t kl_recover_count(const struct kl_recover *r, size_t *ret_greeted)
{
	size_t told = 0;

	*ret_greeted = 0;
	for (size_t i = 0; i < r->n_peers; i++) {
		*ret_greeted += r->peers[i].greeted;
		told += r->peers[i].told;
	}
	return told;
}

/* ---- the end ------------------------------------------------------------------------------- */

static bool convenor_told(const struct kl_recover *r)
{
	for (size_t i = 0; i < r->n_peers; i++)
		if (r->peers[i].told && kl_id_equal(&r->peers[i].member, &r->start.convenor))
			return true;
	return false;
}

static bool is_missing(const struct kl_recover *r)
{
	return r->head.seq < r->start.highwater;
}

/* Others had time to get a word in, or to answer under our own name. */
static bool gathered(const struct kl_recover *r)
{
	uint64_t last = r->moved_ms > r->first_ms ? r->moved_ms : r->first_ms;

	if (any_claim(r) || r->now_ms < last + beats(r, KL_RECOVER_GATHER_BEATS))
		return false;
	return !r->foreign_ms || r->now_ms >= r->foreign_ms + beats(r, KL_RECOVER_TWIN_BEATS);
}

static bool enough(const struct kl_recover *r)
{
	unsigned patience = is_missing(r) ? KL_RECOVER_MISSING_BEATS : KL_RECOVER_LATE_BEATS;
	size_t greeted, told = kl_recover_count(r, &greeted), need = r->others < 2 ? 1 : 2;

	if (!r->others)
		return r->start.is_convenor && !is_missing(r) && gathered(r) &&
		       r->now_ms >= r->since_ms + beats(r, KL_RECOVER_LATE_BEATS);
	if (!greeted || !gathered(r))
		return false;
	if (r->now_ms >= r->first_ms + beats(r, patience))
		return true;
	return !is_missing(r) && told >= need && (convenor_told(r) || 2 * told > greeted);
}

/* After every event. */
static void settle(struct kl_recover *r)
{
	if (r->reasons && enough(r)) {
		r->reasons = 0;
		r->start.highwater = 0;
		r->wishes |= KL_RECOVER_SETTLE;
	}
	if (!kl_recover_speaks(r)) {
		r->spoke = false;
	} else if (!r->spoke) {
		r->spoke = true;
		r->wishes |= KL_RECOVER_SPEAK;
	}
}

static void at(struct kl_recover *r, uint64_t now_ms)
{
	if (now_ms > r->now_ms)
		r->now_ms = now_ms;
}

/* ---- the beginning ------------------------------------------------------------------------- */

void kl_recover_begin(struct kl_recover *r, const struct kl_recover_start *start)
{
	bool said_nothing = !start->head.seq && !start->highwater;

	*r = (struct kl_recover){.start = *start,
		.now_ms = start->now_ms,
		.since_ms = start->now_ms,
		.head = start->head,
		.reasons = start->reasons,
		.twin = start->twin,
		.superseded = start->superseded};
	if (is_missing(r))
		r->reasons |= KL_RECOVER_HIGHWATER;
	if (r->reasons && (said_nothing || start->go_on)) {
		r->reasons = 0;
		r->wishes = KL_RECOVER_SETTLE;
	}
	if (!r->reasons)
		r->start.highwater = 0;
}

static void recover_again(struct kl_recover *r)
{
	r->reasons = KL_RECOVER_PEERS;
	r->wishes |= KL_RECOVER_MARK;
	r->since_ms = r->now_ms;
	r->first_ms = 0;
	for (size_t i = 0; i < r->n_peers; i++)
		r->peers[i].greeted = false;
}

/* ---- peers --------------------------------------------------------------------------------- */

static struct kl_recover_peer *free_peer(struct kl_recover *r)
{
	if (r->n_peers < KL_RECOVER_PEERS_MAX)
		return &r->peers[r->n_peers++];
	for (size_t i = 0; i < r->n_peers; i++)
		if (!r->peers[i].failed && !r->peers[i].greeted)
			return &r->peers[i];
	return NULL;
}

/* NULL if there are too many. */
static struct kl_recover_peer *peer_of(struct kl_recover *r, const struct kl_id *member)
{
	struct kl_recover_peer *p;

	for (size_t i = 0; i < r->n_peers; i++)
		if (kl_id_equal(&r->peers[i].member, member))
			return &r->peers[i];
	p = free_peer(r);
	if (p)
		*p = (struct kl_recover_peer){.member = *member};
	return p;
}

static struct kl_recover_peer *greet(struct kl_recover *r, const struct kl_id *member)
{
	struct kl_recover_peer *p = peer_of(r, member);

	r->greeted = true;
	if (p && r->reasons && !p->greeted) {
		p->greeted = true;
		if (!r->first_ms)
			r->first_ms = r->now_ms ? r->now_ms : 1;
	}
	return p;
}

static struct kl_recover_claim *claim_of(struct kl_recover *r, const struct kl_id *member)
{
	for (size_t i = 0; i < KL_RECOVER_CLAIMS_MAX; i++)
		if (r->claims[i].until_ms && kl_id_equal(&r->claims[i].member, member))
			return &r->claims[i];
	return NULL;
}

static uint64_t claim_ends(const struct kl_recover *r)
{
	uint64_t span = beats(r, KL_RECOVER_CLAIM_BEATS);

	return r->now_ms + (span < KL_RECOVER_CLAIM_MS ? span : KL_RECOVER_CLAIM_MS);
}

/* A claim that stands already does not get more time by being made larger. */
static void claim(struct kl_recover *r, const struct kl_recover_peer *p, uint64_t seq)
{
	struct kl_recover_claim *c = claim_of(r, &p->member);

	if (c) {
		c->seq = seq > c->seq ? seq : c->seq;
		return;
	}
	if (p->failed >= KL_RECOVER_TRIES || r->failed >= KL_RECOVER_CLAIMS_MAX)
		return;
	for (size_t i = 0; i < KL_RECOVER_CLAIMS_MAX; i++)
		if (!r->claims[i].until_ms) {
			r->claims[i] = (struct kl_recover_claim){p->member, seq, claim_ends(r)};
			return;
		}
}

static void forget_claim(struct kl_recover *r, const struct kl_id *member)
{
	struct kl_recover_claim *c = claim_of(r, member);

	if (c)
		c->until_ms = 0;
}

void kl_recover_greeted(struct kl_recover *r, uint64_t now_ms, const struct kl_id *member)
{
	at(r, now_ms);
	(void)greet(r, member);
}

void kl_recover_told(struct kl_recover *r, uint64_t now_ms, const struct kl_id *member,
	const struct kl_head *head)
{
	struct kl_recover_peer *p;

	at(r, now_ms);
	p = greet(r, member);
	if (p) {
		p->told = head->seq == r->head.seq &&
			  (!head->seq || kl_id_equal(&head->id, &r->head.id));
		if (head->seq > r->head.seq)
			claim(r, p, head->seq);
		else
			forget_claim(r, member);
	}
	settle(r);
}

/* ---- records ------------------------------------------------------------------------------- */

void kl_recover_pulled(struct kl_recover *r, uint64_t now_ms, const struct kl_head *head)
{
	at(r, now_ms);
	if (head->seq <= r->head.seq)
		return;
	r->head = *head;
	r->moved_ms = r->now_ms;
	if (r->signed_here && !r->twin) {
		r->twin = true;
		r->wishes |= KL_RECOVER_PAIR;
	}
	if (!r->reasons)
		recover_again(r);
	for (size_t i = 0; i < r->n_peers; i++)
		r->peers[i].greeted = r->peers[i].told = false;
	for (size_t i = 0; i < KL_RECOVER_CLAIMS_MAX; i++) {
		struct kl_recover_claim *c = &r->claims[i];

		if (c->until_ms)
			c->until_ms = c->seq > head->seq ? claim_ends(r) : 0;
	}
	settle(r);
}

void kl_recover_appended(struct kl_recover *r, const struct kl_head *head)
{
	r->head = *head;
	r->signed_here = head->seq;
}

void kl_recover_roster(struct kl_recover *r, uint64_t now_ms, size_t others, bool ended)
{
	at(r, now_ms);
	r->others = others;
	r->ended = ended;
	settle(r);
}

void kl_recover_froze(struct kl_recover *r, bool frozen)
{
	r->frozen = frozen;
	settle(r);
}

/* ---- two machines with one key ------------------------------------------------------------- */

/* True if this is news. */
static bool pair(struct kl_recover *r, bool superseded)
{
	if (r->twin && (r->superseded || !superseded))
		return false;
	r->twin = true;
	r->superseded = superseded;
	r->wishes |= KL_RECOVER_PAIR;
	settle(r);
	return true;
}

void kl_recover_met(struct kl_recover *r)
{
	(void)pair(r, false);
}

static void hear_foreign(struct kl_recover *r, const struct kl_run_id *run)
{
	if (kl_run_id_equal(&r->foreign, run))
		return;
	r->foreign = *run;
	if (r->foreign_waits == KL_RECOVER_TWIN_WAITS)
		return;
	r->foreign_waits++;
	r->foreign_ms = r->now_ms;
}

bool kl_recover_here(struct kl_recover *r, uint64_t now_ms, const struct kl_here *here)
{
	at(r, now_ms);
	if (kl_run_id_equal(&here->run, &r->start.run))
		return false; /* our own word, come back */
	hear_foreign(r, &here->run);
	if (!kl_run_id_equal(&here->echo, &r->start.run))
		return true; /* it has not heard us yet, if it is there at all */
	if (here->chosen < r->start.chosen)
		return true; /* a person chose this home: it has to hear that */
	return pair(r, here->chosen > r->start.chosen);
}

void kl_recover_say(
	const struct kl_recover *r, const struct kl_feed_key *own, struct kl_here *ret_here)
{
	*ret_here = (struct kl_here){
		.feed = *own, .run = r->start.run, .echo = r->foreign, .chosen = r->start.chosen};
}

/* ---- time ---------------------------------------------------------------------------------- */

/* While there may be somebody to hear it who has not. */
static void say_again(struct kl_recover *r)
{
	bool heard = r->foreign_ms && r->now_ms < r->foreign_ms + beats(r, KL_RECOVER_TWIN_BEATS);

	if ((!r->twin && !heard) || r->now_ms < r->said_ms + beats(r, KL_RECOVER_SAY_BEATS))
		return;
	r->said_ms = r->now_ms;
	r->wishes |= KL_RECOVER_SAY;
}

void kl_recover_tick(struct kl_recover *r, uint64_t now_ms)
{
	at(r, now_ms);
	say_again(r);
	for (size_t i = 0; i < KL_RECOVER_CLAIMS_MAX; i++) {
		struct kl_recover_claim *c = &r->claims[i];
		struct kl_recover_peer *p;

		if (!c->until_ms || r->now_ms < c->until_ms)
			continue;
		c->until_ms = 0;
		r->failed++;
		p = peer_of(r, &c->member);
		if (p)
			p->failed++;
	}
	settle(r);
}

unsigned kl_recover_wishes(struct kl_recover *r)
{
	unsigned wishes = r->wishes;

	r->wishes = 0;
	return wishes;
}
