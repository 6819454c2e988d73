#include "protocol/record.h"
#include "core/error.h"
#include "core/hash.h"

#include <string.h>

enum { SIGNED_MAX = sizeof KL_TAG_SIGNATURE - 1 + 2 * KL_ID_BYTES };

void kl_network_id(const struct kl_id *convenor, const char *name,
	const uint8_t nonce[KL_NETWORK_NONCE_BYTES], struct kl_id *ret_id)
{
	struct kl_hash hash;

	kl_hash_init(&hash, KL_TAG_NETWORK);
	kl_hash_add_id(&hash, convenor);
	kl_hash_add(&hash, kl_bytes_str(name));
	kl_hash_add(&hash, kl_bytes(nonce, KL_NETWORK_NONCE_BYTES));
	kl_hash_final(&hash, ret_id);
}

void kl_genesis(const struct kl_id *network, const struct kl_feed_key *feed, struct kl_id *ret_id)
{
	struct kl_hash hash;

	kl_hash_init(&hash, KL_TAG_GENESIS);
	kl_hash_add_id(&hash, network);
	kl_hash_add_id(&hash, &feed->author);
	kl_hash_add_u32(&hash, feed->epoch);
	kl_hash_final(&hash, ret_id);
}

void kl_key_id(const struct kl_id *public_key, uint8_t ret_key_id[KL_KEY_ID_BYTES])
{
	struct kl_bytes part = kl_id_bytes(public_key);
	struct kl_id hash;

	kl_hash_of(KL_TAG_KEY, &part, 1, &hash);
	memcpy(ret_key_id, hash.b, KL_KEY_ID_BYTES);
}

void kl_record_id(struct kl_bytes header, struct kl_id *ret_id)
{
	kl_hash_of(KL_TAG_RECORD, &header, 1, ret_id);
}

bool kl_feed_key_equal(const struct kl_feed_key *a, const struct kl_feed_key *b)
{
	return a->epoch == b->epoch && kl_id_equal(&a->author, &b->author);
}

int kl_feed_key_compare(const struct kl_feed_key *a, const struct kl_feed_key *b)
{
	int order = kl_id_compare(&a->author, &b->author);

	if (order)
		return order;
	return a->epoch < b->epoch ? -1 : a->epoch > b->epoch;
}

/* What a signature is over. */
static struct kl_bytes signed_bytes(
	const struct kl_id *network, const struct kl_id *id, uint8_t out[SIGNED_MAX])
{
	static const size_t tag = sizeof KL_TAG_SIGNATURE - 1;

	memcpy(out, KL_TAG_SIGNATURE, tag);
	memcpy(out + tag, network->b, KL_ID_BYTES);
	memcpy(out + tag + KL_ID_BYTES, id->b, KL_ID_BYTES);
	return kl_bytes(out, SIGNED_MAX);
}

/* ---- writing ------------------------------------------------------------------------------- */

int kl_record_make(const struct kl_author *author, const struct kl_head *head, uint32_t kind,
	uint64_t time_ms, struct kl_bytes payload, struct kl_record_memory *memory,
	struct kl_record *ret_record)
{
	struct kl_record r = {0};
	uint8_t message[SIGNED_MAX];

	if (payload.len > KL_PAYLOAD_MAX)
		return KL_E_TOO_BIG;
	r.h.author = author->feed.author;
	r.h.epoch = author->feed.epoch;
	kl_key_id(&author->feed.author, r.h.key_id);
	r.h.seq = head->seq + 1;
	if (head->seq)
		r.h.prev = head->id;
	else
		kl_genesis(&author->network, &author->feed, &r.h.prev);
	r.h.kind = kind;
	r.h.time_ms = time_ms;
	r.h.payload_len = (uint32_t)payload.len;
	kl_blake2b(payload, &r.h.payload_hash);
	r.header = kl_bytes(memory->header, kl_header_encode(&r.h, memory->header));
	kl_record_id(r.header, &r.id);
	kl_sign(author->keys, signed_bytes(&author->network, &r.id, message), memory->signature);
	r.signature = kl_bytes(memory->signature, KL_SIGNATURE_BYTES);
	r.payload = payload;
	*ret_record = r;
	return KL_OK;
}

void kl_record_write(struct kl_writer *w, const struct kl_record *record)
{
	kl_write_array(w, 3);
	kl_write_bin(w, record->header);
	if (record->signature.len)
		kl_write_bin(w, record->signature);
	else
		kl_write_nil(w);
	if (record->erased)
		kl_write_nil(w);
	else
		kl_write_bin(w, record->payload);
}

/* ---- reading ------------------------------------------------------------------------------- */

static int check_payload(const struct kl_record *r)
{
	struct kl_id hash;

	if (r->erased)
		return KL_OK;
	if (r->payload.len != r->h.payload_len)
		return KL_E_MALFORMED;
	kl_blake2b(r->payload, &hash);
	return kl_id_equal(&hash, &r->h.payload_hash) ? KL_OK : KL_E_MALFORMED;
}

