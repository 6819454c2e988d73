/* A whole network of tally machines in one process: virtual time, seeds, faults, and an observer
 * who sees everything and checks at each record what must never happen.
 *
 * node      a member's daemon: its book, what it has committed of every feed, its key files and
 *           kept answers. Node 0 is the convenor, which contributes nothing
 * feed      the records of one node, with real headers and ids, which others come to hold in order:
 *           by messages that are lost, doubled and overtaken, and by asking each other what is
 *           missing. Signatures are real in all but price: the verifier here knows whose they are
 * branch    a node that cheats can tell a second story from some place of its feed on. Who takes a
 *           record of one branch takes none of the other; who comes to see both freezes the feed
 * cut       nothing passes from some nodes to others: one way or both, for as long as a story says
 * crash     a node loses its book, between any two effects; it comes back from what it committed
 *
 * Everything follows from the seed: one seed is told in the same way each time, to the byte. */
#ifndef KL_TESTS_SIM_TALLY_NET_H
#define KL_TESTS_SIM_TALLY_NET_H

#include "protocol/record.h"
#include "protocol/tally.h"

enum {
	NET_NODES_MAX = 48, /* fewer than 64: sets of nodes are bits */
	NET_TALLIES_MAX = 6,
	NET_METRICS = 2,
	NET_SCORE = 0, /* lm3.score, 16 bins */
	NET_SCORE_BINS = 16,
	NET_MATURITY = 1, /* maturity.c1, 5 bins */
	NET_CONTRIBUTE_MS = 30000,
	NET_DECIDE_MS = 20000,
	NET_SYNC_MS = 400,
};

#define NET_DAY_MS (UINT64_C(24) * 3600 * 1000)

struct net_options {
	int councils, anchors;
	uint16_t minimum;
	size_t part_bytes; /* 0: the usual */
	uint64_t effort;   /* for plans in one step; 0: the usual */
	/* out of 1000 */
	unsigned drop, commit_fails, crash;
	bool late_call; /* feeds are replayed in any order, some records before their CALL */
	int strangers;  /* nodes beside these that are no members yet: see net_join */
	/* 0: NET_CONTRIBUTE_MS, NET_DECIDE_MS, and NET_SYNC_MS between two looks at what somebody holds */
	uint64_t contribute_ms, decide_ms, sync_ms;
	bool real_seals; /* else shares are sealed by something cheaper: see tally_cheap.c */
};

/* What a record says, as far as an observer asks: of a kind that lacks something it is zero. */
struct net_said {
	int tally; /* -1: none that was called */
	uint8_t seat, number;
	uint16_t part; /* 1, 2, .. */
	bool more;
	uint32_t attempt;
	struct kl_id about; /* a proposal (VOTE, OPEN); the tally, where it is unknown */
};

struct net_record {
	struct kl_id id, hash;
	uint32_t kind;
	uint64_t time_ms;
	uint8_t *payload;
	size_t len;
	struct net_said said;
};

struct net_feed {
	struct net_record *records;
	size_t count, capacity;
};

extern bool net_trace;
extern const char *net_again;                    /* said after a failure: how to see it again */
extern struct net_feed net_feeds[NET_NODES_MAX]; /* of a node with two branches: the first */
extern struct kl_tally_roster net_roster; /* as it stands now; changed by stories before a call */

/* Life of a story. The seed is what everything follows from; who wants to draw from it what a story is
 * like, sets it before. */
void net_seed(uint64_t seed);
void net_begin(const char *story, uint64_t seed, const struct net_options *options);
void net_end(void);
void net_faults(unsigned drop, unsigned commit_fails, unsigned crash);

uint64_t net_bits(void);
uint64_t net_random(uint64_t below);
uint64_t net_now(void);
/* A line of the trace: what a node does. */
void net_say(int node, const char *format, ...) __attribute__((format(printf, 2, 3)));
const struct net_options *net_windows(
	void); /* as the story began, with the usual times filled in */
int net_nodes(void);

/* Ends the program with story, seed and sentence. */
_Noreturn void net_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define NET_CHECK(condition, ...)                                                                  \
	do {                                                                                       \
		if (!(condition))                                                                  \
			net_fail(__VA_ARGS__);                                                     \
	} while (0)

/* Runs until virtual time. */
void net_run(uint64_t until_ms);
/* Runs until nothing changes any more: long enough for all windows of tallies called so far. */
void net_settle(void);

const struct kl_tallies *net_book(int node);
int net_node_of(const struct kl_id *member);
const struct kl_id *net_id(int node);
bool net_is_up(int node);
void net_down(int node); /* for good, until net_up */
void net_up(int node);
void net_restart(int node);  /* a crash and a restart at once */
void net_lose_key(int node); /* restored from a backup: key files are gone */
void net_set_seat(int node, bool seat);

/* ---- who is a member (tally_people.c): what a call froze stays as it was ----------------------- */

