#include "daemon/erasures.h"
#include "daemon/network.h"
#include "daemon/search.h"
#include "protocol/payload_definition.h"
#include "protocol/payload_roster.h"
#include "protocol/payload_post.h"
#include "store/documents.h"
#include "store/feeds.h"

#include <stdlib.h>
#include <string.h>

#define KIND "post standing"

enum { STANDING_BYTES = 13, COMMIT_RECORDS = 1000 /* looked at for one commit of the start */ };

/* Place of a record among those of its author. */
struct place {
	uint32_t epoch;
	uint64_t seq;
};

struct standing {
	bool known; /* something other than the post itself decides */
	bool withdrawn;
	struct place by;
};

/* One commit in the making. What it appends is not in the store yet, so it is looked for here first. */
struct work {
	struct kl_node *node;
	struct kl_batch *batch;
	const struct kl_record *records;
	size_t n;
	const struct kl_feed_key *roster; /* whose erases count; NULL: all that are given */
	struct decided *decided;          /* what this commit decides, the latest behind */
	size_t n_decided;
};

struct decided {
	struct kl_id post;
	struct standing standing;
};

/* A record that another names. */
struct named {
	struct kl_id id, author;
	uint32_t kind;
	struct place place;
};

static bool is_after(struct place a, struct place b)
{
	return a.epoch != b.epoch ? a.epoch > b.epoch : a.seq > b.seq;
}

static bool is_same(struct place a, struct place b)
{
	return a.epoch == b.epoch && a.seq == b.seq;
}

static bool is_post(uint32_t kind)
{
	enum kl_post_kind post;

	return !kl_post_kind_of(kind, &post) || kind == KL_KIND_POLICY;
}

/* ---- the record that is named ---------------------------------------------------------------- */

static void describe(const struct kl_record *record, struct named *ret)
{
	*ret = (struct named){
		record->id, record->h.author, record->h.kind, {record->h.epoch, record->h.seq}};
}

static int describe_stored(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct kl_record record;

	(void)feed;
	if (kl_record_from_store(stored, &record))
		return KL_E_DAMAGED;
	describe(&record, arg);
	return KL_OK;
}

/* KL_E_NOT_FOUND if it is neither in the store nor in this commit. */
static int look_up(const struct work *work, const struct kl_id *id, struct named *ret)
{
	for (size_t i = 0; i < work->n; i++)
		if (kl_id_equal(&work->records[i].id, id)) {
			describe(&work->records[i], ret);
			return KL_OK;
		}
	return kl_feed_get_by_id(work->node->store, id, describe_stored, ret);
}

/* ---- standing -------------------------------------------------------------------------------- */

static int read_standing(const struct work *work, const struct kl_id *post, struct standing *ret)
{
	char name[KL_ID_HEX_MAX];
	uint8_t *bytes;
	size_t len;
	int rc;

	for (size_t i = work->n_decided; i-- > 0;)
		if (kl_id_equal(&work->decided[i].post, post)) {
			*ret = work->decided[i].standing;
			return KL_OK;
		}
	kl_hex(post->b, KL_ID_BYTES, name);
	rc = kl_document_get(work->node->store, KIND, name, 0, &bytes, &len, NULL);
	*ret = (struct standing){.known = false};
	if (rc)
		return rc == KL_E_NOT_FOUND ? KL_OK : rc;
	rc = len == STANDING_BYTES ? KL_OK : KL_E_DAMAGED;
	if (!rc)
		*ret = (struct standing){.known = true,
			.withdrawn = bytes[0],
			.by = {kl_get_u32(bytes + 1), kl_get_u64(bytes + 5)}};
	free(bytes);
	return rc;
}

