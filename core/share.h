/* Cutting one member's answers into shares for a committee, and reading a share as a seat.
 *
 * dealer    the member that contributes
 * x         the member's cells (core/cells.h), L of them
 * vector    what one seat gets: its shares of x | w_1..w_3 | mask_1..mask_3, L + 6 elements; w and
 *           mask blind the two tests of whether x is one-hot, three repetitions each
 * seed      32 bytes that expand to a whole vector. Seats below t get theirs instead of the vector;
 *           seed 0 stays with the dealer and makes masks at 0 and the high points of each w
 * body      a seed (kind 1) or an encoded vector (kind 2)
 * number    of the contribution, 1..3; each has new seeds: one seed used twice would show a full
 *           seat the difference of both answers
 *
 * x and masks lie on polynomials of degree t - 1, each w on one of degree 2t - 2 that is 0 at 0
 * (QB1, definition 6). The plaintext names tally, author, number, seat, kind, policy and schema
 * before the body, inside the seal, so that nobody can republish another's blob as their own. */
#ifndef KL_CORE_SHARE_H
#define KL_CORE_SHARE_H

#include "core/bytes.h"
#include "core/cells.h"
#include "core/committee.h"
#include "core/seal.h"

enum {
	KL_SHARE_TESTS = 3,
	KL_SHARE_EXTRA = 2 * KL_SHARE_TESTS, /* elements of a vector after x */
	KL_SHARE_HEADER = 144,               /* bytes before the body */
	KL_SHARE_NUMBER_MAX = 3,             /* contributions of one member to one tally */
	KL_SHARE_VECTOR_MAX = KL_CELLS_MAX + KL_SHARE_EXTRA,
	KL_SHARE_PLAIN_MAX = KL_SHARE_HEADER + 8 * KL_SHARE_VECTOR_MAX,
	KL_SHARE_BLOB_MAX = KL_SHARE_PLAIN_MAX + KL_SEAL_EXTRA,
};

enum kl_share_kind { KL_SHARE_SEED = 1, KL_SHARE_FULL = 2 };

/* What a share is bound to; the kind follows from seat and t. */
struct kl_share_binding {
	struct kl_id tally; /* id of the CALL record */
	struct kl_id author;
	struct kl_id policy;
	struct kl_id schema;
	uint32_t number; /* 1..KL_SHARE_NUMBER_MAX */
	uint8_t seat;    /* 1..n */
};

/* All shares of one contribution, while they are being sealed. Secret throughout. */
struct kl_dealing {
	struct kl_committee committee;
	size_t cells; /* L */
	uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES];
	uint64_t *rows; /* n + 1 of them, L + 6 elements each: the secret (at 0), then seat 1, .. */
};

/* Elements of the vector of a tally with that many cells: cells + 6. */
static inline size_t kl_share_elements(size_t cells)
{
	return cells + KL_SHARE_EXTRA;
}

/* Kind of the share of a seat: seed below t, full otherwise. */
enum kl_share_kind kl_share_kind_of(const struct kl_committee *committee, unsigned seat);

/* Exact lengths of plaintext and blob of a seat's share. */
size_t kl_share_plain_len(const struct kl_committee *committee, unsigned seat, size_t cells);
size_t kl_share_blob_len(const struct kl_committee *committee, unsigned seat, size_t cells);

/* Deals `x` (`cells` reduced elements, at most KL_CELLS_MAX) with t fresh seeds, seeds[0] first.
 * KL_E_TOO_BIG, KL_E_NOMEM; then there is nothing to deinit. The caller wipes x and seeds. */
int kl_deal_init(const struct kl_committee *committee, const uint64_t *x, size_t cells,
	const uint8_t seeds[][KL_SEED_BYTES], struct kl_dealing *ret_dealing);

/* Wipes and frees; a zeroed struct is accepted. */
void kl_deal_deinit(struct kl_dealing *dealing);

/* The vector of a seat: kl_share_elements(cells) elements, alive as long as the dealing. */
const uint64_t *kl_deal_vector(const struct kl_dealing *dealing, unsigned seat);

/* Writes the plaintext for the seat that `binding` names, kl_share_plain_len bytes. */
void kl_deal_plain(const struct kl_dealing *dealing, const struct kl_share_binding *binding,
	uint8_t *ret_plain);

/* Plaintext and seal in one: writes kl_share_blob_len bytes. `recipient` is the per-tally key of
 * the seat's ACCEPT, `one_time` fresh for each blob. KL_E_INVALID for an impossible recipient,
 * KL_E_NOMEM. */
int kl_deal_blob(const struct kl_dealing *dealing, const struct kl_share_binding *binding,
	const struct kl_id *recipient, const uint8_t one_time[KL_SEED_BYTES], uint8_t *ret_blob);

/* Reads a plaintext as the seat that `expected` names: its header must say exactly what `expected`
 * says, its length must be exact, its kind the seat's, its elements below p. Writes the seat's
 * whole vector (kl_share_elements(cells)), expanded if the body is a seed.
 * KL_E_MALFORMED for form, KL_E_CONFLICT if it is bound to something else than expected. */
int kl_share_read(const struct kl_committee *committee, const struct kl_share_binding *expected,
	size_t cells, struct kl_bytes plain, uint64_t *ret_vector);

/* Opens the blob with the seat's per-tally key and reads it; errors as kl_share_read (a blob that
 * does not open is KL_E_MALFORMED), and KL_E_NOMEM. Nothing readable is left behind in memory but
 * the vector. */
int kl_share_open(const struct kl_committee *committee, const struct kl_share_binding *expected,
	size_t cells, const struct kl_box_keys *keys, struct kl_bytes blob, uint64_t *ret_vector);

/* The same for a share of which it is not known yet to which contribution it belongs: whatever
 * `expected` says, each number 1..KL_SHARE_NUMBER_MAX is right, and *ret_number is the one it says. */
int kl_share_open_any(const struct kl_committee *committee, const struct kl_share_binding *expected,
	size_t cells, const struct kl_box_keys *keys, struct kl_bytes blob, uint64_t *ret_vector,
	uint32_t *ret_number);

#endif
