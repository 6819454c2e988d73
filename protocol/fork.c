/* Fork proofs of record.h: two certified chains of headers that leave one place. */
#include "core/error.h"
#include "protocol/record.h"

#include <string.h>

/* ---- writing ------------------------------------------------------------------------------- */

/* How many records lead to the first signed one, that one too; 0 if none is signed. */
static size_t up_to_signed(const struct kl_record *records, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (records[i].signature.len)
			return i + 1;
	return 0;
}

static void write_chain(struct kl_writer *w, const struct kl_record *records, size_t n)
{
	kl_write_array(w, n);
	for (size_t i = 0; i < n; i++)
		kl_write_bin(w, records[i].header);
	kl_write_bin(w, records[n - 1].signature);
}

int kl_fork_write(struct kl_writer *w, const struct kl_record *a, size_t na,
	const struct kl_record *b, size_t nb)
{
	size_t ka = up_to_signed(a, na), kb = up_to_signed(b, nb);

	if (!ka || !kb || ka > KL_RUN_RECORDS_MAX || kb > KL_RUN_RECORDS_MAX)
		return KL_E_INVALID;
	if (a->h.seq != b->h.seq || a->h.epoch != b->h.epoch ||
		!kl_id_equal(&a->h.author, &b->h.author) || !kl_id_equal(&a->h.prev, &b->h.prev) ||
		kl_id_equal(&a->id, &b->id))
		return KL_E_INVALID;
	kl_write_array(w, 6);
	kl_write_id(w, &a->h.author);
	kl_write_uint(w, a->h.epoch);
	if (kl_id_compare(&a->id, &b->id) < 0) {
		write_chain(w, a, ka);
		write_chain(w, b, kb);
	} else {
		write_chain(w, b, kb);
		write_chain(w, a, ka);
	}
	return KL_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Follows one chain from its first header, which is given back, to the signed last one. */
struct chain {
	struct kl_header first;
	struct kl_id first_id;
	struct kl_record last; /* header, id and signature */
};

static int read_chain(const struct kl_value *headers, const struct kl_value *signature,
	const struct kl_feed_key *feed, struct chain *chain)
{
	struct kl_cursor c = kl_cursor(headers);
	struct kl_record *last = &chain->last;
	struct kl_value item;
	size_t n = 0;

	if (headers->type != KL_WIRE_ARRAY || !headers->count ||
		headers->count > KL_RUN_RECORDS_MAX)
		return KL_E_MALFORMED;
	for (; kl_cursor_next(&c, &item); n++) {
		struct kl_record r = {.erased = true};

		if (kl_value_bin(&item, &r.header) || kl_header_decode(r.header, &r.h))
			return KL_E_MALFORMED;
		kl_record_id(r.header, &r.id);
		if (r.h.epoch != feed->epoch || !kl_id_equal(&r.h.author, &feed->author))
			return KL_E_MALFORMED;
		if (n && (r.h.seq != last->h.seq + 1 || !kl_id_equal(&r.h.prev, &last->id)))
			return KL_E_MALFORMED;
		if (!n) {
			chain->first = r.h;
			chain->first_id = r.id;
		}
		*last = r;
	}
	if (n != headers->count)
		return KL_E_MALFORMED;
	return kl_value_bin(signature, &last->signature);
}

static int check_place(const struct chain *a, const struct chain *b, const struct kl_id *network,
	const struct kl_feed_key *feed)
{
	struct kl_id genesis;

	if (a->first.seq != b->first.seq || !kl_id_equal(&a->first.prev, &b->first.prev) ||
		kl_id_compare(&a->first_id, &b->first_id) >= 0)
		return KL_E_MALFORMED;
	if (a->first.seq > 1)
		return KL_OK;
	kl_genesis(network, feed, &genesis);
	return kl_id_equal(&a->first.prev, &genesis) ? KL_OK : KL_E_MALFORMED;
}

static int read_proof(struct kl_bytes proof, struct kl_feed_key *feed, struct chain chains[2])
{
	struct kl_value array, item[6];
	struct kl_cursor c;
	uint64_t epoch;
	int rc;

	if (proof.len > KL_FORK_PROOF_MAX)
		return KL_E_TOO_BIG;
	if (kl_value_open(proof, &array) || array.type != KL_WIRE_ARRAY || array.count != 6)
		return KL_E_MALFORMED;
	c = kl_cursor(&array);
	for (int i = 0; i < 6; i++)
		if (!kl_cursor_next(&c, &item[i]))
			return KL_E_MALFORMED;
	if (kl_value_id(&item[0], &feed->author) || kl_value_uint(&item[1], UINT32_MAX, &epoch))
		return KL_E_MALFORMED;
	feed->epoch = (uint32_t)epoch;
	rc = read_chain(&item[2], &item[3], feed, &chains[0]);
	return rc ? rc : read_chain(&item[4], &item[5], feed, &chains[1]);
}

int kl_fork_check(struct kl_bytes proof, const struct kl_id *network, struct kl_verifier *verifier,
	struct kl_fork *ret_fork)
{
	struct kl_feed_key feed;
	struct chain chains[2];
	int rc;

	rc = read_proof(proof, &feed, chains);
	if (!rc)
		rc = check_place(&chains[0], &chains[1], network, &feed);
	for (int i = 0; i < 2 && !rc; i++)
		rc = kl_record_verify(&chains[i].last, network, verifier);
	if (rc)
		return rc;
	ret_fork->feed = feed;
	ret_fork->common.seq = chains[0].first.seq - 1;
	ret_fork->common.id = chains[0].first.prev;
	return KL_OK;
}
