/* The world of sim_sync.c: what was written and by whom, what each node holds, virtual time, and a
 * network that loses, doubles, delays and damages.
 *
 * made    a record and its author's signature; all are made once, before the first story
 * node    a machine with its store and its links; a crash takes the machine and leaves the store
 * life    counts the starts of a node: what was meant for an earlier life is dropped */
#ifndef KL_TESTS_SIM_SYNC_WORLD_H
#define KL_TESTS_SIM_SYNC_WORLD_H

#include "protocol/recover.h"
#include "protocol/sync.h"

enum {
	MEMBERS = 30,
	NODES = MEMBERS + 2,
	CLONE = MEMBERS,    /* a second machine of FORKER, with another branch */
	TWIN = MEMBERS + 1, /* a second machine of TWINNED, in some stories */
	FORKER = 7,
	TWINNED = 16,
	LOSERS = 10, /* members from here may lose records.. */
	LOSERS_END = 15,
	LATE = MEMBERS - 1, /* admitted and started in the middle */
	REACHABLE = 10,     /* the others only call out */
	CALLS = 3,          /* upstreams of each */
	LONG = 5,           /* the member with a long past */
	LONG_PAST = 700,
	PAST = 20,
	LIVE = 12, /* records that may be written during the story, for each member */
	RECORDS = LONG_PAST + LIVE,
	LEAVER = 3,         /* whose feed the roster ends in the middle of the story .. */
	LEFT_AT = PAST - 3, /* .. at this record */
	COMMON = 14,        /* last record that both machines of FORKER share */
	AGAIN = MEMBERS,    /* the feed of FORKER in its next epoch, after the reset */
	FEEDS = MEMBERS + 1,
	ROSTER = MEMBERS +
		 1, /* records of it: the last but one ends LEAVER, the last resets FORKER */
	FAULTS_MS = 30000,
	END_MS = 240000,
	BEAT_MS = 2000,
	LINK_FREE = -1,
};

struct made {
	struct kl_record_memory memory;
	struct kl_record record;
	uint8_t payload[6000];
};

struct kept {
	const struct made *made;
	bool signed_here; /* its signature was checked by who stored it */
};

struct store {
	struct kept records[RECORDS];
	size_t n;
	bool frozen;
	struct kl_head common;
	uint8_t *proof;
	size_t proof_len;
};

struct peer_link {
	int peer; /* LINK_FREE, or a node */
	uint32_t theirs;
	uint32_t session;
};

struct node {
	bool running, left; /* left: the machine knows where LEAVER's feed ends */
	bool reset;         /* and that FORKER's goes on */
	int author, feed;   /* feed: its own, as its machine knows it */
	struct kl_sync *sync;
	uint32_t life;
	struct store stores[FEEDS];
	size_t fed; /* members whose feeds the machine was given */
	struct peer_link links[KL_SYNC_LINKS_MAX];
	uint64_t tick_ms;
	struct own *own; /* sync_own.c */
};

enum what { FRAME, STORED, TICK, START, APPEND, CALL, LOSE, COPY };

struct event {
	uint64_t at, order;
	enum what what;
	int node;
	uint32_t life, link, session;
	int peer; /* CALL */
	struct kl_sync_event stored;
	uint8_t *bytes;
	size_t len;
};

struct luck {
	unsigned drop, twice, damage, commit_fails, crash; /* of 1000 */
	uint64_t apart_from, apart_to;
	unsigned apart_mask;
	bool losses, twins;
};

extern struct kl_sign_keys keys[MEMBERS];
extern struct kl_id network;
extern struct made *pool[FEEDS][2]; /* by author and branch; [seq - 1] */
extern struct kl_verifier verifier; /* remembers what it has verified */

extern struct node nodes[NODES];
extern struct luck luck;
extern uint64_t now, seed_now;
extern bool trace, failed;

void make_records(void);
void free_records(void);
size_t past(int author);   /* records there before the story */
size_t length(int author); /* and with those that may be written in it */
struct kl_feed_key feed_of(int author);
int author_of(const struct kl_feed_key *key);

/* Whether the roster that the node has ends the feed. */
bool ends(int node, int author);
/* Whether FORKER's feed stops there where it forked. A fork of which a node has heard no proof is none
 * behind the place where the roster ends the feed. */
bool is_whole(int node);

/* Begins the story of a seed at time 0. */
void begin_world(uint64_t seed);
uint32_t chance(uint32_t n); /* below n */
bool faulty(unsigned per_mille);
bool apart(int a, int b); /* whether the network has fallen apart between the two */

/* A line of the trace, and what must not happen. */
__attribute__((format(printf, 2, 3))) void tell(int node, const char *format, ...);
__attribute__((format(printf, 1, 2))) void fail(const char *format, ...);

/* Puts an event for a node into the future and gives it, to be filled. */
struct event *post(enum what what, int node, uint64_t delay);
struct event *next_event(void); /* NULL when there is none; the caller frees it and its bytes */

void send_frame(int from, uint32_t link, struct kl_bytes bytes);

#endif