void net_join(int node, bool council);
void net_leave(int node);   /* its feed ends where the convenor holds it; it is not started again */
void net_suspend(int node); /* nobody links with it until it is taken back */
void net_take_back(int node);
/* What the convenor confirms of a member from now on. */
void net_confirm(int node, bool council, const char *type, const char *region);
bool net_is_member(int node);

/* ---- the lines between them (tally_feed.c) ------------------------------------------------------ */

#define NET_BIT(node) (UINT64_C(1) << (node))

/* Nothing passes from nodes in `from` to nodes in `to`. */
void net_cut(uint64_t from, uint64_t to);
void net_heal(void);
/* From here on the node's feed has a second branch, told to the nodes in `side`. */
void net_fork(int node, uint64_t side);
bool net_has_forked(int node);
bool net_has_ended(int node); /* its feed takes nothing more: it has left */
bool net_is_linked(int node); /* false for strangers, the suspended, and who has left */

/* The convenor prepares and publishes it. Gives the index of the tally, or an error. */
int net_call(struct kl_tally_call *call, struct kl_fault *fault);
/* Publishes a CALL as it stands, whatever its daemon thinks of it. */
int net_call_anyway(const struct kl_tally_call *call);
const struct kl_id *net_tally(int index);

/* The owner of a node agrees or declines; gives what the machine answers. */
int net_answer(int node, int tally, int16_t score, int16_t maturity);
int net_decline(int node, int tally);
int net_withdraw(int node, int tally);
/* What a node really answered, as its kept document says; false if it kept none. */
bool net_answers_of(int node, int tally, int16_t ret_bins[NET_METRICS]);

/* Appends any record to a node's feed: for those who do not play by the rules, and are false from now on. */
void net_forge(int node, uint32_t kind, const void *payload, size_t len);
void net_forge_on(int node, unsigned branch, uint32_t kind, const void *payload, size_t len);
/* The same from within net_lie: the node's machine hears of it when its step is done. */
size_t net_write(int node, unsigned branch, uint32_t kind, const void *payload, size_t len);
/* Called for each record before it is committed; may change its payload (same length). */
extern void (*net_tamper)(int node, uint32_t kind, uint8_t *payload, size_t len);

/* Records of a kind, of one node or (node < 0) of all. */
size_t net_count(int node, uint32_t kind);

/* What must hold at the end of every story: whoever is up agrees on state and results of the tally,
 * results equal the plain count, too small sets are withheld, and nothing secret is left once the
 * tally has ended. Gives the state. */
enum kl_tally_state net_check(int tally);
struct kl_tally_view net_view(int node, int tally);
struct kl_tally_result net_result(int node, int tally, unsigned metric, unsigned cohort);

/* ---- who lies (tally_cheat.c) ------------------------------------------------------------------- */

/* Called for each record that the machine of a node wants to write; true: it was dealt with, and what
 * was wanted is not written. */
extern bool (*net_lie)(int node, uint32_t kind, struct kl_bytes payload);
/* Seats of a tally (bit j - 1 for seat j) of which nothing is expected; at most t - 1 of them. */
void net_set_lying(int tally, uint16_t seats);
uint16_t net_lying(int tally);
/* Members that wrote what no honest machine writes, in any tally: nothing is said of what they contribute. */
void net_set_false(int node);
bool net_is_false(int node);

/* ---- between the network and its observer (tally_watch.c and others) ---------------------------- */

void net_watch_begin(void);
void net_watch_end(void);
/* Looks at what an honest node is going to write; and at each record that was written, by anybody. */
void net_watch(int node, uint32_t kind, struct kl_bytes payload);
void net_watch_written(int node, const struct net_record *record);

int net_tallies(void);
int net_index_of(const struct kl_id *tally); /* -1: none */
size_t net_have(int node, int author);       /* records of `author` that `node` has committed */
/* Record `seq` of `author` as `node` holds it (node < 0: of the first branch). */
const struct net_record *net_held(int node, int author, size_t seq);
/* Every record that anybody ever wrote: of branch 0 and 1. */
size_t net_length(int author, unsigned branch);
const struct net_record *net_record_at(int author, unsigned branch, size_t seq);
/* How many records of a feed are the same for everybody, whatever happens to it. */
size_t net_certain(int author);
/* The record of that id, wherever it is; NULL if there is none. */
const struct net_record *net_find(const struct kl_id *id);
/* Appends a record that a node holds, whole and signed; false if it holds none of that id. */
bool net_whole_record(int node, const struct kl_id *id, struct kl_writer *w);
bool net_is_erased(int node, int author, size_t seq);
bool net_is_frozen(int node, int author);
bool net_has_key(int node, int tally);
const uint8_t *net_key_of(int node, int tally); /* 32 bytes, also after it was unlinked */
uint16_t net_minimum(void);
const struct kl_tally_call *net_terms_of(int tally);
const struct kl_tally_roster *net_roster_of(int tally);

/* Who sits: n 0 if nobody knows the tally or no committee could be drawn. */
const struct kl_committee *net_committee(int tally);
int net_seat_node(int tally, unsigned seat);
unsigned net_seat_of(int tally, int node); /* 0: none */
bool net_is_lying(int tally, unsigned seat);

#endif
