/* A whole network of tally machines in one process: virtual time, seeds, faults, and an observer
 * who sees everything and checks at each record what must never happen.
 *
 * node      a member's daemon: its book, what it has committed of every feed, its key files and
 *           kept answers. Node 0 is the convenor, which contributes nothing
 * feed      the records of one node, which others come to hold in order, by messages that are lost,
 *           doubled and overtaken, and by asking each other what is missing
 * crash     a node loses its book, between any two effects; it comes back from what it committed */
#ifndef KL_TESTS_SIM_TALLY_NET_H
#define KL_TESTS_SIM_TALLY_NET_H

#include "protocol/tally.h"

enum {
	NET_NODES_MAX = 41,
	NET_TALLIES_MAX = 4,
	NET_METRICS = 2,
	NET_SCORE = 0,    /* lm3.score, 16 bins */
	NET_MATURITY = 1, /* maturity.c1, 5 bins */
	NET_CONTRIBUTE_MS = 30000,
	NET_DECIDE_MS = 20000,
};

struct net_options {
	int councils, anchors;
	uint16_t minimum;
	size_t part_bytes; /* 0: the usual */
	/* out of 1000 */
	unsigned drop, commit_fails, crash;
	bool late_call; /* feeds are replayed in any order, some records before their CALL */
};

struct net_record {
	struct kl_id id, hash;
	uint32_t kind;
	uint64_t time_ms;
	uint8_t *payload;
	size_t len;
};

struct net_feed {
	struct net_record *records;
	size_t count, capacity;
};

extern bool net_trace;
extern struct net_feed net_feeds[NET_NODES_MAX];
extern struct kl_tally_roster net_roster; /* as it stands now; changed by stories before a call */

/* Life of a story. */
void net_begin(const char *story, uint64_t seed, const struct net_options *options);
void net_end(void);
void net_faults(unsigned drop, unsigned commit_fails, unsigned crash);

uint64_t net_random(uint64_t below);
uint64_t net_now(void);
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

/* The convenor prepares and publishes it. Gives the index of the tally, or an error. */
int net_call(struct kl_tally_call *call, struct kl_fault *fault);
/* Publishes a CALL as it stands, whatever its daemon thinks of it. */
int net_call_anyway(const struct kl_tally_call *call);
const struct kl_id *net_tally(int index);

/* The owner of a node agrees or declines; gives what the machine answers. */
int net_answer(int node, int tally, int16_t score, int16_t maturity);
int net_decline(int node, int tally);
/* What a node really answered, as its kept document says; false if it kept none. */
bool net_answers_of(int node, int tally, int16_t ret_bins[NET_METRICS]);

/* Appends any record to a node's feed: for those who do not play by the rules. */
void net_forge(int node, uint32_t kind, const void *payload, size_t len);
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

/* ---- between the network and its observer (tally_watch.c) ----------------------------------- */

void net_watch_begin(void);
/* Looks at a record before it is committed, and at all votes and QUITs after one was. */
void net_watch(int node, uint32_t kind, struct kl_bytes payload);
void net_watch_certificates(void);

int net_tallies(void);
int net_index_of(const struct kl_id *tally); /* -1: none */
size_t net_have(int node, int author);       /* records of `author` that `node` has committed */
bool net_is_erased(int node, int author, size_t seq);
bool net_has_key(int node, int tally);
uint16_t net_minimum(void);
const struct kl_tally_call *net_terms_of(int tally);
const struct kl_tally_roster *net_roster_of(int tally);

#endif