static int decide(struct work *work, const struct kl_id *post, bool withdrawn, struct place by)
{
	struct decided *more =
		realloc(work->decided, (work->n_decided + 1) * sizeof *work->decided);
	uint8_t bytes[STANDING_BYTES];
	char name[KL_ID_HEX_MAX];

	if (!more)
		return KL_E_NOMEM;
	work->decided = more;
	more[work->n_decided++] = (struct decided){*post, {true, withdrawn, by}};
	bytes[0] = withdrawn;
	kl_put_u32(bytes + 1, by.epoch);
	kl_put_u64(bytes + 5, by.seq);
	kl_hex(post->b, KL_ID_BYTES, name);
	return kl_document_put(work->batch, KIND, name, kl_bytes(bytes, sizeof bytes));
}

/* ---- erasing --------------------------------------------------------------------------------- */

static int state_of(void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	(void)feed;
	*(enum kl_stored_state *)arg = stored->state;
	return KL_OK;
}

/* What is erased already is left as it is: a start that finds nothing to do writes nothing. */
static int erase(struct work *work, const struct kl_id *author, struct place place)
{
	struct kl_feed_id feed = {*author, place.epoch};
	enum kl_stored_state state = KL_STORED_HERE;
	int rc = kl_feed_get(work->node->store, &feed, place.seq, state_of, &state);

	if (rc && rc != KL_E_NOT_FOUND) /* not found: in this commit */
		return rc;
	return state == KL_STORED_ERASED
		       ? KL_OK
		       : kl_search_erase(work->node, work->batch, &feed, place.seq);
}

static int correct(struct work *work, const struct named *correction, const struct named *post)
{
	enum kl_post_kind kind;
	struct standing standing;
	int rc;

	if (kl_post_kind_of(post->kind, &kind))
		return KL_OK;
	rc = read_standing(work, &post->id, &standing);
	if (rc)
		return rc;
	if (standing.known && (standing.withdrawn || is_after(standing.by, correction->place)))
		return erase(work, &correction->author, correction->place);
	rc = erase(work, &post->author, post->place);
	if (rc || (standing.known && is_same(standing.by, correction->place)))
		return rc;
	if (standing.known)
		rc = erase(work, &post->author, standing.by);
	return rc ? rc : decide(work, &post->id, false, correction->place);
}

static int withdraw(struct work *work, const struct named *withdrawal, const struct named *target)
{
	struct standing standing;
	int rc;

	if (!is_post(target->kind) && target->kind != KL_KIND_CORRECT)
		return KL_OK;
	rc = erase(work, &target->author, target->place);
	if (rc || target->kind == KL_KIND_CORRECT)
		return rc;
	rc = read_standing(work, &target->id, &standing);
	if (rc || (standing.known && standing.withdrawn))
		return rc;
	if (standing.known)
		rc = erase(work, &target->author, standing.by);
	return rc ? rc : decide(work, &target->id, true, withdrawal->place);
}

/* What the convenor erases: any record that stands where it says, but for those that nobody erases. */
static int erase_named(
	struct work *work, const struct kl_record *record, const struct named *target)
{
	const struct kl_feed_key by = {record->h.author, record->h.epoch};

	if ((work->roster && !kl_feed_key_equal(work->roster, &by)) ||
		!kl_kind_may_be_erased(target->kind))
		return KL_OK;
	return erase(work, &target->author, target->place);
}

/* The record that one of these names; false if it is none, or cannot be read. */
static bool names(const struct kl_record *record, struct kl_id *ret_id)
{
	struct kl_erase erase;
	struct kl_bytes text;

	if (record->erased)
		return false;
	if (record->h.kind == KL_KIND_ERASE && !kl_erase_read(record->payload, &erase, NULL)) {
		*ret_id = erase.record.id;
		return true;
	}
	if (record->h.kind == KL_KIND_CORRECT)
		return !kl_payload_correction_read(record->payload, ret_id, &text, NULL);
	return record->h.kind == KL_KIND_WITHDRAW &&
	       !kl_payload_taken_back_read(record->payload, ret_id, NULL);
}

static int take(struct work *work, const struct kl_record *record)
{
	struct named own, target;
	struct kl_id id;
	int rc;

	if (!names(record, &id))
		return KL_OK;
	rc = look_up(work, &id, &target);
	if (rc)
		return rc == KL_E_NOT_FOUND ? KL_OK : rc;
	describe(record, &own);
	if (own.kind == KL_KIND_ERASE)
		return erase_named(work, record, &target);
	if (!kl_id_equal(&own.author, &target.author) || !is_after(own.place, target.place))
		return KL_OK;
	return own.kind == KL_KIND_CORRECT ? correct(work, &own, &target)
					   : withdraw(work, &own, &target);
}

