/* The network as this member takes part in it: roster, replication, what members say in public, and
 * the tallies.
 *
 * commit     a record is on disk here; from then on it exists: the roster folds it, caches take it
 *            in, the tallies hear of it, and peers are told
 * own feed   what this member signs; appended to by kl_network_append() alone
 *
 * reopen     what the roster says of the own feed, or of who is the convenor, changed: once the loop has
 *            turned everything is folded anew from the store, as at a start, and links stay
 *
 * The machines (protocol/sync.h, protocol/tally.h) decide; here their effects are carried out. An
 * effect that brings news (a record was stored) never steps a machine from within: the news is
 * queued and given when the effects are done. */
#ifndef KL_DAEMON_NETWORK_H
#define KL_DAEMON_NETWORK_H

#include "daemon/definitions.h"
#include "daemon/erasures.h"
#include "daemon/links.h"
#include "daemon/log.h"
#include "daemon/members.h"
#include "daemon/node.h"
#include "daemon/posts.h"
#include "daemon/policies.h"
#include "daemon/recovering.h"
#include "daemon/roster_order.h"
#include "protocol/roster.h"
#include "protocol/sync.h"
#include "protocol/tally.h"
#include "store/feeds.h"

struct kl_news;     /* queued for the sync machine */
struct kl_counting; /* the tallies at work */

enum { KL_CONSENT_WAITS_MAX = 8 };

/* What consent = always waits for (consent.h). */
struct kl_consent_state {
	struct kl_id waits[KL_CONSENT_WAITS_MAX]; /* tallies of which the log says so, in turn */
	unsigned next;
	uint64_t look_ms; /* monotonic: when it is looked at them again */
};

struct kl_network {
	struct kl_node *node;
	struct kl_ticket ticket;
	struct kl_roster roster;
	struct kl_roster_order order; /* of it; see roster_order.h */
	struct kl_verifier verifier;
	struct kl_sync *sync;
	struct kl_members members;
	struct kl_definitions definitions;
	struct kl_posts posts;
	struct kl_erasures erasures; /* to be looked at when all is folded */
	struct kl_policies policies;
	struct kl_counting *counting;
	struct kl_feed_key own;
	struct kl_head head;             /* of the own feed */
	struct kl_recovering recovering; /* whether it takes records now */
	bool working, closing;
	bool moved;         /* the roster, since kl_network_settle() */
	uint64_t below;     /* the next upstream ranks below this (upstreams.c) */
	uint64_t looked_ms; /* when upstreams were last looked after */
	struct kl_log_quota remarks, put_failures;
	struct kl_news *news, **news_end;
	uv_timer_t sync_timer, tally_timer, tell_timer, reopen_timer;
	struct kl_consent_state consent;
	unsigned open; /* timers that are not closed yet */
};

/* Opens the network that the ticket in the home names, if there is one: folds what is stored, then
 * calls peers. node->network stays NULL without a ticket. */
int kl_network_start(struct kl_node *node, struct kl_fault *fault);

/* Closes links and timers; frees it once the loop has turned. NULL is accepted. */
void kl_network_stop(struct kl_network *network);

/* Stops it and starts it anew when the loop has turned (see "reopen" above). */
void kl_network_reopen(struct kl_network *network);

/* Whether the own feed takes records now: KL_E_DENIED or KL_E_BUSY with the reason if not. */
int kl_network_may_append(const struct kl_network *network, struct kl_fault *fault);

struct kl_saying {
	uint32_t kind;
	struct kl_bytes payload;
};

enum { KL_SAYINGS_MAX = KL_STORE_RUN_RECORDS_MAX }; /* records appended in one commit */

/* Signs and commits records of the own feed, all in one commit, then lets everybody know. KL_E_DENIED
 * or KL_E_BUSY as kl_network_may_append() says; KL_E_INVALID for a text that would do harm where it is
 * shown (protocol/texts.h); else as kl_store_commit(). `ret_id` (may be NULL) is
 * the id of the last one. */
int kl_network_append_all(struct kl_network *network, const struct kl_saying *sayings, size_t n,
	struct kl_id *ret_id, struct kl_fault *fault);

/* The same, together with whatever the batch holds: all of it is kept, or nothing. The batch is
 * destroyed in any case (NULL: out of memory). */
