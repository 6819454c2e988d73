/* The short records of a tally, and EVIDENCE: all that come in one piece but CALL. */
#include "core/hash.h"
#include "protocol/tally_wire.h"

#include <string.h>

static void begin(struct kl_writer *w, size_t fields, const struct kl_id *tally)
{
	kl_write_array(w, fields);
	kl_write_uint(w, KL_TALLY_VERSION);
	kl_write_id(w, tally);
}

static uint8_t seat_read(struct kl_list *list)
{
	uint8_t seat = (uint8_t)kl_list_uint(list, KL_SEATS_MAX);

	if (!list->rc && seat == 0)
		list->rc = KL_E_MALFORMED;
	return seat;
}

void kl_tally_result_hash(const struct kl_id *proposal, struct kl_id *ret_hash)
{
	struct kl_bytes part = kl_id_bytes(proposal);

	kl_hash_of("QB1/result", &part, 1, ret_hash);
}

int kl_tally_payload_tally(struct kl_bytes payload, struct kl_id *ret_tally)
{
	struct kl_value value;
	struct kl_list list = {0};
	struct kl_id tally;
	int rc = kl_value_open(payload, &value);

	if (rc)
		return rc;
	if (value.type != KL_WIRE_ARRAY)
		return KL_E_MALFORMED;
	list.cursor = kl_cursor(&value);
	if (kl_list_uint(&list, UINT32_MAX) != KL_TALLY_VERSION)
		return list.rc ? list.rc : KL_E_VERSION;
	kl_list_id(&list, &tally);
	if (!list.rc)
		*ret_tally = tally;
	return list.rc;
}

/* Every reader below ends alike: what was read is written again and must be the same bytes. */
#define READ(name)                                                                                 \
	int kl_tally_##name##_read(struct kl_bytes payload, struct kl_tally_##name *ret)           \
	{                                                                                          \
		struct kl_tally_##name x;                                                          \
		struct kl_list list;                                                               \
		struct kl_writer w;                                                                \
		int rc;                                                                            \
                                                                                                   \
		memset(&x, 0, sizeof(x));                                                          \
		kl_writer_init(&w);                                                                \
		list = name##_fields(payload, &x);                                                 \
		if (!list.rc)                                                                      \
			kl_tally_##name##_write(&w, &x);                                           \
		rc = kl_list_canonical(&list, &w, payload);                                        \
		kl_writer_deinit(&w);                                                              \
		if (!rc)                                                                           \
			*ret = x;                                                                  \
		return rc;                                                                         \
	}

/* ---- ACCEPT --------------------------------------------------------------------------------- */

void kl_tally_accept_write(struct kl_writer *w, const struct kl_tally_accept *accept)
{
	begin(w, 4, &accept->tally);
	kl_write_uint(w, accept->seat);
	kl_write_id(w, &accept->key);
}

static struct kl_list accept_fields(struct kl_bytes payload, struct kl_tally_accept *accept)
{
	struct kl_list list = kl_list_payload(payload, 4);

	kl_list_id(&list, &accept->tally);
	accept->seat = seat_read(&list);
	kl_list_id(&list, &accept->key);
	return list;
}

READ(accept)

/* ---- CONTRIB -------------------------------------------------------------------------------- */

void kl_tally_contrib_write(struct kl_writer *w, const struct kl_tally_contrib *contrib)
{
	uint8_t blobs[KL_SEATS_MAX * KL_ID_BYTES];

	for (unsigned i = 0; i < contrib->blob_count; i++)
		memcpy(blobs + (size_t)i * KL_ID_BYTES, contrib->blobs[i].b, KL_ID_BYTES);
	begin(w, 5, &contrib->tally);
	kl_write_uint(w, contrib->number);
	kl_write_bin(w, kl_bytes(contrib->presence, contrib->presence_len));
	kl_write_bin(w, kl_bytes(blobs, (size_t)contrib->blob_count * KL_ID_BYTES));
}