int kl_record_open(const struct kl_value *value, struct kl_record *ret_record)
{
	struct kl_cursor c = kl_cursor(value);
	struct kl_value header, signature, payload;
	struct kl_record r = {0};
	int rc;

	if (value->type != KL_WIRE_ARRAY || value->count != 3 || !kl_cursor_next(&c, &header) ||
		!kl_cursor_next(&c, &signature) || !kl_cursor_next(&c, &payload))
		return KL_E_MALFORMED;
	if (kl_value_bin(&header, &r.header))
		return KL_E_MALFORMED;
	if (signature.type != KL_WIRE_NIL && kl_value_bin(&signature, &r.signature))
		return KL_E_MALFORMED;
	if (signature.type != KL_WIRE_NIL && r.signature.len != KL_SIGNATURE_BYTES)
		return KL_E_MALFORMED;
	r.erased = payload.type == KL_WIRE_NIL;
	if (!r.erased && kl_value_bin(&payload, &r.payload))
		return KL_E_MALFORMED;
	rc = kl_header_decode(r.header, &r.h);
	if (rc)
		return rc;
	rc = check_payload(&r);
	if (rc)
		return rc;
	kl_record_id(r.header, &r.id);
	*ret_record = r;
	return KL_OK;
}

int kl_record_decode(struct kl_bytes bytes, struct kl_record *ret_record)
{
	struct kl_value value;
	int rc;

	if (bytes.len > KL_RECORD_MAX)
		return KL_E_TOO_BIG;
	rc = kl_value_open(bytes, &value);
	return rc ? rc : kl_record_open(&value, ret_record);
}

bool kl_verify_ed25519(void *context, const struct kl_id *public_key, struct kl_bytes message,
	const uint8_t signature[KL_SIGNATURE_BYTES])
{
	(void)context;
	return kl_verify(public_key, message, signature) == KL_OK;
}

/* The signing key of a feed is its author's identity key until keys can be rotated; a header that
 * names another key is not from this author. */
static int verify_id(const struct kl_header *h, const struct kl_id *id, struct kl_bytes signature,
	const struct kl_id *network, struct kl_verifier *verifier)
{
	uint8_t message[SIGNED_MAX], key_id[KL_KEY_ID_BYTES];
	struct kl_bytes bytes = signed_bytes(network, id, message);

	kl_key_id(&h->author, key_id);
	if (memcmp(key_id, h->key_id, sizeof key_id) || signature.len != KL_SIGNATURE_BYTES)
		return KL_E_SIGNATURE;
	verifier->count++;
	if (!verifier->verify(verifier->context, &h->author, bytes, signature.data))
		return KL_E_SIGNATURE;
	return KL_OK;
}

int kl_record_verify(
	const struct kl_record *record, const struct kl_id *network, struct kl_verifier *verifier)
{
	return verify_id(&record->h, &record->id, record->signature, network, verifier);
}

/* ---- runs ---------------------------------------------------------------------------------- */

static bool of_feed(const struct kl_header *h, const struct kl_feed_key *feed)
{
	return h->epoch == feed->epoch && kl_id_equal(&h->author, &feed->author);
}

/* Neighbours by number and hash, all of one feed, and the first with the right genesis. */
static int check_links(const struct kl_id *network, const struct kl_feed_key *feed,
	const struct kl_record *records, size_t n)
{
	struct kl_id genesis;

	for (size_t i = 0; i < n; i++) {
		const struct kl_header *h = &records[i].h;

		if (!of_feed(h, feed))
			return KL_E_MALFORMED;
		if (i && (h->seq != records[i - 1].h.seq + 1 ||
				 !kl_id_equal(&h->prev, &records[i - 1].id)))
			return KL_E_MALFORMED;
	}
	if (records[0].h.seq > 1)
		return KL_OK;
	kl_genesis(network, feed, &genesis);
	return kl_id_equal(&records[0].h.prev, &genesis) ? KL_OK : KL_E_MALFORMED;
}

static size_t stored_bytes(const struct kl_record *records, size_t n)
{
	size_t bytes = 0;

	for (size_t i = 0; i < n; i++)
		bytes += records[i].header.len + records[i].signature.len + records[i].payload.len;
	return bytes;
}

/* Whether the place of the record is certain without a signature of its own. */
static bool is_certain(const struct kl_record *r, const struct kl_head *certified)
{
	return certified && r->h.seq == certified->seq && kl_id_equal(&r->id, &certified->id);
}

int kl_run_check(const struct kl_id *network, const struct kl_feed_key *feed,
	const struct kl_head *certified, struct kl_record *records, size_t n,
	struct kl_verifier *verifier, struct kl_run *ret_run)
{
	int rc;

	if (!n)
		return KL_E_MALFORMED;
	if (n > KL_RUN_RECORDS_MAX || stored_bytes(records, n) > KL_RUN_BYTES_MAX)
		return KL_E_TOO_BIG;
	rc = check_links(network, feed, records, n);
	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++) {
		bool last = i == n - 1 && !is_certain(&records[i], certified);

		if (!last && !kl_kind_signs_itself(records[i].h.kind)) {
			/* not checked: whoever stores it must not pass it on as if it were */
			records[i].signature = (struct kl_bytes){0};
			continue;
		}
		rc = kl_record_verify(&records[i], network, verifier);
		if (rc)
			return rc;
	}
	*ret_run = (struct kl_run){.feed = *feed,
		.from = records[0].h.seq,
		.prev = records[0].h.prev,
		.last = {records[n - 1].h.seq, records[n - 1].id},
		.n = n,
		.records = records};
	return KL_OK;
}
