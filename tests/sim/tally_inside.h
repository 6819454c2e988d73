/* Inside of the simulated network: for tally_net.c, tally_node.c, tally_feed.c, tally_people.c and
 * tally_cheap.c alone. */
#ifndef KL_TESTS_SIM_TALLY_INSIDE_H
#define KL_TESTS_SIM_TALLY_INSIDE_H

#include "tests/sim/tally_net.h"
#include "tests/sim/tally_time.h"

enum { NET_START_MS = 1000000 };

/* Something that a node's machine is going to be told. */
struct net_todo {
	enum kl_tally_event_kind kind;
	struct kl_id tally;
	int author;
	unsigned branch;
	size_t seq;
	int16_t bins[NET_METRICS];
	size_t count;
};

/* A key file and a document of kept answers. */
struct net_secret {
	struct kl_id tally;
	bool key_here, answers_here;
	uint8_t key[KL_SEED_BYTES];
	int16_t bins[NET_METRICS];
	size_t count;
};

/* What a node holds of the feed of another. */
struct net_holding {
	size_t have;
	unsigned branch; /* means something beyond the place where the feed forks */
	bool frozen;
	uint64_t heard_at;
	uint8_t *erased;
	size_t erased_len;
};

struct net_node {
	struct kl_id id;
	uint8_t pen[KL_SEED_BYTES]; /* what it signs with */
	bool up, gone;              /* gone: down until a story says otherwise */
	bool seat;
	struct kl_tallies *book;
	struct net_holding holds[NET_NODES_MAX];
	struct net_secret secrets[NET_TALLIES_MAX];
	size_t secret_count;
	struct net_todo *todo; /* a ring */
	size_t todo_first, todo_count, todo_capacity;
	int64_t skew_ms;
	int answer; /* of the last owner's event */
	uint64_t wake_at;
};

extern struct net_node net_node[NET_NODES_MAX];
extern struct net_options net_options_now;
extern struct kl_id net_network;

/* ---- tally_net.c ---------------------------------------------------------------------------- */

bool net_happens(unsigned of_thousand);
uint64_t net_called_ms(void); /* when the last CALL was */
const struct kl_tally_roster *net_frozen_by(const struct kl_id *call);

/* ---- tally_node.c --------------------------------------------------------------------------- */

void net_node_begin(int node);
void net_node_end(int node);
void net_tell(int node, struct net_todo todo); /* in its time: see net_work */
void net_work(int node);
void net_start(int node);
void net_stop(int node);
void net_wake(int node, uint64_t planned_at);
struct net_secret *net_secret_of(int node, const struct kl_id *tally);

/* ---- tally_feed.c --------------------------------------------------------------------------- */

void net_feeds_end(void);
void net_receive(int node, const struct net_event *message);
void net_synchronise(int node);
/* Its feed ends for everybody after `count` records. */
void net_end_feed(int author, size_t count);
/* Whether others link with it at all. */
void net_link(int node, bool linked);
void net_erase(int node, int author, size_t seq);
/* Gives the machine what its node holds of a feed that has forked or ended, and not everybody will get. */
void net_tell_loose(int node, int author);
/* How many records of a feed are given to a machine that starts; what is held beyond is frozen. */
size_t net_readable(int node, int author);
/* Appends a whole record that the node holds, as kl_record_write() does: by its id, or out of an EVIDENCE
 * with the id `within`. False if it holds none. */
bool net_whole(int node, const struct kl_tally_source *source, struct kl_writer *w);

/* ---- tally_people.c ------------------------------------------------------------------------- */

void net_people_begin(void);

/* ---- tally_cheap.c -------------------------------------------------------------------------- */

/* Signs as a member and checks it; no other program can read these signatures. */
void net_sign(int node, struct kl_bytes message, uint8_t ret_signature[KL_SIGNATURE_BYTES]);
struct kl_verifier *net_verifier(void);

#endif
