/* The roster: who belongs to the network, as a fold over the convenor's own feed.
 *
 * network create  record 1 of the convenor's feed: name, network id, the convenor's CURVE key
 * charter         the network's policy: smallest cohort, durations of tallies, metrics
 * admitted        on the roster with attributes that the convenor confirmed
 * active          admitted and neither suspended, retired nor removed
 * contributor     active council or anchor: whose answers may enter a tally. The convenor is one
 *                 only if it admitted itself as council or anchor.
 * roster hash     id of the last roster record in force; names a state of the roster exactly
 * frozen roster   the fold up to and with the record of a given id
 * reset           a member's feed was forked and goes on in its next epoch; the one before ends where
 *                 the convenor says, for good, and is kept
 * next convenor   the roster goes on in the feed of a member, behind a place that the convenor names;
 *                 what the former convenor says from then on is no roster record
 * erased          the convenor asks everybody to erase a record's payload. Those of the roster, of keys
 *                 and of tallies stay, whatever it says: see kl_kind_may_be_erased()
 * adopted         a definition of a member's own indicator that the convenor proposes to all. It
 *                 changes nothing that tallies rest on, so it leaves version and hash as they are:
 *                 versions of this program that do not know it freeze the same roster
 *
 * A record that breaks a rule is refused by the fold with a sentence and changes nothing; everybody
 * folds the same records in the same order and so refuses the same ones. The convenor's daemon tries
 * a record on a copy before it signs it. */
#ifndef KL_PROTOCOL_ROSTER_H
#define KL_PROTOCOL_ROSTER_H

#include "protocol/payload_definition.h"
#include "protocol/payload_roster.h"
#include "protocol/record.h"

enum {
	KL_ROSTER_MEMBERS_MAX = 5000,
	KL_ROSTER_ADOPTED_MAX = 256,
	KL_ROSTER_CONVENORS_MAX = 32, /* former ones */
	KL_ROSTER_PAST_MAX = 1000,    /* epochs that were reset, of all members together */
};

enum kl_member_state {
	KL_MEMBER_ACTIVE,
	KL_MEMBER_SUSPENDED, /* takes no part for a while; its feed stays */
	KL_MEMBER_RETIRED,   /* left; its feed ends */
	KL_MEMBER_REMOVED,   /* put out; its feed ends, its links are cut */
};

/* "active", "suspended", "retired", "removed". */
const char *kl_member_state_name(enum kl_member_state state);

struct kl_roster_member {
	struct kl_id identity;
	uint8_t curve_key[32];
	char name[KL_MEMBER_NAME_MAX];
	struct kl_attributes attributes;
	enum kl_member_state state;
	uint32_t epoch; /* 0 until a reset */
	bool ended;     /* retired or removed: the feed ends at `end` */
	struct kl_head end;
	struct kl_feed_key since_feed; /* the roster record that admitted it */
	uint64_t since_seq;
	uint64_t since; /* version of the roster then: later ones are higher */
};

/* A feed that carried the roster, up to the record that names the next convenor. */
struct kl_past_convenor {
	struct kl_feed_key feed;
	struct kl_head end;
};

/* An epoch of a member's feed that was reset. */
struct kl_past_epoch {
	struct kl_feed_key feed;
	struct kl_head end;
};

struct kl_adopted {
	struct kl_id author;
	char code[KL_DEFINITION_SLUG_MAX];
	struct kl_id definition; /* see kl_definition_id() */
};

struct kl_roster {
	struct kl_id network;    /* all zero until network create was folded */
	struct kl_feed_key feed; /* the convenor's: which records count */
	struct kl_past_convenor
		convenors[KL_ROSTER_CONVENORS_MAX]; /* former ones, the first first */
	size_t n_convenors;
	char name[KL_MEMBER_NAME_MAX];
	uint8_t curve_key[32]; /* the convenor's */
	struct kl_charter charter;
	uint64_t seq;                     /* of the last record seen, roster or not */
	uint64_t version;                 /* roster records in force so far */
	struct kl_id hash;                /* of the last one in force; zero if none */
	struct kl_roster_member *members; /* sorted by identity */
	size_t n_members, capacity;
	struct kl_past_epoch *past; /* sorted by feed */
	size_t n_past;
	struct kl_id
		*erased; /* records, sorted; a few bytes for each erase in the convenor's feed */
	size_t n_erased, erased_capacity;
	struct kl_adopted *adopted; /* in the order of their first adoption */
	size_t n_adopted;
};

/* An empty roster of the network whose convenor is known from the ticket. `network` may be NULL
 * for the convenor's own daemon before the network exists; then the first record decides. */
void kl_roster_init(
	struct kl_roster *roster, const struct kl_id *network, const struct kl_id *convenor);
void kl_roster_deinit(struct kl_roster *roster);
int kl_roster_copy(const struct kl_roster *roster, struct kl_roster *ret_roster);

/* Whether this is the next record to be folded. Of a convenor's feed what stands before the place where
 * the roster came to it, and behind the one where it left, is none. */
bool kl_roster_awaits(const struct kl_roster *roster, const struct kl_record *record);

/* Folds the next record of the convenor's feed (checked already: chain and signature). Kinds that
 * are no roster records change nothing but `seq`. Returns 0, or the reason why the record is not in
 * force, with a sentence; the fold goes on with the next. KL_E_BUG if it is not the next record of
 * this feed, KL_E_NOMEM: then nothing at all changed. */
int kl_roster_apply(
	struct kl_roster *roster, const struct kl_record *record, struct kl_fault *fault);

/* Whether the roster stands in that feed, or did. */
bool kl_roster_stood_in(const struct kl_roster *roster, const struct kl_feed_key *feed);

/* NULL if not on the roster. Valid until the next apply. */
const struct kl_roster_member *kl_roster_find(
	const struct kl_roster *roster, const struct kl_id *identity);
const struct kl_roster_member *kl_roster_find_curve(
	const struct kl_roster *roster, const uint8_t curve_key[32]);

/* Whether the roster ends a feed, and where: an epoch that was reset, that of who has left, or that of a
 * former convenor who is no member. */
bool kl_roster_ends(
	const struct kl_roster *roster, const struct kl_feed_key *feed, struct kl_head *ret_end);

/* Whether the payload of the record is to be erased. */
bool kl_roster_erases(const struct kl_roster *roster, const struct kl_record *record);

/* What the convenor has adopted of that author and code, or NULL. Valid until the next apply. */
const struct kl_adopted *kl_roster_adopted(
	const struct kl_roster *roster, const struct kl_id *author, const char *code);

/* Whether a CURVE key may link with us now: the convenor and active members. Gives its identity. */
bool kl_roster_admits(
	const struct kl_roster *roster, const uint8_t curve_key[32], struct kl_id *ret_identity);

/* Whether the member may contribute to tallies and sit in committees. */
bool kl_roster_contributes(const struct kl_roster_member *member);
size_t kl_roster_contributors(const struct kl_roster *roster);

bool kl_roster_is_convenor(const struct kl_roster *roster, const struct kl_id *identity);

#endif
