/* The header of a record: who said something, where it stands in their feed, and the hash of what
 * was said.
 *
 * feed       the records of one author in one epoch, numbered 1, 2, 3 ..
 * epoch      0 until the convenor resets a feed that was forked; each epoch is a feed of its own
 * canonical  a msgpack array of ten in fixed order and shortest forms, at most 256 bytes; what is
 *            read is written again and compared, so that one header has one encoding and one id
 * key id     8 bytes that name the signing key (record.h)
 *
 * Kind numbers are fixed for ever. A kind that is not in this table is stored and passed on all
 * the same, so that old daemons carry what newer ones say. */
#ifndef KL_PROTOCOL_HEADER_H
#define KL_PROTOCOL_HEADER_H

#include "core/bytes.h"
#include "protocol/wire.h"

enum {
	KL_HEADER_VERSION = 1,
	KL_HEADER_MAX = 256,       /* bytes of an encoded header */
	KL_PAYLOAD_MAX = 64 << 10, /* bytes of a payload */
	KL_KEY_ID_BYTES = 8,
};

/* Kinds by number: 1-15 network and members, 16-31 roster (the convenor's feed only), 32-47 what
 * members publish, 64-95 tallies. OWN means that a record of the kind must carry its author's own
 * signature and is checked by it alone; the others may be certified by a later record. */
#define KL_KIND_MAP(X)                                                                             \
	X(NETWORK_CREATE, 1, "network create", false)                                              \
	X(PROFILE, 2, "profile", false)                                                            \
	X(ENDPOINTS, 3, "endpoints", false)                                                        \
	X(KEY_ROTATE, 4, "key rotate", false)                                                      \
	X(CHARTER, 16, "charter", false)                                                           \
	X(ADMIT, 17, "admit", false)                                                               \
	X(RETIRE, 18, "retire", false)                                                             \
	X(SUSPEND, 19, "suspend", false)                                                           \
	X(REMOVE, 20, "remove", false)                                                             \
	X(RESET, 21, "reset", false)                                                               \
	X(ERASE, 22, "erase", false)                                                               \
	X(NEXT_CONVENOR, 23, "next convenor", false)                                               \
	X(FORK_PROOF, 24, "fork proof", false)                                                     \
	X(ADOPT, 25, "adopt", false)                                                               \
	X(FIGURE_PUBLISH, 32, "figure", false)                                                     \
	X(FIGURE_WITHDRAW, 33, "figure withdrawn", false)                                          \
	X(LESSON, 34, "lesson", false)                                                             \
	X(QUESTION, 35, "question", false)                                                         \
	X(ANSWER, 36, "answer", false)                                                             \
	X(POLICY, 37, "policy", false)                                                             \
	X(DEFINITION, 38, "definition", false)                                                     \
	X(CORRECT, 39, "correction", false)                                                        \
	X(WITHDRAW, 40, "withdrawal", false)                                                       \
	X(TALLY_CALL, 64, "tally call", true)                                                      \
	X(TALLY_ACCEPT, 65, "tally accept", true)                                                  \
	X(TALLY_SHARE, 66, "tally share", false)                                                   \
	X(TALLY_CONTRIB, 67, "tally contribution", false)                                          \
	X(TALLY_WITHDRAW, 68, "tally withdrawal", true)                                            \
	X(TALLY_INTAKE, 69, "tally intake", true)                                                  \
	X(TALLY_PROPOSE, 70, "tally proposal", true)                                               \
	X(TALLY_VOTE, 71, "tally vote", true)                                                      \
	X(TALLY_SKIP, 72, "tally skip", true)                                                      \
	X(TALLY_OPEN, 73, "tally opening", true)                                                   \
	X(TALLY_QUIT, 74, "tally quit", true)                                                      \
	X(TALLY_CLOSE, 75, "tally close", true)                                                    \
	X(TALLY_EVIDENCE, 76, "tally evidence", true)                                              \
	X(TALLY_DECLINE, 77, "tally decline", false)

enum kl_kind {
#define X(name, number, text, own) KL_KIND_##name = number,
	KL_KIND_MAP(X)
#undef X
};

/* Plain name of a kind, "unknown kind" for a number that is not in the table. Static memory. */
const char *kl_kind_name(uint32_t kind);

/* True if records of the kind count by their own signature (see above). */
bool kl_kind_signs_itself(uint32_t kind);

/* True if the kind belongs to the roster: it means something in the convenor's feed only, and each
 * one in force makes a new state of the roster. KL_KIND_ADOPT is the convenor's, too, but says nothing
 * of who belongs, and makes none: see protocol/roster.h. */
bool kl_kind_is_roster(uint32_t kind);

/* False for records that carry the roster, keys or a tally: nobody erases these. */
bool kl_kind_may_be_erased(uint32_t kind);

struct kl_header {
	struct kl_id author; /* Ed25519 identity */
	uint32_t epoch;
	uint8_t key_id[KL_KEY_ID_BYTES];
	uint64_t seq;      /* 1, 2, 3 .. */
	struct kl_id prev; /* id of the record before; for seq 1 the genesis of the feed */
	uint32_t kind;     /* enum kl_kind, or newer than this program */
	uint64_t time_ms;  /* as the author claims, since 1970: shown to people, decides nothing */
	uint32_t payload_len;      /* <= KL_PAYLOAD_MAX */
	struct kl_id payload_hash; /* BLAKE2b-256 of the payload, without tag */
};

/* Appends the canonical encoding. */
void kl_header_write(struct kl_writer *w, const struct kl_header *header);

/* Writes the canonical encoding into `out`; returns its length, never above KL_HEADER_MAX. */
size_t kl_header_encode(const struct kl_header *header, uint8_t out[KL_HEADER_MAX]);

/* Reads a header. KL_E_TOO_BIG above 256 bytes, KL_E_VERSION for another version, KL_E_MALFORMED
 * for anything that is not the canonical encoding of a header with seq >= 1. */
int kl_header_decode(struct kl_bytes bytes, struct kl_header *ret_header);

#endif