int kl_network_append_with(struct kl_network *network, const struct kl_saying *sayings, size_t n,
	struct kl_batch *batch, struct kl_id *ret_id, struct kl_fault *fault);

/* One record, in a commit of its own. */
int kl_network_append(struct kl_network *network, uint32_t kind, struct kl_bytes payload,
	struct kl_id *ret_id, struct kl_fault *fault);

/* Whether this member is the convenor of the network, and whether it is on the roster. */
bool kl_network_is_convenor(const struct kl_network *network);
const struct kl_roster_member *kl_network_self(const struct kl_network *network);

/* The book of tallies, for asking. */
const struct kl_tallies *kl_network_tallies(const struct kl_network *network);

/* Makes what this member publishes of itself (profile, endpoints) catch up with what it is. */
void kl_network_introduce(struct kl_network *network);

/* Acts on settings that have changed: the seat that this member offers, and its consent. */
void kl_network_resettle(struct kl_network *network);

/* What links ask and tell (context: the node). */
extern const struct kl_links_hooks kl_network_hooks;

/* ---- between the files of the network ------------------------------------------------------ */

/* A record that was just committed, of anybody's feed. After the last of a commit the roster's news
 * are acted on, all at once: a first catch-up brings hundreds of them. */
void kl_network_committed(struct kl_network *network, const struct kl_record *record);
void kl_network_settle(struct kl_network *network);

/* Whether there is any reason to talk to a member: before the roster has come, only with the
 * convenor. */
bool kl_network_knows(const struct kl_network *network, const struct kl_id *member);

/* Whom this member calls by itself (upstreams.c): calls who is missing, and lets go of addresses
 * that nobody publishes any more. */
void kl_network_call_peers(struct kl_network *network);
void kl_network_hang_up_stale(struct kl_network *network);

/* Where others reach this member: what it advertises, or where it listens; empty if nowhere, or if
 * it listens on every address and nobody said by which one it is reached. */
const char *kl_network_address(const struct kl_node *node);

/* Takes the addresses of another ticket of the same network. */
void kl_network_readdress(struct kl_network *network, const struct kl_ticket *ticket);

/* Steps the machine and carries out what it wants (replicate.c). */
void kl_replicate(struct kl_network *network, struct kl_sync_event *event);

/* The store's and the protocol's names for the same things. */
struct kl_feed_id kl_feed_id_of(const struct kl_feed_key *key);
int kl_record_from_store(const struct kl_stored_record *stored, struct kl_record *ret_record);
void kl_record_to_store(const struct kl_record *record, struct kl_stored_record *ret_stored);

/* Queued for the machine; given by kl_network_deliver(), which does nothing while it is at work. */
void kl_network_queue_sync(struct kl_network *network, const struct kl_sync_event *event);
void kl_network_deliver(struct kl_network *network);
void kl_network_drop_news(struct kl_network *network);

/* Whether only the roster's records are taken from peers (disk.h). Told, as news, with the next step. */
void kl_network_hold(struct kl_network *network, bool hold);

/* Tallies (counting.c). */
int kl_counting_open(struct kl_network *network, struct kl_fault *fault);
void kl_counting_ready(struct kl_network *network); /* all was given, and it may speak */
void kl_counting_record(struct kl_network *network, const struct kl_record *record);
/* A feed is frozen by a fork, or ended by the roster: gives what is stored of it from there on. */
int kl_counting_frozen(struct kl_network *network, const struct kl_feed_id *feed);
/* The roster names another convenor. */
void kl_counting_handed_over(struct kl_network *network);
void kl_counting_heard(struct kl_network *network, const struct kl_id *member);
void kl_counting_resettle(struct kl_network *network); /* the settings have changed */
void kl_counting_close(struct kl_network *network);

/* The owner's word on a tally: these bins (one for each metric, or KL_ABSENT), or no. Errors and
 * faults as kl_tallies_step(). */
int kl_counting_contribute(struct kl_network *network, const struct kl_id *tally,
	const int16_t *bins, size_t count, struct kl_fault *fault);
int kl_counting_decline(
	struct kl_network *network, const struct kl_id *tally, struct kl_fault *fault);
int kl_counting_withdraw(
	struct kl_network *network, const struct kl_id *tally, struct kl_fault *fault);

#endif
