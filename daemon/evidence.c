#include "daemon/evidence.h"

/* ---- whole records out of the store --------------------------------------------------------- */

struct finding {
	const struct kl_tally_source *source;
	struct kl_writer *w;
};

static int write_stored(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct finding *finding = arg;
	struct kl_record record;

	(void)feed;
	if (kl_record_from_store(stored, &record))
		return KL_E_DAMAGED;
	if (record.erased || !record.signature.len)
		return KL_E_NOT_FOUND;
	kl_record_write(finding->w, &record);
	return KL_OK;
}

/* The record inside of the EVIDENCE that the store holds. */
static int write_inner(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct finding *finding = arg;
	struct kl_tally_evidence evidence;
	struct kl_record outer, inner;

	(void)feed;
	if (kl_record_from_store(stored, &outer))
		return KL_E_DAMAGED;
	if (outer.erased || kl_tally_evidence_read(outer.payload, &evidence))
		return KL_E_NOT_FOUND;
	for (unsigned i = 0; i < evidence.count; i++) {
		if (kl_record_decode(evidence.records[i], &inner) ||
			!kl_id_equal(&inner.id, &finding->source->record))
			continue;
		kl_write_raw(finding->w, evidence.records[i]);
		return KL_OK;
	}
	return KL_E_NOT_FOUND;
}

static int find(struct kl_store *store, const struct kl_tally_source *source, struct kl_writer *w)
{
	struct finding finding = {source, w};

	if (kl_id_is_zero(&source->within))
		return kl_feed_get_by_id(store, &source->record, write_stored, &finding);
	return kl_feed_get_by_id(store, &source->within, write_inner, &finding);
}

int kl_evidence_publish(
	struct kl_network *network, const struct kl_tally_effect *effect, struct kl_fault *fault)
{
	struct kl_tally_evidence evidence = {.tally = effect->tally,
		.seat = effect->u.evidence.seat,
		.count = effect->u.evidence.count};
	struct kl_writer found[KL_TALLY_EVIDENCE_MAX], w;
	struct kl_bytes payload = {0};
	int rc = KL_OK;

	kl_writer_init(&w);
	for (unsigned i = 0; i < KL_TALLY_EVIDENCE_MAX; i++)
		kl_writer_init(&found[i]);
	for (unsigned i = 0; i < evidence.count && !rc; i++) {
		rc = find(network->node->store, &effect->u.evidence.sources[i], &found[i]);
		if (!rc)
			rc = kl_writer_bytes(&found[i], &evidence.records[i]);
	}
	if (!rc) {
		kl_tally_evidence_write(&w, &evidence);
		rc = kl_writer_bytes(&w, &payload);
	}
	if (!rc)
		rc = kl_network_append(network, KL_KIND_TALLY_EVIDENCE, payload, NULL, fault);
	for (unsigned i = 0; i < KL_TALLY_EVIDENCE_MAX; i++)
		kl_writer_deinit(&found[i]);
	kl_writer_deinit(&w);
	return rc;
}