int kl_erasures_add(
	struct kl_node *node, struct kl_batch *batch, const struct kl_record *records, size_t n)
{
	struct work work = {.node = node,
		.batch = batch,
		.records = records,
		.n = n,
		.roster = node->network ? &node->network->roster.feed : NULL};
	int rc = KL_OK;

	for (size_t i = 0; !rc && i < n; i++)
		rc = take(&work, &records[i]);
	free(work.decided);
	return rc;
}

/* ---- at start -------------------------------------------------------------------------------- */

int kl_erasures_note(struct kl_erasures *erasures, const struct kl_record *record)
{
	struct kl_id id;

	if (!names(record, &id))
		return KL_OK;
	if (erasures->n == erasures->capacity) {
		size_t capacity = erasures->capacity ? 2 * erasures->capacity : 64;
		struct kl_id *more = realloc(erasures->records, capacity * sizeof *more);

		if (!more)
			return KL_E_NOMEM;
		erasures->records = more;
		erasures->capacity = capacity;
	}
	erasures->records[erasures->n++] = record->id;
	return KL_OK;
}

/* A record that is in the store already, as the functions above take it. */
struct again {
	struct kl_record record;
	uint8_t header[KL_HEADER_MAX];
	uint8_t *payload;
};

static int copy_record(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct again *again = arg;

	(void)feed;
	if (kl_record_from_store(stored, &again->record))
		return KL_E_DAMAGED;
	again->payload = malloc(stored->payload.len + 1);
	if (!again->payload)
		return KL_E_NOMEM;
	memcpy(again->header, stored->header.data, stored->header.len);
	again->record.header = kl_bytes(again->header, stored->header.len);
	if (stored->payload.len)
		memcpy(again->payload, stored->payload.data, stored->payload.len);
	again->record.payload = kl_bytes(again->payload, stored->payload.len);
	again->record.signature = kl_bytes("", 0);
	return KL_OK;
}

static int take_again(struct work *work, const struct kl_id *id)
{
	struct again again = {.payload = NULL};
	int rc = kl_feed_get_by_id(work->node->store, id, copy_record, &again);

	if (!rc)
		rc = take(work, &again.record);
	free(again.payload);
	return rc;
}

/* Some of them, in one commit of its own if there is anything to do. */
static int finish_some(
	struct kl_node *node, const struct kl_id *records, size_t n, struct kl_fault *fault)
{
	struct work work = {.node = node, .batch = kl_batch_new()};
	int rc = work.batch ? KL_OK : KL_E_NOMEM;

	for (size_t i = 0; !rc && i < n; i++)
		rc = take_again(&work, &records[i]);
	free(work.decided);
	if (!rc && kl_batch_ops(work.batch)) {
		kl_log(KL_LOG_INFO, "texts that were withdrawn or corrected are erased");
		kl_batch_urge(work.batch); /* nobody shall find them because a disk was full */
		return kl_node_commit(node, work.batch, fault);
	}
	kl_batch_destroy(work.batch);
	return rc ? kl_fault(fault, rc, "what was withdrawn could not be erased") : KL_OK;
}

int kl_erasures_finish(struct kl_node *node, struct kl_erasures *erasures, struct kl_fault *fault)
{
	int rc = KL_OK;

	for (size_t done = 0, n; !rc && done < erasures->n; done += n) {
		n = erasures->n - done;
		if (n > COMMIT_RECORDS)
			n = COMMIT_RECORDS;
		rc = finish_some(node, erasures->records + done, n, fault);
	}
	kl_erasures_deinit(erasures);
	return rc;
}

void kl_erasures_deinit(struct kl_erasures *erasures)
{
	free(erasures->records);
	*erasures = (struct kl_erasures){0};
}
