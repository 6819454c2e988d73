/* Whether this member may add to its own feed: a machine without clock, disk or sockets.
 *
 * Whoever signs two records for one place freezes its feed for everybody. An honest owner comes to
 * that only by accident: a database or a home is put back as it was some time ago, or a copy of it
 * runs on a second machine. So before anything is signed it has to be clear what was signed already.
 *
 * open        records are added
 * recovering  this home may have said more than it knows: it reads, serves and relays, and adds
 *             nothing until enough peers hold the own feed exactly as far as this home does. What
 *             they hold beyond that comes here like any records, and the member goes on behind it
 * twin        another machine has the same key, for certain: both only read, until a person says on
 *             one of them that it is the one
 * frozen      two records at one place are proved: nothing more is ever added in this epoch
 * ended       the roster ends the feed: the member has left
 *
 * reason      why a home recovers. At start: a backup was put back; the database came from another
 *             home; another machine; a home that lies elsewhere than when it was last used (a copy);
 *             the high-water file knows of records that the database does not have. While it runs:
 *             records with our signature came that we did not have. Never an unclean stop alone, and
 *             none of the first kind counts for a member that never said anything
 * claim       a peer says that it holds more of our feed than this home. It has a few seconds to
 *             show it: nothing is added meanwhile. Who does not show it is heard once more, then
 *             never again in this run; and no more than KL_RECOVER_CLAIMS_MAX claims are ever
 *             waited for. So a liar stops nobody for long, and records prove it at any time
 * told        a peer holds the feed exactly as far as this home: its word counts towards the end.
 *             Who holds less shows nothing but that it is behind itself; it catches up from here
 *
 * Enough peers are: two different members (one, if the network has no more), among them the convenor,
 * whom everybody calls first; or else more than half of all that were greeted since (and since the
 * last record came). Not before two beats have passed since the first greeting and since the last
 * record of ours that came, so that more than one gets a word in; never while a claim is open.
 * After twenty beats (five minutes, as beats are by default) with somebody to talk to, whoever
 * answers is enough, so that a network of two, or one where most are away, stops nobody for good. If
 * the high-water file knows of records that nobody has brought back, that takes sixty: who could have
 * them gets time to come by. A convenor with nobody on its roster needs no answer, unless such records
 * are missing: then a person has to say so.
 *
 * Two machines with one key are certain in three ways, of which no peer can make one up: somebody
 * greets us with our own keys; somebody answers a word of this very run under our key (here.h); a
 * record with our signature, not from here, stands behind one that was signed in this run. A home
 * that recovers and hears of another run waits sixteen beats for an answer before it opens. */
#ifndef KL_PROTOCOL_RECOVER_H
#define KL_PROTOCOL_RECOVER_H

#include "protocol/here.h"

enum kl_own_state {
	KL_OWN_OPEN,
	KL_OWN_RECOVERING,
	KL_OWN_TWIN,
	KL_OWN_FROZEN,
	KL_OWN_ENDED,
};

enum {
	KL_RECOVER_RESTORED = 1, /* from a backup; or a start before this one had found that out */
	KL_RECOVER_STORE = 2,    /* the database is another home's */
	KL_RECOVER_MACHINE = 4,
	KL_RECOVER_COPIED = 8,
	KL_RECOVER_HIGHWATER = 16, /* records are missing, or others stand in their places */
	KL_RECOVER_CHOSEN = 32,    /* a person chose this home among two */
	KL_RECOVER_PEERS = 64,     /* while running: records of ours came from others */
};

enum {
	KL_RECOVER_CLAIMS_MAX = 16, /* that are waited for, in one run */
	KL_RECOVER_TRIES = 2,       /* of one member */
	KL_RECOVER_PEERS_MAX = 72,
	KL_RECOVER_CLAIM_MS = 10000,
	KL_RECOVER_CLAIM_BEATS = 10, /* if that is shorter */
	KL_RECOVER_GATHER_BEATS = 2,
	KL_RECOVER_LATE_BEATS = 20,
	KL_RECOVER_MISSING_BEATS = 60,
	KL_RECOVER_TWIN_BEATS = 16,
	KL_RECOVER_SAY_BEATS = 4,
	KL_RECOVER_TWIN_WAITS = 3, /* old words can be said again, but not for ever */
};