static struct kl_list contrib_fields(struct kl_bytes payload, struct kl_tally_contrib *contrib)
{
	struct kl_list list = kl_list_payload(payload, 5);
	struct kl_bytes bytes;

	kl_list_id(&list, &contrib->tally);
	contrib->number = (uint8_t)kl_list_uint(&list, KL_SHARE_NUMBER_MAX);
	if (!list.rc && contrib->number == 0)
		list.rc = KL_E_MALFORMED;
	bytes = kl_list_bin(&list);
	if (bytes.len > KL_PRESENCE_MAX)
		list.rc = KL_E_TOO_BIG;
	else if (bytes.len)
		memcpy(contrib->presence, bytes.data, bytes.len);
	contrib->presence_len = (uint8_t)(list.rc ? 0 : bytes.len);
	bytes = kl_list_bin(&list);
	if (!list.rc && (bytes.len % KL_ID_BYTES != 0 || bytes.len > sizeof(contrib->blobs)))
		list.rc = KL_E_MALFORMED;
	contrib->blob_count = (uint8_t)(list.rc ? 0 : bytes.len / KL_ID_BYTES);
	for (unsigned i = 0; i < contrib->blob_count; i++)
		memcpy(contrib->blobs[i].b, bytes.data + (size_t)i * KL_ID_BYTES, KL_ID_BYTES);
	return list;
}

READ(contrib)

/* ---- WITHDRAW ------------------------------------------------------------------------------- */

void kl_tally_withdraw_write(struct kl_writer *w, const struct kl_tally_withdraw *withdraw)
{
	begin(w, 3, &withdraw->tally);
	kl_write_uint(w, withdraw->number);
}

static struct kl_list withdraw_fields(struct kl_bytes payload, struct kl_tally_withdraw *withdraw)
{
	struct kl_list list = kl_list_payload(payload, 3);

	kl_list_id(&list, &withdraw->tally);
	withdraw->number = (uint8_t)kl_list_uint(&list, KL_SHARE_NUMBER_MAX);
	if (!list.rc && withdraw->number == 0)
		list.rc = KL_E_MALFORMED;
	return list;
}

READ(withdraw)

/* ---- DECLINE -------------------------------------------------------------------------------- */

void kl_tally_decline_write(struct kl_writer *w, const struct kl_tally_decline *decline)
{
	begin(w, 2, &decline->tally);
}

static struct kl_list decline_fields(struct kl_bytes payload, struct kl_tally_decline *decline)
{
	struct kl_list list = kl_list_payload(payload, 2);

	kl_list_id(&list, &decline->tally);
	return list;
}

READ(decline)

/* ---- VOTE ----------------------------------------------------------------------------------- */

void kl_tally_vote_write(struct kl_writer *w, const struct kl_tally_vote *vote)
{
	begin(w, 5, &vote->tally);
	kl_write_uint(w, vote->attempt);
	kl_write_uint(w, vote->seat);
	kl_write_id(w, &vote->proposal);
}

static struct kl_list vote_fields(struct kl_bytes payload, struct kl_tally_vote *vote)
{
	struct kl_list list = kl_list_payload(payload, 5);

	kl_list_id(&list, &vote->tally);
	vote->attempt = (uint32_t)kl_list_uint(&list, UINT32_MAX);
	vote->seat = seat_read(&list);
	kl_list_id(&list, &vote->proposal);
	return list;
}

READ(vote)

/* ---- SKIP ----------------------------------------------------------------------------------- */

void kl_tally_skip_write(struct kl_writer *w, const struct kl_tally_skip *skip)
{
	begin(w, 4, &skip->tally);
	kl_write_uint(w, skip->attempt);
	kl_write_uint(w, skip->seat);
}

static struct kl_list skip_fields(struct kl_bytes payload, struct kl_tally_skip *skip)
{
	struct kl_list list = kl_list_payload(payload, 4);