/* What the daemon is asked to do, once for each; see kl_recover_wishes(). */
enum {
	KL_RECOVER_MARK = 1,   /* keep for later starts that this home recovers */
	KL_RECOVER_SETTLE = 2, /* it is over: take away what would make the next start recover */
	KL_RECOVER_PAIR = 4,   /* keep for later starts that there is a twin */
	KL_RECOVER_SPEAK = 8,  /* what the daemon says by itself may be said now */
	KL_RECOVER_SAY = 16,   /* say on all links that this daemon is here: a word can be lost */
};

struct kl_recover_start {
	uint64_t now_ms;
	uint32_t beat_ms;
	struct kl_id convenor;
	bool is_convenor;
	struct kl_head head;
	uint64_t highwater; /* highest number of our feed that ever left this home; 0: not known */
	unsigned reasons;
	bool twin, superseded; /* as an earlier run found */
	bool go_on; /* a person said: nothing else has this key, go on with what is here */
	uint64_t chosen;
	struct kl_run_id run;
};

struct kl_recover_claim {
	struct kl_id member;
	uint64_t seq, until_ms; /* until 0: none */
};

struct kl_recover_peer {
	struct kl_id member;
	bool greeted, told; /* since this home recovers */
	unsigned failed;    /* claims that it did not show */
};

struct kl_recover {
	struct kl_recover_start start;
	uint64_t now_ms;
	struct kl_head head;
	unsigned reasons, wishes;
	bool twin, superseded, frozen, ended;
	bool spoke;           /* SPEAK was wished since this home opened */
	bool greeted;         /* in this run */
	uint64_t signed_here; /* highest number signed in this run */
	size_t others;        /* members that may hold the feed, as the roster tells */

	uint64_t since_ms, first_ms, moved_ms; /* recovering; first greeted then; a record came */
	struct kl_recover_claim claims[KL_RECOVER_CLAIMS_MAX];
	unsigned failed; /* claims that nobody showed */
	struct kl_recover_peer peers[KL_RECOVER_PEERS_MAX];
	size_t n_peers;

	struct kl_run_id foreign; /* another run that was heard; zeros: none */
	uint64_t foreign_ms, said_ms;
	unsigned foreign_waits; /* for an answer, so far */
};

void kl_recover_begin(struct kl_recover *r, const struct kl_recover_start *start);

/* Greetings were exchanged with a member, or it said how far it holds our feed. */
void kl_recover_greeted(struct kl_recover *r, uint64_t now_ms, const struct kl_id *member);
void kl_recover_told(struct kl_recover *r, uint64_t now_ms, const struct kl_id *member,
	const struct kl_head *head);

/* Records of our feed that were not signed in this run are stored; up to `head`. */
void kl_recover_pulled(struct kl_recover *r, uint64_t now_ms, const struct kl_head *head);
/* What we signed ourselves is. */
void kl_recover_appended(struct kl_recover *r, const struct kl_head *head);

/* What the roster says: how many other members (with the convenor) may hold our feed, whether it was
 * ended; and whether a fork is proved (not so in a new epoch). */
void kl_recover_roster(struct kl_recover *r, uint64_t now_ms, size_t others, bool ended);
void kl_recover_froze(struct kl_recover *r, bool frozen);

/* Somebody greeted us with our own keys. */
void kl_recover_met(struct kl_recover *r);
/* A word with our signature, which was checked. Whether it is to be answered on the same link. */
bool kl_recover_here(struct kl_recover *r, uint64_t now_ms, const struct kl_here *here);
/* What to say about ourselves; to be signed. */
void kl_recover_say(
	const struct kl_recover *r, const struct kl_feed_key *own, struct kl_here *ret_here);

/* At least once a beat. */
void kl_recover_tick(struct kl_recover *r, uint64_t now_ms);

enum kl_own_state kl_recover_state(const struct kl_recover *r);
/* While recovering: only because of claims, which is over in some seconds. */
bool kl_recover_is_claim(const struct kl_recover *r);
/* Whether the daemon may say something by itself: the feed is open, and a peer has greeted us. A
 * home that was put back as a whole, which nothing here shows, hears of it then. What its owner
 * types waits for nobody. */
bool kl_recover_speaks(const struct kl_recover *r);
/* How many members told, of how many that were greeted since it recovers. */
size_t kl_recover_count(const struct kl_recover *r, size_t *ret_greeted);

/* Takes the wishes, which are then none. */
unsigned kl_recover_wishes(struct kl_recover *r);

#endif