	kl_list_id(&list, &skip->tally);
	skip->attempt = (uint32_t)kl_list_uint(&list, UINT32_MAX);
	skip->seat = seat_read(&list);
	return list;
}

READ(skip)

/* ---- QUIT ----------------------------------------------------------------------------------- */

void kl_tally_quit_write(struct kl_writer *w, const struct kl_tally_quit *quit)
{
	begin(w, 4, &quit->tally);
	kl_write_uint(w, quit->seat);
	kl_write_array(w, quit->vote_count);
	for (unsigned i = 0; i < quit->vote_count; i++) {
		kl_write_array(w, 3);
		kl_write_uint(w, quit->votes[i].attempt);
		kl_write_id(w, &quit->votes[i].proposal);
		kl_write_id(w, &quit->votes[i].vote);
	}
}

static struct kl_list quit_fields(struct kl_bytes payload, struct kl_tally_quit *quit)
{
	struct kl_list list = kl_list_payload(payload, 4);
	struct kl_list votes;

	kl_list_id(&list, &quit->tally);
	quit->seat = seat_read(&list);
	votes = kl_list_array(&list, KL_SEATS_MAX);
	for (uint32_t i = 0; i < votes.count && !votes.rc; i++) {
		struct kl_list vote = kl_list_tuple(&votes, 3);

		quit->votes[i].attempt = (uint32_t)kl_list_uint(&vote, UINT32_MAX);
		kl_list_id(&vote, &quit->votes[i].proposal);
		kl_list_id(&vote, &quit->votes[i].vote);
		kl_list_end(&votes, &vote);
	}
	quit->vote_count = (uint8_t)votes.count;
	kl_list_end(&list, &votes);
	return list;
}

READ(quit)

/* ---- CLOSE ---------------------------------------------------------------------------------- */

void kl_tally_close_write(struct kl_writer *w, const struct kl_tally_close *close)
{
	begin(w, 4, &close->tally);
	kl_write_uint(w, (uint64_t)close->outcome);
	kl_write_id_or_nil(w, &close->result);
}

static struct kl_list close_fields(struct kl_bytes payload, struct kl_tally_close *close)
{
	struct kl_list list = kl_list_payload(payload, 4);
	uint64_t outcome;
	bool result;

	kl_list_id(&list, &close->tally);
	outcome = kl_list_uint(&list, KL_CLOSE_FAILED);
	result = kl_list_id_or_nil(&list, &close->result);
	if (!list.rc && (outcome == 0 || result != (outcome == KL_CLOSE_RESULT)))
		list.rc = KL_E_MALFORMED;
	close->outcome = list.rc ? KL_CLOSE_FAILED : (enum kl_close_outcome)outcome;
	return list;
}

READ(close)

/* ---- EVIDENCE ------------------------------------------------------------------------------- */

void kl_tally_evidence_write(struct kl_writer *w, const struct kl_tally_evidence *evidence)
{
	begin(w, 4, &evidence->tally);
	kl_write_uint(w, evidence->seat);
	kl_write_array(w, evidence->count);
	for (unsigned i = 0; i < evidence->count; i++)
		kl_write_bin(w, evidence->records[i]);
}

static struct kl_list evidence_fields(struct kl_bytes payload, struct kl_tally_evidence *evidence)
{
	struct kl_list list = kl_list_payload(payload, 4);
	struct kl_list records;

	kl_list_id(&list, &evidence->tally);
	evidence->seat = seat_read(&list);
	records = kl_list_array(&list, KL_TALLY_EVIDENCE_MAX);
	if (!records.rc && records.count == 0)
		records.rc = KL_E_MALFORMED;
	for (uint32_t i = 0; i < records.count; i++)
		evidence->records[i] = kl_list_bin(&records);
	evidence->count = (uint8_t)(records.rc ? 0 : records.count);
	kl_list_end(&list, &records);
	return list;
}

READ(evidence)
